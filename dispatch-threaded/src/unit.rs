//! The unit of strategies whose instructions carry a function pointer.
//!
//! ```text
//! handler: one word | op u16 | aux u16 | arg u32      16 bytes
//! ```

use ceval_vm_core::dispatch::{Encoding, Units};
use ceval_vm_core::instr::{Instr, InstrOp, Operands};

/// Function pointer and instruction.
#[repr(C)]
pub struct Unit<H> {
    /// What executes it.
    pub handler: H,
    /// What it is.
    pub instr: Instr,
}

/// A unit for each instruction, with what `handler` gives for it.
pub fn link_with<H: 'static>(instructions: &[Instr], handler: impl Fn(InstrOp) -> H) -> Units {
    let unit = |&instr: &Instr| Unit {
        handler: handler(instr.op),
        instr,
    };
    Units::new(instructions.iter().map(unit).collect())
}

/// Layout of [`Unit`]s with a one-word handler.
pub struct Threaded;

// SAFETY: the instruction stands behind one pointer in a `repr(C)` unit.
unsafe impl Encoding for Threaded {
    const SIZE: usize = size_of::<Unit<usize>>();

    #[inline(always)]
    unsafe fn operands(unit: *const u8) -> Operands {
        // SAFETY: the caller passes a unit that `link` made.
        unsafe { (*unit.cast::<Unit<usize>>()).instr.operands() }
    }
}
