//! The back half of the compiler: from a checked syntax tree to a code object, as CPython 3.5's
//! `PyAST_CompileObject` in `Python/compile.c`.

use std::cell::RefCell;

use ceval_bytecode::CodeObject;

use crate::ast::Ast;
use crate::codegen::Generator;
use crate::error::{CompileError, Warning};
use crate::future::future_features;
use crate::options::Options;
use crate::symtable::SymbolTable;

/// Compiles a tree: future statements, symbol table, code generation. The basic blocks of
/// every code object are listed in `listing`, if there is one.
///
/// # Errors
/// What CPython's symbol table and code generator refuse; the tree is expected to have passed
/// the syntax checks.
pub(crate) fn compile_ast(
    ast: &mut Ast,
    filename: &str,
    options: &Options,
    warnings: &mut Vec<Warning>,
    listing: Option<&RefCell<String>>,
) -> Result<CodeObject, Box<CompileError>> {
    let Ast { root, interner } = ast;
    let future = future_features(root, interner, filename, options.dialect)?;
    let table = SymbolTable::new(root, interner, filename, warnings)?;
    let generator = Generator::new(
        &table, interner, filename, options, future, warnings, listing,
    );
    generator.generate(root)
}
