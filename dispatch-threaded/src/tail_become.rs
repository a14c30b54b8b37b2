//! `tail` with guaranteed tail calls: feature `nightly`, for a nightly compiler.
//!
//! The same units and handlers as in `tail.rs`. `become` makes each call in tail position a jump at every
//! opt-level, by the language and not by the optimiser's grace, and the calling convention preserves no register for
//! the caller, so a handler that calls something spills less. Stable compilers cannot parse this file, which is
//! therefore loaded only with the feature. See Rust's unstable feature `explicit_tail_calls`.

use crate::bind;
use crate::unit::{Threaded, Unit, link_with};
use ceval_vm_core::Vm;
use ceval_vm_core::dispatch::{Dispatch, Encoding, Flow, Probed, Units};
use ceval_vm_core::for_each_instr;
use ceval_vm_core::instr::Instr;
use ceval_vm_core::machine::regs::Regs;
use ceval_vm_core::object::{ObjectModel, V};
use ceval_vm_core::semantics::{Op, run_slow};

type Handler<M> =
    unsafe extern "rust-preserve-none" fn(*const u8, *mut V<M>, *mut V<M>, *mut Vm<M>);

/// The strategy.
pub struct Tail;

/// The handler of the unit at `ip`.
#[inline(always)]
unsafe fn next<M: ObjectModel>(ip: *const u8) -> Handler<M> {
    // SAFETY: `ip` points at a unit of linked code whose handler is of this type.
    unsafe { (*ip.cast::<Unit<Handler<M>>>()).handler }
}

unsafe extern "rust-preserve-none" fn handler<O: Op, M: ObjectModel>(
    ip: *const u8,
    sp: *mut V<M>,
    fp: *mut V<M>,
    vm: *mut Vm<M>,
) {
    // SAFETY: called with the registers of verified, linked code, `ip` at this handler's unit; the
    // machine is borrowed by the run alone, and no borrow of it outlives its statement.
    unsafe {
        let x = Threaded::operands(ip);
        let mut r = Regs::new(ip.add(Threaded::SIZE), sp, fp);
        let flow = O::fast::<M, Threaded>(&mut r, &mut *vm, x);
        let (next_ip, next_sp, next_fp) = (r.ip, r.sp, r.fp);
        match flow {
            Flow::Next => {
                let handler = next::<M>(next_ip);
                become handler(next_ip, next_sp, next_fp, vm)
            }
            Flow::Slow => become slow::<O, M>(ip, sp, fp, vm),
            Flow::Stop => (),
        }
    }
}

#[inline(never)]
unsafe extern "rust-preserve-none" fn slow<O: Op, M: ObjectModel>(
    ip: *const u8,
    sp: *mut V<M>,
    fp: *mut V<M>,
    vm: *mut Vm<M>,
) {
    // SAFETY: as in `handler`, whose arguments these are.
    unsafe {
        let x = Threaded::operands(ip);
        let ip = ip.add(Threaded::SIZE);
        if run_slow::<O, M, Threaded>(ip, sp, fp, &mut *vm, x) != Flow::Stop {
            let (ip, sp, fp) = (
                (*vm).after_full.ip,
                (*vm).after_full.sp,
                (*vm).after_full.fp,
            );
            let handler = next::<M>(ip);
            become handler(ip, sp, fp, vm)
        }
    }
}

/// Records its unit and then is the unit's handler: what the units of the probed form hold.
unsafe extern "rust-preserve-none" fn recording<O: Op, M: ObjectModel>(
    ip: *const u8,
    sp: *mut V<M>,
    fp: *mut V<M>,
    vm: *mut Vm<M>,
) {
    // SAFETY: as in `handler`, whose arguments these are.
    unsafe {
        if (*vm).note_dispatch(ip) {
            become attended::<O, M>(ip, sp, fp, vm)
        }
        become handler::<O, M>(ip, sp, fp, vm)
    }
}

/// A function of its own, so that the registers that it saves are not saved for every dispatch.
#[cold]
#[inline(never)]
unsafe extern "rust-preserve-none" fn attended<O: Op, M: ObjectModel>(
    ip: *const u8,
    sp: *mut V<M>,
    fp: *mut V<M>,
    vm: *mut Vm<M>,
) {
    // SAFETY: as in `handler`, whose arguments these are.
    unsafe {
        (*vm).attend_probe();
        become handler::<O, M>(ip, sp, fp, vm)
    }
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
        unsafe { next::<M>(r.ip)(r.ip, r.sp, r.fp, vm) }
    }
}
