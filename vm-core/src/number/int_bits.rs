//! Shifts and lengths in bits of integers.

use num_bigint::BigInt;
use num_traits::{Signed, ToPrimitive, Zero};

use crate::text::error::{OpError, OpResult};

/// The longest integer the machine builds, in bits: more is a `MemoryError`.
pub const MAX_BITS: u64 = 1 << 33;

/// `a << n` if it fits and the count is not negative.
#[inline]
pub fn shl_i64(a: i64, n: i64) -> Option<i64> {
    if (0..64).contains(&n) {
        let shifted = a << n;
        if shifted >> n == a {
            return Some(shifted);
        }
    }
    if a == 0 && n >= 0 { Some(0) } else { None }
}

/// `a >> n`, rounding down.
#[inline]
pub fn shr_i64(a: i64, n: i64) -> OpResult<i64> {
    if n < 0 {
        Err(negative_count())
    } else {
        Ok(a >> n.min(63))
    }
}

fn negative_count() -> OpError {
    OpError::value("negative shift count")
}

fn shift_count(n: &BigInt) -> OpResult<u64> {
    let count = n.to_i64().ok_or(OpError::overflow(
        "Python int too large to convert to C ssize_t",
    ))?;
    u64::try_from(count).map_err(|_| negative_count())
}

/// `a << n`
pub fn shl(a: &BigInt, n: &BigInt) -> OpResult<BigInt> {
    let count = shift_count(n)?;
    if a.is_zero() {
        return Ok(BigInt::zero());
    }
    if count.saturating_add(a.bits()) > MAX_BITS {
        return Err(OpError::memory());
    }
    Ok(a << count)
}

/// `a >> n`, rounding down.
pub fn shr(a: &BigInt, n: &BigInt) -> OpResult<BigInt> {
    let count = shift_count(n)?;
    if count >= a.bits() {
        return Ok(BigInt::from(if a.is_negative() { -1 } else { 0 }));
    }
    // num-bigint rounds right shifts of negative numbers down, as Python does.
    Ok(a >> count)
}

/// `a.bit_length()`
#[inline]
pub fn bit_length_i64(a: i64) -> u32 {
    64 - a.unsigned_abs().leading_zeros()
}

/// `a.bit_length()`
pub fn bit_length(a: &BigInt) -> u64 {
    a.bits()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn big(n: i64) -> BigInt {
        BigInt::from(n)
    }

    #[test]
    fn shifts() {
        assert_eq!(
            (
                shl_i64(1, 62),
                shl_i64(1, 63),
                shl_i64(-1, 63),
                shl_i64(0, 1000),
                shl_i64(1, -1)
            ),
            (Some(1 << 62), None, Some(i64::MIN), Some(0), None)
        );
        assert_eq!(
            (shr_i64(-5, 1), shr_i64(-5, 100), shr_i64(5, 100)),
            (Ok(-3), Ok(-1), Ok(0))
        );
        assert_eq!(shl(&big(3), &big(70)), Ok(BigInt::from(3) << 70));
        assert_eq!(shr(&(big(-3) << 70), &big(71)), Ok(big(-2)));
        assert_eq!(shr(&big(-3), &big(2)), Ok(big(-1)));
        assert_eq!(
            shl(&big(1), &big(-1)).unwrap_err().to_string(),
            "ValueError: negative shift count"
        );
        assert_eq!(
            shr(&big(1), &(big(1) << 64)).unwrap_err().to_string(),
            "OverflowError: Python int too large to convert to C ssize_t"
        );
        assert_eq!(shl(&big(1), &big(i64::MAX)), Err(OpError::memory()));
    }

    #[test]
    fn lengths() {
        assert_eq!(
            (
                bit_length_i64(0),
                bit_length_i64(-256),
                bit_length_i64(i64::MIN)
            ),
            (0, 9, 64)
        );
        assert_eq!(bit_length(&(big(1) << 100)), 101);
    }
}
