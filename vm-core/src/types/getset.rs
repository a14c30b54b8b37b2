//! Computed attributes of native types, and the members that `__slots__` makes.

use crate::Vm;
use crate::object::Res;
use crate::object::{ObjectModel, Trace, V, Visitor};

/// A computed attribute.
pub struct GetSet<M: ObjectModel> {
    /// `__name__`.
    pub name: &'static str,
    /// Reads it.
    pub get: fn(&mut Vm<M>, &V<M>) -> Res<V<M>>,
    /// Writes or deletes it; none: read-only.
    pub set: Option<fn(&mut Vm<M>, &V<M>, Option<&V<M>>) -> Res<()>>,
    /// `__objclass__`.
    pub owner: V<M>,
}

impl<M: ObjectModel> Trace<M> for GetSet<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.owner);
    }
}

/// An attribute that `__slots__` made.
pub struct Member<M: ObjectModel> {
    /// The name, a str.
    pub name: V<M>,
    /// Index into the instance store.
    pub slot: usize,
    /// `__objclass__`.
    pub owner: V<M>,
}

impl<M: ObjectModel> Trace<M> for Member<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.name);
        visitor.visit(&self.owner);
    }
}

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}
