//! `dict`: an insertion-ordered hash table.

use crate::object::{ObjectModel, Trace};
use crate::types::table::Table;

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
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}
