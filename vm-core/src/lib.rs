//! The machine, generic over the object model: instructions, semantics, frames, types, builtins.
//!
//! - [`instr`]: the internal instructions: table, decoding, passes.
//! - [`semantics`]: what each instruction does; [`dispatch`]: how they follow one another.
//! - [`object`]: values, headers, kinds, slots, and the contract of an object model.
//! - [`machine`]: registers, stacks, frames, calls, unwinding, operators, protocols.
//! - [`probe`]: what a profiled machine tells of its dispatches.
//! - [`types`], [`builtins`], [`modules`]: Python's built-in types, functions, modules.
//! - [`text`], [`number`]: the algorithms below them that know no objects.

pub mod builtins;
pub mod dispatch;
pub mod instr;
pub mod machine;
pub mod modules;
pub mod number;
pub mod object;
pub mod probe;
pub mod run;
pub mod semantics;
pub mod text;
pub mod types;

pub use machine::vm::{Vm, VmOptions};
