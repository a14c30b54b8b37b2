//! `float.hex` and `float.fromhex`.

use super::int_float::round_to_f64;
use super::int_parse::trim;
use crate::text::error::{OpError, OpResult};

/// `x.hex()`
pub fn hex(x: f64) -> String {
    if x.is_nan() {
        return "nan".to_owned();
    }
    let sign = if x.is_sign_negative() { "-" } else { "" };
    if x.is_infinite() {
        return format!("{sign}inf");
    }
    if x == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let bits = x.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    let (lead, exponent) = match (bits >> 52) & 0x7FF {
        0 => (0, -1022),
        biased => (1, biased as i64 - 1023),
    };
    format!("{sign}0x{lead}.{fraction:013x}p{exponent:+}")
}

/// `float.fromhex(text)`, for text that is already ASCII; other text is invalid.
pub fn fromhex(text: &[u8]) -> OpResult<f64> {
    let invalid = || OpError::value("invalid hexadecimal floating-point string");
    let mut rest = trim(text);
    let mut negative = false;
    if let [sign @ (b'+' | b'-'), after @ ..] = rest {
        negative = *sign == b'-';
        rest = after;
    }
    let signed = |x: f64| if negative { -x } else { x };
    let is = |word: &[u8]| rest.eq_ignore_ascii_case(word);
    if is(b"inf") || is(b"infinity") {
        return Ok(signed(f64::INFINITY));
    }
    if is(b"nan") {
        return Ok(signed(f64::NAN));
    }
    if let [b'0', b'x' | b'X', after @ ..] = rest {
        rest = after;
    }
    let hex_digits = |text: &[u8]| text.iter().take_while(|b| b.is_ascii_hexdigit()).count();
    let whole = hex_digits(rest);
    let (mut digits, mut rest) = (rest[..whole].to_vec(), &rest[whole..]);
    let mut fraction = 0;
    if let [b'.', after @ ..] = rest {
        fraction = hex_digits(after);
        digits.extend_from_slice(&after[..fraction]);
        rest = &after[fraction..];
    }
    if digits.is_empty() {
        return Err(invalid());
    }
    let mut exponent = 0i64;
    if let [b'p' | b'P', after @ ..] = rest {
        let (minus, after) = match after {
            [b'-', after @ ..] => (true, after),
            [b'+', after @ ..] => (false, after),
            _ => (false, after),
        };
        if after.is_empty() || !after.iter().all(u8::is_ascii_digit) {
            return Err(invalid());
        }
        let magnitude = after.iter().fold(0i64, |e, d| {
            e.saturating_mul(10).saturating_add(i64::from(d - b'0'))
        });
        exponent = if minus { -magnitude } else { magnitude };
        rest = &[];
    }
    if !rest.is_empty() {
        return Err(invalid());
    }
    // The leading 30 digits (120 bits) and whether anything follows decide the value.
    let first = digits
        .iter()
        .position(|&d| d != b'0')
        .unwrap_or(digits.len());
    let significant = &digits[first..];
    let taken = significant.len().min(30);
    let value = significant[..taken].iter().fold(0u128, |v, &d| {
        v * 16 + u128::from(char::from(d).to_digit(16).unwrap_or(0))
    });
    let sticky = significant[taken..].iter().any(|&d| d != b'0');
    let scale = 4 * ((significant.len() - taken) as i64 - fraction as i64);
    match round_to_f64(value, sticky, exponent.saturating_add(scale)) {
        Some(x) => Ok(signed(x)),
        None => Err(OpError::overflow(
            "hexadecimal value too large to represent as a float",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_hex() {
        for (x, text) in [
            (1.0, "0x1.0000000000000p+0"),
            (-0.1, "-0x1.999999999999ap-4"),
            (0.0, "0x0.0p+0"),
            (5e-324, "0x0.0000000000001p-1022"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::MAX, "0x1.fffffffffffffp+1023"),
        ] {
            assert_eq!(hex(x), text);
            assert_eq!(fromhex(text.as_bytes()), Ok(x));
        }
    }

    #[test]
    fn from_hex() {
        for (text, x) in [
            (" 0x.8p1 ", 1.0),
            ("-a.8", -10.5),
            ("0x1p-1074", 5e-324),
            ("0x1p-1075", 0.0),
            ("0x1.8p-1075", 5e-324),
            ("+Infinity", f64::INFINITY),
            ("0x0p99999999999999999999", 0.0),
            ("1.00000000000008", 1.0),
            (
                "1.000000000000080000000000000000000000000001",
                1.0 + f64::EPSILON,
            ),
        ] {
            assert_eq!(fromhex(text.as_bytes()), Ok(x), "{text}");
        }
        for text in ["", "0x", "0x.p1", "1p", "1p+", "1 2", "0xg", "1.2.3"] {
            assert_eq!(
                fromhex(text.as_bytes()).unwrap_err().to_string(),
                "ValueError: invalid hexadecimal floating-point string",
                "{text}"
            );
        }
        assert_eq!(
            fromhex(b"0x1p1024").unwrap_err().to_string(),
            "OverflowError: hexadecimal value too large to represent as a float"
        );
    }
}
