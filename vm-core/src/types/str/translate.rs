//! `translate` and `maketrans`.

use super::Str;
use super::arguments::receiver;
use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{Args, IntRef, ObjectModel, Raised, Res, V, Value};
use crate::text::replace::{self, Translation};
use crate::types::class::builder::ClassBuilder;
use crate::types::dict::Dict;
use rustpython_wtf8::CodePoint;

/// What a table says about a code point.
fn lookup<M: ObjectModel>(vm: &mut Vm<M>, table: &V<M>, c: CodePoint) -> Res<Translation> {
    let key = vm.new_int(c.to_u32().into());
    let entry = match vm.get_item(table, &key) {
        Ok(entry) => entry,
        Err(Raised) => {
            vm.swallow(Exc::LookupError)?;
            return Ok(Translation::Keep);
        }
    };
    if entry.is_none() {
        return Ok(Translation::Delete);
    }
    if let Some(i) = entry.as_int() {
        let point = replace::translated_point(i.to_i64().unwrap_or(-1));
        return vm.op(point).map(Translation::Point);
    }
    match entry.get::<Str>() {
        Some(s) => Ok(Translation::Text(s.text().to_owned())),
        None => Err(vm.raise_type_error("character mapping must return integer, None or str")),
    }
}

fn translate<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [table] = rest.exact::<1>(vm, "translate")?;
    let text = receiver(slf).text();
    let result = vm.holding(|vm| replace::translate(text, |c| lookup(vm, table, c)))?;
    Ok(vm.new_text(result))
}

fn maketrans<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let a = args.between(vm, "maketrans", 1, 3)?;
    match a {
        [mapping] => from_mapping(vm, mapping),
        _ => vm.holding(|vm| from_texts(vm, a)),
    }
}

fn from_mapping<M: ObjectModel>(vm: &mut Vm<M>, mapping: &V<M>) -> Res<V<M>> {
    let Some(source) = mapping.get_exact::<Dict<M>>() else {
        let m = "if you give only one argument to maketrans it must be a dict";
        return Err(vm.raise_type_error(m));
    };
    let table = vm.new_dict();
    for (_, key, value) in source.table.items() {
        let key = match key.get::<Str>() {
            Some(s) if s.len() == 1 => {
                let c = s.str_ref().get(0).map_or(0, CodePoint::to_u32);
                vm.new_int(c.into())
            }
            Some(_) => {
                let m = "string keys in translate table must be of length 1";
                return Err(vm.raise_value_error(m));
            }
            None if key.as_int().is_some() => key,
            None => {
                let m = "keys in translate table must be strings or integers";
                return Err(vm.raise_type_error(m));
            }
        };
        vm.set_item(&table, &key, &value)?;
    }
    Ok(table)
}

fn from_texts<M: ObjectModel>(vm: &mut Vm<M>, a: &[V<M>]) -> Res<V<M>> {
    for (i, v) in a.iter().enumerate().skip(1) {
        if v.get::<Str>().is_none() {
            let m = format!(
                "maketrans() argument {} must be str, not {}",
                i + 1,
                vm.type_name(v)
            );
            return Err(vm.raise_type_error(m));
        }
    }
    if a[0].get::<Str>().is_none() {
        let m = "first maketrans argument must be a string if there is a second argument";
        return Err(vm.raise_type_error(m));
    }
    let (from, to) = (receiver(&a[0]), receiver(&a[1]));
    if from.char_len() != to.char_len() {
        let m = "the first two maketrans arguments must have equal length";
        return Err(vm.raise_value_error(m));
    }
    let table = vm.new_dict();
    let point = |c: CodePoint| IntRef::Small(c.to_u32().into());
    for (x, y) in from.text().code_points().zip(to.text().code_points()) {
        let (x, y) = (vm.new_int_from(point(x)), vm.new_int_from(point(y)));
        vm.set_item(&table, &x, &y)?;
    }
    if let Some(gone) = a.get(2) {
        for c in receiver(gone).text().code_points() {
            let c = vm.new_int_from(point(c));
            vm.set_item(&table, &c, &V::<M>::none())?;
        }
    }
    Ok(table)
}

/// Adds them to the class.
pub(super) fn add<M: ObjectModel>(builder: ClassBuilder<'_, M>) -> ClassBuilder<'_, M> {
    builder
        .method("translate", translate::<M>)
        .static_method("maketrans", maketrans::<M>)
}
