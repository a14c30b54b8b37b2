//! `module`.

use crate::object::{ObjectModel, Trace, ValueCell};

/// Body of a module.
pub struct Module<M: ObjectModel> {
    /// `__dict__`.
    pub dict: ValueCell<M>,
}

impl<M: ObjectModel> Trace<M> for Module<M> {
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
