//! `frame`: a function activation as Python sees it.
//!
//! A running activation is a [`crate::machine::frame::Frame`] in the thread's
//! frame stack. The object is made only when somebody asks (a traceback,
//! `sys._getframe`); when its activation ends, it takes the locals over.

use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{Args, Kind, ObjectModel, Res, Trace, V, Value, ValueCell, Visitor};
use crate::types::function::Function;
use std::cell::{Cell, RefCell};

/// `lasti` of the activation of a generator that has not started: Python sees -1.
pub const NOT_STARTED: u32 = u32::MAX;

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

fn get_locals<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    if let Some(below) = vm.depth_of_frame_object(v) {
        return vm.locals_of(below);
    }
    let Some(f) = v.get::<FrameObject<M>>() else {
        return Ok(V::<M>::none());
    };
    let words = f.locals.borrow().clone();
    // Class and module frames have their own namespace and kept no words.
    if words.is_empty()
        && let Some(namespace) = f.namespace.get()
    {
        return Ok(namespace);
    }
    Ok(vm.snapshot_locals(v, &words))
}

fn function_part<M: ObjectModel>(v: &V<M>, part: fn(&Function<M>) -> V<M>) -> Res<V<M>> {
    let function = v
        .get::<FrameObject<M>>()
        .map_or_else(V::<M>::none, |f| f.function.clone());
    Ok(function
        .get::<Function<M>>()
        .map_or_else(V::<M>::none, part))
}

fn clear<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    rest.exact::<0>(vm, "clear")?;
    if vm.depth_of_frame_object(v).is_some() {
        return Err(vm.raise(Exc::RuntimeError, "cannot clear an executing frame"));
    }
    if let Some(f) = v.get::<FrameObject<M>>() {
        let old = std::mem::take(&mut *f.locals.borrow_mut());
        drop(old);
    }
    Ok(V::<M>::none())
}

/// Fills the class.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.fill_class(Kind::Frame)
        .getter("f_back", |vm, v| {
            Ok(vm
                .frame_back(v)
                .filter(|b| !b.is_null())
                .unwrap_or_else(V::<M>::none))
        })
        .getter("f_code", |_, v| function_part::<M>(v, |f| f.code.load()))
        .getter("f_globals", |_, v| {
            function_part::<M>(v, |f| f.globals.clone())
        })
        .getter("f_locals", get_locals)
        .getter("f_builtins", |_, v| {
            Ok(v.get::<FrameObject<M>>()
                .and_then(|f| f.builtins.get())
                .unwrap_or_else(V::<M>::none))
        })
        .getter("f_lasti", |vm, v| {
            let (lasti, _) = vm.frame_position(v);
            Ok(vm.new_int(lasti))
        })
        .getter("f_lineno", |vm, v| {
            let (_, line) = vm.frame_position(v);
            Ok(vm.new_usize(line as usize))
        })
        .getset(
            "f_trace",
            |_, v| {
                Ok(v.get::<FrameObject<M>>()
                    .and_then(|f| f.trace.get())
                    .unwrap_or_else(V::<M>::none))
            },
            Some(|_, v, x| {
                if let Some(f) = v.get::<FrameObject<M>>() {
                    f.trace.set(x.cloned().unwrap_or_else(V::<M>::null));
                }
                Ok(())
            }),
        )
        .method("clear", clear)
        .done();
}
