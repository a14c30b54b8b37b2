//! `ceval superinstructions`: chooses superinstructions by some programs and judges them on others.

use crate::Failure;
use crate::arguments::Superinstructions as Options;
use crate::profile::{Subject, code, ops};
use crate::program::{print, read_program};
use ceval_benches::profile::Op;
use ceval_benches::profile::code::CodeMap;
use ceval_benches::profile::fusion::{Chosen, Collector, Effect, Patterns, Trace, choose, effect};
use ceval_benches::workloads;
use ceval_bytecode::CodeObject;
use ceval_cells::Cell;
use ceval_vm_core::instr::Instr;
use ceval_vm_core::probe::{Batch, Sink, Step};
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

/// Where superinstructions are chosen, and where they are judged besides.
const MODELS: [&str; 2] = ["refcount-tagged", "arena-tagged"];
/// Runs with and without superinstructions that a time is the median of.
const RUNS: usize = 5;

/// Receives the trace of an unfused run.
struct Straights {
    map: CodeMap,
    collector: Collector,
    place: Arc<Mutex<Option<(CodeMap, Collector)>>>,
}

impl Sink for Straights {
    fn linked(
        &mut self,
        _: u32,
        object: &Arc<CodeObject>,
        instructions: &[Instr],
        offsets: &[u32],
    ) {
        self.map.add(code(object, instructions, offsets));
    }

    fn batch(&mut self, batch: Batch<'_>) {
        batch.places.for_each(batch.entries, |step, after_full| {
            if let Some(step) = step {
                self.collector.step(step.code, step.unit, after_full);
            }
        });
    }

    fn sample(&mut self, _: &[Step], _: u32) {}

    fn ended(&mut self) {
        let found = (
            std::mem::take(&mut self.map),
            std::mem::take(&mut self.collector),
        );
        if let Ok(mut place) = self.place.lock() {
            *place = Some(found);
        }
    }
}

/// The trace of a program on a cell.
fn trace(subject: &Subject, cell: &Cell) -> Result<Trace, Failure> {
    let place = Arc::new(Mutex::new(None));
    let sink = Straights {
        map: CodeMap::new(ops()),
        collector: Collector::default(),
        place: Arc::clone(&place),
    };
    let code = subject.traced(cell, sink)?;
    if code != 0 {
        return Err(Failure::failed(format!(
            "{} ended with exit code {code}",
            subject.name
        )));
    }
    let found = place.lock().ok().and_then(|mut place| place.take());
    let (map, collector) = found.ok_or_else(|| Failure::failed("a run left no trace"))?;
    Ok(Trace {
        program: subject.name.clone(),
        straights: collector.straights(&map),
    })
}

/// A workload by its name, else a file.
fn subject(name: &str, size: &str) -> Result<Subject, Failure> {
    match workloads::get(name) {
        Some(workload) => Ok(Subject::of_text(
            name,
            workload.source,
            vec![size.to_owned(), "1".to_owned()],
        )),
        None => {
            let text = String::from_utf8_lossy(&read_program(name)?).into_owned();
            Ok(Subject::of_text(name, &text, Vec::new()))
        }
    }
}

fn cell(dispatch: &str, superinstructions: bool, objects: &str) -> Result<Cell, Failure> {
    let fused = if superinstructions { "+super" } else { "" };
    Cell::parse(&format!("{dispatch}{fused}+caches/{objects}")).map_err(Failure::usage)
}

/// The best set by these programs.
fn chosen(training: &[Trace], most: usize, table: &[Op]) -> Vec<Chosen> {
    let is_plain = |op: u16| table[op as usize].parts.is_empty();
    let goes_on = |op: u16| is_plain(op) && table[op as usize].goes_on;
    choose(training, most, goes_on, is_plain)
}

/// Mean share of dispatches saved of training programs, each by a set that was chosen without it: program i is left out with
/// all others whose number has the same remainder modulo `parts`.
fn cross_validated(
    training: &[Trace],
    names: &[&str],
    parts: usize,
    most: usize,
    table: &[Op],
) -> f64 {
    let part = |trace: &Trace| names.iter().position(|n| *n == trace.program).unwrap_or(0) % parts;
    let mut saved = Vec::new();
    for left_out in 0..parts {
        let seen: Vec<Trace> = training
            .iter()
            .filter(|t| part(t) != left_out)
            .cloned()
            .collect();
        let set = chosen(&seen, most, table);
        let patterns = Patterns::new(set.iter().map(|c| &c.parts));
        let unseen = training.iter().filter(|t| part(t) == left_out);
        saved.extend(unseen.map(|t| effect(t, &patterns).saved()));
    }
    saved.iter().sum::<f64>() / saved.len().max(1) as f64
}

/// `ceval superinstructions`.
pub fn mine(options: &Options) -> Result<i32, Failure> {
    let subjects = |names: &[String]| -> Result<Vec<Subject>, Failure> {
        names.iter().map(|n| subject(n, &options.size)).collect()
    };
    let (train, held_out) = (subjects(&options.train)?, subjects(&options.held_out)?);
    if let Some(name) = options.train.iter().find(|n| options.held_out.contains(n)) {
        return Err(Failure::usage(format!(
            "{name} is a training program and cannot be held out too"
        )));
    }
    let traced = |subjects: &[Subject], objects: &str| -> Result<Vec<Trace>, Failure> {
        let cell = cell("switch", false, objects)?;
        subjects.iter().map(|s| trace(s, &cell)).collect()
    };
    let mut training = Vec::new();
    for objects in MODELS {
        training.extend(traced(&train, objects)?);
    }
    // What is too short on one model is left out on both.
    let is_short = |name: &str| {
        let mut alike = training.iter().filter(|t| t.program == name);
        alike.any(|t| t.dispatches() < options.least)
    };
    let (train, short): (Vec<Subject>, Vec<Subject>) =
        train.into_iter().partition(|s| !is_short(&s.name));
    training.retain(|t| train.iter().any(|s| s.name == t.program));
    let table = ops();
    let chosen = chosen(&training, options.most, &table);
    let new = Patterns::new(chosen.iter().map(|c| &c.parts));
    let built_in = Patterns::new(table.iter().map(|op| &op.parts).filter(|p| p.len() > 1));
    let mut out = format!(
        "{} training programs; {} others have less than {} dispatches.\n",
        train.len(),
        short.len(),
        options.least
    );
    out += &listed(&table, &chosen);
    if let Some(parts) = options.cross_validate {
        let names: Vec<&str> = train.iter().map(|s| s.name.as_str()).collect();
        let saved = cross_validated(&training, &names, parts as usize, options.most, &table);
        let _ = writeln!(
            out,
            "\nCross-validated in {parts} parts: {:.1} % of the dispatches of a program that the choice has not seen, on the mean.",
            saved * 100.0
        );
    }
    for objects in MODELS {
        for (title, subjects) in [("training", &train), ("held out", &held_out)] {
            let _ = writeln!(
                out,
                "\n{title}, {objects:<26} dispatches    saved %  (this build's set)   time − %   estimated − %"
            );
            let mut effects = Vec::new();
            for (subject, trace) in subjects.iter().zip(traced(subjects, objects)?) {
                let (before, after) = (effect(&trace, &built_in), effect(&trace, &new));
                let time = match title {
                    "held out" if !options.no_times => Some(times(subject, objects)?),
                    _ => None,
                };
                row(&mut out, &after, &before, time);
                effects.push((after.saved(), before.saved()));
            }
            let mean = |f: fn(&(f64, f64)) -> f64| {
                effects.iter().map(f).sum::<f64>() / effects.len().max(1) as f64 * 100.0
            };
            let _ = writeln!(
                out,
                "{:<36} {:>14} {:>9.1}  {:>9.1}",
                "mean",
                "",
                mean(|e| e.0),
                mean(|e| e.1)
            );
        }
    }
    let _ = writeln!(out, "\nRows for vm-core/src/instr/table.rs:\n");
    for one in &chosen {
        let _ = writeln!(out, "{}", table_row(&table, &one.parts));
    }
    print(&out)?;
    Ok(0)
}

fn listed(table: &[Op], chosen: &[Chosen]) -> String {
    let mut out = format!(
        "{} superinstructions, what saves most first; each saves so much beside all others, % of dispatches, mean of the training programs:\n",
        chosen.len()
    );
    for one in chosen {
        let names: Vec<&str> = one
            .parts
            .iter()
            .map(|&op| table[op as usize].name.as_str())
            .collect();
        let _ = writeln!(out, "{:>6.2}  {}", one.gain * 100.0, names.join(" "));
    }
    out
}

/// Processor seconds without and with the superinstructions of this build: medians of interleaved runs.
fn times(subject: &Subject, objects: &str) -> Result<[f64; 2], Failure> {
    let cells = [cell("tail", false, objects)?, cell("tail", true, objects)?];
    let mut seconds = [Vec::new(), Vec::new()];
    for _ in 0..RUNS {
        for (cell, times) in cells.iter().zip(&mut seconds) {
            times.push(subject.plain(cell)?.processor.as_secs_f64());
        }
    }
    Ok(seconds.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    }))
}

/// One program. The estimate takes a dispatch that the new set saves to be worth what one of this build's set is.
fn row(out: &mut String, new: &Effect, built_in: &Effect, time: Option<[f64; 2]>) {
    let _ = write!(
        out,
        "{:<36} {:>14} {:>9.1}  {:>9.1}",
        new.program,
        new.before,
        new.saved() * 100.0,
        built_in.saved() * 100.0
    );
    if let Some([without, with]) = time {
        let measured = (1.0 - with / without.max(f64::MIN_POSITIVE)) * 100.0;
        let scale = new.saved() / built_in.saved().max(f64::MIN_POSITIVE);
        let _ = write!(out, "          {measured:>9.1}   {:>9.1}", measured * scale);
    }
    out.push('\n');
}

/// The row of a superinstruction in the table.
fn table_row(table: &[Op], parts: &[u16]) -> String {
    let snake: Vec<&str> = parts
        .iter()
        .map(|&op| table[op as usize].name.as_str())
        .collect();
    let camels: Vec<String> = snake.iter().map(|name| camel(name)).collect();
    format!(
        "                {} {} = {};",
        snake.join("_"),
        camels.concat(),
        camels.join(" ")
    )
}

/// `load_fast` to `LoadFast`.
fn camel(snake: &str) -> String {
    snake
        .split('_')
        .map(|word| {
            let mut letters = word.chars();
            letters
                .next()
                .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
                .unwrap_or_default()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a replay says of this build's superinstructions is what a run with them does, to the dispatch.
    #[test]
    fn a_replay_is_a_run() {
        // The build for quick iteration has `tail` in the place of `switch`; the probe does not see its warm parts.
        if option_env!("CEVAL_ONE_CELL").is_some() {
            return;
        }
        let table = ops();
        let built_in = Patterns::new(table.iter().map(|op| &op.parts).filter(|p| p.len() > 1));
        for name in ["richards", "exceptions", "generators", "nbody", "sorting"] {
            let subject = subject(name, "test").unwrap_or_else(|e| panic!("{}", e.message));
            let run = |fused: bool| {
                let cell = cell("switch", fused, "refcount-tagged");
                cell.and_then(|cell| trace(&subject, &cell))
                    .unwrap_or_else(|e| panic!("{}", e.message))
            };
            let (plain, fused) = (run(false), run(true));
            let replayed = effect(&plain, &built_in);
            assert!(replayed.after < replayed.before, "{name}");
            let distance = replayed.after.abs_diff(fused.dispatches());
            // Two causes of a difference are known: straights are cut after 64 instructions, and the step after a native
            // function that runs Python code is told apart only by the last step of that code.
            assert!(
                distance * 200 <= replayed.after,
                "{name}: {} replayed, {} run",
                replayed.after,
                fused.dispatches()
            );
        }
    }

    #[test]
    fn names_of_rows() {
        assert_eq!(camel("load_attr_cached"), "LoadAttrCached");
    }
}
