//! Module `builtins`, and the start of an interpreter.

pub mod build_class;
pub mod format;
pub mod functions;
pub mod percent;
pub mod start;
pub use start::start;
