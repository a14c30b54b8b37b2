//! The machine, generic over the object model: instructions, semantics, frames, types, builtins.

pub mod number;
pub mod text;
