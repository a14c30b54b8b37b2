//! The command line.

use ceval_cells::{self as cells, Cell};
use clap::{Args, Parser, ValueEnum};
use std::path::PathBuf;

/// Runs Python programs on a choice of dispatch strategies and object models.
#[derive(Parser)]
#[command(
    name = "ceval",
    version,
    args_conflicts_with_subcommands = true,
    disable_help_subcommand = true,
    override_usage = "ceval [OPTIONS] FILE [ARGS]...\n       ceval [OPTIONS] -c COMMAND [ARGS]...\n       ceval COMMAND ..."
)]
pub struct Arguments {
    /// What to do instead of running a program.
    #[command(subcommand)]
    pub subcommand: Option<Subcommand>,
    /// The program.
    #[command(flatten)]
    pub run: Run,
}

/// The subcommands.
#[derive(clap::Subcommand)]
pub enum Subcommand {
    /// List the cells of this build, one a line
    Cells {
        /// As a JSON array of strings
        #[arg(long)]
        json: bool,
    },
    /// Disassemble: dis.dis and show_code of every code object in a file
    Dis {
        /// A source file, or `-` for standard input
        file: PathBuf,
        /// The file name to record in code objects
        #[arg(long)]
        name: Option<String>,
        /// Source dialect
        #[arg(long, value_name = "VERSION")]
        python: Option<Python>,
    },
    /// Print the code object of a file as JSON
    Code {
        /// A source file, or `-` for standard input
        file: PathBuf,
        /// The file name to record in code objects
        #[arg(long)]
        name: Option<String>,
        /// Source dialect
        #[arg(long, value_name = "VERSION")]
        python: Option<Python>,
    },
    /// Print digests of all code objects of files, a JSON object a line
    Digest {
        /// Source files
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// Source dialect
        #[arg(long, value_name = "VERSION")]
        python: Option<Python>,
    },
    /// Compile a file: write a .pyc file for CPython 3.5, or print what a stage made
    Compile {
        /// A source file, or `-` for standard input
        file: PathBuf,
        /// The .pyc file to write
        #[arg(short = 'o', value_name = "OUT", conflicts_with = "stage")]
        out: Option<PathBuf>,
        /// Print what this stage made: tokens, ast, symtable, blocks, code
        #[arg(long, value_name = "STAGE")]
        stage: Option<String>,
        /// The file name to record in code objects
        #[arg(long)]
        name: Option<String>,
        /// Source dialect
        #[arg(long, value_name = "VERSION")]
        python: Option<Python>,
    },
    /// Run a program and say what its instructions cost
    Profile(Profile),
    /// Choose superinstructions by some programs and judge them on others
    Superinstructions(Superinstructions),
    /// Measure cells against the baseline on the workloads
    Compare(Compare),
    /// Draw where a program's time goes, as a flame graph
    Flamegraph(Flamegraph),
    /// Make a page, figures and a summary of results
    Report(Report),
    /// Count what programs cost: instructions, dispatches, references, allocations, caches, memory
    Count(crate::count::Programs),
    /// Simulate branch predictors on the dispatches of programs
    Predict(crate::count::Programs),
    /// Show what the compiler made of each strategy: jumps, calls, sizes, spills
    Codegen(crate::codegen::Codegen),
    /// Measure how honest comparisons are: false positives, coverage, power
    Calibrate(crate::calibrate::Calibrate),
}

/// `ceval flamegraph`.
#[derive(Args)]
pub struct Flamegraph {
    /// The picture to write
    #[arg(
        short = 'o',
        long,
        value_name = "SVG",
        default_value = "flamegraph.svg"
    )]
    pub out: PathBuf,
    /// What boxes stand for
    #[arg(long, value_name = "WHAT", default_value = "python")]
    pub frames: Frames,
    /// Also write folded stacks, for flamegraph.pl and inferno
    #[arg(long, value_name = "FILE")]
    pub folded: Option<PathBuf>,
    /// Also write a file for speedscope
    #[arg(long, value_name = "FILE")]
    pub speedscope: Option<PathBuf>,
    /// Run on this cell too, and colour the boxes by the difference of their shares
    #[arg(long, value_name = "CELL")]
    pub diff: Option<String>,
    /// Run the program so often, and add the samples up
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub runs: u32,
    /// Samples a second of processor time, of Python frames and opcodes
    #[arg(long, value_name = "N", default_value_t = cells::sampling::DEFAULT_HERTZ)]
    pub hertz: u32,
    /// The cell.
    #[command(flatten)]
    pub choice: CellChoice,
    /// Source dialect
    #[arg(long, value_name = "VERSION")]
    pub python: Option<Python>,
    /// The program
    pub file: String,
    /// Its arguments (after `--` if they begin with a hyphen)
    pub args: Vec<String>,
}

/// What the boxes of a flame graph stand for.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Frames {
    /// Python functions with the running line
    Python,
    /// The same, and the running instruction on top
    Opcode,
    /// Rust functions of the machine
    Native,
}

/// `ceval profile`.
#[derive(Args)]
pub struct Profile {
    /// Print JSON; the program's output goes to standard error
    #[arg(long)]
    pub json: bool,
    /// Also write the profile as a page
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Profile a second cell too, and print what differs
    #[arg(long, value_name = "CELL")]
    pub diff: Option<String>,
    /// Stack samples a second of processor time
    #[arg(long, value_name = "N", default_value_t = 8000)]
    pub hertz: u32,
    /// Program-counter samples a second of processor time
    #[arg(long, value_name = "N", default_value_t = 20_000, value_parser = clap::value_parser!(u32).range(1..=i64::from(cells::sampling::MOST_LOOKS)))]
    pub pc_hertz: u32,
    /// Rows of each table
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub rows: usize,
    /// Run the program once: what the profile costs is not measured then, nor are references and allocations counted
    #[arg(long)]
    pub once: bool,
    /// The program and its cell.
    #[command(flatten)]
    pub run: Run,
}

/// `ceval superinstructions`.
#[derive(Args)]
pub struct Superinstructions {
    /// Training programs: workloads by name, or files
    #[arg(required = true, value_name = "TRAIN")]
    pub train: Vec<String>,
    /// Programs on which the result is judged
    #[arg(long, required = true, num_args = 1.., value_name = "TEST")]
    pub held_out: Vec<String>,
    /// Superinstructions at most
    #[arg(long, value_name = "N", default_value_t = 32)]
    pub most: usize,
    /// Size of workloads: test, quick, default
    #[arg(long, default_value = "quick")]
    pub size: String,
    /// Training programs that dispatch less often are left out
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub least: u64,
    /// Also judge by the training programs alone: choose by all but a part of them, in so many parts, and replay that part
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(2..=100))]
    pub cross_validate: Option<u64>,
    /// Leave out what is timed
    #[arg(long)]
    pub no_times: bool,
}

/// Source dialects.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Python {
    /// Exactly what CPython 3.5.1 accepts
    #[value(name = "3.5")]
    Python35,
}

impl Python {
    /// The compiler's name for it; without the option newer syntax is accepted too.
    pub fn dialect(python: Option<Python>) -> ceval_compiler::Dialect {
        match python {
            Some(Python::Python35) => ceval_compiler::Dialect::Python35,
            None => ceval_compiler::Dialect::Default,
        }
    }
}

/// `on` or `off`.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// On
    On,
    /// Off
    Off,
}

/// The choice of a cell.
#[derive(Args)]
pub struct CellChoice {
    /// A whole cell, for example tail+super+caches/refcount-tagged
    #[arg(long, value_name = "NAME", conflicts_with_all = ["dispatch", "superinstructions", "caches", "objects", "values"])]
    pub cell: Option<String>,
    /// Dispatch strategy: switch, closure, closure-loop, call, tail
    #[arg(long, value_name = "NAME")]
    pub dispatch: Option<String>,
    /// Superinstructions
    #[arg(long)]
    pub superinstructions: Option<Switch>,
    /// Inline caches
    #[arg(long)]
    pub caches: Option<Switch>,
    /// Object model: refcount, arena
    #[arg(long, value_name = "NAME")]
    pub objects: Option<String>,
    /// Value form: tagged, boxed
    #[arg(long, value_name = "NAME")]
    pub values: Option<String>,
}

/// Running a program.
#[derive(Args)]
pub struct Run {
    /// The cell.
    #[command(flatten)]
    pub choice: CellChoice,
    /// Collect garbage under memory pressure (arena: `off` only grows; refcount: `off` leaves cycles)
    #[arg(long)]
    pub collect: Option<Switch>,
    /// Collect at every safepoint: slow, and shows what an object model reclaims too early
    #[arg(long)]
    pub gc_stress: bool,
    /// Bytes of native stack: small ones show that threaded code does not grow it
    #[arg(long, value_name = "N", hide = true)]
    pub stack_bytes: Option<usize>,
    /// Count what the machine does and write the numbers to this file as JSON (`-`: standard error)
    #[arg(long, value_name = "FILE")]
    pub counts: Option<String>,
    /// Source dialect
    #[arg(long, value_name = "VERSION")]
    pub python: Option<Python>,
    /// Run this text instead of a file
    #[arg(short = 'c', value_name = "COMMAND")]
    pub command: Option<String>,
    /// The program (`-`: standard input) and its arguments
    #[arg(
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "FILE"
    )]
    pub rest: Vec<String>,
}

impl Run {
    /// See [`CellChoice::cell`].
    pub fn cell(&self) -> Result<Cell, String> {
        self.choice.cell()
    }
}

impl CellChoice {
    /// The cell that the options name; the fastest where they leave a choice.
    pub fn cell(&self) -> Result<Cell, String> {
        if let Some(name) = &self.cell {
            return Cell::parse(name);
        }
        let default = Cell::parse(cells::DEFAULT)?;
        let (model, form) = default
            .objects
            .split_once('-')
            .unwrap_or((&default.objects, "tagged"));
        let on = |s: Option<Switch>, default: bool| s.map_or(default, |s| s == Switch::On);
        let cell = Cell {
            dispatch: self.dispatch.clone().unwrap_or(default.dispatch.clone()),
            superinstructions: on(self.superinstructions, default.superinstructions),
            caches: on(self.caches, default.caches),
            objects: format!(
                "{}-{}",
                self.objects.as_deref().unwrap_or(model),
                self.values.as_deref().unwrap_or(form)
            ),
        };
        cell.check()?;
        Ok(cell)
    }
}

/// `ceval compare`.
#[derive(Args)]
pub struct Compare {
    /// Workloads (all of the core set if none is named; `all` for every one)
    pub workloads: Vec<String>,
    /// Cells to compare, separated by commas; `*` stands for any part of a name (`all` for every one)
    #[arg(long, value_delimiter = ',')]
    pub cells: Vec<String>,
    /// Finish within three minutes
    #[arg(long)]
    pub quick: bool,
    /// The folder for this run's results, in place of a new one under results/
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Go on with an interrupted run
    #[arg(long, value_name = "DIR", conflicts_with_all = ["workloads", "cells", "quick", "out"])]
    pub resume: Option<PathBuf>,
    /// Other interpreters on the same workloads: NAME=COMMAND,...
    #[arg(long, value_name = "NAME=COMMAND,...")]
    pub peers: Option<String>,
    /// The cell (or peer) whose time is 1
    #[arg(long, value_name = "NAME", default_value = cells::BASELINE)]
    pub reference: String,
    /// Fresh processes per cell and workload
    #[arg(long, value_name = "N", requires = "iterations")]
    pub invocations: Option<u32>,
    /// Runs in each process
    #[arg(long, value_name = "N", requires = "invocations")]
    pub iterations: Option<u32>,
    /// Link the program N times with its functions in other orders, and take turns: layout as a factor
    #[arg(long, value_name = "N", conflicts_with = "resume")]
    pub layouts: Option<usize>,
    /// Seed of the order and of the bootstrap
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Analyse wall-clock time rather than processor time
    #[arg(long)]
    pub wall: bool,
    /// Also write the results in this form: csv, markdown, pyperf, criterion
    #[arg(long, value_name = "FORM")]
    pub export: Vec<String>,
    /// Compare with an earlier run's results
    #[arg(long, value_name = "DIR", group = "earlier")]
    pub against: Option<PathBuf>,
    /// Compare with the run that was saved under this name
    #[arg(long, value_name = "NAME", group = "earlier")]
    pub baseline: Option<String>,
    /// Save this run under a name, for --baseline
    #[arg(long, value_name = "NAME")]
    pub save_baseline: Option<String>,
    /// With --against or --baseline: exit with 1 if a cell became slower by more than this, for example 3%
    #[arg(long, value_name = "SHARE", requires = "earlier")]
    pub fail_above: Option<String>,
    /// Accept results of different machines with --against or --baseline
    #[arg(long, requires = "earlier")]
    pub mix: bool,
}

/// `ceval report`.
#[derive(Args)]
pub struct Report {
    /// Folders of results; several are shown side by side
    #[arg(required = true, value_name = "RESULTS")]
    pub results: Vec<PathBuf>,
    /// The folder for report.html, the figures and summary.md
    #[arg(short = 'o', long = "out", value_name = "DIR")]
    pub out: PathBuf,
    /// Accept results of different machines
    #[arg(long)]
    pub mix: bool,
}
