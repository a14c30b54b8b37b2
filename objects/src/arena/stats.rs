//! What a traced heap counts. Allocations and events only in a model that is [`crate::Counted`].

use ceval_vm_core::object::{Events, HeapStats};

/// Counters of one heap.
#[derive(Debug, Default)]
pub struct Counters {
    allocations: u64,
    bytes: u64,
    /// Events of the machine.
    pub events: Events,
    /// Bytes of blocks taken from the system.
    pub reserved: u64,
    /// Collections.
    pub collections: u64,
    /// Objects swept, as far as sweeping has come.
    pub collected: u64,
    /// Nanoseconds spent marking, and sweeping what was not swept in time.
    pub collect_ns: u64,
}

impl Counters {
    /// A cell of `size` bytes was given out.
    pub fn allocated(&mut self, size: usize) {
        self.allocations += 1;
        self.bytes += size as u64;
    }

    /// The counters as the contract has them. There are no references to count.
    pub fn stats(&self) -> HeapStats {
        HeapStats {
            allocations: self.allocations,
            bytes: self.bytes,
            collections: self.collections,
            collected: self.collected,
            reserved: self.reserved,
            collect_ns: self.collect_ns,
            increments: 0,
            decrements: 0,
            events: self.events,
        }
    }
}
