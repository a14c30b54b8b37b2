//! Code objects and the constants inside them, as CPython 3.5's `PyCodeObject` has them.
//!
//! These are plain data: what the compiler produces, the disassembler prints, `.pyc` files
//! hold and the machine decodes. They are not the run-time `code` type of the guest.
//! Invariants kept by every producer in this workspace: `code` holds whole instructions only,
//! and every index operand is in range of the list that it indexes.
//! Source: CPython 3.5 `Include/code.h`, `Objects/codeobject.c`, `Objects/lnotab_notes.txt`.

use std::sync::Arc;

use num_bigint::BigInt;
use rustpython_wtf8::Wtf8Buf;

use crate::lines::LineStarts;

/// Bits of [`CodeObject::flags`] (`co_flags`).
pub mod flags {
    /// Locals live in fast slots; a new frame needs no locals dictionary.
    pub const CO_OPTIMIZED: u32 = 0x0001;
    /// A call makes a new locals namespace.
    pub const CO_NEWLOCALS: u32 = 0x0002;
    /// The function takes `*args`.
    pub const CO_VARARGS: u32 = 0x0004;
    /// The function takes `**kwargs`.
    pub const CO_VARKEYWORDS: u32 = 0x0008;
    /// The code belongs to a nested function scope.
    pub const CO_NESTED: u32 = 0x0010;
    /// A call makes a generator.
    pub const CO_GENERATOR: u32 = 0x0020;
    /// The code has neither free nor cell variables.
    pub const CO_NOFREE: u32 = 0x0040;
    /// A call makes a coroutine (`async def`).
    pub const CO_COROUTINE: u32 = 0x0080;
    /// A generator that `types.coroutine` marked as awaitable.
    pub const CO_ITERABLE_COROUTINE: u32 = 0x0100;
    /// A call makes an asynchronous generator (newer dialect only; CPython 3.6's bit).
    pub const CO_ASYNC_GENERATOR: u32 = 0x0200;
    /// `from __future__ import division`.
    pub const CO_FUTURE_DIVISION: u32 = 0x2000;
    /// `from __future__ import absolute_import`.
    pub const CO_FUTURE_ABSOLUTE_IMPORT: u32 = 0x4000;
    /// `from __future__ import with_statement`.
    pub const CO_FUTURE_WITH_STATEMENT: u32 = 0x8000;
    /// `from __future__ import print_function`.
    pub const CO_FUTURE_PRINT_FUNCTION: u32 = 0x1_0000;
    /// `from __future__ import unicode_literals`.
    pub const CO_FUTURE_UNICODE_LITERALS: u32 = 0x2_0000;
    /// `from __future__ import barry_as_FLUFL`.
    pub const CO_FUTURE_BARRY_AS_BDFL: u32 = 0x4_0000;
    /// `from __future__ import generator_stop`.
    pub const CO_FUTURE_GENERATOR_STOP: u32 = 0x8_0000;
    /// `from __future__ import annotations` (newer dialect only; CPython 3.7's bit).
    pub const CO_FUTURE_ANNOTATIONS: u32 = 0x10_0000;
    /// All bits that a `__future__` statement can set in Python 3.5 and that `compile` inherits.
    pub const CO_FUTURE_MASK: u32 = CO_FUTURE_DIVISION
        | CO_FUTURE_ABSOLUTE_IMPORT
        | CO_FUTURE_WITH_STATEMENT
        | CO_FUTURE_PRINT_FUNCTION
        | CO_FUTURE_UNICODE_LITERALS
        | CO_FUTURE_BARRY_AS_BDFL
        | CO_FUTURE_GENERATOR_STOP;
}

/// One code object: a module, class body, function, lambda or comprehension.
///
/// Fields are CPython's `co_*` attributes without the prefix. `Float` constants compare by
/// IEEE rules under `PartialEq`; compare [`crate::digest`] values to tell `0.0` from `-0.0`.
#[derive(Debug, Clone, PartialEq)]
pub struct CodeObject {
    /// `co_name`: the function or class name, or `<module>`, `<lambda>`, `<listcomp>` and so on.
    pub name: String,
    /// `co_filename`: the name that the source was compiled under.
    pub filename: String,
    /// `co_firstlineno`: the first line of the definition, from 1; a decorator's line if any.
    pub firstlineno: u32,
    /// `co_argcount`: positional parameters, positional-only ones included.
    pub argcount: u32,
    /// Positional-only parameters; always 0 in the 3.5 dialect.
    pub posonlyargcount: u32,
    /// `co_kwonlyargcount`: keyword-only parameters.
    pub kwonlyargcount: u32,
    /// `co_nlocals`: fast local slots, parameters included.
    pub nlocals: u32,
    /// `co_stacksize`: value stack slots needed, as CPython's compiler over-estimates it.
    pub stacksize: u32,
    /// `co_flags`: see [`flags`].
    pub flags: u32,
    /// `co_code`: one-byte instructions, three bytes from `HAVE_ARGUMENT` on.
    pub code: Vec<u8>,
    /// `co_lnotab`: pairs of (bytecode increment, line increment).
    pub lnotab: Vec<u8>,
    /// `co_consts`.
    pub consts: Vec<Constant>,
    /// `co_names`: global, attribute and imported names.
    pub names: Vec<String>,
    /// `co_varnames`: names of the fast locals, parameters first.
    pub varnames: Vec<String>,
    /// `co_freevars`: names of cells that come from enclosing scopes.
    pub freevars: Vec<String>,
    /// `co_cellvars`: names of locals that inner scopes use.
    pub cellvars: Vec<String>,
}

impl CodeObject {
    /// The source line of the instruction at byte `offset` (CPython's `PyCode_Addr2Line`).
    ///
    /// Costs one walk over the line table. Offsets past the end give the last line.
    #[must_use]
    pub fn line_of(&self, offset: u32) -> u32 {
        crate::lines::line_of(self, offset)
    }

    /// Pairs (byte offset, line) where a new line starts, as `dis.findlinestarts` gives them.
    #[must_use]
    pub fn line_starts(&self) -> LineStarts<'_> {
        LineStarts::new(self)
    }
}

/// A constant in `co_consts`.
#[derive(Debug, Clone, PartialEq)]
pub enum Constant {
    /// `None`
    None,
    /// `True`
    True,
    /// `False`
    False,
    /// `Ellipsis`
    Ellipsis,
    /// An `int` of any size.
    Int(BigInt),
    /// A `float`.
    Float(f64),
    /// A `complex`: real part, imaginary part.
    Complex(f64, f64),
    /// A `str`; lone surrogates are kept in their three-byte form.
    Str(Wtf8Buf),
    /// A `bytes`.
    Bytes(Vec<u8>),
    /// A `tuple` of constants.
    Tuple(Vec<Constant>),
    /// A `frozenset` of constants, in insertion order and without duplicates.
    FrozenSet(Vec<Constant>),
    /// A nested code object.
    Code(Arc<CodeObject>),
}
