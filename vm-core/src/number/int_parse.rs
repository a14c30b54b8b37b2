//! `int(text, base)`: white space around, a sign, a base prefix, digits of any script; no underscores in 3.5.

use ceval_bytecode::int_digits::parse_digits;
use num_bigint::{BigInt, Sign};
use rustpython_wtf8::{CodePoint, Wtf8};

use super::int::Int;
use crate::text::classify::{decimal_value, is_space};
use crate::text::error::{OpError, OpResult};
use crate::text::repr::{repr_bytes_cut, repr_str_cut};

/// Checks a `base` argument: 0 or 2 to 36.
pub fn check_base(base: i64) -> OpResult<u32> {
    match u32::try_from(base) {
        Ok(base @ (0 | 2..=36)) => Ok(base),
        _ => Err(OpError::value("int() base must be >= 2 and <= 36")),
    }
}

/// The ASCII form of a number's text: decimal digits of any script become ASCII digits, spaces above ASCII become blanks.
/// `None` if anything else above ASCII is in it, which no number's text allows.
pub(super) fn to_ascii(text: &Wtf8) -> Option<Vec<u8>> {
    text.code_points()
        .map(|c: CodePoint| match c.to_u32() {
            c @ 0..128 => Some(c as u8),
            c if is_space(c) => Some(b' '),
            c => decimal_value(c).map(|d| b'0' + d),
        })
        .collect()
}

/// C's `isspace`, which is what applies to ASCII (so U+001C to U+001F are no spaces here).
pub(super) fn trim(bytes: &[u8]) -> &[u8] {
    let space = |b: &u8| matches!(b, 9..=13 | 32);
    let start = bytes.iter().position(|b| !space(b)).unwrap_or(bytes.len());
    let end = bytes
        .iter()
        .rposition(|b| !space(b))
        .map_or(start, |i| i + 1);
    &bytes[start..end]
}

/// Whether nothing is left of a number's text without its spaces.
pub(super) fn is_blank(text: &Wtf8) -> bool {
    to_ascii(text).is_some_and(|ascii| trim(&ascii).is_empty())
}

/// `int(text, base)`; the base must have passed [`check_base`].
pub fn parse(text: &Wtf8, base: u32) -> OpResult<Int> {
    let parsed = if text.is_ascii() {
        digits(text.as_bytes(), base)
    } else {
        to_ascii(text).and_then(|ascii| digits(&ascii, base))
    };
    parsed.ok_or_else(|| invalid(base, &repr_str_cut(text)))
}

/// `int(bytes, base)`, for `bytes` and `bytearray`.
pub fn parse_bytes(bytes: &[u8], base: u32) -> OpResult<Int> {
    digits(bytes, base).ok_or_else(|| invalid(base, &repr_bytes_cut(bytes)))
}

#[cold]
fn invalid(base: u32, shown: &str) -> OpError {
    OpError::value(format!(
        "invalid literal for int() with base {base}: {shown}"
    ))
}

fn digits(text: &[u8], base: u32) -> Option<Int> {
    let mut rest = trim(text);
    let mut negative = false;
    if let [sign @ (b'+' | b'-'), after @ ..] = rest {
        negative = *sign == b'-';
        rest = after;
    }
    let prefix = match rest {
        [b'0', b'x' | b'X', ..] => Some(16),
        [b'0', b'o' | b'O', ..] => Some(8),
        [b'0', b'b' | b'B', ..] => Some(2),
        _ => None,
    };
    let radix = match (base, prefix) {
        (0, None) => {
            // Without a prefix a leading zero is allowed only for zero itself.
            if rest.first() == Some(&b'0') && rest.iter().any(|&b| b != b'0') {
                return None;
            }
            10
        }
        (0, Some(radix)) => radix,
        _ => base,
    };
    if prefix == Some(radix) {
        rest = &rest[2..];
    }
    parse_magnitude(rest, radix, negative)
}

/// Bare digits of a base of 2 to 36; `None` unless there are some and all are valid.
pub fn parse_magnitude(text: &[u8], radix: u32, negative: bool) -> Option<Int> {
    if text.is_empty() {
        return None;
    }
    // 12 digits of base 36, and so of any base, are below 2**63.
    if text.len() <= 12 || (radix == 10 && text.len() <= 18) {
        let mut value: i64 = 0;
        for &b in text {
            let digit = char::from(b).to_digit(radix)?;
            value = value * i64::from(radix) + i64::from(digit);
        }
        return Some(Int::Small(if negative { -value } else { value }));
    }
    if !text.iter().all(|&b| char::from(b).is_digit(radix)) {
        return None;
    }
    let sign = if negative { Sign::Minus } else { Sign::Plus };
    let magnitude = parse_digits(text, radix);
    Some(Int::from(BigInt::from_biguint(sign, magnitude)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(text: &str, base: u32) -> Option<i64> {
        match parse(Wtf8::new(text), base) {
            Ok(Int::Small(i)) => Some(i),
            _ => None,
        }
    }

    #[test]
    fn accepted() {
        for (text, base, value) in [
            (" -12\n", 10, -12),
            ("0x1F", 16, 31),
            ("1f", 16, 31),
            ("0b11", 2, 3),
            ("0O17", 8, 15),
            ("z", 36, 35),
            ("0x1f", 0, 31),
            ("00", 0, 0),
            ("+7", 0, 7),
            ("\u{661}\u{662}", 10, 12),
            ("\u{a0}5\u{2003}", 10, 5),
            ("010", 10, 10),
            ("0b1", 16, 0xb1),
            ("-0b101", 0, -5),
            ("9223372036854775807", 10, i64::MAX),
            ("-9223372036854775808", 10, i64::MIN),
        ] {
            assert_eq!(int(text, base), Some(value), "{text:?} {base}");
        }
    }

    #[test]
    fn refused() {
        for (text, base) in [
            ("", 10),
            ("-", 10),
            ("- 1", 10),
            ("1_000", 10),
            ("0x", 16),
            ("0x", 0),
            ("01", 0),
            ("0b12", 0),
            ("12", 2),
            ("1 2", 10),
            ("1\0", 10),
            ("0o1", 16),
            ("\u{1c}1", 10),
            ("1\u{e9}", 10),
            ("0_", 0),
        ] {
            assert_eq!(int(text, base), None, "{text:?} {base}");
        }
        let message = |text: &str, base| parse(Wtf8::new(text), base).unwrap_err().to_string();
        assert_eq!(
            message("x\n", 10),
            "ValueError: invalid literal for int() with base 10: 'x\\n'"
        );
        assert_eq!(
            message("01", 0),
            "ValueError: invalid literal for int() with base 0: '01'"
        );
        assert_eq!(
            parse_bytes(b"x", 7).unwrap_err().message,
            "invalid literal for int() with base 7: b'x'"
        );
        assert_eq!(
            check_base(37).unwrap_err().message,
            "int() base must be >= 2 and <= 36"
        );
        assert!(check_base(1).is_err() && check_base(0).is_ok());
    }

    #[test]
    fn long_numbers() {
        for length in [19, 100, 1024, 1025, 2049, 5000, 9999] {
            let text: String = (0..length)
                .map(|i| char::from(b'1' + (i % 9) as u8))
                .collect();
            let Ok(value) = parse(Wtf8::new(text.as_str()), 10) else {
                panic!("{length}")
            };
            assert_eq!(value.into_big().to_str_radix(10), text);
        }
        assert!(parse(Wtf8::new("1x".repeat(1500).as_str()), 10).is_err());
    }
}
