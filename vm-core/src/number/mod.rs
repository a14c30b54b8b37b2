//! The algorithms under `int`, `float`, `complex`, `range` and the `math` module, free of any object model.
//!
//! Inputs are `i64`, `&BigInt` and `f64`. An operation that CPython does on any `int` exists for `BigInt`, and for `i64` where
//! that is worth it; the `i64` forms answer `None` where the result does not fit. Failures are
//! [`crate::text::error::OpError`] with CPython 3.5.1's message.

pub mod complex_ops;
pub mod complex_parse;
pub mod erf;
pub mod float_hex;
pub mod float_ops;
pub mod float_parse;
pub mod fsum;
pub mod gamma;
pub mod hash;
pub mod int;
pub mod int_bits;
pub mod int_bytes;
pub mod int_div;
pub mod int_float;
pub mod int_format;
pub mod int_parse;
pub mod int_pow;
pub mod inverse_hyperbolic;
pub mod math;
pub mod math_int;
pub mod range_math;

pub use ceval_bytecode::{float_digits, float_format};
