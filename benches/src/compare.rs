//! The run itself: pilot, schedule, blocks; each sample verified and on disk before the next one starts.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::analysis;
pub use crate::analysis::Report;
use crate::metadata::{self, Build, Machine};
pub use crate::plan::{Clock, Kind, Plan, Schedule, Subject};
use crate::plan::{decide, order, padding};
use crate::process::{self, Invocation};
use crate::progress::Progress;
use crate::record::{self, FORMAT, RecordedSubject, Recorder, Run, RunRecord, Sample};
use crate::workloads::{Size, Workload};
use crate::{BenchError, calendar, codegen, export, interrupt, layouts, resume, table};

/// A process that takes longer than this is ended. No workload needs a tenth of it on any cell.
const LIMIT: Duration = Duration::from_secs(900);

/// Runs a plan from its beginning. After a Ctrl-C the report covers what there is, and says so (`complete` is false).
///
/// # Errors
/// Any [`BenchError`]; the samples taken before it stay on disk, as a partial record.
pub fn run(plan: &Plan) -> Result<Report, BenchError> {
    plan.check()?;
    for subject in &plan.subjects {
        let program = subject.command.first().map_or("", String::as_str);
        if metadata::find_program(program).is_none() {
            return Err(BenchError::Spawn {
                subject: subject.name.clone(),
                program: format!("'{program}'"),
                source: std::io::ErrorKind::NotFound.into(),
            });
        }
    }
    let record = begin(plan);
    let folder = plan.folder.clone().unwrap_or_else(|| {
        record::new_folder(
            &plan.results,
            &record.started,
            &record.machine.host,
            &plan.question,
        )
    });
    if folder.join(record::RUN_FILE).exists() {
        let text = format!(
            "{} holds a run already: resume it or choose another folder",
            folder.display()
        );
        return Err(BenchError::Plan(text));
    }
    let recorder = Recorder::open(&folder, &record)?;
    go_on(
        Run {
            folder,
            record,
            samples: Vec::new(),
        },
        recorder,
        plan.progress,
    )
}

/// Goes on with an unfinished run, or reports a finished one again.
///
/// # Errors
/// As [`run`]; also if the machine, a program or a workload has changed since.
pub fn resume(folder: &Path, progress: bool) -> Result<Report, BenchError> {
    let mut run = resume::prepare(folder)?;
    if run.record.complete {
        // Perhaps only the summaries are missing, because the disk was full.
        let report = analysis::analyse(&run);
        export::write_summaries(&report)?;
        return Ok(report);
    }
    run.record.status = "running".into();
    run.record.load.truncate(1);
    let recorder = Recorder::open(folder, &run.record)?;
    go_on(run, recorder, progress)
}

/// Analyses a run that is on disk, complete or not.
///
/// # Errors
/// `Read`, `Corrupt`.
pub fn load(folder: &Path) -> Result<Report, BenchError> {
    Ok(analysis::analyse(&record::load(folder)?))
}

fn begin(plan: &Plan) -> RunRecord {
    let mut programs: HashMap<String, String> = HashMap::new();
    let mut versions: HashMap<Vec<String>, String> = HashMap::new();
    let subjects = plan
        .subjects
        .iter()
        .map(|subject| {
            let program = subject.command.first().cloned().unwrap_or_default();
            let fingerprint = programs.entry(program.clone()).or_insert_with(|| {
                metadata::find_program(&program)
                    .map_or_else(|| "missing".into(), |path| metadata::fingerprint(&path))
            });
            // The version does not depend on the cell.
            let command = if subject.kind == Kind::Cell {
                vec![program]
            } else {
                subject.command.clone()
            };
            let version = versions
                .entry(command.clone())
                .or_insert_with(|| metadata::version(&command));
            RecordedSubject {
                subject: subject.clone(),
                fingerprint: fingerprint.clone(),
                version: version.clone(),
            }
        })
        .collect();
    RunRecord {
        format: FORMAT.into(),
        complete: false,
        status: "running".into(),
        question: plan.question.clone(),
        started: calendar::now(),
        finished: None,
        command_line: plan.command_line.clone(),
        machine: Machine::here(),
        build: Build::here(),
        load: vec![metadata::load()],
        subjects,
        reference: plan.reference.clone(),
        workloads: plan
            .workloads
            .iter()
            .map(|w| (w.name.to_string(), resume::source_fingerprint(w)))
            .collect(),
        size: plan.size.word().into(),
        schedule: plan.schedule,
        seed: plan.seed,
        clock: plan.clock,
        blocks: 0,
        iterations: 0,
        layouts: plan.layouts.clone(),
    }
}

/// Measures what is missing, then writes the summaries.
fn go_on(run: Run, recorder: Recorder, progress: bool) -> Result<Report, BenchError> {
    interrupt::install();
    let mut measurement = Measurement::new(run, recorder, Progress::new(progress))?;
    let ended = measurement.everything();
    measurement.progress.finish();
    let Measurement {
        mut run,
        recorder,
        programs,
        ..
    } = measurement;
    // Left-overs in the temporary folder harm nobody.
    std::fs::remove_dir_all(programs).ok();
    run.record.load.push(metadata::load());
    run.record.finished = Some(calendar::now());
    run.record.complete = ended.is_ok();
    run.record.status = match &ended {
        Ok(()) => "complete".into(),
        Err(error) => error.to_string(),
    };
    match ended {
        Ok(()) | Err(BenchError::Interrupted) => {}
        Err(error) => {
            // The first error is the one to tell; if the record cannot be closed, it stays marked as running and partial.
            recorder.update(&run.record).ok();
            return Err(error);
        }
    }
    recorder.update(&run.record)?;
    let report = analysis::analyse(&run);
    export::write_summaries(&report)?;
    keep_codegen(&run)?;
    Ok(report)
}

/// Stores what the compiler made of the cells beside their times, once. After the measurement, which it would disturb.
fn keep_codegen(run: &Run) -> Result<(), BenchError> {
    let path = run.folder.join(codegen::FILE);
    let cell = run
        .record
        .subjects
        .iter()
        .find(|recorded| recorded.subject.kind == Kind::Cell);
    let Some(program) = cell.and_then(|recorded| recorded.subject.command.first()) else {
        return Ok(());
    };
    if path.exists() || !run.record.complete {
        return Ok(());
    }
    let witness = metadata::find_program(program).map_or_else(
        || codegen::Codegen::unavailable("the program is gone"),
        |program| codegen::witness_or_reason(&program),
    );
    record::write_json(&path, &witness)
}

struct Measurement {
    run: Run,
    recorder: Recorder,
    progress: Progress,
    subjects: Vec<Subject>,
    workloads: Vec<&'static Workload>,
    programs: PathBuf,
    files: Vec<PathBuf>,
    size: Size,
}

impl Measurement {
    fn new(run: Run, recorder: Recorder, progress: Progress) -> Result<Measurement, BenchError> {
        let subjects = run
            .record
            .subjects
            .iter()
            .map(|recorded| recorded.subject.clone())
            .collect();
        let workloads: Vec<&'static Workload> = run
            .record
            .workloads
            .iter()
            .map(|(name, _)| resume::known(name))
            .collect::<Result<_, _>>()?;
        // Two runs at once never see each other's half-written files.
        let programs = std::env::temp_dir().join(format!("ceval-workloads-{}", std::process::id()));
        let files = workloads
            .iter()
            .map(|workload| workload.write_to(&programs))
            .collect::<Result<_, _>>()?;
        let size = Size::parse(&run.record.size).ok_or_else(|| BenchError::Corrupt {
            path: run.folder.join(record::RUN_FILE),
            line: 0,
            reason: format!("no size is called '{}'", run.record.size),
        })?;
        Ok(Measurement {
            run,
            recorder,
            progress,
            subjects,
            workloads,
            programs,
            files,
            size,
        })
    }

    fn everything(&mut self) -> Result<(), BenchError> {
        let start = Instant::now();
        // Nothing is known of the costs yet: each pair counts as 100 ms.
        let pairs = self.subjects.len() * self.workloads.len();
        self.progress
            .phase("checking every pair once", 100 * pairs as u64);
        self.block(0, 1, |_, _| 100)?;
        let costs = self.costs();
        if self.run.record.blocks == 0 {
            let costs: Vec<(f64, f64)> = costs.values().copied().collect();
            let (blocks, iterations) = decide(
                self.run.record.schedule,
                &costs,
                start.elapsed().as_secs_f64(),
            );
            self.run.record.blocks = layouts::rounds(self.run.record.layouts.len(), blocks);
            self.run.record.iterations = iterations;
            self.recorder.update(&self.run.record)?;
        }
        let (blocks, iterations) = (self.run.record.blocks, self.run.record.iterations);
        let expected = |subject: usize, workload: usize| {
            let (start, run) = costs
                .get(&(subject, workload))
                .copied()
                .unwrap_or((0.0, 0.1));
            ((start + f64::from(iterations) * run) * 1000.0) as u64
        };
        let block_cost: u64 = order(self.subjects.len(), self.workloads.len(), 0, 0)
            .into_iter()
            .map(|(subject, workload)| expected(subject, workload))
            .sum();
        let prefix = format!("{blocks} × {iterations} runs of {pairs} pairs");
        self.progress.phase(&prefix, block_cost * u64::from(blocks));
        for block in 1..=blocks {
            self.progress.line(&format!("block {block} of {blocks}"));
            self.block(block, iterations, expected)?;
        }
        Ok(())
    }

    /// Runs what is missing of a block.
    fn block(
        &mut self,
        block: u32,
        iterations: u32,
        cost: impl Fn(usize, usize) -> u64,
    ) -> Result<(), BenchError> {
        let done: Vec<(String, String)> = resume::done(&self.run)
            .into_iter()
            .filter(|&(other, _, _)| other == block)
            .map(|(_, subject, workload)| (subject.to_string(), workload.to_string()))
            .collect();
        let seed = self.run.record.seed;
        let pairs = order(self.subjects.len(), self.workloads.len(), seed, block);
        for (position, (subject, workload)) in pairs.into_iter().enumerate() {
            let names = (
                self.subjects[subject].name.clone(),
                self.workloads[workload].name.to_string(),
            );
            if !done.contains(&names) {
                self.progress.now(&format!("{} on {}", names.0, names.1));
                let padding = padding(seed, block, position);
                let sample =
                    self.measure(subject, workload, block, position, iterations, padding)?;
                self.recorder.add(&sample)?;
                self.run.samples.push(sample);
            }
            self.progress.add(cost(subject, workload));
        }
        Ok(())
    }

    fn measure(
        &self,
        subject: usize,
        workload: usize,
        block: u32,
        position: usize,
        iterations: u32,
        padding: usize,
    ) -> Result<Sample, BenchError> {
        if interrupt::requested() {
            return Err(BenchError::Interrupted);
        }
        let subject = self.with_layout(&self.subjects[subject], block);
        let (subject, file) = (&subject, &self.files[workload]);
        let workload = self.workloads[workload];
        let invocation = Invocation {
            subject,
            workload,
            file,
            size: self.size,
            iterations,
            padding,
            limit: LIMIT,
        };
        let outcome = process::run(&invocation, &interrupt::requested)?;
        Ok(Sample {
            block,
            position: position as u32,
            subject: subject.name.clone(),
            workload: workload.name.to_string(),
            wall: outcome.wall,
            cpu: outcome.cpu,
            startup: outcome.startup,
            process_wall: outcome.process_wall,
            process_cpu: outcome.process_cpu,
            peak_bytes: outcome.peak_bytes,
            padding: padding as u32,
            result: outcome.result,
        })
    }

    /// The subject as it runs in a block: a cell takes the program of the block's layout.
    fn with_layout(&self, subject: &Subject, block: u32) -> Subject {
        let mut subject = subject.clone();
        let layouts = &self.run.record.layouts;
        if subject.kind == Kind::Cell
            && let Some(at) = layouts::of_block(layouts.len(), block)
            && let Some(program) = subject.command.first_mut()
        {
            program.clone_from(&layouts[at].program);
        }
        subject
    }

    /// Seconds of start-up (with check and end) and of one iteration of each pair, from the pilot.
    fn costs(&self) -> HashMap<(usize, usize), (f64, f64)> {
        let mut costs = HashMap::new();
        for sample in self.run.samples.iter().filter(|sample| sample.block == 0) {
            let subject = self
                .subjects
                .iter()
                .position(|subject| subject.name == sample.subject);
            let workload = self
                .workloads
                .iter()
                .position(|workload| workload.name == sample.workload);
            if let (Some(subject), Some(workload)) = (subject, workload) {
                let inside: u64 = sample.wall.iter().sum();
                // A check after each iteration costs what the process took beyond start-up and iteration.
                let check = sample.process_wall.saturating_sub(sample.startup + inside);
                let seconds = |nanoseconds: u64| nanoseconds as f64 * 1e-9;
                costs.insert(
                    (subject, workload),
                    (seconds(sample.startup), seconds(inside + check)),
                );
            }
        }
        costs
    }
}

impl Report {
    /// Writes the tables of the report to a stream, for a terminal of so many columns.
    ///
    /// # Errors
    /// What the stream says.
    pub fn print_table(
        &self,
        stream: &mut dyn std::io::Write,
        columns: usize,
    ) -> std::io::Result<()> {
        stream.write_all(table::text(self, columns).as_bytes())
    }
}

#[cfg(test)]
#[path = "compare/tests.rs"]
mod tests;
