//! `call`: an array of function pointers, called in a loop.
//!
//! Registers live in memory, since every handler gets them by reference.

use crate::bind;
use ceval_vm_core::Vm;
use ceval_vm_core::dispatch::{Dispatch, Encoding, Flow, Probed, Units};
use ceval_vm_core::for_each_instr;
use ceval_vm_core::instr::{Instr, Operands};
use ceval_vm_core::machine::regs::Regs;
use ceval_vm_core::object::ObjectModel;
use ceval_vm_core::semantics::{Op, step};

type Handler<M> = fn(&mut Regs<M>, &mut Vm<M>, Operands) -> Flow;

/// Function pointer and operands, 16 bytes.
#[repr(C)]
pub struct Unit<H> {
    handler: H,
    operands: Operands,
}

/// Layout of [`Unit`]s with a one-word handler.
pub struct Called;

// SAFETY: `operands` stands behind one pointer in a `repr(C)` unit.
unsafe impl Encoding for Called {
    const SIZE: usize = size_of::<Unit<usize>>();

    #[inline(always)]
    unsafe fn operands(unit: *const u8) -> Operands {
        // SAFETY: the caller passes a unit that `link` made.
        unsafe { (*unit.cast::<Unit<usize>>()).operands }
    }
}

/// The strategy.
pub struct Call;

#[inline(never)]
fn handler<O: Op, M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
    step::<O, M, Called>(r, vm, x)
}

fn handler_of<O: Op, M: ObjectModel>() -> Handler<M> {
    handler::<O, M>
}

// SAFETY: one unit an instruction with its handler; `run` calls each until one stops.
unsafe impl<M: ObjectModel> Dispatch<M> for Call {
    const NAME: &'static str = "call";
    type Encoding = Called;
    const PROBED: Option<Probed<M>> = Some(Probed {
        link: <Call as Dispatch<M>>::link,
        run: run_probed::<M>,
    });

    fn link(instructions: &[Instr]) -> Units {
        let unit = |i: &Instr| Unit::<Handler<M>> {
            handler: for_each_instr!(bind, i.op, handler_of, M),
            operands: i.operands(),
        };
        Units::new(instructions.iter().map(unit).collect())
    }

    #[inline(never)]
    unsafe fn run(vm: &mut Vm<M>, mut r: Regs<M>) {
        loop {
            // SAFETY: `ip` points at a unit of linked code (contract of `run`).
            let unit = unsafe { &*r.ip.cast::<Unit<Handler<M>>>() };
            r.ip = r.ip.wrapping_add(Called::SIZE);
            if (unit.handler)(&mut r, vm, unit.operands) == Flow::Stop {
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
        r.ip = r.ip.wrapping_add(Called::SIZE);
        if (unit.handler)(&mut r, vm, unit.operands) == Flow::Stop {
            break;
        }
    }
}
