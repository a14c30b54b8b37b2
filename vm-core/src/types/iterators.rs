//! `enumerate`, `zip`, `map`, `filter`.

use crate::object::{ObjectModel, Trace, V, ValueCell, Visitor};
use std::cell::RefCell;

/// Body of `enumerate`.
pub struct Enumerate<M: ObjectModel> {
    /// The iterator.
    pub iterator: ValueCell<M>,
    /// The next number, an int.
    pub count: ValueCell<M>,
}

impl<M: ObjectModel> Trace<M> for Enumerate<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.iterator.trace(visitor);
        self.count.trace(visitor);
    }
    fn clear(&self) {
        drop(self.iterator.take());
        drop(self.count.take());
    }
}

/// Body of `zip`.
pub struct Zip<M: ObjectModel> {
    /// The iterators.
    pub iterators: RefCell<Vec<V<M>>>,
}

impl<M: ObjectModel> Trace<M> for Zip<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        for v in self.iterators.borrow().iter() {
            visitor.visit(v);
        }
    }
    fn clear(&self) {
        let old = std::mem::take(&mut *self.iterators.borrow_mut());
        drop(old);
    }
}

/// Body of `map`.
pub struct Map<M: ObjectModel> {
    /// The function.
    pub function: ValueCell<M>,
    /// The iterators.
    pub iterators: RefCell<Vec<V<M>>>,
}

impl<M: ObjectModel> Trace<M> for Map<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.function.trace(visitor);
        for v in self.iterators.borrow().iter() {
            visitor.visit(v);
        }
    }
    fn clear(&self) {
        drop(self.function.take());
        let old = std::mem::take(&mut *self.iterators.borrow_mut());
        drop(old);
    }
}

/// Body of `filter`.
pub struct Filter<M: ObjectModel> {
    /// The function or None.
    pub function: ValueCell<M>,
    /// The iterator.
    pub iterator: ValueCell<M>,
}

impl<M: ObjectModel> Trace<M> for Filter<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.function.trace(visitor);
        self.iterator.trace(visitor);
    }
    fn clear(&self) {
        drop(self.function.take());
        drop(self.iterator.take());
    }
}

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}
