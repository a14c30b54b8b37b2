//! Dropping and reusing the object on top of the stack inline, where only its cell has to be given back.

use super::regs::Regs;
use super::vm::Vm;
use crate::dispatch::Flow;
use crate::object::{Body, Header, ObjectModel, Tag, V, Value, ValueCell};
use crate::types::tuple::Tuple;
use std::mem::MaybeUninit;

/// A body of which one place alone has anything to drop.
///
/// # Safety
/// Once the place is empty, dropping the body does nothing. No class with this body has a finalizer.
pub unsafe trait Holds<M: ObjectModel>: Body<M> {
    /// The place.
    fn held(&self) -> &ValueCell<M>;
}

const fn cell_size<M: ObjectModel, B: Body<M>>() -> usize {
    size_of::<Header>() + size_of::<B>().next_multiple_of(8)
}

impl<M: ObjectModel> Vm<M> {
    /// Pops an object that is exactly a `B`, which has nothing to drop. False: nothing was done.
    #[inline(always)]
    pub fn try_pop_plain<B: Body<M>>(&self, r: &mut Regs<M>) -> bool {
        const { assert!(!std::mem::needs_drop::<B>()) };
        let v = r.peek(0);
        debug_assert!(v.has_tag(Tag::exact(B::KIND)));
        if v.is_easy() {
            let v = r.pop();
            Regs::<M>::drop_easy(v);
            return true;
        }
        // SAFETY: not extended, since its tag is exact; the body has nothing to drop.
        let freed = unsafe { M::try_free(v, cell_size::<M, B>()) };
        if freed {
            r.forget(1);
        }
        freed
    }

    /// Pops an exhausted iterator that is exactly a `B`: what it holds goes first. False: at most that was
    /// done, and the iterator stays exhausted.
    #[inline(always)]
    pub fn try_pop_exhausted<B: Holds<M>>(&self, r: &mut Regs<M>) -> bool {
        let v = r.peek(0);
        let Some(body) = v.get_exact::<B>() else {
            return false;
        };
        if !body.held().load_borrowed().is_easy() {
            return false;
        }
        Regs::<M>::drop_easy(body.held().take());
        if v.is_easy() {
            let v = r.pop();
            Regs::<M>::drop_easy(v);
            return true;
        }
        // SAFETY: as in `try_pop_plain`; what the body held has just been taken out of it.
        let freed = unsafe { M::try_free(v, cell_size::<M, B>()) };
        if freed {
            r.forget(1);
        }
        freed
    }

    /// UNPACK_SEQUENCE of a tuple of `n` items that nobody else holds: they are moved out of it.
    #[inline(always)]
    pub fn try_unpack_own(&self, r: &mut Regs<M>, n: usize) -> Flow {
        let v = r.peek(0);
        let Some(t) = v.get_exact::<Tuple<M>>() else {
            return Flow::Slow;
        };
        let items = &t.items;
        if items.spilled() || items.len() != n || n > 3 {
            return Flow::Slow;
        }
        let mut moved = [const { MaybeUninit::<V<M>>::uninit() }; 3];
        // SAFETY: the items stand in the object itself; without them its body has nothing to drop. They are read
        // before the cell is given up, and belong to the tuple if it is not. There was room on the
        // stack for `n` values in the tuple's place.
        unsafe {
            for (i, item) in items.iter().enumerate() {
                moved[i].write(std::ptr::read(item));
            }
            if !M::try_free(v, cell_size::<M, Tuple<M>>()) {
                return Flow::Slow;
            }
            r.forget(1);
            for i in (0..n).rev() {
                r.push(moved[i].assume_init_read());
            }
        }
        Flow::Next
    }

    /// Turns the object that `v` is the only reference to, exactly an `A`, into a `B`. False: nothing was done.
    #[inline(always)]
    pub fn try_reuse<A: Body<M>, B: Body<M>>(&self, v: &V<M>, body: B) -> bool {
        const {
            assert!(!std::mem::needs_drop::<A>() && !std::mem::needs_drop::<B>());
            assert!(size_of::<A>() == size_of::<B>());
        };
        let Some(h) = v.header() else { return false };
        if !v.is_unique() || h.tag.get() != Tag::exact(A::KIND) {
            return false;
        }
        h.tag.set(Tag::exact(B::KIND));
        // SAFETY: the body follows the header and has the size of a `B`; there is no other reference, so
        // nobody reads it as an `A` any more.
        unsafe {
            std::ptr::from_ref(h)
                .add(1)
                .cast::<B>()
                .cast_mut()
                .write(body);
        }
        true
    }
}
