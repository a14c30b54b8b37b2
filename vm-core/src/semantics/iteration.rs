//! Iteration, generators, coroutines.

use super::Op;
use crate::Vm;
use crate::dispatch::{Encoding, Flow};
use crate::instr::Operands;
use crate::machine::frame::OnReturn;
use crate::machine::regs::Regs;
use crate::object::{Kind, ObjectModel, Res, Tag, V, Value, ValueCell};
use crate::types::dict_views::{DictItemIterator, DictKeyIterator};
use crate::types::generator::{GeneratorState, activation};
use crate::types::iterators::{Enumerate, Zip};
use crate::types::list::List;
use crate::types::range::{Range, RangeIterator};
use crate::types::sequence_iterators::{ListIterator, StrIterator, TupleIterator};
use crate::types::set_iterator::SetIterator;
use crate::types::str::Str;
use crate::types::tuple::{Items, Tuple};
use std::cell::Cell;

/// `GET_ITER`.
pub struct GetIter;
impl Op for GetIter {
    #[inline(always)]
    fn warm<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        let v = r.peek(0);
        let Some(h) = v.header() else {
            return Flow::Slow;
        };
        let tag = h.tag.get();
        // An iterator takes the sequence's word over, so that nothing is dropped.
        let mut at = r.saved();
        let iterator = if tag == Tag::exact(Kind::Range) {
            let Some(range) = v.get_exact::<Range>() else {
                return Flow::Slow;
            };
            let body = range.iterator();
            if vm.try_reuse::<Range, RangeIterator>(v, body.clone()) {
                return Flow::Next;
            }
            if !v.is_easy() {
                return Flow::Slow;
            }
            let it = vm.try_alloc(|| body);
            if it.is_some() {
                Regs::<M>::drop_easy(at.take(0));
            }
            it
        } else if tag == Tag::exact(Kind::List) {
            vm.try_alloc(|| ListIterator {
                sequence: ValueCell::new(at.take(0)),
                position: Cell::new(0),
            })
        } else if tag == Tag::exact(Kind::Tuple) {
            vm.try_alloc(|| TupleIterator {
                sequence: ValueCell::new(at.take(0)),
                position: Cell::new(0),
            })
        } else if tag == Tag::exact(Kind::Generator) {
            return Flow::Next;
        } else {
            return Flow::Slow;
        };
        let Some(iterator) = iterator else {
            return Flow::Slow;
        };
        r.overwrite(0, iterator);
        Flow::Next
    }
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
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
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
                return leave_loop::<M, E>(vm.try_pop_plain::<RangeIterator>(r), r, x);
            }
            let i = range.next.get();
            let Some(v) = vm.try_int(i) else {
                return Flow::Slow;
            };
            range.left.set(left - 1);
            range.next.set(i.wrapping_add(range.step));
            v
        } else if tag == Tag::exact(Kind::ListIterator) {
            match it.get_exact::<ListIterator<M>>().and_then(next_of_list) {
                Some(v) => v,
                None => return Flow::Slow,
            }
        } else if tag == Tag::exact(Kind::TupleIterator) {
            match it.get_exact::<TupleIterator<M>>().and_then(next_of_tuple) {
                Some(v) => v,
                None => return Flow::Slow,
            }
        } else {
            return Flow::Slow;
        };
        r.push(next);
        Flow::Next
    }
    #[inline(always)]
    fn warm<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        let it = &r.top_slice(1)[0];
        if it.has_tag(Tag::exact(Kind::Generator)) {
            let Some(state) = vm.try_resume(r, it, OnReturn::ForIter, E::SIZE) else {
                return Flow::Slow;
            };
            vm.frame_mut().resume_arg = x.arg;
            if state == GeneratorState::Suspended {
                r.push(V::<M>::none());
            }
            return Flow::Next;
        }
        if it.get_exact::<ListIterator<M>>().is_some() {
            return leave_loop::<M, E>(vm.try_pop_exhausted::<ListIterator<M>>(r), r, x);
        }
        if it.get_exact::<TupleIterator<M>>().is_some() {
            return leave_loop::<M, E>(vm.try_pop_exhausted::<TupleIterator<M>>(r), r, x);
        }
        let next = if let Some(it) = it.get_exact::<StrIterator<M>>() {
            next_of_str(it, vm)
        } else if let Some(it) = it.get_exact::<SetIterator<M>>() {
            it.try_step()
        } else if let Some(it) = it.get_exact::<DictKeyIterator<M>>() {
            it.try_step().map(|(key, value)| {
                // Certainly still held by the dict.
                Regs::<M>::drop_easy(value);
                key
            })
        } else {
            None
        };
        let Some(next) = next else {
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
        if let Some(v) = next_tuple(&it, vm) {
            r.push(v);
            return Ok(Flow::Next);
        }
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

/// The next tuple of `dict.items()`, `enumerate` and `zip` where that runs no code; `None`: nothing was done. Not in the
/// warm part: the values of a tuple in the making have destructors, and a live one makes the call that follows no jump.
fn next_tuple<M: ObjectModel>(it: &V<M>, vm: &mut Vm<M>) -> Option<V<M>> {
    if let Some(it) = it.get_exact::<DictItemIterator<M>>() {
        let before = it.position.get();
        let pair = it.try_step().and_then(|(key, value)| {
            vm.try_alloc(|| Tuple {
                items: Items::<M>::from_buf_and_len([key, value, V::<M>::null()], 2),
            })
        });
        if pair.is_none() {
            it.position.set(before);
        }
        return pair;
    }
    if let Some(e) = it.get_exact::<Enumerate<M>>() {
        return e.try_step(vm);
    }
    it.get_exact::<Zip<M>>()?.try_step(vm)
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

    #[inline(always)]
    fn warm<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        let on_return = vm.frame().on_return;
        let is_entry = on_return == OnReturn::LeaveGenerator;
        if !(on_return == OnReturn::ForIter || is_entry && vm.returned.is_null()) {
            return Flow::Slow;
        }
        let v = r.pop();
        if !vm.try_suspend(r, E::SIZE) {
            // Its slot still holds the value.
            std::mem::forget(v);
            return Flow::Slow;
        }
        if is_entry {
            std::mem::forget(std::mem::replace(&mut vm.returned, v));
            vm.yielded = true;
            return Flow::Stop;
        }
        r.push(v);
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let v = r.pop();
        Ok(vm.yield_value(r, v))
    }
}

/// `YIELD_FROM`.
pub struct YieldFrom;
impl Op for YieldFrom {
    const JUMPS: bool = true;

    #[inline(always)]
    fn warm<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        if !r.peek(0).is_none() {
            return Flow::Slow;
        }
        r.forget(1);
        let generator = &r.top_slice(1)[0];
        let Some(state) = vm.try_resume(r, generator, OnReturn::YieldFrom, E::SIZE) else {
            return Flow::Slow;
        };
        if state == GeneratorState::Suspended {
            r.push(V::<M>::none());
        }
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        vm.yield_from(r)
    }
}

/// What follows when a loop's iterator is exhausted and was popped, if it was.
#[inline(always)]
fn leave_loop<M: ObjectModel, E: Encoding>(popped: bool, r: &mut Regs<M>, x: Operands) -> Flow {
    if popped {
        r.jump::<E>(x.arg);
        Flow::Next
    } else {
        Flow::Slow
    }
}

/// The next character of a str, if it is ASCII.
#[inline(always)]
fn next_of_str<M: ObjectModel>(it: &StrIterator<M>, vm: &Vm<M>) -> Option<V<M>> {
    let sequence = it.sequence.load_borrowed();
    let at = it.position.get();
    let byte = *sequence.get::<Str>()?.text_bytes().get(at)?;
    if !byte.is_ascii() {
        return None;
    }
    let character = vm.interp.once.characters.get(byte as usize)?.clone();
    it.position.set(at + 1);
    Some(character)
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
