//! How integers are represented: immediate in the word, or in a cell of their own.
//!
//! The singletons are immediates in both, so two models that differ only here differ in integers alone.

/// A representation of integers; a type-level switch.
pub trait Repr: Sized + 'static {
    /// Whether 63-bit integers are immediates.
    const TAGGED: bool;
}

/// Small integers are immediates.
#[derive(Debug, Clone, Copy)]
pub struct Tagged;

/// Every integer is a heap object; -5 to 256 are shared (CPython's small-int cache).
#[derive(Debug, Clone, Copy)]
pub struct Boxed;

impl Repr for Tagged {
    const TAGGED: bool = true;
}

impl Repr for Boxed {
    const TAGGED: bool = false;
}
