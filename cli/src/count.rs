//! `ceval count`: exact costs of programs on cells.

use crate::Failure;
use crate::program::print;
use ceval_benches::count::{self as counts, Count as Counted, Subject, table};
use ceval_benches::instructions::Counter;
use ceval_benches::workloads::{self, Size};
use ceval_benches::{BenchError, interrupt};
use ceval_cells::{self as cells, Cell};
use clap::Args;
use std::path::PathBuf;

/// What `ceval count` and `ceval predict` are asked: which programs, on which cells.
#[derive(Args)]
pub struct Programs {
    /// Workloads or program files
    #[arg(required = true, value_name = "FILE|WORKLOAD")]
    pub programs: Vec<String>,
    /// Cells or patterns such as tail*/refcount-*, separated by commas (`all` for every one)
    #[arg(long, value_delimiter = ',')]
    pub cells: Vec<String>,
    /// Size of the workloads: test, quick, default
    #[arg(long, value_name = "SIZE", default_value = "test")]
    pub size: String,
    /// Leave out what needs valgrind
    #[arg(long)]
    pub no_callgrind: bool,
    /// As a JSON array
    #[arg(long)]
    pub json: bool,
}

impl Programs {
    /// The cells that were asked for, checked; `chosen` where none is named.
    pub fn cells(&self, chosen: &[&str]) -> Result<Vec<Cell>, Failure> {
        cells_of(&self.cells, chosen)
    }

    /// The workloads and files that were asked for.
    pub fn subjects(&self) -> Result<Vec<Subject>, Failure> {
        subjects(&self.programs, &self.size)
    }

    /// Finds valgrind, or says how to go on without; nothing where it is not wanted.
    pub fn counter(&self) -> Result<Option<Counter>, Failure> {
        if self.no_callgrind {
            return Ok(None);
        }
        Counter::find().map(Some).map_err(|e| {
            Failure::failed(format!("{e}; with --no-callgrind everything else is shown"))
        })
    }
}

/// The path of this program, for child processes.
pub fn this_program() -> Result<PathBuf, Failure> {
    std::env::current_exe()
        .map_err(|e| Failure::failed(format!("cannot find this program's own file: {e}")))
}

/// The cells of a `--cells` option, checked; `chosen` where it names none.
pub fn cells_of(patterns: &[String], chosen: &[&str]) -> Result<Vec<Cell>, Failure> {
    crate::compare::names(patterns, chosen)?
        .iter()
        .map(|name| Cell::parse(name).map_err(Failure::usage))
        .collect()
}

/// The workloads and files that words stand for.
fn subjects(words: &[String], size: &str) -> Result<Vec<Subject>, Failure> {
    let size = Size::parse(size).ok_or_else(|| {
        Failure::usage(format!(
            "unknown size '{size}' (there are test, quick, default)"
        ))
    })?;
    words
        .iter()
        .map(|word| {
            let is_path = word.contains('/') || std::path::Path::new(word).is_file();
            match workloads::get(word) {
                Some(workload) => Ok(Subject::Workload(workload, size)),
                None if is_path => Ok(Subject::File(word.into(), Vec::new())),
                None => {
                    let unknown = workloads::select(std::slice::from_ref(word), false);
                    let reason = unknown.err().map(|e| e.to_string()).unwrap_or_default();
                    Err(Failure::usage(format!(
                        "{reason}; and no file has that name"
                    )))
                }
            }
        })
        .collect()
}

/// Ends a command that was interrupted with the code for that, and others as errors end.
pub fn ended(error: BenchError) -> Result<i32, Failure> {
    match error {
        BenchError::Interrupted => {
            eprintln!("interrupted");
            Ok(interrupt::EXIT_CODE)
        }
        e => Err(e.into()),
    }
}

/// Counts every program on every cell; what is counted is shown, also if a later one fails.
pub fn count(options: &Programs) -> Result<i32, Failure> {
    let cells = options.cells(&[cells::BASELINE, cells::DEFAULT])?;
    let subjects = options.subjects()?;
    let counter = options.counter()?;
    let program = this_program()?;
    interrupt::install();
    let scratch = std::env::temp_dir().join(format!("ceval-count-{}", std::process::id()));
    std::fs::create_dir_all(&scratch)
        .map_err(|e| Failure::failed(format!("cannot make '{}': {e}", scratch.display())))?;
    let mut all = Vec::new();
    let mut failure = None;
    'all: for subject in &subjects {
        let mut found: Vec<Counted> = Vec::new();
        for cell in &cells {
            let cell = cell.to_string();
            eprintln!("counting {} on {cell}", subject.name());
            match counts::count(&program, &cell, subject, counter.as_ref(), &scratch) {
                Ok(count) => found.push(count),
                Err(error) => failure = Some(error),
            }
            if failure.is_some() {
                break;
            }
        }
        if !options.json && !found.is_empty() {
            print(&(table(&found) + "\n"))?;
        }
        all.extend(found);
        if failure.is_some() {
            break 'all;
        }
    }
    // Left-overs in the temporary folder harm nobody.
    std::fs::remove_dir_all(&scratch).ok();
    if options.json {
        let text = json(&all)?;
        print(&(text + "\n"))?;
    } else if failure.is_none() {
        print(NOTE)?;
    }
    failure.map_or(Ok(0), ended)
}

const NOTE: &str = "Of workloads the second iteration; of files all but start and compilation.\n";

fn json(counts: &[Counted]) -> Result<String, Failure> {
    let list: Result<Vec<serde_json::Value>, serde_json::Error> = counts
        .iter()
        .map(|count| {
            let mut value = serde_json::to_value(count)?;
            value["instructions_per_bytecode"] = serde_json::to_value(count.per_bytecode())?;
            Ok(value)
        })
        .collect();
    list.and_then(|list| serde_json::to_string_pretty(&list))
        .map_err(|e| Failure::failed(e.to_string()))
}
