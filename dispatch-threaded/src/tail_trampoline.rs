//! `tail` for unoptimised builds: `call` under this name.
//!
//! Without optimisation a call in tail position is a call, and a long program
//! would overflow the native stack. See `tail.rs` for the real strategy.

use crate::call::Call;
use crate::unit::Threaded;
use ceval_vm_core::Vm;
use ceval_vm_core::dispatch::{Dispatch, Probed, Units};
use ceval_vm_core::instr::Instr;
use ceval_vm_core::machine::regs::Regs;
use ceval_vm_core::object::ObjectModel;

/// The strategy.
pub struct Tail;

// SAFETY: `Call` keeps the rules.
unsafe impl<M: ObjectModel> Dispatch<M> for Tail {
    const NAME: &'static str = "tail";
    type Encoding = Threaded;
    const PROBED: Option<Probed<M>> = <Call as Dispatch<M>>::PROBED;

    fn link(instructions: &[Instr]) -> Units {
        <Call as Dispatch<M>>::link(instructions)
    }

    unsafe fn run(vm: &mut Vm<M>, r: Regs<M>) {
        // SAFETY: the caller's contract is that of `Call`.
        unsafe { <Call as Dispatch<M>>::run(vm, r) }
    }
}
