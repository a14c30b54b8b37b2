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
use crate::types::dict::Dict;

/// What happens when an activation ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum OnReturn {
    /// The result replaces the function on the caller's stack.
    Push,
    /// The loop is left: native code called. The result goes to `Vm::returned`.
    Leave,
    /// The result must be None and is replaced by `Frame::extra`: the new instance of an `__init__`.
    Init,
    /// A generator that FOR_ITER resumed: the end jumps by `resume_arg`.
    ForIter,
    /// A generator that YIELD_FROM resumed: the result replaces the generator.
    YieldFrom,
    /// A generator that native code resumed: a yield leaves the loop too.
    LeaveGenerator,
    /// The method of a binary operator whose operands stand below the function: the result replaces them,
    /// unless it is NotImplemented. `resume_arg` says which operator.
    Binary,
    /// The `__enter__` of SETUP_WITH: its block is pushed first; `resume_arg` is the displacement.
    With,
}

impl OnReturn {
    /// Whether the activation is a resumed generator, whose `extra` is the caller's handled exception.
    pub fn is_generator(self) -> bool {
        matches!(
            self,
            OnReturn::ForIter | OnReturn::YieldFrom | OnReturn::LeaveGenerator
        )
    }
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
    /// The globals; the function at `fp[-1]` owns them.
    pub globals: *const Dict<M>,
    /// The generator that is running here, or absent.
    pub generator: V<M>,
    /// See [`OnReturn::Init`] and [`OnReturn::is_generator`].
    pub extra: V<M>,
    /// What few frames have.
    pub rare: Option<Box<Rare<M>>>,
    /// Depth of the block stack at entry.
    pub block_base: u32,
    /// See [`OnReturn::ForIter`].
    pub resume_arg: u32,
    /// What to do at the end.
    pub on_return: OnReturn,
}

/// Parts of a frame that functions seldom have.
pub struct Rare<M: ObjectModel> {
    /// Namespace of a class, module or `exec` frame; absent in functions.
    pub namespace: V<M>,
    /// The frame object, if one was made; else absent.
    pub object: V<M>,
}
