//! Cells: blocks of one cell size, bump allocation into free spans, sweeping.
//!
//! ```text
//! block (32 KiB, aligned to its size)
//! | cell size, swept ...  64 bytes | cell | cell | free span ........ | cell | free span |
//! first cell of a span: header {count 0, tag = cells << 8} | next span of the block
//! count: 0 free, 1 allocated, 2 marked (until its block is swept)
//! ```
//! A lane hands out the cells of a span one after the other; fresh blocks are one span, so a young
//! heap is allocated in address order. After marking, blocks wait to be swept until their size is
//! asked for (Boehm & Weiser; Jones, Hosking, Moss: *The Garbage Collection Handbook*, 2.5): the pause is
//! the marking alone, and a block is swept when its cells are about to be used. Sizes are
//! multiples of 8 up to 512 bytes; a larger object is alone in a block of its own.
//!
//! When to collect is decided by bytes handed out since the last collection, against what lived then. The
//! memory that bodies own (text, items) counts: what a body has when it is made is added at once; what
//! bodies gain afterwards is only seen when they are marked or swept, so it is taken to be, for each byte of
//! cells, what it was the time before.

use super::stats::Counters;
use crate::layout;
use crate::side::SideTable;
use ceval_vm_core::machine::safepoint;
use ceval_vm_core::object::model::HeapOptions;
use ceval_vm_core::object::{Header, Kind, ObjectModel, Tag, body_ops};
use std::alloc::Layout;
use std::cell::Cell;
use std::marker::PhantomData;
use std::ptr::NonNull;
use std::sync::atomic::Ordering;

/// Bytes of a block, and its alignment.
pub const BLOCK: usize = 32 << 10;
/// Offset of the first cell in a block.
pub const FIRST: usize = 64;
/// Largest object that shares its block.
pub const MAX_SMALL: usize = 512;
/// Number of size classes: one for each multiple of 8 up to [`MAX_SMALL`].
const CLASSES: usize = MAX_SMALL / 8 + 1;
/// Blocks taken from the system at once.
const CHUNK: usize = 32;
/// Bytes of a boxed int or float.
pub const NUMBER: usize = 16;
/// Bytes allocated between two collections at least. What a young heap touches in a cycle should stay in a
/// second-level cache; below this, marking what always lives (modules, classes) costs more than that gains.
pub const MIN_BUDGET: usize = 3 << 20;
/// Bytes allocated before the first collection. It teaches how much bodies grow, so it comes early.
pub const FIRST_BUDGET: usize = 1 << 20;

/// Collections that sweep at once, to know early how bodies grow.
const EAGER: u64 = 4;

/// Largest growth that is believed, so that one huge list does not make every block count as megabytes.
const MAX_GROWTH: usize = 4096;

/// Count of a free cell.
pub const FREE_CELL: u32 = 0;
/// Count of an object.
pub const ALLOCATED: u32 = 1;
/// Count of an object that was reached, until its block is swept.
pub const MARKED: u32 = 2;

/// Head of a block.
#[repr(C)]
pub struct Block {
    /// Bytes of a cell.
    pub cell: u32,
    /// Objects in it are marked, or dead: it waits to be swept.
    pub waits: bool,
}

#[repr(C)]
struct Span {
    header: Header,
    next: *mut Span,
}

impl Span {
    /// The head of a span of so many cells, the last in its list.
    fn of(cells: usize) -> Span {
        let header = Header {
            count: Cell::new(FREE_CELL),
            tag: Cell::new(Tag((cells as u32) << 8)),
        };
        let next = std::ptr::null_mut();
        Span { header, next }
    }
}

const _: () = assert!(size_of::<Block>() <= FIRST && size_of::<Span>() == NUMBER);

impl Block {
    /// Every cell of a block.
    ///
    /// # Safety
    /// `block` must be a block of a heap that exists.
    unsafe fn cells(block: *mut Block) -> impl Iterator<Item = *mut Header> {
        // SAFETY: the caller passes a block.
        let size = unsafe { (*block).cell as usize };
        let count = if size > MAX_SMALL {
            1
        } else {
            (BLOCK - FIRST) / size
        };
        (0..count).map(move |i| block.cast::<u8>().wrapping_add(FIRST + i * size).cast())
    }

    /// Every cell of a block that holds an object, marked or not.
    ///
    /// # Safety
    /// As `Block::cells`.
    pub unsafe fn occupied(block: *mut Block) -> impl Iterator<Item = *mut Header> {
        // SAFETY: as the caller promises; every cell begins with a header.
        unsafe { Block::cells(block).filter(|h| (**h).count.get() != FREE_CELL) }
    }

    /// Every object of a block that is not known to be dead.
    ///
    /// # Safety
    /// As `Block::cells`.
    pub unsafe fn objects(block: *mut Block) -> impl Iterator<Item = *mut Header> {
        // SAFETY: as the caller promises; every cell begins with a header.
        unsafe {
            let live = if (*block).waits { MARKED } else { ALLOCATED };
            Block::cells(block).filter(move |h| (**h).count.get() == live)
        }
    }
}

/// Where the next cells of one size come from.
#[derive(Clone, Copy)]
struct Lane {
    next: *mut u8,
    end: *mut u8,
    spans: *mut Span,
}

const EMPTY_LANE: Lane = Lane {
    next: std::ptr::null_mut(),
    end: std::ptr::null_mut(),
    spans: std::ptr::null_mut(),
};

/// A traced heap.
pub struct Heap<M: ObjectModel> {
    lanes: [Lane; CLASSES],
    /// What is counted.
    pub counters: Counters,
    /// Weak references and finalizers that have run.
    pub side: SideTable,
    /// Objects that wait for their finalizers; roots.
    pub finalizable: Vec<u64>,
    /// Whether the program wants collections on pressure.
    pub is_enabled: bool,
    /// A collection was asked for where it was not possible.
    pub is_overdue: bool,
    /// Bytes that may be allocated until the next collection.
    pub budget: usize,
    /// Bytes handed out since the last one, estimated growth of bodies included.
    pub spent: usize,
    /// Bytes of cells handed out since the last one.
    cells_spent: usize,
    /// Bytes that bodies owned when they were made, since the last one.
    owned_at_birth: usize,
    /// Bytes that bodies owned when they were marked or swept, less what those that lived before owned then.
    owned_later: usize,
    /// Bytes owned by what lived at the last collection.
    owned_live: usize,
    /// `cells_spent` of the cycle before.
    cells_before: usize,
    /// What the bodies of the cycle before owned when they were made or had last been marked.
    owned_before: usize,
    /// Bytes by which bodies grow for each 16 bytes of cells.
    growth: usize,
    /// How the heap was made.
    pub options: HeapOptions,
    /// Sizes of which no object has anything to drop.
    is_plain: [bool; CLASSES],
    blocks: [Vec<*mut Block>; CLASSES],
    unswept: [Vec<*mut Block>; CLASSES],
    large: Vec<*mut Block>,
    spare: Vec<*mut Block>,
    chunks: Vec<*mut u8>,
    model: PhantomData<M>,
}

/// Which size classes only have objects without anything to drop: those of boxed numbers, above all.
fn plain_classes<M: ObjectModel>() -> [bool; CLASSES] {
    let mut plain = [true; CLASSES];
    for &kind in Kind::ALL {
        let ops = body_ops::<M>(kind);
        // An extended object has an attribute store, which may own a block.
        for (size, drops) in [(ops.size, ops.needs_drop), (ops.size_of(true), true)] {
            if size <= MAX_SMALL && drops {
                plain[size / 8] = false;
            }
        }
    }
    plain
}

fn chunk_layout() -> Layout {
    // Cannot fail: both are constants, a power of two and a multiple of it.
    Layout::from_size_align(BLOCK * CHUNK, BLOCK).unwrap_or(Layout::new::<u64>())
}

fn large_layout(size: usize) -> Layout {
    match Layout::from_size_align(FIRST + size, BLOCK) {
        Ok(layout) => layout,
        Err(_) => panic!("object of {size} bytes"),
    }
}

impl<M: ObjectModel> Heap<M> {
    /// An empty heap.
    pub fn new(options: HeapOptions) -> Self {
        let heap = Heap {
            lanes: [EMPTY_LANE; CLASSES],
            counters: Counters::default(),
            side: SideTable::default(),
            finalizable: Vec::new(),
            is_enabled: true,
            is_overdue: false,
            budget: FIRST_BUDGET,
            spent: 0,
            cells_spent: 0,
            owned_at_birth: 0,
            owned_later: 0,
            owned_live: 0,
            cells_before: 0,
            owned_before: 0,
            growth: 0,
            options,
            is_plain: plain_classes::<M>(),
            blocks: [const { Vec::new() }; CLASSES],
            unswept: [const { Vec::new() }; CLASSES],
            large: Vec::new(),
            spare: Vec::new(),
            chunks: Vec::new(),
            model: PhantomData,
        };
        if heap.options.stress {
            heap.ask_for_safepoint();
        }
        heap
    }

    /// A cell for an object, without a call.
    #[inline(always)]
    pub fn try_cell(&mut self, size: usize, tag: Tag) -> Option<NonNull<Header>> {
        let class = size / 8;
        if class >= CLASSES {
            return None;
        }
        let lane = &mut self.lanes[class];
        let mut cell = lane.next;
        let mut next = cell.wrapping_add(size);
        if next > lane.end {
            let span = NonNull::new(lane.spans)?;
            // SAFETY: a listed span is free memory of our blocks, with its head written by `sweep`
            // or `fresh_block`; its cells are `size` bytes each.
            unsafe {
                let cells = (span.as_ref().header.tag.get().0 >> 8) as usize;
                lane.spans = span.as_ref().next;
                cell = span.as_ptr().cast::<u8>();
                next = cell.wrapping_add(size);
                lane.end = cell.wrapping_add(cells * size);
            }
        }
        lane.next = next;
        let h = cell.cast::<Header>();
        // SAFETY: the cell lies in a span of free cells of this size, and is handed out once.
        unsafe {
            h.write(Header {
                count: Cell::new(ALLOCATED),
                tag: Cell::new(tag),
            });
            if M::COUNTED {
                self.counters.allocated(size);
            }
            Some(NonNull::new_unchecked(h))
        }
    }

    /// A cell for an object.
    #[inline(always)]
    pub fn cell(&mut self, size: usize, tag: Tag) -> NonNull<Header> {
        match self.try_cell(size, tag) {
            Some(h) => h,
            None => self.refilled_cell(size, tag),
        }
    }

    #[cold]
    #[inline(never)]
    fn refilled_cell(&mut self, size: usize, tag: Tag) -> NonNull<Header> {
        if size > MAX_SMALL {
            return self.large_cell(size, tag);
        }
        let size = size.max(NUMBER);
        self.refill(size);
        match self.try_cell(size, tag) {
            Some(h) => h,
            None => unreachable!("refill leaves a span in the lane"),
        }
    }

    /// Gives the lane of `size` the free cells of the next block that has any.
    fn refill(&mut self, size: usize) {
        let class = size / 8;
        while let Some(block) = self.unswept[class].pop() {
            // SAFETY: the block is ours and waits; no mutator runs in between.
            let swept = unsafe { self.sweep(block) };
            self.blocks[class].push(block);
            if !swept.spans.is_null() {
                self.lanes[class].spans = swept.spans;
                return self.spend_cells(swept.free * size);
            }
        }
        let block = self.fresh_block(size);
        self.blocks[class].push(block);
        self.lanes[class].spans = block.cast::<u8>().wrapping_add(FIRST).cast();
        self.spend_cells(BLOCK - FIRST);
    }

    /// A block without objects becomes free for any size.
    fn retire(&mut self, block: *mut Block) {
        // SAFETY: no object is left in the block. Cells of another size find count 0 in their headers.
        unsafe { block.cast::<u8>().write_bytes(0, BLOCK) };
        self.spare.push(block);
    }

    /// Notes that cells were handed out, and guesses what their bodies will grow by.
    fn spend_cells(&mut self, bytes: usize) {
        self.cells_spent += bytes;
        self.spend(bytes + bytes / 16 * self.growth);
    }

    /// Notes that an object owns `bytes` beside its cell.
    #[inline]
    pub fn spend_owned(&mut self, bytes: usize) {
        if bytes != 0 {
            self.owned_at_birth += bytes;
            self.spend(bytes);
        }
    }

    /// Notes that `bytes` were handed out, and asks for a collection if it is time.
    pub fn spend(&mut self, bytes: usize) {
        self.spent += bytes;
        if self.wants_collection() {
            self.ask_for_safepoint();
        }
    }

    /// Whether a collection is due.
    pub fn wants_collection(&self) -> bool {
        self.is_overdue
            || (self.options.collect
                && self.is_enabled
                && (self.options.stress || self.spent >= self.budget))
    }

    /// Sets the breaker.
    pub fn ask_for_safepoint(&self) {
        self.options
            .breaker
            .fetch_or(safepoint::HEAP, Ordering::Relaxed);
    }

    /// A block of cells of `size` bytes that is one span.
    fn fresh_block(&mut self, size: usize) -> *mut Block {
        if self.spare.is_empty() {
            // SAFETY: the layout's size is not zero.
            let chunk = unsafe { std::alloc::alloc_zeroed(chunk_layout()) };
            if chunk.is_null() {
                std::alloc::handle_alloc_error(chunk_layout());
            }
            self.counters.reserved += (BLOCK * CHUNK) as u64;
            self.chunks.push(chunk);
            let blocks = (0..CHUNK).rev();
            self.spare
                .extend(blocks.map(|i| chunk.wrapping_add(i * BLOCK).cast::<Block>()));
        }
        let Some(block) = self.spare.pop() else {
            unreachable!("a chunk has blocks")
        };
        let cells = (BLOCK - FIRST) / size;
        // SAFETY: the block lies in a chunk of ours and is not in use; all its bytes are 0.
        unsafe {
            block.write(Block {
                cell: size as u32,
                waits: false,
            });
            block
                .cast::<u8>()
                .add(FIRST)
                .cast::<Span>()
                .write(Span::of(cells));
        }
        block
    }

    fn large_cell(&mut self, size: usize, tag: Tag) -> NonNull<Header> {
        let layout = large_layout(size);
        // SAFETY: the layout's size is not zero.
        let block = unsafe { std::alloc::alloc(layout) }.cast::<Block>();
        if block.is_null() {
            std::alloc::handle_alloc_error(layout);
        }
        self.counters.reserved += layout.size() as u64;
        self.large.push(block);
        if M::COUNTED {
            self.counters.allocated(size);
        }
        self.spend(size);
        // SAFETY: fresh memory with room for the head, the header and `size` bytes.
        unsafe {
            block.write(Block {
                cell: size as u32,
                waits: false,
            });
            let h = block.cast::<u8>().add(FIRST).cast::<Header>();
            h.write(Header {
                count: Cell::new(ALLOCATED),
                tag: Cell::new(tag),
            });
            NonNull::new_unchecked(h)
        }
    }

    /// Every block, swept or not, those of large objects too.
    pub fn all_blocks(&self) -> impl Iterator<Item = *mut Block> {
        let small = self.blocks.iter().chain(&self.unswept).flatten();
        small.chain(&self.large).copied()
    }

    /// Every object that is not known to be dead.
    pub fn objects(&self) -> impl Iterator<Item = *mut Header> {
        // SAFETY: these are the heap's blocks.
        self.all_blocks().flat_map(|b| unsafe { Block::objects(b) })
    }

    /// Before marking: everything is swept, no lane holds a span.
    pub fn prepare(&mut self) {
        self.sweep_all();
        self.learn_growth();
        self.lanes = [EMPTY_LANE; CLASSES];
    }

    /// All that died in the last collection is swept: compares what bodies owned in the end with what they
    /// owned when they were made.
    fn learn_growth(&mut self) {
        let grown = self.owned_later.saturating_sub(self.owned_before);
        let cells = std::mem::take(&mut self.cells_before);
        if cells >= BLOCK {
            self.growth = (grown / (cells / 16)).min(MAX_GROWTH);
        }
    }

    /// Sweeps every block that waits; gives the number of objects reclaimed.
    pub fn sweep_all(&mut self) -> usize {
        let before = self.counters.collected;
        for class in 0..CLASSES {
            while let Some(block) = self.unswept[class].pop() {
                // SAFETY: as in `refill`.
                let swept = unsafe { self.sweep(block) };
                if swept.is_empty {
                    self.retire(block);
                    continue;
                }
                self.blocks[class].push(block);
                if !swept.last.is_null() {
                    // SAFETY: `last` is the last span of the block that was just swept.
                    unsafe { (*swept.last).next = self.lanes[class].spans };
                    self.lanes[class].spans = swept.spans;
                }
            }
        }
        (self.counters.collected - before) as usize
    }

    /// After marking: unmarked objects are dead. Large ones go at once, the others with their blocks.
    /// `live` is the number of bytes in cells of marked objects, `owned` of what these own.
    pub fn finish_marking(&mut self, live: usize, owned: usize) {
        for class in 0..CLASSES {
            for &block in &self.blocks[class] {
                // SAFETY: the heap's block.
                unsafe { (*block).waits = true };
            }
            let blocks = std::mem::take(&mut self.blocks[class]);
            self.unswept[class].extend(blocks);
        }
        let large = std::mem::take(&mut self.large);
        for block in large {
            let h = block.cast::<u8>().wrapping_add(FIRST).cast::<Header>();
            // SAFETY: a large block holds one object.
            unsafe {
                if (*h).count.get() == MARKED {
                    (*h).count.set(ALLOCATED);
                    self.large.push(block);
                } else {
                    self.free_large(block, h);
                }
            }
        }
        self.spent = 0;
        self.budget = (live + owned).max(MIN_BUDGET);
        // What is swept from here on adds to it, until the next collection has swept everything.
        self.owned_later = owned;
        self.cells_before = std::mem::take(&mut self.cells_spent);
        self.owned_before = self.owned_live + std::mem::take(&mut self.owned_at_birth);
        self.owned_live = owned;
        if self.counters.collections < EAGER {
            self.sweep_all();
            self.learn_growth();
        }
        self.is_overdue = false;
        if self.options.stress {
            self.ask_for_safepoint();
        }
    }

    unsafe fn free_large(&mut self, block: *mut Block, h: *mut Header) {
        // SAFETY: the object is dead and alone in the block, which was allocated with this layout.
        unsafe {
            layout::drop_object::<M>(h);
            let layout = large_layout((*block).cell as usize);
            self.counters.reserved -= layout.size() as u64;
            self.counters.collected += 1;
            std::alloc::dealloc(block.cast(), layout);
        }
    }

    /// Drops what is dead in a block, unmarks the rest and links the free spans.
    ///
    /// # Safety
    /// `block` must be a block of this heap that waits.
    unsafe fn sweep(&mut self, block: *mut Block) -> Swept {
        let mut out = Swept {
            spans: std::ptr::null_mut(),
            last: std::ptr::null_mut(),
            free: 0,
            is_empty: true,
        };
        // SAFETY: as the caller promises.
        unsafe {
            if self.is_plain[(*block).cell as usize / 8]
                && let Some(dead) = count_if_all_dead(block)
            {
                (*block).waits = false;
                self.counters.collected += dead;
                let cells = block.cast::<u8>().add(FIRST);
                cells.write_bytes(0, BLOCK - FIRST);
                out.append(cells.cast(), (BLOCK - FIRST) / (*block).cell as usize);
                return out;
            }
        }
        let mut start: *mut Header = std::ptr::null_mut();
        let mut length = 0;
        // SAFETY: each cell begins with a header; an allocated, unmarked object is dead.
        unsafe {
            (*block).waits = false;
            for h in Block::cells(block) {
                match (*h).count.get() {
                    MARKED => {
                        (*h).count.set(ALLOCATED);
                        out.is_empty = false;
                        if length != 0 {
                            out.append(start.cast(), length);
                            length = 0;
                        }
                        continue;
                    }
                    ALLOCATED => {
                        self.counters.collected += 1;
                        let tag = (*h).tag.get();
                        if !matches!(tag.0 as u8, INT | FLOAT) && !layout::is_short_str(h) {
                            if tag.kind().owns_memory() {
                                self.owned_later += layout::owned_bytes::<M>(h);
                            }
                            layout::drop_object::<M>(h);
                        }
                        (*h).count.set(FREE_CELL);
                    }
                    _ => {}
                }
                if length == 0 {
                    start = h;
                }
                length += 1;
            }
            if length != 0 {
                out.append(start.cast(), length);
            }
        }
        out
    }
}

/// The number of objects in a block of which none is marked; `None` if one is.
///
/// # Safety
/// As `Block::cells`.
unsafe fn count_if_all_dead(block: *mut Block) -> Option<u64> {
    let mut dead = 0;
    let mut counts = 0;
    // SAFETY: as the caller promises; every cell begins with a header.
    for h in unsafe { Block::cells(block) } {
        // SAFETY: as above.
        let count = unsafe { (*h).count.get() };
        dead += u64::from(count == ALLOCATED);
        counts |= count;
    }
    (counts & MARKED == 0).then_some(dead)
}

/// What sweeping a block has given: a list of spans in address order.
struct Swept {
    spans: *mut Span,
    last: *mut Span,
    free: usize,
    is_empty: bool,
}

impl Swept {
    /// # Safety
    /// `span` must be the first of `cells` free cells in a row.
    unsafe fn append(&mut self, span: *mut Span, cells: usize) {
        // SAFETY: as the caller promises; `last` is a span that was appended before.
        unsafe {
            span.write(Span::of(cells));
            if self.last.is_null() {
                self.spans = span;
            } else {
                (*self.last).next = span;
            }
        }
        self.last = span;
        self.free += cells;
    }
}

const INT: u8 = Kind::Int as u8;
const FLOAT: u8 = Kind::Float as u8;

impl<M: ObjectModel> Drop for Heap<M> {
    fn drop(&mut self) {
        self.prepare();
        let all: Vec<*mut Header> = self.objects().collect();
        for h in all {
            // SAFETY: no machine is left that could reach the object; bodies hold plain words.
            unsafe { layout::drop_object::<M>(h) };
        }
        for block in self.large.drain(..) {
            // SAFETY: allocated with this layout in `large_cell`.
            unsafe { std::alloc::dealloc(block.cast(), large_layout((*block).cell as usize)) };
        }
        for chunk in self.chunks.drain(..) {
            // SAFETY: allocated with this layout in `fresh_block`.
            unsafe { std::alloc::dealloc(chunk, chunk_layout()) };
        }
    }
}
