//! Workloads and the measuring library: honest comparison of commands that run the same Python programs.
//!
//! The library knows nothing of the virtual machine. It starts *commands* (a cell of `ceval`, or another interpreter) in
//! fresh processes, randomly interleaved, checks what they print, records every sample, and answers with ratios, intervals
//! and verdicts. `cli` turns names into commands; [`compare::run`] does the rest.
//!
//! From the bottom up:
//! - [`workloads`], [`driver`]: the programs, embedded in the binary, and what they print; [`cell_name`]: the factors in a cell's name;
//! - [`plan`], [`process`], [`record`], [`resume`], [`compare`]: what to run, one process, what is kept, going on, the run;
//! - [`random`], [`student`], [`bootstrap`], [`warmup`], [`verdict`], [`factorial`], [`components`]: the statistics, each from its paper;
//! - [`flamegraph`]: stacks that samples found, as pictures and files;
//! - [`analysis`], [`table`], [`export`], [`report`], [`gate`], [`calibrate`]: answers, and how far to trust them;
//! - [`count`], [`instructions`], [`codegen`], [`predictor`], [`layouts`]: other witnesses beside time;
//! - [`profile`]: what instructions cost, from what a profiled machine tells.
//!
//! Invariant: no function here measures in its own process. Times come from the driver at the end of each workload.
#![forbid(unsafe_code)]

pub mod analysis;
pub mod baseline;
pub mod bootstrap;
pub mod calendar;
pub mod calibrate;
pub mod cell_name;
pub mod codegen;
pub mod compare;
pub mod components;
pub mod count;
pub mod driver;
pub mod error;
pub mod export;
pub mod factorial;
pub mod flamegraph;
pub mod gate;
pub mod instructions;
pub mod interrupt;
pub mod layouts;
pub mod linear;
pub mod metadata;
pub mod plan;
pub mod predictor;
pub mod process;
pub mod profile;
pub mod progress;
pub mod random;
pub mod record;
pub mod report;
pub mod resume;
pub mod student;
pub mod table;
pub mod verdict;
pub mod warmup;
pub mod workloads;

pub use error::BenchError;
