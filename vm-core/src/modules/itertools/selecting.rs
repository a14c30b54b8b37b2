//! `compress`, `dropwhile`, `takewhile`, `filterfalse`, `islice`.

use super::IteratorClass;
use crate::Vm;
use crate::modules::opaque_body::{body, opaque_body, refuse_keywords};
use crate::object::{Args, ObjectModel, Res, V, Value, ValueCell};
use std::cell::Cell;

opaque_body! {
    /// `compress(data, selectors)`
    Compress { data: ValueCell<M>, selectors: ValueCell<M>, }
    /// `dropwhile`, `takewhile`, `filterfalse`: a predicate (None in `filterfalse`: truth), an
    /// iterator, and whether the predicate's work is over.
    Tested { predicate: ValueCell<M>, iterator: ValueCell<M>, done: Cell<bool>, }
    /// `islice`: index of the next element to give, bound (negative: none), step; how many
    /// elements were taken.
    Islice { iterator: ValueCell<M>, next: Cell<i64>, stop: Cell<i64>, step: Cell<i64>, taken: Cell<i64>, }
}

pub(super) fn classes<M: ObjectModel>() -> Vec<IteratorClass<M>> {
    vec![
        IteratorClass::new("compress", new_compress::<M>, next_compress::<M>),
        IteratorClass::new(
            "dropwhile",
            |vm, class, args| new_tested(vm, class, args, "dropwhile"),
            next_dropwhile::<M>,
        ),
        IteratorClass::new(
            "takewhile",
            |vm, class, args| new_tested(vm, class, args, "takewhile"),
            next_takewhile::<M>,
        ),
        IteratorClass::new(
            "filterfalse",
            |vm, class, args| new_tested(vm, class, args, "filterfalse"),
            next_filterfalse::<M>,
        ),
        IteratorClass::new("islice", new_islice::<M>, next_islice::<M>),
    ]
}

fn new_compress<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [data, selectors] = args.parse(vm, "compress", ["data", "selectors"], 2)?;
    let none = V::<M>::none;
    vm.holding(|vm| {
        let data = vm.iter(&data.unwrap_or_else(none))?;
        let selectors = vm.iter(&selectors.unwrap_or_else(none))?;
        Ok(vm.new_opaque(
            class,
            Compress {
                data: ValueCell::new(data),
                selectors: ValueCell::new(selectors),
            },
        ))
    })
}

fn next_compress<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let c = body::<M, Compress<M>>(vm, v)?;
    let (data, selectors) = (c.data.load(), c.selectors.load());
    vm.holding(|vm| {
        loop {
            let Some(x) = vm.next(&data)? else {
                return Ok(None);
            };
            let Some(s) = vm.next(&selectors)? else {
                return Ok(None);
            };
            if vm.is_true(&s)? {
                return Ok(Some(x));
            }
        }
    })
}

fn new_tested<M: ObjectModel>(
    vm: &mut Vm<M>,
    class: &V<M>,
    args: Args<'_, M>,
    name: &'static str,
) -> Res<V<M>> {
    refuse_keywords(vm, class, name, !args.kw.is_empty())?;
    let [predicate, iterable] = Args::new(args.pos).unpack::<2>(vm, name)?;
    let iterator = vm.iter(iterable)?;
    Ok(vm.new_opaque(
        class,
        Tested {
            predicate: ValueCell::new(predicate.clone()),
            iterator: ValueCell::new(iterator),
            done: Cell::new(false),
        },
    ))
}

fn test<M: ObjectModel>(vm: &mut Vm<M>, t: &Tested<M>, x: &V<M>) -> Res<bool> {
    vm.holding(|vm| {
        let r = vm.call_values(&t.predicate.load(), std::slice::from_ref(x))?;
        vm.is_true(&r)
    })
}

fn next_dropwhile<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let t = body::<M, Tested<M>>(vm, v)?;
    let it = t.iterator.load();
    while let Some(x) = vm.next(&it)? {
        if t.done.get() {
            return Ok(Some(x));
        }
        if !test(vm, t, &x)? {
            t.done.set(true);
            return Ok(Some(x));
        }
    }
    Ok(None)
}

fn next_takewhile<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let t = body::<M, Tested<M>>(vm, v)?;
    if t.done.get() {
        return Ok(None);
    }
    let Some(x) = vm.next(&t.iterator.load())? else {
        return Ok(None);
    };
    if test(vm, t, &x)? {
        return Ok(Some(x));
    }
    t.done.set(true);
    Ok(None)
}

fn next_filterfalse<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let t = body::<M, Tested<M>>(vm, v)?;
    let it = t.iterator.load();
    let bool_class = vm.class_of_kind(crate::object::Kind::Bool);
    let predicate = t.predicate.load();
    let by_truth = predicate.is_none() || predicate.is(&bool_class);
    while let Some(x) = vm.next(&it)? {
        let good = if by_truth {
            vm.holding(|vm| vm.is_true(&x))?
        } else {
            test(vm, t, &x)?
        };
        if !good {
            return Ok(Some(x));
        }
    }
    Ok(None)
}

/// A bound of `islice`: `None` for None, -1 for what is no integer that fits.
fn bound<M: ObjectModel>(v: &V<M>) -> Option<i64> {
    if v.is_none() {
        return None;
    }
    Some(v.as_int().and_then(|i| i.to_i64()).unwrap_or(-1))
}

fn new_islice<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    refuse_keywords(vm, class, "islice", !args.kw.is_empty())?;
    let a = Args::new(args.pos).unpack_between(vm, "islice", 2, 4)?;
    let (start, stop) = if a.len() == 2 {
        (None, bound::<M>(&a[1]))
    } else {
        (bound::<M>(&a[1]), bound::<M>(&a[2]))
    };
    if stop == Some(-1) {
        return Err(vm.raise_value_error(
            "Stop argument for islice() must be None or an integer: 0 <= x <= sys.maxsize.",
        ));
    }
    if start.is_some_and(|i| i < 0) || stop.is_some_and(|i| i < 0) {
        return Err(vm.raise_value_error(
            "Indices for islice() must be None or an integer: 0 <= x <= sys.maxsize.",
        ));
    }
    let step = a.get(3).and_then(bound::<M>).unwrap_or(1);
    if step < 1 {
        return Err(vm.raise_value_error("Step for islice() must be a positive integer or None."));
    }
    let iterator = vm.iter(&a[0])?;
    Ok(vm.new_opaque(
        class,
        Islice {
            iterator: ValueCell::new(iterator),
            next: Cell::new(start.unwrap_or(0)),
            stop: Cell::new(stop.unwrap_or(-1)),
            step: Cell::new(step),
            taken: Cell::new(0),
        },
    ))
}

fn next_islice<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let s = body::<M, Islice<M>>(vm, v)?;
    let Some(it) = s.iterator.get() else {
        return Ok(None);
    };
    let stop = s.stop.get();
    let wanted = s.next.get();
    // Elements before the bound are taken from the iterator even where none of them is given.
    let until = if stop >= 0 { wanted.min(stop) } else { wanted };
    while s.taken.get() < until {
        if vm.next(&it)?.is_none() {
            drop(s.iterator.take());
            return Ok(None);
        }
        s.taken.set(s.taken.get() + 1);
    }
    if stop >= 0 && s.taken.get() >= stop {
        drop(s.iterator.take());
        return Ok(None);
    }
    let Some(x) = vm.next(&it)? else {
        drop(s.iterator.take());
        return Ok(None);
    };
    s.taken.set(s.taken.get() + 1);
    let next = wanted.saturating_add(s.step.get());
    s.next.set(if stop >= 0 { next.min(stop) } else { next });
    Ok(Some(x))
}
