//! Exceptions, `finally`, `with`.
//!
//! The value stack holds what CPython 3.5's does: while a handler runs, the exception handled
//! before (traceback, value, type) lies below the one being handled (traceback, value, type).

use super::Op;
use crate::Vm;
use crate::dispatch::Flow;
use crate::instr::Operands;
use crate::machine::frame::BlockKind;
use crate::machine::regs::Regs;
use crate::object::{ObjectModel, Res};

/// `SETUP_EXCEPT`.
pub struct SetupExcept;
impl Op for SetupExcept {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        vm.push_block(r, BlockKind::Except, x.arg);
        Ok(Flow::Next)
    }
}

/// `SETUP_FINALLY`.
pub struct SetupFinally;
impl Op for SetupFinally {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        vm.push_block(r, BlockKind::Finally, x.arg);
        Ok(Flow::Next)
    }
}

/// `END_FINALLY`.
pub struct EndFinally;
impl Op for EndFinally {
    const JUMPS: bool = true;

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
        let manager = r.pop();
        let exit = vm.with_special(&manager, "__exit__")?;
        let enter = vm.with_special(&manager, "__enter__")?;
        r.push(exit);
        let entered = vm.call_values(&enter, &[])?;
        vm.push_block(r, BlockKind::Finally, x.arg);
        r.push(entered);
        Ok(Flow::Next)
    }
}

/// `WITH_CLEANUP_START`.
pub struct WithCleanupStart;
impl Op for WithCleanupStart {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        vm.with_cleanup_start(r)?;
        Ok(Flow::Next)
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
        let enter = vm.with_special(&manager, "__aenter__")?;
        let exit = vm.with_special(&manager, "__aexit__")?;
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
