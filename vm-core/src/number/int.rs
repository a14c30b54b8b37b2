//! [`Int`]: an integer in the smallest form, as results come back to the machine.

use num_bigint::BigInt;
use num_traits::ToPrimitive;

/// An integer: `Small` whenever it fits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Int {
    /// Fits in 64 bits.
    Small(i64),
    /// Does not.
    Big(BigInt),
}

impl Int {
    /// The value as a `BigInt`.
    pub fn into_big(self) -> BigInt {
        match self {
            Int::Small(i) => BigInt::from(i),
            Int::Big(b) => b,
        }
    }
}

impl From<i64> for Int {
    fn from(value: i64) -> Self {
        Int::Small(value)
    }
}

impl From<BigInt> for Int {
    fn from(value: BigInt) -> Self {
        match value.to_i64() {
            Some(small) => Int::Small(small),
            None => Int::Big(value),
        }
    }
}

impl From<i128> for Int {
    fn from(value: i128) -> Self {
        match i64::try_from(value) {
            Ok(small) => Int::Small(small),
            Err(_) => Int::Big(BigInt::from(value)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smallest_form() {
        assert_eq!(Int::from(BigInt::from(i64::MIN)), Int::Small(i64::MIN));
        assert_eq!(
            Int::from(i128::from(i64::MAX) + 1),
            Int::Big(BigInt::from(i64::MAX) + 1)
        );
        assert_eq!(Int::Small(3).into_big(), BigInt::from(3));
    }
}
