//! Moving values about on the stack.

use super::Op;
use crate::Vm;
use crate::dispatch::{Encoding, Flow};
use crate::instr::Operands;
use crate::machine::regs::Regs;
use crate::object::{ObjectModel, Res, V, Value};

/// `NOP`.
pub struct Nop;
impl Op for Nop {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(_: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Flow {
        Flow::Next
    }
    fn full<M: ObjectModel>(_: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Res<Flow> {
        Ok(Flow::Next)
    }
}

/// `POP_TOP`.
pub struct PopTop;
impl Op for PopTop {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Flow {
        if !r.peek(0).is_easy() {
            return Flow::Slow;
        }
        let v = r.pop();
        Regs::<M>::drop_easy(v);
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Res<Flow> {
        drop(r.pop());
        Ok(Flow::Next)
    }
}

/// `ROT_TWO`.
pub struct RotTwo;
impl Op for RotTwo {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Flow {
        let (b, a) = (r.pop(), r.pop());
        r.push(b);
        r.push(a);
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let (b, a) = (r.pop(), r.pop());
        r.push(b);
        r.push(a);
        Ok(Flow::Next)
    }
}

/// `ROT_THREE`.
pub struct RotThree;
impl Op for RotThree {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Flow {
        let (c, b, a) = (r.pop(), r.pop(), r.pop());
        r.push(c);
        r.push(a);
        r.push(b);
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let (c, b, a) = (r.pop(), r.pop(), r.pop());
        r.push(c);
        r.push(a);
        r.push(b);
        Ok(Flow::Next)
    }
}

/// `DUP_TOP`.
pub struct DupTop;
impl Op for DupTop {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Flow {
        let v = r.peek(0).clone();
        r.push(v);
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let v = r.peek(0).clone();
        r.push(v);
        Ok(Flow::Next)
    }
}

/// `DUP_TOP_TWO`.
pub struct DupTopTwo;
impl Op for DupTopTwo {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Flow {
        let (a, b) = (r.peek(1).clone(), r.peek(0).clone());
        r.push(a);
        r.push(b);
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let (a, b) = (r.peek(1).clone(), r.peek(0).clone());
        r.push(a);
        r.push(b);
        Ok(Flow::Next)
    }
}

/// `LOAD_CONST`.
pub struct LoadConst;
impl Op for LoadConst {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        let v: V<M> = vm.const_at(x.arg);
        r.push(v);
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let v: V<M> = vm.const_at(x.arg);
        r.push(v);
        Ok(Flow::Next)
    }
}
