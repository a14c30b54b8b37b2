//! Suspending and resuming activations: the part that every strategy inlines.
//!
//! Covers a plain generator without a frame object, outside `except` clauses; the complete
//! operations stand in `resume.rs`, which comes here first. With `activation.rs` this file writes the
//! frame stack, on the same terms.

use super::frame::{BlockKind, OnReturn};
use super::regs::Regs;
use super::vm::Vm;
use crate::object::{ObjectModel, V, Value};
use crate::types::generator::{Generator, GeneratorState};
use std::mem::ManuallyDrop;

impl<M: ObjectModel> Vm<M> {
    /// Moves the activation of a suspended generator onto the stacks and makes it the running one. Its
    /// state before: a suspended generator expects a value on its operand stack. `None`: nothing was
    /// done. `generator` must be owned elsewhere; `unit_size` is the strategy's.
    #[inline(always)]
    pub fn try_resume(
        &mut self,
        r: &mut Regs<M>,
        generator: &V<M>,
        on_return: OnReturn,
        unit_size: usize,
    ) -> Option<GeneratorState> {
        let a = &generator.get_exact::<Generator<M>>()?.0;
        let state = a.state.get();
        if !matches!(state, GeneratorState::Created | GeneratorState::Suspended)
            || self.depth >= self.depth_limit
            || a.handled.is_some()
            || a.frame.is_some()
        {
            return None;
        }
        let linked = a.linked();
        if r.sp.wrapping_add(linked.frame_size as usize + 1) > self.stack_limit {
            return None;
        }
        let mut s = a.suspended.try_borrow_mut().ok()?;
        if !self.stacks.has_room_for_blocks(s.blocks.len()) {
            return None;
        }
        a.state.set(GeneratorState::Running);
        r.push(a.function.clone());
        let fp = r.sp;
        r.push_from(&mut s.words);
        self.push_frame(r.ip, fp, linked, a.globals, on_return);
        self.stacks.push_blocks(&mut s.blocks);
        r.fp = fp;
        r.ip = linked.entry.wrapping_add(s.resume as usize * unit_size);
        let handled = self.handled.clone();
        let frame = self.frame_mut();
        // `push_frame` has made both absent, which needs no drop.
        std::mem::forget(std::mem::replace(&mut frame.extra, handled));
        std::mem::forget(std::mem::replace(&mut frame.generator, generator.clone()));
        Some(state)
    }

    /// Moves the top activation into its generator and leaves it. The registers become those of
    /// whoever resumed it, with the function's slot gone; where that was native code only `sp` is
    /// meaningful. The yielded value must have been popped. False: nothing was done.
    #[inline(always)]
    pub fn try_suspend(&mut self, r: &mut Regs<M>, unit_size: usize) -> bool {
        let frame = self.frame();
        let fp = frame.fp;
        // SAFETY: the frame owns the word, and keeps it until the end of this function.
        let generator = unsafe { ManuallyDrop::new(V::<M>::from_bits(frame.generator.bits())) };
        let Some(Generator(a)) = generator.get_exact::<Generator<M>>() else {
            return false;
        };
        // An exception handled here and not by the resumer would have to be kept.
        if frame.rare.is_some() || self.handled.bits() != frame.extra.bits() || !generator.is_easy()
        {
            return false;
        }
        // SAFETY: a frame's function stands below its first local.
        let function = unsafe { &*fp.sub(1) };
        if !function.is_easy() {
            return false;
        }
        let Ok(mut s) = a.suspended.try_borrow_mut() else {
            return false;
        };
        let base = frame.block_base as usize;
        let blocks = &self.stacks.blocks[base..];
        let depth = (r.sp as usize - fp as usize) / size_of::<V<M>>();
        if s.words.capacity() < depth
            || s.blocks.capacity() < blocks.len()
            || blocks.iter().any(|b| b.kind == BlockKind::ExceptHandler)
        {
            return false;
        }
        s.resume = ((r.ip as usize).wrapping_sub(a.linked().entry as usize) / unit_size) as u32;
        self.stacks.pop_blocks_onto(base, &mut s.blocks);
        r.pop_onto_reserved(&mut s.words, depth);
        a.state.set(GeneratorState::Suspended);
        drop(s);
        let is_entry = self.frame().on_return == OnReturn::LeaveGenerator;
        let frame = self.frame_mut();
        let owned = std::mem::replace(&mut frame.generator, V::<M>::null());
        let extra = std::mem::replace(&mut frame.extra, V::<M>::null());
        Regs::<M>::drop_easy(owned);
        Regs::<M>::drop_easy(extra);
        let function = r.pop();
        Regs::<M>::drop_easy(function);
        if is_entry {
            self.drop_frame();
            self.sp = r.sp;
        } else {
            let sp = r.sp;
            self.pop_frame(r, fp);
            r.sp = sp;
        }
        true
    }
}
