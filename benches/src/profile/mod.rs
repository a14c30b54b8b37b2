//! `ceval profile`: what a program's instructions cost on a cell.
//!
//! The library gets plain data from whoever runs the machine ([`Observed`]) and answers with a [`Profile`]: exact
//! counts of opcodes, pairs and triples; their time by two kinds of samples; what they do to references, memory and caches; tables by
//! function and by line; annotated disassembly. From the bottom up: [`code`], [`trace`], [`timing`], [`traffic`], [`observed`];
//! [`assemble`](mod@assemble) makes the profile, [`text`], [`html`] and [`difference`] show it. [`fusion`] chooses superinstructions.

pub mod assemble;
pub mod code;
pub mod difference;
pub mod fusion;
pub mod html;
pub mod observed;
pub mod text;
pub mod timing;
pub mod trace;
pub mod traffic;

#[cfg(test)]
mod tests;

pub use assemble::assemble;
pub use code::{Code, Instruction, Op};
pub use observed::Observed;
pub use timing::{OpTime, PcSamples};
pub use traffic::Traffic;

use serde::{Deserialize, Serialize};

/// A profile of one run, complete in itself.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// The program's name.
    pub program: String,
    /// The cell it ran on.
    pub cell: String,
    /// Dispatches, a superinstruction as one.
    pub dispatches: u64,
    /// Bytecode instructions that these stand for: at most, where a superinstruction was left early.
    pub instructions: u64,
    /// The whole run.
    pub run: RunTime,
    /// Opcodes, by time.
    pub ops: Vec<OpRow>,
    /// Instructions with inline caches.
    pub caches: Vec<CacheRow>,
    /// Pairs of opcodes, by count.
    pub pairs: Vec<Sequence>,
    /// Triples of opcodes, by count.
    pub triples: Vec<Sequence>,
    /// Functions, by time.
    pub functions: Vec<FunctionRow>,
    /// Source lines, by time.
    pub lines: Vec<LineRow>,
    /// Code of the functions where the time went, the hottest first.
    pub code: Vec<Listing>,
}

/// Times of the run, and how they were had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunTime {
    /// Processor time of the program without a profile, in nanoseconds, if it was measured.
    pub plain_ns: Option<f64>,
    /// Processor time with it.
    pub probed_ns: f64,
    /// Processor time of the instructions: without start-up, and without the profiler's own. From the program-counter samples.
    pub whole_ns: f64,
    /// Processor time outside of any code: start-up and the end.
    pub outside_ns: f64,
    /// Processor time of the profiler itself, but for what each dispatch pays to be recorded.
    pub own_ns: f64,
    /// Program-counter samples asked for, a second of processor time.
    pub pc_hertz: u32,
    /// Program-counter samples.
    pub pc_samples: u64,
    /// Stack samples asked for, a second of processor time.
    pub hertz: u32,
    /// Stack samples.
    pub ticks: u64,
    /// Share of stack samples with a function and an opcode, of those that were not in the profiler itself.
    pub located: f64,
    /// Stack samples in the profiler itself.
    pub own_ticks: u64,
}

impl RunTime {
    /// Processor time with the profile over that without.
    pub fn cost(&self) -> Option<f64> {
        let plain = self.plain_ns.filter(|&ns| ns > 0.0)?;
        Some(self.probed_ns / plain)
    }
}

/// An opcode.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct OpRow {
    /// Its name.
    pub name: String,
    /// Bytecode instructions it stands for; more than one: a superinstruction.
    pub width: u32,
    /// Executions.
    pub count: u64,
    /// Executions that left the fast path; of `tail` and `closure` only those that entered the full part.
    pub slow: u64,
    /// Its time.
    pub time: OpTime,
    /// What it did, if that was counted.
    pub traffic: Option<Traffic>,
}

/// A kind of instruction with an inline cache, by itself and as a part of superinstructions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CacheRow {
    /// Its name.
    pub name: String,
    /// Executions.
    pub executed: u64,
    /// Executions that the fast path answered from the cache. A few others had an answer too, but the receiver's
    /// last reference to drop.
    pub answered: u64,
}

impl CacheRow {
    /// Share of executions that the cache answered.
    pub fn hit_rate(&self) -> f64 {
        self.answered as f64 / self.executed.max(1) as f64
    }
}

/// Opcodes that followed each other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sequence {
    /// Their names.
    pub names: Vec<String>,
    /// How often.
    pub count: u64,
}

/// A function. Shares are of the whole, 0 to 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FunctionRow {
    /// Its name.
    pub name: String,
    /// Its file.
    pub file: String,
    /// Its first line.
    pub line: u32,
    /// Activations: how often its first instruction was executed.
    pub entered: u64,
    /// Dispatches in it.
    pub dispatches: u64,
    /// Share of time in itself, by program-counter samples.
    pub time: f64,
    /// Share of stack samples in itself.
    pub sampled: f64,
    /// Share of stack samples with it on the stack.
    pub total: f64,
}

/// A source line.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LineRow {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u32,
    /// Its text, if the file could be read.
    pub text: String,
    /// Dispatches of its instructions.
    pub dispatches: u64,
    /// Share of time, by program-counter samples.
    pub time: f64,
    /// Share of stack samples.
    pub sampled: f64,
}

/// A function's instructions.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Listing {
    /// The function's name.
    pub name: String,
    /// Its file.
    pub file: String,
    /// Its first line.
    pub line: u32,
    /// Its instructions in order.
    pub instructions: Vec<ListingRow>,
}

/// An instruction of a listing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ListingRow {
    /// Byte offset.
    pub offset: u32,
    /// Source line.
    pub line: u32,
    /// Opcode.
    pub name: String,
    /// Bytecode instructions it stands for.
    pub width: u32,
    /// Operand.
    pub argument: u32,
    /// What the operand means.
    pub meaning: String,
    /// Executions.
    pub count: u64,
    /// Share of time, by program-counter samples.
    pub time: f64,
    /// Share of stack samples.
    pub sampled: f64,
}
