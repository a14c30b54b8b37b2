//! The contract of an object model: how objects are represented and reclaimed.
//!
//! Implemented in `ceval-objects`, one folder a model. The machine is generic
//! over this trait and knows nothing else of memory.

use super::header::{Header, Tag};
use super::value::Value;
use crate::Vm;
use std::ptr::NonNull;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;

/// Receives the edges of an object ([`super::Trace::trace`]).
pub trait Visitor<M: ObjectModel> {
    /// One value that the traced body owns. Immediates and the absent value may be shown.
    fn visit(&mut self, value: &M::Value);
}

/// Why a collection runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CollectReason {
    /// The heap asked for it, at a safepoint.
    Pressure,
    /// `gc.collect()`.
    Requested,
    /// The interpreter ends.
    Shutdown,
}

/// What a heap has counted since it was made. Zero where a model does not count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct HeapStats {
    /// Objects allocated.
    pub allocations: u64,
    /// Bytes allocated in cells, headers included (not the buffers of lists, strings ...).
    pub bytes: u64,
    /// Collections run (cycle collections for a counted heap).
    pub collections: u64,
    /// Objects reclaimed by collections.
    pub collected: u64,
    /// Bytes of cell memory taken from the system.
    pub reserved: u64,
    /// Nanoseconds spent collecting.
    pub collect_ns: u64,
    /// References added, by a word or in place of one.
    pub increments: u64,
    /// References given back.
    pub decrements: u64,
    /// Events of the machine.
    pub events: Events,
}

/// What the machine tells a counting model of ([`ObjectModel::count`]).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// An inline cache has given its instruction's answer.
    CacheHit,
    /// An instruction with an inline cache has gone without.
    CacheMiss,
    /// An instruction's full part was entered.
    Full,
}

/// How often each [`Event`] came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Events {
    /// [`Event::CacheHit`].
    pub cache_hits: u64,
    /// [`Event::CacheMiss`].
    pub cache_misses: u64,
    /// [`Event::Full`].
    pub full: u64,
}

impl Events {
    /// One more.
    pub fn add(&mut self, event: Event) {
        *match event {
            Event::CacheHit => &mut self.cache_hits,
            Event::CacheMiss => &mut self.cache_misses,
            Event::Full => &mut self.full,
        } += 1;
    }
}

/// How a heap is to be made.
#[derive(Debug, Clone)]
pub struct HeapOptions {
    /// Set to non-zero by the heap when it wants a safepoint.
    pub breaker: Arc<AtomicU32>,
    /// False: never collect on pressure (an arena that only grows; refcounting without its cycle collector).
    pub collect: bool,
    /// Collect at every safepoint the machine reaches, to find missing roots.
    pub stress: bool,
}

/// An object model.
///
/// # Safety
/// 1. `allocate` returns a cell of at least `size` bytes, 8-aligned, that no other live object
///    shares, with `tag` in its header; the body is the caller's to write.
/// 2. An object stays valid while a counted word refers to it, or (traced) while it is reachable
///    from the roots at each safepoint.
/// 3. A dead object's body is dropped exactly once, through [`super::body_ops`].
/// 4. No Python code runs inside `allocate` or a word's `Drop`; finalizers are queued
///    ([`ObjectModel::take_finalizable`]) and the breaker is set.
pub unsafe trait ObjectModel: Sized + 'static {
    /// The value word.
    type Value: Value<Model = Self>;
    /// The heap's state.
    type Heap;
    /// The collector's edge receiver.
    type Visitor: Visitor<Self>;
    /// Name in a cell's name, for example `refcount-tagged`.
    const NAME: &'static str;
    /// Whether reclamation is by tracing (`Clone` and `Drop` of a word do nothing).
    const TRACED: bool;
    /// Whether the model counts references, allocations and events one by one. Ordinary ones do not, and have no
    /// code for it.
    const COUNTED: bool = false;

    /// A new heap.
    fn new_heap(options: HeapOptions) -> Self::Heap;

    /// Memory for an object of `size` bytes (a multiple of 8). May set the breaker; never collects.
    fn allocate(heap: &mut Self::Heap, size: usize, tag: Tag) -> NonNull<Header>;

    /// As `allocate`, inline and without a call; `None` when the free list is empty.
    fn try_allocate(heap: &mut Self::Heap, size: usize, tag: Tag) -> Option<NonNull<Header>>;

    /// The body of a new object of a kind that [`super::Kind::owns_memory`] has been written: a heap that
    /// collects on pressure takes that memory into account.
    #[inline(always)]
    fn written(_heap: &mut Self::Heap, _object: NonNull<Header>) {}

    /// Gives back the object that `value` is the last reference to, inline, as one that is neither weakly
    /// referenced nor finalized. False: nothing was done. A traced model does nothing and says true.
    ///
    /// # Safety
    /// The object is not extended, its class has no finalizer, and its body has nothing to drop (any more). On success the word
    /// is consumed: the caller forgets it.
    unsafe fn try_free(value: &Self::Value, size: usize) -> bool;

    /// Replaces the two float operands `a` and `b` by a float object of value `f`, inline:
    /// reuses an operand's cell if it is unique, else allocates inline. `None`: nothing was done.
    ///
    /// # Safety
    /// `a` and `b` are the bits of owned words that are exactly floats. On success both are consumed.
    unsafe fn float_result(heap: &mut Self::Heap, a: u64, b: u64, f: f64) -> Option<Self::Value>;

    /// Reclaims what can be reclaimed; returns the number of objects reclaimed.
    /// Called at safepoints only, with every root in the machine's stacks and tables.
    fn collect(vm: &mut Vm<Self>, reason: CollectReason) -> usize;

    /// The machine is being dropped and has let go of all values it held but those in shapes: objects
    /// that only refer to each other go, and finalizers run no more.
    fn shutdown(vm: &mut Vm<Self>);

    /// Whether the heap wants a collection at this safepoint.
    fn wants_collection(heap: &Self::Heap) -> bool;

    /// Switches collection on pressure on or off (`gc.enable`, `gc.disable`); returns the old state.
    fn set_collecting(heap: &mut Self::Heap, on: bool) -> bool;

    /// Objects whose class has `__del__`, that died since the last call. They are
    /// alive again until the caller has run the finalizer and dropped them.
    fn take_finalizable(heap: &mut Self::Heap) -> Vec<Self::Value>;

    /// Makes `reference` weak: it reads as dead once `target` is reclaimed. Returns a token for `upgrade`.
    fn new_weak(heap: &mut Self::Heap, target: &Self::Value) -> u64;
    /// The target of a weak token, if it lives.
    fn upgrade(heap: &Self::Heap, token: u64) -> Option<Self::Value>;
    /// Tokens whose targets died since the last call (for weak reference callbacks).
    fn take_dead_weak(heap: &mut Self::Heap) -> Vec<u64>;

    /// Reference count as `sys.getrefcount` reports it, where there is one.
    fn reference_count(value: &Self::Value) -> Option<u32>;

    /// Every live object that is not a leaf (`gc.get_objects`).
    fn objects(heap: &Self::Heap) -> Vec<Self::Value>;

    /// Notes an event, in a model that counts.
    #[inline(always)]
    fn count(_heap: &mut Self::Heap, _event: Event) {}

    /// The heap's counters.
    fn stats(heap: &Self::Heap) -> HeapStats;
}
