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

    /// The place of the first frame. Frames are written and read through raw pointers: the vector
    /// only owns the memory.
    pub fn frame_base(&mut self) -> *mut Frame<M> {
        self.frames.as_mut_ptr()
    }
}
