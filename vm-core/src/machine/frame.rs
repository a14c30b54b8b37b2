//! Activations: the frame stack and the block stack.
//!
//! ```text
//! value stack   | function | locals | cells, free | operands ... | function | ...
//!                 fp[-1]     fp[0]                       callee's arguments become its locals
//! ```
//! A callee's arguments are not copied: they are its first locals. The running
//! function stands below its frame and keeps code and globals alive.

use crate::object::{ObjectModel, V};
use crate::types::code::Linked;

/// What happens with the result when an activation returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum OnReturn {
    /// It replaces the function on the caller's stack.
    Push,
    /// It leaves the loop: native code called.
    Leave,
    /// It must be None and is replaced by `Frame::extra`: the new instance of an `__init__`.
    Init,
    /// The activation is a generator that the caller's FOR_ITER, `next`, YIELD_FROM resumed; see
    /// `machine/resume.rs`.
    Resumed,
    /// A class body: its cell or namespace goes on to `__build_class__`'s second half.
    ClassBody,
}

/// An entry of the block stack (CPython `PyTryBlock`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// What set it up.
    pub kind: BlockKind,
    /// Unit index of the handler, or of the end of a loop.
    pub handler: u32,
    /// Operand stack depth to restore, in words above the frame's first local.
    pub level: u32,
}

/// The block kinds of CPython 3.5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum BlockKind {
    Loop,
    Except,
    Finally,
    ExceptHandler,
}

/// Blocks a frame may nest (`CO_MAXBLOCKS`).
pub const MAX_BLOCKS: usize = 20;

/// An activation.
#[repr(C)]
pub struct Frame<M: ObjectModel> {
    /// The unit after the one that is executing. Current while the frame is not on top, and during
    /// full handlers.
    pub ip: *const u8,
    /// First local.
    pub fp: *mut V<M>,
    /// The code.
    pub linked: *const Linked<M>,
    /// Bits of the globals dict; the function at `fp[-1]` owns it.
    pub globals: u64,
    /// Depth of the block stack at entry.
    pub block_base: u32,
    /// What to do with the result.
    pub on_return: OnReturn,
    /// Namespace of a class, module or `exec` frame; absent in functions.
    pub namespace: V<M>,
    /// The generator that is running here, or absent.
    pub generator: V<M>,
    /// The frame object, if one was made.
    pub object: V<M>,
    /// See [`OnReturn::Init`] and [`OnReturn::ClassBody`].
    pub extra: V<M>,
}
