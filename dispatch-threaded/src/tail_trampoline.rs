//! `tail` for unoptimised builds: the same units and handlers, called from a loop.
//!
//! Without optimisation a call in tail position is a call, and a long program
//! would overflow the native stack. See `tail.rs` for the real strategy.

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
pub struct Threaded;

// SAFETY: `operands` stands behind one pointer in a `repr(C)` unit.
unsafe impl Encoding for Threaded {
    const SIZE: usize = size_of::<Unit<usize>>();

    unsafe fn operands(unit: *const u8) -> Operands {
        // SAFETY: the caller passes a unit that `link` made.
        unsafe { (*unit.cast::<Unit<usize>>()).operands }
    }
}

/// The strategy.
pub struct Tail;

fn handler_of<O: Op, M: ObjectModel>() -> Handler<M> {
    step::<O, M, Threaded>
}

// SAFETY: one unit an instruction with its handler; `run` calls each until one stops.
unsafe impl<M: ObjectModel> Dispatch<M> for Tail {
    const NAME: &'static str = "tail";
    type Encoding = Threaded;
    const PROBED: Option<Probed<M>> = Some(Probed {
        link: <Tail as Dispatch<M>>::link,
        run: run_probed::<M>,
    });

    fn link(instructions: &[Instr]) -> Units {
        let unit = |i: &Instr| Unit::<Handler<M>> {
            handler: for_each_instr!(bind, i.op, handler_of, M),
            operands: i.operands(),
        };
        Units::new(instructions.iter().map(unit).collect())
    }

    unsafe fn run(vm: &mut Vm<M>, mut r: Regs<M>) {
        loop {
            // SAFETY: `ip` points at a unit of linked code (contract of `run`).
            let unit = unsafe { &*r.ip.cast::<Unit<Handler<M>>>() };
            r.ip = r.ip.wrapping_add(Threaded::SIZE);
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
        r.ip = r.ip.wrapping_add(Threaded::SIZE);
        if (unit.handler)(&mut r, vm, unit.operands) == Flow::Stop {
            break;
        }
    }
}
