//! The code generator: from the syntax tree to basic blocks, one [`Unit`] a code object.
//!
//! A re-creation of CPython 3.5.1's compiler, byte for byte: which instructions, in which
//! order, with which operands, and which instruction starts a new line. Jump offsets, the line
//! table and optimisation come later ([`crate::assemble`], [`crate::peephole`]).
//! Source: CPython 3.5.1 `Python/compile.c`.

mod async_next;
mod call;
mod comprehension;
mod consts;
mod control;
mod exception;
mod expr;
mod fstring;
mod function;
mod import;
mod name;
mod stmt;
mod target;
mod unit;
mod with;

use std::cell::RefCell;
use std::rc::Rc;

use ceval_bytecode::{CodeObject, Opcode};
use rustpython_wtf8::Wtf8;

use crate::assemble::{CodeContext, assemble};
use crate::ast::Mod;
use crate::error::{CompileError, ErrorKind, Warning, WarningKind};
use crate::future::FutureFeatures;
use crate::interner::{Interner, Symbol};
use crate::mangle::mangle;
use crate::options::{Dialect, Options};
use crate::symtable::{Block, Scope, SymbolTable};

pub(crate) use consts::ConstRef;
pub(crate) use consts::is_equal_code;
use unit::Buffers;
pub(crate) use unit::{FrameBlock, Instr, InstrKind, Label, Unit, UnitKind};

type Result<T> = std::result::Result<T, Box<CompileError>>;

/// Identifiers that the generator itself uses.
struct WellKnown {
    module: Symbol,
    lambda: Symbol,
    genexpr: Symbol,
    listcomp: Symbol,
    setcomp: Symbol,
    dictcomp: Symbol,
    class_cell: Symbol,
    doc: Symbol,
    dunder_name: Symbol,
    dunder_module: Symbol,
    qualname: Symbol,
    annotations: Symbol,
    debug: Symbol,
    future: Symbol,
    return_: Symbol,
    empty: Symbol,
    assertion_error: Symbol,
    stop_async_iteration: Symbol,
}

impl WellKnown {
    fn new(interner: &mut Interner) -> WellKnown {
        WellKnown {
            module: interner.intern("<module>"),
            lambda: interner.intern("<lambda>"),
            genexpr: interner.intern("<genexpr>"),
            listcomp: interner.intern("<listcomp>"),
            setcomp: interner.intern("<setcomp>"),
            dictcomp: interner.intern("<dictcomp>"),
            class_cell: interner.intern("__class__"),
            doc: interner.intern("__doc__"),
            dunder_name: interner.intern("__name__"),
            dunder_module: interner.intern("__module__"),
            qualname: interner.intern("__qualname__"),
            annotations: interner.intern("__annotations__"),
            debug: interner.intern("__debug__"),
            future: interner.intern("__future__"),
            return_: interner.intern("return"),
            empty: interner.intern(""),
            assertion_error: interner.intern("AssertionError"),
            stop_async_iteration: interner.intern("StopAsyncIteration"),
        }
    }
}

/// A finished code object with what its maker needs to load it.
struct Finished {
    code: CodeObject,
    /// `co_freevars` as symbols.
    freevars: Vec<Symbol>,
    qualname: Rc<str>,
}

/// The code generator of one source.
pub(crate) struct Generator<'a> {
    table: &'a SymbolTable,
    interner: &'a mut Interner,
    filename: &'a str,
    options: &'a Options,
    future: FutureFeatures,
    warnings: &'a mut Vec<Warning>,
    /// Where to list the basic blocks, if anywhere.
    listing: Option<&'a RefCell<String>>,
    names: WellKnown,
    is_interactive: bool,
    /// The current unit.
    unit: Unit,
    /// The units around it, from the module inwards.
    outer: Vec<Unit>,
    /// Lists of finished units.
    buffers: Vec<Buffers>,
}

impl<'a> Generator<'a> {
    /// A generator for one source. The basic blocks of every code object are listed in
    /// `listing`, if there is one.
    pub(crate) fn new(
        table: &'a SymbolTable,
        interner: &'a mut Interner,
        filename: &'a str,
        options: &'a Options,
        future: FutureFeatures,
        warnings: &'a mut Vec<Warning>,
        listing: Option<&'a RefCell<String>>,
    ) -> Self {
        let names = WellKnown::new(interner);
        let unit = Unit::new(
            UnitKind::Module,
            names.module,
            SymbolTable::TOP,
            table.block(SymbolTable::TOP),
            names.class_cell,
            interner,
            Buffers::default(),
        );
        Generator {
            table,
            interner,
            filename,
            options,
            future,
            warnings,
            listing,
            names,
            is_interactive: false,
            unit,
            outer: Vec::new(),
            buffers: Vec::new(),
        }
    }

    /// Generates the code object of the whole source.
    pub(crate) fn generate(mut self, root: &Mod) -> Result<CodeObject> {
        self.is_interactive = matches!(root, Mod::Interactive(_));
        let returns_none = match root {
            Mod::Module(body) => {
                self.body(body)?;
                true
            }
            Mod::Interactive(body) => {
                self.stmts(body)?;
                true
            }
            Mod::Expression(body) => {
                self.expr(body)?;
                false
            }
        };
        let mut unit = self.unit;
        let context = CodeContext {
            table: self.table,
            interner: self.interner,
            filename: self.filename,
            flags: self.options.flags | self.future.flags,
            listing: self.listing,
        };
        Ok(assemble(&mut unit, returns_none, &context))
    }

    fn block(&self) -> &'a Block {
        self.table.block(self.unit.block)
    }

    fn is_new_dialect(&self) -> bool {
        self.options.dialect == Dialect::Default
    }

    /// Starts the code object of the node with this key in the symbol table.
    fn enter(&mut self, kind: UnitKind, name: Symbol, key: usize, lineno: u32) -> Result<()> {
        let Some(block) = self.table.find(key) else {
            return Err(Box::new(CompileError::without_position(
                ErrorKind::SystemError,
                "unknown symbol table entry",
                self.filename,
            )));
        };
        let mut unit = Unit::new(
            kind,
            name,
            block,
            self.table.block(block),
            self.names.class_cell,
            self.interner,
            self.buffers.pop().unwrap_or_default(),
        );
        unit.firstlineno = lineno;
        unit.private = self.unit.private;
        unit.qualname = self.qualified(kind, name);
        let outer = std::mem::replace(&mut self.unit, unit);
        self.outer.push(outer);
        Ok(())
    }

    /// Ends the current code object and goes back to the one around it.
    fn exit(&mut self, returns_none: bool) -> Result<Finished> {
        let Some(outer) = self.outer.pop() else {
            return Err(Box::new(CompileError::without_position(
                ErrorKind::SystemError,
                "no enclosing code object",
                self.filename,
            )));
        };
        let mut unit = std::mem::replace(&mut self.unit, outer);
        let freevars = unit.freevars.symbols().collect();
        let qualname = unit.qualname.clone();
        let context = CodeContext {
            table: self.table,
            interner: self.interner,
            filename: self.filename,
            flags: self.options.flags | self.future.flags,
            listing: self.listing,
        };
        let code = assemble(&mut unit, returns_none, &context);
        self.buffers.push(unit.into_buffers());
        Ok(Finished {
            code,
            freevars,
            qualname,
        })
    }

    /// The dotted name of a code object inside the current one.
    fn qualified(&mut self, kind: UnitKind, name: Symbol) -> Rc<str> {
        let plain = |interner: &Interner| Rc::from(interner.name(name));
        if self.outer.is_empty() {
            return plain(self.interner);
        }
        if matches!(
            kind,
            UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Class
        ) {
            let mangled = mangle(self.interner, self.unit.private, name);
            if self.block().scope(mangled) == Some(Scope::GlobalExplicit) {
                return plain(self.interner);
            }
        }
        let inside_function = matches!(
            self.unit.kind,
            UnitKind::Function | UnitKind::AsyncFunction | UnitKind::Lambda
        );
        let locals = if inside_function { ".<locals>" } else { "" };
        let base = &self.unit.qualname;
        Rc::from(format!("{base}{locals}.{}", self.interner.name(name)))
    }

    /// A syntax error at the current line and column.
    fn error<T>(&self, message: &str) -> Result<T> {
        Err(Box::new(CompileError::at(
            ErrorKind::SyntaxError,
            message,
            self.filename,
            self.unit.lineno,
            self.unit.col_offset,
        )))
    }

    fn warn(&mut self, message: &str) {
        self.warnings.push(Warning {
            kind: WarningKind::SyntaxWarning,
            message: message.to_owned(),
            filename: self.filename.to_owned(),
            line: self.unit.lineno,
            error_line: None,
        });
    }

    fn op(&mut self, opcode: Opcode) {
        self.unit.op(opcode);
    }

    fn op_arg(&mut self, opcode: Opcode, arg: usize) {
        self.unit.op_arg(opcode, arg);
    }

    fn load_const(&mut self, constant: ConstRef<'_>) {
        let place = self.unit.consts.add(constant);
        self.unit.op_arg(Opcode::LoadConst, place);
    }

    fn load_none(&mut self) {
        self.load_const(ConstRef::None);
    }

    /// Loads an identifier's text as a string.
    fn load_symbol(&mut self, name: Symbol) {
        let text = Wtf8::new(self.interner.name(name));
        let place = self.unit.consts.add(ConstRef::Str(text));
        self.unit.op_arg(Opcode::LoadConst, place);
    }

    /// Awaits what is on the top: it has to be an awaitable's iterator already.
    fn await_top(&mut self) {
        self.load_none();
        self.op(Opcode::YieldFrom);
    }

    fn push_frame_block(&mut self, kind: FrameBlock, label: Label) -> Result<()> {
        if self.unit.frame_blocks.len() >= unit::MAX_FRAME_BLOCKS {
            return Err(Box::new(CompileError::without_position(
                ErrorKind::SystemError,
                "too many statically nested blocks",
                self.filename,
            )));
        }
        self.unit.frame_blocks.push((kind, label));
        Ok(())
    }

    fn pop_frame_block(&mut self) {
        self.unit.frame_blocks.pop();
    }
}
