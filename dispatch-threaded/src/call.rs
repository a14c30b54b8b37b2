//! `call`: an array of function pointers, called in a loop.
//!
//! Registers live in memory, since every handler gets them by reference.

use crate::bind;
use crate::unit::{Threaded, Unit, link_with};
use ceval_vm_core::Vm;
use ceval_vm_core::dispatch::{Dispatch, Encoding, Flow, Probed, Units};
use ceval_vm_core::for_each_instr;
use ceval_vm_core::instr::{Instr, Operands};
use ceval_vm_core::machine::regs::Regs;
use ceval_vm_core::object::ObjectModel;
use ceval_vm_core::semantics::{Op, step};

type Handler<M> = fn(&mut Regs<M>, &mut Vm<M>, Operands) -> Flow;

/// The strategy.
pub struct Call;

#[inline(never)]
fn handler<O: Op, M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
    step::<O, M, Threaded>(r, vm, x)
}

fn handler_of<O: Op, M: ObjectModel>() -> Handler<M> {
    handler::<O, M>
}

// SAFETY: one unit an instruction with its handler; `run` calls each until one stops.
unsafe impl<M: ObjectModel> Dispatch<M> for Call {
    const NAME: &'static str = "call";
    type Encoding = Threaded;
    const PROBED: Option<Probed<M>> = Some(Probed {
        link: <Call as Dispatch<M>>::link,
        run: run_probed::<M>,
    });

    fn link(instructions: &[Instr]) -> Units {
        link_with(instructions, |op| for_each_instr!(bind, op, handler_of, M))
    }

    #[inline(never)]
    unsafe fn run(vm: &mut Vm<M>, mut r: Regs<M>) {
        loop {
            // SAFETY: `ip` points at a unit of linked code (contract of `run`).
            let unit = unsafe { &*r.ip.cast::<Unit<Handler<M>>>() };
            r.ip = r.ip.wrapping_add(Threaded::SIZE);
            if (unit.handler)(&mut r, vm, unit.instr.operands()) == Flow::Stop {
                break;
            }
        }
    }
}

/// The loop with a record before each call.
///
/// # Safety
/// As [`Dispatch::run`].
unsafe fn run_probed<M: ObjectModel>(vm: &mut Vm<M>, mut r: Regs<M>) {
    loop {
        vm.record_dispatch(r.ip);
        // SAFETY: as in `run`.
        let unit = unsafe { &*r.ip.cast::<Unit<Handler<M>>>() };
        r.ip = r.ip.wrapping_add(Threaded::SIZE);
        if (unit.handler)(&mut r, vm, unit.instr.operands()) == Flow::Stop {
            break;
        }
    }
}
