//! `traceback`.

use crate::object::{ObjectModel, Trace, ValueCell};

/// One entry of a traceback.
pub struct Traceback<M: ObjectModel> {
    /// `tb_next`, or absent.
    pub next: ValueCell<M>,
    /// `tb_frame`.
    pub frame: ValueCell<M>,
    /// `tb_lasti`, a bytecode offset.
    pub lasti: u32,
    /// `tb_lineno`.
    pub lineno: u32,
}

impl<M: ObjectModel> Trace<M> for Traceback<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.next.trace(visitor);
        self.frame.trace(visitor);
    }
    fn clear(&self) {
        drop(self.next.take());
        drop(self.frame.take());
    }
}

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}
