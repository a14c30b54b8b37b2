//! Where a node is: CPython 3.5's rules, which are not "where its text begins".
//!
//! - A string that spans lines is where it ends; that is a property of the token.
//! - A decorated definition is at its first decorator's `@`, an `async` statement at the
//!   keyword after `async`, an `elif` at its condition.
//! - In a chain of binary operators of one precedence, each outer node is at its operator.
//! - A tuple or generator expression in parentheses and a list comprehension are at the first
//!   token inside.
//! - A call, attribute or subscript is where its innermost base is.

use rustpython_parser::ast::{self as rp, Ranged};
use rustpython_parser::text_size::TextRange;

use super::{Converter, span};
use crate::parse::feed::{first_token, last_token};
use crate::tokens::Kind;

impl Converter<'_, '_> {
    /// The token at which a tuple or generator expression is.
    pub(super) fn inside_parentheses(&self, range: TextRange) -> usize {
        let (first, last) = span(range);
        let is_parenthesized = self.kind(first) == Kind::LPar
            && self.table.tokens[first].partner as usize == last
            && last > first + 1;
        first + usize::from(is_parenthesized)
    }

    /// The token at which a binary operation is.
    pub(super) fn binary_operation(&self, operation: &rp::ExprBinOp) -> usize {
        let first = first_token(operation.range);
        if let rp::Expr::BinOp(left) = &*operation.left
            && first_token(left.range) == first
            && operation.op != rp::Operator::Pow
            && precedence(left.op) == precedence(operation.op)
        {
            return last_token(left.range) + 1;
        }
        first
    }

    /// The token at which a function or class is: `@`, or its keyword.
    pub(super) fn definition(&self, range: TextRange, decorators: &[rp::Expr]) -> usize {
        match decorators.first() {
            Some(decorator) => {
                let mut at = first_token(decorator.range());
                while at > 0 && self.kind(at) != Kind::At {
                    at -= 1;
                }
                at
            }
            None => self.after_async(first_token(range)),
        }
    }

    /// The token after `async`, should that be at `at`.
    pub(super) fn after_async(&self, at: usize) -> usize {
        at + usize::from(self.kind(at) == Kind::Async)
    }
}

fn precedence(op: rp::Operator) -> u8 {
    use rp::Operator::{
        Add, BitAnd, BitOr, BitXor, Div, FloorDiv, LShift, MatMult, Mod, Mult, Pow, RShift, Sub,
    };
    match op {
        Add | Sub => 0,
        Mult | MatMult | Div | Mod | FloorDiv => 1,
        LShift | RShift => 2,
        BitAnd => 3,
        BitXor => 4,
        BitOr => 5,
        Pow => 6,
    }
}
