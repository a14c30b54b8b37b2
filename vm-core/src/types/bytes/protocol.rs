//! The slots of `bytes`, and those that `bytearray` has alike.

use super::{Bytes, arguments, construct, data, new_like, receiver};
use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{Args, CompareOp, ObjectModel, Res, V, Value, ValueCell};
use crate::text::bytes as text_bytes;
use crate::text::{hash as text_hash, repr as text_repr};
use crate::types::bytearray::ByteArray;
use crate::types::class::builder::ClassBuilder;
use crate::types::sequence_iterators::BytesIterator;
use crate::types::slice::Slice;
use std::cell::Cell;

fn repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let text = text_repr::repr_bytes(&receiver(v));
    Ok(vm.new_str(text))
}

fn hash<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<i64> {
    Ok(text_hash::hash_bytes(&receiver(v)))
}

/// Comparison with any bytes-like object; `bytes` compares itself with `bytes` only, and a
/// `bytearray` on the right takes its turn then.
fn compare<M: ObjectModel>(_: &mut Vm<M>, a: &V<M>, b: &V<M>, op: CompareOp) -> Res<V<M>> {
    if a.get::<Bytes>().is_some() && b.get::<Bytes>().is_none() {
        return Ok(V::<M>::not_implemented());
    }
    let (Some(x), Some(y)) = (data(a), data(b)) else {
        return Ok(V::<M>::not_implemented());
    };
    Ok(V::<M>::bool(op.holds((*x).cmp(&*y))))
}

fn length<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<usize> {
    Ok(receiver(v).len())
}

fn contains<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, item: &V<M>) -> Res<bool> {
    let wanted = if vm.has_index(item) {
        let i = vm.index(item)?;
        let i = i.as_int().and_then(|i| i.to_i64()).unwrap_or(-1);
        vec![vm.op(text_bytes::element(i, false))?]
    } else {
        arguments::bytes(vm, item)?.to_vec()
    };
    Ok(text_bytes::search::contains(&receiver(v), &wanted))
}

fn concat<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>) -> Res<V<M>> {
    let (Some(x), Some(y)) = (data(a), data(b)) else {
        let m = format!("can't concat {} to {}", vm.type_name(a), vm.type_name(b));
        return Err(vm.raise_type_error(m));
    };
    let joined = [&*x, &*y].concat();
    drop((x, y));
    Ok(new_like(vm, a, joined))
}

fn repeat<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, n: isize) -> Res<V<M>> {
    if n == 1 && v.get_exact::<Bytes>().is_some() {
        return Ok(v.clone());
    }
    let repeated = text_bytes::replace::repeat(&receiver(v), n as i64);
    let repeated = vm.op(repeated)?;
    Ok(new_like(vm, v, repeated))
}

fn getitem<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, key: &V<M>) -> Res<V<M>> {
    let is_array = v.get::<ByteArray>().is_some();
    if let Some(slice) = key.get::<Slice<M>>() {
        let parts = vm.slice_parts(slice)?;
        let data = receiver(v);
        let s = parts.of(data.len());
        if s.count == data.len() && s.step == 1 && v.get_exact::<Bytes>().is_some() {
            return Ok(v.clone());
        }
        let start = s.start.max(0) as usize;
        let part = text_bytes::slice::slice_step(&data, start, s.step, s.count);
        drop(data);
        return Ok(new_like(vm, v, part));
    }
    let what = if is_array { "bytearray" } else { "byte" };
    let i = vm.sequence_index(what, key)?;
    let data = receiver(v);
    let byte = crate::number::range_math::subscript(i, data.len()).map(|i| data[i]);
    drop(data);
    match byte {
        Some(b) => Ok(vm.new_int(b.into())),
        None if is_array => Err(vm.raise(Exc::IndexError, "bytearray index out of range")),
        None => Err(vm.raise_index_error("index out of range")),
    }
}

fn iter<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(vm.alloc(BytesIterator {
        sequence: ValueCell::new(v.clone()),
        position: Cell::new(0),
    }))
}

fn getnewargs<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "__getnewargs__")?;
    let copy = receiver(slf).to_vec();
    let copy = vm.new_bytes(copy);
    Ok(vm.new_tuple([copy]))
}

/// The slots of both classes.
pub(super) fn add_shared<M: ObjectModel>(builder: ClassBuilder<'_, M>) -> ClassBuilder<'_, M> {
    builder.slots(|s| {
        s.richcompare = Some(compare::<M>);
        s.len = Some(length::<M>);
        s.contains = Some(contains::<M>);
        s.concat = Some(concat::<M>);
        s.repeat = Some(repeat::<M>);
        s.getitem = Some(getitem::<M>);
        s.iter = Some(iter::<M>);
        s.remainder = Some(crate::builtins::percent::bytes_remainder::<M>);
    })
}

/// What only `bytes` has.
pub(super) fn add<M: ObjectModel>(builder: ClassBuilder<'_, M>) -> ClassBuilder<'_, M> {
    builder
        .slots(|s| {
            s.new = Some(construct::new::<M>);
            s.repr = Some(repr::<M>);
            s.str = Some(repr::<M>);
            s.hash = Some(hash::<M>);
        })
        .method("__getnewargs__", getnewargs::<M>)
}
