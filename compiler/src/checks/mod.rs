//! What CPython 3.5 refuses before it makes a symbol table (`Parser/parser.c`, `Python/ast.c`),
//! and the words it uses.
//!
//! `scan` runs tokenizer and grammar acceptor together and finds pure syntax errors; `targets`
//! says what may be assigned to. What else `ast.c` refuses is refused where the tree is built,
//! in `parse`; the checks of `symtable.c` and `compile.c` are not here.

mod acceptor;
mod grammar;
mod nesting;
mod newer_syntax;
mod pgen;
mod report;
mod scan;
pub(crate) mod targets;
mod with_items;

pub(crate) use scan::{scan, scan_replacement_field};
