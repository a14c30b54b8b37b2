//! `closure` for unoptimised builds: `closure-loop` under this name.
//!
//! Without optimisation a call in tail position is a call, and a long program
//! would overflow the native stack. See `closure.rs` for the real strategy.

use crate::closure_loop::{Boxed, ClosureLoop};
use ceval_vm_core::Vm;
use ceval_vm_core::dispatch::{Dispatch, Probed, Units};
use ceval_vm_core::instr::Instr;
use ceval_vm_core::machine::regs::Regs;
use ceval_vm_core::object::ObjectModel;

/// The strategy.
pub struct Closure;

// SAFETY: `ClosureLoop` keeps the rules.
unsafe impl<M: ObjectModel> Dispatch<M> for Closure {
    const NAME: &'static str = "closure";
    type Encoding = Boxed;
    const PROBED: Option<Probed<M>> = <ClosureLoop as Dispatch<M>>::PROBED;

    fn link(instructions: &[Instr]) -> Units {
        <ClosureLoop as Dispatch<M>>::link(instructions)
    }

    unsafe fn run(vm: &mut Vm<M>, r: Regs<M>) {
        // SAFETY: the caller's contract is that of `ClosureLoop`.
        unsafe { <ClosureLoop as Dispatch<M>>::run(vm, r) }
    }
}
