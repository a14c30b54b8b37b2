//! Marking: what the roots lead to stays.
//!
//! Mark-sweep with an explicit stack; marks are in the headers' counts. The order after marking is that of
//! PEP 442: weak references to dead objects die, then dead objects whose finalizers have
//! not run are brought back with all that they lead to, and the rest is left to be swept.

use super::Arena;
use super::alloc::{Block, Heap, MARKED};
use super::value::ArenaValue;
use crate::layout::{self, cell_size, has_edges, heap_classes};
use crate::repr::Repr;
use ceval_vm_core::Vm;
use ceval_vm_core::object::{ClassId, CollectReason, Header, Kind, Tag, Value, Visitor};
use std::marker::PhantomData;
use std::time::Instant;

/// Marks what it is shown, and what that leads to.
pub struct Marker<R> {
    stack: Vec<*mut Header>,
    classes: Vec<*mut Header>,
    /// Bytes in the cells of marked objects.
    pub live: usize,
    /// Bytes that marked objects own beside their cells.
    pub owned: usize,
    repr: PhantomData<R>,
}

impl<R: Repr> Visitor<Arena<R>> for Marker<R> {
    #[inline(always)]
    fn visit(&mut self, value: &ArenaValue<R>) {
        if value.is_ptr() {
            self.mark(value.bits() as *mut Header);
        }
    }
}

impl<R: Repr> Marker<R> {
    /// A marker that has marked nothing; `classes` are the program's classes by id.
    pub fn new(classes: Vec<*mut Header>) -> Self {
        Marker {
            stack: Vec::new(),
            classes,
            live: 0,
            owned: 0,
            repr: PhantomData,
        }
    }

    /// Marks an object; its edges are followed by [`Marker::drain`].
    #[inline(always)]
    pub(crate) fn mark(&mut self, h: *mut Header) {
        // SAFETY: words in roots and in marked objects point at live objects.
        let header = unsafe { &*h };
        if header.count.get() == MARKED {
            return;
        }
        header.count.set(MARKED);
        let tag = header.tag.get();
        self.live += cell_size::<Arena<R>>(tag);
        if has_edges(tag) {
            self.stack.push(h);
        } else if tag.kind().owns_memory() {
            // SAFETY: as above.
            self.owned += unsafe { layout::owned_bytes::<Arena<R>>(h) };
        }
    }

    /// Follows the edges of all marked objects, their classes included.
    pub fn drain(&mut self) {
        while let Some(h) = self.stack.pop() {
            // SAFETY: a marked object is live.
            let tag = unsafe { (*h).tag.get() };
            if tag.kind().owns_memory() {
                // SAFETY: as above.
                self.owned += unsafe { layout::owned_bytes::<Arena<R>>(h) };
            }
            let class = tag.class();
            if let Some(&class) = self.classes.get(class.0 as usize)
                && !class.is_null()
            {
                self.mark(class);
            }
            // SAFETY: as above.
            unsafe { layout::trace_object::<Arena<R>>(h, self) };
        }
    }
}

/// Whether an object was reached.
fn is_marked(h: *mut Header) -> bool {
    // SAFETY: callers pass objects whose blocks were swept before the marking.
    unsafe { (*h).count.get() == MARKED }
}

/// Collects, unless native code holds values out of sight: then at a later safepoint.
/// On pressure sweeping is left to the allocator and the result is 0.
pub fn collect<R: Repr>(vm: &mut Vm<Arena<R>>, reason: CollectReason) -> usize {
    if vm.opaque_natives > 0 {
        vm.heap.is_overdue = true;
        vm.heap.ask_for_safepoint();
        return 0;
    }
    let start = Instant::now();
    vm.heap.prepare();
    let mut marker = Marker::new(heap_classes(vm));
    vm.trace_roots(&mut marker);
    mark_waiting(&mut vm.heap, &mut marker);
    clear_weak(&mut vm.heap);
    let finalizers = Finalizers::of(vm);
    let is_last = reason == CollectReason::Shutdown;
    revive_finalizable(&mut vm.heap, &mut marker, finalizers, is_last);
    let dead = marker.classes.iter().enumerate();
    let dead: Vec<usize> = dead
        .filter(|(_, h)| !h.is_null() && !is_marked(**h))
        .map(|(id, _)| id)
        .collect();
    for id in dead {
        vm.remove_class(ClassId(id as u32));
    }
    let reclaimed = finish(&mut vm.heap, &marker, reason);
    vm.heap.counters.collections += 1;
    vm.heap.counters.collect_ns += start.elapsed().as_nanos() as u64;
    reclaimed
}

/// Marks what waits for its finalizer, and all that the marked objects lead to.
pub fn mark_waiting<R: Repr>(heap: &mut Heap<Arena<R>>, marker: &mut Marker<R>) {
    for &bits in &heap.finalizable {
        marker.mark(bits as *mut Header);
    }
    marker.drain();
}

/// The weak references to unmarked objects die.
pub fn clear_weak<R: Repr>(heap: &mut Heap<Arena<R>>) {
    for address in heap.side.weak_targets() {
        if !is_marked(address as *mut Header) {
            heap.side.clear_weak(address);
            heap.ask_for_safepoint();
        }
    }
}

/// Which objects can have finalizers at all.
#[derive(Debug, Clone, Copy, Default)]
pub struct Finalizers {
    /// Some class made by the program has `__del__`.
    pub instances: bool,
    /// Generators and coroutines are closed when they die.
    pub generators: bool,
}

impl Finalizers {
    fn of<R: Repr>(vm: &Vm<Arena<R>>) -> Self {
        let classes = &vm.interp.classes;
        Finalizers {
            instances: classes.iter().any(|c| {
                let ty = c
                    .object
                    .get::<ceval_vm_core::types::class::Type<Arena<R>>>();
                c.slots.finalize.is_some() && ty.is_some_and(|t| t.is_heap)
            }),
            generators: GENERATORS.iter().any(|&k| {
                classes
                    .get(k as usize)
                    .is_some_and(|c| c.slots.finalize.is_some())
            }),
        }
    }
}

const GENERATORS: [Kind; 3] = [Kind::Generator, Kind::Coroutine, Kind::AsyncGenerator];

/// Queues unmarked objects that have a finalizer which has not run, and marks what they lead to.
/// Before the program's end, all such objects: their finalizers still find the modules' contents.
pub fn revive_finalizable<R: Repr>(
    heap: &mut Heap<Arena<R>>,
    marker: &mut Marker<R>,
    finalizers: Finalizers,
    is_last: bool,
) {
    if !finalizers.instances && !finalizers.generators {
        return;
    }
    let sizes = GENERATORS.map(|k| cell_size::<Arena<R>>(Tag::exact(k)) as u32);
    let mut found = Vec::new();
    for block in heap.all_blocks() {
        // SAFETY: the heap's blocks; all are swept, so that their unmarked objects have intact bodies.
        unsafe {
            if !finalizers.instances && !sizes.contains(&(*block).cell) {
                continue;
            }
            debug_assert!(!(*block).waits);
            for h in Block::occupied(block) {
                if !is_last && is_marked(h) {
                    continue;
                }
                if layout::has_finalizer::<Arena<R>>(h) && !heap.side.is_finalized(h as u64) {
                    found.push(h);
                }
            }
        }
    }
    for h in found {
        heap.side.set_finalized(h as u64);
        heap.finalizable.push(h as u64);
        marker.mark(h);
        heap.ask_for_safepoint();
    }
    marker.drain();
}

/// Leaves the unmarked objects to the sweeper; sweeps at once unless the reason is pressure.
pub fn finish<R: Repr>(
    heap: &mut Heap<Arena<R>>,
    marker: &Marker<R>,
    reason: CollectReason,
) -> usize {
    heap.side
        .retain(|address| is_marked(address as *mut Header));
    let before = heap.counters.collected;
    heap.finish_marking(marker.live, marker.owned);
    if reason != CollectReason::Pressure {
        heap.sweep_all();
    }
    (heap.counters.collected - before) as usize
}
