//! `ceval predict`: branch predictors simulated on what programs really dispatch.

use crate::Failure;
use crate::count::{Programs, ended, this_program};
use crate::program::print;
use ceval_benches::count::Subject;
use ceval_benches::instructions::Counter;
use ceval_benches::predictor::{Race, Score, Step};
use ceval_benches::{BenchError, driver, interrupt};
use ceval_cells::{Cell, Program, RunOptions, Sink};
use ceval_counting::Dispatched;
use serde::Serialize;
use std::fmt::Write as _;
use std::path::Path;

/// Every strategy, with both passes.
const CHOSEN: [&str; 5] = [
    "switch+super+caches/refcount-tagged",
    "call+super+caches/refcount-tagged",
    "closure-loop+super+caches/refcount-tagged",
    "closure+super+caches/refcount-tagged",
    "tail+super+caches/refcount-tagged",
];

/// One program on one cell.
#[derive(Serialize)]
struct Prediction {
    program: String,
    cell: String,
    dispatches: u64,
    /// Of the whole process; none without valgrind.
    instructions: Option<u64>,
    predictors: Vec<Predicted>,
}

#[derive(Serialize)]
struct Predicted {
    #[serde(flatten)]
    score: Score,
    accuracy: f64,
    misses_per_thousand_dispatches: f64,
    misses_per_thousand_instructions: Option<f64>,
}

/// Traces every program, races the predictors, prints.
pub fn predict(options: &Programs) -> Result<i32, Failure> {
    let cells = options.cells(&CHOSEN)?;
    for cell in &cells {
        if Race::new(&cell.dispatch).is_none() {
            return Err(Failure::usage(format!(
                "the branches of strategy '{}' are not known",
                cell.dispatch
            )));
        }
    }
    let subjects = options.subjects()?;
    let counter = options.counter()?;
    interrupt::install();
    let scratch = std::env::temp_dir().join(format!("ceval-predict-{}", std::process::id()));
    let mut all = Vec::new();
    let mut failure = None;
    for subject in &subjects {
        match one(subject, &cells, counter.as_ref(), &scratch) {
            Ok(found) => {
                if !options.json {
                    print(&table(&found))?;
                }
                all.extend(found);
            }
            Err(e) => {
                failure = Some(e);
                break;
            }
        }
    }
    // Left-overs in the temporary folder harm nobody.
    std::fs::remove_dir_all(&scratch).ok();
    if options.json {
        let text = serde_json::to_string_pretty(&all);
        print(&(text.map_err(|e| Failure::failed(e.to_string()))? + "\n"))?;
    }
    match failure {
        None => Ok(0),
        Some(Stop::Bench(error)) => ended(error),
        Some(Stop::Failure(failure)) => Err(failure),
    }
}

/// What ends a prediction early.
enum Stop {
    Bench(BenchError),
    Failure(Failure),
}

impl From<BenchError> for Stop {
    fn from(error: BenchError) -> Stop {
        Stop::Bench(error)
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Stop {
        Stop::Failure(failure)
    }
}

fn one(
    subject: &Subject,
    cells: &[Cell],
    counter: Option<&Counter>,
    scratch: &Path,
) -> Result<Vec<Prediction>, Stop> {
    let mut found: Vec<Prediction> = Vec::new();
    let mut done = vec![false; cells.len()];
    for first in 0..cells.len() {
        if done[first] {
            continue;
        }
        // Cells that differ in strategy alone dispatch the same instructions: one trace for all of them.
        let same: Vec<usize> = (first..cells.len())
            .filter(|&i| alike(&cells[i], &cells[first]))
            .collect();
        eprintln!("tracing {} on {}", subject.name(), cells[first]);
        let races = race(subject, &cells[first], same.iter().map(|&i| &cells[i]))?;
        for (&i, race) in same.iter().zip(&races) {
            done[i] = true;
            let instructions = match counter {
                Some(counter) => Some(instructions(subject, &cells[i], counter, scratch)?),
                None => None,
            };
            found.push(prediction(subject, &cells[i], race, instructions));
        }
    }
    Ok(found)
}

fn alike(a: &Cell, b: &Cell) -> bool {
    (a.superinstructions, a.caches, &a.objects) == (b.superinstructions, b.caches, &b.objects)
}

fn prediction(
    subject: &Subject,
    cell: &Cell,
    race: &Race,
    instructions: Option<u64>,
) -> Prediction {
    let scores = race.scores();
    let dispatches = scores.first().map_or(0, |score| score.branches);
    Prediction {
        program: subject.name(),
        cell: cell.to_string(),
        dispatches,
        instructions,
        predictors: scores
            .into_iter()
            .map(|score| Predicted {
                accuracy: score.accuracy(),
                misses_per_thousand_dispatches: score.per_thousand(dispatches as f64),
                misses_per_thousand_instructions: instructions
                    .map(|n| score.per_thousand(n as f64)),
                score,
            })
            .collect(),
    }
}

/// The name under which a subject runs, its arguments, its text.
fn source(subject: &Subject) -> Result<(String, Vec<String>, Vec<u8>), Failure> {
    match subject {
        Subject::Workload(workload, size) => Ok((
            format!("{}.py", workload.name),
            vec![size.word().to_owned(), "1".to_owned()],
            workload.source.as_bytes().to_vec(),
        )),
        Subject::File(path, arguments) => {
            let text = std::fs::read(path)
                .map_err(|e| Failure::usage(format!("cannot read '{}': {e}", path.display())))?;
            Ok((path.to_string_lossy().into_owned(), arguments.clone(), text))
        }
    }
}

/// Runs a program with the passes and objects of `cell`; the dispatches go to the predictors of every cell.
fn race<'a>(
    subject: &Subject,
    cell: &Cell,
    cells: impl Iterator<Item = &'a Cell>,
) -> Result<Vec<Race>, Stop> {
    let (filename, args, source) = source(subject)?;
    let mut races: Vec<Race> = cells.filter_map(|cell| Race::new(&cell.dispatch)).collect();
    let program = Program::Source {
        source: &source,
        filename: &filename,
        args: &args,
    };
    let (output, errors) = (Sink::default(), Sink::default());
    let streams = (output.clone(), errors.clone());
    let run_options = move || RunOptions {
        stdout: Box::new(streams.0),
        stderr: Box::new(streams.1),
        ..RunOptions::default()
    };
    let place = std::sync::Arc::new(std::sync::Mutex::new(std::mem::take(&mut races)));
    let inside = place.clone();
    // Locked once for the whole run would need a guard that outlives the closure: the lock is never contended.
    let receive = move |dispatched: Dispatched| {
        if let Ok(mut races) = inside.lock() {
            for race in races.iter_mut() {
                race.step(Step {
                    op: dispatched.op,
                    follows: dispatched.follows,
                });
            }
        }
    };
    let (code, _) =
        ceval_counting::trace(cell, &program, run_options, receive).map_err(Failure::usage)?;
    let output = output.take();
    let output = String::from_utf8_lossy(&output);
    if code != 0 {
        let errors = errors.take();
        let errors = String::from_utf8_lossy(&errors);
        let last = errors.lines().last().unwrap_or("no message").to_owned();
        return Err(Failure::failed(format!(
            "{} failed on {cell}: exit code {code}: {last}",
            subject.name()
        ))
        .into());
    }
    if let Subject::Workload(workload, size) = subject {
        let got = output
            .lines()
            .find_map(driver::parse)
            .map_or("nothing", |line| line.result);
        if got != workload.expected(*size) {
            return Err(BenchError::WrongResult {
                subject: cell.to_string(),
                workload: subject.name(),
                expected: workload.expected(*size).to_owned(),
                got: got.to_owned(),
            }
            .into());
        }
    }
    let races = match place.lock() {
        Ok(mut races) => std::mem::take(&mut *races),
        Err(poisoned) => std::mem::take(&mut *poisoned.into_inner()),
    };
    Ok(races)
}

/// Processor instructions of one whole process.
fn instructions(
    subject: &Subject,
    cell: &Cell,
    counter: &Counter,
    scratch: &Path,
) -> Result<u64, Stop> {
    if interrupt::requested() {
        return Err(BenchError::Interrupted.into());
    }
    eprintln!("counting instructions of {} on {cell}", subject.name());
    let (name, args, _) = source(subject)?;
    let folder = match subject {
        Subject::Workload(workload, _) => {
            workload.write_to(scratch)?;
            scratch.to_path_buf()
        }
        Subject::File(..) => std::env::current_dir()
            .map_err(|e| Failure::failed(format!("no working directory: {e}")))?,
    };
    let program = this_program()?.to_string_lossy().into_owned();
    let mut command = vec![program, "--cell".to_owned(), cell.to_string(), name];
    command.extend(args);
    Ok(counter.count(&command, &folder, &[])?.instructions)
}

fn table(found: &[Prediction]) -> String {
    let mut out = String::new();
    let Some(first) = found.first() else {
        return out;
    };
    let width = found.iter().map(|p| p.cell.len()).max().unwrap_or(0) + 2;
    // Writing into a string cannot fail.
    let _ = writeln!(
        out,
        "{}: predicted dispatches in per cent, and misses per thousand {}",
        first.program,
        if first.instructions.is_some() {
            "instructions"
        } else {
            "dispatches"
        }
    );
    let _ = write!(out, "{:width$}{:>12}", "", "dispatches");
    for predicted in &first.predictors {
        let _ = write!(out, "{:>20}", predicted.score.predictor);
    }
    out.push('\n');
    for prediction in found {
        let _ = write!(
            out,
            "{:width$}{:>12}",
            prediction.cell, prediction.dispatches
        );
        for predicted in &prediction.predictors {
            let misses = predicted
                .misses_per_thousand_instructions
                .unwrap_or(predicted.misses_per_thousand_dispatches);
            let _ = write!(out, "{:>11.1} %{misses:>7.2}", predicted.accuracy * 100.0);
        }
        out.push('\n');
    }
    out + "\n"
}
