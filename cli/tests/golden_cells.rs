//! Every golden program on every cell: standard output as CPython 3.5.1's, nothing on standard
//! error, exit code 0.
//!
//! One trial a program and cell, each in a process of its own. Cells are those that `ceval cells`
//! lists and, for each object model, the `oracle`, which runs full handlers alone: where it
//! differs from the others, a fast path is wrong. Failures that are known are listed in
//! `tests/known_gaps.txt`.

mod corpus;
mod gaps;
mod golden;
mod process;

use std::collections::BTreeSet;
use std::path::Path;

fn main() {
    let cases = corpus::folder("cases");
    let names = corpus::programs(&cases);
    let cells = cells(&cases);
    let run = |case: &str, cell: &str| golden::run(env!("CARGO_BIN_EXE_ceval"), case, cell);
    gaps::run_trials("known_gaps.txt", &names, &cells, run).exit();
}

/// The listed cells, then the oracle's.
fn cells(folder: &Path) -> Vec<String> {
    let listed = process::finish(process::ceval(folder, &["cells"]), b"");
    assert_eq!(listed.code(), Some(0), "`ceval cells`: {}", listed.errors());
    let mut cells: Vec<String> = listed.output().lines().map(str::to_owned).collect();
    assert!(cells.len() >= 10, "only {} cells", cells.len());
    let models: BTreeSet<String> = cells
        .iter()
        .filter_map(|c| Some(c.split_once('/')?.1.to_owned()))
        .collect();
    for model in models {
        cells.push(format!("oracle/{model}"));
        cells.push(format!("oracle+super+caches/{model}"));
    }
    cells
}
