//! `tuple`: a fixed sequence.

use crate::object::{ObjectModel, Trace, V, Visitor};

/// Body of a `tuple`.
pub struct Tuple<M: ObjectModel> {
    /// The items.
    pub items: Box<[V<M>]>,
}

impl<M: ObjectModel> Trace<M> for Tuple<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        for v in self.items.iter() {
            visitor.visit(v);
        }
    }
}

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}
