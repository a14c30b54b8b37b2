//! Tokenizer and grammar acceptor together: source text to accepted tokens.
//!
//! Tokens are judged as they are made, so that the first error in the text wins, whichever
//! kind it is. Corresponds to CPython's `Parser/parsetok.c`.

use super::acceptor::{Acceptor, Verdict};
use super::nesting::Nesting;
use super::with_items::HiddenTokens;
use super::{newer_syntax, report};
use crate::error::{CompileError, ErrorKind};
use crate::options::{Dialect, Mode};
use crate::tokens::{Kind, Token, TokenTable, Tokenizer};

/// `CO_FUTURE_BARRY_AS_BDFL`: `<>` instead of `!=` (PEP 401).
pub(crate) const CO_FUTURE_BARRY_AS_BDFL: u32 = 0x40000;

/// Cuts `source` into tokens and judges them.
///
/// # Errors
/// SyntaxError and its subclasses as CPython 3.5.1 words them; MemoryError where its parser
/// stack ends; RecursionError for a tree that would be too deep.
pub(crate) fn scan<'s>(
    source: &'s str,
    filename: &str,
    mode: Mode,
    dialect: Dialect,
    flags: u32,
) -> Result<TokenTable<'s>, Box<CompileError>> {
    let mut scan = Scan {
        table: TokenTable {
            source,
            tokens: Vec::with_capacity(source.len() / 4 + 4),
        },
        tokenizer: Tokenizer::new(source, dialect),
        acceptor: Acceptor::new(mode, dialect),
        nesting: Nesting::default(),
        brackets: Vec::new(),
        hidden: HiddenTokens::default(),
        barry_as_bdfl: flags & CO_FUTURE_BARRY_AS_BDFL != 0,
        filename,
        dialect,
    };
    scan.run()?;
    if mode == Mode::Single && has_more_statements(scan.tokenizer.rest()) {
        let message = "multiple statements found while compiling a single statement";
        return Err(scan.error(ErrorKind::SyntaxError, message));
    }
    Ok(scan.table)
}

/// Cuts the replacement field at `start..end` of `source` into tokens, as if it stood between
/// parentheses, and judges them. `line` and `line_start` are those of `start`.
///
/// # Errors
/// As [`scan`].
pub(crate) fn scan_replacement_field<'s>(
    source: &'s str,
    span: std::ops::Range<usize>,
    (line, line_start): (u32, usize),
    filename: &str,
    in_async_def: bool,
) -> Result<TokenTable<'s>, Box<CompileError>> {
    let tokenizer = Tokenizer::inside(source, span.start, span.end, line, line_start, in_async_def);
    let mut scan = Scan {
        table: TokenTable {
            source,
            tokens: Vec::new(),
        },
        tokenizer,
        acceptor: Acceptor::new(Mode::Eval, Dialect::Default),
        nesting: Nesting::default(),
        brackets: Vec::new(),
        hidden: HiddenTokens::default(),
        barry_as_bdfl: false,
        filename,
        dialect: Dialect::Default,
    };
    let around = |kind, at: usize| Token {
        kind,
        start: at as u32,
        end: at as u32,
        line,
        col: (at - line_start.min(at)) as u32,
        partner: 0,
    };
    scan.take(around(Kind::LPar, span.start))?;
    loop {
        let token = scan.next_token()?;
        if token.kind == Kind::EndMarker {
            break;
        }
        scan.take(token)?;
    }
    for kind in [Kind::RPar, Kind::Newline, Kind::EndMarker] {
        scan.take(around(kind, span.end))?;
    }
    Ok(scan.table)
}

struct Scan<'s, 'f> {
    table: TokenTable<'s>,
    tokenizer: Tokenizer<'s>,
    acceptor: Acceptor,
    nesting: Nesting,
    /// The open brackets, as token indices.
    brackets: Vec<usize>,
    /// Tokens that are kept without being judged.
    hidden: HiddenTokens,
    /// Whether `<>` stands for `!=`. As in CPython only inherited flags say so, not the
    /// source's own `from __future__ import`.
    barry_as_bdfl: bool,
    filename: &'f str,
    dialect: Dialect,
}

impl Scan<'_, '_> {
    fn run(&mut self) -> Result<(), Box<CompileError>> {
        let mut started = false;
        loop {
            let mut token = self.next_token()?;
            if token.kind == Kind::EndMarker && started {
                // CPython ends the last line and its blocks if the source does not.
                token.kind = Kind::Newline;
                started = false;
                self.tokenizer.close_indents();
            } else {
                started = true;
            }
            if self.take(token)? {
                return Ok(());
            }
        }
    }

    fn next_token(&mut self) -> Result<Token, Box<CompileError>> {
        self.tokenizer.next_token().map_err(|error| {
            Box::new(report::lexical_error(
                self.table.source,
                self.filename,
                &self.tokenizer,
                error,
            ))
        })
    }

    /// Judges and keeps a token; gives whether the start symbol is complete.
    fn take(&mut self, token: Token) -> Result<bool, Box<CompileError>> {
        let index = self.table.tokens.len();
        self.table.tokens.push(token);
        let mut kind = token.kind;
        match kind {
            Kind::LPar | Kind::LSqb | Kind::LBrace => self.brackets.push(index),
            Kind::RPar | Kind::RSqb | Kind::RBrace => {
                if let Some(open) = self.brackets.pop() {
                    self.table.tokens[open].partner = index as u32;
                    self.table.tokens[index].partner = open as u32;
                }
            }
            Kind::NotEqual | Kind::Diamond => {
                if (kind == Kind::Diamond) != self.barry_as_bdfl {
                    return Err(self.error(ErrorKind::SyntaxError, "invalid syntax"));
                }
                kind = Kind::NotEqual;
            }
            _ => {}
        }
        if kind == Kind::With && self.dialect == Dialect::Default {
            self.hidden = HiddenTokens::after_with(&self.tokenizer);
        }
        if self.hidden.contains(token.start) {
            return Ok(false);
        }
        match self.acceptor.step(kind) {
            Verdict::More => {
                if self.nesting.is_too_deep(kind) {
                    return Err(Box::new(CompileError::without_position(
                        ErrorKind::RecursionError,
                        "maximum recursion depth exceeded during compilation",
                        self.filename,
                    )));
                }
                Ok(false)
            }
            Verdict::Complete => Ok(true),
            Verdict::TooDeep => Err(Box::new(CompileError::without_position(
                ErrorKind::MemoryError,
                "",
                self.filename,
            ))),
            Verdict::Refused(expected) => {
                // What is in no grammar is wrong by itself, whatever could have come.
                let expected = expected.filter(|_| kind != Kind::Unknown);
                if self.dialect == Dialect::Default
                    && let Some(message) =
                        newer_syntax::unsupported_syntax(&self.table, &self.tokenizer)
                {
                    return Err(self.error(ErrorKind::SyntaxError, message));
                }
                Err(Box::new(report::grammar_error(
                    self.table.source,
                    self.filename,
                    &self.tokenizer,
                    kind,
                    expected,
                )))
            }
        }
    }

    fn error(&self, kind: ErrorKind, message: &str) -> Box<CompileError> {
        Box::new(report::positioned(
            self.table.source,
            self.filename,
            &self.tokenizer,
            kind,
            message,
        ))
    }
}

/// Whether `rest` holds anything but white space and comments.
fn has_more_statements(rest: &str) -> bool {
    rest.lines().any(|line| {
        let line = line.trim_start_matches([' ', '\t', '\x0c']);
        !line.is_empty() && !line.starts_with('#')
    })
}
