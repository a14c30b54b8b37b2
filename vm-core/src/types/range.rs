//! `range`: an arithmetic progression; a second body holds the bounds that do not fit 64 bits.

use crate::object::{ObjectModel, Trace, V, Visitor};
use std::cell::Cell;

/// Body of a `range` whose bounds and length fit 64 bits.
pub struct Range {
    /// First value.
    pub start: i64,
    /// Bound, not included.
    pub stop: i64,
    /// Step, not zero.
    pub step: i64,
}

/// Body of a `range` of big integers.
pub struct BigRange<M: ObjectModel> {
    /// First value, an int.
    pub start: V<M>,
    /// Bound, an int.
    pub stop: V<M>,
    /// Step, an int.
    pub step: V<M>,
    /// Number of values, an int.
    pub length: V<M>,
}

impl<M: ObjectModel> Trace<M> for BigRange<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.start);
        visitor.visit(&self.stop);
        visitor.visit(&self.step);
        visitor.visit(&self.length);
    }
}

/// Iterator over a [`Range`].
pub struct RangeIterator {
    /// The next value.
    pub next: Cell<i64>,
    /// Distance between values.
    pub step: i64,
    /// Values left.
    pub left: Cell<u64>,
}

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}
