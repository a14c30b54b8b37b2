//! `type`: classes, their attribute lookup and their slots.
//!
//! A class's slots stand in the interpreter's class table ([`crate::machine::vm::ClassEntry`]),
//! one indexed load from an object's header.
//!
//! - [`lookup`]: MRO lookup with the method cache; the default `getattr` and `setattr`.
//! - [`build`]: making classes (`type(name, bases, dict)`), layouts, C3.
//! - [`mro`]: the order of bases; [`layout`]: which bases and classes fit together.
//! - [`slot_dispatch`]: slots that call special methods; [`slot_update`]: which slot gets what.
//! - [`methods`]: what `type` objects themselves offer.

pub mod build;
pub mod builder;
pub mod layout;
pub mod lookup;
pub mod methods;
pub mod mro;
pub mod slot_dispatch;
pub mod slot_update;

use crate::machine::construct::Constructor;
use crate::object::shape::ShapeRef;
use crate::object::{ClassId, Kind, ObjectModel, Trace, V, ValueCell, Visitor};
use std::cell::{Cell, RefCell};

/// Body of a class.
pub struct Type<M: ObjectModel> {
    /// Index in the class table, and what instances' headers hold.
    pub id: ClassId,
    /// `__name__`, a str.
    pub name: ValueCell<M>,
    /// `__qualname__`, a str.
    pub qualname: ValueCell<M>,
    /// `__bases__`, a tuple.
    pub bases: ValueCell<M>,
    /// `__base__`: the base that gives the layout; absent for `object`.
    pub base: ValueCell<M>,
    /// `__mro__`, a tuple of classes, this one first.
    pub mro: ValueCell<M>,
    /// `__dict__`, a dict object. Changed through [`methods::set_type_attr`] only.
    pub dict: V<M>,
    /// Layout of instances.
    pub instance_kind: Kind,
    /// Instances have an attribute store behind the body (or are one: [`Kind::Instance`]).
    pub has_attrs: bool,
    /// Made by a `class` statement or `type()`, so its attributes can be assigned.
    pub is_heap: bool,
    /// Can be a base class.
    pub is_base: bool,
    /// `__abstractmethods__` was set to something true: no instances.
    pub is_abstract: Cell<bool>,
    /// Shape of a new instance; present where `has_attrs`.
    pub root_shape: Cell<Option<ShapeRef<M>>>,
    /// Changes with the class's attributes or its bases'; what caches of class attributes compare.
    pub version: Cell<u64>,
    /// What a call of the class needs.
    pub constructor: Cell<Constructor>,
    /// Direct subclasses' ids.
    pub subclasses: RefCell<Vec<ClassId>>,
    /// Docstring of a native class.
    pub doc: &'static str,
    /// Number of `__slots__` members, inherited ones included.
    pub reserved: usize,
}

impl<M: ObjectModel> Trace<M> for Type<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        for c in [
            &self.name,
            &self.qualname,
            &self.bases,
            &self.base,
            &self.mro,
        ] {
            c.trace(visitor);
        }
        visitor.visit(&self.dict);
    }

    fn clear(&self) {
        drop(self.mro.take());
        drop(self.bases.take());
        drop(self.base.take());
    }
}
