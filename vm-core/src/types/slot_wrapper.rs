//! Special methods of built-in types as Python sees them: `int.__add__`, `[].__len__`.

use crate::object::{ObjectModel, Slot, Trace, V, Visitor, slots::SlotFn, slots::Wrap};

/// A slot as an unbound method.
pub struct SlotWrapper<M: ObjectModel> {
    /// `__name__`.
    pub name: &'static str,
    /// Which slot.
    pub slot: Slot,
    /// How the arguments map to it.
    pub wrap: Wrap,
    /// The native function.
    pub function: SlotFn<M>,
    /// `__objclass__`.
    pub owner: V<M>,
}

impl<M: ObjectModel> Trace<M> for SlotWrapper<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.owner);
    }
}

/// A slot wrapper bound to its receiver.
pub struct MethodWrapper<M: ObjectModel> {
    /// The `SlotWrapper`.
    pub wrapper: V<M>,
    /// `__self__`.
    pub receiver: V<M>,
}

impl<M: ObjectModel> Trace<M> for MethodWrapper<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.wrapper);
        visitor.visit(&self.receiver);
    }
}

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}
