//! One golden program on one cell of a program that has the `ceval` command.

use crate::{corpus, process};

/// Runs `program` on a case, with the cell's name and, behind it, further options. Standard output has to be CPython
/// 3.5.1's, with nothing on standard error and exit code 0.
pub fn run(program: &str, case: &str, cell: &str) -> Result<(), String> {
    let (cases, expected) = (corpus::folder("cases"), corpus::folder("expect"));
    let file = format!("{case}.py");
    let wanted = corpus::text(&expected.join(format!("{case}.out")));
    let mut arguments = vec!["--cell"];
    arguments.extend(cell.split_whitespace());
    arguments.push(&file);
    let ended = process::finish(process::command(program, &cases, &arguments), b"");
    let mut message =
        process::first_difference("stdout", &wanted, &ended.output()).unwrap_or_default();
    if ended.code() != Some(0) {
        message += &format!("{}\n", ended.ending());
    }
    if !ended.stderr.is_empty() {
        message += &format!("stderr:\n{}\n", process::tail(&ended.errors(), 12));
    }
    if message.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{message}repeat: cd tests/golden/cases; {program} --cell {cell} {file} | diff ../expect/{case}.out -"
    ))
}
