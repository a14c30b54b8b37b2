//! Programs that do not compile: exit code and standard error of `ceval --python 3.5 FILE`, whole,
//! as CPython 3.5.1's command prints them.
//!
//! Known failures are in `tests/known_gaps_syntax_errors.txt`.

mod corpus;
mod gaps;
mod process;

use std::path::Path;

fn main() {
    let folder = corpus::folder("errors");
    let names = corpus::programs(&folder);
    let cells = [corpus::FEW_CELLS[0].to_owned()];
    let run = move |case: &str, cell: &str| run(&folder, case, cell);
    gaps::run_trials("known_gaps_syntax_errors.txt", &names, &cells, run).exit();
}

fn run(folder: &Path, case: &str, cell: &str) -> Result<(), String> {
    let file = format!("{case}.py");
    let wanted = corpus::text(&folder.join(format!("{case}.txt")));
    let arguments = ["--python", "3.5", "--cell", cell, &file];
    let ended = process::finish(process::ceval(folder, &arguments), b"");
    let stderr = corpus::section(&wanted, "stderr:\n", &[]);
    let code = corpus::exit_code(&wanted);
    let mut message = String::new();
    if ended.code() != Some(code) {
        message += &format!("expected exit code {code}, got {}\n", ended.ending());
    }
    if !ended.stdout.is_empty() {
        message += &format!(
            "stdout is not empty:\n{}\n",
            process::tail(&ended.output(), 3)
        );
    }
    message += &process::first_difference("stderr", stderr, &ended.errors()).unwrap_or_default();
    if message.is_empty() {
        return Ok(());
    }
    let command = env!("CARGO_BIN_EXE_ceval");
    Err(format!(
        "{message}repeat: cd tests/golden/errors; {command} --python 3.5 {file}"
    ))
}
