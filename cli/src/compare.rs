//! `ceval compare`: cells (and peers) against a reference, on the workloads.

use crate::Failure;
use crate::arguments::Compare;
use ceval_benches::compare::{self, Clock, Plan, Report, Schedule, Subject};
use ceval_benches::workloads::{self, Size};
use ceval_benches::{BenchError, export, gate, interrupt};
use ceval_cells::{self as cells, Cell};

/// The cells of a comparison that names none: every strategy, each pass alone, each model.
const CHOSEN: [&str; 12] = [
    cells::BASELINE,
    "switch/refcount-tagged",
    "switch+super+caches/refcount-tagged",
    "call+super+caches/refcount-tagged",
    "closure-loop+super+caches/refcount-tagged",
    "closure+super+caches/refcount-tagged",
    "tail/refcount-tagged",
    "tail+super/refcount-tagged",
    "tail+caches/refcount-tagged",
    "tail+super+caches/refcount-tagged",
    "tail+super+caches/refcount-boxed",
    "tail+super+caches/arena-tagged",
];

impl From<BenchError> for Failure {
    fn from(e: BenchError) -> Failure {
        match e {
            BenchError::Plan(_) | BenchError::UnknownWorkload { .. } => {
                Failure::usage(e.to_string())
            }
            e => Failure::failed(e.to_string()),
        }
    }
}

/// Runs or resumes a comparison, prints its table, and exports it.
pub fn compare(options: Compare) -> Result<i32, Failure> {
    let report = match &options.resume {
        Some(folder) => compare::resume(folder, true)?,
        None => compare::run(&plan(&options)?)?,
    };
    report
        .print_table(&mut std::io::stdout().lock(), columns())
        .map_err(|e| Failure::failed(format!("standard output: {e}")))?;
    for form in &options.export {
        let form = export::Format::parse(form).ok_or_else(|| {
            Failure::usage(format!(
                "unknown form '{form}' (there are csv, markdown, pyperf, criterion)"
            ))
        })?;
        export::export(&report, form, &report.folder)?;
    }
    if !report.is_complete() {
        return Ok(interrupt::EXIT_CODE);
    }
    judge(&options, &report)
}

fn plan(options: &Compare) -> Result<Plan, Failure> {
    let program = std::env::current_exe()
        .map_err(|e| Failure::failed(format!("cannot find this program's own file: {e}")))?;
    let program = program.to_string_lossy();
    let mut names: Vec<String> = match options.cells.as_slice() {
        [] => CHOSEN.iter().map(ToString::to_string).collect(),
        [all] if all == "all" => cells::all().iter().map(ToString::to_string).collect(),
        names => names.to_vec(),
    };
    let peers = match &options.peers {
        Some(text) => Subject::peers(text)?,
        None => Vec::new(),
    };
    let reference_is_peer = peers.iter().any(|p| p.name == options.reference);
    if !names.contains(&options.reference) && !reference_is_peer {
        names.insert(0, options.reference.clone());
    }
    let mut subjects = Vec::new();
    for name in &names {
        Cell::parse(name).map_err(Failure::usage)?;
        subjects.push(Subject::cell(name, &program));
    }
    subjects.extend(peers);
    let everything = options.workloads.iter().any(|w| w == "all");
    let named: &[String] = if everything { &[] } else { &options.workloads };
    let schedule = match (options.invocations, options.iterations) {
        (Some(invocations), Some(iterations)) => Schedule::Fixed {
            invocations,
            iterations,
        },
        _ if options.quick => Plan::quick(),
        _ => Schedule::Budget {
            seconds: 1800.0,
            least: 5,
            most: 30,
            iterations: 5,
        },
    };
    Ok(Plan {
        question: if options.quick {
            "quick".into()
        } else {
            "compare".into()
        },
        subjects,
        reference: options.reference.clone(),
        workloads: workloads::select(named, !everything)?,
        size: if options.quick {
            Size::Quick
        } else {
            Size::Default
        },
        schedule,
        seed: options.seed,
        clock: if options.wall {
            Clock::Wall
        } else {
            Clock::Cpu
        },
        results: "results".into(),
        folder: options.out.clone(),
        command_line: std::env::args().collect(),
        progress: true,
    })
}

fn judge(options: &Compare, report: &Report) -> Result<i32, Failure> {
    let Some(against) = &options.against else {
        return Ok(0);
    };
    let share = gate::parse_share(options.fail_above.as_deref().unwrap_or("3%"))?;
    let gate = gate::against(report, against, share, options.mix)?;
    crate::program::print(&gate.text())?;
    Ok(if gate.passes() || options.fail_above.is_none() {
        0
    } else {
        1
    })
}

/// Columns of the terminal, or a width that suits files.
fn columns() -> usize {
    std::env::var("COLUMNS")
        .ok()
        .and_then(|c| c.parse().ok())
        .unwrap_or(120)
}
