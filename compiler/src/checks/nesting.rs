//! Bounds the depth of the tree before there is one.
//!
//! The acceptor's stack bounds what nests by recursion in the grammar. What the grammar
//! repeats, the tree still nests: `a.b.c`, `x + x + x`, `elif`. CPython fails on some
//! thousands of these with RecursionError in a later pass; here longer ones fail already, so
//! that dropping a tree cannot exhaust a stack.

use crate::tokens::Kind;

/// The most operators, trailers and `elif`s that may be pending at once. More than CPython's
/// symbol table ever accepts by default (3,000).
const LIMIT: u32 = 20_000;

/// Counts pending levels, token by token.
#[derive(Debug, Default)]
pub(super) struct Nesting {
    /// Pending operators by open bracket.
    brackets: Vec<u32>,
    /// Pending operators in the innermost bracket.
    operators: u32,
    /// `elif`s by open block.
    blocks: Vec<u32>,
    /// `elif`s in the innermost block.
    elifs: u32,
    /// Whether the last token was inside a logical line.
    inside_line: bool,
    total: u32,
}

impl Nesting {
    /// Counts a token; gives whether the tree would be too deep.
    pub fn is_too_deep(&mut self, kind: Kind) -> bool {
        let inside_line = self.inside_line;
        self.inside_line = !matches!(kind, Kind::Newline | Kind::Indent | Kind::Dedent);
        match kind {
            // Operands, and what only recursion can repeat.
            Kind::Name
            | Kind::Number
            | Kind::Str
            | Kind::None
            | Kind::True
            | Kind::False
            | Kind::Ellipsis
            | Kind::Await
            | Kind::Not => return false,
            Kind::Dot
            | Kind::VBar
            | Kind::Circumflex
            | Kind::Amper
            | Kind::LeftShift
            | Kind::RightShift
            | Kind::Plus
            | Kind::Minus
            | Kind::Star
            | Kind::At
            | Kind::Slash
            | Kind::Percent
            | Kind::DoubleSlash
            | Kind::DoubleStar
            | Kind::Tilde => {
                self.operators += 1;
                self.total += 1;
            }
            Kind::LPar | Kind::LSqb | Kind::LBrace => {
                self.brackets.push(self.operators + 1);
                self.operators = 0;
                self.total += 1;
            }
            Kind::RPar | Kind::RSqb | Kind::RBrace => {
                self.total -= self.operators;
                self.operators = self.brackets.pop().unwrap_or(0);
            }
            Kind::Indent => {
                self.blocks.push(self.elifs);
                self.elifs = 0;
            }
            Kind::Dedent => {
                self.total -= self.elifs;
                self.elifs = self.blocks.pop().unwrap_or(0);
            }
            Kind::Elif => {
                self.elifs += 1;
                self.total += 1;
            }
            Kind::If if !inside_line => {
                self.total -= self.elifs;
                self.elifs = 0;
            }
            // Nothing else nests what is before it: operands of `and` or `<` stand in a row.
            _ => {
                self.total -= self.operators;
                self.operators = 0;
            }
        }
        self.total > LIMIT
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refuses(kinds: impl IntoIterator<Item = Kind>) -> bool {
        let mut nesting = Nesting::default();
        kinds.into_iter().any(|kind| nesting.is_too_deep(kind))
    }

    #[test]
    fn only_what_is_pending_counts() {
        assert!(refuses([Kind::Plus; 20_001]));
        assert!(refuses([Kind::Plus, Kind::None].repeat(20_001)));
        assert!(!refuses([Kind::Plus, Kind::Comma].repeat(20_001)));
        assert!(!refuses([Kind::Plus, Kind::And].repeat(20_001)));
        assert!(!refuses(
            [Kind::Dot, Kind::LPar, Kind::RPar, Kind::Newline].repeat(20_001)
        ));
        assert!(refuses(
            [Kind::Elif, Kind::Newline, Kind::Indent, Kind::Dedent].repeat(20_001)
        ));
        assert!(!refuses(
            [Kind::If, Kind::Elif, Kind::Newline].repeat(20_001)
        ));
    }
}
