//! `**` and three-argument `pow` of integers.

use num_bigint::BigInt;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::float_ops;
use super::int::Int;
use super::int_bits::MAX_BITS;
use super::int_float::to_f64;
use crate::text::error::{OpError, OpResult};

/// What `int ** int` gives: a float if the exponent is negative.
#[derive(Clone, Debug, PartialEq)]
pub enum IntPower {
    /// The exponent was not negative.
    Int(Int),
    /// It was.
    Float(f64),
}

/// `base ** exponent` if neither the exponent is negative nor the result too large for `i64`.
#[inline]
pub fn pow_i64(base: i64, exponent: i64) -> Option<i64> {
    match u32::try_from(exponent) {
        Ok(exponent) => base.checked_pow(exponent),
        // An exponent this large leaves only the bases without growth.
        Err(_) if exponent > 0 => match base {
            0 | 1 => Some(base),
            -1 => Some(if exponent % 2 == 0 { 1 } else { -1 }),
            _ => None,
        },
        Err(_) => None,
    }
}

/// `base ** exponent`. A result of more than [`MAX_BITS`] bits is a `MemoryError`.
pub fn pow(base: &BigInt, exponent: &BigInt) -> OpResult<IntPower> {
    if exponent.is_negative() {
        let (base, exponent) = (to_f64(base)?, to_f64(exponent)?);
        // A negative base has a whole exponent here, so the result is never complex.
        return match float_ops::pow(base, exponent)? {
            float_ops::Power::Float(x) => Ok(IntPower::Float(x)),
            float_ops::Power::Complex => Ok(IntPower::Float(base.powf(exponent))),
        };
    }
    if exponent.is_zero() || base.is_one() {
        return Ok(IntPower::Int(Int::Small(1)));
    }
    if base.is_zero() {
        return Ok(IntPower::Int(Int::Small(0)));
    }
    if base.magnitude().is_one() {
        return Ok(IntPower::Int(Int::Small(if exponent.bit(0) {
            -1
        } else {
            1
        })));
    }
    let exponent = exponent
        .to_u32()
        .filter(|&e| (base.bits() - 1).saturating_mul(u64::from(e)) <= MAX_BITS)
        .ok_or(OpError::memory())?;
    Ok(IntPower::Int(Int::from(base.pow(exponent))))
}

/// `pow(base, exponent, modulus)`: the result has the modulus's sign.
pub fn pow_mod(base: &BigInt, exponent: &BigInt, modulus: &BigInt) -> OpResult<Int> {
    if exponent.is_negative() {
        return Err(OpError::value(
            "pow() 2nd argument cannot be negative when 3rd argument specified",
        ));
    }
    if modulus.is_zero() {
        return Err(OpError::value("pow() 3rd argument cannot be 0"));
    }
    if modulus.magnitude().is_one() {
        return Ok(Int::Small(0));
    }
    Ok(Int::from(base.modpow(exponent, modulus)))
}

/// `pow(base, exponent, modulus)` on machine words, where the modulus is not zero nor the exponent negative.
pub fn pow_mod_i64(base: i64, exponent: i64, modulus: i64) -> OpResult<i64> {
    if exponent < 0 {
        return Err(OpError::value(
            "pow() 2nd argument cannot be negative when 3rd argument specified",
        ));
    }
    if modulus == 0 {
        return Err(OpError::value("pow() 3rd argument cannot be 0"));
    }
    let m = i128::from(modulus.unsigned_abs());
    let (mut result, mut square, mut left) = (1 % m, i128::from(base).rem_euclid(m), exponent);
    while left > 0 {
        if left & 1 == 1 {
            result = result * square % m;
        }
        square = square * square % m;
        left >>= 1;
    }
    // Below the modulus's magnitude, so it fits.
    Ok(if modulus < 0 && result != 0 {
        (result - m) as i64
    } else {
        result as i64
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn big(n: i64) -> BigInt {
        BigInt::from(n)
    }

    #[test]
    fn powers() {
        assert_eq!(
            (
                pow_i64(-3, 3),
                pow_i64(2, 62),
                pow_i64(2, 63),
                pow_i64(-2, 63)
            ),
            (Some(-27), Some(1 << 62), None, Some(i64::MIN))
        );
        assert_eq!(
            (pow_i64(-1, i64::MAX), pow_i64(2, -1), pow_i64(0, 0)),
            (Some(-1), None, Some(1))
        );
        assert_eq!(
            pow(&big(2), &big(100)),
            Ok(IntPower::Int(Int::Big(BigInt::one() << 100)))
        );
        assert_eq!(pow(&big(2), &big(-1)), Ok(IntPower::Float(0.5)));
        assert_eq!(pow(&big(-2), &big(-3)), Ok(IntPower::Float(-0.125)));
        assert_eq!(
            pow(&big(0), &big(-1)).unwrap_err().to_string(),
            "ZeroDivisionError: 0.0 cannot be raised to a negative power"
        );
        assert_eq!(pow(&big(10), &big(i64::MAX)), Err(OpError::memory()));
        assert_eq!(
            pow(&big(-1), &(BigInt::one() << 80)),
            Ok(IntPower::Int(Int::Small(1)))
        );
    }

    #[test]
    fn modular() {
        for (b, e, m, expected) in [
            (3, 5, 7, 5),
            (3, 5, -7, -2),
            (-3, 5, 7, 2),
            (5, 0, 1, 0),
            (5, 0, -1, 0),
            (7, 1_000_000_007, 998_244_353, 10_105_749),
        ] {
            assert_eq!(pow_mod_i64(b, e, m), Ok(expected), "{b} {e} {m}");
            assert_eq!(
                pow_mod(&big(b), &big(e), &big(m)),
                Ok(Int::Small(expected)),
                "{b} {e} {m}"
            );
        }
        assert_eq!(pow_mod_i64(2, 62, i64::MIN), Ok((1 << 62) - (i64::MAX) - 1));
        assert_eq!(
            pow_mod(&big(2), &big(-1), &big(0)).unwrap_err().message,
            "pow() 2nd argument cannot be negative when 3rd argument specified"
        );
        assert_eq!(
            pow_mod_i64(2, 1, 0).unwrap_err().message,
            "pow() 3rd argument cannot be 0"
        );
    }
}
