//! Attributes and method loads.

use super::Op;
use crate::Vm;
use crate::dispatch::{Encoding, Flow};
use crate::instr::Operands;
use crate::machine::regs::Regs;
use crate::object::attrs::Attrs;
use crate::object::{Event, Kind, ObjectModel, Res, V, Value};

/// `x.name`.
pub struct LoadAttr;
impl Op for LoadAttr {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let name = vm.name(x.arg);
        let v = r.pop();
        if let Some(flow) = vm.enter_getter(r, &v, &name)? {
            return Ok(flow);
        }
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
        let found = vm.cached_attr(r.peek(0), x);
        vm.count_hit(replace_by_attr(r, found))
    }
    #[inline(always)]
    fn warm<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        let found = vm.cached_attr_anywhere(r.peek(0), x);
        vm.count_hit(replace_by_attr(r, found))
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let name = vm.name(x.arg);
        let v = r.pop();
        let known = vm.cached_attr(&v, x);
        if let Some(found) = known.or_else(|| vm.cached_attr_anywhere(&v, x)) {
            // The cache holds, but the receiver needs a real drop.
            r.push(found);
            return Ok(vm.count_hit(Flow::Next));
        }
        vm.count(Event::CacheMiss);
        if let Some(flow) = vm.enter_getter(r, &v, &name)? {
            return Ok(flow);
        }
        let found = vm.get_attr(&v, &name)?;
        vm.cache_attr(x, &v, &name);
        r.push(found);
        Ok(Flow::Next)
    }
}

/// Puts what a cache has found in the place of its receiver, if that is easy to drop.
#[inline(always)]
fn replace_by_attr<M: ObjectModel>(r: &mut Regs<M>, found: Option<V<M>>) -> Flow {
    let Some(found) = found else {
        return Flow::Slow;
    };
    if !r.peek(0).is_easy() {
        // The original is certainly still held elsewhere.
        Regs::<M>::drop_easy(found);
        return Flow::Slow;
    }
    let old = r.swap(0, found);
    Regs::<M>::drop_easy(old);
    Flow::Next
}

/// `x.name = value`.
pub struct StoreAttrCached;
impl Op for StoreAttrCached {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        let v = r.peek_borrowed(0);
        match v.get::<Attrs<M>>() {
            Some(attrs) if v.is_easy() => {
                let old = vm.try_store_inline(attrs, &v, x, r.take(1));
                vm.count_hit(after_store(r, old))
            }
            _ => Flow::Slow,
        }
    }
    #[inline(always)]
    fn warm<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        let v = r.peek_borrowed(0);
        match v.attrs() {
            Some(attrs) if v.is_easy() => {
                let old = vm.try_store_anywhere(attrs, &v, x, r.take(1));
                vm.count_hit(after_store(r, old))
            }
            _ => Flow::Slow,
        }
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let name = vm.name(x.arg);
        let (v, value) = (r.pop(), r.pop());
        if vm.store_cached_slot(&v, x, &value) {
            return Ok(vm.count_hit(Flow::Next));
        }
        vm.count(Event::CacheMiss);
        let before = v.attrs().map(Attrs::shape);
        vm.set_attr(&v, &name, Some(&value))?;
        if let Some(before) = before {
            vm.cache_store(x, &v, &name, before);
        }
        Ok(Flow::Next)
    }
}

/// Ends a store that was done through a cache: the old value and the object go.
#[inline(always)]
fn after_store<M: ObjectModel>(r: &mut Regs<M>, old: Option<V<M>>) -> Flow {
    let Some(old) = old else {
        return Flow::Slow;
    };
    Regs::<M>::drop_easy(old);
    let v = r.pop();
    Regs::<M>::drop_easy(v);
    // The value has moved.
    r.forget(1);
    Flow::Next
}

/// `LOAD_METHOD`.
pub struct LoadMethod;
impl Op for LoadMethod {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        let function = vm.cached_method(r.peek(0), x);
        vm.count_hit(put_below(r, function))
    }
    #[inline(always)]
    fn warm<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        if matches!(r.peek(0).kind(), Kind::Module | Kind::Type) {
            let found = vm.cached_unbound(r.peek(0), x);
            return vm.count_hit(put_unbound(r, found));
        }
        let function = vm.cached_method_anywhere(r.peek(0), x);
        vm.count_hit(put_below(r, function))
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let name = vm.name(x.arg);
        let v = r.pop();
        vm.count(Event::CacheMiss);
        match vm.load_method(x, &v, &name)? {
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

/// Puts a method that a cache has found below its receiver.
#[inline(always)]
fn put_below<M: ObjectModel>(r: &mut Regs<M>, function: Option<V<M>>) -> Flow {
    let Some(function) = function else {
        return Flow::Slow;
    };
    let v = r.pop();
    r.push(function);
    r.push(v);
    Flow::Next
}

/// Puts what a cache has found for a module or class in its place, above the mark that there is no receiver.
#[inline(always)]
fn put_unbound<M: ObjectModel>(r: &mut Regs<M>, found: Option<V<M>>) -> Flow {
    match replace_by_attr(r, found) {
        Flow::Next => {
            let found = r.swap(0, V::<M>::null());
            r.push(found);
            Flow::Next
        }
        flow => flow,
    }
}
