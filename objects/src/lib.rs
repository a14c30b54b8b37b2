//! Object models: reference counting and a traced arena, each with tagged or boxed values.
//!
//! A model is a folder with the same file names in each: `mod` (the contract's impl), `value` (the
//! word), `alloc` (cells), `trace` (the collector), `stats` (what is counted). What both need and
//! neither decides is beside them: [`repr`] (integers immediate or boxed), [`layout`] (an object's
//! body and attribute store, through the kind table), [`side`] (weak references and finished
//! finalizers).
//!
//! All `unsafe` of the heaps is in this crate. The contract is `ceval_vm_core::object::ObjectModel`.

pub mod arena;
pub mod layout;
#[cfg(test)]
mod mutator;
pub mod refcount;
pub mod repr;
pub mod side;

pub use arena::Arena;
pub use refcount::Refcount;
pub use repr::{Boxed, Counted, Repr, Tagged};
