//! Cells: blocks of one cell size, a free list a size, and what happens to a dead object.
//!
//! ```text
//! block (32 KiB, aligned to its size)
//! | pool, cell size, carved ...  64 bytes | cell | cell | ... | not carved yet |
//! free cell: header with count 0 | next free cell
//! ```
//! A cell's block is found by masking its address and the block knows its pool, so a word can be dropped
//! without being told its heap, and heaps of one thread share nothing. Sizes are multiples of 8
//! up to 512 bytes; a larger object is alone in a block of its own.
//! Deep structures are dropped without deep recursion: below `MAX_NESTING` nested drops the
//! objects wait in a queue (CPython's trashcan, `Py_TRASHCAN_SAFE_BEGIN`).

use super::stats::{Counters, add};
use crate::layout;
use crate::side::SideTable;
use ceval_vm_core::machine::safepoint;
use ceval_vm_core::object::header::FREE;
use ceval_vm_core::object::model::HeapOptions;
use ceval_vm_core::object::{Header, Kind, ObjectModel, Tag};
use std::alloc::Layout;
use std::cell::{Cell, RefCell};
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
/// Bytes of cells that a refill puts on a free list at most.
const CARVE: usize = 4096;
/// Blocks taken from the system at once.
const CHUNK: usize = 32;
/// Nested drops before objects wait in the queue.
const MAX_NESTING: u32 = 64;
/// Bytes of a boxed int or float.
pub const NUMBER: usize = 16;

/// Head of a block.
#[repr(C)]
pub struct Block {
    pool: *const Pool,
    /// Bytes of a cell.
    pub cell: u32,
    /// Offset of the first byte that was never part of a cell.
    carved: Cell<u32>,
    /// Cells of this block that have an entry in the side table.
    marked: Cell<u32>,
    /// Number of this block in its list.
    index: Cell<u32>,
    /// The collector's counts, one for each 16 bytes; null outside collections.
    pub counts: Cell<*mut u32>,
}

#[repr(C)]
struct FreeCell {
    header: Header,
    next: *mut FreeCell,
}

const _: () = assert!(size_of::<Block>() <= FIRST && size_of::<FreeCell>() == NUMBER);

impl Block {
    /// The block of a cell.
    #[inline(always)]
    pub fn of(cell: *const Header) -> *mut Block {
        (cell as usize & !(BLOCK - 1)) as *mut Block
    }

    /// The counters of the heap that an object is in.
    ///
    /// # Safety
    /// `h` must be a live object, and its pool must outlive the result.
    pub unsafe fn counters_of<'a>(h: *const Header) -> &'a Counters {
        // SAFETY: the caller passes an object, whose block knows its pool.
        unsafe { &(*(*Block::of(h)).pool).counters }
    }

    /// Every cell of the block that holds an object.
    ///
    /// # Safety
    /// `block` must be a block of a pool that exists.
    pub unsafe fn live_cells(block: *mut Block) -> impl Iterator<Item = *mut Header> {
        // SAFETY: the caller passes a block; the cells from `FIRST` to `carved` have headers.
        let (cell, end) = unsafe { ((*block).cell as usize, (*block).carved.get() as usize) };
        (FIRST..end)
            .step_by(cell)
            .map(move |at| block.cast::<u8>().wrapping_add(at).cast::<Header>())
            // SAFETY: as above.
            .filter(|h| unsafe { (**h).count.get() != 0 })
    }
}

/// The memory of one heap. Reached from the heap and, through the blocks, from every object in it.
pub struct Pool {
    free: [Cell<*mut FreeCell>; CLASSES],
    nesting: Cell<u32>,
    waiting: RefCell<Vec<*mut Header>>,
    /// Weak references and finalizers that have run.
    pub side: RefCell<SideTable>,
    /// Objects that wait for their finalizers; each holds one reference.
    pub finalizable: RefCell<Vec<u64>>,
    /// What is counted.
    pub counters: Counters,
    /// Cells carved since the last collection, those for numbers left out.
    pub growth: Cell<usize>,
    /// Growth at which a collection is wanted.
    pub threshold: Cell<usize>,
    /// Whether growth may ask for a collection.
    pub collects: Cell<bool>,
    /// The machine ends: finalizers run no more.
    pub is_closing: Cell<bool>,
    /// How the heap was made.
    pub options: HeapOptions,
    current: [Cell<*mut Block>; CLASSES],
    blocks: RefCell<Vec<*mut Block>>,
    large: RefCell<Vec<*mut Block>>,
    spare: RefCell<Vec<*mut Block>>,
    chunks: RefCell<Vec<*mut u8>>,
}

/// Growth before the first collection, and the least between two.
pub const MIN_GROWTH: usize = 10_000;

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

impl Pool {
    /// An empty pool, at an address of its own.
    pub fn new(options: HeapOptions) -> NonNull<Pool> {
        let pool = Box::new(Pool {
            free: [const { Cell::new(std::ptr::null_mut()) }; CLASSES],
            nesting: Cell::new(0),
            waiting: RefCell::default(),
            side: RefCell::default(),
            finalizable: RefCell::default(),
            counters: Counters::default(),
            growth: Cell::new(0),
            threshold: Cell::new(MIN_GROWTH),
            collects: Cell::new(options.collect),
            is_closing: Cell::new(false),
            options,
            current: [const { Cell::new(std::ptr::null_mut()) }; CLASSES],
            blocks: RefCell::default(),
            large: RefCell::default(),
            spare: RefCell::default(),
            chunks: RefCell::default(),
        });
        if pool.options.stress {
            pool.ask_for_safepoint();
        }
        NonNull::from(Box::leak(pool))
    }

    /// A cell for an object with one reference, if the free list of its size has one.
    #[inline(always)]
    pub fn try_cell(&self, size: usize, tag: Tag) -> Option<NonNull<Header>> {
        let class = size / 8;
        if class >= CLASSES {
            return None;
        }
        let cell = NonNull::new(self.free[class].get())?;
        // SAFETY: a cell on a free list is free memory of at least `size` bytes with its link written.
        unsafe {
            self.free[class].set((*cell.as_ptr()).next);
            let h = cell.cast::<Header>();
            h.write(Header {
                count: Cell::new(1),
                tag: Cell::new(tag),
            });
            Some(h)
        }
    }

    /// A cell for an object with one reference.
    #[inline(always)]
    pub fn cell(&self, size: usize, tag: Tag) -> NonNull<Header> {
        match self.try_cell(size, tag) {
            Some(h) => h,
            None => self.refilled_cell(size, tag),
        }
    }

    #[cold]
    #[inline(never)]
    fn refilled_cell(&self, size: usize, tag: Tag) -> NonNull<Header> {
        if size > MAX_SMALL {
            return self.large_cell(size, tag);
        }
        let size = size.max(NUMBER);
        self.refill(size);
        match self.try_cell(size, tag) {
            Some(h) => h,
            None => unreachable!("refill leaves a cell on the list"),
        }
    }

    /// Puts some fresh cells of `size` bytes on their free list.
    fn refill(&self, size: usize) {
        let class = size / 8;
        let mut block = self.current[class].get();
        // SAFETY: `current` is null or one of our blocks.
        if block.is_null() || unsafe { (*block).carved.get() } as usize + size > BLOCK {
            block = self.new_block(size);
            self.current[class].set(block);
        }
        // SAFETY: the block is ours; cells from `carved` on are inside it and not in use.
        unsafe {
            let from = (*block).carved.get() as usize;
            let n = (CARVE / size).clamp(1, (BLOCK - from) / size);
            let mut next = self.free[class].get();
            for i in (0..n).rev() {
                let cell = block.cast::<u8>().add(from + i * size).cast::<FreeCell>();
                let header = Header {
                    count: Cell::new(0),
                    tag: Cell::new(FREE),
                };
                cell.write(FreeCell { header, next });
                next = cell;
            }
            self.free[class].set(next);
            (*block).carved.set((from + n * size) as u32);
            if size != NUMBER {
                self.grow(n);
            }
        }
    }

    /// Notes that `n` objects more than ever may live, and asks for a collection if they are many.
    fn grow(&self, n: usize) {
        self.growth.set(self.growth.get() + n);
        if self.wants_collection() {
            self.ask_for_safepoint();
        }
    }

    /// Whether a collection is due.
    pub fn wants_collection(&self) -> bool {
        self.collects.get() && (self.options.stress || self.growth.get() >= self.threshold.get())
    }

    /// Sets the breaker.
    pub fn ask_for_safepoint(&self) {
        self.options
            .breaker
            .fetch_or(safepoint::HEAP, Ordering::Relaxed);
    }

    fn new_block(&self, size: usize) -> *mut Block {
        if self.spare.borrow().is_empty() {
            // SAFETY: the layout's size is not zero.
            let chunk = unsafe { std::alloc::alloc(chunk_layout()) };
            if chunk.is_null() {
                std::alloc::handle_alloc_error(chunk_layout());
            }
            add(&self.counters.reserved, (BLOCK * CHUNK) as u64);
            self.chunks.borrow_mut().push(chunk);
            let blocks = (0..CHUNK).rev();
            self.spare
                .borrow_mut()
                .extend(blocks.map(|i| chunk.wrapping_add(i * BLOCK).cast::<Block>()));
        }
        let block = self.spare.borrow_mut().pop();
        let Some(block) = block else {
            unreachable!("a chunk has blocks")
        };
        let mut blocks = self.blocks.borrow_mut();
        // SAFETY: the block lies in a chunk of ours and is not in use.
        unsafe { block.write(self.block_head(size, FIRST, blocks.len())) };
        blocks.push(block);
        block
    }

    fn block_head(&self, cell: usize, carved: usize, index: usize) -> Block {
        Block {
            pool: self,
            cell: cell as u32,
            carved: Cell::new(carved as u32),
            marked: Cell::new(0),
            index: Cell::new(index as u32),
            counts: Cell::new(std::ptr::null_mut()),
        }
    }

    fn large_cell(&self, size: usize, tag: Tag) -> NonNull<Header> {
        let layout = large_layout(size);
        // SAFETY: the layout's size is not zero.
        let block = unsafe { std::alloc::alloc(layout) }.cast::<Block>();
        if block.is_null() {
            std::alloc::handle_alloc_error(layout);
        }
        add(&self.counters.reserved, layout.size() as u64);
        let mut large = self.large.borrow_mut();
        // SAFETY: fresh memory with room for the head, the header and `size` bytes.
        let h = unsafe {
            block.write(self.block_head(size, FIRST + 1, large.len()));
            let h = block.cast::<u8>().add(FIRST).cast::<Header>();
            h.write(Header {
                count: Cell::new(1),
                tag: Cell::new(tag),
            });
            NonNull::new_unchecked(h)
        };
        large.push(block);
        self.grow(1);
        h
    }

    /// Puts a cell back.
    ///
    /// # Safety
    /// `h` must be a cell of `block`, which is this pool's, with a dead body and count 0.
    #[inline(always)]
    unsafe fn free_cell(&self, block: *mut Block, h: *mut Header) {
        // SAFETY: as the caller promises.
        unsafe {
            let size = (*block).cell as usize;
            if size > MAX_SMALL {
                return self.free_large(block);
            }
            self.put(size, h);
        }
    }

    /// Puts a small cell on the free list of its size.
    ///
    /// # Safety
    /// As [`Pool::free_cell`]; `size` is the cell's.
    #[inline(always)]
    unsafe fn put(&self, size: usize, h: *mut Header) {
        let cell = h.cast::<FreeCell>();
        let list = &self.free[size / 8];
        // SAFETY: the cell is free memory of at least 16 bytes.
        unsafe { (*cell).next = list.get() };
        list.set(cell);
    }

    #[cold]
    unsafe fn free_large(&self, block: *mut Block) {
        // SAFETY: a large block is listed at its index, and was allocated with this layout.
        unsafe {
            let at = (*block).index.get();
            let mut large = self.large.borrow_mut();
            large.swap_remove(at as usize);
            if let Some(moved) = large.get(at as usize) {
                (**moved).index.set(at);
            }
            let layout = large_layout((*block).cell as usize);
            std::alloc::dealloc(block.cast(), layout);
        }
    }

    /// The token of a weak reference to `h`.
    ///
    /// # Safety
    /// `h` must be an object of this pool.
    pub unsafe fn weak_token(&self, h: *mut Header) -> u64 {
        let (token, is_new) = self.side.borrow_mut().token(h as u64);
        if is_new {
            // SAFETY: as the caller promises.
            unsafe { self.mark(h) };
        }
        token
    }

    /// Notes that `h` has an entry in the side table.
    ///
    /// # Safety
    /// `h` must be an object of this pool.
    unsafe fn mark(&self, h: *mut Header) {
        // SAFETY: as the caller promises.
        let marked = unsafe { &(*Block::of(h)).marked };
        marked.set(marked.get() + 1);
    }

    /// Queues an object for its finalizer, with one reference of its own, never again after that.
    ///
    /// # Safety
    /// `h` must be an intact object of this pool.
    pub unsafe fn queue_finalizer(&self, h: *mut Header) {
        // SAFETY: as the caller promises.
        unsafe {
            (*h).count.set((*h).count.get() + 1);
            if self.side.borrow_mut().set_finalized(h as u64) {
                self.mark(h);
            }
        }
        self.finalizable.borrow_mut().push(h as u64);
        self.ask_for_safepoint();
    }

    /// Whether `h` has an entry in the side table that says its finalizer has run.
    ///
    /// # Safety
    /// `h` must be an object of this pool.
    pub unsafe fn is_finalized(&self, h: *mut Header) -> bool {
        // SAFETY: as the caller promises.
        let marked = unsafe { (*Block::of(h)).marked.get() };
        marked != 0 && self.side.borrow().is_finalized(h as u64)
    }

    /// The weak references to `h` die, though it still lives.
    ///
    /// # Safety
    /// `h` must be an object of this pool.
    pub unsafe fn clear_weak(&self, h: *mut Header) {
        // SAFETY: as the caller promises.
        let marked = unsafe { (*Block::of(h)).marked.get() };
        if marked != 0 && self.side.borrow_mut().clear_weak(h as u64) {
            self.ask_for_safepoint();
        }
    }

    /// All blocks, those of large objects too.
    pub fn all_blocks(&self) -> Vec<*mut Block> {
        let mut all = self.blocks.borrow().clone();
        all.extend(self.large.borrow().iter());
        all
    }

    /// Every object.
    pub fn live_objects(&self) -> impl Iterator<Item = *mut Header> {
        self.all_blocks()
            .into_iter()
            // SAFETY: the list holds the pool's blocks.
            .flat_map(|block| unsafe { Block::live_cells(block) })
    }
}

/// Puts the cell of a dead boxed number back, inline.
///
/// # Safety
/// `h` must be an `Int` or `Float` object without attribute store, with count 0.
#[inline(always)]
pub unsafe fn free_number(h: *mut Header) {
    // SAFETY: as the caller promises; the block of a live cell knows its pool, which exists as long.
    unsafe { (*(*Block::of(h)).pool).put(NUMBER, h) }
}

/// Puts the cell of an object with one reference left back, inline. False: nothing was done.
///
/// # Safety
/// `h` must be an object of `size` bytes, at most [`MAX_SMALL`], whose body needs no drop and whose class has no
/// finalizer. On success the reference is gone.
#[inline(always)]
pub unsafe fn try_free(h: *mut Header, size: usize) -> bool {
    debug_assert!(size <= MAX_SMALL);
    // SAFETY: as the caller promises; the block of a live cell knows its pool, which exists as long.
    unsafe {
        let block = Block::of(h);
        if (*h).count.get() != 1 || (*block).marked.get() != 0 {
            return false;
        }
        (*h).count.set(0);
        (*(*block).pool).put(size, h);
        true
    }
}

/// The last reference to an object is gone: finalizer, weak references, body, cell.
///
/// # Safety
/// `h` must be an object of model `M` in a pool of this module, with count 0 and body intact.
#[inline(never)]
pub unsafe fn release<M: ObjectModel>(h: *mut Header) {
    // SAFETY: as the caller promises.
    unsafe {
        let tag = (*h).tag.get();
        if matches!(tag.0 as u8, INT | FLOAT) {
            return free_number(h);
        }
        let block = Block::of(h);
        let pool = &*(*block).pool;
        // The shape is not there any more when the machine is gone, so the flag is asked first.
        if !pool.is_closing.get() && layout::has_finalizer::<M>(h) && !pool.is_finalized(h) {
            return pool.queue_finalizer(h);
        }
        if (*block).marked.get() != 0 {
            forget(pool, block, h);
        }
        let nesting = pool.nesting.get();
        if nesting >= MAX_NESTING {
            pool.waiting.borrow_mut().push(h);
            return;
        }
        pool.nesting.set(nesting + 1);
        layout::drop_object::<M>(h);
        pool.free_cell(block, h);
        if nesting == 0 && !pool.waiting.borrow().is_empty() {
            drain::<M>(pool);
        }
        pool.nesting.set(nesting);
    }
}

/// Kind byte of an `int` without attribute store.
pub const INT: u8 = Kind::Int as u8;
/// Kind byte of a `float` without attribute store.
pub const FLOAT: u8 = Kind::Float as u8;

/// Drops the objects that wait, and those that join them meanwhile.
#[cold]
unsafe fn drain<M: ObjectModel>(pool: &Pool) {
    loop {
        let next = pool.waiting.borrow_mut().pop();
        let Some(h) = next else { break };
        // SAFETY: an object in the queue has count 0, an intact body and no entry in the side table.
        unsafe {
            layout::drop_object::<M>(h);
            pool.free_cell(Block::of(h), h);
        }
    }
}

#[cold]
unsafe fn forget(pool: &Pool, block: *mut Block, h: *mut Header) {
    let mut side = pool.side.borrow_mut();
    if !side.has(h as u64) {
        return;
    }
    // SAFETY: `block` is the object's.
    let marked = unsafe { &(*block).marked };
    marked.set(marked.get() - 1);
    if side.remove(h as u64) {
        pool.ask_for_safepoint();
    }
}

impl Drop for Pool {
    fn drop(&mut self) {
        for chunk in self.chunks.get_mut().drain(..) {
            // SAFETY: allocated with this layout in `new_block`; the heap drops a pool only when no
            // object is left in it.
            unsafe { std::alloc::dealloc(chunk, chunk_layout()) };
        }
    }
}
