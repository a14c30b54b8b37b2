//! What a traced heap counts. Allocations are counted one by one with the feature `counters` only.

use ceval_vm_core::object::HeapStats;

/// Counters of one heap.
#[derive(Debug, Default)]
pub struct Counters {
    #[cfg(feature = "counters")]
    allocations: u64,
    #[cfg(feature = "counters")]
    bytes: u64,
    /// Bytes of blocks taken from the system.
    pub reserved: u64,
    /// Collections.
    pub collections: u64,
    /// Objects swept, as far as sweeping has come.
    pub collected: u64,
    /// Nanoseconds spent marking, and sweeping what was not swept in time.
    pub collect_ns: u64,
}

#[cfg(feature = "counters")]
impl Counters {
    /// A cell of `size` bytes is given out.
    #[inline(always)]
    pub fn allocated(&mut self, size: usize) {
        self.allocations += 1;
        self.bytes += size as u64;
    }

    fn allocations(&self) -> (u64, u64) {
        (self.allocations, self.bytes)
    }
}

#[cfg(not(feature = "counters"))]
impl Counters {
    /// A cell of `size` bytes is given out.
    #[inline(always)]
    pub fn allocated(&mut self, _size: usize) {}

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
            collections: self.collections,
            collected: self.collected,
            reserved: self.reserved,
            collect_ns: self.collect_ns,
        }
    }
}
