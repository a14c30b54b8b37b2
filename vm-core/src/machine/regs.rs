//! The machine's registers and everything done through them.
//!
//! This is the value-stack and instruction-pointer file: the raw reads and
//! writes of the hot path are here and nowhere else. Its soundness rests on one
//! invariant, checked when code is linked (`instr/verify.rs`): every operand is
//! in range, and at every instruction the stack holds at least what its row pops
//! and has room for what it pushes. [`Regs::new`] is unsafe for that reason; with
//! verified code under `ip` the methods are safe to call in a handler.

use crate::dispatch::Encoding;
use crate::instr::Operands;
use crate::object::{ObjectModel, V, Value};

/// The registers: a true local of the match loop, arguments in threaded code.
#[repr(C)]
pub struct Regs<M: ObjectModel> {
    /// The next unit.
    pub ip: *const u8,
    /// One past the top of the value stack; grows upwards.
    pub sp: *mut V<M>,
    /// The current frame's first local.
    pub fp: *mut V<M>,
}

impl<M: ObjectModel> Regs<M> {
    /// Registers of a frame.
    ///
    /// # Safety
    /// `ip` points at a unit of verified, linked code; `fp` at the frame's first local; `sp` at the
    /// depth that the verifier found for `ip`; the frame's words are initialised.
    #[inline(always)]
    pub unsafe fn new(ip: *const u8, sp: *mut V<M>, fp: *mut V<M>) -> Self {
        Regs { ip, sp, fp }
    }

    /// A copy, for restoring.
    #[inline(always)]
    pub fn saved(&self) -> Regs<M> {
        Regs {
            ip: self.ip,
            sp: self.sp,
            fp: self.fp,
        }
    }

    /// Pushes a value.
    #[inline(always)]
    pub fn push(&mut self, v: V<M>) {
        // SAFETY: module invariant: verified code has room for what the row pushes.
        unsafe {
            self.sp.write(v);
            self.sp = self.sp.add(1);
        }
    }

    /// Pops a value.
    #[inline(always)]
    pub fn pop(&mut self) -> V<M> {
        // SAFETY: module invariant: the stack holds what the row pops.
        unsafe {
            self.sp = self.sp.sub(1);
            self.sp.read()
        }
    }

    /// The value `n` below the top (0: the top).
    #[inline(always)]
    pub fn peek(&self, n: usize) -> &V<M> {
        // SAFETY: module invariant.
        unsafe { &*self.sp.sub(n + 1) }
    }

    /// The value `n` below the top without a reference of its own: not to be used once its slot
    /// has been written.
    #[inline(always)]
    pub fn peek_borrowed(&self, n: usize) -> std::mem::ManuallyDrop<V<M>> {
        // SAFETY: the word is not dropped (ManuallyDrop); the slot keeps its reference.
        std::mem::ManuallyDrop::new(unsafe { V::<M>::from_bits(self.peek(n).bits()) })
    }

    /// Exchanges the value `n` below the top.
    #[inline(always)]
    pub fn swap(&mut self, n: usize, v: V<M>) -> V<M> {
        // SAFETY: module invariant.
        unsafe { std::mem::replace(&mut *self.sp.sub(n + 1), v) }
    }

    /// Overwrites the value `n` below the top without dropping what was there.
    #[inline(always)]
    pub fn overwrite(&mut self, n: usize, v: V<M>) {
        // SAFETY: module invariant; the old word was moved out or is easy to forget.
        unsafe { self.sp.sub(n + 1).write(v) }
    }

    /// Moves the value `n` below the top out; the slot is dead until it is overwritten or forgotten.
    #[inline(always)]
    pub fn take(&mut self, n: usize) -> V<M> {
        // SAFETY: module invariant; the caller gives the slot up.
        unsafe { self.sp.sub(n + 1).read() }
    }

    /// Opens a gap `n` values below the top and puts `v` there.
    pub fn open_gap(&mut self, n: usize, v: V<M>) {
        // SAFETY: the stack keeps slack above every frame; the words move up by one.
        unsafe {
            let at = self.sp.sub(n);
            std::ptr::copy(at, at.add(1), n);
            at.write(v);
            self.sp = self.sp.add(1);
        }
    }

    /// As [`Regs::open_gap`], without a call, for few words.
    #[inline(always)]
    pub fn open_gap_inline(&mut self, n: usize, v: V<M>) {
        // SAFETY: as in `open_gap`.
        unsafe {
            let mut to = self.sp;
            for _ in 0..n {
                to.write(to.sub(1).read());
                to = to.sub(1);
            }
            to.write(v);
            self.sp = self.sp.add(1);
        }
    }

    /// Removes the immediate `n` below the top, moving what is above it down.
    pub fn close_gap(&mut self, n: usize) {
        // SAFETY: module invariant; the removed word is an immediate and needs no drop.
        unsafe {
            let at = self.sp.sub(n + 1);
            std::ptr::copy(at.add(1), at, n);
            self.sp = self.sp.sub(1);
        }
    }

    /// Moves the stack pointer down by `n` without dropping (the words were moved out).
    #[inline(always)]
    pub fn forget(&mut self, n: usize) {
        // SAFETY: module invariant.
        unsafe { self.sp = self.sp.sub(n) }
    }

    /// Drops the top `n` values.
    #[inline]
    pub fn drop_top(&mut self, n: usize) {
        for _ in 0..n {
            drop(self.pop());
        }
    }

    /// The top `n` values, the deepest first.
    ///
    /// The slice stays valid while guest code runs: frames pushed meanwhile lie above `sp`.
    #[inline(always)]
    pub fn top_slice<'a>(&self, n: usize) -> &'a [V<M>] {
        // SAFETY: module invariant; the stack memory never moves, and callers end their use
        // before the handler pops these words.
        unsafe { std::slice::from_raw_parts(self.sp.sub(n), n) }
    }

    /// Pops the top `n` values onto the end of a vector, the deepest first.
    pub fn pop_onto(&mut self, out: &mut Vec<V<M>>, n: usize) {
        out.reserve(n);
        // SAFETY: module invariant; the words are moved, not copied: `sp` goes below them.
        unsafe {
            self.sp = self.sp.sub(n);
            std::ptr::copy_nonoverlapping(self.sp, out.as_mut_ptr().add(out.len()), n);
            out.set_len(out.len() + n);
        }
    }

    /// As [`Regs::pop_onto`], into an empty vector whose capacity is at least `n`.
    #[inline(always)]
    pub fn pop_onto_reserved(&mut self, out: &mut Vec<V<M>>, n: usize) {
        debug_assert!(out.is_empty() && out.capacity() >= n);
        // SAFETY: as in `pop_onto`; the caller has seen to the room. Volatile, since a frame has few words:
        // the loop would become a call of memcpy.
        unsafe {
            self.sp = self.sp.sub(n);
            let to = out.as_mut_ptr();
            for i in 0..n {
                to.add(i).write(self.sp.add(i).read_volatile());
            }
            out.set_len(n);
        }
    }

    /// Moves all values of a vector onto the stack, the first deepest. There must be room above `sp`.
    #[inline(always)]
    pub fn push_from(&mut self, from: &mut Vec<V<M>>) {
        let n = from.len();
        // SAFETY: callers have checked for room; the words are moved: the vector forgets them. Volatile
        // as in `pop_onto_reserved`.
        unsafe {
            from.set_len(0);
            let source = from.as_ptr();
            for i in 0..n {
                self.sp.add(i).write(source.add(i).read_volatile());
            }
            self.sp = self.sp.add(n);
        }
    }

    /// Pops the top `n` values into the items of a tuple, the deepest first.
    #[inline]
    pub fn pop_items(&mut self, n: usize) -> crate::types::tuple::Items<M> {
        let mut out = crate::types::tuple::Items::<M>::with_capacity(n);
        // SAFETY: as in `pop_onto`; `out` has room for `n` values.
        unsafe {
            self.sp = self.sp.sub(n);
            std::ptr::copy_nonoverlapping(self.sp, out.as_mut_ptr(), n);
            out.set_len(n);
        }
        out
    }

    /// Pops the top `n` values into a vector, the deepest first.
    pub fn pop_vec(&mut self, n: usize) -> Vec<V<M>> {
        let mut out = Vec::with_capacity(n);
        self.pop_onto(&mut out, n);
        out
    }

    /// A local (or cell) of the frame.
    #[inline(always)]
    pub fn local(&self, slot: u32) -> &V<M> {
        // SAFETY: module invariant: the slot is below the frame's number of locals and cells.
        unsafe { &*self.fp.add(slot as usize) }
    }

    /// Exchanges a local.
    #[inline(always)]
    pub fn swap_local(&mut self, slot: u32, v: V<M>) -> V<M> {
        // SAFETY: module invariant.
        unsafe { std::mem::replace(&mut *self.fp.add(slot as usize), v) }
    }

    /// Jumps by `displacement` units from the next one, in a strategy's own encoding.
    #[inline(always)]
    pub fn jump<E: Encoding>(&mut self, displacement: u32) {
        self.ip = self
            .ip
            .wrapping_offset((displacement as i32 as isize) * E::SIZE as isize);
    }

    /// Jumps by `displacement` units of `unit_size` bytes.
    #[inline(always)]
    pub fn jump_by(&mut self, unit_size: usize, displacement: u32) {
        self.ip = self
            .ip
            .wrapping_offset((displacement as i32 as isize) * unit_size as isize);
    }

    /// Steps over the unit at `ip` and gives its operands.
    #[inline(always)]
    pub fn next_operands<E: Encoding>(&mut self) -> Operands {
        // SAFETY: module invariant: `ip` points at a unit, and code never falls off its end.
        let x = unsafe { E::operands(self.ip) };
        self.ip = self.ip.wrapping_add(E::SIZE);
        x
    }

    /// Drops `easy` words; see [`Value::drop_easy`].
    #[inline(always)]
    pub fn drop_easy(v: V<M>) {
        debug_assert!(v.is_easy());
        // SAFETY: callers have just tested `is_easy` (asserted in debug builds).
        unsafe { v.drop_easy() }
    }
}
