//! Exceptions: one body for all of them.
//!
//! Every exception object is extended: attributes set by programs, and the
//! special ones of `OSError`, `SyntaxError`, `StopIteration` ... (`errno`,
//! `lineno`, `value`), stand in its attribute store.

use crate::object::{ObjectModel, Trace, ValueCell};
use std::cell::Cell;

/// Body of an exception.
pub struct Exception<M: ObjectModel> {
    /// `args`, a tuple.
    pub args: ValueCell<M>,
    /// `__cause__`, or absent.
    pub cause: ValueCell<M>,
    /// `__context__`, or absent.
    pub context: ValueCell<M>,
    /// `__traceback__`, or absent.
    pub traceback: ValueCell<M>,
    /// `__suppress_context__`.
    pub suppress_context: Cell<bool>,
}

impl<M: ObjectModel> Trace<M> for Exception<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        for c in [&self.args, &self.cause, &self.context, &self.traceback] {
            c.trace(visitor);
        }
    }

    fn clear(&self) {
        drop(self.cause.take());
        drop(self.context.take());
        drop(self.traceback.take());
    }
}

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}
