//! Iteration, generators, coroutines.

use super::Op;
use crate::Vm;
use crate::dispatch::{Encoding, Flow};
use crate::instr::Operands;
use crate::machine::regs::Regs;
use crate::object::{Kind, Tag};
use crate::object::{ObjectModel, Res, V, Value};
use crate::types::generator::activation;
use crate::types::list::List;
use crate::types::range::RangeIterator;
use crate::types::sequence_iterators::{ListIterator, TupleIterator};
use crate::types::tuple::Tuple;

/// `GET_ITER`.
pub struct GetIter;
impl Op for GetIter {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let v = r.pop();
        let it = vm.iter(&v)?;
        r.push(it);
        Ok(Flow::Next)
    }
}

/// `FOR_ITER`.
pub struct ForIter;
impl Op for ForIter {
    const JUMPS: bool = true;

    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        // Exhaustion is left to the full part, so that this part never jumps.
        let it = r.peek(0);
        let Some(h) = it.header() else {
            return Flow::Slow;
        };
        let tag = h.tag.get();
        let next = if tag == Tag::exact(Kind::RangeIterator) {
            let Some(range) = it.get_exact::<RangeIterator>() else {
                return Flow::Slow;
            };
            let left = range.left.get();
            if left == 0 {
                return Flow::Slow;
            }
            let i = range.next.get();
            let Some(v) = vm.try_int(i) else {
                return Flow::Slow;
            };
            range.left.set(left - 1);
            range.next.set(i.wrapping_add(range.step));
            v
        } else if tag == Tag::exact(Kind::ListIterator) {
            let Some(it) = it.get_exact::<ListIterator<M>>() else {
                return Flow::Slow;
            };
            let Some(v) = next_of_list(it) else {
                return Flow::Slow;
            };
            v
        } else if tag == Tag::exact(Kind::TupleIterator) {
            let Some(it) = it.get_exact::<TupleIterator<M>>() else {
                return Flow::Slow;
            };
            let Some(v) = next_of_tuple(it) else {
                return Flow::Slow;
            };
            v
        } else {
            return Flow::Slow;
        };
        r.push(next);
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        if activation::<M>(r.peek(0)).is_some() {
            return vm.resume_for_iter(r, x.arg);
        }
        let it = r.peek(0).clone();
        match vm.next(&it)? {
            Some(v) => r.push(v),
            None => {
                drop(r.pop());
                r.jump_by(vm.dispatcher.unit_size, x.arg);
            }
        }
        Ok(Flow::Next)
    }
}

/// `GET_YIELD_FROM_ITER`.
pub struct GetYieldFromIter;
impl Op for GetYieldFromIter {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let v = r.pop();
        let it = match v.kind() {
            Kind::Generator => v,
            Kind::Coroutine => {
                if !vm.may_delegate_to_coroutine() {
                    let m = "cannot 'yield from' a coroutine object in a non-coroutine generator";
                    return Err(vm.raise_type_error(m));
                }
                v
            }
            _ => vm.iter(&v)?,
        };
        r.push(it);
        Ok(Flow::Next)
    }
}

/// `GET_AWAITABLE`.
pub struct GetAwaitable;
impl Op for GetAwaitable {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let v = r.pop();
        let it = vm.awaitable_iter(&v)?;
        r.push(it);
        Ok(Flow::Next)
    }
}

/// `GET_AITER`.
pub struct GetAiter;
impl Op for GetAiter {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let v = r.pop();
        let it = vm.async_iter(&v)?;
        r.push(it);
        Ok(Flow::Next)
    }
}

/// `GET_ANEXT`.
pub struct GetAnext;
impl Op for GetAnext {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let it = r.peek(0).clone();
        let awaitable = vm.async_next(&it)?;
        r.push(awaitable);
        Ok(Flow::Next)
    }
}

/// `YIELD_VALUE`.
pub struct YieldValue;
impl Op for YieldValue {
    const JUMPS: bool = true;

    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let v = r.pop();
        Ok(vm.yield_value(r, v))
    }
}

/// `YIELD_FROM`.
pub struct YieldFrom;
impl Op for YieldFrom {
    const JUMPS: bool = true;

    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        vm.yield_from(r)
    }
}

/// The next item of a list, if there is one.
#[inline(always)]
fn next_of_list<M: ObjectModel>(it: &ListIterator<M>) -> Option<V<M>> {
    let sequence = it.sequence.load_borrowed();
    let list = sequence.get::<List<M>>()?;
    let at = it.position.get();
    let v = list.items.try_borrow().ok()?.get(at)?.clone();
    it.position.set(at + 1);
    Some(v)
}

/// The next item of a tuple, if there is one.
#[inline(always)]
fn next_of_tuple<M: ObjectModel>(it: &TupleIterator<M>) -> Option<V<M>> {
    let sequence = it.sequence.load_borrowed();
    let at = it.position.get();
    let v = sequence.get::<Tuple<M>>()?.items.get(at)?.clone();
    it.position.set(at + 1);
    Some(v)
}
