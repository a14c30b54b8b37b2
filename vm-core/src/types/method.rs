//! Bound methods.

use crate::object::{ObjectModel, Trace, V, Visitor};

/// A function bound to its receiver.
pub struct Method<M: ObjectModel> {
    /// The callable.
    pub function: V<M>,
    /// `__self__`.
    pub receiver: V<M>,
}

impl<M: ObjectModel> Trace<M> for Method<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.function);
        visitor.visit(&self.receiver);
    }
}

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}
