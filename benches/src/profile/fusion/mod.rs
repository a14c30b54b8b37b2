//! Superinstructions from profiles: which sequences of instructions to fuse, and what that saves on programs they were not
//! chosen by.
//!
//! A trace of an unfused run is cut into *straights*: instructions that stood and ran one after the other, each with
//! whether it took its slow path. From these the dispatches of any set of superinstructions follow exactly, for the
//! rules of a superinstruction are simple (`vm-core/src/instr/fuse.rs`, `semantics/fused.rs`): each slot has the longest pattern that
//! matches the code there; a superinstruction runs until a part takes its slow path; that part is
//! dispatched at its own slot if it is not the first. [`straight`] collects, [`replay`] counts, [`mod@choose`] picks the set greedily.
//! Proebsting: "Optimizing an ANSI C interpreter with superoperators", POPL 1995; Ertl, Gregg, JILP 5, 2003.

pub mod choose;
pub mod replay;
pub mod straight;

#[cfg(test)]
mod tests;

pub use choose::{Chosen, choose};
pub use replay::{Effect, Patterns, effect};
pub use straight::{Collector, Straight};

/// Parts of the longest superinstruction.
pub const LONGEST: usize = 4;

/// The straights of one program.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// The program's name.
    pub program: String,
    /// Its straights, each with how often it ran.
    pub straights: Vec<Straight>,
}

impl Trace {
    /// Dispatches without superinstructions.
    pub fn dispatches(&self) -> u64 {
        let steps = |s: &Straight| s.count * s.executed() as u64;
        self.straights.iter().map(steps).sum()
    }
}
