//! Expressions.

use rustpython_parser::ast::{self as rp, Ranged};

use super::{Converter, Step, context, span};
use crate::ast::{
    BoolOp, CmpOp, Comprehension, Expr, ExprContext, ExprKind, Operator, Slice, UnaryOp,
};
use crate::parse::feed::{first_token, last_token};

impl Converter<'_, '_> {
    /// Converts an expression.
    pub(super) fn expr(&mut self, expr: rp::Expr) -> Step<Expr> {
        Ok(match expr {
            rp::Expr::Name(node) => {
                let at = first_token(node.range);
                let id = self.symbol(at);
                self.at(
                    at,
                    ExprKind::Name {
                        id,
                        ctx: context(node.ctx),
                    },
                )
            }
            rp::Expr::Constant(node) => self.constant(node.range)?,
            rp::Expr::Attribute(_) | rp::Expr::Call(_) | rp::Expr::Subscript(_) => {
                self.trailers(expr)?
            }
            rp::Expr::BinOp(node) => self.binary_operations(node)?,
            rp::Expr::Tuple(node) => {
                let at = self.inside_parentheses(node.range);
                let elts = self.exprs(node.elts)?;
                self.at(
                    at,
                    ExprKind::Tuple {
                        elts,
                        ctx: context(node.ctx),
                    },
                )
            }
            rp::Expr::List(node) => {
                let elts = self.exprs(node.elts)?;
                let kind = ExprKind::List {
                    elts,
                    ctx: context(node.ctx),
                };
                self.at(first_token(node.range), kind)
            }
            rp::Expr::Compare(node) => {
                let left = self.boxed(*node.left)?;
                let comparators = self.exprs(node.comparators)?;
                let ops = node.ops.into_iter().map(comparison_operator).collect();
                self.at(
                    first_token(node.range),
                    ExprKind::Compare {
                        left,
                        ops,
                        comparators,
                    },
                )
            }
            rp::Expr::BoolOp(node) => {
                let op = match node.op {
                    rp::BoolOp::And => BoolOp::And,
                    rp::BoolOp::Or => BoolOp::Or,
                };
                let values = self.exprs(node.values)?;
                self.at(first_token(node.range), ExprKind::BoolOp { op, values })
            }
            rp::Expr::UnaryOp(node) => {
                let op = match node.op {
                    rp::UnaryOp::Invert => UnaryOp::Invert,
                    rp::UnaryOp::Not => UnaryOp::Not,
                    rp::UnaryOp::UAdd => UnaryOp::UAdd,
                    rp::UnaryOp::USub => UnaryOp::USub,
                };
                let operand = self.boxed(*node.operand)?;
                self.at(first_token(node.range), ExprKind::UnaryOp { op, operand })
            }
            rp::Expr::Starred(node) => {
                let value = self.boxed(*node.value)?;
                let kind = ExprKind::Starred {
                    value,
                    ctx: context(node.ctx),
                };
                self.at(first_token(node.range), kind)
            }
            rp::Expr::Dict(node) => {
                let at = first_token(node.range);
                let mut keys = Vec::with_capacity(node.keys.len());
                let mut values = Vec::with_capacity(node.values.len());
                for (key, value) in node.keys.into_iter().zip(node.values) {
                    keys.push(key.map(|key| self.expr(key)).transpose()?);
                    values.push(self.expr(value)?);
                }
                self.at(at, ExprKind::Dict { keys, values })
            }
            rp::Expr::Set(node) => {
                let elts = self.exprs(node.elts)?;
                self.at(first_token(node.range), ExprKind::Set(elts))
            }
            rp::Expr::Lambda(node) => {
                let at = first_token(node.range);
                let args = Box::new(self.parameters(*node.args, at + 1)?);
                let body = self.boxed(*node.body)?;
                self.at(at, ExprKind::Lambda { args, body })
            }
            rp::Expr::IfExp(node) => {
                let test = self.boxed(*node.test)?;
                let body = self.boxed(*node.body)?;
                let orelse = self.boxed(*node.orelse)?;
                self.at(
                    first_token(node.range),
                    ExprKind::IfExp { test, body, orelse },
                )
            }
            rp::Expr::Await(node) => {
                let value = self.boxed(*node.value)?;
                self.at(first_token(node.range), ExprKind::Await(value))
            }
            rp::Expr::Yield(node) => {
                let value = self.optional(node.value)?;
                self.at(first_token(node.range), ExprKind::Yield(value))
            }
            rp::Expr::YieldFrom(node) => {
                let value = self.boxed(*node.value)?;
                self.at(first_token(node.range), ExprKind::YieldFrom(value))
            }
            rp::Expr::NamedExpr(node) => {
                let target = self.boxed(*node.target)?;
                let at = first_token(node.range);
                self.check_target(&target, ExprContext::Store, at)?;
                let value = self.boxed(*node.value)?;
                self.at(at, ExprKind::NamedExpr { target, value })
            }
            rp::Expr::ListComp(_)
            | rp::Expr::SetComp(_)
            | rp::Expr::DictComp(_)
            | rp::Expr::GeneratorExp(_) => self.comprehension(expr)?,
            rp::Expr::Slice(node) => {
                return Err(self.error(first_token(node.range), "invalid syntax"));
            }
            rp::Expr::JoinedStr(rp::ExprJoinedStr { range, .. })
            | rp::Expr::FormattedValue(rp::ExprFormattedValue { range, .. }) => {
                self.constant(range)?
            }
        })
    }

    /// Converts attributes, calls and subscripts of one base: all are where the base is.
    fn trailers(&mut self, expr: rp::Expr) -> Step<Expr> {
        // From the outermost in; the conversion must go from the base out, as positions of
        // errors depend on the order, and a loop keeps long chains off the stack.
        let mut trailers = Vec::new();
        let mut base = expr;
        loop {
            let (trailer, inner) = match base {
                rp::Expr::Attribute(node) => (
                    Trailer::Attribute(last_token(node.range), node.ctx),
                    node.value,
                ),
                rp::Expr::Call(node) => (
                    Trailer::Call(node.args, node.keywords, last_token(node.range)),
                    node.func,
                ),
                rp::Expr::Subscript(node) => {
                    (Trailer::Subscript(*node.slice, node.ctx), node.value)
                }
                base => {
                    let base = self.expr(base)?;
                    return self.apply_trailers(base, trailers);
                }
            };
            trailers.push(trailer);
            base = *inner;
        }
    }

    fn apply_trailers(&mut self, base: Expr, mut trailers: Vec<Trailer>) -> Step<Expr> {
        let (lineno, col_offset) = (base.lineno, base.col_offset);
        let mut expr = base;
        while let Some(trailer) = trailers.pop() {
            let value = Box::new(expr);
            let kind = match trailer {
                Trailer::Attribute(name, ctx) => ExprKind::Attribute {
                    value,
                    attr: self.symbol(name),
                    ctx: context(ctx),
                },
                Trailer::Call(args, keywords, close) => {
                    let first = if args.is_empty() && keywords.is_empty() {
                        close
                    } else {
                        self.open_parenthesis(close) + 1
                    };
                    let (args, keywords) = self.call_arguments(args, keywords, first)?;
                    ExprKind::Call {
                        func: value,
                        args,
                        keywords,
                    }
                }
                Trailer::Subscript(slice, ctx) => ExprKind::Subscript {
                    value,
                    slice: Box::new(self.slice(slice)?),
                    ctx: context(ctx),
                },
            };
            expr = Expr {
                kind,
                lineno,
                col_offset,
            };
        }
        Ok(expr)
    }

    /// The parenthesis that the one at token `close` closes.
    fn open_parenthesis(&self, close: usize) -> usize {
        self.table.tokens[close].partner as usize
    }

    fn slice(&mut self, slice: rp::Expr) -> Step<Slice> {
        Ok(match slice {
            rp::Expr::Slice(node) => {
                let mut part =
                    |part: Option<Box<rp::Expr>>| part.map(|part| self.expr(*part)).transpose();
                let lower = part(node.lower)?;
                let upper = part(node.upper)?;
                let step = part(node.step)?;
                Slice::Slice { lower, upper, step }
            }
            rp::Expr::Tuple(node) if node.elts.iter().any(rp::Expr::is_slice_expr) => {
                let mut dimensions = Vec::with_capacity(node.elts.len());
                for dimension in node.elts {
                    dimensions.push(self.slice(dimension)?);
                }
                Slice::ExtSlice(dimensions)
            }
            index => Slice::Index(self.expr(index)?),
        })
    }

    /// Converts a chain of binary operations, from its innermost left operand out.
    fn binary_operations(&mut self, operation: rp::ExprBinOp) -> Step<Expr> {
        let mut pending = Vec::new();
        let mut operation = operation;
        let mut left = loop {
            let at = self.binary_operation(&operation);
            pending.push((at, operation.op, *operation.right));
            match *operation.left {
                rp::Expr::BinOp(inner) => operation = inner,
                innermost => break self.expr(innermost)?,
            }
        };
        while let Some((at, op, right)) = pending.pop() {
            let right = self.boxed(right)?;
            let kind = ExprKind::BinOp {
                left: Box::new(left),
                op: operator(op),
                right,
            };
            left = self.at(at, kind);
        }
        Ok(left)
    }

    fn comprehension(&mut self, expr: rp::Expr) -> Step<Expr> {
        Ok(match expr {
            rp::Expr::ListComp(node) => {
                let at = first_token(node.range) + 1;
                let elt = self.element(*node.elt)?;
                let generators = self.generators(node.generators)?;
                self.at(at, ExprKind::ListComp { elt, generators })
            }
            rp::Expr::SetComp(node) => {
                let elt = self.element(*node.elt)?;
                let generators = self.generators(node.generators)?;
                self.at(
                    first_token(node.range),
                    ExprKind::SetComp { elt, generators },
                )
            }
            rp::Expr::DictComp(node) => {
                let key = self.boxed(*node.key)?;
                let value = self.boxed(*node.value)?;
                let generators = self.generators(node.generators)?;
                self.at(
                    first_token(node.range),
                    ExprKind::DictComp {
                        key,
                        value,
                        generators,
                    },
                )
            }
            rp::Expr::GeneratorExp(node) => {
                let at = self.generator_position(node.range);
                let elt = self.element(*node.elt)?;
                let generators = self.generators(node.generators)?;
                self.at(at, ExprKind::GeneratorExp { elt, generators })
            }
            other => self.expr(other)?,
        })
    }

    fn generator_position(&self, range: rustpython_parser::text_size::TextRange) -> usize {
        self.inside_parentheses(range)
    }

    /// Converts the element of a list, set or generator comprehension.
    fn element(&mut self, element: rp::Expr) -> Step<Box<Expr>> {
        if element.is_starred_expr() {
            let message = "iterable unpacking cannot be used in comprehension";
            return Err(self.error(first_token(element.range()), message));
        }
        self.boxed(element)
    }

    fn generators(&mut self, generators: Vec<rp::Comprehension>) -> Step<Vec<Comprehension>> {
        let mut converted = Vec::with_capacity(generators.len());
        for generator in generators {
            let target = self.loop_target(generator.target)?;
            let iter = self.expr(generator.iter)?;
            let ifs = self.exprs(generator.ifs)?;
            let is_async = generator.is_async;
            converted.push(Comprehension {
                target,
                iter,
                ifs,
                is_async,
            });
        }
        Ok(converted)
    }

    /// Converts the target of a `for`; each element of a bare tuple is checked on its own.
    pub(super) fn loop_target(&mut self, target: rp::Expr) -> Step<Expr> {
        let (first, last) = span(target.range());
        let starts: Vec<usize> = match &target {
            rp::Expr::Tuple(tuple)
                if !tuple.elts.is_empty()
                    && self.inside_parentheses(tuple.range) == first
                    && last > first =>
            {
                tuple
                    .elts
                    .iter()
                    .map(|elt| first_token(elt.range()))
                    .collect()
            }
            _ => Vec::new(),
        };
        let mut target = self.expr(target)?;
        match &target.kind {
            ExprKind::Tuple { elts, .. } if !starts.is_empty() => {
                for (elt, at) in elts.iter().zip(starts) {
                    self.check_target(elt, ExprContext::Store, self.outermost(at))?;
                }
                // CPython makes this tuple itself, out of its elements.
                (target.lineno, target.col_offset) = (elts[0].lineno, elts[0].col_offset);
            }
            _ => self.check_target(&target, ExprContext::Store, self.outermost(first))?,
        }
        Ok(target)
    }
}

/// What follows the base of an atom: the token of the name or of the closing parenthesis.
enum Trailer {
    Attribute(usize, rp::ExprContext),
    Call(Vec<rp::Expr>, Vec<rp::Keyword>, usize),
    Subscript(rp::Expr, rp::ExprContext),
}

/// Converts a binary operator.
pub(super) fn operator(op: rp::Operator) -> Operator {
    match op {
        rp::Operator::Add => Operator::Add,
        rp::Operator::Sub => Operator::Sub,
        rp::Operator::Mult => Operator::Mult,
        rp::Operator::MatMult => Operator::MatMult,
        rp::Operator::Div => Operator::Div,
        rp::Operator::Mod => Operator::Mod,
        rp::Operator::Pow => Operator::Pow,
        rp::Operator::LShift => Operator::LShift,
        rp::Operator::RShift => Operator::RShift,
        rp::Operator::BitOr => Operator::BitOr,
        rp::Operator::BitXor => Operator::BitXor,
        rp::Operator::BitAnd => Operator::BitAnd,
        rp::Operator::FloorDiv => Operator::FloorDiv,
    }
}

fn comparison_operator(op: rp::CmpOp) -> CmpOp {
    match op {
        rp::CmpOp::Eq => CmpOp::Eq,
        rp::CmpOp::NotEq => CmpOp::NotEq,
        rp::CmpOp::Lt => CmpOp::Lt,
        rp::CmpOp::LtE => CmpOp::LtE,
        rp::CmpOp::Gt => CmpOp::Gt,
        rp::CmpOp::GtE => CmpOp::GtE,
        rp::CmpOp::Is => CmpOp::Is,
        rp::CmpOp::IsNot => CmpOp::IsNot,
        rp::CmpOp::In => CmpOp::In,
        rp::CmpOp::NotIn => CmpOp::NotIn,
    }
}
