//! Methods that change a `bytearray`, and `copy`.

use super::{ByteArray, assigned, not_found, with};
use crate::Vm;
use crate::number::range_math::subscript;
use crate::object::{Args, ObjectModel, Res, V, Value};
use crate::types::bytes::arguments::element;
use crate::types::class::builder::ClassBuilder;
use crate::types::str::Str;

fn append<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [item] = rest.exact::<1>(vm, "append")?;
    let byte = element(vm, item)?;
    with(slf, |data| data.push(byte));
    Ok(V::<M>::none())
}

fn extend<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [items] = rest.exact::<1>(vm, "extend")?;
    let more = if items.get::<Str>().is_some() || items.as_int().is_some() {
        crate::types::bytes::iterated(vm, items, false)?
    } else {
        assigned(vm, items)?
    };
    with(slf, |data| data.extend_from_slice(&more));
    Ok(V::<M>::none())
}

fn insert<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [index, item] = rest.exact::<2>(vm, "insert")?;
    let index = vm.ssize_argument(index)?;
    let byte = element(vm, item)?;
    with(slf, |data| {
        let len = data.len() as i64;
        let at = if index < 0 {
            index.saturating_add(len).max(0)
        } else {
            index.min(len)
        };
        data.insert(at as usize, byte);
    });
    Ok(V::<M>::none())
}

fn pop<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let index = match rest.between(vm, "pop", 0, 1)? {
        [i] => vm.ssize_argument(i)?,
        _ => -1,
    };
    let (empty, byte) = with(slf, |data| {
        let at = subscript(index, data.len());
        (data.is_empty(), at.map(|i| data.remove(i)))
    });
    match byte {
        Some(byte) => Ok(vm.new_int(byte.into())),
        None if empty => Err(vm.raise_index_error("pop from empty bytearray")),
        None => Err(vm.raise_index_error("pop index out of range")),
    }
}

fn remove<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [item] = rest.exact::<1>(vm, "remove")?;
    let byte = element(vm, item)?;
    let found = with(slf, |data| match memchr::memchr(byte, data) {
        Some(i) => {
            data.remove(i);
            true
        }
        None => false,
    });
    if found {
        Ok(V::<M>::none())
    } else {
        Err(not_found(vm))
    }
}

fn reverse<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "reverse")?;
    with(slf, |data| data.reverse());
    Ok(V::<M>::none())
}

fn clear<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "clear")?;
    with(slf, Vec::clear);
    Ok(V::<M>::none())
}

fn copy<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "copy")?;
    let copy = with(slf, |data| data.clone());
    Ok(vm.new_bytearray(copy))
}

/// Bytes allocated: CPython keeps one for a terminating zero.
fn alloc<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "__alloc__")?;
    let n = slf
        .get::<ByteArray>()
        .map_or(0, |b| b.data.borrow().capacity());
    Ok(vm.new_usize(if n == 0 { 0 } else { n + 1 }))
}

fn reduce<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, _) = args.method();
    let copy = with(slf, |data| data.clone());
    let copy = vm.new_bytes(copy);
    let state = vm.instance_dict(slf).unwrap_or_else(V::<M>::none);
    let items = [vm.type_of(slf), vm.new_tuple([copy]), state];
    Ok(vm.new_tuple(items))
}

/// Adds them to the class.
pub(super) fn add<M: ObjectModel>(builder: ClassBuilder<'_, M>) -> ClassBuilder<'_, M> {
    builder
        .method("append", append::<M>)
        .method("extend", extend::<M>)
        .method("insert", insert::<M>)
        .method("pop", pop::<M>)
        .method("remove", remove::<M>)
        .method("reverse", reverse::<M>)
        .method("clear", clear::<M>)
        .method("copy", copy::<M>)
        .method("__alloc__", alloc::<M>)
        .method("__reduce__", reduce::<M>)
}
