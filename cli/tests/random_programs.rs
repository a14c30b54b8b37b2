//! Random programs give the same output on every cell as on the oracle, which takes no fast path,
//! fuses nothing and caches nothing.
//!
//! The seeds are fixed: a failure is repeatable, and is repeated by writing the program that the message
//! names. `CEVAL_RANDOM_PROGRAMS=FIRST..LAST` tries others.

mod corpus;
mod generate;
mod process;

use libtest_mimic::{Arguments, Trial};
use process::{ceval, finish};
use std::path::Path;

/// The cell that all others are compared with.
const REFERENCE: &str = "oracle/refcount-tagged";

fn main() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let listed = finish(ceval(folder, &["cells"]), b"");
    let cells: Vec<String> = listed.output().lines().map(str::to_owned).collect();
    assert!(cells.len() >= 10, "`ceval cells`: {}", listed.errors());
    let seeds = seeds();
    let trials = seeds.map(|seed| {
        let cells = cells.clone();
        Trial::test(format!("program {seed}"), move || {
            run(folder, seed, &cells).map_err(Into::into)
        })
    });
    let trials = trials.collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

fn seeds() -> std::ops::Range<u64> {
    let Ok(text) = std::env::var("CEVAL_RANDOM_PROGRAMS") else {
        return 0..40;
    };
    let bounds = text
        .split_once("..")
        .and_then(|(a, b)| Some(a.parse().ok()?..b.parse().ok()?));
    bounds.expect("CEVAL_RANDOM_PROGRAMS is FIRST..LAST")
}

fn run(folder: &Path, seed: u64, cells: &[String]) -> Result<(), String> {
    let name = format!("random-{seed}.py");
    let file = folder.join(&name);
    std::fs::write(&file, generate::program(seed)).map_err(|e| e.to_string())?;
    let run = |cell: &str| finish(ceval(folder, &["--cell", cell, &name]), b"");
    let reference = run(REFERENCE);
    if reference.code() != Some(0) || reference.stdout.is_empty() {
        let errors = process::tail(&reference.errors(), 8);
        return Err(format!(
            "{} on {REFERENCE}: {} {errors}",
            file.display(),
            reference.ending()
        ));
    }
    for cell in cells {
        let ended = run(cell);
        let mut message = process::first_difference("stdout", &reference.output(), &ended.output())
            .unwrap_or_default();
        message += &process::first_difference("stderr", &reference.errors(), &ended.errors())
            .unwrap_or_default();
        if ended.code() != Some(0) {
            message += &ended.ending();
        }
        if !message.is_empty() {
            return Err(format!(
                "{} on {cell}, compared with {REFERENCE}:\n{message}",
                file.display()
            ));
        }
    }
    // Kept where it shows a difference.
    std::fs::remove_file(&file).map_err(|e| e.to_string())
}
