//! The attribute store of an instance: a shape and its slots.
//!
//! ```text
//! header 8 | shape 8 | more 8 | slot 0 .. slot 4  (64 bytes: one cache line)
//! ```
//! The first [`INLINE`] slots stand in the object; a longer instance keeps the
//! rest in one block. Slots are read by copy and written by exchange, so no
//! reference into the store outlives a call.

use super::V;
use super::kinds::Trace;
use super::model::{ObjectModel, Visitor};
use super::shape::ShapeRef;
use super::value::Value;
use std::cell::{Cell, UnsafeCell};

/// Slots inside the object.
pub const INLINE: usize = 5;

/// Shape and slots of an instance; the body of [`super::Kind::Instance`].
#[repr(C)]
pub struct Attrs<M: ObjectModel> {
    shape: Cell<ShapeRef<M>>,
    #[allow(clippy::box_collection)] // one word, null for nearly every instance
    more: UnsafeCell<Option<Box<Vec<V<M>>>>>,
    slots: [UnsafeCell<V<M>>; INLINE],
}

impl<M: ObjectModel> Attrs<M> {
    /// A store with every slot absent.
    #[inline(always)]
    pub fn new(shape: ShapeRef<M>) -> Self {
        Attrs {
            shape: Cell::new(shape),
            more: UnsafeCell::new(None),
            slots: std::array::from_fn(|_| UnsafeCell::new(V::<M>::null())),
        }
    }

    /// The shape.
    #[inline(always)]
    pub fn shape(&self) -> ShapeRef<M> {
        self.shape.get()
    }

    /// Changes the shape; slots keep their contents.
    #[inline(always)]
    pub fn set_shape(&self, shape: ShapeRef<M>) {
        self.shape.set(shape);
    }

    /// The value in an inline slot (`slot < INLINE`), absent or not.
    #[inline(always)]
    pub fn load_inline(&self, slot: usize) -> V<M> {
        // SAFETY: no reference into the slots is ever handed out, so this read aliases nothing.
        unsafe { (*self.slots[slot].get()).clone() }
    }

    /// The bits in an inline slot; ownership stays.
    #[inline(always)]
    pub fn peek_inline(&self, slot: usize) -> u64 {
        // SAFETY: as in `load_inline`.
        unsafe { (*self.slots[slot].get()).bits() }
    }

    /// Whether what an inline slot holds is easy to drop.
    #[inline(always)]
    pub fn is_easy_inline(&self, slot: usize) -> bool {
        // SAFETY: as in `load_inline`.
        unsafe { (*self.slots[slot].get()).is_easy() }
    }

    /// The place of a slot, if it is there: in the object, or in the block as long as that is now.
    #[inline(always)]
    fn place(&self, slot: usize) -> Option<*mut V<M>> {
        match self.slots.get(slot) {
            Some(place) => Some(place.get()),
            // SAFETY: as in `load_inline`.
            None => unsafe { (*self.more.get()).as_mut()?.get_mut(slot - INLINE) }
                .map(std::ptr::from_mut),
        }
    }

    /// Whether a slot has a place, and what that holds is easy to drop and not `other`.
    #[inline(always)]
    pub fn has_easy_place(&self, slot: usize, other: &V<M>) -> bool {
        // SAFETY: as in `load_inline`.
        self.place(slot)
            .is_some_and(|p| unsafe { (*p).is_easy() && !(*p).is(other) })
    }

    /// Exchanges the contents of a slot that has a place; without one the value is lost.
    #[inline(always)]
    pub fn swap_in_place(&self, slot: usize, value: V<M>) -> V<M> {
        debug_assert!(self.place(slot).is_some());
        match self.place(slot) {
            // SAFETY: as in `swap_inline`.
            Some(p) => unsafe { std::mem::replace(&mut *p, value) },
            None => V::<M>::null(),
        }
    }

    /// Exchanges the contents of an inline slot.
    #[inline(always)]
    pub fn swap_inline(&self, slot: usize, value: V<M>) -> V<M> {
        // SAFETY: as in `load_inline`; the object model runs no code inside a move.
        unsafe { std::mem::replace(&mut *self.slots[slot].get(), value) }
    }

    /// The value in a slot, absent or not.
    #[inline]
    pub fn load(&self, slot: usize) -> V<M> {
        if slot < INLINE {
            return self.load_inline(slot);
        }
        // SAFETY: as in `load_inline`.
        match unsafe { &*self.more.get() } {
            Some(more) => more
                .get(slot - INLINE)
                .cloned()
                .unwrap_or_else(V::<M>::null),
            None => V::<M>::null(),
        }
    }

    /// Puts a value into a slot and gives what was there; the caller drops it
    /// after this call, never inside.
    #[inline]
    pub fn swap(&self, slot: usize, value: V<M>) -> V<M> {
        if slot < INLINE {
            return self.swap_inline(slot, value);
        }
        // SAFETY: as in `load_inline`; pushing absent values runs no other code.
        let more = unsafe { (*self.more.get()).get_or_insert_default() };
        let at = slot - INLINE;
        while more.len() <= at {
            more.push(V::<M>::null());
        }
        std::mem::replace(&mut more[at], value)
    }

    /// All present values out, leaving the store empty (for `clear` and for the change to dict form).
    pub fn take_all(&self) -> Vec<V<M>> {
        let n = self
            .shape()
            .names
            .len()
            .max(INLINE)
            .max(self.shape().reserved() + 1);
        (0..n).map(|i| self.swap(i, V::<M>::null())).collect()
    }
}

impl<M: ObjectModel> Trace<M> for Attrs<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        for s in &self.slots {
            // SAFETY: as in `load_inline`; the visitor does not write objects.
            visitor.visit(unsafe { &*s.get() });
        }
        // SAFETY: as above.
        if let Some(more) = unsafe { &*self.more.get() } {
            for v in more.iter() {
                visitor.visit(v);
            }
        }
    }

    fn clear(&self) {
        drop(self.take_all());
    }
}
