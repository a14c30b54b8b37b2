//! The traced word: plain data. Copying and dropping it does nothing.

use super::Arena;
use crate::repr::Repr;
use ceval_vm_core::object::Value;
use std::marker::PhantomData;

/// A value word; its object lives while a root leads to it.
#[repr(transparent)]
pub struct ArenaValue<R: Repr>(u64, PhantomData<R>);

impl<R: Repr> Clone for ArenaValue<R> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}

impl<R: Repr> Copy for ArenaValue<R> {}

// SAFETY: rule 1: the word is stored as it is given; rule 2: objects are reclaimed at safepoints alone, where
// every word in use is reachable from the roots; rule 3: nothing to drop.
unsafe impl<R: Repr> Value for ArenaValue<R> {
    type Model = Arena<R>;
    const TAGGED: bool = R::TAGGED;

    #[inline(always)]
    fn bits(&self) -> u64 {
        self.0
    }

    #[inline(always)]
    unsafe fn from_bits(bits: u64) -> Self {
        ArenaValue(bits, PhantomData)
    }

    #[inline(always)]
    fn is_easy(&self) -> bool {
        true
    }

    #[inline(always)]
    unsafe fn drop_easy(self) {}

    #[inline(always)]
    fn is_easy_twice(&self) -> bool {
        true
    }

    #[inline(always)]
    fn is_unique(&self) -> bool {
        false
    }
}
