//! `list`: a growable sequence. CPython `Objects/listobject.c`.
//!
//! Sorting is in [`sort`]; what lists share with tuples in [`super::sequence`].

pub mod sort;
mod timsort;

use crate::Vm;
use crate::object::{Args, CompareOp, Kind, ObjectModel, Res, Trace, V, Value, ValueCell, Visitor};
use crate::types::sequence;
use crate::types::sequence_iterators::ListIterator;
use crate::types::slice::Slice;
use crate::types::slicing;
use crate::types::tuple::Tuple;
use std::cell::{Cell, RefCell};

/// Body of a `list`.
pub struct List<M: ObjectModel> {
    /// The items. Never hold a borrow across a call into the machine.
    pub items: RefCell<Vec<V<M>>>,
}

impl<M: ObjectModel> Trace<M> for List<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        for v in self.items.borrow().iter() {
            visitor.visit(v);
        }
    }
    fn clear(&self) {
        let old = std::mem::take(&mut *self.items.borrow_mut());
        drop(old);
    }
}

/// Fills the class.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.fill_class(Kind::List)
        .slots(|s| {
            s.new = Some(new::<M>);
            s.init = Some(initialize::<M>);
            s.repr = Some(repr::<M>);
            s.richcompare = Some(compare::<M>);
            s.iter = Some(iter::<M>);
            s.len = Some(|_, v| Ok(sequence::length::<M>(v)));
            s.getitem = Some(getitem::<M>);
            s.setitem = Some(setitem::<M>);
            s.contains = Some(sequence::contains::<M>);
            s.concat = Some(concat::<M>);
            s.repeat = Some(repeat::<M>);
            s.inplace_concat = Some(inplace_concat::<M>);
            s.inplace_repeat = Some(inplace_repeat::<M>);
        })
        .method("append", append::<M>)
        .method("insert", insert::<M>)
        .method("extend", extend::<M>)
        .method("pop", pop::<M>)
        .method("remove", remove::<M>)
        .method("index", index::<M>)
        .method("count", count::<M>)
        .method("reverse", reverse::<M>)
        .method("sort", sort::sort_method::<M>)
        .method("clear", clear::<M>)
        .method("copy", copy::<M>)
        .method("__reversed__", reversed::<M>)
        .done();
}

/// The list of a receiver that the method descriptor has checked.
fn list<'a, M: ObjectModel>(vm: &mut Vm<M>, v: &'a V<M>) -> Res<&'a List<M>> {
    match v.get::<List<M>>() {
        Some(l) => Ok(l),
        None => {
            let m = format!("expected a list, got '{}'", vm.type_name(v));
            Err(vm.raise_type_error(m))
        }
    }
}

fn new<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, _: Args<'_, M>) -> Res<V<M>> {
    Ok(vm.alloc_as(
        class,
        List {
            items: RefCell::new(Vec::new()),
        },
    ))
}

fn initialize<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<()> {
    let [sequence] = args.parse(vm, "list", ["sequence"], 0)?;
    Trace::<M>::clear(list(vm, v)?);
    match sequence {
        Some(s) => extend_by(vm, v, &s),
        None => Ok(()),
    }
}

fn repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    if sequence::length::<M>(v) == 0 {
        return Ok(vm.new_str("[]"));
    }
    sequence::guarded_repr(vm, v, "[...]", |vm| sequence::repr_items(vm, v, "[", "]"))
}

fn compare<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>, op: CompareOp) -> Res<V<M>> {
    if a.get::<List<M>>().is_none() || b.get::<List<M>>().is_none() {
        return Ok(V::<M>::not_implemented());
    }
    sequence::compare(vm, a, b, op)
}

fn iter<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(vm.alloc(ListIterator {
        sequence: ValueCell::new(v.clone()),
        position: Cell::new(0),
    }))
}

fn getitem<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, key: &V<M>) -> Res<V<M>> {
    let l = list(vm, v)?;
    if let Some(slice) = key.get::<Slice<M>>() {
        let parts = vm.slice_parts(slice)?;
        let items = {
            let items = l.items.borrow();
            slicing::selected::<M>(&items, parts.of(items.len()))
        };
        return Ok(vm.new_list(items));
    }
    let i = vm.sequence_index("list", key)?;
    let found = {
        let items = l.items.borrow();
        sequence::position(i, items.len()).map(|i| items[i].clone())
    };
    match found {
        Some(x) => Ok(x),
        None => Err(vm.raise_index_error("list index out of range")),
    }
}

fn setitem<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, key: &V<M>, value: Option<&V<M>>) -> Res<()> {
    let l = list(vm, v)?;
    if let Some(slice) = key.get::<Slice<M>>() {
        return match value {
            Some(value) => set_slice(vm, v, l, slice, value),
            None => delete_slice(vm, l, slice),
        };
    }
    let i = vm.sequence_index("list", key)?;
    let old = {
        let mut items = l.items.borrow_mut();
        sequence::position(i, items.len()).map(|i| match value {
            Some(x) => std::mem::replace(&mut items[i], x.clone()),
            None => items.remove(i),
        })
    };
    match old {
        Some(_) => Ok(()),
        None => Err(vm.raise_index_error("list assignment index out of range")),
    }
}

fn set_slice<M: ObjectModel>(
    vm: &mut Vm<M>,
    v: &V<M>,
    l: &List<M>,
    slice: &Slice<M>,
    value: &V<M>,
) -> Res<()> {
    let parts = vm.slice_parts(slice)?;
    let simple = parts.of(0).step == 1;
    let new = if value.is(v) {
        l.items.borrow().clone()
    } else if vm.slots(value).iter.is_none() && vm.slots(value).getitem.is_none() {
        return Err(vm.raise_type_error(if simple {
            "can only assign an iterable"
        } else {
            "must assign iterable to extended slice"
        }));
    } else {
        vm.collect_iter(value)?
    };
    let mut items = l.items.borrow_mut();
    let s = parts.of(items.len());
    if s.step == 1 {
        let start = s.start as usize;
        let old: Vec<V<M>> = items.splice(start..start + s.count, new).collect();
        drop(items);
        drop(old);
        return Ok(());
    }
    if new.len() != s.count {
        let m = format!(
            "attempt to assign sequence of size {} to extended slice of size {}",
            new.len(),
            s.count
        );
        drop(items);
        return Err(vm.raise_value_error(m));
    }
    let old: Vec<V<M>> = new
        .into_iter()
        .zip(0i64..)
        .map(|(x, i)| std::mem::replace(&mut items[(s.start + i * s.step) as usize], x))
        .collect();
    drop(items);
    drop(old);
    Ok(())
}

fn delete_slice<M: ObjectModel>(vm: &mut Vm<M>, l: &List<M>, slice: &Slice<M>) -> Res<()> {
    let parts = vm.slice_parts(slice)?;
    let mut items = l.items.borrow_mut();
    let s = parts.of(items.len());
    if s.count == 0 {
        return Ok(());
    }
    let (low, step) = if s.step < 0 {
        (
            s.start + (s.count as i64 - 1) * s.step,
            s.step.unsigned_abs(),
        )
    } else {
        (s.start, s.step as u64)
    };
    let (low, count, step) = (low as usize, s.count, step as usize);
    let old: Vec<V<M>> = if step == 1 {
        items.drain(low..low + count).collect()
    } else {
        let (mut kept, mut old) = (Vec::with_capacity(items.len() - count), Vec::new());
        let mut next = low;
        for (i, x) in items.drain(..).enumerate() {
            if i == next && old.len() < count {
                old.push(x);
                next = next.saturating_add(step);
            } else {
                kept.push(x);
            }
        }
        *items = kept;
        old
    };
    drop(items);
    drop(old);
    Ok(())
}

fn concat<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>) -> Res<V<M>> {
    let Some(right) = b.get::<List<M>>() else {
        let m = format!(
            "can only concatenate list (not \"{}\") to list",
            vm.type_name(b)
        );
        return Err(vm.raise_type_error(m));
    };
    let all = {
        let (left, right) = (list(vm, a)?.items.borrow(), right.items.borrow());
        let mut all = Vec::with_capacity(left.len() + right.len());
        all.extend_from_slice(&left);
        all.extend_from_slice(&right);
        all
    };
    Ok(vm.new_list(all))
}

fn repeat<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, n: isize) -> Res<V<M>> {
    let l = list(vm, v)?;
    let all = sequence::repeated(vm, &l.items.borrow(), n)?;
    Ok(vm.new_list(all))
}

fn inplace_concat<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, other: &V<M>) -> Res<V<M>> {
    extend_by(vm, v, other)?;
    Ok(v.clone())
}

fn inplace_repeat<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, n: isize) -> Res<V<M>> {
    let l = list(vm, v)?;
    let all = sequence::repeated(vm, &l.items.borrow(), n)?;
    let old = l.items.replace(all);
    drop(old);
    Ok(v.clone())
}

/// `list.extend`. Items are added one by one, so an iterator sees what was added before.
pub fn extend_by<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, other: &V<M>) -> Res<()> {
    let l = list(vm, v)?;
    if let Some(t) = other.get_exact::<Tuple<M>>() {
        l.items.borrow_mut().extend_from_slice(&t.items);
        return Ok(());
    }
    if let Some(o) = other.get_exact::<List<M>>() {
        if other.is(v) {
            l.items.borrow_mut().extend_from_within(..);
        } else {
            l.items.borrow_mut().extend_from_slice(&o.items.borrow());
        }
        return Ok(());
    }
    vm.for_each_into(v, other, |_, x| {
        l.items.borrow_mut().push(x);
        Ok(())
    })
}

fn append<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [x] = rest.exact::<1>(vm, "append")?;
    list(vm, slf)?.items.borrow_mut().push(x.clone());
    Ok(V::<M>::none())
}

fn insert<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [at, x] = rest.exact::<2>(vm, "insert")?;
    let at = vm.ssize_argument(at)?;
    let mut items = list(vm, slf)?.items.borrow_mut();
    let len = items.len() as i64;
    let at = if at < 0 {
        (at + len).max(0)
    } else {
        at.min(len)
    };
    items.insert(at as usize, x.clone());
    Ok(V::<M>::none())
}

fn extend<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [other] = rest.exact::<1>(vm, "extend")?;
    extend_by(vm, slf, other)?;
    Ok(V::<M>::none())
}

fn pop<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let at = match rest.between(vm, "pop", 0, 1)? {
        [] => -1,
        [at, ..] => vm.ssize_argument(at)?,
    };
    let popped = {
        let mut items = list(vm, slf)?.items.borrow_mut();
        match sequence::position(at, items.len()) {
            Some(i) if i + 1 == items.len() => items.pop().ok_or(""),
            Some(i) => Ok(items.remove(i)),
            None if items.is_empty() => Err("pop from empty list"),
            None => Err("pop index out of range"),
        }
    };
    popped.map_err(|m| vm.raise_index_error(m))
}

fn remove<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [x] = rest.exact::<1>(vm, "remove")?;
    match sequence::find(vm, slf, x, 0, usize::MAX)? {
        Some(i) => {
            let old = {
                let mut items = list(vm, slf)?.items.borrow_mut();
                // `__eq__` may have shortened the list.
                if i < items.len() {
                    Some(items.remove(i))
                } else {
                    None
                }
            };
            drop(old);
            Ok(V::<M>::none())
        }
        None => Err(vm.raise_value_error("list.remove(x): x not in list")),
    }
}

fn index<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    sequence::index(vm, args, |vm, x| {
        Ok(format!("{} is not in list", vm.repr_text(x)?))
    })
}

fn count<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [x] = rest.exact::<1>(vm, "count")?;
    sequence::count(vm, slf, x)
}

fn reverse<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "reverse")?;
    list(vm, slf)?.items.borrow_mut().reverse();
    Ok(V::<M>::none())
}

fn clear<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "clear")?;
    Trace::<M>::clear(list(vm, slf)?);
    Ok(V::<M>::none())
}

fn copy<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "copy")?;
    let items = list(vm, slf)?.items.borrow().clone();
    Ok(vm.new_list(items))
}

fn reversed<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "__reversed__")?;
    Ok(super::iterators::new_reversed(
        vm,
        slf,
        sequence::length::<M>(slf),
        true,
    ))
}
