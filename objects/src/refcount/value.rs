//! The counted word: `Clone` adds a reference, `Drop` gives it back.
//!
//! A count is 32 bits and is not checked: more references than that need 32 GiB of words.

use super::Refcount;
use super::alloc::{self, Block, FLOAT, INT};
use super::stats::add;
use crate::repr::Repr;
use ceval_vm_core::object::{Header, Value};
use std::marker::PhantomData;

/// A value word that owns one reference to its object, if it is a pointer.
#[repr(transparent)]
pub struct RcValue<R: Repr>(u64, PhantomData<R>);

impl<R: Repr> RcValue<R> {
    /// The count of the object, for a pointer.
    #[inline(always)]
    fn count(&self) -> Option<&std::cell::Cell<u32>> {
        if self.0 & 7 == 0 {
            // SAFETY: a pointer word points at a live object for as long as the word exists, and is not 0.
            unsafe {
                std::hint::assert_unchecked(self.0 != 0);
                Some(&(*(self.0 as *const Header)).count)
            }
        } else {
            None
        }
    }

    /// In a model that counts: a pointer gives its reference back.
    #[inline(always)]
    fn count_decrement(&self) {
        if R::COUNTED {
            // SAFETY: the word is a pointer that still owns its reference.
            let counters = unsafe { Block::counters_of(self.0 as *const Header) };
            add(&counters.decrements, 1);
        }
    }
}

impl<R: Repr> Clone for RcValue<R> {
    #[inline(always)]
    fn clone(&self) -> Self {
        if let Some(count) = self.count() {
            count.set(count.get() + 1);
            if R::COUNTED {
                // SAFETY: as for the count.
                let counters = unsafe { Block::counters_of(self.0 as *const Header) };
                add(&counters.increments, 1);
            }
        }
        RcValue(self.0, PhantomData)
    }
}

impl<R: Repr> Drop for RcValue<R> {
    #[inline(always)]
    fn drop(&mut self) {
        if let Some(count) = self.count() {
            self.count_decrement();
            let left = count.get() - 1;
            count.set(left);
            if left == 0 {
                // SAFETY: this was the last reference, and the object's model is `Refcount<R>`.
                unsafe { alloc::release::<Refcount<R>>(self.0 as *mut Header) };
            }
        }
    }
}

// SAFETY: rule 1: the word is stored as it is given; rule 2: each word owns a reference, so the object
// has not been released; rule 3: see `drop_easy`, whose only call is inline.
unsafe impl<R: Repr> Value for RcValue<R> {
    type Model = Refcount<R>;
    const TAGGED: bool = R::TAGGED;

    #[inline(always)]
    fn bits(&self) -> u64 {
        self.0
    }

    #[inline(always)]
    unsafe fn from_bits(bits: u64) -> Self {
        RcValue(bits, PhantomData)
    }

    #[inline(always)]
    fn is_easy(&self) -> bool {
        match self.header() {
            None => true,
            Some(h) => h.count.get() != 1 || matches!(h.tag.get().0 as u8, INT | FLOAT),
        }
    }

    #[inline(always)]
    unsafe fn drop_easy(self) {
        if let Some(count) = self.count() {
            self.count_decrement();
            let left = count.get() - 1;
            count.set(left);
            if left == 0 {
                // SAFETY: easy with one reference left means a boxed number; nothing refers to it now.
                unsafe { alloc::free_number(self.0 as *mut Header) };
            }
        }
        std::mem::forget(self);
    }

    #[inline(always)]
    fn is_easy_twice(&self) -> bool {
        match self.header() {
            None => true,
            Some(h) => h.count.get() > 2,
        }
    }

    #[inline(always)]
    fn is_unique(&self) -> bool {
        self.count().is_some_and(|c| c.get() == 1)
    }
}
