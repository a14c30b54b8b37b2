//! `dict`: an insertion-ordered hash table. CPython `Objects/dictobject.c`.
//!
//! The order is the insertion order, as programs came to expect from 3.6 on;
//! 3.5 leaves it open. Views and iterators are in [`super::dict_views`].

use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{Args, CompareOp, Kind, ObjectModel, Res, Trace, V, Value, ValueCell};
use crate::types::dict_views::{self, DictKeyIterator};
use crate::types::sequence::{guarded_repr, push_repr};
use crate::types::str::Str;
use crate::types::table::Table;
use rustpython_wtf8::Wtf8Buf;
use std::cell::Cell;

/// Body of a `dict`.
pub struct Dict<M: ObjectModel> {
    /// The entries.
    pub table: Table<M>,
}

impl<M: ObjectModel> Trace<M> for Dict<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.table.trace(visitor);
    }
    fn clear(&self) {
        self.table.clear();
    }
}

/// Fills the class.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.fill_class(Kind::Dict)
        .slots(|s| {
            s.new = Some(new::<M>);
            s.init = Some(initialize::<M>);
            s.repr = Some(repr::<M>);
            s.richcompare = Some(compare::<M>);
            s.iter = Some(iter::<M>);
            s.len = Some(|_, v| Ok(v.get::<Dict<M>>().map_or(0, |d| d.table.len())));
            s.getitem = Some(getitem::<M>);
            s.setitem = Some(setitem::<M>);
            s.contains = Some(contains::<M>);
        })
        .method("get", get::<M>)
        .method("setdefault", setdefault::<M>)
        .method("pop", pop::<M>)
        .method("popitem", popitem::<M>)
        .method("keys", dict_views::keys::<M>)
        .method("values", dict_views::values::<M>)
        .method("items", dict_views::items::<M>)
        .method("update", update::<M>)
        .method("clear", clear::<M>)
        .method("copy", copy::<M>)
        .class_method("fromkeys", fromkeys::<M>)
        .done();
}

/// The table of a value that is a dict; TypeError otherwise.
pub fn table<'a, M: ObjectModel>(vm: &mut Vm<M>, v: &'a V<M>) -> Res<&'a Table<M>> {
    match v.get::<Dict<M>>() {
        Some(d) => Ok(&d.table),
        None => {
            let m = format!("expected a dict, got '{}'", vm.type_name(v));
            Err(vm.raise_type_error(m))
        }
    }
}

fn new<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, _: Args<'_, M>) -> Res<V<M>> {
    Ok(vm.alloc_as(
        class,
        Dict {
            table: Table::default(),
        },
    ))
}

fn initialize<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<()> {
    update_by(vm, v, "dict", args)
}

fn repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let t = table(vm, v)?;
    if t.is_empty() {
        return Ok(vm.new_str("{}"));
    }
    guarded_repr(vm, v, "{...}", |vm| {
        let mut out = Wtf8Buf::from_string("{".to_owned());
        let mut position = 0;
        while let Some((at, key, value)) = t.next_from(position) {
            if position > 0 {
                out.push_str(", ");
            }
            position = at + 1;
            vm.holding(|vm| {
                push_repr(vm, &mut out, &key)?;
                out.push_str(": ");
                push_repr(vm, &mut out, &value)
            })?;
        }
        out.push_str("}");
        Ok(vm.new_text(out))
    })
}

fn compare<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>, op: CompareOp) -> Res<V<M>> {
    let (Some(x), Some(y)) = (a.get::<Dict<M>>(), b.get::<Dict<M>>()) else {
        return Ok(V::<M>::not_implemented());
    };
    match op {
        CompareOp::Eq => Ok(V::<M>::bool(equal(vm, &x.table, &y.table)?)),
        CompareOp::Ne => Ok(V::<M>::bool(!equal(vm, &x.table, &y.table)?)),
        _ => Ok(V::<M>::not_implemented()),
    }
}

/// Whether two tables hold equal values under the same keys.
fn equal<M: ObjectModel>(vm: &mut Vm<M>, x: &Table<M>, y: &Table<M>) -> Res<bool> {
    if x.len() != y.len() {
        return Ok(false);
    }
    vm.holding(|vm| {
        let mut position = 0;
        while position < x.span() {
            let at = position;
            position += 1;
            let Some((hash, key, value)) = x.at(at) else {
                continue;
            };
            match y.get(vm, &key, hash)? {
                Some(other) if vm.is_equal(&value, &other)? => {}
                _ => return Ok(false),
            }
        }
        Ok(true)
    })
}

fn iter<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let length = table(vm, v)?.len();
    Ok(vm.alloc(DictKeyIterator {
        dict: ValueCell::new(v.clone()),
        position: Cell::new(0),
        length,
    }))
}

fn getitem<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, key: &V<M>) -> Res<V<M>> {
    let t = table(vm, v)?;
    let hash = vm.hash(key)?;
    if let Some(value) = t.get(vm, key, hash)? {
        return Ok(value);
    }
    if v.get_exact::<Dict<M>>().is_none()
        && let Some(value) = vm.call_special(v, "__missing__", std::slice::from_ref(key))?
    {
        return Ok(value);
    }
    Err(vm.raise_key_error(key.clone()))
}

fn setitem<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, key: &V<M>, value: Option<&V<M>>) -> Res<()> {
    let t = table(vm, v)?;
    let hash = vm.hash(key)?;
    match value {
        Some(value) => {
            let old = t.insert(vm, key.clone(), hash, value.clone())?;
            drop(old);
            Ok(())
        }
        None => match t.remove(vm, key, hash)? {
            Some(_) => Ok(()),
            None => Err(vm.raise_key_error(key.clone())),
        },
    }
}

fn contains<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, key: &V<M>) -> Res<bool> {
    let t = table(vm, v)?;
    let hash = vm.hash(key)?;
    Ok(t.find(vm, key, hash)?.is_some())
}

fn get<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let a = rest.unpack_between(vm, "get", 1, 2)?;
    let t = table(vm, slf)?;
    let hash = vm.hash(&a[0])?;
    Ok(match t.get(vm, &a[0], hash)? {
        Some(value) => value,
        None => a.get(1).cloned().unwrap_or_else(V::<M>::none),
    })
}

fn setdefault<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let a = rest.unpack_between(vm, "setdefault", 1, 2)?;
    let default = a.get(1).cloned().unwrap_or_else(V::<M>::none);
    let t = table(vm, slf)?;
    let hash = vm.hash(&a[0])?;
    t.get_or_insert(vm, &a[0], hash, &default)
}

fn pop<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let a = rest.unpack_between(vm, "pop", 1, 2)?;
    let t = table(vm, slf)?;
    let found = if t.is_empty() {
        None
    } else {
        let hash = vm.hash(&a[0])?;
        t.remove(vm, &a[0], hash)?
    };
    match (found, a.get(1)) {
        (Some(e), _) => Ok(e.value),
        (None, Some(default)) => Ok(default.clone()),
        (None, None) => Err(vm.raise_key_error(a[0].clone())),
    }
}

fn popitem<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "popitem")?;
    match table(vm, slf)?.pop_last() {
        Some(e) => Ok(vm.new_tuple([e.key, e.value])),
        None => Err(vm.raise(Exc::KeyError, "popitem(): dictionary is empty")),
    }
}

fn update<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    update_by(vm, slf, "update", rest)?;
    Ok(V::<M>::none())
}

/// `dict(...)` and `update(...)`: at most one mapping or sequence of pairs, then keywords.
pub fn update_by<M: ObjectModel>(
    vm: &mut Vm<M>,
    v: &V<M>,
    name: &str,
    args: Args<'_, M>,
) -> Res<()> {
    if let Some(other) = Args::new(args.pos).unpack_between(vm, name, 0, 1)?.first() {
        merge_any(vm, v, other)?;
    }
    let t = table(vm, v)?;
    for (key, value) in args.kw_pairs() {
        if key.get::<Str>().is_none() {
            return Err(vm.raise_type_error("keywords must be strings"));
        }
        let hash = vm.hash(key)?;
        let old = t.insert(vm, key.clone(), hash, value.clone())?;
        drop(old);
    }
    Ok(())
}

/// Adds what `other` holds: a mapping (anything with `keys`) or a sequence of pairs.
pub fn merge_any<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, other: &V<M>) -> Res<()> {
    if other.get::<Dict<M>>().is_some() || vm.find_attr(other, "keys")?.is_some() {
        return merge(vm, v, other);
    }
    merge_pairs(vm, v, other)
}

/// Adds the items of a mapping, replacing values of equal keys (`PyDict_Merge`).
pub fn merge<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, other: &V<M>) -> Res<()> {
    let t = table(vm, v)?;
    if let Some(o) = other.get::<Dict<M>>() {
        if other.is(v) || o.table.is_empty() {
            return Ok(());
        }
        if t.is_empty() {
            t.replace_with(o.table.copy());
            return Ok(());
        }
        let length = o.table.len();
        return vm.holding(|vm| {
            let mut position = 0;
            while position < o.table.span() {
                let at = position;
                position += 1;
                let Some((hash, key, value)) = o.table.at(at) else {
                    continue;
                };
                let old = t.insert(vm, key, hash, value)?;
                drop(old);
                if o.table.len() != length {
                    return Err(vm.raise(Exc::RuntimeError, "dict mutated during update"));
                }
            }
            Ok(())
        });
    }
    let keys = vm.call_method(other, "keys", &[])?;
    vm.for_each_into(v, &keys, |vm, key| {
        let value = vm.get_item(other, &key)?;
        let hash = vm.hash(&key)?;
        let old = t.insert(vm, key, hash, value)?;
        drop(old);
        Ok(())
    })
}

fn merge_pairs<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, pairs: &V<M>) -> Res<()> {
    let t = table(vm, v)?;
    let mut n = 0usize;
    vm.for_each_into(v, pairs, |vm, pair| {
        let items = match vm.collect_iter(&pair) {
            Ok(items) => items,
            Err(e) if vm.raised_is(Exc::TypeError) => {
                let _ = e;
                drop(vm.take_raised());
                return Err(vm.raise_type_error(format!(
                    "cannot convert dictionary update sequence element #{n} to a sequence"
                )));
            }
            Err(e) => return Err(e),
        };
        let length = items.len();
        let Ok([key, value]) = <[V<M>; 2]>::try_from(items) else {
            return Err(vm.raise_value_error(format!(
                "dictionary update sequence element #{n} has length {length}; 2 is required"
            )));
        };
        let hash = vm.hash(&key)?;
        let old = t.insert(vm, key, hash, value)?;
        drop(old);
        n += 1;
        Ok(())
    })
}

fn clear<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "clear")?;
    table(vm, slf)?.clear();
    Ok(V::<M>::none())
}

fn copy<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "copy")?;
    let copy = table(vm, slf)?.copy();
    Ok(vm.new_dict_with(copy))
}

fn fromkeys<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (class, rest) = args.method();
    let a = rest.unpack_between(vm, "fromkeys", 1, 2)?;
    let value = a.get(1).cloned().unwrap_or_else(V::<M>::none);
    let dict = vm.call_values(class, &[])?;
    vm.for_each(&a[0], |vm, key| match dict.get_exact::<Dict<M>>() {
        Some(d) => {
            let hash = vm.hash(&key)?;
            let old = d.table.insert(vm, key, hash, value.clone())?;
            drop(old);
            Ok(())
        }
        None => vm.set_item(&dict, &key, &value),
    })?;
    Ok(dict)
}
