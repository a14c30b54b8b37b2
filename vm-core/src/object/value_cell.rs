//! A mutable place for one value inside a body: read by copy, written by exchange.

use super::V;
use super::model::{ObjectModel, Visitor};
use super::value::Value;
use std::cell::UnsafeCell;

/// A place that holds a value, or the absent value.
#[repr(transparent)]
pub struct ValueCell<M: ObjectModel>(UnsafeCell<V<M>>);

impl<M: ObjectModel> ValueCell<M> {
    /// A place with `value` in it.
    #[inline(always)]
    pub fn new(value: V<M>) -> Self {
        ValueCell(UnsafeCell::new(value))
    }

    /// An empty place.
    #[inline(always)]
    pub fn empty() -> Self {
        Self::new(V::<M>::null())
    }

    /// The value, absent or not.
    #[inline(always)]
    pub fn load(&self) -> V<M> {
        // SAFETY: no reference to the contents is ever handed out, and cloning runs no other code.
        unsafe { (*self.0.get()).clone() }
    }

    /// The value, if there is one.
    #[inline(always)]
    pub fn get(&self) -> Option<V<M>> {
        let v = self.load();
        if v.is_null() { None } else { Some(v) }
    }

    /// The bits; ownership stays.
    #[inline(always)]
    pub fn bits(&self) -> u64 {
        // SAFETY: as in `load`.
        unsafe { (*self.0.get()).bits() }
    }

    /// The value without a reference of its own: not to be kept beyond the next write.
    #[inline(always)]
    pub fn load_borrowed(&self) -> std::mem::ManuallyDrop<V<M>> {
        // SAFETY: the word is not dropped (ManuallyDrop); the place keeps its reference.
        std::mem::ManuallyDrop::new(unsafe { V::<M>::from_bits(self.bits()) })
    }

    /// Whether there is a value.
    #[inline(always)]
    pub fn is_some(&self) -> bool {
        self.bits() != super::value::word::NULL
    }

    /// Puts a value in and gives the old one; the caller drops it after this call.
    #[inline(always)]
    pub fn swap(&self, value: V<M>) -> V<M> {
        // SAFETY: as in `load`; a move runs no code.
        unsafe { std::mem::replace(&mut *self.0.get(), value) }
    }

    /// Puts a value in, dropping the old one after the exchange.
    #[inline(always)]
    pub fn set(&self, value: V<M>) {
        drop(self.swap(value));
    }

    /// Takes the value out.
    #[inline(always)]
    pub fn take(&self) -> V<M> {
        self.swap(V::<M>::null())
    }

    /// Shows the value to a visitor.
    #[inline]
    pub fn trace(&self, visitor: &mut M::Visitor) {
        // SAFETY: as in `load`; visitors do not write objects.
        visitor.visit(unsafe { &*self.0.get() });
    }
}
