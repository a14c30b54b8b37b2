//! Views of a `dict` and their iterators. CPython `Objects/dictobject.c`.

use crate::Vm;
use crate::machine::errors::Exc;
use crate::machine::reclaim::Holds;
use crate::object::slots::{Next, Unary};
use crate::object::{
    Args, Body, CompareOp, Kind, ObjectModel, Res, Trace, V, Value, ValueCell, Visitor,
};
use crate::types::dict::Dict;
use crate::types::sequence::{guarded_repr, push_repr};
use crate::types::sequence_iterators::iter_self;
use crate::types::set::{self, Set};
use crate::types::table::Table;
use crate::types::tuple::Tuple;
use rustpython_wtf8::Wtf8Buf;
use std::cell::Cell;

macro_rules! views { ($($(#[$doc:meta])* $name:ident,)*) => { $(
    $(#[$doc])*
    pub struct $name<M: ObjectModel> {
        /// The dict.
        pub dict: V<M>,
    }

    impl<M: ObjectModel> Trace<M> for $name<M> {
        fn trace(&self, visitor: &mut M::Visitor) {
            visitor.visit(&self.dict);
        }
    }
)* } }
views! {
    /// Body of `dict_keys`.
    DictKeys,
    /// Body of `dict_values`.
    DictValues,
    /// Body of `dict_items`.
    DictItems,
}

macro_rules! iterators { ($($(#[$doc:meta])* $name:ident,)*) => { $(
    $(#[$doc])*
    pub struct $name<M: ObjectModel> {
        /// The dict; absent once exhausted.
        pub dict: ValueCell<M>,
        /// Next position in the table.
        pub position: Cell<usize>,
        /// The length at the start; another one raises RuntimeError.
        pub length: usize,
    }

    impl<M: ObjectModel> Trace<M> for $name<M> {
        fn trace(&self, visitor: &mut M::Visitor) {
            self.dict.trace(visitor);
        }
        fn clear(&self) {
            drop(self.dict.take());
        }
    }

    // SAFETY: numbers need no drop; the class is built in and cannot be derived from.
    unsafe impl<M: ObjectModel> Holds<M> for $name<M> {
        #[inline(always)]
        fn held(&self) -> &ValueCell<M> {
            &self.dict
        }
    }

    impl<M: ObjectModel> $name<M> {
        /// The next key and value; `None` at the end, and where the full step has to look.
        #[inline(always)]
        pub fn try_step(&self) -> Option<(V<M>, V<M>)> {
            let dict = self.dict.load_borrowed();
            let table = &dict.get::<Dict<M>>()?.table;
            let (at, key, value) = table.try_next_from(self.position.get(), self.length)?;
            self.position.set(at + 1);
            Some((key, value))
        }
    }

    impl<M: ObjectModel> Iteration<M> for $name<M> {
        fn dict(&self) -> &ValueCell<M> {
            &self.dict
        }
        fn position(&self) -> &Cell<usize> {
            &self.position
        }
        fn length(&self) -> usize {
            self.length
        }
    }
)* } }

/// What the three iterators have in common.
trait Iteration<M: ObjectModel>: Body<M> {
    fn dict(&self) -> &ValueCell<M>;
    fn position(&self) -> &Cell<usize>;
    fn length(&self) -> usize;
}

iterators! {
    /// Iterator over the keys of a dict.
    DictKeyIterator,
    /// Iterator over the values of a dict.
    DictValueIterator,
    /// Iterator over the items of a dict.
    DictItemIterator,
}

/// Fills the classes.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    let set_like: [(Kind, Unary<M>); 2] = [
        (Kind::DictKeys, iter_keys::<M>),
        (Kind::DictItems, iter_items::<M>),
    ];
    for (kind, iter) in set_like {
        vm.fill_class(kind)
            .slots(|s| {
                s.repr = Some(repr::<M>);
                s.len = Some(length::<M>);
                s.iter = Some(iter);
                s.contains = Some(if kind == Kind::DictKeys {
                    keys_contain::<M>
                } else {
                    items_contain::<M>
                });
                s.richcompare = Some(compare::<M>);
                s.and = Some(|vm, a, b| operate(vm, a, "intersection_update", b));
                s.or = Some(|vm, a, b| operate(vm, a, "update", b));
                s.xor = Some(|vm, a, b| operate(vm, a, "symmetric_difference_update", b));
                s.subtract = Some(|vm, a, b| operate(vm, a, "difference_update", b));
            })
            .method("isdisjoint", isdisjoint::<M>)
            .done();
    }
    vm.fill_class(Kind::DictValues)
        .slots(|s| {
            s.repr = Some(repr::<M>);
            s.len = Some(length::<M>);
            s.iter = Some(iter_values::<M>);
        })
        .done();
    let iterators: [(Kind, Next<M>); 3] = [
        (Kind::DictKeyIterator, next_key::<M>),
        (Kind::DictValueIterator, next_value::<M>),
        (Kind::DictItemIterator, next_item::<M>),
    ];
    for (kind, next) in iterators {
        vm.fill_class(kind)
            .slots(|s| {
                s.iter = Some(iter_self::<M>);
                s.iternext = Some(next);
            })
            .method("__length_hint__", length_hint::<M>)
            .done();
    }
}

/// `dict.keys()`.
pub fn keys<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "keys")?;
    Ok(vm.alloc(DictKeys { dict: slf.clone() }))
}

/// `dict.values()`.
pub fn values<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "values")?;
    Ok(vm.alloc(DictValues { dict: slf.clone() }))
}

/// `dict.items()`.
pub fn items<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "items")?;
    Ok(vm.alloc(DictItems { dict: slf.clone() }))
}

/// The dict behind a view.
fn dict_of<M: ObjectModel>(v: &V<M>) -> V<M> {
    match v.kind() {
        Kind::DictKeys => v.get::<DictKeys<M>>().map(|d| d.dict.clone()),
        Kind::DictValues => v.get::<DictValues<M>>().map(|d| d.dict.clone()),
        Kind::DictItems => v.get::<DictItems<M>>().map(|d| d.dict.clone()),
        _ => None,
    }
    .unwrap_or_else(V::<M>::none)
}

fn length_of<M: ObjectModel>(dict: &V<M>) -> usize {
    dict.get::<Dict<M>>().map_or(0, |d| d.table.len())
}

fn length<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<usize> {
    Ok(length_of::<M>(&dict_of::<M>(v)))
}

fn iter_keys<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let dict = dict_of::<M>(v);
    let length = length_of::<M>(&dict);
    Ok(vm.alloc(DictKeyIterator {
        dict: ValueCell::new(dict),
        position: Cell::new(0),
        length,
    }))
}

fn iter_values<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let dict = dict_of::<M>(v);
    let length = length_of::<M>(&dict);
    Ok(vm.alloc(DictValueIterator {
        dict: ValueCell::new(dict),
        position: Cell::new(0),
        length,
    }))
}

fn iter_items<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let dict = dict_of::<M>(v);
    let length = length_of::<M>(&dict);
    Ok(vm.alloc(DictItemIterator {
        dict: ValueCell::new(dict),
        position: Cell::new(0),
        length,
    }))
}

/// One step of an iterator over a dict: key and value.
#[inline]
fn step<M: ObjectModel, I: Iteration<M>>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<(V<M>, V<M>)>> {
    let Some(it) = v.get::<I>() else {
        return Ok(None);
    };
    // Absent once exhausted: then it is no dict.
    let dict = it.dict().load_borrowed();
    let Some(d) = dict.get::<Dict<M>>() else {
        return Ok(None);
    };
    if d.table.len() != it.length() {
        // The error stays: every later step raises it again.
        it.position().set(usize::MAX);
        return Err(vm.raise(
            Exc::RuntimeError,
            "dictionary changed size during iteration",
        ));
    }
    match d.table.next_from(it.position().get()) {
        Some((at, key, value)) => {
            it.position().set(at + 1);
            Ok(Some((key, value)))
        }
        None => {
            drop(it.dict().take());
            Ok(None)
        }
    }
}

fn next_key<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    Ok(step::<M, DictKeyIterator<M>>(vm, v)?.map(|(key, _)| key))
}

fn next_value<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    Ok(step::<M, DictValueIterator<M>>(vm, v)?.map(|(_, value)| value))
}

fn next_item<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    match step::<M, DictItemIterator<M>>(vm, v)? {
        Some((key, value)) => Ok(Some(vm.new_tuple([key, value]))),
        None => Ok(None),
    }
}

fn length_hint<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "__length_hint__")?;
    let (dict, position, length) = if let Some(i) = slf.get::<DictKeyIterator<M>>() {
        (i.dict.get(), i.position.get(), i.length)
    } else if let Some(i) = slf.get::<DictValueIterator<M>>() {
        (i.dict.get(), i.position.get(), i.length)
    } else if let Some(i) = slf.get::<DictItemIterator<M>>() {
        (i.dict.get(), i.position.get(), i.length)
    } else {
        (None, 0, 0)
    };
    let left = dict
        .as_ref()
        .and_then(|d| d.get::<Dict<M>>())
        .filter(|d| d.table.len() == length)
        .map_or(0, |d| {
            (position..d.table.span())
                .filter(|&i| d.table.at(i).is_some())
                .count()
        });
    Ok(vm.new_usize(left))
}

fn repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    guarded_repr(vm, v, "...", |vm| {
        let name = vm.type_name(v);
        let mut out = Wtf8Buf::from_string(format!("{name}(["));
        for (i, x) in vm.collect_iter(v)?.iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            push_repr(vm, &mut out, x)?;
        }
        out.push_str("])");
        Ok(vm.new_text(out))
    })
}

fn keys_contain<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, key: &V<M>) -> Res<bool> {
    let dict = dict_of::<M>(v);
    let Some(d) = dict.get::<Dict<M>>() else {
        return Ok(false);
    };
    let hash = vm.hash(key)?;
    Ok(d.table.find(vm, key, hash)?.is_some())
}

fn items_contain<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, item: &V<M>) -> Res<bool> {
    let dict = dict_of::<M>(v);
    let (Some(d), Some(pair)) = (dict.get::<Dict<M>>(), item.get::<Tuple<M>>()) else {
        return Ok(false);
    };
    let [key, value] = &*pair.items else {
        return Ok(false);
    };
    let hash = vm.hash(key)?;
    match d.table.get(vm, key, hash)? {
        Some(found) => vm.holding(|vm| vm.is_equal(value, &found)),
        None => Ok(false),
    }
}

/// Whether every element of `a` is in `b`.
fn all_contained<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>) -> Res<bool> {
    let it = vm.iter(a)?;
    vm.holding(|vm| {
        while let Some(x) = vm.next(&it)? {
            if !vm.contains(b, &x)? {
                return Ok(false);
            }
        }
        Ok(true)
    })
}

fn is_set_or_view<M: ObjectModel>(v: &V<M>) -> bool {
    matches!(
        v.kind(),
        Kind::Set | Kind::FrozenSet | Kind::DictKeys | Kind::DictItems
    )
}

fn compare<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>, op: CompareOp) -> Res<V<M>> {
    if !is_set_or_view::<M>(b) || !is_set_or_view::<M>(a) {
        return Ok(V::<M>::not_implemented());
    }
    let (x, y) = (vm.len(a)?, vm.len(b)?);
    let holds = match op {
        CompareOp::Eq => x == y && all_contained(vm, a, b)?,
        CompareOp::Ne => !(x == y && all_contained(vm, a, b)?),
        CompareOp::Lt => x < y && all_contained(vm, a, b)?,
        CompareOp::Le => x <= y && all_contained(vm, a, b)?,
        CompareOp::Gt => x > y && all_contained(vm, b, a)?,
        CompareOp::Ge => x >= y && all_contained(vm, b, a)?,
    };
    Ok(V::<M>::bool(holds))
}

/// `set(a)`, changed in place by one of its methods.
fn operate<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, method: &str, b: &V<M>) -> Res<V<M>> {
    vm.holding(|vm| {
        let result = vm.new_set_with(Table::default());
        if let Some(s) = result.get::<Set<M>>() {
            set::add_all(vm, &s.table, a)?;
        }
        vm.call_method(&result, method, std::slice::from_ref(b))?;
        Ok(result)
    })
}

fn isdisjoint<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [other] = rest.exact::<1>(vm, "isdisjoint")?;
    let it = vm.iter(other)?;
    let disjoint = vm.holding(|vm| {
        while let Some(x) = vm.next(&it)? {
            if vm.contains(slf, &x)? {
                return Ok(false);
            }
        }
        Ok(true)
    })?;
    Ok(V::<M>::bool(disjoint))
}
