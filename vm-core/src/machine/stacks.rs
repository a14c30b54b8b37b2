//! The thread's three stacks: values, frames, blocks. Contiguous, never moved.
//!
//! Memory is reserved once and touched as it is used, so a deep recursion costs
//! what it uses and pointers into the stacks stay valid.

use super::frame::{Block, Frame};
use crate::object::{ObjectModel, V};

/// Words of value stack (128 MiB of address space).
pub const VALUE_WORDS: usize = 16 << 20;
/// Frames: the most nested Python calls there can be, whatever the recursion limit.
pub const MAX_FRAMES: usize = 256 << 10;
/// Nested runs of the loop from native code: the native stack must hold them.
pub const MAX_NATIVE: usize = 12_000;
/// Room kept free above every frame, for values that full handlers push for a moment.
pub const SLACK: usize = 64;

/// The stacks.
pub struct Stacks<M: ObjectModel> {
    values: Vec<V<M>>,
    frames: Vec<Frame<M>>,
    /// The block stack; a frame's blocks begin at its `block_base`.
    pub blocks: Vec<Block>,
}

impl<M: ObjectModel> Default for Stacks<M> {
    fn default() -> Self {
        Stacks {
            values: Vec::with_capacity(VALUE_WORDS),
            frames: Vec::with_capacity(MAX_FRAMES),
            blocks: Vec::with_capacity(1024),
        }
    }
}

impl<M: ObjectModel> Stacks<M> {
    /// The bottom of the value stack.
    pub fn base(&mut self) -> *mut V<M> {
        self.values.as_mut_ptr()
    }

    /// Where a frame's words must end.
    pub fn limit(&mut self) -> *mut V<M> {
        self.values.as_mut_ptr().wrapping_add(VALUE_WORDS - SLACK)
    }

    /// Whether `n` blocks can be pushed without growing the block stack.
    #[inline(always)]
    pub fn has_room_for_blocks(&self, n: usize) -> bool {
        self.blocks.capacity() - self.blocks.len() >= n
    }

    /// Moves blocks onto the block stack, which must have room for them.
    #[inline(always)]
    pub fn push_blocks(&mut self, from: &mut Vec<Block>) {
        move_blocks(from, 0, &mut self.blocks);
    }

    /// Moves the blocks from `base` on to a vector that has room for them.
    #[inline(always)]
    pub fn pop_blocks_onto(&mut self, base: usize, to: &mut Vec<Block>) {
        move_blocks(&mut self.blocks, base, to);
    }

    /// The place of the first frame. Frames are written and read through raw pointers: the vector
    /// only owns the memory.
    pub fn frame_base(&mut self) -> *mut Frame<M> {
        self.frames.as_mut_ptr()
    }
}

/// Moves what stands in `from` at `base` and above to the end of `to`, which must have room.
#[inline(always)]
fn move_blocks(from: &mut Vec<Block>, base: usize, to: &mut Vec<Block>) {
    let n = from.len() - base;
    debug_assert!(to.capacity() - to.len() >= n);
    // SAFETY: `base` is at most the length; the callers have seen to the room.
    unsafe {
        let (source, place) = (from.as_ptr().add(base), to.as_mut_ptr().add(to.len()));
        if n == 1 {
            // Most often one loop.
            place.write(source.read());
        } else {
            std::ptr::copy_nonoverlapping(source, place, n);
        }
        from.set_len(base);
        to.set_len(to.len() + n);
    }
}
