//! The `ceval` command.
//!
//! `ceval FILE [ARGS]` and `ceval -c CMD` run Python programs as `python` does, on the cell that the
//! options choose; the subcommands look into code objects and compare cells. Every failure is one
//! clear line on standard error; exit code 2 is wrong usage, otherwise CPython's codes.
#![forbid(unsafe_code)]

mod arguments;
mod calibrate;
mod code;
mod codegen;
mod compare;
mod count;
mod flamegraph;
mod predict;
mod profile;
mod program;
mod report;
mod superinstructions;

use clap::Parser;
use std::process::ExitCode;

// Here, so that programs with cells of their own have it too.
#[cfg(not(feature = "system-allocator"))]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The whole command: reads the process's arguments, does what they say, gives the exit code. A program
/// with a strategy or an object model of its own registers it ([`ceval_cells::register`]) and calls this.
pub fn main() -> ExitCode {
    let arguments = match arguments::Arguments::try_parse() {
        Ok(a) => a,
        Err(e) => {
            // Help and version go to standard output with code 0; mistakes to standard error with 2.
            let code = if e.use_stderr() { 2 } else { 0 };
            let _ = e.print();
            return ExitCode::from(code);
        }
    };
    match run(arguments) {
        Ok(code) => ExitCode::from((code & 0xff) as u8),
        Err(failure) => {
            eprintln!("ceval: {}", failure.message);
            ExitCode::from(failure.code)
        }
    }
}

/// A failure of the command itself: one line, and an exit code.
pub struct Failure {
    /// What went wrong.
    pub message: String,
    /// 2: wrong usage; 1: the work failed.
    pub code: u8,
}

impl Failure {
    /// Wrong usage.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure {
            message: message.into(),
            code: 2,
        }
    }

    /// The work failed.
    pub fn failed(message: impl Into<String>) -> Failure {
        Failure {
            message: message.into(),
            code: 1,
        }
    }
}

fn run(arguments: arguments::Arguments) -> Result<i32, Failure> {
    use arguments::Subcommand;
    match arguments.subcommand {
        Some(Subcommand::Cells { json }) => program::list_cells(json),
        Some(Subcommand::Dis { file, name, python }) => code::dis(&file, name.as_deref(), python),
        Some(Subcommand::Code { file, name, python }) => code::json(&file, name.as_deref(), python),
        Some(Subcommand::Digest { files, python }) => code::digest(&files, python),
        Some(Subcommand::Compile {
            file,
            out,
            stage,
            name,
            python,
        }) => code::compile_to(
            &file,
            out.as_deref(),
            stage.as_deref(),
            name.as_deref(),
            python,
        ),
        Some(Subcommand::Profile(options)) => profile::profile(&options),
        Some(Subcommand::Superinstructions(options)) => superinstructions::mine(&options),
        Some(Subcommand::Compare(options)) => compare::compare(options),
        Some(Subcommand::Flamegraph(options)) => flamegraph::flamegraph(&options),
        Some(Subcommand::Report(options)) => report::write(&options),
        Some(Subcommand::Count(options)) => count::count(&options),
        Some(Subcommand::Predict(options)) => predict::predict(&options),
        Some(Subcommand::Codegen(options)) => codegen::codegen(&options),
        Some(Subcommand::Calibrate(options)) => calibrate::calibrate(&options),
        None => program::run(arguments.run),
    }
}
