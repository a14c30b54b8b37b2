//! Programs that end with an uncaught exception: exit code, output and traceback as CPython
//! 3.5.1's, on a few cells.
//!
//! As in the corpus, the traceback is compared without its source lines (those that begin with
//! four blanks), and addresses are `0x0`. Known failures are in
//! `tests/known_gaps_runtime_errors.txt`.

mod corpus;
mod gaps;
mod process;

use std::path::Path;

fn main() {
    let folder = corpus::folder("runtime_errors");
    let names = corpus::programs(&folder);
    let run = move |case: &str, cell: &str| run(&folder, case, cell);
    gaps::run_trials(
        "known_gaps_runtime_errors.txt",
        &names,
        &corpus::FEW_CELLS.map(String::from),
        run,
    )
    .exit();
}

fn run(folder: &Path, case: &str, cell: &str) -> Result<(), String> {
    let file = format!("{case}.py");
    let wanted = corpus::text(&folder.join(format!("{case}.txt")));
    let ended = process::finish(process::ceval(folder, &["--cell", cell, &file]), b"");
    let stdout = corpus::section(&wanted, "stdout:\n", &["stderr:\n"]);
    let stderr = corpus::section(&wanted, "stderr:\n", &[]);
    let code = corpus::exit_code(&wanted);
    let mut message = String::new();
    if ended.code() != Some(code) {
        message += &format!("expected exit code {code}, got {}\n", ended.ending());
    }
    let got = corpus::without_addresses(&ended.output());
    message += &process::first_difference("stdout", stdout, &got).unwrap_or_default();
    let got = corpus::without_addresses(&without_source_lines(&ended.errors()));
    message += &process::first_difference("stderr", stderr, &got).unwrap_or_default();
    if message.is_empty() {
        return Ok(());
    }
    let command = env!("CARGO_BIN_EXE_ceval");
    Err(format!(
        "{message}repeat: cd tests/golden/runtime_errors; {command} --cell {cell} {file}"
    ))
}

fn without_source_lines(text: &str) -> String {
    text.split_inclusive('\n')
        .filter(|line| !line.starts_with("    "))
        .collect()
}
