//! Source text to syntax tree, with CPython 3.5.1's positions and error messages: what
//! `PyParser_ASTFromStringObject` in its `Python/pythonrun.c` does.
//!
//! Newlines are normalised, `checks::scan` makes and judges the tokens, and `build` makes the
//! tree of them. The tree's depth is bounded by the scan (see `checks::nesting`); large
//! sources still need a large stack, since building and `Drop` recurse.

mod build;

use self::build::Builder;
use crate::ast::Ast;
use crate::checks::scan;
use crate::error::{CompileError, ErrorKind};
use crate::interner::Interner;
use crate::options::{Dialect, Mode};
use crate::tokens::normalize_newlines;

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
        let message = "source code of more than 64 MiB";
        return without_position(ErrorKind::MemoryError, message);
    }
    let source = normalize_newlines(source, mode == Mode::Exec);
    let table = scan(&source, filename, mode, dialect, flags)?;
    let mut interner = Interner::new();
    let root = Builder::new(&table, &mut interner, filename, dialect).build(mode)?;
    Ok(Ast { root, interner })
}
