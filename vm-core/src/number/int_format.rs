//! Integers as text: `str`, `hex`, `oct`, `bin` and the digits of `%` and `format`.

use num_bigint::BigInt;

/// An integer in either form.
#[derive(Clone, Copy, Debug)]
pub enum IntRef<'a> {
    /// Fits in 64 bits.
    Small(i64),
    /// Any size.
    Big(&'a BigInt),
}

impl From<i64> for IntRef<'_> {
    fn from(value: i64) -> Self {
        IntRef::Small(value)
    }
}

impl<'a> From<&'a BigInt> for IntRef<'a> {
    fn from(value: &'a BigInt) -> Self {
        IntRef::Big(value)
    }
}

impl IntRef<'_> {
    /// Whether the value is below zero.
    pub fn is_negative(self) -> bool {
        match self {
            IntRef::Small(i) => i < 0,
            IntRef::Big(b) => b.sign() == num_bigint::Sign::Minus,
        }
    }
}

/// `str(a)`
pub fn decimal(a: IntRef<'_>) -> String {
    match a {
        IntRef::Small(i) => i.to_string(),
        IntRef::Big(b) => b.to_str_radix(10),
    }
}

/// The digits of the magnitude in base 2, 8, 10 or 16, lower case; other bases up to 36 work too.
pub fn magnitude_digits(a: IntRef<'_>, base: u32) -> String {
    match (a, base) {
        (IntRef::Small(i), 2) => format!("{:b}", i.unsigned_abs()),
        (IntRef::Small(i), 8) => format!("{:o}", i.unsigned_abs()),
        (IntRef::Small(i), 10) => i.unsigned_abs().to_string(),
        (IntRef::Small(i), 16) => format!("{:x}", i.unsigned_abs()),
        (IntRef::Small(i), _) => num_bigint::BigUint::from(i.unsigned_abs()).to_str_radix(base),
        (IntRef::Big(b), _) => b.magnitude().to_str_radix(base),
    }
}

fn prefixed(a: IntRef<'_>, prefix: &str, base: u32) -> String {
    let sign = if a.is_negative() { "-" } else { "" };
    format!("{sign}{prefix}{}", magnitude_digits(a, base))
}

/// `hex(a)`
pub fn hex(a: IntRef<'_>) -> String {
    prefixed(a, "0x", 16)
}

/// `oct(a)`
pub fn oct(a: IntRef<'_>) -> String {
    prefixed(a, "0o", 8)
}

/// `bin(a)`
pub fn bin(a: IntRef<'_>) -> String {
    prefixed(a, "0b", 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bases() {
        assert_eq!(
            (hex((-255).into()), oct(8.into()), bin(0.into())),
            ("-0xff".into(), "0o10".into(), "0b0".into())
        );
        let a: BigInt = BigInt::from(-1) << 70;
        assert_eq!(decimal((&a).into()), "-1180591620717411303424");
        assert_eq!(hex((&a).into()), "-0x400000000000000000");
        assert_eq!(decimal(i64::MIN.into()), "-9223372036854775808");
        assert_eq!(bin(i64::MIN.into()), format!("-0b1{}", "0".repeat(63)));
        assert_eq!(magnitude_digits(35.into(), 36), "z");
    }
}
