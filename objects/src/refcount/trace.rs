//! The collector of unreachable cycles.
//!
//! Trial deletion as CPython does it (`Modules/gcmodule.c`), without generations: every object starts with its
//! count; each edge found by tracing takes one off its target; what has references left is referred
//! to from outside the heap (stacks, tables, native code), and it and all that it leads to
//! lives. The rest is garbage. Counts are kept in arrays beside the blocks, so that a
//! collection writes no live object.
//!
//! The class of an object is an edge that is not counted. In exchange the class table's reference to a class
//! made by the program is not counted as one from outside: such a class lives while an
//! instance, a subclass or a name leads to it.
//!
//! Garbage is dealt with in the order of PEP 442: weak references to it die; objects whose finalizers have not run
//! are queued and live until the next collection, with all that they lead to; the others are
//! held, cleared and released.

use super::Refcount;
use super::alloc::{BLOCK, Block, FIRST, MAX_SMALL, MIN_GROWTH, Pool};
use super::stats::add;
use super::value::RcValue;
use crate::layout::{self, has_edges, heap_classes};
use crate::repr::Repr;
use ceval_vm_core::Vm;
use ceval_vm_core::object::{CollectReason, Header, Kind, Value, Visitor};
use ceval_vm_core::types::class::Type;
use std::time::Instant;

/// Set in an object's trial count once it is known to live.
const REACHED: u32 = 1 << 31;

/// Takes the edges of the object that is being traced.
pub struct CycleVisitor {
    phase: Phase,
    stack: Vec<*mut Header>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Each edge takes one off its target's trial count.
    Subtract,
    /// The target of each edge lives.
    Reach,
}

impl<R: Repr> Visitor<Refcount<R>> for CycleVisitor {
    #[inline]
    fn visit(&mut self, value: &RcValue<R>) {
        if !value.is_ptr() {
            return;
        }
        let h = value.bits() as *mut Header;
        match self.phase {
            Phase::Subtract => {
                // SAFETY: the words of live objects point at live objects.
                let slot = unsafe { trial_count(h) };
                // SAFETY: the slot stands in the array of the target's block.
                unsafe { *slot = (*slot).wrapping_sub(1) };
            }
            Phase::Reach => self.reach(h),
        }
    }
}

/// Where the trial count of an object stands.
///
/// # Safety
/// `h` must be an object of a pool that has [`TrialCounts`].
#[inline(always)]
unsafe fn trial_count(h: *const Header) -> *mut u32 {
    let block = Block::of(h);
    let at = (h as usize - block as usize) / 16;
    // SAFETY: as the caller promises; no two cells begin within the same 16 bytes.
    unsafe { (*block).counts.get().add(at) }
}

impl CycleVisitor {
    /// Notes that an object lives; its edges are followed by [`CycleVisitor::drain`].
    #[inline(always)]
    fn reach(&mut self, h: *mut Header) {
        // SAFETY: callers pass live objects, and the pool has trial counts while there is a visitor.
        unsafe {
            let slot = trial_count(h);
            if *slot & REACHED == 0 {
                *slot |= REACHED;
                if has_edges((*h).tag.get()) {
                    self.stack.push(h);
                }
            }
        }
    }

    /// Follows the edges of what was reached, classes included.
    fn drain<R: Repr>(&mut self, classes: &[*mut Header]) {
        while let Some(h) = self.stack.pop() {
            // SAFETY: what was reached is a live object.
            let class = unsafe { (*h).tag.get().class() };
            if let Some(&class) = classes.get(class.0 as usize)
                && !class.is_null()
            {
                self.reach(class);
            }
            // SAFETY: as above.
            unsafe { layout::trace_object::<Refcount<R>>(h, self) };
        }
    }
}

/// The arrays of trial counts, one a block; the blocks forget them when this is dropped.
struct TrialCounts {
    arrays: Vec<(*mut Block, Box<[u32]>)>,
}

impl TrialCounts {
    /// Every object's count.
    fn of(pool: &Pool) -> Self {
        let blocks = pool.all_blocks().into_iter();
        let arrays = blocks.map(|block| {
            // SAFETY: the pool's block; cells begin within its first `BLOCK` bytes.
            unsafe {
                let is_large = (*block).cell as usize > MAX_SMALL;
                let slots = if is_large { FIRST / 16 + 1 } else { BLOCK / 16 };
                let mut array = vec![0; slots].into_boxed_slice();
                (*block).counts.set(array.as_mut_ptr());
                for h in Block::live_cells(block) {
                    *trial_count(h) = (*h).count.get();
                }
                (block, array)
            }
        });
        TrialCounts {
            arrays: arrays.collect(),
        }
    }
}

impl Drop for TrialCounts {
    fn drop(&mut self) {
        for (block, _) in &self.arrays {
            // SAFETY: no object is released while there are trial counts, so the block is there.
            unsafe { (**block).counts.set(std::ptr::null_mut()) };
        }
    }
}

/// Finds garbage: objects with edges that nothing outside the heap leads to. Objects with finalizers
/// that have not run are queued instead, and what they lead to is left out.
/// `classes` are the program's classes by id, each with one reference from the class table.
pub fn find_garbage<R: Repr>(pool: &Pool, classes: &[*mut Header]) -> Vec<*mut Header> {
    let counts = TrialCounts::of(pool);
    // SAFETY: headers of live objects are readable.
    let edged: Vec<*mut Header> = pool
        .live_objects()
        .filter(|&h| unsafe { has_edges((*h).tag.get()) })
        .collect();
    pool.growth.set(0);
    pool.threshold.set((edged.len() / 4).max(MIN_GROWTH));
    let mut visitor = CycleVisitor {
        phase: Phase::Subtract,
        stack: Vec::new(),
    };
    for &class in classes.iter().filter(|c| !c.is_null()) {
        // SAFETY: a class in the table is a live object of this pool.
        unsafe { *trial_count(class) -= 1 };
    }
    for &h in &edged {
        // SAFETY: a live object.
        unsafe { layout::trace_object::<Refcount<R>>(h, &mut visitor) };
    }
    visitor.phase = Phase::Reach;
    for &h in &edged {
        // SAFETY: a live object, with a trial count.
        if unsafe { *trial_count(h) } & !REACHED != 0 {
            visitor.reach(h);
            visitor.drain::<R>(classes);
        }
    }
    // SAFETY: as above.
    let is_garbage = |h: &*mut Header| unsafe { *trial_count(*h) } & REACHED == 0;
    let mut garbage: Vec<*mut Header> = edged.into_iter().filter(is_garbage).collect();
    for &h in &garbage {
        // SAFETY: garbage is intact so far.
        unsafe { pool.clear_weak(h) };
    }
    let mut is_any = false;
    for &h in &garbage {
        // SAFETY: as above.
        unsafe {
            if !pool.is_closing.get()
                && layout::has_finalizer::<Refcount<R>>(h)
                && !pool.is_finalized(h)
            {
                pool.queue_finalizer(h);
                visitor.reach(h);
                is_any = true;
            }
        }
    }
    if is_any {
        visitor.drain::<R>(classes);
        garbage.retain(is_garbage);
    }
    drop(counts);
    garbage
}

/// Breaks the cycles of garbage and lets it go.
///
/// # Safety
/// `garbage` must be what [`find_garbage`] has just given.
pub unsafe fn reclaim<R: Repr>(garbage: &[*mut Header]) {
    // SAFETY: garbage is intact; the references taken here keep it so until all of it is cleared.
    unsafe {
        for &h in garbage {
            (*h).count.set((*h).count.get() + 1);
        }
        for &h in garbage {
            layout::clear_object::<Refcount<R>>(h);
        }
        for &h in garbage {
            drop(RcValue::<R>::from_bits(h as u64));
        }
    }
}

/// Reclaims unreachable cycles; gives the number of objects in them.
pub fn collect<R: Repr>(vm: &mut Vm<Refcount<R>>, _: CollectReason) -> usize {
    let start = Instant::now();
    let garbage = find_garbage::<R>(vm.heap.pool(), &heap_classes(vm));
    let mut dead_classes = Vec::new();
    for &h in &garbage {
        // SAFETY: garbage is intact until `reclaim`; a `Type` is the body of its kind.
        let class = unsafe {
            ((*h).tag.get().kind_byte() == Kind::Type as u8)
                .then(|| &*h.add(1).cast::<Type<Refcount<R>>>())
        };
        if let Some(class) = class.filter(|t| t.is_heap) {
            let id = class.id;
            dead_classes.push(vm.remove_class(id));
        }
    }
    // SAFETY: found above; taking classes out of their table has released nothing.
    unsafe { reclaim::<R>(&garbage) };
    drop(dead_classes);
    let pool = vm.heap.pool();
    add(&pool.counters.collections, 1);
    add(&pool.counters.collected, garbage.len() as u64);
    add(&pool.counters.collect_ns, start.elapsed().as_nanos() as u64);
    if pool.options.stress {
        pool.ask_for_safepoint();
    }
    garbage.len()
}

/// The machine has dropped what it held: everything that is left in cycles goes, without finalizers.
pub fn shutdown<R: Repr>(vm: &mut Vm<Refcount<R>>) {
    vm.heap.pool().is_closing.set(true);
    drop(<Refcount<R> as ceval_vm_core::object::ObjectModel>::take_finalizable(&mut vm.heap));
    let garbage = find_garbage::<R>(vm.heap.pool(), &[]);
    // SAFETY: found just now.
    unsafe { reclaim::<R>(&garbage) };
}
