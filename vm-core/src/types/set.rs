//! `set` and `frozenset`: hash tables without values. CPython `Objects/setobject.c`.
//!
//! The algebra on tables is in [`algebra`]. Results of operators on subclasses
//! are plain sets. A `set` can be looked up in a set of frozensets: it is
//! hashed as the frozenset of its members.

pub mod algebra;

pub use algebra::{add_all, add_all_to};

use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{Args, CompareOp, Kind, ObjectModel, Res, Trace, V, Value, ValueCell};
use crate::types::sequence::{guarded_repr, push_repr};
use crate::types::set_iterator::SetIterator;
use crate::types::table::Table;
use algebra::{element_hash, table_of};
use rustpython_wtf8::Wtf8Buf;
use std::cell::Cell;

/// Body of a `set`.
pub struct Set<M: ObjectModel> {
    /// The members, as keys.
    pub table: Table<M>,
}

impl<M: ObjectModel> Trace<M> for Set<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.table.trace(visitor);
    }
    fn clear(&self) {
        self.table.clear();
    }
}

/// Body of a `frozenset`.
pub struct FrozenSet<M: ObjectModel> {
    /// The members, as keys.
    pub table: Table<M>,
    /// The hash, once computed.
    pub hash: Cell<Option<i64>>,
}

impl<M: ObjectModel> Trace<M> for FrozenSet<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.table.trace(visitor);
    }
    fn clear(&self) {
        self.table.clear();
    }
}

/// Fills the classes.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    for kind in [Kind::Set, Kind::FrozenSet] {
        let class = vm
            .fill_class(kind)
            .slots(|s| {
                s.repr = Some(repr::<M>);
                s.richcompare = Some(compare::<M>);
                s.iter = Some(iter::<M>);
                s.len = Some(|_, v| Ok(table_of::<M>(v).map_or(0, Table::len)));
                s.contains = Some(contains::<M>);
                s.or = Some(|vm, a, b| operator(vm, a, b, algebra::union));
                s.and = Some(|vm, a, b| operator(vm, a, b, algebra::intersection));
                s.subtract = Some(|vm, a, b| operator(vm, a, b, algebra::difference));
                s.xor = Some(|vm, a, b| operator(vm, a, b, algebra::symmetric_difference));
                if kind == Kind::Set {
                    s.new = Some(new_set::<M>);
                    s.init = Some(initialize::<M>);
                    s.inplace_or = Some(|vm, a, b| inplace(vm, a, b, algebra::union));
                    s.inplace_and = Some(|vm, a, b| inplace(vm, a, b, algebra::intersection));
                    s.inplace_subtract = Some(|vm, a, b| inplace(vm, a, b, algebra::difference));
                    s.inplace_xor =
                        Some(|vm, a, b| inplace(vm, a, b, algebra::symmetric_difference));
                } else {
                    s.new = Some(new_frozenset::<M>);
                    s.hash = Some(hash::<M>);
                }
            })
            .method("union", |vm, args| {
                combined(vm, args, "union", algebra::union)
            })
            .method("intersection", |vm, args| {
                combined(vm, args, "intersection", algebra::intersection)
            })
            .method("difference", |vm, args| {
                combined(vm, args, "difference", algebra::difference)
            })
            .method("symmetric_difference", symmetric_difference::<M>)
            .method("isdisjoint", isdisjoint::<M>)
            .method("issubset", issubset::<M>)
            .method("issuperset", issuperset::<M>)
            .method("copy", copy::<M>);
        if kind == Kind::FrozenSet {
            class.done();
            continue;
        }
        class
            .method("add", add::<M>)
            .method("discard", discard::<M>)
            .method("remove", remove::<M>)
            .method("pop", pop::<M>)
            .method("clear", clear::<M>)
            .method("update", update::<M>)
            .method("intersection_update", |vm, args| {
                updated(vm, args, "intersection_update", algebra::intersection)
            })
            .method("difference_update", |vm, args| {
                updated(vm, args, "difference_update", algebra::difference)
            })
            .method(
                "symmetric_difference_update",
                symmetric_difference_update::<M>,
            )
            .done();
    }
}

/// The table of a receiver that the method descriptor has checked.
fn table<'a, M: ObjectModel>(vm: &mut Vm<M>, v: &'a V<M>) -> Res<&'a Table<M>> {
    match table_of::<M>(v) {
        Some(t) => Ok(t),
        None => {
            let m = format!("expected a set, got '{}'", vm.type_name(v));
            Err(vm.raise_type_error(m))
        }
    }
}

/// A plain `set` or `frozenset`, whichever `like` is.
fn new_like<M: ObjectModel>(vm: &mut Vm<M>, like: &V<M>, table: Table<M>) -> V<M> {
    match like.kind() {
        Kind::FrozenSet => vm.new_frozenset_with(table),
        _ => vm.new_set_with(table),
    }
}

fn new_set<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, _: Args<'_, M>) -> Res<V<M>> {
    Ok(vm.alloc_as(
        class,
        Set {
            table: Table::default(),
        },
    ))
}

fn initialize<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<()> {
    if !args.kw.is_empty() {
        return Err(vm.raise_type_error("set() does not take keyword arguments"));
    }
    let iterable = args.unpack_between(vm, "set", 0, 1)?.first();
    let t = table(vm, v)?;
    t.clear();
    match iterable {
        Some(iterable) => add_all_to(vm, v, t, iterable),
        None => Ok(()),
    }
}

fn new_frozenset<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let exact = class.is(&vm.class_of_kind(Kind::FrozenSet));
    if exact && !args.kw.is_empty() {
        return Err(vm.raise_type_error("frozenset() does not take keyword arguments"));
    }
    let iterable = Args::new(args.pos)
        .unpack_between(vm, "frozenset", 0, 1)?
        .first();
    let members = Table::default();
    if let Some(iterable) = iterable {
        if exact && iterable.get_exact::<FrozenSet<M>>().is_some() {
            return Ok(iterable.clone());
        }
        vm.holding(|vm| add_all(vm, &members, iterable))?;
    }
    Ok(vm.alloc_as(
        class,
        FrozenSet {
            table: members,
            hash: Cell::new(None),
        },
    ))
}

fn repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let name = vm.type_name(v);
    let t = table(vm, v)?;
    if t.is_empty() {
        return Ok(vm.new_str(format!("{name}()")));
    }
    let plain = v.get_exact::<Set<M>>().is_some();
    let recursive = format!("{name}(...)");
    guarded_repr(vm, v, &recursive, |vm| {
        let mut out = Wtf8Buf::from_string(if plain {
            "{".into()
        } else {
            format!("{name}({{")
        });
        vm.holding(|vm| {
            for (i, x) in t.keys().iter().enumerate() {
                if i > 0 {
                    out.push_str(", ");
                }
                push_repr(vm, &mut out, x)?;
            }
            Ok(())
        })?;
        out.push_str(if plain { "}" } else { "})" });
        Ok(vm.new_text(out))
    })
}

fn hash<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<i64> {
    let Some(f) = v.get::<FrozenSet<M>>() else {
        return Ok(0);
    };
    let hash = match f.hash.get() {
        Some(hash) => hash,
        None => algebra::hash_of_members(&f.table),
    };
    f.hash.set(Some(hash));
    Ok(hash)
}

fn compare<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>, op: CompareOp) -> Res<V<M>> {
    let (Some(x), Some(y)) = (table_of::<M>(a), table_of::<M>(b)) else {
        return Ok(V::<M>::not_implemented());
    };
    let (n, m) = (x.len(), y.len());
    let holds = match op {
        CompareOp::Eq => n == m && algebra::is_subset(vm, x, y)?,
        CompareOp::Ne => n != m || !algebra::is_subset(vm, x, y)?,
        CompareOp::Lt => n < m && algebra::is_subset(vm, x, y)?,
        CompareOp::Le => n <= m && algebra::is_subset(vm, x, y)?,
        CompareOp::Gt => n > m && algebra::is_subset(vm, y, x)?,
        CompareOp::Ge => n >= m && algebra::is_subset(vm, y, x)?,
    };
    Ok(V::<M>::bool(holds))
}

fn iter<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let length = table(vm, v)?.len();
    Ok(vm.alloc(SetIterator {
        set: ValueCell::new(v.clone()),
        position: Cell::new(0),
        length,
    }))
}

fn contains<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, x: &V<M>) -> Res<bool> {
    let t = table(vm, v)?;
    let hash = element_hash(vm, x)?;
    Ok(t.find(vm, x, hash)?.is_some())
}

/// A new table from a set's and another operand.
type Operation<M> = fn(&mut Vm<M>, &Table<M>, &V<M>) -> Res<Table<M>>;

/// `a | b` and the like: both must be sets.
fn operator<M: ObjectModel>(
    vm: &mut Vm<M>,
    a: &V<M>,
    b: &V<M>,
    operation: Operation<M>,
) -> Res<V<M>> {
    let (Some(x), Some(_)) = (table_of::<M>(a), table_of::<M>(b)) else {
        return Ok(V::<M>::not_implemented());
    };
    let result = vm.holding(|vm| operation(vm, x, b))?;
    Ok(new_like(vm, a, result))
}

/// `a |= b` and the like: `b` must be a set.
fn inplace<M: ObjectModel>(
    vm: &mut Vm<M>,
    a: &V<M>,
    b: &V<M>,
    operation: Operation<M>,
) -> Res<V<M>> {
    let (Some(x), Some(_)) = (table_of::<M>(a), table_of::<M>(b)) else {
        return Ok(V::<M>::not_implemented());
    };
    let result = vm.holding(|vm| operation(vm, x, b))?;
    x.replace_with(result);
    Ok(a.clone())
}

/// The operation applied to the receiver and each argument in turn.
fn fold<M: ObjectModel>(
    vm: &mut Vm<M>,
    args: Args<'_, M>,
    name: &str,
    operation: Operation<M>,
) -> Res<Table<M>> {
    let (slf, rest) = args.method();
    rest.no_keywords(vm, name)?;
    let start = table(vm, slf)?;
    let Some((first, others)) = rest.pos.split_first() else {
        return Ok(start.copy());
    };
    vm.holding(|vm| {
        let mut result = operation(vm, start, first)?;
        for other in others {
            result = operation(vm, &result, other)?;
        }
        Ok(result)
    })
}

fn combined<M: ObjectModel>(
    vm: &mut Vm<M>,
    args: Args<'_, M>,
    name: &str,
    operation: Operation<M>,
) -> Res<V<M>> {
    let result = fold(vm, args, name, operation)?;
    Ok(new_like(vm, &args.pos[0], result))
}

fn updated<M: ObjectModel>(
    vm: &mut Vm<M>,
    args: Args<'_, M>,
    name: &str,
    operation: Operation<M>,
) -> Res<V<M>> {
    let result = fold(vm, args, name, operation)?;
    table(vm, &args.pos[0])?.replace_with(result);
    Ok(V::<M>::none())
}

fn update<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.no_keywords(vm, "update")?;
    let t = table(vm, slf)?;
    for other in rest.pos {
        add_all_to(vm, slf, t, other)?;
    }
    Ok(V::<M>::none())
}

fn symmetric_difference<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.skip(1).exact::<1>(vm, "symmetric_difference")?;
    combined(
        vm,
        args,
        "symmetric_difference",
        algebra::symmetric_difference,
    )
}

fn symmetric_difference_update<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.skip(1).exact::<1>(vm, "symmetric_difference_update")?;
    updated(
        vm,
        args,
        "symmetric_difference_update",
        algebra::symmetric_difference,
    )
}

/// A table with the members of any iterable: a set's own, or a new one.
fn with_members<M: ObjectModel, T>(
    vm: &mut Vm<M>,
    iterable: &V<M>,
    f: impl FnOnce(&mut Vm<M>, &Table<M>) -> Res<T>,
) -> Res<T> {
    vm.holding(|vm| match table_of::<M>(iterable) {
        Some(t) => f(vm, t),
        None => {
            let members = Table::default();
            add_all(vm, &members, iterable)?;
            f(vm, &members)
        }
    })
}

fn isdisjoint<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [other] = rest.exact::<1>(vm, "isdisjoint")?;
    let t = table(vm, slf)?;
    let it = vm.iter(other)?;
    let disjoint = vm.holding(|vm| {
        while let Some(x) = vm.next(&it)? {
            let hash = vm.hash(&x)?;
            if t.find(vm, &x, hash)?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    })?;
    Ok(V::<M>::bool(disjoint))
}

fn issubset<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [other] = rest.exact::<1>(vm, "issubset")?;
    let t = table(vm, slf)?;
    let r = with_members(vm, other, |vm, o| {
        Ok(t.len() <= o.len() && algebra::is_subset(vm, t, o)?)
    })?;
    Ok(V::<M>::bool(r))
}

fn issuperset<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [other] = rest.exact::<1>(vm, "issuperset")?;
    let t = table(vm, slf)?;
    let r = with_members(vm, other, |vm, o| {
        Ok(o.len() <= t.len() && algebra::is_subset(vm, o, t)?)
    })?;
    Ok(V::<M>::bool(r))
}

fn copy<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "copy")?;
    if slf.get_exact::<FrozenSet<M>>().is_some() {
        return Ok(slf.clone());
    }
    let copy = table(vm, slf)?.copy();
    Ok(new_like(vm, slf, copy))
}

fn add<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [x] = rest.exact::<1>(vm, "add")?;
    let t = table(vm, slf)?;
    let hash = vm.hash(x)?;
    t.insert(vm, x.clone(), hash, V::<M>::null())?;
    Ok(V::<M>::none())
}

fn discard<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [x] = rest.exact::<1>(vm, "discard")?;
    let t = table(vm, slf)?;
    let hash = element_hash(vm, x)?;
    drop(t.remove(vm, x, hash)?);
    Ok(V::<M>::none())
}

fn remove<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [x] = rest.exact::<1>(vm, "remove")?;
    let t = table(vm, slf)?;
    let hash = element_hash(vm, x)?;
    match t.remove(vm, x, hash)? {
        Some(_) => Ok(V::<M>::none()),
        None => Err(vm.raise_key_error(x.clone())),
    }
}

fn pop<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "pop")?;
    match table(vm, slf)?.pop_first() {
        Some(e) => Ok(e.key),
        None => Err(vm.raise(Exc::KeyError, "pop from an empty set")),
    }
}

fn clear<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "clear")?;
    table(vm, slf)?.clear();
    Ok(V::<M>::none())
}
