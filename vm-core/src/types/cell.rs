//! `cell`: a variable shared by a function and its nested functions.

use crate::object::{ObjectModel, Trace, ValueCell};

/// Body of a cell.
pub struct CellObject<M: ObjectModel> {
    /// `cell_contents`, or absent.
    pub contents: ValueCell<M>,
}

impl<M: ObjectModel> Trace<M> for CellObject<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.contents.trace(visitor);
    }
    fn clear(&self) {
        drop(self.contents.take());
    }
}

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}
