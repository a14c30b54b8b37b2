//! The machine's internal instructions: table, decoding from bytecode, and the
//! passes that rewrite them (inline caches, superinstructions).
//!
//! ```text
//! op u16 | aux u16 | arg u32      one unit of decoded code, 8 bytes
//! ```
//! Bytecode is CPython's; these instructions are not: they have fixed width,
//! relative jumps, a second operand for a cache's index, and rows that only
//! the passes produce.

pub mod cache;
pub mod decode;
pub mod fuse;
pub mod table;
pub mod verify;

pub use table::InstrOp;

/// Operands of an instruction, as a handler gets them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Operands {
    /// The operand of the bytecode instruction, or a displacement in units.
    pub arg: u32,
    /// Index of the inline cache, where the row has one.
    pub aux: u32,
}

/// A decoded instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C)]
pub struct Instr {
    /// Which row.
    pub op: InstrOp,
    /// See [`Operands::aux`].
    pub aux: u16,
    /// See [`Operands::arg`].
    pub arg: u32,
}

impl Instr {
    /// Its operands.
    #[inline(always)]
    pub fn operands(&self) -> Operands {
        Operands {
            arg: self.arg,
            aux: self.aux as u32,
        }
    }
}
