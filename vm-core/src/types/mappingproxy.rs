//! `mappingproxy`: a read-only view of a mapping.

use crate::object::{ObjectModel, Trace, V, Visitor};

/// Body of a `mappingproxy`.
pub struct MappingProxy<M: ObjectModel> {
    /// The mapping, for classes their dict object.
    pub mapping: V<M>,
}

impl<M: ObjectModel> Trace<M> for MappingProxy<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.mapping);
    }
}

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}
