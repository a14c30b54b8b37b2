//! What a counted heap counts. References, allocations and events only in a model that is [`crate::Counted`].

use ceval_vm_core::object::{Event, Events, HeapStats};
use std::cell::Cell;

/// Counters of one heap.
#[derive(Debug, Default)]
pub struct Counters {
    allocations: Cell<u64>,
    bytes: Cell<u64>,
    /// References added.
    pub increments: Cell<u64>,
    /// References given back.
    pub decrements: Cell<u64>,
    events: Cell<Events>,
    /// Bytes of blocks taken from the system.
    pub reserved: Cell<u64>,
    /// Cycle collections.
    pub collections: Cell<u64>,
    /// Objects found in unreachable cycles.
    pub collected: Cell<u64>,
    /// Nanoseconds spent in them.
    pub collect_ns: Cell<u64>,
}

/// Adds to a counter.
#[inline(always)]
pub fn add(counter: &Cell<u64>, n: u64) {
    counter.set(counter.get() + n);
}

impl Counters {
    /// A cell of `size` bytes was given out.
    pub fn allocated(&self, size: usize) {
        add(&self.allocations, 1);
        add(&self.bytes, size as u64);
    }

    /// An event came.
    pub fn event(&self, event: Event) {
        let mut events = self.events.get();
        events.add(event);
        self.events.set(events);
    }

    /// The counters as the contract has them.
    pub fn stats(&self) -> HeapStats {
        HeapStats {
            allocations: self.allocations.get(),
            bytes: self.bytes.get(),
            collections: self.collections.get(),
            collected: self.collected.get(),
            reserved: self.reserved.get(),
            collect_ns: self.collect_ns.get(),
            increments: self.increments.get(),
            decrements: self.decrements.get(),
            events: self.events.get(),
        }
    }
}
