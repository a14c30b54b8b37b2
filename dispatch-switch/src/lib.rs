//! The match-loop strategy, and the oracle that runs full handlers alone.
//!
//! One loop, one `match` over the instruction's number: the classic switch. All
//! handlers share one dispatch point, so a last-target predictor sees every
//! transition at one address. Ertl, Gregg: "The structure and performance of
//! efficient interpreters", JILP 5, 2003.

use ceval_vm_core::Vm;
use ceval_vm_core::dispatch::{Dispatch, Encoding, Flow, Probed, Units};
use ceval_vm_core::for_each_instr;
use ceval_vm_core::instr::{Instr, InstrOp, Operands};
use ceval_vm_core::machine::regs::Regs;
use ceval_vm_core::object::ObjectModel;
use ceval_vm_core::semantics::{self, fused, run_full, step};

/// Units are the decoded instructions themselves, 8 bytes each.
pub struct Decoded;

// SAFETY: units are `Instr`s, and that is what is read.
unsafe impl Encoding for Decoded {
    const SIZE: usize = size_of::<Instr>();

    #[inline(always)]
    unsafe fn operands(unit: *const u8) -> Operands {
        // SAFETY: the caller passes a unit that `link` made.
        unsafe { (*unit.cast::<Instr>()).operands() }
    }
}

/// `switch`: the match loop.
pub struct Switch;

macro_rules! match_loop {
    (
        ($r:ident, $vm:ident, $execute:ident, $before:ident)
        base { $(#[doc = $doc:literal] $snake:ident $Camel:ident: $family:ident, $operand:ident, ($pops:expr => $pushes:expr), $flow:ident;)* }
        fused { $($fsnake:ident $Fused:ident = $($part:ident)+;)* }
    ) => {
        loop {
            let unit = $r.ip;
            $before($vm, unit);
            $r.ip = unit.wrapping_add(Decoded::SIZE);
            // SAFETY: `ip` points at a unit of linked code (contract of `run`), whose last
            // instruction never falls through.
            let op = unsafe { (*unit.cast::<Instr>()).op };
            // Operands are read in the arms: an arm that has none reads none.
            let flow = match op {
                // SAFETY: as above.
                $(InstrOp::$Camel => $execute::<semantics::$Camel, M>(&mut $r, $vm, unsafe { Decoded::operands(unit) }),)*
                // SAFETY: as above.
                $(InstrOp::$Fused => $execute::<fused::$Fused, M>(&mut $r, $vm, unsafe { Decoded::operands(unit) }),)*
            };
            if flow == Flow::Stop {
                break;
            }
        }
    };
}

#[inline(always)]
fn nothing<M: ObjectModel>(_: &mut Vm<M>, _: *const u8) {}

#[inline(always)]
fn record<M: ObjectModel>(vm: &mut Vm<M>, unit: *const u8) {
    vm.record_dispatch(unit);
}

#[inline(always)]
fn fast_or_full<O: semantics::Op, M: ObjectModel>(
    r: &mut Regs<M>,
    vm: &mut Vm<M>,
    x: Operands,
) -> Flow {
    step::<O, M, Decoded>(r, vm, x)
}

#[inline(always)]
fn full_only<O: semantics::Op, M: ObjectModel>(
    r: &mut Regs<M>,
    vm: &mut Vm<M>,
    x: Operands,
) -> Flow {
    // SAFETY: `r` is the registers of verified code at this instruction (invariant of `Regs`).
    let flow = unsafe { run_full::<O, M>(r.ip, r.sp, r.fp, vm, x) };
    *r = vm.after_full.saved();
    flow
}

// SAFETY: `link` copies the instructions one to one; `run` executes each unit's handler through
// `step` until one stops.
unsafe impl<M: ObjectModel> Dispatch<M> for Switch {
    const NAME: &'static str = "switch";
    type Encoding = Decoded;
    const PROBED: Option<Probed<M>> = Some(Probed {
        link: <Switch as Dispatch<M>>::link,
        run: run_probed::<M>,
    });

    fn link(instructions: &[Instr]) -> Units {
        Units::new(instructions.to_vec().into_boxed_slice())
    }

    #[inline(never)]
    unsafe fn run(vm: &mut Vm<M>, regs: Regs<M>) {
        // A true local: a by-value parameter of this size would live in the caller's memory.
        let mut r = Regs {
            ip: regs.ip,
            sp: regs.sp,
            fp: regs.fp,
        };
        for_each_instr!(match_loop, r, vm, fast_or_full, nothing);
    }
}

/// The loop of [`Switch`] with a record before each unit.
///
/// # Safety
/// As [`Dispatch::run`].
#[inline(never)]
unsafe fn run_probed<M: ObjectModel>(vm: &mut Vm<M>, regs: Regs<M>) {
    let mut r = Regs {
        ip: regs.ip,
        sp: regs.sp,
        fp: regs.fp,
    };
    for_each_instr!(match_loop, r, vm, fast_or_full, record);
}

/// `oracle`: the match loop over full handlers alone. Slow on purpose: it is what fast paths
/// and superinstructions are checked against.
pub struct Oracle;

// SAFETY: as for `Switch`; a full handler is the definition of its instruction.
unsafe impl<M: ObjectModel> Dispatch<M> for Oracle {
    const NAME: &'static str = "oracle";
    type Encoding = Decoded;

    fn link(instructions: &[Instr]) -> Units {
        Units::new(instructions.to_vec().into_boxed_slice())
    }

    #[inline(never)]
    unsafe fn run(vm: &mut Vm<M>, regs: Regs<M>) {
        let mut r = Regs {
            ip: regs.ip,
            sp: regs.sp,
            fp: regs.fp,
        };
        for_each_instr!(match_loop, r, vm, full_only, nothing);
    }
}
