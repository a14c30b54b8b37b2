//! `code`: a CPython 3.5 code object, and its linked form for the machine.
//!
//! The public part is `bytecode::CodeObject`, byte for byte CPython's. On the
//! first call it is decoded, passed through the cell's instruction passes and
//! handed to the dispatch strategy, which makes its own units of it: that is
//! [`Linked`]. Linking is lazy, so code that never runs costs nothing.

use crate::dispatch::Units;
use crate::instr::cache::CacheEntry;
use crate::object::{ObjectModel, Trace, V, Visitor};
use ceval_bytecode::CodeObject;
use std::cell::{Cell, OnceCell};
use std::sync::Arc;

/// Body of a code object.
pub struct Code<M: ObjectModel> {
    /// The code object as the compiler made it.
    pub object: Arc<CodeObject>,
    /// `co_consts` as values, in order; nested code objects are values of this type.
    pub consts: Box<[V<M>]>,
    /// `co_names` as interned strings.
    pub names: Box<[V<M>]>,
    /// `co_name` as an interned string.
    pub name: V<M>,
    /// `co_varnames` as interned strings.
    pub varnames: Box<[V<M>]>,
    /// Names of cells and free variables, in that order, as interned strings.
    pub derefs: Box<[V<M>]>,
    /// The linked form.
    pub linked: OnceCell<Box<Linked<M>>>,
}

/// Code as the cell's dispatch strategy runs it.
pub struct Linked<M: ObjectModel> {
    /// The strategy's units; owns them.
    pub units: Units,
    /// Address of the first unit.
    pub entry: *const u8,
    /// The decoded instructions that the units were made of, for disassembly and profiles.
    pub instructions: Box<[crate::instr::Instr]>,
    /// Bytecode offset of each unit (`f_lasti`).
    pub offsets: Box<[u32]>,
    /// Line of each unit, made when a position is first asked for.
    pub lines: OnceCell<Box<[u32]>>,
    /// Inline caches, indexed by the instructions that have one.
    pub caches: Box<[Cell<CacheEntry>]>,
    /// Constants: points at `Code::consts`, which lives as long.
    pub consts: *const V<M>,
    /// Names: points at `Code::names`.
    pub names: *const V<M>,
    /// Back to the code object's body.
    pub code: *const Code<M>,
    /// Local variables, parameters included.
    pub nlocals: u32,
    /// Cells and free variables, which follow the locals.
    pub nderefs: u32,
    /// Of these, the free variables.
    pub nfree: u32,
    /// Words of a frame: locals, cells and operand stack.
    pub frame_size: u32,
    /// Positional parameters.
    pub argcount: u32,
    /// Keyword-only parameters.
    pub kwonlyargcount: u32,
    /// Positional-only parameters.
    pub posonlyargcount: u32,
    /// `co_flags`.
    pub flags: u32,
    /// No keyword-only parameters, `*args` or `**kwargs`.
    pub is_plain_signature: bool,
    /// For each cell the parameter it holds, if it holds one (`co_cell2arg`).
    pub cell_arguments: Box<[Option<u32>]>,
}

impl<M: ObjectModel> Linked<M> {
    /// The code object that this is the linked form of.
    pub fn code_object(&self) -> &CodeObject {
        &self.code_body().object
    }

    /// Bytecode offset and line of a unit.
    pub fn position(&self, unit: usize) -> (u32, u32) {
        let line = |&offset: &u32| self.code_object().line_of(offset);
        let lines = self
            .lines
            .get_or_init(|| self.offsets.iter().map(line).collect());
        match (self.offsets.get(unit), lines.get(unit)) {
            (Some(&offset), Some(&line)) => (offset, line),
            _ => (0, self.code_object().line_of(0)),
        }
    }

    /// Names of the locals, parameters first, as interned strings.
    pub fn parameter_names(&self) -> &[V<M>] {
        &self.code_body().varnames
    }

    /// The code object's body, which owns this.
    pub fn code_body(&self) -> &Code<M> {
        // SAFETY: `code` is the body that owns this linked form; it does not move.
        unsafe { &*self.code }
    }
}

impl<M: ObjectModel> Trace<M> for Code<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.name);
        for list in [&self.consts, &self.names, &self.varnames, &self.derefs] {
            for v in list.iter() {
                visitor.visit(v);
            }
        }
    }
}

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    super::code_attributes::init(vm);
}
