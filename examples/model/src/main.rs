//! `marksweep-tagged`: each object is an allocation of its own, and a collector that marks and sweeps finds what is dead.
//!
//! The least that a traced heap can be: what `arena` gains over it is the worth of free lists and blocks.
//! McCarthy: "Recursive functions of symbolic expressions and their computation by machine", CACM 3(4), 1960.

use ceval_cells::{Entry, register};
use ceval_dispatch_switch::{Oracle, Switch};
use ceval_dispatch_threaded::tail::Tail;
use ceval_objects::layout::{self, cell_size, has_edges, has_finalizer, header_of, owned_bytes};
use ceval_objects::side::SideTable;
use ceval_vm_core::object::model::HeapOptions;
use ceval_vm_core::object::{ClassId, CollectReason, Header, HeapStats, ObjectModel, Tag};
use ceval_vm_core::object::{Value, Visitor};
use ceval_vm_core::{Vm, machine::safepoint};
use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::{cell::Cell, mem, ptr::NonNull, sync::atomic::Ordering};

fn main() -> std::process::ExitCode {
    register(Entry::of::<MarkSweep, Switch>());
    register(Entry::of::<MarkSweep, Tail>());
    register(Entry::of::<MarkSweep, Oracle>());
    ceval::main()
}

/// A value: pointer, 63-bit integer or singleton, as drawn in `vm-core/src/object/value.rs`. Plain data.
#[derive(Clone, Copy)]
struct Word(u64);

// SAFETY: rule 1: the word is stored as it is given; rule 2: objects are freed at safepoints alone, where every word
// in use can be reached from the roots; rule 3: nothing is dropped.
unsafe impl Value for Word {
    type Model = MarkSweep;
    const TAGGED: bool = true;
    fn bits(&self) -> u64 {
        self.0
    }
    unsafe fn from_bits(bits: u64) -> Self {
        Word(bits)
    }
    fn is_easy(&self) -> bool {
        true
    }
    unsafe fn drop_easy(self) {}
    fn is_easy_twice(&self) -> bool {
        true
    }
    fn is_unique(&self) -> bool {
        false
    }
}

/// Bytes allocated between two collections at least.
const LEAST_BUDGET: usize = 8 << 20;
/// The count in an object's header; between collections nothing is marked.
const UNMARKED: u32 = 0;
const MARKED: u32 = 1;

struct Heap {
    objects: Vec<*mut Header>,
    side: SideTable,
    /// Dead but for their finalizers, which the machine is to run.
    finalizable: Vec<Word>,
    options: HeapOptions,
    /// Bytes that may be allocated until the next collection.
    budget: usize,
    stats: HeapStats,
}

impl Heap {
    /// Bytes were allocated, in a cell or by a body for itself.
    fn spend(&mut self, bytes: usize) {
        self.budget = self.budget.saturating_sub(bytes);
        if MarkSweep::wants_collection(self) {
            let breaker = &self.options.breaker;
            breaker.fetch_or(safepoint::HEAP, Ordering::Relaxed);
        }
    }
    /// Frees the objects that are not marked, and unmarks the others; gives the number of those that are gone.
    fn sweep(&mut self) -> usize {
        let (before, mut live) = (self.objects.len(), 0);
        // SAFETY: these are the heap's objects. Nothing leads to one that is not marked; its size follows from its tag.
        self.objects.retain(|&h| unsafe {
            let size = cell_size::<MarkSweep>((*h).tag.get());
            if (*h).count.replace(UNMARKED) == MARKED {
                live += size + owned_bytes::<MarkSweep>(h);
                return true;
            }
            layout::drop_object::<MarkSweep>(h);
            dealloc(h.cast(), cell_layout(size));
            false
        });
        self.budget = live.max(LEAST_BUDGET);
        let dead = before - self.objects.len();
        self.stats.collected += dead as u64;
        dead
    }
}

fn cell_layout(size: usize) -> Layout {
    Layout::from_size_align(size, 8).expect("an object fits in memory")
}

fn is_marked(h: *mut Header) -> bool {
    // SAFETY: asked of the heap's objects alone, before they are swept.
    unsafe { (*h).count.get() == MARKED }
}

/// Marks what it is shown. Holds marked objects whose edges have not been followed.
struct Marker(Vec<*mut Header>);

impl Visitor<MarkSweep> for Marker {
    fn visit(&mut self, value: &Word) {
        let Some(h) = header_of(value) else { return };
        // SAFETY: roots and the edges of live objects lead to live objects.
        if unsafe { (*h).count.replace(MARKED) } == UNMARKED {
            self.0.push(h);
        }
    }
}

impl Marker {
    /// Marks all that the marked objects lead to. `classes` are the program's: a header names its class by number.
    fn drain(&mut self, classes: &[*mut Header]) {
        while let Some(h) = self.0.pop() {
            // SAFETY: a marked object is live, and so is its class.
            let class = unsafe { (*h).tag.get().class() };
            if let Some(&class) = classes.get(class.0 as usize).filter(|c| !c.is_null()) {
                self.visit(&Word(class as u64));
            }
            // SAFETY: as above.
            unsafe { layout::trace_object::<MarkSweep>(h, self) };
        }
    }
}

/// The model.
struct MarkSweep;

// SAFETY: rule 1: each object is an allocation of the size asked for; rule 2: what the roots lead to is marked; rule 3: a
// body is dropped when its object leaves the heap's list; rule 4: nothing here runs Python code.
unsafe impl ObjectModel for MarkSweep {
    type Value = Word;
    type Heap = Heap;
    type Visitor = Marker;
    const NAME: &'static str = "marksweep-tagged";
    const TRACED: bool = true;

    fn new_heap(options: HeapOptions) -> Heap {
        Heap {
            objects: Vec::new(),
            side: SideTable::default(),
            finalizable: Vec::new(),
            options,
            budget: LEAST_BUDGET,
            stats: HeapStats::default(),
        }
    }
    fn allocate(heap: &mut Heap, size: usize, tag: Tag) -> NonNull<Header> {
        let layout = cell_layout(size);
        // SAFETY: an object is at least its header, so the size is not 0.
        let cell = unsafe { alloc(layout) }.cast::<Header>();
        let cell = NonNull::new(cell).unwrap_or_else(|| handle_alloc_error(layout));
        let (count, tag) = (Cell::new(UNMARKED), Cell::new(tag));
        // SAFETY: the cell is fresh, and has room for a header.
        unsafe { cell.write(Header { count, tag }) };
        heap.objects.push(cell.as_ptr());
        heap.spend(size);
        cell
    }
    /// Never: fast parts of handlers call nothing, and allocating here is a call.
    fn try_allocate(_: &mut Heap, _: usize, _: Tag) -> Option<NonNull<Header>> {
        None
    }
    fn written(heap: &mut Heap, object: NonNull<Header>) {
        // SAFETY: the object is new and its body has been written.
        heap.spend(unsafe { owned_bytes::<Self>(object.as_ptr()) });
    }
    unsafe fn try_free(_: &Word, _: usize) -> bool {
        true
    }
    unsafe fn float_result(_: &mut Heap, _: u64, _: u64, _: f64) -> Option<Word> {
        None
    }
    /// The order is that of PEP 442: weak references to what is dead die, what has a finalizer that has not run is brought
    /// back until it has, the rest goes.
    fn collect(vm: &mut Vm<Self>, reason: CollectReason) -> usize {
        let (mut marker, classes) = (Marker(Vec::new()), layout::heap_classes(vm));
        vm.trace_roots(&mut marker);
        let heap = &mut vm.heap;
        heap.finalizable.iter().for_each(|v| marker.visit(v));
        marker.drain(&classes);
        for target in heap.side.weak_targets() {
            if !is_marked(target as *mut Header) {
                heap.side.clear_weak(target);
            }
        }
        for &h in &heap.objects {
            // Before the program's end all finalizers run, while they still find the modules' contents.
            let is_due = reason == CollectReason::Shutdown || !is_marked(h);
            // SAFETY: nothing has been freed yet, so the object is whole.
            if is_due && unsafe { has_finalizer::<Self>(h) } && !heap.side.is_finalized(h as u64) {
                heap.side.set_finalized(h as u64);
                heap.finalizable.push(Word(h as u64));
                marker.visit(&Word(h as u64));
            }
        }
        marker.drain(&classes);
        for (id, &class) in classes.iter().enumerate() {
            if !class.is_null() && !is_marked(class) {
                vm.remove_class(ClassId(id as u32));
            }
        }
        let heap = &mut vm.heap;
        heap.side.retain(|h| is_marked(h as *mut Header));
        heap.stats.collections += 1;
        heap.sweep()
    }
    fn shutdown(vm: &mut Vm<Self>) {
        vm.heap.sweep();
    }
    fn wants_collection(heap: &Heap) -> bool {
        heap.options.collect && (heap.options.stress || heap.budget == 0)
    }
    fn set_collecting(heap: &mut Heap, on: bool) -> bool {
        mem::replace(&mut heap.options.collect, on)
    }
    fn take_finalizable(heap: &mut Heap) -> Vec<Word> {
        mem::take(&mut heap.finalizable)
    }
    fn new_weak(heap: &mut Heap, target: &Word) -> u64 {
        header_of(target).map_or(0, |h| heap.side.token(h as u64).0)
    }
    fn upgrade(heap: &Heap, token: u64) -> Option<Word> {
        heap.side.target(token).map(Word)
    }
    fn take_dead_weak(heap: &mut Heap) -> Vec<u64> {
        heap.side.take_dead()
    }
    fn reference_count(_: &Word) -> Option<u32> {
        None
    }
    fn objects(heap: &Heap) -> Vec<Word> {
        let words = heap.objects.iter().map(|&h| Word(h as u64));
        words.filter(|w| has_edges(w.tag())).collect()
    }
    fn stats(heap: &Heap) -> HeapStats {
        heap.stats
    }
}
