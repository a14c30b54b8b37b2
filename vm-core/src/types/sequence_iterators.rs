//! Iterators over lists, tuples, strings, bytes, and objects with `__getitem__`.

use crate::object::{ObjectModel, Trace, ValueCell};
use std::cell::Cell;

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

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}
