//! Methods and attributes of `range`.

use super::{BigRange, Range, iterators, position};
use crate::Vm;
use crate::object::{Args, Kind, ObjectModel, Res, V, Value};
use crate::types::class::builder::ClassBuilder;

/// The index of the first value equal to `item`, by comparing each: for items that are no plain ints.
pub(super) fn search<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, item: &V<M>) -> Res<Option<usize>> {
    let it = iterators::iter(vm, v)?;
    vm.opaque_natives += 1;
    let mut i = 0;
    let found = loop {
        let x = match vm.next(&it) {
            Ok(Some(x)) => x,
            Ok(None) => break Ok(None),
            Err(e) => break Err(e),
        };
        match vm.is_equal(&x, item) {
            Ok(true) => break Ok(Some(i)),
            Ok(false) => i += 1,
            Err(e) => break Err(e),
        }
    };
    vm.opaque_natives -= 1;
    found
}

fn is_plain<W: Value>(item: &W) -> bool {
    item.is_exact_int() || item.kind() == Kind::Bool
}

fn index<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [item] = rest.exact::<1>(vm, "index")?;
    let found = match item.as_int() {
        Some(i) if is_plain(item) => position(slf, i).map(|p| vm.new_big(p)),
        _ => search(vm, slf, item)?.map(|p| vm.new_usize(p)),
    };
    match found {
        Some(p) => Ok(p),
        None if !is_plain(item) => {
            Err(vm.raise_value_error("sequence.index(x): x not in sequence"))
        }
        None => {
            let m = format!("{} is not in range", vm.repr_text(item)?);
            Err(vm.raise_value_error(m))
        }
    }
}

fn count<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [item] = rest.exact::<1>(vm, "count")?;
    if let Some(i) = item.as_int()
        && is_plain(item)
    {
        return Ok(vm.new_int(position(slf, i).is_some().into()));
    }
    let mut n = 0;
    vm.for_each(slf, |vm, x| {
        n += i64::from(vm.is_equal(&x, item)?);
        Ok(())
    })?;
    Ok(vm.new_int(n))
}

macro_rules! getters { ($($name:ident)*) => { $(
    fn $name<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
        if let Some(r) = v.get::<Range>() {
            return Ok(vm.new_int(r.$name));
        }
        Ok(v.get::<BigRange<M>>().map_or_else(V::<M>::none, |r| r.$name.clone()))
    }
)* } }
getters!(start stop step);

fn reduce<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "__reduce__")?;
    let parts = [start(vm, slf)?, stop(vm, slf)?, step(vm, slf)?];
    let pair = [vm.type_of(slf), vm.new_tuple(parts)];
    Ok(vm.new_tuple(pair))
}

/// Adds them to the class.
pub(super) fn add<M: ObjectModel>(builder: ClassBuilder<'_, M>) -> ClassBuilder<'_, M> {
    builder
        .method("index", index::<M>)
        .method("count", count::<M>)
        .method("__reversed__", iterators::reversed::<M>)
        .method("__reduce__", reduce::<M>)
        .getter("start", start::<M>)
        .getter("stop", stop::<M>)
        .getter("step", step::<M>)
}
