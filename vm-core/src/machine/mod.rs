//! The machine: registers, stacks, frames, calls, unwinding, interpreter and thread state.

pub mod call;
pub mod context;
pub mod errors;
pub mod frame;
pub mod operators;
pub mod protocols;
pub mod regs;
pub mod stacks;
pub mod values;
pub mod vm;
