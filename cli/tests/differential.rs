//! Programs whose output CPython has given: one that both dialects run (`tests/differential`, 3.5.1 and 3.6 agree), or
//! of the newer dialect (`tests/differential/newer`, CPython 3.8).

mod corpus;
mod gaps;
mod process;

use std::path::{Path, PathBuf};

fn main() {
    let folder = corpus::repository().join("tests/differential");
    let mut names = corpus::programs(&folder);
    let newer = corpus::programs(&folder.join("newer"));
    names.extend(newer.iter().map(|name| format!("newer/{name}")));
    let cells = corpus::FEW_CELLS.map(str::to_owned);
    let run = move |case: &str, cell: &str| run(&folder, case, cell);
    gaps::run_trials("known_gaps_differential.txt", &names, &cells, run).exit();
}

fn run(folder: &Path, case: &str, cell: &str) -> Result<(), String> {
    let path = |ending: &str| -> PathBuf { folder.join(format!("{case}.{ending}")) };
    let wanted = corpus::text(&path("out"));
    let file = format!("{case}.py");
    let ended = process::finish(process::ceval(folder, &["--cell", cell, &file]), b"");
    let difference = process::first_difference("stdout", &wanted, &ended.output());
    if difference.is_none() && ended.code() == Some(0) {
        return Ok(());
    }
    Err(format!(
        "{}{}\n{}",
        difference.unwrap_or_default(),
        ended.ending(),
        process::tail(&ended.errors(), 12)
    ))
}
