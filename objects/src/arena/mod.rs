//! A traced arena: words are plain data, allocation bumps a pointer, and a collector finds what is dead.
//!
//! - [`value`]: the word; [`alloc`]: blocks, lanes, spans and sweeping;
//! - [`trace`]: marking, weak references, finalizers; [`stats`]: what is counted.
//!
//! Invariants: objects do not move; collection happens at safepoints only, so no handler sees one in its
//! middle; an object that is not reached from [`ceval_vm_core::Vm::trace_roots`] may be reclaimed.

pub mod alloc;
pub mod stats;
pub mod trace;
pub mod value;

#[cfg(test)]
mod tests;

use crate::layout::{has_edges, header_of};
use crate::repr::Repr;
use alloc::{Heap, NUMBER};
use ceval_vm_core::Vm;
use ceval_vm_core::object::model::HeapOptions;
use ceval_vm_core::object::{
    CollectReason, Event, Header, HeapStats, Kind, ObjectModel, Tag, Value,
};
use std::marker::PhantomData;
use std::ptr::NonNull;
use value::ArenaValue;

/// The model; `R` says how integers are represented.
pub struct Arena<R>(PhantomData<R>);

/// The word of an object.
fn word<R: Repr>(h: u64) -> ArenaValue<R> {
    // SAFETY: callers pass addresses of live objects; words of this model own nothing.
    unsafe { ArenaValue::from_bits(h) }
}

// SAFETY: rule 1: `Heap::cell` gives free cells of the size asked for, or of the next multiple of 8;
// rule 2: marking; rule 3: a body is dropped when its block is swept, after which its cell is free, or with
// the heap; rule 4: nothing here runs Python code.
unsafe impl<R: Repr> ObjectModel for Arena<R> {
    type Value = ArenaValue<R>;
    type Heap = Heap<Self>;
    type Visitor = trace::Marker<R>;
    const NAME: &'static str = if R::TAGGED {
        "arena-tagged"
    } else {
        "arena-boxed"
    };
    const TRACED: bool = true;
    const COUNTED: bool = R::COUNTED;

    fn new_heap(options: HeapOptions) -> Heap<Self> {
        Heap::new(options)
    }

    #[inline(always)]
    fn allocate(heap: &mut Heap<Self>, size: usize, tag: Tag) -> NonNull<Header> {
        heap.cell(size, tag)
    }

    #[inline(always)]
    fn try_allocate(heap: &mut Heap<Self>, size: usize, tag: Tag) -> Option<NonNull<Header>> {
        heap.try_cell(size, tag)
    }

    #[inline]
    fn written(heap: &mut Heap<Self>, object: NonNull<Header>) {
        // SAFETY: the object is new and its body has been written.
        heap.spend_owned(unsafe { crate::layout::owned_bytes::<Self>(object.as_ptr()) });
    }

    #[inline(always)]
    unsafe fn try_free(_: &ArenaValue<R>, _: usize) -> bool {
        true
    }

    #[inline(always)]
    unsafe fn float_result(heap: &mut Heap<Self>, _: u64, _: u64, f: f64) -> Option<ArenaValue<R>> {
        let h = heap.try_cell(NUMBER, Tag::exact(Kind::Float))?;
        // SAFETY: the cell is ours and has room for an `f64` behind its header.
        unsafe { h.as_ptr().add(1).cast::<f64>().write(f) };
        Some(word(h.as_ptr() as u64))
    }

    fn collect(vm: &mut Vm<Self>, reason: CollectReason) -> usize {
        trace::collect(vm, reason)
    }

    fn shutdown(_: &mut Vm<Self>) {
        // The heap drops every body when it is dropped, and looks at nothing else then.
    }

    fn wants_collection(heap: &Heap<Self>) -> bool {
        heap.wants_collection()
    }

    fn set_collecting(heap: &mut Heap<Self>, on: bool) -> bool {
        std::mem::replace(&mut heap.is_enabled, on)
    }

    fn take_finalizable(heap: &mut Heap<Self>) -> Vec<ArenaValue<R>> {
        std::mem::take(&mut heap.finalizable)
            .into_iter()
            .map(word)
            .collect()
    }

    fn new_weak(heap: &mut Heap<Self>, target: &ArenaValue<R>) -> u64 {
        match header_of(target) {
            Some(h) => heap.side.token(h as u64).0,
            // Nothing that has weak references is an immediate; a token that was never given out is dead.
            None => 0,
        }
    }

    fn upgrade(heap: &Heap<Self>, token: u64) -> Option<ArenaValue<R>> {
        heap.side.target(token).map(word)
    }

    fn take_dead_weak(heap: &mut Heap<Self>) -> Vec<u64> {
        heap.side.take_dead()
    }

    fn reference_count(_: &ArenaValue<R>) -> Option<u32> {
        None
    }

    fn objects(heap: &Heap<Self>) -> Vec<ArenaValue<R>> {
        heap.objects()
            // SAFETY: objects that are not known to be dead have readable headers.
            .filter(|&h| unsafe { has_edges((*h).tag.get()) })
            .map(|h| word(h as u64))
            .collect()
    }

    #[inline(always)]
    fn count(heap: &mut Heap<Self>, event: Event) {
        if R::COUNTED {
            heap.counters.events.add(event);
        }
    }

    fn stats(heap: &Heap<Self>) -> HeapStats {
        heap.counters.stats()
    }
}
