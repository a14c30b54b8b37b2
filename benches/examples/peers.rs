//! Compares interpreters on the workloads, without any cell: `peers NAME=COMMAND,NAME=COMMAND… [WORKLOAD…]`. The first one
//! is the reference. Shows the library's use in one page.

use std::process::ExitCode;

use ceval_benches::compare::{self, Clock, Plan, Subject};
use ceval_benches::workloads::{self, Size};
use ceval_benches::{BenchError, interrupt};

fn compare_peers(arguments: &[String]) -> Result<bool, BenchError> {
    let (peers, names) = arguments.split_first().ok_or_else(|| {
        BenchError::Plan("usage: peers NAME=COMMAND,NAME=COMMAND… [WORKLOAD…]".into())
    })?;
    let subjects = Subject::peers(peers)?;
    let plan = Plan {
        question: "peers".into(),
        reference: subjects[0].name.clone(),
        subjects,
        workloads: workloads::select(names, true)?,
        size: Size::Quick,
        schedule: Plan::quick(),
        seed: 1,
        clock: Clock::Cpu,
        results: "results".into(),
        folder: None,
        command_line: std::env::args().collect(),
        layouts: Vec::new(),
        progress: true,
    };
    let report = compare::run(&plan)?;
    report
        .print_table(&mut std::io::stdout(), 120)
        .map_err(|source| BenchError::Write {
            path: "standard output".into(),
            source,
        })?;
    Ok(report.is_complete())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match compare_peers(&arguments) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(interrupt::EXIT_CODE as u8),
        Err(error) => {
            eprintln!("peers: {error}");
            ExitCode::FAILURE
        }
    }
}
