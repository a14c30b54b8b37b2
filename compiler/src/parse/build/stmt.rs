//! Simple statements; compound ones are in `compound`, imports in `import`.

use super::{Builder, Step};
use crate::ast::{Expr, ExprContext, ExprKind, Operator, Stmt, StmtKind};
use crate::interner::Symbol;
use crate::tokens::Kind;

impl Builder<'_, '_> {
    /// Appends a line's simple statements, or one compound statement.
    pub(super) fn statement(&mut self, body: &mut Vec<Stmt>) -> Step<()> {
        if let Some(stmt) = self.compound_statement()? {
            body.push(stmt);
            return Ok(());
        }
        self.simple_statements(body)
    }

    /// `small_stmt (';' small_stmt)* [';'] NEWLINE`
    pub(super) fn simple_statements(&mut self, body: &mut Vec<Stmt>) -> Step<()> {
        loop {
            body.push(self.small_statement()?);
            if !self.take(Kind::Semi) || self.kind() == Kind::Newline {
                return self.expect(Kind::Newline);
            }
        }
    }

    /// A statement at token `at`.
    pub(super) fn stmt(&self, at: usize, kind: StmtKind) -> Stmt {
        let token = &self.table.tokens[at];
        Stmt {
            kind,
            lineno: token.line,
            col_offset: token.col,
        }
    }

    fn small_statement(&mut self) -> Step<Stmt> {
        let start = self.at;
        self.at += 1;
        let kind = match self.table.kind(start) {
            Kind::Pass => StmtKind::Pass,
            Kind::Break => StmtKind::Break,
            Kind::Continue => StmtKind::Continue,
            Kind::Return => StmtKind::Return(self.optional_testlist()?),
            Kind::Raise => self.raise()?,
            Kind::Global => StmtKind::Global(self.names()?),
            Kind::Nonlocal => StmtKind::Nonlocal(self.names()?),
            Kind::Del => StmtKind::Delete(self.exprlist(ExprContext::Del)?.0),
            Kind::Assert => {
                let test = self.boxed_test()?;
                let msg = if self.take(Kind::Comma) {
                    Some(self.boxed_test()?)
                } else {
                    None
                };
                StmtKind::Assert { test, msg }
            }
            Kind::Import => self.import_name()?,
            Kind::From => self.import_from()?,
            _ => {
                self.at = start;
                self.expression_statement()?
            }
        };
        Ok(self.stmt(start, kind))
    }

    fn raise(&mut self) -> Step<StmtKind> {
        if matches!(self.kind(), Kind::Newline | Kind::Semi) {
            return Ok(StmtKind::Raise {
                exc: None,
                cause: None,
            });
        }
        let exc = Some(self.boxed_test()?);
        let cause = if self.take(Kind::From) {
            Some(self.boxed_test()?)
        } else {
            None
        };
        Ok(StmtKind::Raise { exc, cause })
    }

    /// `NAME (',' NAME)*`
    fn names(&mut self) -> Step<Vec<Symbol>> {
        let mut names = vec![self.name()?];
        while self.take(Kind::Comma) {
            names.push(self.name()?);
        }
        Ok(names)
    }

    /// `expr_stmt`: an expression, an assignment or one of its variants.
    fn expression_statement(&mut self) -> Step<StmtKind> {
        let start = self.at;
        let first = self.testlist_or_yield()?;
        match self.kind() {
            Kind::Newline | Kind::Semi => Ok(StmtKind::Expr(Box::new(first))),
            Kind::Equal => self.assign(start, first),
            Kind::Colon => self.annotated_assign(start, first),
            kind => match augmented_operator(kind) {
                Some(op) => self.augmented_assign(start, first, op),
                None => Err(self.error(self.at, "invalid syntax")),
            },
        }
    }

    fn assign(&mut self, start: usize, first: Expr) -> Step<StmtKind> {
        let mut targets = Vec::with_capacity(1);
        let mut at = start;
        let mut value = first;
        while self.take(Kind::Equal) {
            if self.table.kind(at) == Kind::Yield {
                let message = "assignment to yield expression not possible";
                return Err(self.error(at, message));
            }
            self.store(&mut value, at)?;
            targets.push(value);
            at = self.at;
            value = self.testlist_or_yield()?;
        }
        Ok(StmtKind::Assign {
            targets,
            value: Box::new(value),
        })
    }

    fn augmented_assign(&mut self, start: usize, mut target: Expr, op: Operator) -> Step<StmtKind> {
        self.store(&mut target, start)?;
        if !is_single_target(&target) {
            let message = "illegal expression for augmented assignment";
            return Err(self.error(start, message));
        }
        self.at += 1;
        let value = Box::new(self.testlist_or_yield()?);
        Ok(StmtKind::AugAssign {
            target: Box::new(target),
            op,
            value,
        })
    }

    /// The rest of `target: annotation = value` from the colon (PEP 526).
    fn annotated_assign(&mut self, start: usize, mut target: Expr) -> Step<StmtKind> {
        let message = match &target.kind {
            ExprKind::List { .. } => Some("only single target (not list) can be annotated"),
            ExprKind::Tuple { .. } => Some("only single target (not tuple) can be annotated"),
            _ if !is_single_target(&target) => Some("illegal target for annotation"),
            _ => None,
        };
        if let Some(message) = message {
            return Err(self.error(start, message));
        }
        self.store(&mut target, start)?;
        let simple =
            matches!(target.kind, ExprKind::Name { .. }) && self.table.kind(start) == Kind::Name;
        self.expect(Kind::Colon)?;
        let annotation = self.boxed_test()?;
        let value = if self.take(Kind::Equal) {
            Some(Box::new(self.testlist_or_yield()?))
        } else {
            None
        };
        let target = Box::new(target);
        Ok(StmtKind::AnnAssign {
            target,
            annotation,
            value,
            simple,
        })
    }
}

fn is_single_target(target: &Expr) -> bool {
    matches!(
        target.kind,
        ExprKind::Name { .. } | ExprKind::Attribute { .. } | ExprKind::Subscript { .. }
    )
}

fn augmented_operator(kind: Kind) -> Option<Operator> {
    Some(match kind {
        Kind::PlusEqual => Operator::Add,
        Kind::MinEqual => Operator::Sub,
        Kind::StarEqual => Operator::Mult,
        Kind::AtEqual => Operator::MatMult,
        Kind::SlashEqual => Operator::Div,
        Kind::PercentEqual => Operator::Mod,
        Kind::AmperEqual => Operator::BitAnd,
        Kind::VBarEqual => Operator::BitOr,
        Kind::CircumflexEqual => Operator::BitXor,
        Kind::LeftShiftEqual => Operator::LShift,
        Kind::RightShiftEqual => Operator::RShift,
        Kind::DoubleStarEqual => Operator::Pow,
        Kind::DoubleSlashEqual => Operator::FloorDiv,
        _ => return None,
    })
}
