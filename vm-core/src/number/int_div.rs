//! `//`, `%`, `divmod` and `/` of integers, and rounding to a power of ten.
//!
//! Floor division rounds down and the remainder has the divisor's sign. `/` is the correctly rounded quotient,
//! whatever the sizes.

use num_bigint::{BigInt, BigUint, Sign};
use num_integer::Integer;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::int_float::round_to_f64;
use crate::text::error::{OpError, OpResult};

fn division_by_zero() -> OpError {
    OpError::zero_division("integer division or modulo by zero")
}

/// `a // b`; `Ok(None)` for the one quotient that does not fit.
#[inline]
pub fn floor_div_i64(a: i64, b: i64) -> OpResult<Option<i64>> {
    if b == 0 {
        return Err(division_by_zero());
    }
    Ok(a.checked_div(b).map(|q| {
        if a % b != 0 && (a < 0) != (b < 0) {
            q - 1
        } else {
            q
        }
    }))
}

/// `a % b`
#[inline]
pub fn modulo_i64(a: i64, b: i64) -> OpResult<i64> {
    if b == 0 {
        return Err(division_by_zero());
    }
    // MIN % -1 overflows in hardware; the remainder is zero.
    let r = a.wrapping_rem(b);
    Ok(if r != 0 && (r < 0) != (b < 0) {
        r + b
    } else {
        r
    })
}

/// `a // b`
pub fn floor_div(a: &BigInt, b: &BigInt) -> OpResult<BigInt> {
    if b.is_zero() {
        return Err(division_by_zero());
    }
    match short_quotient(a, b) {
        Some(q) => Ok(BigInt::from(q)),
        None => Ok(a.div_floor(b)),
    }
}

/// The quotient of two large integers of one sign and about the same length, if their first digits tell it.
/// Costs the same whatever their length.
///
/// Let `a` and `b` be `A` and `B` times a power of two and something less than that power. Then `a / b` is above `A / (B + 1)`
/// and below `(A + 1) / B`, so the quotient is at least `A // (B + 1)` and at most `A // B`.
fn short_quotient(a: &BigInt, b: &BigInt) -> Option<u64> {
    /// Bits of `B`; the more there are, the more often the two bounds agree.
    const KEPT: u64 = 64;
    /// The longest quotient. `A` has to fit 128 bits.
    const LONGEST: u64 = 32;
    let (length, divisor_length) = (a.bits(), b.bits());
    if a.sign() != b.sign() || divisor_length < 2 * KEPT || length > divisor_length + LONGEST {
        return None;
    }
    let dropped = divisor_length - KEPT;
    let (a, b) = (without_low_bits(a, dropped), without_low_bits(b, dropped));
    let (least, most) = (a / (b + 1), a / b);
    (least == most).then_some(least as u64)
}

/// `a >> n` of a magnitude that has at most 128 bits more than `n`.
fn without_low_bits(a: &BigInt, n: u64) -> u128 {
    let mut digits = a.magnitude().iter_u64_digits();
    let (whole, part) = ((n / 64) as usize, n % 64);
    let mut result = 0;
    while digits.len() > whole + 1 {
        result = result << 64 | u128::from(digits.next_back().unwrap_or(0));
    }
    if digits.len() <= whole {
        return 0;
    }
    let last = digits.next_back().unwrap_or(0) >> part;
    if part == 0 {
        result << 64 | u128::from(last)
    } else {
        result << (64 - part) | u128::from(last)
    }
}

/// `a % b`
pub fn modulo(a: &BigInt, b: &BigInt) -> OpResult<BigInt> {
    if b.is_zero() {
        return Err(division_by_zero());
    }
    match short_quotient(a, b) {
        Some(q) => Ok(a - b * q),
        None => Ok(a.mod_floor(b)),
    }
}

/// `divmod(a, b)`
pub fn divmod(a: &BigInt, b: &BigInt) -> OpResult<(BigInt, BigInt)> {
    if b.is_zero() {
        return Err(division_by_zero());
    }
    match short_quotient(a, b) {
        Some(q) => Ok((BigInt::from(q), a - b * q)),
        None => Ok(a.div_mod_floor(b)),
    }
}

/// `a / b`
#[inline]
pub fn true_div_i64(a: i64, b: i64) -> OpResult<f64> {
    const EXACT: u64 = 1 << 53;
    if b != 0 && a.unsigned_abs() <= EXACT && b.unsigned_abs() <= EXACT {
        return Ok(a as f64 / b as f64);
    }
    true_div(&BigInt::from(a), &BigInt::from(b))
}

/// `a / b`, correctly rounded; an `OverflowError` past the largest float.
pub fn true_div(a: &BigInt, b: &BigInt) -> OpResult<f64> {
    if b.is_zero() {
        return Err(OpError::zero_division("division by zero"));
    }
    // Zero over a negative number is a negative zero, as it is with floats.
    let negative = a.is_negative() != b.is_negative();
    if a.is_zero() {
        return Ok(if negative { -0.0 } else { 0.0 });
    }
    // Scale so that the quotient has 66 or 67 bits: more than a double's 53 and a rounding bit; the rest is sticky.
    let shift = 66 - (a.bits() as i64 - b.bits() as i64);
    if shift < -1100 {
        return Err(OpError::overflow(
            "integer division result too large for a float",
        ));
    }
    if shift > 1300 {
        return Ok(if negative { -0.0 } else { 0.0 });
    }
    let (quotient, remainder) = if shift >= 0 {
        (a.magnitude() << shift as u64).div_rem(b.magnitude())
    } else {
        a.magnitude()
            .div_rem(&(b.magnitude() << shift.unsigned_abs()))
    };
    let quotient = quotient.to_u128().unwrap_or(u128::MAX);
    match round_to_f64(quotient, !remainder.is_zero(), -shift) {
        Some(x) => Ok(if negative { -x } else { x }),
        None => Err(OpError::overflow(
            "integer division result too large for a float",
        )),
    }
}

/// `round(a, ndigits)` for a negative `ndigits`, given as its absolute value: to a multiple of `10 ** places`, a half to even.
pub fn round_to_places(a: &BigInt, places: u64) -> BigInt {
    // 10 ** places needs more than 3.3 bits a place: beyond that, half a unit exceeds the number.
    if places.saturating_mul(3) > a.bits() + 3 {
        return BigInt::zero();
    }
    let unit = num_traits::pow(BigUint::from(10u8), places as usize);
    let (quotient, remainder) = a.magnitude().div_rem(&unit);
    let twice = remainder << 1u8;
    let up = twice > unit || (twice == unit && quotient.is_odd());
    let quotient = if up {
        quotient + BigUint::one()
    } else {
        quotient
    };
    let sign = if a.is_negative() {
        Sign::Minus
    } else {
        Sign::Plus
    };
    BigInt::from_biguint(sign, quotient * unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn big(text: &str) -> BigInt {
        text.parse().unwrap()
    }

    #[test]
    fn floors() {
        for a in -7..=7 {
            for b in [-3, -2, -1, 1, 2, 3] {
                let (q, r) = (
                    floor_div_i64(a, b).unwrap().unwrap(),
                    modulo_i64(a, b).unwrap(),
                );
                assert_eq!(q * b + r, a);
                assert!(r == 0 || (r < 0) == (b < 0));
                assert_eq!(
                    divmod(&BigInt::from(a), &BigInt::from(b)),
                    Ok((BigInt::from(q), BigInt::from(r)))
                );
            }
        }
        assert_eq!(floor_div_i64(i64::MIN, -1), Ok(None));
        assert_eq!(modulo_i64(i64::MIN, -1), Ok(0));
        assert_eq!(
            modulo_i64(1, 0).unwrap_err().to_string(),
            "ZeroDivisionError: integer division or modulo by zero"
        );
    }

    #[test]
    fn true_division() {
        assert_eq!(true_div_i64(1, 3), Ok(1.0 / 3.0));
        assert_eq!(true_div_i64(i64::MAX, 3), Ok(3.0744573456182584e18));
        assert_eq!(
            true_div(
                &num_traits::pow(big("10"), 400),
                &num_traits::pow(big("10"), 399)
            ),
            Ok(10.0)
        );
        assert_eq!(
            true_div(&big("1"), &num_traits::pow(big("10"), 320)),
            Ok(1e-320)
        );
        assert_eq!(
            true_div(&big("-1"), &num_traits::pow(big("10"), 4000)),
            Ok(-0.0)
        );
        assert_eq!(
            true_div(&big("9007199254740993"), &big("1")),
            Ok(9007199254740992.0)
        );
        assert_eq!(
            true_div(&big("9007199254740995"), &big("1")),
            Ok(9007199254740996.0)
        );
        assert_eq!(
            true_div(&big("36028797018963971"), &big("4")),
            Ok(9007199254740992.0)
        );
        let huge = num_traits::pow(big("10"), 400);
        assert_eq!(
            true_div(&huge, &big("1")).unwrap_err().message,
            "integer division result too large for a float"
        );
        assert_eq!(true_div_i64(1, 0).unwrap_err().message, "division by zero");
    }

    #[test]
    fn rounding_to_tens() {
        let cases = [
            (125, 1, 120),
            (135, 1, 140),
            (-125, 1, -120),
            (-126, 1, -130),
            (49, 2, 0),
            (50, 2, 0),
            (51, 2, 100),
            (150, 2, 200),
            (5, 3, 0),
            (999, 3, 1000),
            (7, 90, 0),
        ];
        for (a, places, expected) in cases {
            assert_eq!(
                round_to_places(&BigInt::from(a), places),
                BigInt::from(expected),
                "{a} {places}"
            );
        }
    }
}
