//! Iterator over a set.

use crate::object::{ObjectModel, Trace, ValueCell};
use std::cell::Cell;

/// Body of a `set_iterator`.
pub struct SetIterator<M: ObjectModel> {
    /// The set; absent once exhausted.
    pub set: ValueCell<M>,
    /// Next position in the table.
    pub position: Cell<usize>,
    /// The length at the start; another one raises RuntimeError.
    pub length: usize,
}

impl<M: ObjectModel> Trace<M> for SetIterator<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.set.trace(visitor);
    }
    fn clear(&self) {
        drop(self.set.take());
    }
}

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}
