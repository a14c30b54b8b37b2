//! `set` and `frozenset`: hash tables without values.

use crate::object::{ObjectModel, Trace};
use crate::types::table::Table;
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

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}
