//! First pass of the symbol table: expressions.
//!
//! Comprehensions are blocks of their own; only their outermost iterable belongs to the block
//! around them. Source: CPython 3.5 `symtable_visit_expr` in `Python/symtable.c`; for `:=`,
//! PEP 572 and CPython 3.8.

use crate::ast::{Comprehension, Expr, ExprContext, ExprKind, Keyword, Slice};

use super::build::{Builder, Result};
use super::uses::{DEF_COMP_ITER, DEF_GLOBAL, DEF_LOCAL, DEF_NONLOCAL, DEF_PARAM, USE};
use super::{BlockKind, Scope, SymbolInfo, expr_key};

impl Builder<'_> {
    pub(super) fn exprs(&mut self, exprs: &[Expr]) -> Result<()> {
        exprs.iter().try_for_each(|expr| self.expr(expr))
    }

    pub(super) fn optional(&mut self, expr: Option<&Expr>) -> Result<()> {
        expr.map_or(Ok(()), |expr| self.expr(expr))
    }

    pub(super) fn expr(&mut self, expr: &Expr) -> Result<()> {
        self.descend()?;
        match &expr.kind {
            ExprKind::BoolOp { values, .. } => self.exprs(values)?,
            ExprKind::NamedExpr { target, value } => {
                self.named_target(target)?;
                self.expr(value)?;
                self.expr(target)?;
            }
            ExprKind::BinOp { left, right, .. } => {
                self.expr(left)?;
                self.expr(right)?;
            }
            ExprKind::UnaryOp { operand, .. } => self.expr(operand)?,
            ExprKind::Lambda { args, body } => {
                self.defaults(args)?;
                self.enter(None, BlockKind::Function, expr_key(expr), expr.lineno);
                self.parameters(args)?;
                self.expr(body)?;
                self.exit();
            }
            ExprKind::IfExp { test, body, orelse } => {
                self.expr(test)?;
                self.expr(body)?;
                self.expr(orelse)?;
            }
            ExprKind::Dict { keys, values } => {
                keys.iter().flatten().try_for_each(|key| self.expr(key))?;
                self.exprs(values)?;
            }
            ExprKind::Set(elts) | ExprKind::List { elts, .. } | ExprKind::Tuple { elts, .. } => {
                self.exprs(elts)?;
            }
            ExprKind::ListComp { elt, generators } => {
                self.comprehension(expr, generators, elt, None)?;
            }
            ExprKind::SetComp { elt, generators } => {
                self.comprehension(expr, generators, elt, None)?;
            }
            ExprKind::DictComp {
                key,
                value,
                generators,
            } => {
                self.comprehension(expr, generators, key, Some(value))?;
            }
            ExprKind::GeneratorExp { elt, generators } => {
                self.comprehension(expr, generators, elt, None)?;
            }
            ExprKind::Yield(value) => {
                self.optional(value.as_deref())?;
                self.block().is_generator = true;
                self.block().has_yield = true;
            }
            ExprKind::YieldFrom(value) => {
                self.expr(value)?;
                self.block().is_generator = true;
                self.block().has_yield = true;
            }
            ExprKind::Await(value) => {
                self.expr(value)?;
                let block = self.block();
                if block.is_comprehension {
                    block.is_coroutine = true;
                } else {
                    block.is_generator = true;
                }
            }
            ExprKind::Compare {
                left, comparators, ..
            } => {
                self.expr(left)?;
                self.exprs(comparators)?;
            }
            ExprKind::Call {
                func,
                args,
                keywords,
            } => {
                self.expr(func)?;
                self.exprs(args)?;
                self.keywords(keywords)?;
            }
            ExprKind::Num(_)
            | ExprKind::Str(_)
            | ExprKind::Bytes(_)
            | ExprKind::Ellipsis
            | ExprKind::NameConstant(_) => {}
            ExprKind::JoinedStr(values) => self.exprs(values)?,
            ExprKind::FormattedValue {
                value, format_spec, ..
            } => {
                self.expr(value)?;
                self.optional(format_spec.as_deref())?;
            }
            ExprKind::Attribute { value, .. } | ExprKind::Starred { value, .. } => {
                self.expr(value)?;
            }
            ExprKind::Subscript { value, slice, .. } => {
                self.expr(value)?;
                self.slice(slice)?;
            }
            ExprKind::Name { id, ctx } => {
                let is_load = *ctx == ExprContext::Load;
                self.add(*id, if is_load { USE } else { DEF_LOCAL })?;
                // A function that mentions `super` needs the cell of the class around it.
                if is_load
                    && *id == self.well_known.super_
                    && self.block().kind == BlockKind::Function
                {
                    let class = self.well_known.class;
                    self.add(class, USE)?;
                }
            }
        }
        self.ascend();
        Ok(())
    }

    fn keywords(&mut self, keywords: &[Keyword]) -> Result<()> {
        keywords
            .iter()
            .try_for_each(|keyword| self.expr(&keyword.value))
    }

    fn slice(&mut self, slice: &Slice) -> Result<()> {
        match slice {
            Slice::Slice { lower, upper, step } => {
                self.optional(lower.as_ref())?;
                self.optional(upper.as_ref())?;
                self.optional(step.as_ref())
            }
            Slice::ExtSlice(dims) => dims.iter().try_for_each(|dim| self.slice(dim)),
            Slice::Index(value) => self.expr(value),
        }
    }

    fn comprehension(
        &mut self,
        expr: &Expr,
        generators: &[Comprehension],
        elt: &Expr,
        value: Option<&Expr>,
    ) -> Result<()> {
        let Some((outermost, rest)) = generators.split_first() else {
            return Ok(());
        };
        self.expr(&outermost.iter)?;
        self.enter(None, BlockKind::Function, expr_key(expr), expr.lineno);
        let block = self.block();
        block.is_comprehension = true;
        block.is_generator = matches!(expr.kind, ExprKind::GeneratorExp { .. });
        block.is_coroutine = generators.iter().any(|part| part.is_async);
        let iterable = self.well_known.iterable;
        self.add(iterable, DEF_PARAM)?;
        self.iteration_target(&outermost.target)?;
        self.exprs(&outermost.ifs)?;
        for part in rest {
            self.iteration_target(&part.target)?;
            self.expr(&part.iter)?;
            self.exprs(&part.ifs)?;
        }
        self.optional(value)?;
        self.expr(elt)?;
        self.exit();
        Ok(())
    }

    /// A comprehension's target; its names are marked so that `:=` can be refused for them.
    fn iteration_target(&mut self, target: &Expr) -> Result<()> {
        self.expr(target)?;
        self.mark_iteration(target);
        Ok(())
    }

    fn mark_iteration(&mut self, target: &Expr) {
        match &target.kind {
            ExprKind::Name { id, .. } => {
                // `expr` has added it as a local just before, so this cannot clash.
                let _ = self.add(*id, DEF_COMP_ITER);
            }
            ExprKind::Tuple { elts, .. } | ExprKind::List { elts, .. } => {
                elts.iter().for_each(|elt| self.mark_iteration(elt));
            }
            ExprKind::Starred { value, .. } => self.mark_iteration(value),
            _ => {}
        }
    }

    /// Inside comprehensions, `:=` binds in the block around them: the name is made nonlocal
    /// or global in each comprehension on the way.
    fn named_target(&mut self, target: &Expr) -> Result<()> {
        let ExprKind::Name { id, .. } = target.kind else {
            return Ok(());
        };
        if !self.block().is_comprehension {
            return Ok(());
        }
        let mut way = vec![self.current];
        let mut owner = self.current;
        for &outer in self.stack.iter().rev() {
            owner = outer;
            if !self.table.block(outer).is_comprehension {
                break;
            }
            way.push(outer);
        }
        let mangled = crate::mangle::mangle(self.interner, self.private, id);
        let fresh = SymbolInfo {
            uses: 0,
            scope: Scope::Unknown,
        };
        for &block in &way {
            let info = self.table.block(block).symbols.get(mangled);
            if info.is_some_and(|info| info.uses & DEF_COMP_ITER != 0) {
                let name = self.interner.name(id);
                let message = format!(
                    "assignment expression cannot rebind comprehension iteration variable '{name}'"
                );
                return self.error(message, target.lineno);
            }
        }
        let in_comprehension = match self.table.block(owner).kind {
            BlockKind::Class => {
                let message = "assignment expression within a comprehension cannot be used in a \
                               class body";
                return self.error(message.to_owned(), target.lineno);
            }
            BlockKind::Module => DEF_GLOBAL,
            BlockKind::Function => {
                let info = self.table.block(owner).symbols.get(mangled);
                if info.is_some_and(|info| info.uses & DEF_GLOBAL != 0) {
                    DEF_GLOBAL
                } else {
                    DEF_NONLOCAL
                }
            }
        };
        let owner = self.table.block_mut(owner);
        let entry = owner.symbols.entry(mangled, fresh);
        if entry.uses & (DEF_GLOBAL | DEF_NONLOCAL) == 0 {
            entry.uses |= if in_comprehension == DEF_GLOBAL {
                DEF_GLOBAL
            } else {
                DEF_LOCAL
            };
        }
        for block in way {
            let symbols = &mut self.table.block_mut(block).symbols;
            symbols.entry(mangled, fresh).uses |= in_comprehension;
        }
        Ok(())
    }
}
