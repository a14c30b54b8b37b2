//! The unit of strategies whose instructions carry a function pointer.
//!
//! ```text
//! handler: one word | op u16 | aux u16 | arg u32      16 bytes
//! ```

use ceval_vm_core::dispatch::Encoding;
use ceval_vm_core::instr::{Instr, Operands};

/// Function pointer and instruction. The number of the instruction is there for probed forms.
#[repr(C)]
pub struct Unit<H> {
    /// What executes it.
    pub handler: H,
    /// What it is.
    pub instr: Instr,
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
