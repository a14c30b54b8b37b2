//! What each instruction does: one zero-sized type a handler, in files by family.
//!
//! A handler has two parts, or three. [`Op::full`] is the definition: complete, out of
//! line, in ordinary ownership style, free to call anything. [`Op::fast`] is
//! inlined into every dispatcher and covers the common case: it calls nothing
//! out of line and writes nothing before success is certain; otherwise it
//! gives [`Flow::Slow`] and has done nothing. [`Op::warm`] is a second fast part, tried between the
//! two in a function of its own: for cases that are frequent, but whose need of registers
//! the first should not pay for. A machine that runs `full` alone must behave the same: that is the
//! oracle for the others.

use crate::Vm;
use crate::dispatch::{Encoding, Flow};
use crate::instr::Operands;
use crate::machine::regs::Regs;
use crate::object::{Event, ObjectModel, Res, V};

mod arith;
mod attribute;
mod call;
mod compare;
mod container;
mod control;
mod exception;
pub mod fused;
mod iteration;
mod locals;
mod names;
mod stack;

pub use arith::*;
pub use attribute::*;
pub use call::*;
pub use compare::*;
pub use container::*;
pub use control::*;
pub use exception::*;
pub use iteration::*;
pub use locals::*;
pub use names::*;
pub use stack::*;

/// A handler.
pub trait Op: 'static {
    /// Whether `fast` may leave `ip` elsewhere than at the next unit.
    const JUMPS: bool = false;

    /// The common case, inlined. [`Flow::Slow`]: nothing was done (registers may be scribbled on).
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(_: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Flow {
        Flow::Slow
    }

    /// Further cases, where `fast` has given [`Flow::Slow`], under the same rules. Not inlined into the
    /// dispatcher's handler, so that a `fast` part that keeps to few registers saves none.
    #[inline(always)]
    fn warm<M: ObjectModel, E: Encoding>(_: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Flow {
        Flow::Slow
    }

    /// The complete semantics.
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow>;
}

/// Runs a handler's full part (not marked cold: calls of native functions come through here) with everything around it: the frame's `ip` and the stack top are
/// saved for whoever looks, and an exception is unwound to a handler or out of the loop.
///
/// Registers go in as words and come out in [`Vm::after_full`]: a result in memory would be a local of
/// the caller whose address escapes, and then a threaded caller's last call is no jump.
///
/// # Safety
/// The registers are those of verified, linked code whose current instruction is `O` with operands `x`.
#[inline(never)]
pub unsafe fn run_full<O: Op, M: ObjectModel>(
    ip: *const u8,
    sp: *mut V<M>,
    fp: *mut V<M>,
    vm: &mut Vm<M>,
    x: Operands,
) -> Flow {
    // SAFETY: the caller's contract.
    let mut r = unsafe { Regs::new(ip, sp, fp) };
    vm.save(&r);
    vm.count(Event::Full);
    let mut result = O::full(&mut r, vm, x);
    // Every value is on the stacks again: finalizers run where CPython would run them, right after
    // the instruction that dropped the last reference.
    if vm.wants_safepoint() && result == Ok(Flow::Next) {
        result = vm.safepoint(&r).map(|()| Flow::Next);
    }
    let flow = match result {
        Ok(flow) => flow,
        Err(_) => vm.unwind(&mut r),
    };
    // Word by word: a wide load of words that have just been stored one by one waits for them.
    // SAFETY: `r` is a local.
    unsafe {
        vm.after_full.ip = (&raw const r.ip).read_volatile();
        vm.after_full.sp = (&raw const r.sp).read_volatile();
        vm.after_full.fp = (&raw const r.fp).read_volatile();
    }
    flow
}

/// The warm part of a handler, and the full part where it does not apply; registers as in [`run_full`].
///
/// # Safety
/// As [`run_full`].
#[inline(never)]
pub unsafe fn run_slow<O: Op, M: ObjectModel, E: Encoding>(
    ip: *const u8,
    sp: *mut V<M>,
    fp: *mut V<M>,
    vm: &mut Vm<M>,
    x: Operands,
) -> Flow {
    // SAFETY: the caller's contract.
    unsafe {
        let mut r = Regs::new(ip, sp, fp);
        match O::warm::<M, E>(&mut r, vm, x) {
            Flow::Slow => run_full::<O, M>(ip, sp, fp, vm, x),
            flow => {
                vm.after_full = r;
                flow
            }
        }
    }
}

/// One instruction: the fast part, and the other parts where it does not apply.
#[inline(always)]
pub fn step<O: Op, M: ObjectModel, E: Encoding>(
    r: &mut Regs<M>,
    vm: &mut Vm<M>,
    x: Operands,
) -> Flow {
    let before = r.saved();
    match O::fast::<M, E>(r, vm, x) {
        Flow::Slow => {
            // SAFETY: `r` was the registers of verified code at this instruction (invariant of `Regs`).
            let flow = unsafe { run_slow::<O, M, E>(before.ip, before.sp, before.fp, vm, x) };
            // Field by field: assigning the whole would let the struct live in memory.
            r.ip = vm.after_full.ip;
            r.sp = vm.after_full.sp;
            r.fp = vm.after_full.fp;
            flow
        }
        flow => flow,
    }
}
