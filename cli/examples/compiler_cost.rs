//! What compiling costs here and in an installed CPython, on the same files:
//!
//! ```text
//! cargo run --release -p ceval --example compiler_cost -- LIBRARY [PYTHON [ROUNDS]]
//! ```
//!
//! `LIBRARY` is a folder of sources, for example `lib/python3.6` of an installation; files that either side refuses are
//! left out. Each round compiles all files once in a fresh process of each side, alternating; the table gives the
//! medians of the processes' processor time, start-up included, and the ratio of each round. Then the largest file
//! alone: the peak of resident memory, in all and above that of a process that compiles nothing.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use ceval_compiler::{Mode, Options, compile};
use wait4::Wait4;

/// As in the command.
#[cfg(not(feature = "system-allocator"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// CPython's part: compiles the files in a list, or with `check` prints those that compile.
const PYTHON: &str = "
import sys, warnings
warnings.simplefilter('ignore')
with open(sys.argv[1]) as f:
    names = f.read().splitlines()
for name in names:
    with open(name, 'rb') as f:
        source = f.read()
    try:
        compile(source, name, 'exec', dont_inherit=True)
    except Exception:
        continue
    if sys.argv[2:]:
        print(name)
";

type Failure = Box<dyn std::error::Error>;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.as_slice() {
        [flag, list] if flag == "--compile" => compile_all(Path::new(list)).map(drop),
        [flag, list] if flag == "--check" => {
            compile_all(Path::new(list)).map(|names| println!("{}", names.join("\n")))
        }
        [library] => measure(library, "python3.6", "5"),
        [library, python] => measure(library, python, "5"),
        [library, python, rounds] => measure(library, python, rounds),
        _ => Err("usage: compiler_cost LIBRARY [PYTHON [ROUNDS]]".into()),
    };
    if let Err(e) = result {
        eprintln!("compiler_cost: {e}");
        std::process::exit(1);
    }
}

/// Our part: compiles the files in a list; gives those that compile.
fn compile_all(list: &Path) -> Result<Vec<String>, Failure> {
    let mut compiled = Vec::new();
    for name in std::fs::read_to_string(list)?.lines() {
        let source = std::fs::read(name)?;
        if compile(&source, name, Mode::Exec, &Options::default()).is_ok() {
            compiled.push(name.to_owned());
        }
    }
    Ok(compiled)
}

/// The `.py` files below a folder.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), Failure> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            sources(&path, found)?;
        } else if path.extension().is_some_and(|e| e == "py") {
            found.push(path);
        }
    }
    Ok(())
}

/// A process's processor time in seconds and its peak of resident memory in bytes.
fn cost(mut command: Command) -> Result<(f64, u64), Failure> {
    let mut child = command.stdout(Stdio::null()).spawn()?;
    let used = child.wait4()?;
    if !used.status.success() {
        return Err(format!("{command:?}: {}", used.status).into());
    }
    let time = used.rusage.utime + used.rusage.stime;
    Ok((time.as_secs_f64(), used.rusage.maxrss))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn measure(library: &str, python: &str, rounds: &str) -> Result<(), Failure> {
    let rounds: usize = rounds.parse()?;
    let mut paths = Vec::new();
    sources(Path::new(library), &mut paths)?;
    paths.sort();
    let names: Vec<String> = paths
        .iter()
        .map(|p| p.to_string_lossy().into_owned())
        .collect();
    let list = std::env::temp_dir().join(format!("compiler-cost-{}", std::process::id()));
    std::fs::write(&list, names.join("\n"))?;
    let own = std::env::current_exe()?;
    // In a process of its own: a child's peak of memory is at least what its parent held when it was made.
    let ours = Command::new(&own).arg("--check").arg(&list).output()?;
    std::fs::write(&list, &ours.stdout)?;
    let with_python = |list: &Path| {
        let mut command = Command::new(python);
        command.args(["-B", "-I", "-c", PYTHON]).arg(list);
        command
    };
    let with_us = |list: &Path| {
        let mut command = Command::new(&own);
        command.arg("--compile").arg(list);
        command
    };
    let both = with_python(&list).arg("check").output()?;
    let both = String::from_utf8(both.stdout)?;
    std::fs::write(&list, &both)?;
    let size = |name: &str| std::fs::metadata(name).map_or(0, |m| m.len());
    let bytes: u64 = both.lines().map(size).sum();
    println!(
        "{} files, {:.1} MB",
        both.lines().count(),
        bytes as f64 / 1e6
    );
    let (mut times, mut python_times, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds.max(1) {
        let (ours, _) = cost(with_us(&list))?;
        let (theirs, _) = cost(with_python(&list))?;
        times.push(ours);
        python_times.push(theirs);
        ratios.push(ours / theirs);
    }
    let shown: Vec<String> = ratios.iter().map(|r| format!("{r:.3}")).collect();
    println!(
        "processor time: ceval {:.2} s, {python} {:.2} s, ratio {:.3} (rounds: {})",
        median(times),
        median(python_times),
        median(ratios),
        shown.join(" ")
    );
    let largest = both
        .lines()
        .max_by_key(|name| size(name))
        .unwrap_or_default();
    std::fs::write(&list, "")?;
    let (_, our_base) = cost(with_us(&list))?;
    let (_, python_base) = cost(with_python(&list))?;
    std::fs::write(&list, largest)?;
    let (_, our_peak) = cost(with_us(&list))?;
    let (_, python_peak) = cost(with_python(&list))?;
    let mb = |bytes: u64| bytes as f64 / f64::from(1 << 20);
    println!("largest file: {largest}, {:.1} MB", mb(size(largest)));
    println!(
        "peak memory: ceval {:.1} MB (+{:.1}), {python} {:.1} MB (+{:.1})",
        mb(our_peak),
        mb(our_peak - our_base),
        mb(python_peak),
        mb(python_peak - python_base)
    );
    std::fs::remove_file(&list)?;
    Ok(())
}
