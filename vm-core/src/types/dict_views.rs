//! Views of a `dict` and their iterators.

use crate::object::{ObjectModel, Trace, V, ValueCell, Visitor};
use std::cell::Cell;

/// Body of `dict_keys`.
pub struct DictKeys<M: ObjectModel> {
    /// The dict.
    pub dict: V<M>,
}

impl<M: ObjectModel> Trace<M> for DictKeys<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.dict);
    }
}

/// Body of `dict_values`.
pub struct DictValues<M: ObjectModel> {
    /// The dict.
    pub dict: V<M>,
}

impl<M: ObjectModel> Trace<M> for DictValues<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.dict);
    }
}

/// Body of `dict_items`.
pub struct DictItems<M: ObjectModel> {
    /// The dict.
    pub dict: V<M>,
}

impl<M: ObjectModel> Trace<M> for DictItems<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.dict);
    }
}

/// Iterator over the keys of a dict.
pub struct DictKeyIterator<M: ObjectModel> {
    /// The dict; absent once exhausted.
    pub dict: ValueCell<M>,
    /// Next position in the table.
    pub position: Cell<usize>,
    /// The length at the start; another one raises RuntimeError.
    pub length: usize,
}

impl<M: ObjectModel> Trace<M> for DictKeyIterator<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.dict.trace(visitor);
    }
    fn clear(&self) {
        drop(self.dict.take());
    }
}

/// Iterator over the values of a dict.
pub struct DictValueIterator<M: ObjectModel> {
    /// The dict; absent once exhausted.
    pub dict: ValueCell<M>,
    /// Next position in the table.
    pub position: Cell<usize>,
    /// The length at the start; another one raises RuntimeError.
    pub length: usize,
}

impl<M: ObjectModel> Trace<M> for DictValueIterator<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.dict.trace(visitor);
    }
    fn clear(&self) {
        drop(self.dict.take());
    }
}

/// Iterator over the items of a dict.
pub struct DictItemIterator<M: ObjectModel> {
    /// The dict; absent once exhausted.
    pub dict: ValueCell<M>,
    /// Next position in the table.
    pub position: Cell<usize>,
    /// The length at the start; another one raises RuntimeError.
    pub length: usize,
}

impl<M: ObjectModel> Trace<M> for DictItemIterator<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.dict.trace(visitor);
    }
    fn clear(&self) {
        drop(self.dict.take());
    }
}

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}
