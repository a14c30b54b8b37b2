//! The machine, generic over the object model: instructions, semantics, frames, types, builtins.
