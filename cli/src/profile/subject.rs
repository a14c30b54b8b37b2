//! What is profiled: a program, on a cell, as often as it takes.

use super::sink::{Observer, Seen};
use crate::Failure;
use crate::arguments::{Python, Run, Switch};
use crate::program::read_program;
use ceval_benches::profile::Traffic;
use ceval_cells::sampling::{Clock, Rate, Watch};
use ceval_cells::{self as cells, Cell, Program, RunOptions};
use ceval_vm_core::probe;
use std::io::{Read, Write};
use std::sync::{Arc, Mutex};

/// A program with its arguments, and how it is run.
pub struct Subject {
    source: String,
    bytes: Vec<u8>,
    /// The file's name, `-`, or `-c`.
    pub name: String,
    args: Vec<String>,
    dialect: ceval_compiler::Dialect,
    collect: bool,
}

impl Subject {
    /// The program of the options of `ceval FILE`.
    pub fn new(run: &Run) -> Result<Subject, Failure> {
        let mut subject = Subject {
            source: run.command.clone().unwrap_or_default(),
            bytes: Vec::new(),
            name: "-c".into(),
            args: run.rest.clone(),
            dialect: Python::dialect(run.python),
            collect: run.collect != Some(Switch::Off),
        };
        if run.command.is_some() {
            return Ok(subject);
        }
        if subject.args.is_empty() {
            return Err(Failure::usage(
                "no program: give a FILE, `-`, or -c COMMAND (--help says more)",
            ));
        }
        subject.name = subject.args.remove(0);
        if subject.name == "-" {
            std::io::stdin()
                .read_to_end(&mut subject.bytes)
                .map_err(|e| Failure::usage(format!("cannot read standard input: {e}")))?;
        } else {
            subject.bytes = read_program(&subject.name)?;
        }
        Ok(subject)
    }

    /// A program whose text is at hand.
    pub fn of_text(name: &str, text: &str, args: Vec<String>) -> Subject {
        Subject {
            source: String::new(),
            bytes: text.as_bytes().to_vec(),
            name: name.into(),
            args,
            dialect: ceval_compiler::Dialect::Default,
            collect: true,
        }
    }

    fn program(&self) -> Program<'_> {
        match self.name.as_str() {
            "-c" => Program::Command {
                source: &self.source,
                args: &self.args,
            },
            "-" => Program::Stdin {
                source: &self.bytes,
                args: &self.args,
            },
            _ => Program::Source {
                source: &self.bytes,
                filename: &self.name,
                args: &self.args,
            },
        }
    }

    /// The text of a line of the program itself.
    pub fn line(&self, file: &str, line: u32) -> Option<String> {
        let text = match self.name.as_str() {
            "-c" => self.source.clone(),
            _ if file == self.name || file == "<stdin>" => {
                String::from_utf8_lossy(&self.bytes).into_owned()
            }
            _ => std::fs::read_to_string(file).ok()?,
        };
        let number = (line as usize).checked_sub(1)?;
        text.lines().nth(number).map(str::to_owned)
    }

    /// Runs the program on a thread of its own with everything on the thread that `options` needs.
    fn run(
        &self,
        cell: &Cell,
        options: impl FnOnce() -> Result<(RunOptions, Option<Clock>), String> + Send,
    ) -> Result<(i32, Rate), Failure> {
        let machine = || -> Result<(i32, Rate), String> {
            let (options, clock) = options()?;
            let options = RunOptions {
                dialect: self.dialect,
                collect: self.collect,
                ..options
            };
            let code = cells::run(cell, &self.program(), options)?;
            Ok((code, clock.map(Clock::stop).unwrap_or_default()))
        };
        std::thread::scope(|scope| {
            let thread = std::thread::Builder::new()
                .name("python".into())
                .stack_size(cells::STACK_BYTES)
                .spawn_scoped(scope, machine)
                .map_err(|e| Failure::failed(format!("cannot start a thread: {e}")))?;
            match thread.join() {
                Ok(ended) => ended.map_err(Failure::usage),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        })
    }

    /// An ordinary run whose output nobody sees; gives its processor time.
    pub fn plain(&self, cell: &Cell) -> Result<Rate, Failure> {
        let options = || {
            let options = RunOptions {
                stdout: Box::new(std::io::sink()),
                stderr: Box::new(std::io::sink()),
                ..RunOptions::default()
            };
            // The slowest clock: it is to measure the thread's time and no more.
            Ok((options, Some(Clock::start(1)?)))
        };
        self.run(cell, options).map(|(_, rate)| rate)
    }

    /// A run with everything observed, so many stack samples and program-counter samples a second; gives the exit code too.
    pub fn observed(
        &self,
        cell: &Cell,
        [hertz, pc_hertz]: [u32; 2],
        stdout: Box<dyn Write + Send>,
    ) -> Result<(i32, Seen), Failure> {
        let place = Arc::new(Mutex::new(None));
        let leave = Arc::clone(&place);
        let options = move || {
            let watch = Watch::of_this_thread(hertz, pc_hertz)?;
            let ticks = watch.ticks();
            let options = RunOptions {
                stdout,
                probe: Some(probe::Options {
                    sink: Box::new(Observer::new(watch, leave)?),
                    ticks,
                    trace: true,
                }),
                ..RunOptions::default()
            };
            Ok((options, None))
        };
        let (code, _) = self.run(cell, options)?;
        let seen = place.lock().ok().and_then(|mut place| place.take());
        let seen = seen.ok_or_else(|| Failure::failed("the program ended without its profile"))?;
        Ok((code, seen))
    }

    /// What each opcode does to references and memory, from a run on the counting form of the cell whose output nobody sees.
    /// `None` where the object model has no such form.
    pub fn traffic(&self, cell: &Cell) -> Option<Vec<Traffic>> {
        let options = || RunOptions {
            stdout: Box::new(std::io::sink()),
            stderr: Box::new(std::io::sink()),
            dialect: self.dialect,
            collect: self.collect,
            ..RunOptions::default()
        };
        let (_, found) = ceval_counting::traffic(cell, &self.program(), options).ok()?;
        let traffic = |t: &ceval_counting::Traffic| Traffic {
            increments: t.increments,
            decrements: t.decrements,
            allocations: t.allocations,
            bytes: t.bytes,
        };
        Some(found.iter().map(traffic).collect())
    }

    /// A run that is traced into a sink; its output is not seen.
    pub fn traced(
        &self,
        cell: &Cell,
        sink: impl probe::Sink + Send + 'static,
    ) -> Result<i32, Failure> {
        let options = move || {
            let options = RunOptions {
                stdout: Box::new(std::io::sink()),
                stderr: Box::new(std::io::sink()),
                probe: Some(probe::Options {
                    sink: Box::new(sink),
                    ticks: Arc::default(),
                    trace: true,
                }),
                ..RunOptions::default()
            };
            Ok((options, None))
        };
        self.run(cell, options).map(|(code, _)| code)
    }
}
