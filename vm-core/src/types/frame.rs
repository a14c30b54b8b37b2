//! `frame`: a function activation as Python sees it.
//!
//! A running activation is a [`crate::machine::frame::Frame`] in the thread's
//! frame stack. The object is made only when somebody asks (a traceback,
//! `sys._getframe`); when its activation ends, it takes the locals over.

use crate::object::{ObjectModel, Trace, V, ValueCell, Visitor};
use std::cell::{Cell, RefCell};

/// Body of a frame object.
pub struct FrameObject<M: ObjectModel> {
    /// The running function; gives `f_code` and `f_globals`.
    pub function: V<M>,
    /// `f_back`'s frame object, or absent.
    pub back: ValueCell<M>,
    /// Index of the activation in the frame stack while it runs; `None` once it has ended or
    /// (generators) while it is suspended.
    pub activation: Cell<Option<u32>>,
    /// Bytecode offset of the last instruction, once not running.
    pub lasti: Cell<u32>,
    /// Locals and cells of an ended activation, in frame order.
    pub locals: RefCell<Vec<V<M>>>,
    /// `f_locals` of class, module and `exec` frames, or the snapshot dict of a function's.
    pub namespace: ValueCell<M>,
    /// `f_builtins`.
    pub builtins: ValueCell<M>,
    /// `f_trace`.
    pub trace: ValueCell<M>,
}

impl<M: ObjectModel> Trace<M> for FrameObject<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.function);
        self.back.trace(visitor);
        for v in self.locals.borrow().iter() {
            visitor.visit(v);
        }
        self.namespace.trace(visitor);
        self.builtins.trace(visitor);
        self.trace.trace(visitor);
    }

    fn clear(&self) {
        let old = std::mem::take(&mut *self.locals.borrow_mut());
        drop(old);
        drop(self.back.take());
        drop(self.namespace.take());
        drop(self.trace.take());
    }
}

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}
