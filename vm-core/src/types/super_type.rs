//! `super`.

use crate::object::{ObjectModel, Trace, ValueCell};

/// Body of a `super` object.
pub struct Super<M: ObjectModel> {
    /// `__thisclass__`.
    pub class: ValueCell<M>,
    /// `__self__`, or absent.
    pub object: ValueCell<M>,
    /// `__self_class__`, or absent.
    pub object_class: ValueCell<M>,
}

impl<M: ObjectModel> Trace<M> for Super<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.class.trace(visitor);
        self.object.trace(visitor);
        self.object_class.trace(visitor);
    }
    fn clear(&self) {
        drop(self.class.take());
        drop(self.object.take());
        drop(self.object_class.take());
    }
}

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}
