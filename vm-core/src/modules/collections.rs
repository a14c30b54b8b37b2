//! `_collections`: `deque`. The other classes of `collections` are written in Python.
//! CPython `Modules/_collectionsmodule.c`.

use super::builder::ModuleBuilder;
use super::opaque_body::{Queue, body, opaque_body};
use crate::Vm;
use crate::machine::errors::Exc;
use crate::machine::operators::BinaryOp;
use crate::number::range_math::subscript;
use crate::object::native::opaque;
use crate::object::{Args, CompareOp, Kind, ObjectModel, Res, V, Value, ValueCell};
use crate::types::certain::certain_eq;
use crate::types::dict::Dict;
use crate::types::sequence::{guarded_repr, push_repr};
use crate::types::sequence_iterators::iter_self;
use rustpython_wtf8::Wtf8Buf;
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

opaque_body! {
    /// `deque(iterable, maxlen)`; `changes` counts insertions and removals, for iterators.
    Deque { items: Queue<M>, most: Cell<Option<usize>>, changes: Cell<u64>, }
    /// Iterator over a deque, from either end.
    DequeIterator {
        deque: ValueCell<M>,
        at: Cell<usize>,
        changes: Cell<u64>,
        is_reverse: Cell<bool>,
    }
}

/// Makes the module.
pub fn make<M: ObjectModel>(vm: &mut Vm<M>) -> Res<V<M>> {
    let iterator = vm
        .new_opaque_class("_deque_iterator")
        .slots(|s| {
            s.iter = Some(iter_self::<M>);
            s.iternext = Some(next::<M>);
        })
        .done();
    let class = vm
        .new_opaque_class("deque")
        .slots(|s| {
            s.new = Some(new::<M>);
            s.init = Some(initialize::<M>);
            s.repr = Some(repr::<M>);
            s.richcompare = Some(compare::<M>);
            s.iter = Some(|vm, v| new_iterator(vm, v, false));
            s.len = Some(|vm, v| Ok(deque(vm, v)?.items.0.borrow().len()));
            s.getitem = Some(getitem::<M>);
            s.setitem = Some(setitem::<M>);
            s.contains = Some(|vm, v, x| Ok(find(vm, v, x, 0, usize::MAX)?.is_some()));
            s.concat = Some(concat::<M>);
            s.repeat = Some(repeat::<M>);
            s.inplace_concat = Some(|vm, v, other| {
                extend_by(vm, v, other, true)?;
                Ok(v.clone())
            });
            s.inplace_repeat = Some(inplace_repeat::<M>);
        })
        .method("append", append::<M>)
        .method("appendleft", appendleft::<M>)
        .method("extend", |vm, args| extend(vm, args, "extend", true))
        .method("extendleft", |vm, args| {
            extend(vm, args, "extendleft", false)
        })
        .method("pop", pop::<M>)
        .method("popleft", popleft::<M>)
        .method("insert", insert::<M>)
        .method("remove", remove::<M>)
        .method("index", index::<M>)
        .method("count", count::<M>)
        .method("rotate", rotate::<M>)
        .method("reverse", reverse::<M>)
        .method("clear", clear::<M>)
        .method("copy", |vm, args| copy(vm, args, "copy"))
        .method("__copy__", |vm, args| copy(vm, args, "__copy__"))
        .method("__reduce__", reduce::<M>)
        .method("__reversed__", |vm, args| {
            args.skip(1).exact::<0>(vm, "__reversed__")?;
            new_iterator(vm, &args.pos[0], true)
        })
        .getter("maxlen", |vm, v| {
            Ok(match deque(vm, v)?.most.get() {
                Some(n) => vm.new_usize(n),
                None => V::<M>::none(),
            })
        })
        .done();
    Ok(ModuleBuilder::new(vm, "_collections")
        .class_of("collections", "deque", class)
        .hidden_class(&iterator)
        .function("_count_elements", count_elements::<M>)
        .done())
}

/// `_count_elements(mapping, iterable)`: counts into a dict whose class changes neither `get` nor `__setitem__`.
fn count_elements<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [mapping, iterable] = args.exact::<2>(vm, "_count_elements")?;
    let Some(dict) = mapping.get::<Dict<M>>() else {
        return Err(vm.raise_type_error("_count_elements() argument 1 must be dict"));
    };
    let mut source = vm.source(iterable)?;
    while let Some(x) = vm.next_item(&mut source, &[])? {
        vm.showing(|vm| {
            vm.show(source.value());
            vm.show(&x);
            let hash = vm.hash(&x)?;
            let one = vm.new_int(1);
            let count = match dict.table.get(vm, &x, hash)? {
                Some(n) => vm.binary(BinaryOp::Add, &n, &one)?,
                None => one,
            };
            vm.show(&count);
            dict.table.insert(vm, x, hash, count).map(drop)
        })?;
    }
    Ok(V::<M>::none())
}

fn deque<'a, M: ObjectModel>(vm: &mut Vm<M>, v: &'a V<M>) -> Res<&'a Deque<M>> {
    body(vm, v)
}

impl<M: ObjectModel> Deque<M> {
    fn changed(&self) {
        self.changes.set(self.changes.get() + 1);
    }

    /// Adds at an end; an element that has no room left falls out at the other.
    fn push(&self, x: V<M>, right: bool) {
        let dropped = {
            let mut items = self.items.0.borrow_mut();
            if right {
                items.push_back(x);
            } else {
                items.push_front(x);
            }
            match self.most.get() {
                Some(most) if items.len() > most && right => items.pop_front(),
                Some(most) if items.len() > most => items.pop_back(),
                _ => None,
            }
        };
        self.changed();
        drop(dropped);
    }

    fn item(&self, at: usize) -> Option<V<M>> {
        self.items.0.borrow().get(at).cloned()
    }

    fn clear_items(&self) {
        let old = self.items.0.take();
        self.changed();
        drop(old);
    }
}

fn with_items<M: ObjectModel>(
    vm: &mut Vm<M>,
    class: &V<M>,
    items: VecDeque<V<M>>,
    most: Option<usize>,
) -> V<M> {
    vm.new_opaque(
        class,
        Deque {
            items: Queue(RefCell::new(items)),
            most: Cell::new(most),
            changes: Cell::new(0),
        },
    )
}

fn new<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, _: Args<'_, M>) -> Res<V<M>> {
    Ok(with_items(vm, class, VecDeque::new(), None))
}

fn initialize<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<()> {
    let [iterable, most] = args.parse(vm, "deque", ["iterable", "maxlen"], 0)?;
    let most = match most {
        Some(n) if !n.is_none() => {
            if n.as_int().is_none() {
                return Err(vm.raise_type_error("an integer is required"));
            }
            match usize::try_from(vm.ssize_argument(&n)?) {
                Ok(n) => Some(n),
                Err(_) => return Err(vm.raise_value_error("maxlen must be non-negative")),
            }
        }
        _ => None,
    };
    let d = deque(vm, v)?;
    d.most.set(most);
    d.clear_items();
    match iterable {
        Some(iterable) => extend_by(vm, v, &iterable, true),
        None => Ok(()),
    }
}

fn repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    guarded_repr(vm, v, "[...]", |vm| {
        let d = deque(vm, v)?;
        let mut out = Wtf8Buf::from_string("deque([".to_owned());
        let mut i = 0;
        while let Some(x) = d.item(i) {
            if i > 0 {
                out.push_str(", ");
            }
            push_repr(vm, &mut out, &x)?;
            i += 1;
        }
        out.push_str("]");
        if let Some(n) = d.most.get() {
            out.push_str(&format!(", maxlen={n}"));
        }
        out.push_str(")");
        Ok(vm.new_text(out))
    })
}

fn compare<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>, op: CompareOp) -> Res<V<M>> {
    let (Some(x), Some(y)) = (opaque::<M, Deque<M>>(a), opaque::<M, Deque<M>>(b)) else {
        return Ok(V::<M>::not_implemented());
    };
    let lengths = (x.items.0.borrow().len(), y.items.0.borrow().len());
    if lengths.0 != lengths.1 && matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(V::<M>::bool(op == CompareOp::Ne));
    }
    vm.holding(|vm| {
        let mut i = 0;
        while let (Some(p), Some(q)) = (x.item(i), y.item(i)) {
            if !vm.is_equal(&p, &q)? {
                return match op {
                    CompareOp::Eq | CompareOp::Ne => Ok(V::<M>::bool(op == CompareOp::Ne)),
                    _ => vm.compare(op, &p, &q),
                };
            }
            i += 1;
        }
        let order = x.items.0.borrow().len().cmp(&y.items.0.borrow().len());
        Ok(V::<M>::bool(op.holds(order)))
    })
}

fn new_iterator<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, is_reverse: bool) -> Res<V<M>> {
    let changes = deque(vm, v)?.changes.get();
    let class = vm
        .native_class("_deque_iterator")
        .unwrap_or_else(V::<M>::none);
    Ok(vm.new_opaque(
        &class,
        DequeIterator {
            deque: ValueCell::new(v.clone()),
            at: Cell::new(0),
            changes: Cell::new(changes),
            is_reverse: Cell::new(is_reverse),
        },
    ))
}

fn next<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let it = body::<M, DequeIterator<M>>(vm, v)?;
    let Some(source) = it.deque.get() else {
        return Ok(None);
    };
    let d = deque(vm, &source)?;
    let at = it.at.get();
    let n = d.items.0.borrow().len();
    if d.changes.get() != it.changes.get() {
        drop(it.deque.take());
        return Err(vm.raise(Exc::RuntimeError, "deque mutated during iteration"));
    }
    if at >= n {
        drop(it.deque.take());
        return Ok(None);
    }
    it.at.set(at + 1);
    Ok(d.item(if it.is_reverse.get() { n - 1 - at } else { at }))
}

/// A subscript within the deque.
fn position<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, key: &V<M>) -> Res<usize> {
    if !vm.has_index(key) {
        let m = format!(
            "sequence index must be integer, not '{}'",
            vm.type_name(key)
        );
        return Err(vm.raise_type_error(m));
    }
    let i = vm.index_as_isize(key, Exc::IndexError)? as i64;
    let n = deque(vm, v)?.items.0.borrow().len();
    match subscript(i, n) {
        Some(i) => Ok(i),
        None => Err(vm.raise_index_error("deque index out of range")),
    }
}

fn getitem<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, key: &V<M>) -> Res<V<M>> {
    let at = position(vm, v, key)?;
    Ok(deque(vm, v)?.item(at).unwrap_or_else(V::<M>::none))
}

fn setitem<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, key: &V<M>, value: Option<&V<M>>) -> Res<()> {
    let at = position(vm, v, key)?;
    let d = deque(vm, v)?;
    let old = match value {
        Some(x) => d
            .items
            .0
            .borrow_mut()
            .get_mut(at)
            .map(|place| std::mem::replace(place, x.clone())),
        None => {
            d.changed();
            d.items.0.borrow_mut().remove(at)
        }
    };
    drop(old);
    Ok(())
}

/// The first position of an equal element within bounds.
fn find<M: ObjectModel>(
    vm: &mut Vm<M>,
    v: &V<M>,
    wanted: &V<M>,
    start: usize,
    stop: usize,
) -> Res<Option<usize>> {
    let d = deque(vm, v)?;
    let changes = d.changes.get();
    let mut i = start;
    while i < stop {
        let Some(x) = d.item(i) else { break };
        let eq = match certain_eq::<M>(&x, wanted) {
            Some(eq) => eq,
            None => vm.holding(|vm| vm.is_equal(&x, wanted))?,
        };
        if d.changes.get() != changes {
            return Err(vm.raise(Exc::RuntimeError, "deque mutated during iteration"));
        }
        if eq {
            return Ok(Some(i));
        }
        i += 1;
    }
    Ok(None)
}

fn concat<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>) -> Res<V<M>> {
    let Some(right) = opaque::<M, Deque<M>>(b) else {
        let m = format!(
            "can only concatenate deque (not \"{}\") to deque",
            vm.type_name(b)
        );
        return Err(vm.raise_type_error(m));
    };
    let d = deque(vm, a)?;
    let mut items = d.items.0.borrow().clone();
    items.extend(right.items.0.borrow().iter().cloned());
    trim(&mut items, d.most.get());
    let class = vm.type_of(a);
    Ok(with_items(vm, &class, items, d.most.get()))
}

/// Drops elements from the left until the rest fits.
fn trim<T>(items: &mut VecDeque<T>, most: Option<usize>) {
    if let Some(most) = most
        && items.len() > most
    {
        drop(items.drain(..items.len() - most));
    }
}

fn repeated<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, n: isize) -> Res<VecDeque<V<M>>> {
    let d = deque(vm, v)?;
    let items: Vec<V<M>> = d.items.0.borrow().iter().cloned().collect();
    let mut n = n.max(0);
    if let Some(most) = d.most.get()
        && !items.is_empty()
    {
        // Further copies would fall out again.
        n = n.min((most / items.len() + 2) as isize);
    }
    let mut all: VecDeque<V<M>> = crate::types::sequence::repeated(vm, &items, n)?.into();
    trim(&mut all, d.most.get());
    Ok(all)
}

fn repeat<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, n: isize) -> Res<V<M>> {
    let all = repeated(vm, v, n)?;
    let most = deque(vm, v)?.most.get();
    let class = vm.type_of(v);
    Ok(with_items(vm, &class, all, most))
}

fn inplace_repeat<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, n: isize) -> Res<V<M>> {
    let all = repeated(vm, v, n)?;
    let d = deque(vm, v)?;
    let old = d.items.0.replace(all);
    d.changed();
    drop(old);
    Ok(v.clone())
}

fn extend_by<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, other: &V<M>, right: bool) -> Res<()> {
    let d = deque(vm, v)?;
    if other.is(v) {
        let items: Vec<V<M>> = d.items.0.borrow().iter().cloned().collect();
        items.into_iter().for_each(|x| d.push(x, right));
        return Ok(());
    }
    vm.for_each(other, |_, x| {
        d.push(x, right);
        Ok(())
    })
}

fn extend<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>, name: &str, right: bool) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [other] = rest.exact::<1>(vm, name)?;
    extend_by(vm, slf, other, right)?;
    Ok(V::<M>::none())
}

fn append<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [x] = rest.exact::<1>(vm, "append")?;
    deque(vm, slf)?.push(x.clone(), true);
    Ok(V::<M>::none())
}

fn appendleft<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [x] = rest.exact::<1>(vm, "appendleft")?;
    deque(vm, slf)?.push(x.clone(), false);
    Ok(V::<M>::none())
}

fn popped<M: ObjectModel>(vm: &mut Vm<M>, d: &Deque<M>, x: Option<V<M>>) -> Res<V<M>> {
    match x {
        Some(x) => {
            d.changed();
            Ok(x)
        }
        None => Err(vm.raise_index_error("pop from an empty deque")),
    }
}

fn pop<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "pop")?;
    let d = deque(vm, slf)?;
    let x = d.items.0.borrow_mut().pop_back();
    popped(vm, d, x)
}

fn popleft<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "popleft")?;
    let d = deque(vm, slf)?;
    let x = d.items.0.borrow_mut().pop_front();
    popped(vm, d, x)
}

fn insert<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [at, x] = rest.exact::<2>(vm, "insert")?;
    let at = vm.ssize_argument(at)?;
    let d = deque(vm, slf)?;
    let n = d.items.0.borrow().len();
    if d.most.get() == Some(n) {
        return Err(vm.raise_index_error("deque already at its maximum size"));
    }
    let len = n as i64;
    let at = if at < 0 {
        (at + len).max(0)
    } else {
        at.min(len)
    };
    d.items.0.borrow_mut().insert(at as usize, x.clone());
    d.changed();
    Ok(V::<M>::none())
}

fn remove<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [x] = rest.exact::<1>(vm, "remove")?;
    let d = deque(vm, slf)?;
    let changes = d.changes.get();
    let found = match find(vm, slf, x, 0, usize::MAX) {
        Err(e) if d.changes.get() != changes && vm.raised_is(Exc::RuntimeError) => {
            let _ = e;
            drop(vm.take_raised());
            return Err(vm.raise_index_error("deque mutated during remove()."));
        }
        found => found?,
    };
    match found {
        Some(at) => {
            let old = d.items.0.borrow_mut().remove(at);
            d.changed();
            drop(old);
            Ok(V::<M>::none())
        }
        None => Err(vm.raise_value_error("deque.remove(x): x not in deque")),
    }
}

fn index<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let a = rest.between(vm, "index", 1, 3)?;
    let n = deque(vm, slf)?.items.0.borrow().len() as i64;
    let mut bounds = [0, n];
    for (bound, v) in bounds.iter_mut().zip(&a[1..]) {
        let i = vm.slice_part(v)?.unwrap_or(*bound);
        *bound = if i < 0 { (i + n).max(0) } else { i.min(n) };
    }
    match find(vm, slf, &a[0], bounds[0] as usize, bounds[1] as usize)? {
        Some(i) => Ok(vm.new_usize(i)),
        None => {
            let m = format!("{} is not in deque", vm.repr_text(&a[0])?);
            Err(vm.raise_value_error(m))
        }
    }
}

fn count<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [x] = rest.exact::<1>(vm, "count")?;
    let (mut i, mut n) = (0, 0);
    while let Some(at) = find(vm, slf, x, i, usize::MAX)? {
        n += 1;
        i = at + 1;
    }
    Ok(vm.new_usize(n))
}

fn rotate<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let by = match rest.between(vm, "rotate", 0, 1)? {
        [] => 1,
        [n, ..] => vm.ssize_argument(n)?,
    };
    let d = deque(vm, slf)?;
    let mut items = d.items.0.borrow_mut();
    if items.len() > 1 {
        let n = by.rem_euclid(items.len() as i64) as usize;
        items.rotate_right(n);
        d.changed();
    }
    Ok(V::<M>::none())
}

fn reverse<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "reverse")?;
    deque(vm, slf)?
        .items
        .0
        .borrow_mut()
        .make_contiguous()
        .reverse();
    Ok(V::<M>::none())
}

fn clear<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "clear")?;
    deque(vm, slf)?.clear_items();
    Ok(V::<M>::none())
}

/// How to make it anew: class, a list and `maxlen`, attributes.
fn reduce<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "__reduce__")?;
    let d = deque(vm, slf)?;
    let items: Vec<V<M>> = d.items.0.borrow().iter().cloned().collect();
    let mut given = vec![vm.new_list(items)];
    if let Some(n) = d.most.get() {
        given.push(vm.new_usize(n));
    }
    let given = vm.new_tuple(given);
    let mut parts = vec![vm.type_of(slf), given];
    if slf.attrs().is_some() {
        parts.push(vm.get_attr_str(slf, "__dict__")?);
    }
    Ok(vm.new_tuple(parts))
}

fn copy<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>, name: &str) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, name)?;
    let d = deque(vm, slf)?;
    let class = vm.type_of(slf);
    // A subclass is made through its constructor.
    if vm.class_is_heap(slf.tag().class()) && slf.kind() == Kind::Opaque {
        let most = match d.most.get() {
            Some(n) => vm.new_usize(n),
            None => V::<M>::none(),
        };
        return vm.call_values(&class, &[slf.clone(), most]);
    }
    let items = d.items.0.borrow().clone();
    Ok(with_items(vm, &class, items, d.most.get()))
}
