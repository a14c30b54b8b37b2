//! `token`: threaded code whose units are tokens, the numbers of instructions.
//!
//! As in `tail` each handler ends with a jump of its own to the next, but the unit does not hold the address: it is looked
//! up by number in a table. Units are those of `switch`, of 8 bytes in place of 16, and linking only copies; in exchange each
//! dispatch waits for one more load. `ceval compare` tells which counts for more. What must hold for the jumps to
//! be jumps stands at the head of `dispatch-threaded/src/tail.rs`. Klint: "Interpretation techniques", Software: Practice and Experience 11, 1981.

use ceval_cells::{Entry, register};
use ceval_dispatch_switch::Decoded as Unit;
use ceval_objects::{Refcount, Tagged};
use ceval_vm_core::dispatch::{Dispatch, Encoding, Flow, Probed, Units};
use ceval_vm_core::instr::{Instr, InstrOp};
use ceval_vm_core::machine::regs::Regs;
use ceval_vm_core::object::{ObjectModel, V};
use ceval_vm_core::semantics::{self, Op, fused, run_full};
use ceval_vm_core::{Vm, for_each_instr};
use std::marker::PhantomData;

fn main() -> std::process::ExitCode {
    register(Entry::of::<Refcount<Tagged>, Token>());
    ceval::main()
}

/// The strategy.
struct Token;

/// Its code for machines with objects of model `M`. `P`: the form that tells the probe of each dispatch.
struct Code<M, const P: bool>(PhantomData<M>);

type Handler<M> = unsafe fn(*const u8, *mut V<M>, *mut V<M>, &mut Vm<M>);

macro_rules! table {
    (()
     base { $(#[doc = $doc:literal] $snake:ident $Camel:ident: $family:ident, $operand:ident, ($pops:expr => $pushes:expr), $flow:ident;)* }
     fused { $($fsnake:ident $Fused:ident = $($part:ident)+;)* }) => {
        &[$(Self::handler::<semantics::$Camel>,)* $(Self::handler::<fused::$Fused>,)*]
    };
}

impl<M: ObjectModel, const P: bool> Code<M, P> {
    const TABLE: &[Handler<M>; InstrOp::ALL.len()] = for_each_instr!(table);

    #[inline(always)]
    unsafe fn dispatch(ip: *const u8, sp: *mut V<M>, fp: *mut V<M>, vm: &mut Vm<M>) {
        if P {
            vm.record_dispatch(ip);
        }
        // SAFETY: `ip` points at a unit of linked code; the table has a handler for every number.
        unsafe { Self::TABLE.get_unchecked((*ip.cast::<Instr>()).op as usize)(ip, sp, fp, vm) }
    }

    unsafe fn handler<O: Op>(ip: *const u8, sp: *mut V<M>, fp: *mut V<M>, vm: &mut Vm<M>) {
        // SAFETY: called with the registers of verified, linked code, `ip` at this handler's unit.
        unsafe {
            let mut r = Regs::new(ip.add(Unit::SIZE), sp, fp);
            match O::fast::<M, Unit>(&mut r, vm, Unit::operands(ip)) {
                Flow::Next => Self::dispatch(r.ip, r.sp, r.fp, vm),
                Flow::Slow => Self::slow::<O>(ip, sp, fp, vm),
                Flow::Stop => (),
            }
        }
    }

    #[inline(never)]
    unsafe fn slow<O: Op>(ip: *const u8, sp: *mut V<M>, fp: *mut V<M>, vm: &mut Vm<M>) {
        // SAFETY: as in `handler`, whose arguments these are.
        unsafe {
            let (next, x) = (ip.add(Unit::SIZE), Unit::operands(ip));
            let mut r = Regs::new(next, sp, fp);
            match O::warm::<M, Unit>(&mut r, vm, x) {
                Flow::Next => Self::dispatch(r.ip, r.sp, r.fp, vm),
                Flow::Slow if run_full::<O, M>(next, sp, fp, vm, x) != Flow::Stop => {
                    let (ip, sp, fp) = (vm.after_full.ip, vm.after_full.sp, vm.after_full.fp);
                    Self::dispatch(ip, sp, fp, vm)
                }
                _ => (),
            }
        }
    }
}

// SAFETY: one unit an instruction, in order; each handler goes on to the unit that its registers point at until one stops.
unsafe impl<M: ObjectModel> Dispatch<M> for Token {
    const NAME: &'static str = "token";
    type Encoding = Unit;
    const PROBED: Option<Probed<M>> = Some(Probed {
        link: <Token as Dispatch<M>>::link,
        // SAFETY: the contract of `run`, here and below, is that of the first handler.
        run: |vm, r| unsafe { Code::<M, true>::dispatch(r.ip, r.sp, r.fp, vm) },
    });
    fn link(instructions: &[Instr]) -> Units {
        Units::new(instructions.into())
    }
    unsafe fn run(vm: &mut Vm<M>, r: Regs<M>) {
        // SAFETY: as above.
        unsafe { Code::<M, false>::dispatch(r.ip, r.sp, r.fp, vm) }
    }
}
