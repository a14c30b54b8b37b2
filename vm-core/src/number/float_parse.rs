//! `float(text)`: white space around, a sign, digits of any script, `inf`, `infinity` and `nan` in any case.

use rustpython_wtf8::Wtf8;

use super::int_parse::{to_ascii, trim};
use crate::text::error::{OpError, OpResult};
use crate::text::repr::{repr_bytes, repr_str};

/// `float(text)`
pub fn parse(text: &Wtf8) -> OpResult<f64> {
    let parsed = if text.is_ascii() {
        number(trim(text.as_bytes()))
    } else {
        to_ascii(text).and_then(|ascii| number(trim(&ascii)))
    };
    parsed.ok_or_else(|| {
        if super::int_parse::is_blank(text) {
            invalid("")
        } else {
            invalid(&repr_str(text))
        }
    })
}

/// `float(bytes)`
pub fn parse_bytes(bytes: &[u8]) -> OpResult<f64> {
    let text = trim(bytes);
    number(text).ok_or_else(|| {
        if text.is_empty() {
            invalid("")
        } else {
            invalid(&repr_bytes(bytes))
        }
    })
}

#[cold]
fn invalid(shown: &str) -> OpError {
    OpError::value(format!("could not convert string to float: {shown}"))
}

fn number(text: &[u8]) -> Option<f64> {
    match prefix(text) {
        Some((x, used)) if used == text.len() => Some(x),
        _ => None,
    }
}

/// The longest prefix that is a number, and its length: what `complex` parses its parts with.
pub(super) fn prefix(text: &[u8]) -> Option<(f64, usize)> {
    let sign = usize::from(matches!(text.first(), Some(b'+' | b'-')));
    let negative = text.first() == Some(&b'-');
    let body = &text[sign..];
    for (word, value) in [
        (&b"infinity"[..], f64::INFINITY),
        (b"inf", f64::INFINITY),
        (b"nan", f64::NAN),
    ] {
        if body
            .get(..word.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(word))
        {
            return Some((if negative { -value } else { value }, sign + word.len()));
        }
    }
    let digits = |from: usize| {
        body[from..]
            .iter()
            .take_while(|b| b.is_ascii_digit())
            .count()
    };
    let whole = digits(0);
    let mut used = whole;
    let mut fraction = 0;
    if body.get(used) == Some(&b'.') {
        fraction = digits(used + 1);
        used += 1 + fraction;
    }
    if whole + fraction == 0 {
        return None;
    }
    if let Some(b'e' | b'E') = body.get(used) {
        let signed = usize::from(matches!(body.get(used + 1), Some(b'+' | b'-')));
        let exponent = digits(used + 1 + signed);
        if exponent > 0 {
            used += 1 + signed + exponent;
        }
    }
    let x: f64 = std::str::from_utf8(&body[..used]).ok()?.parse().ok()?;
    Some((if negative { -x } else { x }, sign + used))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepted() {
        for (text, x) in [
            ("1", 1.0),
            (" -1.5e3\n", -1500.0),
            (".5", 0.5),
            ("5.", 5.0),
            ("1E+2", 100.0),
            ("\u{661}.\u{665}", 1.5),
            ("1e400", f64::INFINITY),
            ("1e-400", 0.0),
            ("-InFinity", f64::NEG_INFINITY),
            ("+inf", f64::INFINITY),
            ("0.1", 0.1),
            ("2.2250738585072011e-308", 2.225073858507201e-308),
            ("1e99999999999999999999", f64::INFINITY),
            ("0e99999999999999999999", 0.0),
        ] {
            assert_eq!(parse(Wtf8::new(text)), Ok(x), "{text}");
        }
        assert!(parse(Wtf8::new("-nan")).is_ok_and(f64::is_nan));
        assert!(parse(Wtf8::new("-0")).is_ok_and(|x| x.is_sign_negative()));
        assert_eq!(parse_bytes(b" 2 "), Ok(2.0));
    }

    #[test]
    fn refused() {
        // Nothing but spaces is shown as nothing, without quotes.
        assert_eq!(
            parse(Wtf8::new(" \u{a0}")).unwrap_err().message,
            "could not convert string to float: "
        );
        assert_eq!(
            parse_bytes(b"").unwrap_err().message,
            "could not convert string to float: "
        );
        for text in [
            "", " ", "1_0.0", "1e", "1e+", ".", "e5", "1.5.2", "infinit", "0x10", "1 2", "nan1",
            "--1", "1\0", "\u{1c}1",
        ] {
            assert!(parse(Wtf8::new(text)).is_err(), "{text}");
        }
        assert_eq!(
            parse(Wtf8::new("a'b")).unwrap_err().to_string(),
            "ValueError: could not convert string to float: \"a'b\""
        );
        assert_eq!(
            parse_bytes(b"x").unwrap_err().message,
            "could not convert string to float: b'x'"
        );
    }
}
