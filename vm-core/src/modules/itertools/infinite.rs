//! `count`, `cycle`, `repeat`.

use super::IteratorClass;
use crate::Vm;
use crate::machine::operators::BinaryOp;
use crate::modules::opaque_body::{Values, body, opaque_body, refuse_keywords};
use crate::object::{Args, ObjectModel, Res, V, Value, ValueCell};
use std::cell::Cell;

opaque_body! {
    /// `count(start, step)`: the next value.
    Count { value: ValueCell<M>, step: ValueCell<M>, }
    /// `cycle(iterable)`: the iterator until it ends, then what it gave.
    Cycle { iterator: ValueCell<M>, saved: Values<M>, at: Cell<usize>, }
    /// `repeat(object, times)`: negative is for ever.
    Repeat { object: ValueCell<M>, left: Cell<i64>, }
}

pub(super) fn classes<M: ObjectModel>() -> Vec<IteratorClass<M>> {
    vec![
        IteratorClass {
            repr: Some(repr_count::<M>),
            ..IteratorClass::new("count", new_count::<M>, next_count::<M>)
        },
        IteratorClass::new("cycle", new_cycle::<M>, next_cycle::<M>),
        IteratorClass {
            repr: Some(repr_repeat::<M>),
            ..IteratorClass::new("repeat", new_repeat::<M>, next_repeat::<M>)
        },
    ]
}

fn new_count<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [start, step] = args.parse(vm, "count", ["start", "step"], 0)?;
    for v in [&start, &step].into_iter().flatten() {
        let slots = vm.slots(v);
        if slots.int.is_none() && slots.float.is_none() && v.as_int().is_none() {
            return Err(vm.raise_type_error("a number is required"));
        }
    }
    let start = start.unwrap_or_else(|| vm.new_int(0));
    let step = step.unwrap_or_else(|| vm.new_int(1));
    Ok(vm.new_opaque(
        class,
        Count {
            value: ValueCell::new(start),
            step: ValueCell::new(step),
        },
    ))
}

fn next_count<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let c = body::<M, Count<M>>(vm, v)?;
    let value = c.value.load();
    let step = c.step.load();
    let next = match (value.small_int(), step.small_int()) {
        (Some(a), Some(b)) if a.checked_add(b).is_some() => vm.new_int(a + b),
        _ => vm.holding(|vm| vm.binary(BinaryOp::Add, &value, &step))?,
    };
    c.value.set(next);
    Ok(Some(value))
}

fn repr_count<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let c = body::<M, Count<M>>(vm, v)?;
    let (value, step) = (c.value.load(), c.step.load());
    let text = vm.repr_text(&value)?;
    let text = match step.as_int().and_then(|i| i.to_i64()) {
        Some(1) => format!("count({text})"),
        _ => format!("count({text}, {})", vm.repr_text(&step)?),
    };
    Ok(vm.new_str(text))
}

fn new_cycle<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    refuse_keywords(vm, class, "cycle", !args.kw.is_empty())?;
    let [iterable] = Args::new(args.pos).unpack::<1>(vm, "cycle")?;
    let iterator = vm.iter(iterable)?;
    Ok(vm.new_opaque(
        class,
        Cycle {
            iterator: ValueCell::new(iterator),
            saved: Values::new(Vec::new()),
            at: Cell::new(0),
        },
    ))
}

fn next_cycle<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let c = body::<M, Cycle<M>>(vm, v)?;
    if let Some(it) = c.iterator.get() {
        if let Some(x) = vm.next(&it)? {
            c.saved.0.borrow_mut().push(x.clone());
            return Ok(Some(x));
        }
        drop(c.iterator.take());
    }
    let n = c.saved.len();
    if n == 0 {
        return Ok(None);
    }
    let at = c.at.get();
    c.at.set((at + 1) % n);
    Ok(c.saved.get(at))
}

fn new_repeat<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [object, times] = args.parse(vm, "repeat", ["object", "times"], 1)?;
    let left = match times {
        Some(t) => vm.ssize_argument(&t)?.max(0),
        None => -1,
    };
    Ok(vm.new_opaque(
        class,
        Repeat {
            object: ValueCell::new(object.unwrap_or_else(V::<M>::none)),
            left: Cell::new(left),
        },
    ))
}

fn next_repeat<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let r = body::<M, Repeat<M>>(vm, v)?;
    match r.left.get() {
        0 => return Ok(None),
        n if n > 0 => r.left.set(n - 1),
        _ => {}
    }
    Ok(r.object.get())
}

fn repr_repeat<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let r = body::<M, Repeat<M>>(vm, v)?;
    let text = vm.repr_text(&r.object.load())?;
    let text = match r.left.get() {
        n if n < 0 => format!("repeat({text})"),
        n => format!("repeat({text}, {n})"),
    };
    Ok(vm.new_str(text))
}
