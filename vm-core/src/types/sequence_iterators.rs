//! Iterators over lists, tuples, strings, bytes, and objects with `__getitem__`; `iter(callable, sentinel)`.
//!
//! An exhausted iterator lets its sequence go and stays exhausted, whatever
//! happens to the sequence. CPython `Objects/iterobject.c`.

use crate::Vm;
use crate::machine::errors::Exc;
use crate::machine::reclaim::Holds;
use crate::object::slots::Next;
use crate::object::{Args, ClassId, Kind, ObjectModel, Raised, Res, Trace, V, Value, ValueCell};
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::class::builder::NativeClass;
use crate::types::list::List;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use std::cell::Cell;

// SAFETY: a position needs no drop; the class is built in and cannot be derived from.
unsafe impl<M: ObjectModel> Holds<M> for ListIterator<M> {
    #[inline(always)]
    fn held(&self) -> &ValueCell<M> {
        &self.sequence
    }
}

/// Iterator over a list.
pub struct ListIterator<M: ObjectModel> {
    /// What is iterated; absent once exhausted.
    pub sequence: ValueCell<M>,
    /// The next index (for `str`: byte offset).
    pub position: Cell<usize>,
}

impl<M: ObjectModel> Trace<M> for ListIterator<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.sequence.trace(visitor);
    }
    fn clear(&self) {
        drop(self.sequence.take());
    }
}

// SAFETY: a position needs no drop; the class is built in and cannot be derived from.
unsafe impl<M: ObjectModel> Holds<M> for TupleIterator<M> {
    #[inline(always)]
    fn held(&self) -> &ValueCell<M> {
        &self.sequence
    }
}

/// Iterator over a tuple.
pub struct TupleIterator<M: ObjectModel> {
    /// What is iterated; absent once exhausted.
    pub sequence: ValueCell<M>,
    /// The next index (for `str`: byte offset).
    pub position: Cell<usize>,
}

impl<M: ObjectModel> Trace<M> for TupleIterator<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.sequence.trace(visitor);
    }
    fn clear(&self) {
        drop(self.sequence.take());
    }
}

// SAFETY: a position needs no drop; the class is built in and cannot be derived from.
unsafe impl<M: ObjectModel> Holds<M> for StrIterator<M> {
    #[inline(always)]
    fn held(&self) -> &ValueCell<M> {
        &self.sequence
    }
}

/// Iterator over a str.
pub struct StrIterator<M: ObjectModel> {
    /// What is iterated; absent once exhausted.
    pub sequence: ValueCell<M>,
    /// The next index (for `str`: byte offset).
    pub position: Cell<usize>,
}

impl<M: ObjectModel> Trace<M> for StrIterator<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.sequence.trace(visitor);
    }
    fn clear(&self) {
        drop(self.sequence.take());
    }
}

/// Iterator over bytes or bytearray.
pub struct BytesIterator<M: ObjectModel> {
    /// What is iterated; absent once exhausted.
    pub sequence: ValueCell<M>,
    /// The next index (for `str`: byte offset).
    pub position: Cell<usize>,
}

impl<M: ObjectModel> Trace<M> for BytesIterator<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.sequence.trace(visitor);
    }
    fn clear(&self) {
        drop(self.sequence.take());
    }
}

/// Iterator through `__getitem__` with 0, 1, 2 ...
pub struct SequenceIterator<M: ObjectModel> {
    /// What is iterated; absent once exhausted.
    pub sequence: ValueCell<M>,
    /// The next index (for `str`: byte offset).
    pub position: Cell<usize>,
}

impl<M: ObjectModel> Trace<M> for SequenceIterator<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.sequence.trace(visitor);
    }
    fn clear(&self) {
        drop(self.sequence.take());
    }
}

/// `reversed` over a sequence; `position` is one past the next index.
pub struct ReverseIterator<M: ObjectModel> {
    /// What is iterated; absent once exhausted.
    pub sequence: ValueCell<M>,
    /// The next index (for `str`: byte offset).
    pub position: Cell<usize>,
}

impl<M: ObjectModel> Trace<M> for ReverseIterator<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.sequence.trace(visitor);
    }
    fn clear(&self) {
        drop(self.sequence.take());
    }
}

/// `iter(callable, sentinel)`.
pub struct CallableIterator<M: ObjectModel> {
    /// What is called; absent once exhausted.
    pub callable: ValueCell<M>,
    /// The value that ends the iteration.
    pub sentinel: ValueCell<M>,
}

impl<M: ObjectModel> Trace<M> for CallableIterator<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.callable.trace(visitor);
        self.sentinel.trace(visitor);
    }
    fn clear(&self) {
        drop(self.callable.take());
        drop(self.sentinel.take());
    }
}

/// `iter(iterator)`: every iterator is its own.
pub fn iter_self<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(v.clone())
}

/// Fills the classes.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    let steps: [(Kind, Next<M>); 7] = [
        (Kind::ListIterator, next_of_list::<M>),
        (Kind::TupleIterator, next_of_tuple::<M>),
        (Kind::StrIterator, next_of_str::<M>),
        (Kind::BytesIterator, next_of_bytes::<M>),
        (Kind::SequenceIterator, next_by_getitem::<M>),
        (Kind::CallableIterator, next_by_call::<M>),
        (Kind::ReverseIterator, next_reversed::<M>),
    ];
    for (kind, step) in steps {
        let class = vm.fill_class(kind).slots(|s| {
            s.iter = Some(iter_self::<M>);
            s.iternext = Some(step);
            if kind == Kind::ReverseIterator {
                s.new = Some(super::iterators::new_reversed_of::<M>);
            }
        });
        match kind {
            Kind::CallableIterator => class.done(),
            _ => class.method("__length_hint__", length_hint::<M>).done(),
        };
    }
    // `list.__reversed__` has a class of its own with the same body.
    vm.new_native_class(NativeClass {
        name: "list_reverseiterator",
        kind: Kind::ReverseIterator,
        base: ClassId(Kind::Instance as u32),
        has_attrs: false,
        is_base: false,
    })
    .slots(|s| {
        s.iter = Some(iter_self::<M>);
        s.iternext = Some(next_reversed::<M>);
    })
    .method("__length_hint__", length_hint::<M>)
    .done();
}

fn next_of_list<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let Some(it) = v.get::<ListIterator<M>>() else {
        return Ok(None);
    };
    let i = it.position.get();
    let list = it.sequence.load_borrowed();
    let next = list
        .get::<List<M>>()
        .and_then(|l| l.items.borrow().get(i).cloned());
    match next {
        Some(_) => it.position.set(i + 1),
        None => drop(it.sequence.take()),
    }
    Ok(next)
}

fn next_of_tuple<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let Some(it) = v.get::<TupleIterator<M>>() else {
        return Ok(None);
    };
    let i = it.position.get();
    let tuple = it.sequence.load_borrowed();
    let next = tuple
        .get::<Tuple<M>>()
        .and_then(|t| t.items.get(i).cloned());
    match next {
        Some(_) => it.position.set(i + 1),
        None => drop(it.sequence.take()),
    }
    Ok(next)
}

/// The number of bytes of the WTF-8 sequence that begins with `lead`.
fn sequence_width(lead: u8) -> usize {
    match lead {
        0..0x80 => 1,
        0x80..0xE0 => 2,
        0xE0..0xF0 => 3,
        _ => 4,
    }
}

fn next_of_str<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let Some(it) = v.get::<StrIterator<M>>() else {
        return Ok(None);
    };
    let at = it.position.get();
    let text = it.sequence.load();
    let Some(s) = text.get::<Str>() else {
        return Ok(None);
    };
    let Some(&lead) = s.text_bytes().get(at) else {
        drop(it.sequence.take());
        return Ok(None);
    };
    let width = sequence_width(lead);
    it.position.set(at + width);
    if width == 1
        && let Some(c) = vm.interp.once.characters.get(lead as usize)
    {
        return Ok(Some(c.clone()));
    }
    Ok(Some(vm.new_piece(&s.text()[at..at + width])))
}

fn next_of_bytes<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let Some(it) = v.get::<BytesIterator<M>>() else {
        return Ok(None);
    };
    let i = it.position.get();
    let source = it.sequence.load();
    let byte = match source.get::<Bytes>() {
        Some(b) => b.data.get(i).copied(),
        None => source
            .get::<ByteArray>()
            .and_then(|b| b.data.borrow().get(i).copied()),
    };
    match byte {
        Some(b) => {
            it.position.set(i + 1);
            Ok(Some(vm.new_int(i64::from(b))))
        }
        None => {
            drop(it.sequence.take());
            Ok(None)
        }
    }
}

/// The end of an iteration through `__getitem__`: IndexError and StopIteration are dropped.
fn end_of_items<M: ObjectModel>(vm: &mut Vm<M>, sequence: &ValueCell<M>) -> Res<Option<V<M>>> {
    if vm.raised_is(Exc::IndexError) || vm.raised_is(Exc::StopIteration) {
        drop(vm.take_raised());
        drop(sequence.take());
        return Ok(None);
    }
    Err(Raised)
}

fn next_by_getitem<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let Some(it) = v.get::<SequenceIterator<M>>() else {
        return Ok(None);
    };
    let Some(sequence) = it.sequence.get() else {
        return Ok(None);
    };
    let i = it.position.get();
    let key = vm.new_usize(i);
    match vm.get_item(&sequence, &key) {
        Ok(x) => {
            it.position.set(i + 1);
            Ok(Some(x))
        }
        Err(_) => end_of_items(vm, &it.sequence),
    }
}

fn next_by_call<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let Some(it) = v.get::<CallableIterator<M>>() else {
        return Ok(None);
    };
    let Some(callable) = it.callable.get() else {
        return Ok(None);
    };
    let sentinel = it.sentinel.load();
    match vm.call_values(&callable, &[]) {
        Ok(x) => {
            if !vm.holding(|vm| vm.is_equal(&x, &sentinel))? {
                return Ok(Some(x));
            }
        }
        Err(_) => vm.swallow(Exc::StopIteration)?,
    }
    drop(it.callable.take());
    drop(it.sentinel.take());
    Ok(None)
}

fn next_reversed<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let Some(it) = v.get::<ReverseIterator<M>>() else {
        return Ok(None);
    };
    let Some(sequence) = it.sequence.get() else {
        return Ok(None);
    };
    let Some(i) = it.position.get().checked_sub(1) else {
        drop(it.sequence.take());
        return Ok(None);
    };
    it.position.set(i);
    if sequence.get_exact::<List<M>>().is_some() || sequence.get_exact::<Tuple<M>>().is_some() {
        let next = super::sequence::item::<M>(&sequence, i);
        if next.is_none() {
            drop(it.sequence.take());
        }
        return Ok(next);
    }
    let key = vm.new_usize(i);
    match vm.get_item(&sequence, &key) {
        Ok(x) => Ok(Some(x)),
        Err(_) => end_of_items(vm, &it.sequence),
    }
}

/// `__length_hint__`: what is left.
fn length_hint<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "__length_hint__")?;
    if let Some(r) = slf.get::<ReverseIterator<M>>() {
        let left = match r.sequence.get() {
            Some(s) if vm.len(&s)? >= r.position.get() => r.position.get(),
            _ => 0,
        };
        return Ok(vm.new_usize(left));
    }
    let (sequence, position) = match slf.kind() {
        Kind::ListIterator => slf
            .get::<ListIterator<M>>()
            .map(|i| (&i.sequence, &i.position)),
        Kind::TupleIterator => slf
            .get::<TupleIterator<M>>()
            .map(|i| (&i.sequence, &i.position)),
        Kind::StrIterator => slf
            .get::<StrIterator<M>>()
            .map(|i| (&i.sequence, &i.position)),
        Kind::BytesIterator => slf
            .get::<BytesIterator<M>>()
            .map(|i| (&i.sequence, &i.position)),
        _ => slf
            .get::<SequenceIterator<M>>()
            .map(|i| (&i.sequence, &i.position)),
    }
    .and_then(|(s, p)| Some((s.get()?, p.get())))
    .unzip();
    let (Some(sequence), Some(position)) = (sequence, position) else {
        return Ok(vm.new_int(0));
    };
    let left = match sequence.get::<Str>() {
        Some(s) => s.text()[position..].code_points().count(),
        None => vm.len(&sequence)?.saturating_sub(position),
    };
    Ok(vm.new_usize(left))
}
