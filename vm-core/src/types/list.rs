//! `list`: a growable sequence.

use crate::object::{ObjectModel, Trace, V, Visitor};
use std::cell::RefCell;

/// Body of a `list`.
pub struct List<M: ObjectModel> {
    /// The items. Never hold a borrow across a call into the machine.
    pub items: RefCell<Vec<V<M>>>,
}

impl<M: ObjectModel> Trace<M> for List<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        for v in self.items.borrow().iter() {
            visitor.visit(v);
        }
    }
    fn clear(&self) {
        let old = std::mem::take(&mut *self.items.borrow_mut());
        drop(old);
    }
}

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}
