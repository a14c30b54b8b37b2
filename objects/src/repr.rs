//! How integers are represented: immediate in the word, or in a cell of their own.
//!
//! The singletons are immediates in both, so two models that differ only here differ in integers alone.

/// A representation of integers; a type-level switch.
pub trait Repr: Sized + 'static {
    /// Whether 63-bit integers are immediates.
    const TAGGED: bool;
    /// Whether the model counts what it does ([`Counted`]).
    const COUNTED: bool = false;
}

/// Small integers are immediates.
#[derive(Debug, Clone, Copy)]
pub struct Tagged;

/// Every integer is a heap object; -5 to 256 are shared (CPython's small-int cache).
#[derive(Debug, Clone, Copy)]
pub struct Boxed;

/// As `R`, in a model that counts references, allocations and the machine's events one by one. What it does is the same;
/// how long that takes is not, so nothing is timed with it.
pub struct Counted<R>(std::marker::PhantomData<R>);

impl<R: Repr> Repr for Counted<R> {
    const TAGGED: bool = R::TAGGED;
    const COUNTED: bool = true;
}

impl Repr for Tagged {
    const TAGGED: bool = true;
}

impl Repr for Boxed {
    const TAGGED: bool = false;
}
