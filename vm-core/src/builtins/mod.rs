//! Module `builtins`, the start of an interpreter, and what the built-in functions are made of:
//! compiling and running source text, importing, printing uncaught exceptions.

pub mod arguments;
pub mod build_class;
pub mod conversion;
pub mod evaluation;
pub mod format;
pub mod functions;
pub mod import;
pub mod io;
pub mod iteration;
pub mod percent;
pub mod reflection;
pub mod site;
pub mod source_lines;
pub mod start;
pub mod traceback;
pub use start::start;
