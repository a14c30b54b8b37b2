//! `ceval count`: what a program costs in numbers that do not vary: instructions, dispatches, references, allocations, caches.
//!
//! Start-up is taken out by a difference. A workload runs with one iteration and with two, and the second is what is
//! reported; any other program runs once, and once it is only compiled. Three processes
//! each: under valgrind ([`crate::instructions`]), over the counting form of the cell (`--counts`), and an ordinary one
//! for its memory. The counting form also runs without superinstructions, where a dispatch is a bytecode instruction.

mod text;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};
use wait4::Wait4;

use crate::BenchError;
use crate::cell_name::CellName;
use crate::driver;
use crate::instructions::Counter;
use crate::interrupt;
use crate::workloads::{Size, Workload};
pub use text::table;

/// What is counted.
#[derive(Clone, Debug)]
pub enum Subject {
    /// A workload of a size.
    Workload(&'static Workload, Size),
    /// A program file, and its arguments.
    File(PathBuf, Vec<String>),
}

impl Subject {
    /// The name in tables.
    pub fn name(&self) -> String {
        match self {
            Subject::Workload(workload, _) => workload.name.to_owned(),
            Subject::File(path, _) => path.display().to_string(),
        }
    }
}

/// What `--counts` writes: names of counters and their values.
pub type Counters = BTreeMap<String, u64>;

/// One subject on one cell. Numbers are of the second iteration of a workload, or of a program without its
/// compilation and the machine's start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Count {
    /// What ran.
    pub program: String,
    /// On which cell.
    pub cell: String,
    /// Processor instructions; none if valgrind was not used.
    pub instructions: Option<u64>,
    /// Processor instructions of everything else: start, compilation, first iteration's warm-up, end.
    pub startup_instructions: Option<u64>,
    /// Bytecode instructions, as CPython would execute them.
    pub bytecodes: u64,
    /// The counters of the counting form, by name.
    pub counters: Counters,
    /// Largest resident set of an ordinary process, in bytes.
    pub peak_bytes: u64,
}

impl Count {
    /// Processor instructions a bytecode instruction.
    pub fn per_bytecode(&self) -> Option<f64> {
        Some(self.instructions? as f64 / self.bytecodes.max(1) as f64)
    }

    /// A counter; 0 if there is none of that name.
    pub fn counter(&self, name: &str) -> u64 {
        self.counters.get(name).copied().unwrap_or(0)
    }
}

/// The runs of one program that differ only in what is to be subtracted.
struct Runs {
    folder: PathBuf,
    small: Vec<String>,
    large: Vec<String>,
    /// Checks what `large` prints.
    expected: Option<(String, u64)>,
}

/// Counts one subject on one cell of `program`, a `ceval` binary. Scratch files go into `scratch`. Without a `counter` nothing runs
/// under valgrind.
///
/// # Errors
/// `Tool`, `Program`, `WrongResult`, `Read`, `Write`, `Interrupted`.
pub fn count(
    program: &Path,
    cell: &str,
    subject: &Subject,
    counter: Option<&Counter>,
    scratch: &Path,
) -> Result<Count, BenchError> {
    let runs = runs(subject, scratch)?;
    let command = |options: &[&str], cell: &str, rest: &[String]| {
        let mut words = vec![program.to_string_lossy().into_owned()];
        words.extend(options.iter().map(ToString::to_string));
        words.extend(["--cell".into(), cell.to_owned()]);
        words.extend(rest.iter().cloned());
        words
    };
    let counted = |cell: &str, rest: &[String]| -> Result<Counters, BenchError> {
        let file = scratch.join("counts.json");
        std::fs::remove_file(&file).ok();
        let words = command(&["--counts", &file.to_string_lossy()], cell, rest);
        plain(&words, &runs.folder)?;
        read_counters(&file)
    };
    let difference = |cell: &str| -> Result<Counters, BenchError> {
        let (small, large) = (counted(cell, &runs.small)?, counted(cell, &runs.large)?);
        let less = |name: &String| small.get(name).copied().unwrap_or(0);
        Ok(large
            .iter()
            .map(|(name, value)| (name.clone(), value.saturating_sub(less(name))))
            .collect())
    };
    let counters = difference(cell)?;
    let dispatches = |counters: &Counters| counters.get("dispatches").copied().unwrap_or(0);
    let unfused = without_superinstructions(cell);
    let bytecodes = if unfused == cell {
        dispatches(&counters)
    } else {
        dispatches(&difference(&unfused)?)
    };
    let (output, peak_bytes) = plain(&command(&[], cell, &runs.large), &runs.folder)?;
    check(cell, subject, &runs, &output)?;
    let (mut instructions, mut startup_instructions) = (None, None);
    if let Some(counter) = counter {
        let run = |rest: &[String]| counter.count(&command(&[], cell, rest), &runs.folder, &[]);
        let (small, large) = (run(&runs.small)?, run(&runs.large)?);
        check(cell, subject, &runs, &large.output)?;
        let inside = large.instructions.saturating_sub(small.instructions);
        instructions = Some(inside);
        startup_instructions = Some(match subject {
            Subject::Workload(..) => small.instructions.saturating_sub(inside),
            Subject::File(..) => small.instructions,
        });
    }
    Ok(Count {
        program: subject.name(),
        cell: cell.to_owned(),
        instructions,
        startup_instructions,
        bytecodes,
        counters,
        peak_bytes,
    })
}

/// The same cell with superinstructions off.
fn without_superinstructions(cell: &str) -> String {
    match CellName::parse(cell) {
        Some(_) => cell.replacen("+super", "", 1),
        None => cell.to_owned(),
    }
}

fn runs(subject: &Subject, scratch: &Path) -> Result<Runs, BenchError> {
    match subject {
        Subject::Workload(workload, size) => {
            // A short relative name: the length of a path is part of what is counted.
            workload.write_to(scratch)?;
            let words = |iterations: u64| {
                vec![
                    format!("{}.py", workload.name),
                    size.word().to_owned(),
                    iterations.to_string(),
                ]
            };
            Ok(Runs {
                folder: scratch.to_path_buf(),
                small: words(1),
                large: words(2),
                expected: Some((workload.expected(*size).to_owned(), 2)),
            })
        }
        Subject::File(path, arguments) => {
            let read = |source| BenchError::Read {
                path: path.clone(),
                source,
            };
            std::fs::File::open(path).map_err(read)?;
            let folder = std::env::current_dir().map_err(read)?;
            let name = path.to_string_lossy().into_owned();
            let compile =
                "import sys; compile(open(sys.argv[1], 'rb').read(), sys.argv[1], 'exec')";
            let mut large = vec![name.clone()];
            large.extend(arguments.iter().cloned());
            Ok(Runs {
                folder,
                small: vec!["-c".into(), compile.into(), name],
                large,
                expected: None,
            })
        }
    }
}

/// Runs a command to its end; gives its output and its largest resident set in bytes.
fn plain(words: &[String], folder: &Path) -> Result<(String, u64), BenchError> {
    if interrupt::requested() {
        return Err(BenchError::Interrupted);
    }
    let failed = |reason: String| BenchError::Program {
        command: words.join(" "),
        reason,
    };
    let mut child = Command::new(&words[0])
        .args(&words[1..])
        .current_dir(folder)
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| failed(e.to_string()))?;
    let output = crate::process::collect(child.stdout.take());
    let errors = crate::process::collect(child.stderr.take());
    let output = output.recv().unwrap_or_default();
    let errors = errors.recv().unwrap_or_default();
    let used = child.wait4().map_err(|e| failed(e.to_string()))?;
    if !used.status.success() {
        return Err(failed(crate::process::describe(used.status, &errors)));
    }
    Ok((output, used.rusage.maxrss))
}

fn check(cell: &str, subject: &Subject, runs: &Runs, output: &str) -> Result<(), BenchError> {
    let Some((expected, times)) = &runs.expected else {
        return Ok(());
    };
    let results: Vec<&str> = output
        .lines()
        .filter_map(|line| Some(driver::parse(line)?.result))
        .collect();
    let right = results.iter().filter(|result| **result == expected).count();
    if right as u64 == *times && results.len() == right {
        return Ok(());
    }
    Err(BenchError::WrongResult {
        subject: cell.to_owned(),
        workload: subject.name(),
        expected: expected.clone(),
        got: results
            .iter()
            .find(|result| **result != expected)
            .map_or_else(|| output.trim().to_owned(), ToString::to_string),
    })
}

fn read_counters(file: &Path) -> Result<Counters, BenchError> {
    let bytes = std::fs::read(file).map_err(|source| BenchError::Read {
        path: file.into(),
        source,
    })?;
    serde_json::from_slice(&bytes).map_err(|e| BenchError::Corrupt {
        path: file.into(),
        line: 0,
        reason: e.to_string(),
    })
}

#[cfg(test)]
mod tests;
