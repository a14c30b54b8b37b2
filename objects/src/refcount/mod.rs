//! Reference counting: an object dies with its last reference, as in CPython.
//!
//! - [`value`]: the word; [`alloc`]: cells, free lists and the death of an object;
//! - [`trace`]: the collector of unreachable cycles; [`stats`]: what is counted.
//!
//! Invariants: a live object's count is the number of words that refer to it, and not 0; a header's class
//! id is not counted. Cells keep their place and their size.

pub mod alloc;
pub mod stats;
pub mod trace;
pub mod value;

#[cfg(test)]
mod tests;

use crate::layout::{has_edges, header_of};
use crate::repr::Repr;
use alloc::{NUMBER, Pool};
use ceval_vm_core::Vm;
use ceval_vm_core::object::model::HeapOptions;
use ceval_vm_core::object::{CollectReason, Event, Header, HeapStats, ObjectModel, Tag, Value};
use std::marker::PhantomData;
use std::ptr::NonNull;
use value::RcValue;

/// The model; `R` says how integers are represented.
pub struct Refcount<R>(PhantomData<R>);

/// A counted heap: owner of its pool.
pub struct Heap<R: Repr> {
    pool: NonNull<Pool>,
    repr: PhantomData<R>,
}

impl<R: Repr> Heap<R> {
    /// The pool.
    #[inline(always)]
    pub fn pool(&self) -> &Pool {
        // SAFETY: the pool lives until the heap is dropped.
        unsafe { self.pool.as_ref() }
    }
}

impl<R: Repr> Drop for Heap<R> {
    fn drop(&mut self) {
        drop(Refcount::<R>::take_finalizable(self));
        let is_empty = self.pool().live_objects().next().is_none();
        if is_empty {
            // SAFETY: leaked by `Pool::new`; no object is left that could find it through its block.
            drop(unsafe { Box::from_raw(self.pool.as_ptr()) });
        }
        // Else somebody still holds a value, or a cycle was not collected: memory stays, rather
        // than dangle.
    }
}

/// A counted word of bits that were borrowed from somewhere.
///
/// # Safety
/// `bits` must be a word of a live object.
unsafe fn another<R: Repr>(bits: u64) -> RcValue<R> {
    // SAFETY: the word is not dropped, so the reference of the place it came from stays.
    let word = std::mem::ManuallyDrop::new(unsafe { RcValue::from_bits(bits) });
    (*word).clone()
}

// SAFETY: rule 1: `Pool::cell` gives free cells of the size asked for, or of the next multiple of 8;
// rule 2: counting; rule 3: `alloc::release` is called once, when a count becomes 0, and is the only place
// where bodies are dropped; rule 4: `release` queues finalizers, nothing else here could run code.
unsafe impl<R: Repr> ObjectModel for Refcount<R> {
    type Value = RcValue<R>;
    type Heap = Heap<R>;
    type Visitor = trace::CycleVisitor;
    const NAME: &'static str = if R::TAGGED {
        "refcount-tagged"
    } else {
        "refcount-boxed"
    };
    const TRACED: bool = false;
    const COUNTED: bool = R::COUNTED;

    fn new_heap(options: HeapOptions) -> Heap<R> {
        Heap {
            pool: Pool::new(options),
            repr: PhantomData,
        }
    }

    #[inline(always)]
    fn allocate(heap: &mut Heap<R>, size: usize, tag: Tag) -> NonNull<Header> {
        if R::COUNTED {
            heap.pool().counters.allocated(size);
        }
        heap.pool().cell(size, tag)
    }

    #[inline(always)]
    fn try_allocate(heap: &mut Heap<R>, size: usize, tag: Tag) -> Option<NonNull<Header>> {
        let cell = heap.pool().try_cell(size, tag);
        if R::COUNTED && cell.is_some() {
            heap.pool().counters.allocated(size);
        }
        cell
    }

    #[inline(always)]
    unsafe fn try_free(value: &RcValue<R>, size: usize) -> bool {
        // SAFETY: the caller passes a word of an object with this size and a dead body.
        unsafe { alloc::try_free(value.bits() as *mut Header, size) }
    }

    #[inline(always)]
    unsafe fn float_result(heap: &mut Heap<R>, a: u64, b: u64, f: f64) -> Option<RcValue<R>> {
        let (x, y) = (a as *mut Header, b as *mut Header);
        // SAFETY: both are live floats, each word owns a reference. A count of 1 therefore means that
        // the other operand is another object.
        unsafe {
            if (*x).count.get() == 1 {
                x.add(1).cast::<f64>().write(f);
                RcValue::<R>::from_bits(b).drop_easy();
                return Some(RcValue::from_bits(a));
            }
            if (*y).count.get() == 1 {
                y.add(1).cast::<f64>().write(f);
                RcValue::<R>::from_bits(a).drop_easy();
                return Some(RcValue::from_bits(b));
            }
            let result = heap
                .pool()
                .try_cell(NUMBER, Tag::exact(ceval_vm_core::object::Kind::Float))?;
            if R::COUNTED {
                heap.pool().counters.allocated(NUMBER);
            }
            result.add(1).cast::<f64>().write(f);
            RcValue::<R>::from_bits(a).drop_easy();
            RcValue::<R>::from_bits(b).drop_easy();
            Some(RcValue::from_bits(result.as_ptr() as u64))
        }
    }

    fn collect(vm: &mut Vm<Self>, reason: CollectReason) -> usize {
        trace::collect(vm, reason)
    }

    fn shutdown(vm: &mut Vm<Self>) {
        trace::shutdown(vm)
    }

    fn wants_collection(heap: &Heap<R>) -> bool {
        heap.pool().wants_collection()
    }

    fn set_collecting(heap: &mut Heap<R>, on: bool) -> bool {
        heap.pool().collects.replace(on)
    }

    fn take_finalizable(heap: &mut Heap<R>) -> Vec<RcValue<R>> {
        let waiting = std::mem::take(&mut *heap.pool().finalizable.borrow_mut());
        // SAFETY: each entry owns a reference, which passes to the word.
        waiting
            .into_iter()
            .map(|bits| unsafe { RcValue::from_bits(bits) })
            .collect()
    }

    fn new_weak(heap: &mut Heap<R>, target: &RcValue<R>) -> u64 {
        match header_of(target) {
            // SAFETY: a word of this heap's model points at an object of one of its pools; a program
            // has words of its own heap only.
            Some(h) => unsafe { heap.pool().weak_token(h) },
            // Nothing that has weak references is an immediate; a token that was never given out is dead.
            None => 0,
        }
    }

    fn upgrade(heap: &Heap<R>, token: u64) -> Option<RcValue<R>> {
        let bits = heap.pool().side.borrow().target(token)?;
        // SAFETY: tokens of objects are removed when their targets are released.
        Some(unsafe { another(bits) })
    }

    fn take_dead_weak(heap: &mut Heap<R>) -> Vec<u64> {
        heap.pool().side.borrow_mut().take_dead()
    }

    fn reference_count(value: &RcValue<R>) -> Option<u32> {
        value.header().map(|h| h.count.get())
    }

    fn objects(heap: &Heap<R>) -> Vec<RcValue<R>> {
        heap.pool()
            .live_objects()
            // SAFETY: the headers of live objects are readable.
            .filter(|&h| unsafe { has_edges((*h).tag.get()) })
            // SAFETY: the address of a live object is a word of it.
            .map(|h| unsafe { another(h as u64) })
            .collect()
    }

    #[inline(always)]
    fn count(heap: &mut Heap<R>, event: Event) {
        if R::COUNTED {
            heap.pool().counters.event(event);
        }
    }

    fn stats(heap: &Heap<R>) -> HeapStats {
        heap.pool().counters.stats()
    }
}
