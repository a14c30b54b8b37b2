//! `ceval compare`: cells (and peers) against a reference, on the workloads.

use crate::Failure;
use crate::arguments::Compare;
use crate::count::this_program;
use ceval_benches::compare::{self, Clock, Plan, Report, Schedule, Subject};
use ceval_benches::layouts::{self, Layout};
use ceval_benches::workloads::{self, Size};
use ceval_benches::{BenchError, baseline, export, gate, interrupt, record};
use ceval_cells::{self as cells, Cell};
use std::path::{Path, PathBuf};

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

/// Where runs and baselines are kept.
const RESULTS: &str = "results";

/// Runs or resumes a comparison, prints its table, exports it, and compares it with an earlier one.
pub fn compare(options: Compare) -> Result<i32, Failure> {
    // What can be wrong is found before the first measurement.
    let forms = forms(&options)?;
    let earlier = earlier(&options)?;
    if let Some(name) = &options.save_baseline {
        baseline::find(RESULTS.as_ref(), name)?;
    }
    let report = match &options.resume {
        Some(folder) => compare::resume(folder, true)?,
        None => compare::run(&plan(&options)?)?,
    };
    report
        .print_table(&mut std::io::stdout().lock(), columns())
        .map_err(|e| Failure::failed(format!("standard output: {e}")))?;
    for form in forms {
        export::export(&report, form, &report.folder)?;
    }
    if !report.is_complete() {
        return Ok(interrupt::EXIT_CODE);
    }
    let code = match earlier {
        Some((folder, share)) => judge(&options, &report, &folder, share)?,
        None => 0,
    };
    if let Some(name) = &options.save_baseline {
        baseline::save(RESULTS.as_ref(), name, &report.folder)?;
        crate::program::print(&format!("Saved as the baseline {name}\n"))?;
    }
    Ok(code)
}

fn forms(options: &Compare) -> Result<Vec<export::Format>, Failure> {
    let known = export::Format::ALL.map(|(name, _)| name).join(", ");
    options
        .export
        .iter()
        .map(|form| {
            export::Format::parse(form)
                .ok_or_else(|| Failure::usage(format!("unknown form '{form}' (there are {known})")))
        })
        .collect()
}

/// The run to compare with, and the accepted slowdown.
fn earlier(options: &Compare) -> Result<Option<(PathBuf, f64)>, Failure> {
    let folder = match (&options.against, &options.baseline) {
        (Some(folder), _) => folder.clone(),
        (None, Some(name)) => baseline::find(RESULTS.as_ref(), name)?.ok_or_else(|| {
            Failure::usage(format!(
                "no baseline is called '{name}'; --save-baseline {name} makes one"
            ))
        })?,
        (None, None) => return Ok(None),
    };
    record::load(&folder)?;
    let share = gate::parse_share(options.fail_above.as_deref().unwrap_or("3%"))?;
    Ok(Some((folder, share)))
}

/// The path of this program as a record names it, which others will read: from the working folder, if it lies below.
pub fn recorded_program() -> Result<String, Failure> {
    let program = this_program()?;
    let here = std::env::current_dir().unwrap_or_default();
    let from_here = program.strip_prefix(&here).ok();
    // A single word would be searched for in PATH.
    let shown = from_here.filter(|path| path.components().count() > 1);
    Ok(shown.unwrap_or(&program).to_string_lossy().into_owned())
}

fn plan(options: &Compare) -> Result<Plan, Failure> {
    let program = recorded_program()?;
    let mut names = names(&options.cells, &CHOSEN)?;
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
        results: RESULTS.into(),
        folder: options.out.clone(),
        command_line: std::env::args().collect(),
        layouts: layouts(options)?,
        progress: true,
    })
}

/// The program linked in several ways, if that is wanted.
fn layouts(options: &Compare) -> Result<Vec<Layout>, Failure> {
    let Some(count) = options.layouts else {
        return Ok(Vec::new());
    };
    if !(2..=100).contains(&count) {
        return Err(Failure::usage("--layouts takes a number from 2 to 100"));
    }
    let program = this_program()?;
    let tree = layouts::source_tree(&program)?;
    let mut features = Vec::new();
    if cfg!(feature = "system-allocator") {
        features.push("system-allocator");
    }
    if cfg!(feature = "all-cells") {
        features.push("all-cells");
    }
    Ok(layouts::build(&tree, count, &features, &|text| {
        eprintln!("{text}");
    })?)
}

/// The cells that the patterns name, in their order; the chosen ones if there are no patterns.
pub fn names(patterns: &[String], chosen: &[&str]) -> Result<Vec<String>, Failure> {
    if patterns.is_empty() {
        return Ok(chosen.iter().map(ToString::to_string).collect());
    }
    let mut names: Vec<String> = Vec::new();
    for pattern in patterns {
        let found: Vec<String> = match pattern.as_str() {
            "all" => cells::all().iter().map(ToString::to_string).collect(),
            pattern if pattern.contains('*') => cells::all()
                .iter()
                .map(ToString::to_string)
                .filter(|name| fits(pattern, name))
                .collect(),
            name => vec![name.to_string()],
        };
        if found.is_empty() {
            return Err(Failure::usage(format!(
                "no cell of this build fits '{pattern}'; `ceval cells` lists them"
            )));
        }
        for name in found {
            if !names.contains(&name) || !pattern.contains('*') {
                names.push(name);
            }
        }
    }
    Ok(names)
}

/// Whether a name has the form of a pattern, in which each `*` stands for any text.
fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((before, after)) => name.strip_prefix(before).is_some_and(|rest| {
            (0..=rest.len()).any(|at| rest.is_char_boundary(at) && fits(after, &rest[at..]))
        }),
    }
}

fn judge(
    options: &Compare,
    report: &Report,
    earlier: &Path,
    accepted: f64,
) -> Result<i32, Failure> {
    let gate = gate::against(report, earlier, accepted, options.mix)?;
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

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn patterns_stand_for_any_part() {
        assert!(fits("tail*/refcount-*", "tail+super/refcount-boxed"));
        assert!(fits("*", "") && fits("a**b", "ab") && fits("*a*a*", "xaxax"));
        assert!(!fits("tail*/arena-*", "tail/refcount-arena-") && !fits("a*a", "a"));
    }
}
