//! Targets of assignments, loops and `del`: `set_context` and `ast_for_exprlist`.

use super::{Builder, Step};
use crate::ast::{Expr, ExprContext, ExprKind};
use crate::checks::targets::set_context;
use crate::tokens::Kind;

impl Builder<'_, '_> {
    /// Makes `target` one that is assigned to; a complaint points at token `at`.
    pub(super) fn store(&self, target: &mut Expr, at: usize) -> Step<()> {
        self.set_context(target, ExprContext::Store, at)
    }

    fn set_context(&self, target: &mut Expr, ctx: ExprContext, at: usize) -> Step<()> {
        set_context(target, ctx, self.interner, self.dialect)
            .map_err(|message| self.error(at, message))
    }

    fn expr_or_star(&mut self) -> Step<Expr> {
        if self.kind() == Kind::Star {
            return self.star_expr();
        }
        self.expr()
    }

    /// `exprlist`, each of which gets the context. Also gives whether there is a comma.
    pub(super) fn exprlist(&mut self, ctx: ExprContext) -> Step<(Vec<Expr>, bool)> {
        let mut targets = Vec::with_capacity(1);
        let mut has_comma = false;
        loop {
            let start = self.at;
            let mut target = self.expr_or_star()?;
            self.set_context(&mut target, ctx, start)?;
            targets.push(target);
            if !self.take(Kind::Comma) {
                return Ok((targets, has_comma));
            }
            has_comma = true;
            if matches!(self.kind(), Kind::In | Kind::Newline | Kind::Semi) {
                return Ok((targets, has_comma));
            }
        }
    }

    /// The target of a `for`. A tuple without parentheses is where its first element is.
    pub(super) fn loop_target(&mut self) -> Step<Expr> {
        let (mut elts, has_comma) = self.exprlist(ExprContext::Store)?;
        if !has_comma && let Some(target) = elts.pop() {
            return Ok(target);
        }
        let (lineno, col_offset) = elts.first().map_or((1, 0), |e| (e.lineno, e.col_offset));
        let ctx = ExprContext::Store;
        Ok(Expr {
            kind: ExprKind::Tuple { elts, ctx },
            lineno,
            col_offset,
        })
    }
}
