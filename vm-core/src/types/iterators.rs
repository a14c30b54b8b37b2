//! `enumerate`, `zip`, `map`, `filter`, `reversed`. CPython `Objects/enumobject.c`, `Python/bltinmodule.c`.

use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::slots::{Call, Next};
use crate::object::{Args, IntRef, Kind, ObjectModel, Res, Trace, V, Value, ValueCell};
use crate::types::list::List;
use crate::types::range::RangeIterator;
use crate::types::sequence_iterators::{ListIterator, ReverseIterator, TupleIterator, iter_self};
use crate::types::tuple::{Items, Tuple};
use std::cell::Cell;

/// Body of `enumerate`.
pub struct Enumerate<M: ObjectModel> {
    /// The iterator.
    pub iterator: ValueCell<M>,
    /// The next number, an int.
    pub count: ValueCell<M>,
}

impl<M: ObjectModel> Trace<M> for Enumerate<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.iterator.trace(visitor);
        self.count.trace(visitor);
    }
    fn clear(&self) {
        drop(self.iterator.take());
        drop(self.count.take());
    }
}

/// Body of `zip`.
pub struct Zip<M: ObjectModel> {
    /// The iterators.
    pub iterators: Box<[ValueCell<M>]>,
}

impl<M: ObjectModel> Trace<M> for Zip<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.iterators.iter().for_each(|it| it.trace(visitor));
    }
    fn clear(&self) {
        self.iterators.iter().for_each(|it| drop(it.take()));
    }
}

/// Body of `map`.
pub struct Map<M: ObjectModel> {
    /// The function.
    pub function: ValueCell<M>,
    /// The iterators.
    pub iterators: Box<[ValueCell<M>]>,
}

impl<M: ObjectModel> Trace<M> for Map<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.function.trace(visitor);
        self.iterators.iter().for_each(|it| it.trace(visitor));
    }
    fn clear(&self) {
        drop(self.function.take());
        self.iterators.iter().for_each(|it| drop(it.take()));
    }
}

/// Body of `filter`.
pub struct Filter<M: ObjectModel> {
    /// The function or None.
    pub function: ValueCell<M>,
    /// The iterator.
    pub iterator: ValueCell<M>,
}

impl<M: ObjectModel> Trace<M> for Filter<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.function.trace(visitor);
        self.iterator.trace(visitor);
    }
    fn clear(&self) {
        drop(self.function.take());
        drop(self.iterator.take());
    }
}

impl<M: ObjectModel> Enumerate<M> {
    /// The next pair, where the iterator is one over a list, tuple or range that has not ended. `None`: nothing was done.
    #[inline(always)]
    pub fn try_step(&self, vm: &mut Vm<M>) -> Option<V<M>> {
        let it = self.iterator.load_borrowed();
        let number = self.count.load_borrowed().small_int()?;
        let item = peek::<M>(vm, &it)?;
        let next = vm.try_int(number.checked_add(1)?)?;
        let pair = vm.try_alloc(|| Tuple {
            items: Items::<M>::from_buf_and_len([self.count.swap(next), item, V::<M>::null()], 2),
        })?;
        advance::<M>(&it);
        Some(pair)
    }
}

impl<M: ObjectModel> Zip<M> {
    /// The next tuple of two or three, where all iterators are as for [`Enumerate::try_step`], and no two the same.
    #[inline(always)]
    pub fn try_step(&self, vm: &mut Vm<M>) -> Option<V<M>> {
        let null = V::<M>::null;
        let (a, b, third) = match &*self.iterators {
            [a, b] => (a, b, None),
            [a, b, c] if a.bits() != c.bits() && b.bits() != c.bits() => (a, b, Some(c)),
            _ => return None,
        };
        if a.bits() == b.bits() {
            return None;
        }
        let x = peek::<M>(vm, &a.load_borrowed())?;
        let y = peek::<M>(vm, &b.load_borrowed())?;
        let z = match third {
            Some(c) => peek::<M>(vm, &c.load_borrowed())?,
            None => null(),
        };
        let length = self.iterators.len();
        let tuple = vm.try_alloc(|| Tuple {
            items: Items::<M>::from_buf_and_len([x, y, z], length),
        })?;
        for it in &self.iterators {
            advance::<M>(&it.load_borrowed());
        }
        Some(tuple)
    }
}

/// What an iterator over a list, tuple or range gives next; `None` at its end and for other iterators.
#[inline]
fn peek<M: ObjectModel>(vm: &mut Vm<M>, it: &V<M>) -> Option<V<M>> {
    if let Some(it) = it.get_exact::<ListIterator<M>>() {
        let list = it.sequence.load_borrowed();
        let items = list.get::<List<M>>()?.items.try_borrow().ok()?;
        return items.get(it.position.get()).cloned();
    }
    if let Some(it) = it.get_exact::<RangeIterator>() {
        return match it.left.get() {
            0 => None,
            _ => vm.try_int(it.next.get()),
        };
    }
    let it = it.get_exact::<TupleIterator<M>>()?;
    let tuple = it.sequence.load_borrowed();
    tuple
        .get::<Tuple<M>>()?
        .items
        .get(it.position.get())
        .cloned()
}

/// Steps over what [`peek`] has given.
#[inline]
fn advance<M: ObjectModel>(it: &V<M>) {
    if let Some(it) = it.get_exact::<ListIterator<M>>() {
        it.position.set(it.position.get() + 1);
    } else if let Some(it) = it.get_exact::<RangeIterator>() {
        it.left.set(it.left.get() - 1);
        it.next.set(it.next.get().wrapping_add(it.step));
    } else if let Some(it) = it.get_exact::<TupleIterator<M>>() {
        it.position.set(it.position.get() + 1);
    }
}

/// Fills the classes.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    let all: [(Kind, Call<M>, Next<M>); 4] = [
        (Kind::Enumerate, new_enumerate::<M>, next_of_enumerate::<M>),
        (Kind::Zip, new_zip::<M>, next_of_zip::<M>),
        (Kind::Map, new_map::<M>, next_of_map::<M>),
        (Kind::Filter, new_filter::<M>, next_of_filter::<M>),
    ];
    for (kind, new, next) in all {
        vm.fill_class(kind)
            .slots(|s| {
                s.new = Some(new);
                s.iter = Some(iter_self::<M>);
                s.iternext = Some(next);
            })
            .done();
    }
}

fn new_enumerate<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [iterable, start] = args.parse(vm, "enumerate", ["iterable", "start"], 1)?;
    let count = match start {
        Some(s) => vm.index(&s)?,
        None => vm.new_int(0),
    };
    let iterator = vm.iter(&iterable.unwrap_or_else(V::<M>::none))?;
    Ok(vm.alloc_as(
        class,
        Enumerate {
            iterator: ValueCell::new(iterator),
            count: ValueCell::new(count),
        },
    ))
}

fn next_of_enumerate<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let Some(e) = v.get::<Enumerate<M>>() else {
        return Ok(None);
    };
    let Some(x) = vm.next(&e.iterator.load_borrowed())? else {
        return Ok(None);
    };
    let count = e.count.load();
    let next = match count.as_int() {
        Some(IntRef::Small(i)) if i < i64::MAX => vm.new_int(i + 1),
        Some(i) => {
            let next = i.to_big() + 1;
            vm.new_big(next)
        }
        None => vm.new_int(0),
    };
    e.count.set(next);
    Ok(Some(vm.new_tuple([count, x])))
}

/// The iterators of several iterables; `failed` words the TypeError for the one that is none.
fn iterators_of<M: ObjectModel>(
    vm: &mut Vm<M>,
    iterables: &[V<M>],
    failed: Option<&str>,
) -> Res<Box<[ValueCell<M>]>> {
    vm.holding(|vm| {
        let mut out = Vec::with_capacity(iterables.len());
        for (i, x) in iterables.iter().enumerate() {
            match vm.iter(x) {
                Ok(it) => out.push(ValueCell::new(it)),
                Err(e) => match failed {
                    Some(name) if vm.raised_is(Exc::TypeError) => {
                        drop(vm.take_raised());
                        let m = format!("{name} argument #{} must support iteration", i + 1);
                        return Err(vm.raise_type_error(m));
                    }
                    _ => return Err(e),
                },
            }
        }
        Ok(out.into())
    })
}

/// TypeError for keyword arguments, unless a subclass is made (whose `__init__` may take them).
fn refuse_keywords<M: ObjectModel>(
    vm: &mut Vm<M>,
    class: &V<M>,
    kind: Kind,
    args: Args<'_, M>,
) -> Res<()> {
    if args.kw.is_empty() || !class.is(&vm.class_of_kind(kind)) {
        return Ok(());
    }
    let m = format!("{}() does not take keyword arguments", kind.class_name());
    Err(vm.raise_type_error(m))
}

fn new_zip<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    refuse_keywords(vm, class, Kind::Zip, args)?;
    let iterators = iterators_of(vm, args.pos, Some("zip"))?;
    Ok(vm.alloc_as(class, Zip { iterators }))
}

/// The next value of each iterator, or `None` when one has ended. The values are shown: call under [`Vm::showing`].
fn next_of_all<M: ObjectModel>(
    vm: &mut Vm<M>,
    iterators: &[ValueCell<M>],
) -> Res<Option<Items<M>>> {
    let mut out = Items::<M>::with_capacity(iterators.len());
    for it in iterators {
        match vm.next(&it.load_borrowed())? {
            Some(x) => {
                vm.show(&x);
                out.push(x);
            }
            None => return Ok(None),
        }
    }
    Ok(Some(out))
}

fn next_of_zip<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let Some(z) = v.get::<Zip<M>>() else {
        return Ok(None);
    };
    if z.iterators.is_empty() {
        return Ok(None);
    }
    if let Some(tuple) = z.try_step(vm) {
        return Ok(Some(tuple));
    }
    let next = vm.showing(|vm| {
        vm.show(v);
        next_of_all(vm, &z.iterators)
    })?;
    Ok(next.map(|items| vm.new_tuple(items)))
}

fn new_map<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    refuse_keywords(vm, class, Kind::Map, args)?;
    let [function, iterables @ ..] = args.pos else {
        return Err(vm.raise_type_error("map() must have at least two arguments."));
    };
    if iterables.is_empty() {
        return Err(vm.raise_type_error("map() must have at least two arguments."));
    }
    let iterators = iterators_of(vm, iterables, None)?;
    Ok(vm.alloc_as(
        class,
        Map {
            function: ValueCell::new(function.clone()),
            iterators,
        },
    ))
}

fn next_of_map<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let Some(m) = v.get::<Map<M>>() else {
        return Ok(None);
    };
    let function = m.function.load_borrowed();
    if let [it] = &*m.iterators {
        let Some(x) = vm.next(&it.load_borrowed())? else {
            return Ok(None);
        };
        return vm.call_values(&function, &[x]).map(Some);
    }
    vm.showing(|vm| {
        vm.show(v);
        match next_of_all(vm, &m.iterators)? {
            Some(items) => vm.call_values(&function, &items).map(Some),
            None => Ok(None),
        }
    })
}

fn new_filter<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    refuse_keywords(vm, class, Kind::Filter, args)?;
    let [function, iterable] = args.unpack::<2>(vm, "filter")?;
    let iterator = vm.iter(iterable)?;
    Ok(vm.alloc_as(
        class,
        Filter {
            function: ValueCell::new(function.clone()),
            iterator: ValueCell::new(iterator),
        },
    ))
}

fn next_of_filter<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let Some(f) = v.get::<Filter<M>>() else {
        return Ok(None);
    };
    let (function, iterator) = (f.function.load(), f.iterator.load());
    let by_truth = function.is_none() || function.is(&vm.class_of_kind(Kind::Bool));
    while let Some(x) = vm.next(&iterator)? {
        let good = vm.showing(|vm| {
            vm.show(v);
            vm.show(&x);
            if by_truth {
                return vm.is_true(&x);
            }
            let r = vm.call_values(&function, std::slice::from_ref(&x))?;
            vm.show(&r);
            vm.is_true(&r)
        })?;
        if good {
            return Ok(Some(x));
        }
    }
    Ok(None)
}

/// An iterator over `sequence` from its end; `of_list`: of the class that `list.__reversed__` gives.
pub fn new_reversed<M: ObjectModel>(
    vm: &mut Vm<M>,
    sequence: &V<M>,
    length: usize,
    of_list: bool,
) -> V<M> {
    let body = ReverseIterator {
        sequence: ValueCell::new(sequence.clone()),
        position: Cell::new(length),
    };
    match vm.native_class("list_reverseiterator") {
        Some(class) if of_list => vm.alloc_as(&class, body),
        _ => vm.alloc(body),
    }
}

/// `reversed(sequence)`.
pub fn new_reversed_of<M: ObjectModel>(
    vm: &mut Vm<M>,
    class: &V<M>,
    args: Args<'_, M>,
) -> Res<V<M>> {
    refuse_keywords(vm, class, Kind::ReverseIterator, args)?;
    let [sequence] = args.unpack::<1>(vm, "reversed")?;
    if let Some(r) = vm.call_special(sequence, "__reversed__", &[])? {
        return Ok(r);
    }
    let unordered = matches!(
        sequence.kind(),
        Kind::Dict | Kind::Set | Kind::FrozenSet | Kind::MappingProxy
    );
    if unordered || vm.slots(sequence).getitem.is_none() {
        return Err(vm.raise_type_error("argument to reversed() must be a sequence"));
    }
    let length = vm.len(sequence)?;
    Ok(vm.alloc_as(
        class,
        ReverseIterator {
            sequence: ValueCell::new(sequence.clone()),
            position: Cell::new(length),
        },
    ))
}
