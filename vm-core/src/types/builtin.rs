//! Native functions: module functions, bound native methods, and method descriptors.

use crate::object::{NativeFn, ObjectModel, Trace, V, ValueCell, Visitor};

/// A native function; with a receiver, a bound native method.
pub struct Builtin<M: ObjectModel> {
    /// `__name__`.
    pub name: &'static str,
    /// The code.
    pub function: NativeFn<M>,
    /// `__self__`: put before the arguments unless absent. A module for module functions is in `module`.
    pub receiver: V<M>,
    /// The class that defines the method, for `__qualname__`; or absent.
    pub owner: V<M>,
    /// `__module__`, or absent.
    pub module: ValueCell<M>,
    /// Docstring.
    pub doc: &'static str,
}

impl<M: ObjectModel> Trace<M> for Builtin<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.receiver);
        visitor.visit(&self.owner);
        self.module.trace(visitor);
    }
    fn clear(&self) {
        drop(self.module.take());
    }
}

/// A native method in the dict of its class.
pub struct MethodDescriptor<M: ObjectModel> {
    /// `__name__`.
    pub name: &'static str,
    /// The code; the receiver is the first argument.
    pub function: NativeFn<M>,
    /// `__objclass__`.
    pub owner: V<M>,
    /// Docstring.
    pub doc: &'static str,
}

impl<M: ObjectModel> Trace<M> for MethodDescriptor<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.owner);
    }
}

/// A native class method in the dict of its class (`dict.fromkeys`).
pub struct ClassMethodDescriptor<M: ObjectModel> {
    /// `__name__`.
    pub name: &'static str,
    /// The code; the class is the first argument.
    pub function: NativeFn<M>,
    /// `__objclass__`.
    pub owner: V<M>,
    /// Docstring.
    pub doc: &'static str,
}

impl<M: ObjectModel> Trace<M> for ClassMethodDescriptor<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.owner);
    }
}

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}
