//! Python source text in, CPython 3.5 code objects out.
//!
//! The passes, in order: decoding, token pass, parsing, syntax checks, symbol table, code
//! generation, stack depth, assembling, peephole optimiser. No run-time types here.
#![forbid(unsafe_code)]

pub mod ast;
mod checks;
pub mod decode;
pub mod error;
pub mod interner;
pub mod options;
pub mod parse;
mod tokens;

pub use error::{CompileError, ErrorKind, Warning, WarningKind};
pub use options::{Dialect, Mode, Options};
