//! Jumps and loops. Backward jumps are safepoints.

use super::Op;
use crate::Vm;
use crate::dispatch::{Encoding, Flow};
use crate::instr::Operands;
use crate::machine::frame::BlockKind;
use crate::machine::regs::Regs;
use crate::machine::unwind::Why;
use crate::object::{ObjectModel, Res, V, Value};
use crate::types::dict::Dict;
use crate::types::list::List;
use crate::types::str::Str;
use crate::types::tuple::Tuple;

/// `JUMP_FORWARD`.
pub struct JumpForward;
impl Op for JumpForward {
    const JUMPS: bool = true;

    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, x: Operands) -> Flow {
        r.jump::<E>(x.arg);
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        r.jump_by(vm.dispatcher.unit_size, x.arg);
        Ok(Flow::Next)
    }
}

/// `JUMP_ABSOLUTE`.
pub struct JumpAbsolute;
impl Op for JumpAbsolute {
    const JUMPS: bool = true;

    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        if vm.wants_safepoint() {
            return Flow::Slow;
        }
        r.jump::<E>(x.arg);
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        vm.safepoint(r)?;
        r.jump_by(vm.dispatcher.unit_size, x.arg);
        Ok(Flow::Next)
    }
}

/// `POP_JUMP_IF_FALSE`.
pub struct PopJumpIfFalse;
impl Op for PopJumpIfFalse {
    const JUMPS: bool = true;

    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, x: Operands) -> Flow {
        let Some(truth) = quick_truth::<M>(r.peek(0)) else {
            return Flow::Slow;
        };
        Regs::<M>::drop_easy(r.pop());
        if !truth {
            r.jump::<E>(x.arg);
        }
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let v = r.pop();
        if !vm.is_true(&v)? {
            r.jump_by(vm.dispatcher.unit_size, x.arg);
        }
        Ok(Flow::Next)
    }
}

/// `POP_JUMP_IF_TRUE`.
pub struct PopJumpIfTrue;
impl Op for PopJumpIfTrue {
    const JUMPS: bool = true;

    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, x: Operands) -> Flow {
        let Some(truth) = quick_truth::<M>(r.peek(0)) else {
            return Flow::Slow;
        };
        Regs::<M>::drop_easy(r.pop());
        if truth {
            r.jump::<E>(x.arg);
        }
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let v = r.pop();
        if vm.is_true(&v)? {
            r.jump_by(vm.dispatcher.unit_size, x.arg);
        }
        Ok(Flow::Next)
    }
}

/// `JUMP_IF_FALSE_OR_POP`.
pub struct JumpIfFalseOrPop;
impl Op for JumpIfFalseOrPop {
    const JUMPS: bool = true;

    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, x: Operands) -> Flow {
        let Some(truth) = quick_truth::<M>(r.peek(0)) else {
            return Flow::Slow;
        };
        if !truth {
            r.jump::<E>(x.arg);
        } else {
            Regs::<M>::drop_easy(r.pop());
        }
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let v = r.pop();
        if !vm.is_true(&v)? {
            r.push(v);
            r.jump_by(vm.dispatcher.unit_size, x.arg);
        }
        Ok(Flow::Next)
    }
}

/// `JUMP_IF_TRUE_OR_POP`.
pub struct JumpIfTrueOrPop;
impl Op for JumpIfTrueOrPop {
    const JUMPS: bool = true;

    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, x: Operands) -> Flow {
        let Some(truth) = quick_truth::<M>(r.peek(0)) else {
            return Flow::Slow;
        };
        if truth {
            r.jump::<E>(x.arg);
        } else {
            Regs::<M>::drop_easy(r.pop());
        }
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let v = r.pop();
        if vm.is_true(&v)? {
            r.push(v);
            r.jump_by(vm.dispatcher.unit_size, x.arg);
        }
        Ok(Flow::Next)
    }
}

/// `SETUP_LOOP`.
pub struct SetupLoop;
impl Op for SetupLoop {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        if vm.try_push_block::<E>(r, BlockKind::Loop, x.arg) {
            Flow::Next
        } else {
            Flow::Slow
        }
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        vm.push_block(r, BlockKind::Loop, x.arg);
        Ok(Flow::Next)
    }
}

/// `POP_BLOCK`.
pub struct PopBlock;
impl Op for PopBlock {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        if vm.try_pop_block(r) {
            Flow::Next
        } else {
            Flow::Slow
        }
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let block = vm.pop_block();
        vm.unwind_to(r, block.level);
        Ok(Flow::Next)
    }
}

/// `BREAK_LOOP`.
pub struct BreakLoop;
impl Op for BreakLoop {
    const JUMPS: bool = true;

    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        if vm.try_break::<E>(r) {
            Flow::Next
        } else {
            Flow::Slow
        }
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        vm.unwind_for(r, Why::Break)
    }
}

/// `CONTINUE_LOOP`.
pub struct ContinueLoop;
impl Op for ContinueLoop {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let target = vm.unit_index(r) as i64 + i64::from(x.arg as i32);
        vm.unwind_for(r, Why::Continue(target as u32))
    }
}

/// Truth of a singleton, a number, or a string or container whose class is built in, if it is easy to drop.
#[inline(always)]
pub(super) fn quick_truth<M: ObjectModel>(v: &V<M>) -> Option<bool> {
    use crate::object::value::word;
    let bits = v.bits();
    if bits == word::TRUE {
        Some(true)
    } else if bits == word::FALSE || bits == word::NONE {
        Some(false)
    } else if <V<M> as Value>::TAGGED && bits & 1 != 0 {
        Some(bits != 1)
    } else if !v.is_easy() {
        None
    } else if let Some(l) = v.get_exact::<List<M>>() {
        l.items.try_borrow().ok().map(|items| !items.is_empty())
    } else if let Some(s) = v.get_exact::<Str>() {
        Some(!s.is_empty())
    } else if let Some(t) = v.get_exact::<Tuple<M>>() {
        Some(!t.items.is_empty())
    } else if let Some(d) = v.get_exact::<Dict<M>>() {
        d.table.try_len().map(|n| n != 0)
    } else if let Some(i) = v.small_int() {
        Some(i != 0)
    } else {
        v.exact_float().map(|f| f != 0.0)
    }
}
