//! Local variables, cells and free variables.

use super::Op;
use crate::Vm;
use crate::dispatch::{Encoding, Flow};
use crate::instr::Operands;
use crate::machine::regs::Regs;
use crate::object::{ObjectModel, Res, V, Value};

/// `LOAD_FAST`.
pub struct LoadFast;
impl Op for LoadFast {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, x: Operands) -> Flow {
        let v = r.local(x.arg);
        if v.is_null() {
            return Flow::Slow;
        }
        let v = v.clone();
        r.push(v);
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let v = r.local(x.arg).clone();
        if v.is_null() {
            return Err(vm.raise_unbound_local(x.arg));
        }
        r.push(v);
        Ok(Flow::Next)
    }
}

/// `STORE_FAST`.
pub struct StoreFast;
impl Op for StoreFast {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, x: Operands) -> Flow {
        if !r.local(x.arg).is_easy() {
            return Flow::Slow;
        }
        let v = r.pop();
        let old = r.swap_local(x.arg, v);
        Regs::<M>::drop_easy(old);
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, _: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let v = r.pop();
        drop(r.swap_local(x.arg, v));
        Ok(Flow::Next)
    }
}

/// `DELETE_FAST`.
pub struct DeleteFast;
impl Op for DeleteFast {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let old = r.swap_local(x.arg, V::<M>::null());
        if old.is_null() {
            return Err(vm.raise_unbound_local(x.arg));
        }
        Ok(Flow::Next)
    }
}

/// `LOAD_DEREF`.
pub struct LoadDeref;
impl Op for LoadDeref {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        let v = vm.cell_at(r, x.arg).contents.load();
        if v.is_null() {
            return Flow::Slow;
        }
        r.push(v);
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let v = vm.cell_at(r, x.arg).contents.load();
        if v.is_null() {
            return Err(vm.raise_unbound_deref(x.arg));
        }
        r.push(v);
        Ok(Flow::Next)
    }
}

/// `STORE_DEREF`.
pub struct StoreDeref;
impl Op for StoreDeref {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        let v = r.saved().take(0);
        let place = &vm.cell_at(r, x.arg).contents;
        if !place.load_borrowed().is_easy() {
            std::mem::forget(v);
            return Flow::Slow;
        }
        let old = place.swap(v);
        r.forget(1);
        Regs::<M>::drop_easy(old);
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let v = r.pop();
        vm.cell_at(r, x.arg).contents.set(v);
        Ok(Flow::Next)
    }
}

/// `DELETE_DEREF`.
pub struct DeleteDeref;
impl Op for DeleteDeref {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let old = vm.cell_at(r, x.arg).contents.take();
        if old.is_null() {
            return Err(vm.raise_unbound_deref(x.arg));
        }
        Ok(Flow::Next)
    }
}

/// `LOAD_CLOSURE`.
pub struct LoadClosure;
impl Op for LoadClosure {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let cell = r.local(vm.first_cell() + x.arg).clone();
        r.push(cell);
        Ok(Flow::Next)
    }
}

/// `LOAD_CLASSDEREF`.
pub struct LoadClassderef;
impl Op for LoadClassderef {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        let name = vm.deref_name(x.arg);
        let v = match vm.lookup_namespace(&name)? {
            Some(v) => v,
            None => vm.cell_at(r, x.arg).contents.load(),
        };
        if v.is_null() {
            return Err(vm.raise_unbound_deref(x.arg));
        }
        r.push(v);
        Ok(Flow::Next)
    }
}
