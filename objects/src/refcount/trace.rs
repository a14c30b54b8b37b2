//! The receiver of edges. A count alone decides here; cycles stay until the heap is dropped.

use super::Refcount;
use super::value::RcValue;
use crate::repr::Repr;
use ceval_vm_core::Vm;
use ceval_vm_core::object::{CollectReason, Visitor};

/// Takes the edges of an object and does nothing with them.
pub struct CycleVisitor;

impl<R: Repr> Visitor<Refcount<R>> for CycleVisitor {
    fn visit(&mut self, _: &RcValue<R>) {}
}

/// Reclaims nothing.
pub fn collect<R: Repr>(_: &mut Vm<Refcount<R>>, _: CollectReason) -> usize {
    0
}
