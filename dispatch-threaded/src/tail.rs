//! `tail`: direct threading by calls in tail position.
//!
//! A handler ends by calling the next one with the registers as arguments. LLVM
//! turns that into a jump at opt-level 1 and above, so each handler has its own
//! indirect jump and the registers stay in registers. On stable Rust nothing
//! guarantees it; it holds while every function of the chain has at most six
//! word arguments, returns `()`, and has no live value with a destructor and no
//! local whose address escapes. Guards: the small-stack test and the check
//! of the built binary for calls where jumps should be. At opt-level 0 the build script
//! puts `tail_trampoline.rs` in this file's place.
//!
//! Bell: "Threaded code", CACM 16(6), 1973.

use crate::bind;
use crate::unit::{Threaded, Unit, link_with};
use ceval_vm_core::Vm;
use ceval_vm_core::dispatch::{Dispatch, Encoding, Flow, Probed, Units};
use ceval_vm_core::for_each_instr;
use ceval_vm_core::instr::Instr;
use ceval_vm_core::machine::regs::Regs;
use ceval_vm_core::object::{ObjectModel, V};
use ceval_vm_core::semantics::{Op, run_full};

type Handler<M> = unsafe fn(*const u8, *mut V<M>, *mut V<M>, &mut Vm<M>);

/// The strategy.
pub struct Tail;

/// Jumps to the handler of the unit at `ip`.
#[inline(always)]
unsafe fn dispatch<M: ObjectModel>(ip: *const u8, sp: *mut V<M>, fp: *mut V<M>, vm: &mut Vm<M>) {
    // SAFETY: `ip` points at a unit of linked code whose handler is of this type.
    unsafe { ((*ip.cast::<Unit<Handler<M>>>()).handler)(ip, sp, fp, vm) }
}

unsafe fn handler<O: Op, M: ObjectModel>(
    ip: *const u8,
    sp: *mut V<M>,
    fp: *mut V<M>,
    vm: &mut Vm<M>,
) {
    // SAFETY: called with the registers of verified, linked code, `ip` at this handler's unit.
    unsafe {
        let x = Threaded::operands(ip);
        let mut r = Regs::new(ip.add(Threaded::SIZE), sp, fp);
        match O::fast::<M, Threaded>(&mut r, vm, x) {
            Flow::Next => dispatch(r.ip, r.sp, r.fp, vm),
            Flow::Slow => slow::<O, M>(ip, sp, fp, vm),
            Flow::Stop => (),
        }
    }
}

#[inline(never)]
unsafe fn slow<O: Op, M: ObjectModel>(ip: *const u8, sp: *mut V<M>, fp: *mut V<M>, vm: &mut Vm<M>) {
    // SAFETY: as in `handler`, whose arguments these are.
    unsafe {
        let x = Threaded::operands(ip);
        let ip = ip.add(Threaded::SIZE);
        let mut r = Regs::new(ip, sp, fp);
        match O::warm::<M, Threaded>(&mut r, vm, x) {
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

/// Records its unit and then is the unit's handler: what the units of the probed form hold.
unsafe fn recording<O: Op, M: ObjectModel>(
    ip: *const u8,
    sp: *mut V<M>,
    fp: *mut V<M>,
    vm: &mut Vm<M>,
) {
    // SAFETY: as in `handler`, whose arguments these are.
    unsafe {
        if vm.note_dispatch(ip) {
            attended::<O, M>(ip, sp, fp, vm)
        } else {
            handler::<O, M>(ip, sp, fp, vm)
        }
    }
}

/// A function of its own, so that the registers that it saves are not saved for every dispatch.
#[cold]
#[inline(never)]
unsafe fn attended<O: Op, M: ObjectModel>(
    ip: *const u8,
    sp: *mut V<M>,
    fp: *mut V<M>,
    vm: &mut Vm<M>,
) {
    vm.attend_probe();
    // SAFETY: as in `handler`, whose arguments these are.
    unsafe { handler::<O, M>(ip, sp, fp, vm) }
}

fn handler_of<O: Op, M: ObjectModel>() -> Handler<M> {
    handler::<O, M>
}

fn recording_of<O: Op, M: ObjectModel>() -> Handler<M> {
    recording::<O, M>
}

// SAFETY: one unit an instruction with its handler; each handler goes on to the unit that its
// registers point at until one stops.
unsafe impl<M: ObjectModel> Dispatch<M> for Tail {
    const NAME: &'static str = "tail";
    type Encoding = Threaded;
    const PROBED: Option<Probed<M>> = Some(Probed {
        link: |instructions| {
            link_with(instructions, |op| {
                for_each_instr!(bind, op, recording_of, M)
            })
        },
        run: <Tail as Dispatch<M>>::run,
    });

    fn link(instructions: &[Instr]) -> Units {
        link_with(instructions, |op| for_each_instr!(bind, op, handler_of, M))
    }

    unsafe fn run(vm: &mut Vm<M>, r: Regs<M>) {
        // SAFETY: the caller's contract is that of the first handler.
        unsafe { dispatch(r.ip, r.sp, r.fp, vm) }
    }
}
