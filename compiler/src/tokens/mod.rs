//! Source text to tokens, as CPython 3.5's `Parser/tokenizer.c` cuts it.
//!
//! The tokenizer makes one [`Token`] at a time and stops at the first lexical error; the
//! grammar acceptor in `checks` drives it, so that a grammar error earlier in the text wins,
//! as in CPython. Tokens only hold positions: names, numbers and strings are read from the
//! text when the tree is built (`numbers`, `strings`), so nothing is copied here.

mod kind;
pub(crate) mod numbers;
pub(crate) mod strings;
mod tokenizer;

pub(crate) use kind::Kind;
pub(crate) use tokenizer::{LexicalError, Tokenizer, normalize_newlines};

/// The column of a token that began on an earlier line than it ends on.
pub(crate) const NO_COLUMN: u32 = u32::MAX;

/// A token: what and where. Offsets are bytes into the newline-normalised source.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Token {
    /// What it is.
    pub kind: Kind,
    /// Its first byte.
    pub start: u32,
    /// One past its last byte; a NEWLINE does not include the `\n`.
    pub end: u32,
    /// The line on which it *ends*, from 1: the line CPython gives to a node that starts here.
    pub line: u32,
    /// Its first byte counted from the start of that line, or [`NO_COLUMN`].
    pub col: u32,
    /// For a bracket, the index of the token that closes or opens it.
    pub partner: u32,
}

/// The tokens of one source, in order, up to and including ENDMARKER.
#[derive(Debug)]
pub(crate) struct TokenTable<'s> {
    /// The newline-normalised source.
    pub source: &'s str,
    /// The tokens.
    pub tokens: Vec<Token>,
}

impl<'s> TokenTable<'s> {
    /// The kind of token `index`; ENDMARKER past the end.
    pub fn kind(&self, index: usize) -> Kind {
        self.tokens
            .get(index)
            .map_or(Kind::EndMarker, |token| token.kind)
    }

    /// The text of token `index`.
    pub fn text(&self, index: usize) -> &'s str {
        let token = &self.tokens[index];
        &self.source[token.start as usize..token.end as usize]
    }
}
