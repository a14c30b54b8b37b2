//! `property`, `classmethod`, `staticmethod`.

use crate::object::{ObjectModel, Trace, ValueCell};

/// Body of a `property`.
pub struct Property<M: ObjectModel> {
    /// `fget` or absent.
    pub get: ValueCell<M>,
    /// `fset` or absent.
    pub set: ValueCell<M>,
    /// `fdel` or absent.
    pub delete: ValueCell<M>,
    /// `__doc__` or absent.
    pub doc: ValueCell<M>,
}

impl<M: ObjectModel> Trace<M> for Property<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.get.trace(visitor);
        self.set.trace(visitor);
        self.delete.trace(visitor);
        self.doc.trace(visitor);
    }
    fn clear(&self) {
        drop(self.get.take());
        drop(self.set.take());
        drop(self.delete.take());
        drop(self.doc.take());
    }
}

/// Body of a `classmethod`.
pub struct ClassMethod<M: ObjectModel> {
    /// `__func__`.
    pub callable: ValueCell<M>,
    /// `__dict__`, once used.
    pub dict: ValueCell<M>,
}

impl<M: ObjectModel> Trace<M> for ClassMethod<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.callable.trace(visitor);
        self.dict.trace(visitor);
    }
    fn clear(&self) {
        drop(self.callable.take());
        drop(self.dict.take());
    }
}

/// Body of a `staticmethod`.
pub struct StaticMethod<M: ObjectModel> {
    /// `__func__`.
    pub callable: ValueCell<M>,
    /// `__dict__`, once used.
    pub dict: ValueCell<M>,
}

impl<M: ObjectModel> Trace<M> for StaticMethod<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.callable.trace(visitor);
        self.dict.trace(visitor);
    }
    fn clear(&self) {
        drop(self.callable.take());
        drop(self.dict.take());
    }
}

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}
