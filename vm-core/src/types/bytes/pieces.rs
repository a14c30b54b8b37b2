//! `split`, `rsplit`, `splitlines`, `partition`, `rpartition`, `join`.

use super::{arguments, data, new_like, receiver, unchanged};
use crate::Vm;
use crate::object::{Args, ObjectModel, Res, V, Value};
use crate::text::bytes::{replace as text_replace, split as text_split};
use crate::text::error::OpResult;
use crate::types::bytes::Bytes;
use crate::types::class::builder::ClassBuilder;

type BySpace = fn(&[u8], i64) -> Vec<&[u8]>;
type BySeparator = for<'a> fn(&'a [u8], &[u8], i64) -> OpResult<Vec<&'a [u8]>>;

fn list_of<M: ObjectModel>(vm: &mut Vm<M>, whole: &V<M>, pieces: Vec<Vec<u8>>) -> V<M> {
    let items = pieces.into_iter().map(|p| new_like(vm, whole, p)).collect();
    vm.new_list(items)
}

fn owned(pieces: Vec<&[u8]>) -> Vec<Vec<u8>> {
    pieces.into_iter().map(<[u8]>::to_vec).collect()
}

fn split_by<M: ObjectModel>(
    vm: &mut Vm<M>,
    name: &str,
    args: Args<'_, M>,
    by_space: BySpace,
    by_separator: BySeparator,
) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [separator, maxsplit] = rest.parse(vm, name, ["sep", "maxsplit"], 0)?;
    let maxsplit = crate::types::str::arguments::size_or(vm, maxsplit.as_ref(), -1)?;
    let pieces = match separator.filter(|s| !s.is_none()) {
        None => owned(by_space(&receiver(slf), maxsplit)),
        Some(separator) => {
            let separator = arguments::bytes(vm, &separator)?.to_vec();
            let pieces = by_separator(&receiver(slf), &separator, maxsplit).map(owned);
            vm.op(pieces)?
        }
    };
    Ok(list_of(vm, slf, pieces))
}

fn split<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let by_space = text_split::split_whitespace;
    split_by(vm, "split", args, by_space, text_split::split)
}

fn rsplit<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let by_space = text_split::rsplit_whitespace;
    split_by(vm, "rsplit", args, by_space, text_split::rsplit)
}

fn splitlines<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [keepends] = rest.parse(vm, "splitlines", ["keepends"], 0)?;
    let keepends = match keepends {
        Some(k) => vm.arg_c_int(&k)? != 0,
        None => false,
    };
    let pieces = owned(text_split::splitlines(&receiver(slf), keepends));
    Ok(list_of(vm, slf, pieces))
}

type Halves = fn(&[u8], &[u8]) -> OpResult<Option<(Vec<u8>, Vec<u8>)>>;

/// The three parts of a partition; where the separator is missing, the whole goes first or last.
fn parted<M: ObjectModel>(
    vm: &mut Vm<M>,
    name: &str,
    args: Args<'_, M>,
    halves: Halves,
    whole_first: bool,
) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [sep] = rest.exact::<1>(vm, name)?;
    let separator = arguments::bytes(vm, sep)?.to_vec();
    let parts = halves(&receiver(slf), &separator);
    let items = match vm.op(parts)? {
        Some((before, after)) => {
            let middle = if sep.get_exact::<Bytes>().is_some() && slf.get::<Bytes>().is_some() {
                sep.clone()
            } else {
                new_like(vm, slf, separator)
            };
            [new_like(vm, slf, before), middle, new_like(vm, slf, after)]
        }
        None => {
            let empty = [new_like(vm, slf, Vec::new()), new_like(vm, slf, Vec::new())];
            let [x, y] = empty;
            let whole = unchanged(vm, slf);
            if whole_first {
                [whole, x, y]
            } else {
                [x, y, whole]
            }
        }
    };
    Ok(vm.new_tuple(items))
}

fn partition<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let halves: Halves = |bytes, separator| {
        let parts = text_split::partition(bytes, separator)?;
        Ok(parts.map(|(x, y)| (x.to_vec(), y.to_vec())))
    };
    parted(vm, "partition", args, halves, true)
}

fn rpartition<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let halves: Halves = |bytes, separator| {
        let parts = text_split::rpartition(bytes, separator)?;
        Ok(parts.map(|(x, y)| (x.to_vec(), y.to_vec())))
    };
    parted(vm, "rpartition", args, halves, false)
}

fn join<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [iterable] = rest.exact::<1>(vm, "join")?;
    if vm.slots(iterable).iter.is_none() && vm.slots(iterable).getitem.is_none() {
        return Err(vm.raise_type_error("can only join an iterable"));
    }
    let items = vm.collect_iter(iterable)?;
    if let [one] = items.as_slice()
        && one.get_exact::<Bytes>().is_some()
        && slf.get::<Bytes>().is_some()
    {
        return Ok(one.clone());
    }
    let mut parts = Vec::with_capacity(items.len());
    for (i, item) in items.iter().enumerate() {
        let Some(part) = data(item) else {
            let m = format!(
                "sequence item {i}: expected a bytes-like object, {} found",
                vm.type_name(item)
            );
            return Err(vm.raise_type_error(m));
        };
        parts.push(part);
    }
    let slices: Vec<&[u8]> = parts.iter().map(|p| &**p).collect();
    let joined = text_replace::join(&receiver(slf), &slices);
    Ok(new_like(vm, slf, joined))
}

/// Adds them to the class.
pub(super) fn add<M: ObjectModel>(builder: ClassBuilder<'_, M>) -> ClassBuilder<'_, M> {
    builder
        .method("split", split::<M>)
        .method("rsplit", rsplit::<M>)
        .method("splitlines", splitlines::<M>)
        .method("partition", partition::<M>)
        .method("rpartition", rpartition::<M>)
        .method("join", join::<M>)
}
