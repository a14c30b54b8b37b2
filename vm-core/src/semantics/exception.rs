//! Exceptions, `finally`, `with`.
//!
//! The value stack holds what CPython 3.5's does: while a handler runs, the exception handled
//! before (traceback, value, type) lies below the one being handled (traceback, value, type).

use super::Op;
use crate::Vm;
use crate::dispatch::{Encoding, Flow};
use crate::instr::Operands;
use crate::machine::frame::BlockKind;
use crate::machine::regs::Regs;
use crate::object::{ObjectModel, Res, Value};

/// `SETUP_EXCEPT`.
pub struct SetupExcept;
impl Op for SetupExcept {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        if vm.try_push_block::<E>(r, BlockKind::Except, x.arg) {
            Flow::Next
        } else {
            Flow::Slow
        }
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        vm.push_block(r, BlockKind::Except, x.arg);
        Ok(Flow::Next)
    }
}

/// `SETUP_FINALLY`.
pub struct SetupFinally;
impl Op for SetupFinally {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        if vm.try_push_block::<E>(r, BlockKind::Finally, x.arg) {
            Flow::Next
        } else {
            Flow::Slow
        }
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        vm.push_block(r, BlockKind::Finally, x.arg);
        Ok(Flow::Next)
    }
}

/// `END_FINALLY`.
pub struct EndFinally;
impl Op for EndFinally {
    const JUMPS: bool = true;

    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Flow {
        if !r.peek(0).is_none() {
            return Flow::Slow;
        }
        r.forget(1);
        Flow::Next
    }

    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        vm.end_finally(r)
    }
}

/// `POP_EXCEPT`.
pub struct PopExcept;
impl Op for PopExcept {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let block = vm.pop_block();
        vm.unwind_except_handler(r, block);
        Ok(Flow::Next)
    }
}

/// `RAISE_VARARGS`.
pub struct RaiseVarargs;
impl Op for RaiseVarargs {
    const JUMPS: bool = true;

    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let cause = if x.arg == 2 { Some(r.pop()) } else { None };
        let exception = if x.arg >= 1 { Some(r.pop()) } else { None };
        Err(vm.raise_statement(exception, cause))
    }
}

/// `SETUP_WITH`.
pub struct SetupWith;
impl Op for SetupWith {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        vm.setup_with(r, x.arg)
    }
}

/// `WITH_CLEANUP_START`.
pub struct WithCleanupStart;
impl Op for WithCleanupStart {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        vm.with_cleanup_start(r)
    }
}

/// `WITH_CLEANUP_FINISH`.
pub struct WithCleanupFinish;
impl Op for WithCleanupFinish {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        vm.with_cleanup_finish(r)?;
        Ok(Flow::Next)
    }
}

/// `BEFORE_ASYNC_WITH`.
pub struct BeforeAsyncWith;
impl Op for BeforeAsyncWith {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let manager = r.pop();
        let name = vm.intern("__aenter__");
        let enter = vm.with_special(&manager, &name)?;
        let name = vm.intern("__aexit__");
        let exit = vm.with_special(&manager, &name)?;
        r.push(exit);
        let entered = vm.call_values(&enter, &[])?;
        r.push(entered);
        Ok(Flow::Next)
    }
}

/// `SETUP_ASYNC_WITH`.
pub struct SetupAsyncWith;
impl Op for SetupAsyncWith {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let entered = r.pop();
        vm.push_block(r, BlockKind::Finally, x.arg);
        r.push(entered);
        Ok(Flow::Next)
    }
}
