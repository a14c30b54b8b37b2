//! Iterators over ranges: machine words, and big integers for the rest.

use super::{Progression, Range, RangeIterator, progression};
use crate::Vm;
use crate::object::native::opaque;
use crate::object::{Args, Kind, ObjectModel, Opaque, Res, V, Value};
use num_bigint::BigInt;
use num_traits::{One, Zero};
use std::any::Any;
use std::cell::{Cell, RefCell};

/// Iterator over a range of big integers.
struct LongRangeIterator {
    next: RefCell<BigInt>,
    step: BigInt,
    left: RefCell<BigInt>,
}

impl<M: ObjectModel> Opaque<M> for LongRangeIterator {
    fn trace(&self, _: &mut M::Visitor) {}
    fn as_any(&self) -> &dyn Any {
        self
    }
}

const LONG: &str = "longrange_iterator";

fn over<M: ObjectModel>(vm: &mut Vm<M>, p: Progression) -> V<M> {
    let left = p.len();
    let body = LongRangeIterator {
        next: RefCell::new(p.start),
        step: p.step,
        left: RefCell::new(left),
    };
    match vm.native_class(LONG) {
        Some(class) => vm.new_opaque(&class, body),
        None => V::<M>::none(),
    }
}

/// `iter(range)`.
pub(super) fn iter<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    if let Some(r) = v.get::<Range>() {
        return Ok(vm.alloc(r.iterator()));
    }
    let p = progression(v);
    Ok(over(vm, p))
}

/// `reversed(range)`.
pub(super) fn reversed<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "__reversed__")?;
    if let Some(r) = slf.get::<Range>() {
        let n = r.len() as i64;
        let body = RangeIterator {
            next: Cell::new(r.start.wrapping_add((n - 1).wrapping_mul(r.step))),
            step: -r.step,
            left: Cell::new(n as u64),
        };
        return Ok(vm.alloc(body));
    }
    let p = progression(slf).reversed();
    Ok(over(vm, p))
}

fn itself<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(v.clone())
}

fn next<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let Some(it) = v.get::<RangeIterator>() else {
        return Ok(None);
    };
    let left = it.left.get();
    if left == 0 {
        return Ok(None);
    }
    let value = it.next.get();
    it.left.set(left - 1);
    it.next.set(value.wrapping_add(it.step));
    Ok(Some(vm.new_int(value)))
}

fn length_hint<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "__length_hint__")?;
    Ok(vm.new_int(
        slf.get::<RangeIterator>()
            .map_or(0, |it| it.left.get() as i64),
    ))
}

fn long_next<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let Some(it) = opaque::<M, LongRangeIterator>(v) else {
        return Ok(None);
    };
    if it.left.borrow().is_zero() {
        return Ok(None);
    }
    *it.left.borrow_mut() -= BigInt::one();
    let after = &*it.next.borrow() + &it.step;
    let value = it.next.replace(after);
    Ok(Some(vm.new_big(value)))
}

fn long_length_hint<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "__length_hint__")?;
    let left = opaque::<M, LongRangeIterator>(slf).map(|it| it.left.borrow().clone());
    Ok(vm.new_big(left.unwrap_or_default()))
}

/// Fills the classes.
pub(super) fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.fill_class(Kind::RangeIterator)
        .slots(|s| {
            s.iter = Some(itself::<M>);
            s.iternext = Some(next::<M>);
        })
        .method("__length_hint__", length_hint::<M>)
        .done();
    vm.new_opaque_class(LONG)
        .slots(|s| {
            s.iter = Some(itself::<M>);
            s.iternext = Some(long_next::<M>);
        })
        .method("__length_hint__", long_length_hint::<M>)
        .done();
}
