//! What CPython 3.5 refuses before it makes a symbol table, and the words it uses.
//!
//! `scan` runs tokenizer and grammar acceptor together and finds pure syntax errors; the
//! other files hold the checks that CPython's `ast.c` makes while it builds the tree. The
//! checks of `symtable.c` and `compile.c` are not here.

mod acceptor;
pub(crate) mod arguments;
mod grammar;
mod nesting;
mod pgen;
pub(crate) mod refused;
mod report;
mod scan;
pub(crate) mod targets;

pub(crate) use scan::{scan, scan_replacement_field};
