//! Looking into the compiler: what a source is after each stage, as text for people.
//!
//! Nothing here is part of compiling. The texts are stable enough to be read and compared by
//! eye, not to be parsed.

mod symbols;
mod tree;

use std::cell::RefCell;
use std::fmt::Write;

use crate::backend::compile_ast;
use crate::checks::scan;
use crate::compile::on_deep_stack;
use crate::decode::{Origin, decode};
use crate::error::CompileError;
use crate::options::{Mode, Options};
use crate::parse::parse;
use crate::symtable::SymbolTable;
use crate::tokens::{Kind, NO_COLUMN, normalize_newlines};
use ceval_bytecode::repr::repr_str;

/// A stage of the compiler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The tokens.
    Tokens,
    /// The syntax tree.
    Ast,
    /// The symbol table.
    Symtable,
    /// The basic blocks, before jumps have offsets.
    Blocks,
    /// The code objects, disassembled.
    Code,
}

impl Stage {
    /// All stages, in order.
    pub const ALL: [Stage; 5] = [
        Stage::Tokens,
        Stage::Ast,
        Stage::Symtable,
        Stage::Blocks,
        Stage::Code,
    ];

    /// Its name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Stage::Tokens => "tokens",
            Stage::Ast => "ast",
            Stage::Symtable => "symtable",
            Stage::Blocks => "blocks",
            Stage::Code => "code",
        }
    }
}

impl std::str::FromStr for Stage {
    type Err = String;

    fn from_str(name: &str) -> Result<Stage, String> {
        let mut all = Stage::ALL.into_iter();
        all.find(|stage| stage.name() == name).ok_or_else(|| {
            let names = Stage::ALL.map(Stage::name).join(", ");
            format!("no such stage: {name} (there are {names})")
        })
    }
}

/// What a source is after `stage`.
///
/// # Errors
/// If the source does not get that far.
pub fn inspect(
    source: &[u8],
    filename: &str,
    mode: Mode,
    options: &Options,
    stage: Stage,
) -> Result<String, CompileError> {
    let text = decode(source, filename, Origin::Object)?;
    on_deep_stack(&text, filename, || {
        if stage == Stage::Tokens {
            return tokens(&text, filename, mode, options).map_err(|error| *error);
        }
        let mut ast = parse(&text, filename, mode, options.dialect, options.flags)?;
        if stage == Stage::Ast {
            return Ok(tree::tree(&ast));
        }
        let mut warnings = Vec::new();
        if stage == Stage::Symtable {
            let interner = &mut ast.interner;
            let table = SymbolTable::new(&ast.root, interner, filename, &mut warnings);
            let table = table.map_err(|error| *error)?;
            return Ok(symbols::symbols(&table, interner));
        }
        let listing = RefCell::new(String::new());
        let code = compile_ast(&mut ast, filename, options, &mut warnings, Some(&listing));
        let code = code.map_err(|error| *error)?;
        Ok(match stage {
            Stage::Blocks => listing.into_inner(),
            _ => ceval_bytecode::dump::dump(&code),
        })
    })
}

/// One line a token: line and column, kind, text as Python shows it.
fn tokens(
    text: &str,
    filename: &str,
    mode: Mode,
    options: &Options,
) -> Result<String, Box<CompileError>> {
    let source = normalize_newlines(text, mode == Mode::Exec);
    let table = scan(&source, filename, mode, options.dialect, options.flags)?;
    let mut out = String::new();
    for (i, token) in table.tokens.iter().enumerate() {
        let column = match token.col {
            NO_COLUMN => "-".to_owned(),
            column => column.to_string(),
        };
        let place = format!("{}:{column}", token.line);
        let kind = token_name(token.kind);
        // Writing to a String cannot fail.
        let _ = match table.text(i) {
            "" => writeln!(out, "{place:<9}{kind}"),
            text => writeln!(out, "{place:<9}{kind:<18}{}", repr_str(text.as_ref())),
        };
    }
    Ok(out)
}

/// A kind as CPython's `token.tok_name` has it: keywords are names.
fn token_name(kind: Kind) -> String {
    match kind {
        Kind::Diamond => "NOTEQUAL".to_owned(),
        _ => match kind.text() {
            text if text.chars().all(|c| c.is_ascii_uppercase()) => text.to_owned(),
            text if text.starts_with(|c: char| c.is_ascii_alphabetic()) => "NAME".to_owned(),
            _ => format!("{kind:?}").to_ascii_uppercase(),
        },
    }
}
