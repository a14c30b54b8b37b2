//! `chain`, `zip_longest`, `starmap`, `accumulate`.

use super::IteratorClass;
use crate::Vm;
use crate::machine::operators::BinaryOp;
use crate::modules::opaque_body::{Values, body, opaque_body, refuse_keywords};
use crate::object::{Args, ObjectModel, Res, V, Value, ValueCell};

opaque_body! {
    /// `chain`: an iterator of iterables, and the iterator in use.
    Chain { sources: ValueCell<M>, active: ValueCell<M>, }
    /// `zip_longest`: exhausted iterators are None.
    ZipLongest { iterators: Values<M>, fill: ValueCell<M>, }
    /// `starmap(function, iterable)`
    Starmap { function: ValueCell<M>, iterator: ValueCell<M>, }
    /// `accumulate(iterable, function)`: the function is absent for addition.
    Accumulate { iterator: ValueCell<M>, function: ValueCell<M>, total: ValueCell<M>, }
}

pub(super) fn classes<M: ObjectModel>() -> Vec<IteratorClass<M>> {
    vec![
        IteratorClass::new("chain", new_chain::<M>, next_chain::<M>),
        IteratorClass::new("zip_longest", new_zip_longest::<M>, next_zip_longest::<M>),
        IteratorClass::new("starmap", new_starmap::<M>, next_starmap::<M>),
        IteratorClass::new("accumulate", new_accumulate::<M>, next_accumulate::<M>),
    ]
}

/// Adds `chain.from_iterable`.
pub(super) fn add_from_iterable<M: ObjectModel>(vm: &mut Vm<M>) {
    if let Some(&id) = vm.interp.named_classes.get("chain") {
        vm.fill_class_id(id)
            .class_method("from_iterable", from_iterable::<M>)
            .done();
    }
}

fn chain_of<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, iterables: &V<M>) -> Res<V<M>> {
    let sources = vm.iter(iterables)?;
    Ok(vm.new_opaque(
        class,
        Chain {
            sources: ValueCell::new(sources),
            active: ValueCell::empty(),
        },
    ))
}

fn new_chain<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    refuse_keywords(vm, class, "chain", !args.kw.is_empty())?;
    let iterables = vm.new_tuple(args.pos.to_vec());
    chain_of(vm, class, &iterables)
}

fn from_iterable<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (class, rest) = args.method();
    let [iterables] = rest.exact::<1>(vm, "from_iterable")?;
    chain_of(vm, class, iterables)
}

fn next_chain<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let c = body::<M, Chain<M>>(vm, v)?;
    loop {
        let Some(sources) = c.sources.get() else {
            return Ok(None);
        };
        let active = match c.active.get() {
            Some(active) => active,
            None => {
                let next = match vm.next(&sources) {
                    Ok(Some(iterable)) => vm.iter(&iterable),
                    Ok(None) => {
                        drop(c.sources.take());
                        return Ok(None);
                    }
                    Err(e) => Err(e),
                };
                match next {
                    Ok(it) => {
                        c.active.set(it.clone());
                        it
                    }
                    Err(e) => {
                        drop(c.sources.take());
                        return Err(e);
                    }
                }
            }
        };
        if let Some(x) = vm.next(&active)? {
            return Ok(Some(x));
        }
        drop(c.active.take());
    }
}

fn new_zip_longest<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let mut fill = V::<M>::none();
    for (name, value) in args.kw_pairs() {
        if vm.text_of(name) != "fillvalue" {
            return Err(vm.raise_type_error("zip_longest() got an unexpected keyword argument"));
        }
        fill = value.clone();
    }
    vm.holding(|vm| {
        let mut iterators = Vec::with_capacity(args.pos.len());
        for (i, x) in args.pos.iter().enumerate() {
            match vm.iter(x) {
                Ok(it) => iterators.push(it),
                Err(e) if vm.raised_is(crate::machine::errors::Exc::TypeError) => {
                    let _ = e;
                    drop(vm.take_raised());
                    return Err(vm.raise_type_error(format!(
                        "zip_longest argument #{} must support iteration",
                        i + 1
                    )));
                }
                Err(e) => return Err(e),
            }
        }
        Ok(vm.new_opaque(
            class,
            ZipLongest {
                iterators: Values::new(iterators),
                fill: ValueCell::new(fill),
            },
        ))
    })
}

fn next_zip_longest<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let z = body::<M, ZipLongest<M>>(vm, v)?;
    let n = z.iterators.len();
    if z.iterators.0.borrow().iter().all(Value::is_none) {
        return Ok(None);
    }
    vm.holding(|vm| {
        let mut out = Vec::with_capacity(n);
        for i in 0..n {
            let it = z.iterators.get(i).unwrap_or_else(V::<M>::none);
            let x = if it.is_none() { None } else { vm.next(&it)? };
            match x {
                Some(x) => out.push(x),
                None => {
                    if let Some(place) = z.iterators.0.borrow_mut().get_mut(i) {
                        *place = V::<M>::none();
                    }
                    if z.iterators.0.borrow().iter().all(Value::is_none) {
                        return Ok(None);
                    }
                    out.push(z.fill.load());
                }
            }
        }
        Ok(Some(vm.new_tuple(out)))
    })
}

fn new_starmap<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    refuse_keywords(vm, class, "starmap", !args.kw.is_empty())?;
    let [function, iterable] = Args::new(args.pos).unpack::<2>(vm, "starmap")?;
    let iterator = vm.iter(iterable)?;
    Ok(vm.new_opaque(
        class,
        Starmap {
            function: ValueCell::new(function.clone()),
            iterator: ValueCell::new(iterator),
        },
    ))
}

fn next_starmap<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let s = body::<M, Starmap<M>>(vm, v)?;
    let Some(arguments) = vm.next(&s.iterator.load())? else {
        return Ok(None);
    };
    vm.holding(|vm| {
        let arguments = vm.collect_iter(&arguments)?;
        vm.call_values(&s.function.load(), &arguments).map(Some)
    })
}

fn new_accumulate<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [iterable, function] = args.parse(vm, "accumulate", ["iterable", "func"], 1)?;
    let iterator = vm.iter(&iterable.unwrap_or_else(V::<M>::none))?;
    Ok(vm.new_opaque(
        class,
        Accumulate {
            iterator: ValueCell::new(iterator),
            function: ValueCell::new(
                function
                    .filter(|f| !f.is_none())
                    .unwrap_or_else(V::<M>::null),
            ),
            total: ValueCell::empty(),
        },
    ))
}

fn next_accumulate<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let a = body::<M, Accumulate<M>>(vm, v)?;
    let Some(x) = vm.next(&a.iterator.load())? else {
        return Ok(None);
    };
    let total = match a.total.get() {
        None => x,
        Some(total) => vm.holding(|vm| match a.function.get() {
            Some(f) => vm.call_values(&f, &[total, x]),
            None => vm.binary(BinaryOp::Add, &total, &x),
        })?,
    };
    a.total.set(total.clone());
    Ok(Some(total))
}
