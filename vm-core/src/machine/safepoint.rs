//! Safepoints: where collection, finalizers and signals happen, and the GIL is offered.
//!
//! A handler reaches one at backward jumps and calls, when every live value is on the stacks. The
//! `breaker` word says that something waits; testing it is all that the hot path pays.

use super::errors::Exc;
use super::regs::Regs;
use super::vm::Vm;
use crate::object::{CollectReason, ObjectModel, Res};
use std::sync::atomic::Ordering;

/// Bit of the breaker: the heap wants a collection or has finalizable objects.
pub const HEAP: u32 = 1;
/// Bit of the breaker: an interrupt was requested (Ctrl-C).
pub const INTERRUPT: u32 = 2;

impl<M: ObjectModel> Vm<M> {
    /// Whether something waits for a safepoint.
    #[inline(always)]
    pub fn wants_safepoint(&self) -> bool {
        self.breaker.load(Ordering::Relaxed) != 0
    }

    /// A safepoint in a full handler.
    pub fn safepoint(&mut self, r: &Regs<M>) -> Res<()> {
        if !self.wants_safepoint() {
            return Ok(());
        }
        self.save(r);
        self.pending_work()
    }

    /// Does what waits: collection if no native code holds values out of sight, finalizers, signals.
    pub fn pending_work(&mut self) -> Res<()> {
        let pending = self.breaker.swap(0, Ordering::Relaxed);
        if pending & HEAP != 0 && M::wants_collection(&self.heap) {
            if !M::TRACED || self.opaque_natives == 0 {
                M::collect(self, CollectReason::Pressure);
            } else {
                // Tried again at the next safepoint: natives leave soon.
                self.breaker.fetch_or(HEAP, Ordering::Relaxed);
            }
        }
        self.run_finalizers();
        if pending & INTERRUPT != 0 {
            return Err(self.raise_with(Exc::KeyboardInterrupt, Vec::new()));
        }
        Ok(())
    }

    /// Runs the callbacks of weak references whose targets have died, then the finalizers of objects
    /// that have died; their exceptions are printed, not raised.
    pub fn run_finalizers(&mut self) {
        self.run_weak_callbacks();
        let waiting = M::take_finalizable(&mut self.heap);
        if waiting.is_empty() {
            return;
        }
        self.opaque_natives += 1;
        let raised = self.take_raised();
        for object in waiting {
            if let Some(f) = self.slots(&object).finalize
                && f(self, &object).is_err()
            {
                let error = self.take_raised();
                let source = match self.special_method(&object, "__del__") {
                    Ok(method) => method.unwrap_or(object),
                    Err(_) => {
                        drop(self.take_raised());
                        object
                    }
                };
                self.write_unraisable(&error, &source);
            }
        }
        self.raised = raised;
        self.opaque_natives -= 1;
    }
}
