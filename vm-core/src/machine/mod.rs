//! The machine: registers, stacks, frames, calls, unwinding, interpreter and thread state.

pub mod activation;
pub mod args;
pub mod asynchronous;
pub mod blocks;
pub mod caching;
pub mod call;
pub mod enter;
pub mod errors;
pub mod execute;
pub mod frame;
pub mod inspect;
pub mod link;
pub mod namespaces;
pub mod numeric;
pub mod operators;
pub mod protocols;
pub mod raising;
pub mod regs;
pub mod resume;
pub mod roots;
pub mod safepoint;
pub mod stacks;
pub mod unpacking;
pub mod unwind;
pub mod values;
pub mod vm;
