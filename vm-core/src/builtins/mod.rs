//! Module `builtins`, and the start of an interpreter.

pub mod functions;
pub mod start;
pub use start::start;
