//! `find`, `rfind`, `index`, `rindex`, `count`, `startswith`, `endswith`, `replace`.

use super::arguments::{self, receiver};
use crate::Vm;
use crate::object::{Args, ObjectModel, Res, V, Value};
use crate::text::search::Bounds;
use crate::text::slice::StrRef;
use crate::text::{replace as text_replace, search as text_search};
use crate::types::class::builder::ClassBuilder;
use crate::types::tuple::Tuple;
use rustpython_wtf8::Wtf8;

type Find = fn(StrRef<'_>, &Wtf8, Bounds) -> Option<usize>;

fn search<M: ObjectModel>(
    vm: &mut Vm<M>,
    name: &str,
    args: Args<'_, M>,
    find: Find,
) -> Res<Option<usize>> {
    let (slf, rest) = args.method();
    let (sub, bounds) = arguments::search(vm, name, rest)?;
    let sub = arguments::text(vm, sub)?;
    Ok(find(receiver(slf), sub.text(), bounds))
}

macro_rules! searches { ($($find:ident $index:ident;)*) => { $(
    fn $find<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
        let at = search(vm, stringify!($find), args, text_search::$find)?;
        Ok(vm.new_int(at.map_or(-1, |i| i as i64)))
    }

    fn $index<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
        match search(vm, stringify!($index), args, text_search::$find)? {
            Some(i) => Ok(vm.new_usize(i)),
            None => Err(vm.raise_value_error("substring not found")),
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
    let sub = arguments::text(vm, sub)?;
    let n = text_search::count(receiver(slf), sub.text(), bounds);
    Ok(vm.new_usize(n))
}

fn affix<M: ObjectModel>(
    vm: &mut Vm<M>,
    name: &str,
    args: Args<'_, M>,
    test: fn(StrRef<'_>, &Wtf8, Bounds) -> bool,
) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let (wanted, bounds) = arguments::search(vm, name, rest)?;
    let text = receiver(slf);
    if let Some(s) = wanted.get::<super::Str>() {
        return Ok(V::<M>::bool(test(text, s.text(), bounds)));
    }
    let Some(tuple) = wanted.get::<Tuple<M>>() else {
        let m = format!(
            "{name} first arg must be str or a tuple of str, not {}",
            vm.type_name(wanted)
        );
        return Err(vm.raise_type_error(m));
    };
    for item in tuple.items.iter() {
        let Some(s) = item.get::<super::Str>() else {
            let m = format!(
                "tuple for {name} must only contain str, not {}",
                vm.type_name(item)
            );
            return Err(vm.raise_type_error(m));
        };
        if test(text, s.text(), bounds) {
            return Ok(V::<M>::bool(true));
        }
    }
    Ok(V::<M>::bool(false))
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
    let count = arguments::size_or(vm, a.get(2), -1)?;
    let old = arguments::text(vm, &a[0])?;
    let new = arguments::text(vm, &a[1])?;
    let text = receiver(slf).text();
    match text_replace::replace(text, old.text(), new.text(), count) {
        Some(new) => Ok(vm.new_text(new)),
        None => super::protocol::plain(vm, slf),
    }
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
}
