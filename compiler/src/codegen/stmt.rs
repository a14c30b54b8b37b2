//! Statements, except those with blocks of their own.
//!
//! Each statement starts a line of its own in the line table.
//! Source: CPython 3.5 `compiler_visit_stmt` in `Python/compile.c`; variable annotations as
//! CPython 3.7 compiles them.

use ceval_bytecode::Opcode;

use crate::ast::{Expr, ExprContext, ExprKind, Operator, Slice, Stmt, StmtKind};
use crate::symtable::BlockKind;

use super::{Generator, Result, UnitKind};

/// Whether a statement is a docstring if it comes first.
pub(super) fn is_docstring(stmt: &Stmt) -> bool {
    matches!(&stmt.kind, StmtKind::Expr(value) if matches!(value.kind, ExprKind::Str(_)))
}

impl Generator<'_> {
    /// The body of a module or class: a docstring is stored as `__doc__`.
    pub(super) fn body(&mut self, stmts: &[Stmt]) -> Result<()> {
        let mut stmts = stmts;
        if self.block().has_annotations
            && let Some(first) = stmts.first()
        {
            self.unit.lineno = first.lineno;
            self.op(Opcode::SetupAnnotations);
        }
        if let [first, rest @ ..] = stmts
            && is_docstring(first)
            && self.options.optimize < 2
            && let StmtKind::Expr(value) = &first.kind
        {
            self.expr(value)?;
            self.name(self.names.doc, ExprContext::Store);
            stmts = rest;
        }
        self.stmts(stmts)
    }

    pub(super) fn stmts(&mut self, stmts: &[Stmt]) -> Result<()> {
        stmts.iter().try_for_each(|stmt| self.stmt(stmt))
    }

    fn stmt(&mut self, stmt: &Stmt) -> Result<()> {
        self.unit.lineno = stmt.lineno;
        self.unit.col_offset = stmt.col_offset;
        self.unit.lineno_set = false;
        match &stmt.kind {
            StmtKind::FunctionDef(def) => self.function(stmt, def, false),
            StmtKind::AsyncFunctionDef(def) => self.function(stmt, def, true),
            StmtKind::ClassDef(class) => self.class(stmt, class),
            StmtKind::Return(value) => self.return_(value.as_deref()),
            StmtKind::Delete(targets) => self.exprs(targets),
            StmtKind::Assign { targets, value } => {
                self.expr(value)?;
                if let [rest @ .., last] = targets.as_slice() {
                    for target in rest {
                        self.op(Opcode::DupTop);
                        self.expr(target)?;
                    }
                    self.expr(last)?;
                }
                Ok(())
            }
            StmtKind::AugAssign { target, op, value } => self.augmented(target, *op, value),
            StmtKind::AnnAssign {
                target,
                annotation,
                value,
                simple,
            } => self.annotated(target, annotation, value.as_deref(), *simple),
            StmtKind::For(node) => self.for_(node),
            StmtKind::AsyncFor(node) => self.async_for(node),
            StmtKind::While { test, body, orelse } => self.while_(test, body, orelse),
            StmtKind::If { test, body, orelse } => self.if_(test, body, orelse),
            StmtKind::With { items, body } => self.with(items, body),
            StmtKind::AsyncWith { items, body } => self.async_with(items, body),
            StmtKind::Raise { exc, cause } => {
                let mut count = 0;
                if let Some(exc) = exc {
                    self.expr(exc)?;
                    count += 1;
                    if let Some(cause) = cause {
                        self.expr(cause)?;
                        count += 1;
                    }
                }
                self.op_arg(Opcode::RaiseVarargs, count);
                Ok(())
            }
            StmtKind::Try(node) => self.try_(node),
            StmtKind::Assert { test, msg } => self.assert(test, msg.as_deref()),
            StmtKind::Import(names) => {
                self.import(names);
                Ok(())
            }
            StmtKind::ImportFrom {
                module,
                names,
                level,
            } => self.import_from(stmt.lineno, *module, names, *level),
            StmtKind::Global(_) | StmtKind::Nonlocal(_) | StmtKind::Pass => Ok(()),
            StmtKind::Expr(value) => self.expr_stmt(value),
            StmtKind::Break => {
                if !self.unit.in_loop() {
                    return self.error("'break' outside loop");
                }
                self.op(Opcode::BreakLoop);
                Ok(())
            }
            StmtKind::Continue => self.continue_(),
        }
    }

    fn return_(&mut self, value: Option<&Expr>) -> Result<()> {
        let block = self.block();
        if block.kind != BlockKind::Function {
            return self.error("'return' outside function");
        }
        match value {
            Some(_) if self.unit.kind == UnitKind::AsyncFunction && block.has_yield => {
                return self.error("'return' with value in async generator");
            }
            Some(value) => self.expr(value)?,
            None => self.load_none(),
        }
        self.op(Opcode::ReturnValue);
        Ok(())
    }

    fn expr_stmt(&mut self, value: &Expr) -> Result<()> {
        if self.is_interactive && self.outer.is_empty() {
            self.expr(value)?;
            self.op(Opcode::PrintExpr);
        } else if !matches!(value.kind, ExprKind::Str(_) | ExprKind::Num(_)) {
            self.expr(value)?;
            self.op(Opcode::PopTop);
        }
        Ok(())
    }

    fn assert(&mut self, test: &Expr, msg: Option<&Expr>) -> Result<()> {
        if self.options.optimize > 0 {
            return Ok(());
        }
        if matches!(&test.kind, ExprKind::Tuple { elts, .. } if !elts.is_empty()) {
            self.warn("assertion is always true, perhaps remove parentheses?");
        }
        self.expr(test)?;
        let end = self.unit.new_block();
        self.unit.jump(Opcode::PopJumpIfTrue, end);
        self.op_unmangled(Opcode::LoadGlobal, self.names.assertion_error);
        if let Some(msg) = msg {
            self.expr(msg)?;
            self.op_arg(Opcode::CallFunction, 1);
        }
        self.op_arg(Opcode::RaiseVarargs, 1);
        self.unit.use_next_block(end);
        Ok(())
    }

    /// The target is evaluated once: its parts are duplicated under the result.
    fn augmented(&mut self, target: &Expr, op: Operator, value: &Expr) -> Result<()> {
        match &target.kind {
            ExprKind::Attribute {
                value: object,
                attr,
                ..
            } => {
                self.locate(target);
                self.expr(object)?;
                self.op(Opcode::DupTop);
                self.op_name(Opcode::LoadAttr, *attr);
                self.expr(value)?;
                self.op(inplace_opcode(op));
                self.locate(target);
                self.op(Opcode::RotTwo);
                self.op_name(Opcode::StoreAttr, *attr);
            }
            ExprKind::Subscript {
                value: object,
                slice,
                ..
            } => {
                self.locate(target);
                self.expr(object)?;
                self.slice(slice)?;
                self.op(Opcode::DupTopTwo);
                self.op(Opcode::BinarySubscr);
                self.expr(value)?;
                self.op(inplace_opcode(op));
                self.locate(target);
                self.op(Opcode::RotThree);
                self.op(Opcode::StoreSubscr);
            }
            ExprKind::Name { id, .. } => {
                self.name(*id, ExprContext::Load);
                self.expr(value)?;
                self.op(inplace_opcode(op));
                self.name(*id, ExprContext::Store);
            }
            _ => return self.error("illegal expression for augmented assignment"),
        }
        Ok(())
    }

    fn annotated(
        &mut self,
        target: &Expr,
        annotation: &Expr,
        value: Option<&Expr>,
        simple: bool,
    ) -> Result<()> {
        if let Some(value) = value {
            self.expr(value)?;
            self.expr(target)?;
        }
        let stores = matches!(self.block().kind, BlockKind::Module | BlockKind::Class);
        match &target.kind {
            ExprKind::Name { id, .. } => {
                if simple && stores {
                    self.annotation(annotation)?;
                    self.name(self.names.annotations, ExprContext::Load);
                    let mangled = crate::mangle::mangle(self.interner, self.unit.private, *id);
                    self.load_symbol(mangled);
                    self.op(Opcode::StoreSubscr);
                }
            }
            // Without a value the parts of the target are evaluated for their effects.
            ExprKind::Attribute { value: object, .. } => {
                if value.is_none() {
                    self.discard(object)?;
                }
            }
            ExprKind::Subscript {
                value: object,
                slice,
                ..
            } => {
                if value.is_none() {
                    self.discard(object)?;
                    self.discard_slice(slice)?;
                }
            }
            _ => return self.error("illegal target for annotation"),
        }
        if !simple
            && stores
            && self.future.flags & ceval_bytecode::flags::CO_FUTURE_ANNOTATIONS == 0
        {
            self.discard(annotation)?;
        }
        Ok(())
    }

    fn discard(&mut self, expr: &Expr) -> Result<()> {
        self.expr(expr)?;
        self.op(Opcode::PopTop);
        Ok(())
    }

    fn discard_slice(&mut self, slice: &Slice) -> Result<()> {
        match slice {
            Slice::Index(value) => self.discard(value),
            Slice::Slice { lower, upper, step } => [lower, upper, step]
                .into_iter()
                .flatten()
                .try_for_each(|part| self.discard(part)),
            Slice::ExtSlice(dims) => dims.iter().try_for_each(|dim| self.discard_slice(dim)),
        }
    }
}

fn inplace_opcode(op: Operator) -> Opcode {
    match op {
        Operator::Add => Opcode::InplaceAdd,
        Operator::Sub => Opcode::InplaceSubtract,
        Operator::Mult => Opcode::InplaceMultiply,
        Operator::MatMult => Opcode::InplaceMatrixMultiply,
        Operator::Div => Opcode::InplaceTrueDivide,
        Operator::Mod => Opcode::InplaceModulo,
        Operator::Pow => Opcode::InplacePower,
        Operator::LShift => Opcode::InplaceLshift,
        Operator::RShift => Opcode::InplaceRshift,
        Operator::BitOr => Opcode::InplaceOr,
        Operator::BitXor => Opcode::InplaceXor,
        Operator::BitAnd => Opcode::InplaceAnd,
        Operator::FloorDiv => Opcode::InplaceFloorDivide,
    }
}
