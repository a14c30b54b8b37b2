//! `slice`.

use crate::object::{ObjectModel, Trace, V, Visitor};

/// Body of a `slice`.
pub struct Slice<M: ObjectModel> {
    /// Start or None.
    pub start: V<M>,
    /// Stop or None.
    pub stop: V<M>,
    /// Step or None.
    pub step: V<M>,
}

impl<M: ObjectModel> Trace<M> for Slice<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.start);
        visitor.visit(&self.stop);
        visitor.visit(&self.step);
    }
}

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}
