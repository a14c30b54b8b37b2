//! What instructions do to references and to memory.

use serde::{Deserialize, Serialize};

/// Exact counts from a run over the counting form of an object model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traffic {
    /// References added. A traced model has none.
    pub increments: u64,
    /// References given back.
    pub decrements: u64,
    /// Objects allocated.
    pub allocations: u64,
    /// Their bytes, without the buffers that they own.
    pub bytes: u64,
}

impl Traffic {
    /// Adds another's counts.
    pub fn add(&mut self, other: &Traffic) {
        self.increments += other.increments;
        self.decrements += other.decrements;
        self.allocations += other.allocations;
        self.bytes += other.bytes;
    }
}
