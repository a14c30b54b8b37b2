//! Calls, returns, making functions.
//!
//! A call of a Python function pushes a frame and goes on in the same loop.

use super::Op;
use crate::Vm;
use crate::dispatch::{Encoding, Flow};
use crate::instr::Operands;
use crate::machine::errors::Exc;
use crate::machine::regs::Regs;
use crate::object::{Kind, ObjectModel, Res, Tag, Value};

/// `CALL_FUNCTION`.
pub struct CallFunction;
impl Op for CallFunction {
    const JUMPS: bool = true;

    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        // Keyword arguments count in the second byte, so they fail the test of the number too.
        vm.try_call_exact(r, x.arg as usize)
    }
    #[inline(always)]
    fn warm<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        let argc = x.arg as usize;
        if argc > 255 {
            return Flow::Slow;
        }
        match r.peek(argc).header().map(|h| h.tag.get()) {
            Some(tag) if tag == Tag::exact(Kind::Function) => vm.try_call_simple(r, argc),
            Some(tag) if tag == Tag::exact(Kind::Type) => vm.try_construct(r, argc),
            Some(tag) if tag == Tag::exact(Kind::Builtin) => vm.try_function_shortcut(r, argc),
            _ => Flow::Slow,
        }
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        vm.call_on_stack(r, (x.arg & 0xff) as usize, (x.arg >> 8 & 0xff) as usize)
    }
}

/// `CALL_METHOD`.
pub struct CallMethod;
impl Op for CallMethod {
    const JUMPS: bool = true;

    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        vm.try_call_exact(r, x.arg as usize + 1)
    }
    #[inline(always)]
    fn warm<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        let argc = x.arg as usize + 1;
        if argc > 255 {
            return Flow::Slow;
        }
        match vm.try_call_simple(r, argc) {
            Flow::Slow => vm.try_method_shortcut(r, argc),
            flow => flow,
        }
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let (argc, kwargs) = ((x.arg & 0xff) as usize, (x.arg >> 8 & 0xff) as usize);
        if r.peek(argc + 2 * kwargs + 1).is_null() {
            // LOAD_METHOD found no method: the callable stands in the receiver's place.
            r.close_gap(argc + 2 * kwargs + 1);
            return vm.call_on_stack(r, argc, kwargs);
        }
        vm.call_on_stack(r, argc + 1, kwargs)
    }
}

/// `CALL_FUNCTION_VAR`.
pub struct CallFunctionVar;
impl Op for CallFunctionVar {
    const JUMPS: bool = true;

    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        vm.call_unpacking(r, x.arg, true, false)
    }
}

/// `CALL_FUNCTION_KW`.
pub struct CallFunctionKw;
impl Op for CallFunctionKw {
    const JUMPS: bool = true;

    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        vm.call_unpacking(r, x.arg, false, true)
    }
}

/// `CALL_FUNCTION_VAR_KW`.
pub struct CallFunctionVarKw;
impl Op for CallFunctionVarKw {
    const JUMPS: bool = true;

    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        vm.call_unpacking(r, x.arg, true, true)
    }
}

/// `RETURN_VALUE`.
pub struct ReturnValue;
impl Op for ReturnValue {
    const JUMPS: bool = true;

    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        vm.try_return(r)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let v = r.pop();
        vm.return_value(r, v)
    }
}

/// `MAKE_FUNCTION`.
pub struct MakeFunction;
impl Op for MakeFunction {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        vm.make_function(r, x.arg, false)
    }
}

/// `MAKE_CLOSURE`.
pub struct MakeClosure;
impl Op for MakeClosure {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        vm.make_function(r, x.arg, true)
    }
}

/// `LOAD_BUILD_CLASS`.
pub struct LoadBuildClass;
impl Op for LoadBuildClass {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let build = vm.needed_builtin("__build_class__", Exc::NameError)?;
        r.push(build);
        Ok(Flow::Next)
    }
}
