//! Expressions down to the operators; what they are applied to is in `atom`.

use super::{Builder, Step};
use crate::ast::{BoolOp, CmpOp, Comprehension, Expr, ExprContext, ExprKind, Operator, UnaryOp};
use crate::tokens::Kind;

/// The binding strength of `|`, the weakest binary operator.
const WEAKEST: u8 = 0;

impl Builder<'_, '_> {
    /// `testlist` and `testlist_star_expr`: one expression, or a tuple without parentheses.
    pub(super) fn testlist(&mut self) -> Step<Expr> {
        let start = self.at;
        let first = self.test_or_star()?;
        if self.kind() != Kind::Comma {
            return Ok(first);
        }
        let elts = self.rest_of_list(first, Self::test_or_star)?;
        let ctx = ExprContext::Load;
        Ok(self.node(start, ExprKind::Tuple { elts, ctx }))
    }

    /// `first` and what follows it after commas, of which the last may stand alone.
    pub(super) fn rest_of_list(
        &mut self,
        first: Expr,
        element: fn(&mut Self) -> Step<Expr>,
    ) -> Step<Vec<Expr>> {
        let mut elts = vec![first];
        while self.take(Kind::Comma) && self.begins_expression() {
            elts.push(element(self)?);
        }
        Ok(elts)
    }

    /// Whether the next token can begin a `test` or `star_expr`.
    fn begins_expression(&self) -> bool {
        matches!(
            self.kind(),
            Kind::Name
                | Kind::Number
                | Kind::Str
                | Kind::Await
                | Kind::LPar
                | Kind::LSqb
                | Kind::LBrace
                | Kind::Plus
                | Kind::Minus
                | Kind::Tilde
                | Kind::Star
                | Kind::Not
                | Kind::Lambda
                | Kind::Ellipsis
                | Kind::None
                | Kind::True
                | Kind::False
        )
    }

    pub(super) fn test_or_star(&mut self) -> Step<Expr> {
        if self.kind() == Kind::Star {
            return self.star_expr();
        }
        self.test()
    }

    /// `namedexpr_test | star_expr`
    pub(super) fn named_or_star(&mut self) -> Step<Expr> {
        if self.kind() == Kind::Star {
            return self.star_expr();
        }
        self.named_test()
    }

    /// `test [':=' test]`
    pub(super) fn named_test(&mut self) -> Step<Expr> {
        let start = self.at;
        let test = self.test()?;
        if self.kind() != Kind::ColonEqual {
            return Ok(test);
        }
        self.named_expr(start, test)
    }

    /// The rest of `target := value` from the operator.
    pub(super) fn named_expr(&mut self, start: usize, mut target: Expr) -> Step<Expr> {
        self.expect(Kind::ColonEqual)?;
        if !matches!(target.kind, ExprKind::Name { .. }) {
            return Err(self.error(start, "can only use assignment expressions with a name"));
        }
        self.store(&mut target, start)?;
        let kind = ExprKind::NamedExpr {
            target: Box::new(target),
            value: self.boxed_test()?,
        };
        Ok(self.node(start, kind))
    }

    /// `'*' expr`
    pub(super) fn star_expr(&mut self) -> Step<Expr> {
        let start = self.at;
        self.expect(Kind::Star)?;
        let value = Box::new(self.expr()?);
        let ctx = ExprContext::Load;
        Ok(self.node(start, ExprKind::Starred { value, ctx }))
    }

    /// `or_test ['if' or_test 'else' test] | lambdef`
    pub(super) fn test(&mut self) -> Step<Expr> {
        if self.kind() == Kind::Lambda {
            return self.lambda(Self::test);
        }
        let start = self.at;
        let body = self.or_test()?;
        if self.kind() != Kind::If {
            return Ok(body);
        }
        self.at += 1;
        let test = Box::new(self.or_test()?);
        self.expect(Kind::Else)?;
        let orelse = self.boxed_test()?;
        let body = Box::new(body);
        Ok(self.node(start, ExprKind::IfExp { test, body, orelse }))
    }

    /// `or_test | lambdef_nocond`
    fn test_nocond(&mut self) -> Step<Expr> {
        if self.kind() == Kind::Lambda {
            return self.lambda(Self::test_nocond);
        }
        self.or_test()
    }

    fn lambda(&mut self, body: fn(&mut Self) -> Step<Expr>) -> Step<Expr> {
        let start = self.at;
        self.at += 1;
        let args = Box::new(self.parameters(Kind::Colon)?);
        self.expect(Kind::Colon)?;
        let body = Box::new(body(self)?);
        Ok(self.node(start, ExprKind::Lambda { args, body }))
    }

    fn or_test(&mut self) -> Step<Expr> {
        self.bool_operation(Kind::Or, BoolOp::Or, Self::and_test)
    }

    fn and_test(&mut self) -> Step<Expr> {
        self.bool_operation(Kind::And, BoolOp::And, Self::not_test)
    }

    #[inline(always)]
    fn bool_operation(
        &mut self,
        operator: Kind,
        op: BoolOp,
        operand: fn(&mut Self) -> Step<Expr>,
    ) -> Step<Expr> {
        let start = self.at;
        let first = operand(self)?;
        if self.kind() != operator {
            return Ok(first);
        }
        let mut values = vec![first];
        while self.take(operator) {
            values.push(operand(self)?);
        }
        Ok(self.node(start, ExprKind::BoolOp { op, values }))
    }

    fn not_test(&mut self) -> Step<Expr> {
        if self.kind() != Kind::Not {
            return self.comparison();
        }
        let start = self.at;
        self.at += 1;
        let operand = Box::new(self.not_test()?);
        let op = UnaryOp::Not;
        Ok(self.node(start, ExprKind::UnaryOp { op, operand }))
    }

    fn comparison(&mut self) -> Step<Expr> {
        let start = self.at;
        let left = self.expr()?;
        let Some(op) = self.comparison_operator() else {
            return Ok(left);
        };
        let mut ops = vec![op];
        let mut comparators = vec![self.expr()?];
        while let Some(op) = self.comparison_operator() {
            ops.push(op);
            comparators.push(self.expr()?);
        }
        let left = Box::new(left);
        Ok(self.node(
            start,
            ExprKind::Compare {
                left,
                ops,
                comparators,
            },
        ))
    }

    /// Steps over a comparison operator, should there be one.
    fn comparison_operator(&mut self) -> Option<CmpOp> {
        let op = match self.kind() {
            Kind::EqEqual => CmpOp::Eq,
            Kind::NotEqual | Kind::Diamond => CmpOp::NotEq,
            Kind::Less => CmpOp::Lt,
            Kind::LessEqual => CmpOp::LtE,
            Kind::Greater => CmpOp::Gt,
            Kind::GreaterEqual => CmpOp::GtE,
            Kind::In => CmpOp::In,
            Kind::Not if self.kind_after() == Kind::In => {
                self.at += 1;
                CmpOp::NotIn
            }
            Kind::Is if self.kind_after() == Kind::Not => {
                self.at += 1;
                CmpOp::IsNot
            }
            Kind::Is => CmpOp::Is,
            _ => return None,
        };
        self.at += 1;
        Some(op)
    }

    /// `expr`: binary operators and what binds stronger.
    pub(super) fn expr(&mut self) -> Step<Expr> {
        self.binary_operations(WEAKEST)
    }

    /// Operations with binary operators of at least this strength.
    fn binary_operations(&mut self, strength: u8) -> Step<Expr> {
        let start = self.at;
        let mut left = self.factor()?;
        let mut last = None;
        while let Some((op, this)) = binary_operator(self.kind())
            && this >= strength
        {
            let operator = self.at;
            self.at += 1;
            let right = Box::new(self.binary_operations(this + 1)?);
            let at = if last == Some(this) { operator } else { start };
            last = Some(this);
            left = self.node(
                at,
                ExprKind::BinOp {
                    left: Box::new(left),
                    op,
                    right,
                },
            );
        }
        Ok(left)
    }

    /// `('+' | '-' | '~') factor | power`
    fn factor(&mut self) -> Step<Expr> {
        let op = match self.kind() {
            Kind::Plus => UnaryOp::UAdd,
            Kind::Minus => UnaryOp::USub,
            Kind::Tilde => UnaryOp::Invert,
            _ => return self.power(),
        };
        let start = self.at;
        self.at += 1;
        let operand = Box::new(self.factor()?);
        Ok(self.node(start, ExprKind::UnaryOp { op, operand }))
    }

    /// `atom_expr ['**' factor]`
    fn power(&mut self) -> Step<Expr> {
        let start = self.at;
        let base = self.atom_expr()?;
        if !self.take(Kind::DoubleStar) {
            return Ok(base);
        }
        let right = Box::new(self.factor()?);
        let (left, op) = (Box::new(base), Operator::Pow);
        Ok(self.node(start, ExprKind::BinOp { left, op, right }))
    }

    /// `yield_expr`
    pub(super) fn yield_expr(&mut self) -> Step<Expr> {
        let start = self.at;
        self.expect(Kind::Yield)?;
        if self.take(Kind::From) {
            let value = self.boxed_test()?;
            return Ok(self.node(start, ExprKind::YieldFrom(value)));
        }
        let value = if self.begins_expression() {
            Some(Box::new(self.testlist()?))
        } else {
            None
        };
        Ok(self.node(start, ExprKind::Yield(value)))
    }

    pub(super) fn testlist_or_yield(&mut self) -> Step<Expr> {
        if self.kind() == Kind::Yield {
            return self.yield_expr();
        }
        self.testlist()
    }

    /// An optional `testlist`.
    pub(super) fn optional_testlist(&mut self) -> Step<Option<Box<Expr>>> {
        if !self.begins_expression() {
            return Ok(None);
        }
        Ok(Some(Box::new(self.testlist()?)))
    }

    /// Whether a comprehension's `for` is next.
    pub(super) fn begins_comp_for(&self) -> bool {
        matches!(self.kind(), Kind::For)
            || self.kind() == Kind::Async && self.kind_after() == Kind::For
    }

    /// `comp_for`, all of them.
    pub(super) fn comp_for(&mut self) -> Step<Vec<Comprehension>> {
        let mut generators = Vec::with_capacity(1);
        while self.begins_comp_for() {
            let is_async = self.take(Kind::Async);
            self.expect(Kind::For)?;
            let target = self.loop_target()?;
            self.expect(Kind::In)?;
            let iter = self.or_test()?;
            let mut ifs = Vec::new();
            while self.take(Kind::If) {
                ifs.push(self.test_nocond()?);
            }
            generators.push(Comprehension {
                target,
                iter,
                ifs,
                is_async,
            });
        }
        Ok(generators)
    }
}

/// A binary operator other than `**`, and how strongly it binds.
fn binary_operator(kind: Kind) -> Option<(Operator, u8)> {
    Some(match kind {
        Kind::VBar => (Operator::BitOr, WEAKEST),
        Kind::Circumflex => (Operator::BitXor, 1),
        Kind::Amper => (Operator::BitAnd, 2),
        Kind::LeftShift => (Operator::LShift, 3),
        Kind::RightShift => (Operator::RShift, 3),
        Kind::Plus => (Operator::Add, 4),
        Kind::Minus => (Operator::Sub, 4),
        Kind::Star => (Operator::Mult, 5),
        Kind::At => (Operator::MatMult, 5),
        Kind::Slash => (Operator::Div, 5),
        Kind::Percent => (Operator::Mod, 5),
        Kind::DoubleSlash => (Operator::FloorDiv, 5),
        _ => return None,
    })
}
