//! Between integers and floats: conversion, exact comparison, rounding of a scaled integer.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_traits::{FromPrimitive, Signed, ToPrimitive};

use super::int::Int;
use crate::text::error::{OpError, OpResult};

/// `q * 2**exponent`, and a bit more if `sticky`, as the nearest float, a half to even; `None` past the largest.
/// With `sticky`, `q` must have at least 55 bits.
pub fn round_to_f64(q: u128, sticky: bool, exponent: i64) -> Option<f64> {
    if q == 0 {
        return Some(0.0);
    }
    let length = i64::from(128 - q.leading_zeros());
    // A subnormal has fewer bits: as many as lie above 2**-1074.
    let precision = (length + exponent + 1074).clamp(0, 53);
    let drop = length - precision;
    let (mantissa, exponent) = if drop <= 0 {
        (q, exponent)
    } else if drop > 127 {
        (0, exponent)
    } else {
        let kept = q >> drop;
        let half = 1u128 << (drop - 1);
        let rest = q & ((half << 1) - 1);
        let up = rest > half || (rest == half && (sticky || kept & 1 == 1));
        (kept + u128::from(up), exponent + drop)
    };
    // The mantissa has at most 53 bits (or is 2**53) and the result is representable, so nothing rounds from here.
    let exponent = exponent.clamp(-5000, 5000) as i32;
    let x = libm::ldexp(mantissa as f64, exponent);
    if x.is_infinite() { None } else { Some(x) }
}

/// `float(a)`, a half to even; an `OverflowError` past the largest float.
pub fn to_f64(a: &BigInt) -> OpResult<f64> {
    let magnitude = a.magnitude();
    let shift = magnitude.bits().saturating_sub(64);
    let rounded = if shift > 1024 {
        None
    } else {
        let top = (magnitude >> shift).to_u64().unwrap_or(0);
        let sticky = magnitude
            .trailing_zeros()
            .is_some_and(|zeros| zeros < shift);
        round_to_f64(u128::from(top), sticky, shift as i64)
    };
    match rounded {
        Some(x) => Ok(if a.is_negative() { -x } else { x }),
        None => Err(OpError::overflow("int too large to convert to float")),
    }
}

/// How an `int` lies to a `float`, exactly; `None` for a NaN.
pub fn cmp_i64_f64(a: i64, x: f64) -> Option<Ordering> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if x.is_nan() {
        return None;
    }
    if x >= LIMIT {
        return Some(Ordering::Less);
    }
    if x < -LIMIT {
        return Some(Ordering::Greater);
    }
    let whole = x.trunc();
    // In range, so the conversion is exact; a fraction decides only between equal whole parts.
    Some(
        a.cmp(&(whole as i64))
            .then_with(|| whole.partial_cmp(&x).unwrap_or(Ordering::Equal)),
    )
}

/// How an `int` lies to a `float`, exactly; `None` for a NaN.
pub fn cmp_f64(a: &BigInt, x: f64) -> Option<Ordering> {
    if x.is_nan() {
        return None;
    }
    if x.is_infinite() {
        return Some(if x > 0.0 {
            Ordering::Less
        } else {
            Ordering::Greater
        });
    }
    let whole = BigInt::from_f64(x.trunc())?;
    Some(
        a.cmp(&whole)
            .then_with(|| x.trunc().partial_cmp(&x).unwrap_or(Ordering::Equal)),
    )
}

/// `int(x)`: towards zero. NaN is a `ValueError`, infinity an `OverflowError`.
pub fn from_f64(x: f64) -> OpResult<Int> {
    const LIMIT: f64 = 9_223_372_036_854_775_808.0;
    if (-LIMIT..LIMIT).contains(&x) {
        return Ok(Int::Small(x as i64));
    }
    if x.is_nan() {
        return Err(OpError::value("cannot convert float NaN to integer"));
    }
    match BigInt::from_f64(x) {
        Some(big) => Ok(Int::from(big)),
        None => Err(OpError::overflow(
            "cannot convert float infinity to integer",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn big(text: &str) -> BigInt {
        text.parse().unwrap()
    }

    #[test]
    fn nearest_float() {
        assert_eq!(to_f64(&big("9007199254740993")), Ok(9007199254740992.0));
        assert_eq!(to_f64(&big("9007199254740995")), Ok(9007199254740996.0));
        assert_eq!(
            to_f64(&big("-36893488147419103233")),
            Ok(-36893488147419103232.0)
        );
        // Half way between two floats but for the last of 128 bits.
        let half = (big("1") << 127) + (big("1") << 74);
        assert_eq!(to_f64(&half), Ok(2f64.powi(127)));
        assert_eq!(
            to_f64(&(half + 1)),
            Ok(2f64.powi(127) * (1.0 + f64::EPSILON))
        );
        let largest = (big("1") << 1024) - (big("1") << 970);
        assert_eq!(to_f64(&(&largest - 1)), Ok(f64::MAX));
        assert_eq!(
            to_f64(&largest).unwrap_err().to_string(),
            "OverflowError: int too large to convert to float"
        );
        assert!(to_f64(&(big("1") << 5000)).is_err());
        assert_eq!(to_f64(&big("0")), Ok(0.0));
    }

    #[test]
    fn subnormals() {
        assert_eq!(round_to_f64(1, false, -1074), Some(5e-324));
        assert_eq!(round_to_f64(1, false, -1075), Some(0.0));
        assert_eq!(round_to_f64(3, false, -1075), Some(1e-323));
        assert_eq!(round_to_f64((1 << 60) | 1, false, -1135), Some(5e-324));
    }

    #[test]
    fn comparisons() {
        assert_eq!(
            cmp_i64_f64(i64::MAX, 9223372036854775807.0),
            Some(Ordering::Less)
        );
        assert_eq!(cmp_i64_f64(3, 3.5), Some(Ordering::Less));
        assert_eq!(cmp_i64_f64(-3, -3.5), Some(Ordering::Greater));
        assert_eq!(
            cmp_i64_f64(9007199254740993, 9007199254740992.0),
            Some(Ordering::Greater)
        );
        assert_eq!(cmp_i64_f64(0, f64::NAN), None);
        assert_eq!(
            cmp_f64(&big("100000000000000000000"), 1e20),
            Some(Ordering::Equal)
        );
        assert_eq!(
            cmp_f64(&big("100000000000000000001"), 1e20),
            Some(Ordering::Greater)
        );
        assert_eq!(cmp_f64(&big("1"), f64::INFINITY), Some(Ordering::Less));
        assert_eq!(cmp_f64(&big("0"), -0.5), Some(Ordering::Greater));
    }

    #[test]
    fn truncation() {
        assert_eq!(from_f64(-2.9), Ok(Int::Small(-2)));
        assert_eq!(from_f64(1e20), Ok(Int::Big(big("100000000000000000000"))));
        assert_eq!(
            from_f64(f64::NAN).unwrap_err().to_string(),
            "ValueError: cannot convert float NaN to integer"
        );
        assert_eq!(
            from_f64(f64::INFINITY).unwrap_err().to_string(),
            "OverflowError: cannot convert float infinity to integer"
        );
    }
}
