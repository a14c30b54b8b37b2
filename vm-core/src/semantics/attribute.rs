//! Attributes and method loads.

use super::Op;
use crate::Vm;
use crate::dispatch::{Encoding, Flow};
use crate::instr::Operands;
use crate::machine::regs::Regs;
use crate::object::attrs::Attrs;
use crate::object::{ObjectModel, Res, V, Value};

/// `x.name`.
pub struct LoadAttr;
impl Op for LoadAttr {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let name = vm.name(x.arg);
        let v = r.pop();
        let found = vm.get_attr(&v, &name)?;
        r.push(found);
        Ok(Flow::Next)
    }
}

/// `x.name = value`.
pub struct StoreAttr;
impl Op for StoreAttr {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let name = vm.name(x.arg);
        let (v, value) = (r.pop(), r.pop());
        vm.set_attr(&v, &name, Some(&value))?;
        Ok(Flow::Next)
    }
}

/// `del x.name`.
pub struct DeleteAttr;
impl Op for DeleteAttr {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let name = vm.name(x.arg);
        let v = r.pop();
        vm.set_attr(&v, &name, None)?;
        Ok(Flow::Next)
    }
}

/// `x.name`.
pub struct LoadAttrCached;
impl Op for LoadAttrCached {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        let v = r.peek(0);
        let Some(found) = vm.cached_attr(v, x.aux) else {
            return Flow::Slow;
        };
        if !v.is_easy() {
            // The original is certainly still held elsewhere.
            Regs::<M>::drop_easy(found);
            return Flow::Slow;
        }
        let old = r.swap(0, found);
        Regs::<M>::drop_easy(old);
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let name = vm.name(x.arg);
        let v = r.pop();
        if let Some(found) = vm.cached_attr(&v, x.aux) {
            // The cache holds, but the receiver needs a real drop.
            r.push(found);
            return Ok(Flow::Next);
        }
        let found = vm.get_attr(&v, &name)?;
        vm.cache_attr(x.aux, &v, &name);
        r.push(found);
        Ok(Flow::Next)
    }
}

/// `x.name = value`.
pub struct StoreAttrCached;
impl Op for StoreAttrCached {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        let v = r.peek(0);
        let Some(attrs) = v.get::<Attrs<M>>() else {
            return Flow::Slow;
        };
        let Some(slot) = vm.cached_slot(attrs, x.aux) else {
            return Flow::Slow;
        };
        if !v.is_easy() {
            return Flow::Slow;
        }
        let v = r.pop();
        let value = r.pop();
        if let Some(attrs) = v.get::<Attrs<M>>() {
            let old = attrs.swap_inline(slot, value);
            Regs::<M>::drop_easy(old);
        }
        Regs::<M>::drop_easy(v);
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let name = vm.name(x.arg);
        let (v, value) = (r.pop(), r.pop());
        if vm.store_cached_slot(&v, x.aux, &value) {
            return Ok(Flow::Next);
        }
        vm.set_attr(&v, &name, Some(&value))?;
        vm.cache_store(x.aux, &v, &name);
        Ok(Flow::Next)
    }
}

/// `LOAD_METHOD`.
pub struct LoadMethod;
impl Op for LoadMethod {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        let v = r.peek(0);
        let Some(function) = vm.cached_method(v, x.aux) else {
            return Flow::Slow;
        };
        let v = r.pop();
        r.push(function);
        r.push(v);
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let name = vm.name(x.arg);
        let v = r.pop();
        match vm.load_method(x.aux, &v, &name)? {
            Ok(function) => {
                r.push(function);
                r.push(v);
            }
            Err(bound) => {
                r.push(V::<M>::null());
                r.push(bound);
            }
        }
        Ok(Flow::Next)
    }
}
