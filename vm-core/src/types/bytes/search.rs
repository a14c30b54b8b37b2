//! `find`, `rfind`, `index`, `rindex`, `count`, `startswith`, `endswith`, `replace`, `translate`.

use super::{arguments, data, new_like, receiver, unchanged};
use crate::Vm;
use crate::object::{Args, ObjectModel, Res, V, Value};
use crate::text::bytes::{replace as text_replace, search as text_search};
use crate::text::search::Bounds;
use crate::types::bytearray::ByteArray;
use crate::types::class::builder::ClassBuilder;
use crate::types::tuple::Tuple;

fn search<M: ObjectModel>(
    vm: &mut Vm<M>,
    name: &str,
    args: Args<'_, M>,
    find: fn(&[u8], &[u8], Bounds) -> Option<usize>,
) -> Res<Option<usize>> {
    let (slf, rest) = args.method();
    let (sub, bounds) = arguments::search(vm, name, rest)?;
    let sub = arguments::wanted(vm, sub)?;
    Ok(find(&receiver(slf), &sub, bounds))
}

macro_rules! searches { ($($find:ident $index:ident;)*) => { $(
    fn $find<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
        let at = search(vm, stringify!($find), args, text_search::$find)?;
        Ok(vm.new_int(at.map_or(-1, |i| i as i64)))
    }

    fn $index<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
        match search(vm, stringify!($index), args, text_search::$find)? {
            Some(i) => Ok(vm.new_usize(i)),
            None => {
                let is_array = args.pos[0].get::<ByteArray>().is_some();
                Err(vm.raise_op(text_search::not_found(is_array)))
            }
        }
    }
)* } }
searches! {
    find index;
    rfind rindex;
}

fn count<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let (sub, bounds) = arguments::search(vm, "count", rest)?;
    let sub = arguments::wanted(vm, sub)?;
    let n = text_search::count(&receiver(slf), &sub, bounds);
    Ok(vm.new_usize(n))
}

fn affix<M: ObjectModel>(
    vm: &mut Vm<M>,
    name: &str,
    args: Args<'_, M>,
    test: fn(&[u8], &[u8], Bounds) -> bool,
) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let (wanted, bounds) = arguments::search(vm, name, rest)?;
    if let Some(tuple) = wanted.get::<Tuple<M>>() {
        for item in tuple.items.iter() {
            let part = arguments::bytes(vm, item)?;
            if test(&receiver(slf), &part, bounds) {
                return Ok(V::<M>::bool(true));
            }
        }
        return Ok(V::<M>::bool(false));
    }
    let Some(part) = data(wanted) else {
        let m = format!(
            "{name} first arg must be bytes or a tuple of bytes, not {}",
            vm.type_name(wanted)
        );
        return Err(vm.raise_type_error(m));
    };
    Ok(V::<M>::bool(test(&receiver(slf), &part, bounds)))
}

fn startswith<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    affix(vm, "startswith", args, text_search::startswith)
}

fn endswith<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    affix(vm, "endswith", args, text_search::endswith)
}

fn replace<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let a = rest.between(vm, "replace", 2, 3)?;
    let count = crate::types::str::arguments::size_or(vm, a.get(2), -1)?;
    let replaced = {
        let old = arguments::bytes(vm, &a[0])?;
        let new = arguments::bytes(vm, &a[1])?;
        text_replace::replace(&receiver(slf), &old, &new, count)
    };
    match replaced {
        Some(new) => Ok(new_like(vm, slf, new)),
        None => Ok(unchanged(vm, slf)),
    }
}

fn translate<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let a = rest.between(vm, "translate", 1, 2)?;
    let translated = {
        let table = if a[0].is_none() {
            None
        } else {
            Some(arguments::bytes(vm, &a[0])?)
        };
        let delete = match a.get(1) {
            Some(d) => Some(arguments::bytes(vm, d)?),
            None => None,
        };
        let delete = delete.as_deref().unwrap_or(&[]);
        text_replace::translate(&receiver(slf), table.as_deref(), delete)
    };
    let translated = vm.op(translated)?;
    Ok(new_like(vm, slf, translated))
}

/// Adds them to the class.
pub(super) fn add<M: ObjectModel>(builder: ClassBuilder<'_, M>) -> ClassBuilder<'_, M> {
    builder
        .method("find", find::<M>)
        .method("rfind", rfind::<M>)
        .method("index", index::<M>)
        .method("rindex", rindex::<M>)
        .method("count", count::<M>)
        .method("startswith", startswith::<M>)
        .method("endswith", endswith::<M>)
        .method("replace", replace::<M>)
        .method("translate", translate::<M>)
}
