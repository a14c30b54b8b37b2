//! Python source text in, CPython 3.5 code objects out.
//!
//! The passes, in order: decoding, token pass, parsing, syntax checks, symbol table, code
//! generation, stack depth, assembling, peephole optimiser. [`compile()`] runs them all. No
//! run-time types here.
#![forbid(unsafe_code)]

mod assemble;
pub mod ast;
mod backend;
mod checks;
mod codegen;
mod compile;
mod constant;
pub mod decode;
pub mod error;
mod future;
pub mod interner;
mod mangle;
pub mod options;
pub mod parse;
mod peephole;
mod stackdepth;
pub mod stages;
mod symbol_map;
mod symtable;
mod tokens;
mod unparse;

pub use compile::{Compiled, compile, compile_file, compile_text};
pub use error::{CompileError, ErrorKind, Warning, WarningKind};
pub use options::{Dialect, Mode, Options};
