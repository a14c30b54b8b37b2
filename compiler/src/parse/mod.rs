//! Source text to syntax tree, with CPython 3.5.1's positions and error messages.
//!
//! Newlines are normalised, `checks::scan` makes and judges the tokens, `rustpython_parser`
//! finds the structure, and the conversion builds our tree from it and the tokens. The tree's
//! depth is bounded by the scan (see `checks::nesting`); large sources still need a large
//! stack, since conversion and `Drop` recurse.

mod convert;
mod feed;

use rustpython_parser::lexer::LexicalErrorType;
use rustpython_parser::{ParseErrorType, Tok};

use self::convert::Converter;
use self::feed::Feed;
use crate::ast::Ast;
use crate::checks::refused::{self, Refusal};
use crate::checks::scan;
use crate::error::{CompileError, ErrorKind};
use crate::interner::Interner;
use crate::options::{Dialect, Mode};
use crate::tokens::{NO_COLUMN, TokenTable, normalize_newlines};

/// The largest source, in bytes: positions are 32 bits wide.
const MAX_SOURCE: usize = 64 << 20;

/// Parses `source`. `flags` are the inherited `CO_FUTURE_*` bits; only `barry_as_FLUFL`
/// matters here. Cost: linear in the length of the source.
///
/// # Errors
/// What CPython 3.5.1's parser and tree builder raise, in their words; what its symbol table
/// and code generator refuse is accepted.
pub fn parse(
    source: &str,
    filename: &str,
    mode: Mode,
    dialect: Dialect,
    flags: u32,
) -> Result<Ast, CompileError> {
    parse_boxed(source, filename, mode, dialect, flags).map_err(|error| *error)
}

fn parse_boxed(
    source: &str,
    filename: &str,
    mode: Mode,
    dialect: Dialect,
    flags: u32,
) -> Result<Ast, Box<CompileError>> {
    let without_position = |kind, message| {
        Err(Box::new(CompileError::without_position(
            kind, message, filename,
        )))
    };
    if memchr::memchr(0, source.as_bytes()).is_some() {
        let message = "source code string cannot contain null bytes";
        return without_position(ErrorKind::ValueError, message);
    }
    if source.len() > MAX_SOURCE {
        return without_position(ErrorKind::MemoryError, "");
    }
    let source = normalize_newlines(source, mode == Mode::Exec);
    let table = scan(&source, filename, mode, dialect, flags)?;
    let tree = parse_tokens(&table, mode, filename)?;
    let mut interner = Interner::new();
    let root = Converter::new(&table, &mut interner, filename).convert_mod(tree)?;
    Ok(Ast { root, interner })
}

/// Finds the structure of accepted tokens.
fn parse_tokens(
    table: &TokenTable<'_>,
    mode: Mode,
    filename: &str,
) -> Result<rustpython_parser::ast::Mod, Box<CompileError>> {
    let mode = match mode {
        Mode::Exec => rustpython_parser::Mode::Module,
        Mode::Eval => rustpython_parser::Mode::Expression,
        Mode::Single => rustpython_parser::Mode::Interactive,
    };
    rustpython_parser::parse_tokens(Feed::new(table), mode, "").map_err(|error| {
        let at = u32::from(error.offset) as usize / 2;
        let at = at.min(table.tokens.len().saturating_sub(1));
        let refusal = match &error.error {
            ParseErrorType::UnrecognizedToken(..) | ParseErrorType::ExtraToken(Tok::Equal) => {
                Refusal::Unexpected
            }
            ParseErrorType::Lexical(LexicalErrorType::PositionalArgumentError) => {
                Refusal::PositionalArgument
            }
            ParseErrorType::Lexical(LexicalErrorType::UnpackedArgumentError) => {
                Refusal::UnpackedArgument
            }
            ParseErrorType::Lexical(LexicalErrorType::DefaultArgumentError) => {
                Refusal::DefaultArgument
            }
            _ => Refusal::Other,
        };
        let (message, at) = refused::explain(table, refusal, at);
        syntax_error(table, at, message, filename)
    })
}

/// A SyntaxError about the node that starts at token `at`.
fn syntax_error(
    table: &TokenTable<'_>,
    at: usize,
    message: impl Into<String>,
    filename: &str,
) -> Box<CompileError> {
    let (line, col) = table
        .tokens
        .get(at)
        .map_or((1, 0), |token| (token.line, token.col));
    let mut error = CompileError::at(ErrorKind::SyntaxError, message, filename, line, col);
    if col == NO_COLUMN {
        error.offset = None;
    }
    Box::new(error)
}
