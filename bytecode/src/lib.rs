//! CPython 3.5's public instruction set: opcodes, code objects, constants, line table,
//! disassembler and digests. No parser and no run time.
//!
//! Everything here is plain data and functions over it; the compiler, the machine and the
//! command line all use it.
#![forbid(unsafe_code)]

pub mod code;
pub mod digest;
pub mod dis;
pub mod dump;
pub mod float_digits;
pub mod float_format;
pub mod instructions;
pub mod int_digits;
pub mod json;
pub mod lines;
pub mod marshal;
pub mod opcode;
pub mod printable;
pub mod repr;
pub mod verify;

pub use code::{CodeObject, Constant, flags};
pub use instructions::{Instruction, Instructions};
pub use opcode::{HAVE_ARGUMENT, Opcode, Operand};
