//! Looking at running frames: frame objects, positions, `super()`, `globals()` and `locals()`.

use super::errors::Exc;
use super::frame::Rare;
use super::regs::Regs;
use super::vm::Vm;
use crate::object::{ObjectModel, Res, V, Value, ValueCell};
use crate::types::cell::CellObject;
use crate::types::code::Code;
use crate::types::dict::Dict;
use crate::types::frame::FrameObject;
use crate::types::function::Function;
use ceval_bytecode::{CodeObject, flags};
use std::cell::{Cell, RefCell};
use std::sync::Arc;

impl<M: ObjectModel> Vm<M> {
    /// The running code object.
    pub fn code_object(&self) -> Arc<CodeObject> {
        self.linked().code_body().object.clone()
    }

    /// The name of a cell or free variable of the running code.
    pub fn deref_name(&self, index: u32) -> V<M> {
        self.linked().code_body().derefs[index as usize].clone()
    }

    /// Bytecode offset and line of the instruction that the activation `below` the top executes.
    pub fn position_of_frame(&self, below: usize) -> (u32, u32) {
        let Some(frame) = self.frame_at(below) else {
            return (0, 0);
        };
        // SAFETY: a live frame's linked code is owned by the function below it.
        let linked = unsafe { &*frame.linked };
        let unit = (frame.ip as usize - linked.entry as usize) / self.dispatcher.unit_size;
        linked.position(unit.saturating_sub(1))
    }

    /// The frame object of the activation `below` the top, made on first use.
    pub fn frame_object(&mut self, below: usize) -> Option<V<M>> {
        let frame = self.frame_at(below)?;
        if let Some(rare) = &frame.rare
            && !rare.object.is_null()
        {
            return Some(rare.object.clone());
        }
        let function = self.function_of(frame);
        let namespace = match &frame.rare {
            Some(rare) => rare.namespace.clone(),
            None => V::<M>::null(),
        };
        let activation = (self.depth_frames - 1 - below) as u32;
        let builtins = self.interp.builtins.clone();
        let object = self.alloc(FrameObject {
            function,
            back: ValueCell::empty(),
            activation: Cell::new(Some(activation)),
            lasti: Cell::new(0),
            locals: RefCell::new(Vec::new()),
            namespace: ValueCell::new(namespace.clone()),
            builtins: ValueCell::new(builtins),
            trace: ValueCell::empty(),
        });
        let frame = self.frame_at_mut(below)?;
        match &mut frame.rare {
            Some(rare) => rare.object = object.clone(),
            None => {
                let rare = self.new_rare(namespace, object.clone());
                self.frame_at_mut(below)?.rare = Some(rare);
            }
        }
        Some(object)
    }

    /// The box of a frame's rare parts, the spare one if there is one.
    fn new_rare(&mut self, namespace: V<M>, object: V<M>) -> Box<Rare<M>> {
        match self.spare_rare.take() {
            Some(mut rare) => {
                *rare = Rare { namespace, object };
                rare
            }
            None => Box::new(Rare { namespace, object }),
        }
    }

    /// Drops the rare parts of a frame that has ended and keeps their box for the next one: frames
    /// that an exception leaves come and go one at a time.
    pub fn recycle_rare(&mut self, mut rare: Box<Rare<M>>) {
        rare.namespace = V::<M>::null();
        rare.object = V::<M>::null();
        self.spare_rare = Some(rare);
    }

    /// How far below the top the activation of a frame object is, while it runs.
    pub fn depth_of_frame_object(&self, object: &V<M>) -> Option<usize> {
        let index = object.get::<FrameObject<M>>()?.activation.get()? as usize;
        (self.depth_frames).checked_sub(1 + index)
    }

    /// `f_back` of a frame object: the caller's frame object.
    pub fn frame_back(&mut self, object: &V<M>) -> Option<V<M>> {
        match self.depth_of_frame_object(object) {
            Some(below) => self.frame_object(below + 1),
            None => object.get::<FrameObject<M>>()?.back.get(),
        }
    }

    /// `f_lasti` and `f_lineno` of a frame object.
    pub fn frame_position(&self, object: &V<M>) -> (i64, u32) {
        if let Some(below) = self.depth_of_frame_object(object) {
            let (lasti, line) = self.position_of_frame(below);
            return (i64::from(lasti), line);
        }
        let Some(f) = object.get::<FrameObject<M>>() else {
            return (-1, 0);
        };
        let lasti = f.lasti.get();
        match self.code_of_function(&f.function) {
            Some(code) if lasti == crate::types::frame::NOT_STARTED => (-1, code.firstlineno),
            Some(code) => (i64::from(lasti), code.line_of(lasti)),
            None => (i64::from(lasti), 0),
        }
    }

    /// The code object that a function runs.
    pub fn code_of_function(&self, function: &V<M>) -> Option<Arc<CodeObject>> {
        let code = function.get::<Function<M>>()?.code.load();
        code.get::<Code<M>>().map(|c| c.object.clone())
    }

    /// Gives a suspended generator's frame object back to its activation, now on top.
    pub fn attach_frame_object(&mut self, object: V<M>) {
        if let Some(f) = object.get::<FrameObject<M>>() {
            f.activation.set(Some((self.depth_frames - 1) as u32));
            f.locals.borrow_mut().clear();
        }
        self.frame_mut().rare = Some(Box::new(Rare {
            namespace: V::<M>::null(),
            object,
        }));
    }

    /// The top activation is being suspended: its frame object no longer has an activation.
    pub fn detach_frame_object(&mut self, object: &V<M>) {
        let (lasti, _) = self.position_of_frame(0);
        if let Some(f) = object.get::<FrameObject<M>>() {
            f.activation.set(None);
            f.lasti.set(lasti);
        }
    }

    /// The top activation ends: if somebody else holds its frame object, that takes the locals over.
    pub fn keep_locals_for_frame_object(&mut self, r: &mut Regs<M>) {
        let Some(rare) = &self.frame().rare else {
            return;
        };
        if rare.object.is_null() {
            return;
        }
        let object = rare.object.clone();
        let back = if self.depth_frames > 1 && !M::TRACED && M::reference_count(&object) == Some(2)
        {
            // Only the frame (and this function) holds the object: nobody will look.
            None
        } else {
            Some(self.frame_object(1).unwrap_or_else(V::<M>::null))
        };
        let (lasti, _) = self.position_of_frame(0);
        let Some(f) = object.get::<FrameObject<M>>() else {
            return;
        };
        f.activation.set(None);
        f.lasti.set(lasti);
        let Some(back) = back else { return };
        f.back.set(back);
        let linked = self.linked();
        let count = linked.nlocals + linked.nderefs;
        let words: Vec<V<M>> = (0..count)
            .map(|slot| r.swap_local(slot, V::<M>::null()))
            .collect();
        *f.locals.borrow_mut() = words;
    }

    /// Globals of the running Python frame.
    pub fn current_globals(&self) -> Option<V<M>> {
        if self.depth_frames == 0 {
            None
        } else {
            Some(self.frame_globals())
        }
    }

    /// What `locals()` gives in the running Python frame.
    pub fn current_locals(&mut self) -> Res<V<M>> {
        self.locals_of(0)
    }

    /// The namespace of the activation `below` the top: its own mapping, or a fresh snapshot of a
    /// function's locals in a dict that the frame keeps (`PyFrame_FastToLocals`).
    pub fn locals_of(&mut self, below: usize) -> Res<V<M>> {
        let Some(frame) = self.frame_at(below) else {
            return Err(self.raise(Exc::SystemError, "no current frame"));
        };
        if let Some(rare) = &frame.rare
            && !rare.namespace.is_null()
        {
            return Ok(rare.namespace.clone());
        }
        // SAFETY: as in `position_of_frame`.
        let linked = unsafe { &*frame.linked };
        if linked.flags & flags::CO_NEWLOCALS == 0 {
            let function = self.function_of(frame);
            return Ok(match function.get::<Function<M>>() {
                Some(f) => f.globals.clone(),
                None => V::<M>::none(),
            });
        }
        let count = linked.nlocals + linked.nderefs;
        let words: Vec<V<M>> = (0..count)
            .map(|slot| self.frame_word(frame, slot))
            .collect();
        let Some(object) = self.frame_object(below) else {
            return Ok(V::<M>::none());
        };
        Ok(self.snapshot_locals(&object, &words))
    }

    /// The names of a function frame and their values as the dict of its frame object.
    pub fn snapshot_locals(&mut self, object: &V<M>, words: &[V<M>]) -> V<M> {
        let Some(f) = object.get::<FrameObject<M>>() else {
            return V::<M>::none();
        };
        let dict = match f.namespace.get() {
            Some(d) => d,
            None => {
                let d = self.new_dict();
                f.namespace.set(d.clone());
                d
            }
        };
        let code = f.function.get::<Function<M>>().map(|f| f.code.load());
        let (Some(code), Some(table)) = (code, dict.get::<Dict<M>>().map(|d| &d.table)) else {
            return dict;
        };
        let Some(body) = code.get::<Code<M>>() else {
            return dict;
        };
        for (name, word) in body.varnames.iter().chain(body.derefs.iter()).zip(words) {
            let value = match word.get::<CellObject<M>>() {
                Some(cell) => cell.contents.load(),
                None => word.clone(),
            };
            let hash = self.str_hash(name);
            if value.is_null() {
                drop(table.remove_str(name, hash));
            } else {
                drop(table.insert_str(name.clone(), hash, value));
            }
        }
        dict
    }

    /// What `super()` without arguments means in the running frame: the class from the
    /// `__class__` cell and the first argument.
    pub fn super_context(&mut self) -> Res<(V<M>, V<M>)> {
        if self.depth_frames == 0 {
            return Err(self.raise(Exc::RuntimeError, "super(): no current frame"));
        }
        let linked = self.linked();
        let code = linked.code_object();
        if code.argcount == 0 {
            return Err(self.raise(Exc::RuntimeError, "super(): no arguments"));
        }
        let own = (linked.nderefs - linked.nfree) as usize;
        let nlocals = linked.nlocals;
        let first_is_cell = linked.cell_arguments.iter().position(|c| *c == Some(0));
        let class_slot = code.freevars.iter().position(|n| n == "__class__");
        let frame = self.frame();
        let mut first = self.frame_word(frame, 0);
        if first.is_null()
            && let Some(i) = first_is_cell
        {
            let cell = self.frame_word(frame, nlocals + i as u32);
            first = cell
                .get::<CellObject<M>>()
                .map_or_else(V::<M>::null, |c| c.contents.load());
        }
        if first.is_null() {
            return Err(self.raise(Exc::RuntimeError, "super(): arg[0] deleted"));
        }
        let Some(i) = class_slot else {
            return Err(self.raise(Exc::RuntimeError, "super(): __class__ cell not found"));
        };
        let cell = self.frame_word(frame, nlocals + (own + i) as u32);
        let class = cell
            .get::<CellObject<M>>()
            .map_or_else(V::<M>::null, |c| c.contents.load());
        if class.is_null() {
            return Err(self.raise(Exc::RuntimeError, "super(): empty __class__ cell"));
        }
        Ok((class, first))
    }
}
