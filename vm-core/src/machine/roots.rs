//! The roots: every value that the machine holds outside the heap.

use super::vm::Vm;
use crate::object::{ObjectModel, Value, Visitor};
use crate::types::class::Type;

impl<M: ObjectModel> Vm<M> {
    /// Shows every root to a visitor: stacks, frames, classes, interned strings, modules, the
    /// exceptions in flight.
    pub fn trace_roots(&mut self, visitor: &mut M::Visitor) {
        let mut p = self.stacks.base();
        while p < self.sp {
            // SAFETY: every word below `sp` is initialised at a safepoint.
            visitor.visit(unsafe { &*p });
            p = p.wrapping_add(1);
        }
        for below in 0..self.depth_frames {
            let Some(frame) = self.frame_at(below) else {
                break;
            };
            visitor.visit(&frame.generator);
            visitor.visit(&frame.extra);
            if let Some(rare) = &frame.rare {
                visitor.visit(&rare.namespace);
                visitor.visit(&rare.object);
            }
        }
        for v in [&self.raised, &self.handled, &self.returned] {
            visitor.visit(v);
        }
        for v in self.retired.iter().chain(&self.shown) {
            visitor.visit(v);
        }
        let i = &self.interp;
        visitor.visit(&i.modules);
        visitor.visit(&i.builtins);
        for v in i.interned.values() {
            visitor.visit(v);
        }
        // A class made by the program lives while something refers to it: an instance, a subclass, a name.
        for class in &i.classes {
            let is_heap = class.object.get::<Type<M>>().is_some_and(|t| t.is_heap);
            if !is_heap {
                visitor.visit(&class.object);
            }
        }
        let once = &i.once;
        for v in [&once.empty_tuple, &once.empty_str, &once.empty_bytes] {
            visitor.visit(v);
        }
        for v in once.characters.iter().chain(&once.small_ints) {
            visitor.visit(v);
        }
        for v in &self.kept {
            visitor.visit(v);
        }
    }
}
