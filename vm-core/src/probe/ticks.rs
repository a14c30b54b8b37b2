//! What a sampling clock and the machine that it samples share.
//!
//! The machine writes the unit that it dispatches; the clock, on a thread of its own, reads which one that is at the moment
//! of a tick, and leaves word. So what a sample says does not hang on when the machine notices: a test for ticks may be
//! executed long before the instruction in front of it is finished, while what the machine writes is seen by another
//! thread in order and not before that. The machine looks at the word at its next dispatch
//! and adds the Python stack. Nothing else of the machine is ever looked at by another thread.

use super::places::Entry;
use std::sync::atomic::{AtomicBool, AtomicPtr, AtomicU32, AtomicUsize, Ordering};

/// Dispatches in a batch of the trace.
pub(super) const BATCH: usize = 1 << 12;

/// The shared state: the machine's batch of dispatches, and ticks that wait for an answer.
pub struct Ticks {
    /// Where in the batch the next dispatch goes.
    at: AtomicPtr<AtomicUsize>,
    /// Ticks that no sample has answered yet.
    count: AtomicU32,
    /// The last dispatch when the last of them came.
    seen: AtomicUsize,
    /// Whether the probe itself is at work.
    is_busy: AtomicBool,
    /// Ticks that came then.
    own: AtomicU32,
    /// Code objects that have been linked.
    linked: AtomicU32,
    /// The first entry is the last one of the batch before.
    batch: Box<[AtomicUsize; BATCH + 1]>,
}

impl Default for Ticks {
    fn default() -> Self {
        let batch = Box::new([const { AtomicUsize::new(0) }; BATCH + 1]);
        let ticks = Ticks {
            at: AtomicPtr::new(std::ptr::null_mut()),
            count: AtomicU32::new(0),
            seen: AtomicUsize::new(0),
            is_busy: AtomicBool::new(false),
            own: AtomicU32::new(0),
            linked: AtomicU32::new(0),
            batch,
        };
        ticks.rewind();
        ticks
    }
}

/// Where the machine was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Spot {
    /// Address of the unit that it executed; 0 before the first one and after the last.
    pub address: usize,
    /// Code objects that had been linked: only these can stand at the address.
    pub linked: u32,
}

/// What a look at the machine has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// The machine at work.
    At(Spot),
    /// The probe.
    Own,
}

impl Ticks {
    /// Where the machine is. It does not learn of this.
    pub fn look(&self) -> Look {
        if self.is_busy.load(Ordering::Relaxed) {
            return Look::Own;
        }
        Look::At(Spot {
            address: self.last().address(),
            linked: self.linked.load(Ordering::Relaxed),
        })
    }

    /// The last dispatch.
    fn last(&self) -> Entry {
        let last = self.at.load(Ordering::Acquire).wrapping_sub(1);
        // SAFETY: `at` points behind the first entry of the batch, or further, and the batch lives as long as this.
        let last = unsafe { &*last };
        Entry::of(last.load(Ordering::Relaxed))
    }

    /// The clock has ticked so often since it was here last.
    pub fn tick(&self, times: u32) {
        if self.is_busy.load(Ordering::Relaxed) {
            self.own.fetch_add(times, Ordering::Relaxed);
            return;
        }
        self.seen.store(self.last().address(), Ordering::Relaxed);
        self.count.fetch_add(times, Ordering::Release);
    }

    /// Ticks that no sample has answered yet, those that came while the probe was at work included.
    pub fn waiting(&self) -> u32 {
        self.count.load(Ordering::Relaxed) + self.own.load(Ordering::Relaxed)
    }

    /// The batch is empty again.
    pub(super) fn rewind(&self) {
        let first = (&raw const self.batch[1]).cast_mut();
        self.at.store(first, Ordering::Release);
    }

    /// Writes the next dispatch; gives where the one after it will go. The caller sees to it that there is room.
    #[inline(always)]
    pub(super) fn push(&self, unit: *const u8) -> *mut AtomicUsize {
        let at = self.at.load(Ordering::Relaxed);
        let next = at.wrapping_add(1);
        // SAFETY: within the batch: callers stop at its end.
        unsafe { (*at).store(unit as usize, Ordering::Relaxed) };
        self.at.store(next, Ordering::Release);
        next
    }

    /// Marks the last dispatch as one behind a full part.
    #[inline(always)]
    pub(super) fn mark(&self) {
        let last = self.at.load(Ordering::Relaxed).wrapping_sub(1);
        // SAFETY: as in `last`.
        let last = unsafe { &*last };
        let entry = Entry::of(last.load(Ordering::Relaxed)).after_full();
        last.store(entry.bits(), Ordering::Relaxed);
    }

    /// Whether ticks wait.
    #[inline(always)]
    pub(super) fn is_due(&self) -> bool {
        self.count.load(Ordering::Relaxed) != 0
    }

    /// Takes the ticks that wait, and the address of the unit that was last dispatched when they came.
    pub(super) fn take(&self) -> (u32, usize) {
        let count = self.count.swap(0, Ordering::Acquire);
        (count, self.seen.load(Ordering::Relaxed))
    }

    /// The probe begins or ends its own work. At the end it is told of the ticks that came meanwhile.
    pub(super) fn set_busy(&self, is_busy: bool) -> u32 {
        self.is_busy.store(is_busy, Ordering::Relaxed);
        if is_busy {
            0
        } else {
            self.own.swap(0, Ordering::Relaxed)
        }
    }

    /// So many code objects have been linked.
    pub(super) fn set_linked(&self, codes: u32) {
        self.linked.store(codes, Ordering::Relaxed);
    }

    /// The program has ended: the machine executes nothing.
    pub(super) fn leave(&self) {
        self.batch[0].store(0, Ordering::Relaxed);
    }

    /// Dispatches in the batch.
    pub(super) fn filled(&self) -> usize {
        let first = &raw const self.batch[1];
        (self.at.load(Ordering::Relaxed) as usize - first as usize) / size_of::<AtomicUsize>()
    }

    /// The address of where a dispatch of the batch goes.
    pub(super) fn place(&self, dispatch: usize) -> *mut AtomicUsize {
        (&raw const self.batch[1]).cast_mut().wrapping_add(dispatch)
    }

    /// The first `filled` dispatches of the batch. For the machine's thread, which is the one that writes them.
    pub(super) fn entries(&self, filled: usize) -> &[Entry] {
        let entries = &self.batch[1..=filled];
        // SAFETY: an `Entry` is a word, as an atomic word is one; nobody writes to them while they are borrowed, since that
        // is done by this thread and between visits to the probe.
        unsafe { std::slice::from_raw_parts(entries.as_ptr().cast::<Entry>(), entries.len()) }
    }

    /// The unit that was dispatched before the last one.
    pub(super) fn before_last(&self) -> usize {
        Entry::of(self.batch[self.filled() - 1].load(Ordering::Relaxed)).address()
    }

    /// The last entry of a batch of so many becomes the one before the next batch.
    pub(super) fn carry(&self, filled: usize) {
        let last = self.batch[filled].load(Ordering::Relaxed);
        self.batch[0].store(last, Ordering::Relaxed);
        self.rewind();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tick_sees_the_last_dispatch() {
        let ticks = Ticks::default();
        ticks.push(0x1000 as *const u8);
        ticks.push(0x1010 as *const u8);
        ticks.mark();
        ticks.tick(2);
        assert!(ticks.is_due());
        assert_eq!(ticks.waiting(), 2);
        ticks.push(0x1020 as *const u8);
        assert_eq!(ticks.take(), (2, 0x1010));
        assert_eq!((ticks.filled(), ticks.before_last()), (3, 0x1010));
        let entries = ticks.entries(3);
        assert!(entries[1].is_after_full() && !entries[2].is_after_full());
        ticks.carry(3);
        let spot = |address| Spot { address, linked: 0 };
        assert_eq!(ticks.look(), Look::At(spot(0x1020)));
        ticks.push(0x1030 as *const u8);
        assert_eq!((ticks.filled(), ticks.before_last()), (1, 0x1020));
    }

    #[test]
    fn ticks_of_the_probes_own_time_are_kept_apart() {
        let ticks = Ticks::default();
        assert_eq!(ticks.set_busy(true), 0);
        ticks.tick(3);
        assert_eq!(ticks.look(), Look::Own);
        assert!(!ticks.is_due());
        assert_eq!(ticks.set_busy(false), 3);
        assert_eq!((ticks.waiting(), ticks.set_busy(false)), (0, 0));
    }

    #[test]
    fn a_look_knows_what_was_linked_and_leaves_no_word() {
        let ticks = Ticks::default();
        let spot = |address, linked| Look::At(Spot { address, linked });
        assert_eq!(ticks.look(), spot(0, 0));
        ticks.set_linked(3);
        ticks.push(0x1010 as *const u8);
        ticks.mark();
        assert_eq!(ticks.look(), spot(0x1010, 3));
        assert!(!ticks.is_due());
        ticks.carry(1);
        ticks.leave();
        assert_eq!(ticks.look(), spot(0, 3));
    }
}
