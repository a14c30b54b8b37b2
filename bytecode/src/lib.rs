//! CPython 3.5's public instruction set: opcodes, code objects, constants, line table,
//! disassembler and digests. No parser and no run time.
//!
//! Everything here is plain data and functions over it; the compiler, the machine and the
//! command line all use it.
#![forbid(unsafe_code)]

pub mod code;
pub mod lines;

pub use code::{CodeObject, Constant, flags};
