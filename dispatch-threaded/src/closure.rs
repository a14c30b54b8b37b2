//! `closure`: closures with the registers as arguments, each calling the next.
//!
//! A closure captures its operands and, where its instruction cannot jump, the
//! closure that follows; others find the next one through `ip`. Calls are in
//! tail position: the rules and guards of `tail.rs` hold here too. At opt-level 0 the build script puts
//! `closure_trampoline.rs` in this file's place.
//!
//! Feeley, Lapalme: "Using closures for code generation", Computer Languages 12(1), 1987.

use crate::bind;
use ceval_vm_core::Vm;
use ceval_vm_core::dispatch::{Dispatch, Encoding, Flow, Probed, Units};
use ceval_vm_core::for_each_instr;
use ceval_vm_core::instr::{Instr, Operands};
use ceval_vm_core::machine::regs::Regs;
use ceval_vm_core::object::{ObjectModel, V};
use ceval_vm_core::semantics::{Op, run_full};

type Code<M> = dyn Fn(*const u8, *mut V<M>, *mut V<M>, &mut Vm<M>);

/// Closure and operands, 24 bytes; the operands are there for superinstructions.
#[repr(C)]
pub struct Unit<C> {
    code: C,
    operands: Operands,
}

/// Layout of [`Unit`]s with a two-word closure.
pub struct Captured;

// SAFETY: `operands` stands behind a two-word box in a `repr(C)` unit.
unsafe impl Encoding for Captured {
    const SIZE: usize = size_of::<Unit<[usize; 2]>>();

    #[inline(always)]
    unsafe fn operands(unit: *const u8) -> Operands {
        // SAFETY: the caller passes a unit that `link` made.
        unsafe { (*unit.cast::<Unit<[usize; 2]>>()).operands }
    }
}

/// The strategy.
pub struct Closure;

/// Goes on at the unit that `ip` points at. Closures take `ip` after their own unit.
#[inline(always)]
unsafe fn dispatch<M: ObjectModel>(ip: *const u8, sp: *mut V<M>, fp: *mut V<M>, vm: &mut Vm<M>) {
    // SAFETY: `ip` points at a unit of linked code.
    unsafe { ((*ip.cast::<Unit<Box<Code<M>>>>()).code)(ip.add(Captured::SIZE), sp, fp, vm) }
}

/// The closure of a handler. `next` is the closure of the following instruction.
fn code_of<O: Op, M: ObjectModel>(x: Operands, next: Option<*const Code<M>>) -> Box<Code<M>> {
    let Some(next) = next.filter(|_| !O::JUMPS) else {
        return Box::new(move |ip, sp, fp, vm| {
            // SAFETY: called with the registers of verified, linked code.
            unsafe {
                let mut r = Regs::new(ip, sp, fp);
                match O::fast::<M, Captured>(&mut r, vm, x) {
                    Flow::Next => dispatch(r.ip, r.sp, r.fp, vm),
                    Flow::Slow => slow::<O, M>(ip, sp, fp, vm),
                    Flow::Stop => (),
                }
            }
        });
    };
    Box::new(move |ip, sp, fp, vm| {
        // SAFETY: as above; `next` is owned by the following unit of the same code, and an
        // instruction that does not jump leaves `ip` at that unit, or (a superinstruction) beyond it.
        unsafe {
            let mut r = Regs::new(ip, sp, fp);
            match O::fast::<M, Captured>(&mut r, vm, x) {
                Flow::Next if r.ip == ip => (*next)(ip.add(Captured::SIZE), r.sp, r.fp, vm),
                Flow::Next => dispatch(r.ip, r.sp, r.fp, vm),
                Flow::Slow => slow::<O, M>(ip, sp, fp, vm),
                Flow::Stop => (),
            }
        }
    })
}

#[inline(never)]
unsafe fn slow<O: Op, M: ObjectModel>(ip: *const u8, sp: *mut V<M>, fp: *mut V<M>, vm: &mut Vm<M>) {
    // SAFETY: `ip` stands after the unit whose operands are wanted; registers as in the closure.
    unsafe {
        let x = Captured::operands(ip.sub(Captured::SIZE));
        let mut r = Regs::new(ip, sp, fp);
        match O::warm::<M, Captured>(&mut r, vm, x) {
            Flow::Next => dispatch(r.ip, r.sp, r.fp, vm),
            Flow::Slow => {
                if run_full::<O, M>(ip, sp, fp, vm, x) != Flow::Stop {
                    let (ip, sp, fp) = (vm.after_full.ip, vm.after_full.sp, vm.after_full.fp);
                    dispatch(ip, sp, fp, vm)
                }
            }
            Flow::Stop => (),
        }
    }
}

/// Units whose closures went through `around`. From the last to the first, since each captures its successor.
fn link_with<M: ObjectModel>(
    instructions: &[Instr],
    around: fn(Box<Code<M>>) -> Box<Code<M>>,
) -> Units {
    let mut units: Vec<Unit<Box<Code<M>>>> = Vec::with_capacity(instructions.len());
    let mut next: Option<*const Code<M>> = None;
    for i in instructions.iter().rev() {
        let code = around(for_each_instr!(bind, i.op, code_of, M, i.operands(), next));
        next = Some(&raw const *code);
        units.push(Unit {
            code,
            operands: i.operands(),
        });
    }
    units.reverse();
    Units::new(units.into_boxed_slice())
}

/// A closure that records its unit and then is `code`.
fn recording<M: ObjectModel>(code: Box<Code<M>>) -> Box<Code<M>> {
    Box::new(move |ip, sp, fp, vm| {
        if vm.note_dispatch(ip.wrapping_sub(Captured::SIZE)) {
            return attended(&code, ip, sp, fp, vm);
        }
        code(ip, sp, fp, vm)
    })
}

/// A function of its own, so that the registers that it saves are not saved for every dispatch.
#[cold]
#[inline(never)]
fn attended<M: ObjectModel>(
    code: &Code<M>,
    ip: *const u8,
    sp: *mut V<M>,
    fp: *mut V<M>,
    vm: &mut Vm<M>,
) {
    vm.attend_probe();
    code(ip, sp, fp, vm)
}

// SAFETY: one unit an instruction with its handler; each closure goes on to the unit that its
// registers point at until one stops.
unsafe impl<M: ObjectModel> Dispatch<M> for Closure {
    const NAME: &'static str = "closure";
    type Encoding = Captured;
    const PROBED: Option<Probed<M>> = Some(Probed {
        link: |instructions| link_with::<M>(instructions, recording::<M>),
        run: <Closure as Dispatch<M>>::run,
    });

    fn link(instructions: &[Instr]) -> Units {
        link_with::<M>(instructions, |code| code)
    }

    unsafe fn run(vm: &mut Vm<M>, r: Regs<M>) {
        // SAFETY: the caller's contract is that of the first closure.
        unsafe { dispatch(r.ip, r.sp, r.fp, vm) }
    }
}
