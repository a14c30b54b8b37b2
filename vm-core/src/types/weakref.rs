//! Weak references.

use crate::object::{ObjectModel, Trace, ValueCell};
use std::cell::Cell;

/// Body of a `weakref`.
pub struct Weakref<M: ObjectModel> {
    /// The heap's token of the target.
    pub token: u64,
    /// Callback, or absent.
    pub callback: ValueCell<M>,
    /// Hash of the target, once taken.
    pub hash: Cell<Option<i64>>,
}

impl<M: ObjectModel> Trace<M> for Weakref<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.callback.trace(visitor);
    }
    fn clear(&self) {
        drop(self.callback.take());
    }
}

/// The weak references that exist, by target.
#[derive(Debug, Default)]
pub struct Registry {
    /// Token of a target: tokens of its reference objects that have a callback, oldest first.
    callbacks: rustc_hash::FxHashMap<u64, Vec<u64>>,
}

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}
