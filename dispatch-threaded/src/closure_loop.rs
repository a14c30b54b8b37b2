//! `closure-loop`: a boxed closure an instruction, called in a loop: the textbook form of
//! closure compilation.

use crate::bind;
use ceval_vm_core::Vm;
use ceval_vm_core::dispatch::{Dispatch, Encoding, Flow, Probed, Units};
use ceval_vm_core::for_each_instr;
use ceval_vm_core::instr::{Instr, Operands};
use ceval_vm_core::machine::regs::Regs;
use ceval_vm_core::object::ObjectModel;
use ceval_vm_core::semantics::{Op, step};

type Code<M> = Box<dyn Fn(&mut Regs<M>, &mut Vm<M>) -> Flow>;

/// Closure and operands, 24 bytes. The closure captures its own operands; the copy is for a
/// superinstruction that reads its later parts' operands.
#[repr(C)]
pub struct Unit<C> {
    code: C,
    operands: Operands,
}

/// Layout of [`Unit`]s with a two-word closure.
pub struct Boxed;

// SAFETY: `operands` stands behind a two-word box in a `repr(C)` unit.
unsafe impl Encoding for Boxed {
    const SIZE: usize = size_of::<Unit<[usize; 2]>>();

    #[inline(always)]
    unsafe fn operands(unit: *const u8) -> Operands {
        // SAFETY: the caller passes a unit that `link` made.
        unsafe { (*unit.cast::<Unit<[usize; 2]>>()).operands }
    }
}

/// The strategy.
pub struct ClosureLoop;

fn code_of<O: Op, M: ObjectModel>(x: Operands) -> Code<M> {
    Box::new(move |r, vm| step::<O, M, Boxed>(r, vm, x))
}

// SAFETY: one unit an instruction with its handler; `run` calls each until one stops.
unsafe impl<M: ObjectModel> Dispatch<M> for ClosureLoop {
    const NAME: &'static str = "closure-loop";
    type Encoding = Boxed;
    const PROBED: Option<Probed<M>> = Some(Probed {
        link: <ClosureLoop as Dispatch<M>>::link,
        run: run_probed::<M>,
    });

    fn link(instructions: &[Instr]) -> Units {
        let unit = |i: &Instr| Unit::<Code<M>> {
            code: for_each_instr!(bind, i.op, code_of, M, i.operands()),
            operands: i.operands(),
        };
        Units::new(instructions.iter().map(unit).collect())
    }

    #[inline(never)]
    unsafe fn run(vm: &mut Vm<M>, mut r: Regs<M>) {
        loop {
            // SAFETY: `ip` points at a unit of linked code (contract of `run`).
            let unit = unsafe { &*r.ip.cast::<Unit<Code<M>>>() };
            r.ip = r.ip.wrapping_add(Boxed::SIZE);
            if (unit.code)(&mut r, vm) == Flow::Stop {
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
        let unit = unsafe { &*r.ip.cast::<Unit<Code<M>>>() };
        r.ip = r.ip.wrapping_add(Boxed::SIZE);
        if (unit.code)(&mut r, vm) == Flow::Stop {
            break;
        }
    }
}
