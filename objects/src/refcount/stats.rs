//! What a counted heap counts. Allocations are counted one by one with the feature `counters` only.

use ceval_vm_core::object::HeapStats;
use std::cell::Cell;

/// Counters of one heap.
#[derive(Debug, Default)]
pub struct Counters {
    #[cfg(feature = "counters")]
    allocations: Cell<u64>,
    #[cfg(feature = "counters")]
    bytes: Cell<u64>,
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

#[cfg(feature = "counters")]
impl Counters {
    /// A cell of `size` bytes is given out.
    #[inline(always)]
    pub fn allocated(&self, size: usize) {
        add(&self.allocations, 1);
        add(&self.bytes, size as u64);
    }

    fn allocations(&self) -> (u64, u64) {
        (self.allocations.get(), self.bytes.get())
    }
}

#[cfg(not(feature = "counters"))]
impl Counters {
    /// A cell of `size` bytes is given out.
    #[inline(always)]
    pub fn allocated(&self, _size: usize) {}

    fn allocations(&self) -> (u64, u64) {
        (0, 0)
    }
}

impl Counters {
    /// The counters as the contract has them.
    pub fn stats(&self) -> HeapStats {
        let (allocations, bytes) = self.allocations();
        HeapStats {
            allocations,
            bytes,
            collections: self.collections.get(),
            collected: self.collected.get(),
            reserved: self.reserved.get(),
            collect_ns: self.collect_ns.get(),
        }
    }
}
