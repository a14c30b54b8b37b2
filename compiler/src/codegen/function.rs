//! Function definitions, lambdas and classes.
//!
//! Source: CPython 3.5 `compiler_function`, `compiler_class`, `compiler_lambda`,
//! `compiler_make_closure` in `Python/compile.c`.

use ceval_bytecode::{Opcode, flags};
use rustpython_wtf8::Wtf8;

use crate::ast::{Arg, Arguments, ClassDef, Expr, ExprContext, ExprKind, FunctionDef};
use crate::ast::{Stmt, StmtKind};
use crate::error::{CompileError, ErrorKind};
use crate::interner::Symbol;
use crate::mangle::mangle;
use crate::symtable::{Scope, expr_key, stmt_key};
use crate::unparse::unparse;

use super::consts::ConstRef;
use super::stmt::is_docstring;
use super::{Finished, Generator, Result, UnitKind};

/// How many annotations a function may have: their count and one more fit in 16 bits.
const MAX_ANNOTATIONS: usize = 65534;

impl Generator<'_> {
    pub(super) fn function(
        &mut self,
        stmt: &Stmt,
        def: &FunctionDef,
        is_async: bool,
    ) -> Result<()> {
        self.exprs(&def.decorator_list)?;
        let defaults = self.defaults(&def.args)?;
        let annotations = self.annotations(&def.args, def.returns.as_deref())?;

        let kind = if is_async {
            UnitKind::AsyncFunction
        } else {
            UnitKind::Function
        };
        self.enter(kind, def.name, stmt_key(stmt), stmt.lineno)?;
        // The first constant is the docstring, or None in its place.
        let mut body = def.body.as_slice();
        let mut docstring = ConstRef::None;
        if let [first, rest @ ..] = body
            && is_docstring(first)
        {
            body = rest;
            if self.options.optimize < 2
                && let StmtKind::Expr(value) = &first.kind
                && let ExprKind::Str(text) = &value.kind
            {
                docstring = ConstRef::Str(text);
            }
        }
        self.unit.consts.add(docstring);
        self.argument_counts(&def.args);
        self.stmts(body)?;
        let is_async_generator = is_async && self.block().has_yield;
        let mut finished = self.exit(true)?;
        if is_async_generator {
            finished.code.flags &= !flags::CO_GENERATOR;
            finished.code.flags |= flags::CO_ASYNC_GENERATOR;
        } else if is_async {
            finished.code.flags |= flags::CO_COROUTINE;
        }
        self.closure(finished, defaults | annotations << 16);
        for _ in &def.decorator_list {
            self.op_arg(Opcode::CallFunction, 1);
        }
        self.name(def.name, ExprContext::Store);
        Ok(())
    }

    pub(super) fn lambda(&mut self, expr: &Expr, args: &Arguments, body: &Expr) -> Result<()> {
        let defaults = self.defaults(args)?;
        self.enter(
            UnitKind::Lambda,
            self.names.lambda,
            expr_key(expr),
            expr.lineno,
        )?;
        // Keeps a string in the body from being taken for a docstring.
        self.unit.consts.add(ConstRef::None);
        self.argument_counts(args);
        self.expr(body)?;
        let is_generator = self.block().is_generator;
        if !is_generator {
            self.op(Opcode::ReturnValue);
        }
        let finished = self.exit(!is_generator)?;
        self.closure(finished, defaults);
        Ok(())
    }

    pub(super) fn class(&mut self, stmt: &Stmt, class: &ClassDef) -> Result<()> {
        self.exprs(&class.decorator_list)?;
        self.enter(UnitKind::Class, class.name, stmt_key(stmt), stmt.lineno)?;
        self.unit.private = Some(class.name);
        self.name(self.names.dunder_name, ExprContext::Load);
        self.name(self.names.dunder_module, ExprContext::Store);
        let qualname = self.unit.qualname.clone();
        self.load_const(ConstRef::Str(Wtf8::new(&*qualname)));
        self.name(self.names.qualname, ExprContext::Store);
        self.body(&class.body)?;
        if self.block().needs_class_closure {
            // The body gives the cell that the class builder fills with the class.
            self.op_arg(Opcode::LoadClosure, 0);
        } else {
            self.load_none();
        }
        self.op(Opcode::ReturnValue);
        let mut finished = self.exit(true)?;

        self.op(Opcode::LoadBuildClass);
        finished.qualname = self.interner.name(class.name).into();
        self.closure(finished, 0);
        self.load_symbol(class.name);
        self.call(2, &class.bases, &class.keywords)?;
        for _ in &class.decorator_list {
            self.op_arg(Opcode::CallFunction, 1);
        }
        self.name(class.name, ExprContext::Store);
        Ok(())
    }

    /// Makes a function of a code object; `operand` counts what is on the stack for it.
    pub(super) fn closure(&mut self, finished: Finished, operand: usize) {
        let Finished {
            code,
            freevars,
            qualname,
        } = finished;
        for &name in &freevars {
            // A class's own `__class__` is always its cell; and a name that a class body binds
            // while a method takes it from further out is passed on, not read.
            let is_class_cell = self.unit.kind == UnitKind::Class && name == self.names.class_cell;
            let scope = match self.block().scope(name) {
                _ if is_class_cell => Scope::Cell,
                Some(Scope::Cell) => Scope::Cell,
                _ => Scope::Free,
            };
            let slot = self.cell_slot(name, scope);
            self.op_arg(Opcode::LoadClosure, slot);
        }
        if !freevars.is_empty() {
            self.op_arg(Opcode::BuildTuple, freevars.len());
        }
        let place = self.unit.consts.add_code(code);
        self.op_arg(Opcode::LoadConst, place);
        self.load_const(ConstRef::Str(Wtf8::new(&*qualname)));
        let opcode = if freevars.is_empty() {
            Opcode::MakeFunction
        } else {
            Opcode::MakeClosure
        };
        self.op_arg(opcode, operand);
    }

    fn argument_counts(&mut self, args: &Arguments) {
        let count = |list: &[Arg]| list.len() as u32;
        self.unit.posonlyargcount = count(&args.posonlyargs);
        self.unit.argcount = count(&args.posonlyargs) + count(&args.args);
        self.unit.kwonlyargcount = count(&args.kwonlyargs);
    }

    /// Evaluates the default values. Gives the operand of `MAKE_FUNCTION` for them.
    fn defaults(&mut self, args: &Arguments) -> Result<usize> {
        self.exprs(&args.defaults)?;
        let mut keyword_defaults = 0;
        for (arg, default) in args.kwonlyargs.iter().zip(&args.kw_defaults) {
            let Some(default) = default else {
                continue;
            };
            let mangled = mangle(self.interner, self.unit.private, arg.arg);
            self.load_symbol(mangled);
            self.expr(default)?;
            keyword_defaults += 1;
        }
        Ok(args.defaults.len() | keyword_defaults << 8)
    }

    /// Evaluates the annotations and loads a tuple of their names. Gives how many values that
    /// is, the tuple included.
    fn annotations(&mut self, args: &Arguments, returns: Option<&Expr>) -> Result<usize> {
        let mut names: Vec<Symbol> = Vec::new();
        let positional = args.posonlyargs.iter().chain(&args.args);
        let all = positional
            .chain(args.vararg.as_deref())
            .chain(&args.kwonlyargs)
            .chain(args.kwarg.as_deref());
        for arg in all {
            if let Some(annotation) = &arg.annotation {
                self.annotation(annotation)?;
                names.push(mangle(self.interner, self.unit.private, arg.arg));
            }
        }
        if let Some(returns) = returns {
            self.annotation(returns)?;
            names.push(self.names.return_);
        }
        if names.is_empty() {
            return Ok(0);
        }
        if names.len() > MAX_ANNOTATIONS {
            return Err(Box::new(CompileError::without_position(
                ErrorKind::SyntaxError,
                "too many annotations",
                self.filename,
            )));
        }
        let texts: Vec<&str> = names.iter().map(|&name| self.interner.name(name)).collect();
        let place = self.unit.consts.add(ConstRef::Names(&texts));
        self.op_arg(Opcode::LoadConst, place);
        Ok(names.len() + 1)
    }

    /// Evaluates an annotation, or loads its text under `from __future__ import annotations`.
    pub(super) fn annotation(&mut self, annotation: &Expr) -> Result<()> {
        if self.future.flags & flags::CO_FUTURE_ANNOTATIONS == 0 {
            return self.expr(annotation);
        }
        self.locate(annotation);
        let text = unparse(annotation, self.interner);
        self.load_const(ConstRef::Str(&text));
        Ok(())
    }
}
