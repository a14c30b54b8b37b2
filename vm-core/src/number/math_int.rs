//! The functions of the `math` module on integers: `factorial`, `gcd`, logarithms of any size.

use num_bigint::{BigInt, BigUint};
use num_integer::Integer;
use num_traits::{Signed, ToPrimitive};

use super::int::Int;
use super::int_bits::MAX_BITS;
use super::int_float::{round_to_f64, to_f64};
use super::math::{self, domain_error};
use crate::text::error::{OpError, OpResult};

/// `math.factorial(n)`
pub fn factorial(n: &BigInt) -> OpResult<Int> {
    if n.is_negative() {
        return Err(OpError::value(
            "factorial() not defined for negative values",
        ));
    }
    let n = n.to_i64().ok_or_else(|| {
        OpError::overflow(format!(
            "factorial() argument should not exceed {}",
            i64::MAX
        ))
    })?;
    // n! has fewer than n * log2(n) bits.
    let bits = n
        .unsigned_abs()
        .saturating_mul(u64::from(64 - n.leading_zeros()));
    if bits > MAX_BITS {
        return Err(OpError::memory());
    }
    Ok(Int::from(BigInt::from(product(1, n.unsigned_abs()))))
}

/// The product of the integers after `low` up to `high`, by halves so that the factors have like sizes.
fn product(low: u64, high: u64) -> BigUint {
    match high.saturating_sub(low) {
        0 => BigUint::from(1u8),
        1..=16 => (low + 1..=high).fold(BigUint::from(1u8), |p, i| p * i),
        distance => product(low, low + distance / 2) * product(low + distance / 2, high),
    }
}

/// The float argument of `factorial`, which must be whole.
pub fn factorial_of_float(x: f64) -> OpResult<Int> {
    if !x.is_finite() || x.floor() != x {
        return Err(OpError::value("factorial() only accepts integral values"));
    }
    factorial(&super::int_float::from_f64(x)?.into_big())
}

/// `math.gcd(a, b)`; `None` where the result is 2**63.
pub fn gcd_i64(a: i64, b: i64) -> Option<i64> {
    i64::try_from(a.unsigned_abs().gcd(&b.unsigned_abs())).ok()
}

/// `math.gcd(a, b)`
pub fn gcd(a: &BigInt, b: &BigInt) -> BigInt {
    a.gcd(b)
}

/// A logarithm of an integer that may be too large for a float: `log` is [`math::log`], [`math::log2`] or [`math::log10`].
pub fn log(a: &BigInt, log: fn(f64) -> OpResult<f64>) -> OpResult<f64> {
    if !a.is_positive() {
        return Err(domain_error());
    }
    if let Ok(x) = to_f64(a) {
        return log(x);
    }
    // a is f * 2**bits with f in [1/2, 1].
    let shift = a.bits() - 64;
    let top = (a.magnitude() >> shift).to_u64().unwrap_or(u64::MAX);
    let fraction = round_to_f64(u128::from(top), true, -64).unwrap_or(0.5);
    let (fraction, extra) = math::frexp(fraction);
    let exponent = a.bits() as f64 + f64::from(extra);
    Ok(log(fraction)? + log(2.0)? * exponent)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn big(n: i64) -> BigInt {
        BigInt::from(n)
    }

    #[test]
    fn factorials() {
        assert_eq!(
            (factorial(&big(0)), factorial(&big(20))),
            (Ok(Int::Small(1)), Ok(Int::Small(2432902008176640000)))
        );
        assert_eq!(
            factorial(&big(25)),
            Ok(Int::Big("15511210043330985984000000".parse().unwrap()))
        );
        let Ok(Int::Big(hundred)) = factorial(&big(100)) else {
            panic!()
        };
        assert_eq!(&hundred / factorial(&big(99)).unwrap().into_big(), big(100));
        assert_eq!(
            factorial(&big(-1)).unwrap_err().message,
            "factorial() not defined for negative values"
        );
        assert_eq!(
            factorial(&(big(1) << 70)).unwrap_err().message,
            "factorial() argument should not exceed 9223372036854775807"
        );
        assert_eq!(factorial(&big(i64::MAX)), Err(OpError::memory()));
        assert_eq!(
            factorial_of_float(1.5).unwrap_err().message,
            "factorial() only accepts integral values"
        );
        assert_eq!(factorial_of_float(5.0), Ok(Int::Small(120)));
    }

    #[test]
    fn divisors() {
        assert_eq!(
            (gcd_i64(12, -18), gcd_i64(0, 0), gcd_i64(i64::MIN, 0)),
            (Some(6), Some(0), None)
        );
        assert_eq!(gcd(&(big(6) << 70), &big(-9)), big(3));
    }

    #[test]
    fn logarithms() {
        let ten = BigInt::from(10).pow(400);
        assert_eq!(log(&ten, math::log), Ok(921.0340371976182));
        assert_eq!(log(&ten, math::log10), Ok(400.0));
        assert_eq!(log(&(big(1) << 5000), math::log2), Ok(5000.0));
        assert_eq!(log(&big(8), math::log2), Ok(3.0));
        assert_eq!(log(&big(0), math::log), Err(domain_error()));
    }
}
