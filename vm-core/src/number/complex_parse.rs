//! `complex(text)`.

use rustpython_wtf8::Wtf8;

use super::complex_ops::Complex;
use super::float_parse::prefix;
use super::int_parse::{to_ascii, trim};
use crate::text::error::{OpError, OpResult};

/// `complex(text)`: `1+2j`, `1`, `-j` and the like, perhaps in parentheses, without spaces inside.
pub fn parse(text: &Wtf8) -> OpResult<Complex> {
    let parsed = if text.is_ascii() {
        number(text.as_bytes())
    } else {
        to_ascii(text).and_then(|ascii| number(&ascii))
    };
    parsed.ok_or(OpError::value("complex() arg is a malformed string"))
}

fn number(text: &[u8]) -> Option<Complex> {
    let mut text = trim(text);
    if let [b'(', inside @ .., b')'] = text {
        text = trim(inside);
    }
    let unit = |text: &[u8]| match text {
        [b'-', b'j' | b'J'] => Some(-1.0),
        [b'+', b'j' | b'J'] => Some(1.0),
        _ => None,
    };
    let Some((first, used)) = prefix(text) else {
        let imag = if matches!(text, [b'j' | b'J']) {
            1.0
        } else {
            unit(text)?
        };
        return Some(Complex::new(0.0, imag));
    };
    match &text[used..] {
        [] => Some(Complex::new(first, 0.0)),
        [b'j' | b'J'] => Some(Complex::new(0.0, first)),
        rest @ [b'+' | b'-', ..] => {
            let imag = match prefix(rest) {
                Some((imag, used)) if matches!(rest[used..], [b'j' | b'J']) => imag,
                Some(_) => return None,
                None => unit(rest)?,
            };
            Some(Complex::new(first, imag))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepted() {
        for (text, real, imag) in [
            ("1+2j", 1.0, 2.0),
            (" ( 1e3-.5J ) ", 1000.0, -0.5),
            ("j", 0.0, 1.0),
            ("-j", 0.0, -1.0),
            ("1-j", 1.0, -1.0),
            ("3", 3.0, 0.0),
            ("4j", 0.0, 4.0),
            ("inf-infj", f64::INFINITY, f64::NEG_INFINITY),
            ("\u{661}+\u{662}j", 1.0, 2.0),
            ("+1e2+3e4j", 100.0, 30000.0),
        ] {
            assert_eq!(
                parse(Wtf8::new(text)),
                Ok(Complex::new(real, imag)),
                "{text}"
            );
        }
    }

    #[test]
    fn refused() {
        for text in [
            "", "1 + 2j", "1+2", "1+2jx", "(1", "1)", "()", "jj", "1j2", "1++2j", "+", "1_0j",
            "((1))", "1\0",
        ] {
            assert_eq!(
                parse(Wtf8::new(text)).unwrap_err().to_string(),
                "ValueError: complex() arg is a malformed string",
                "{text}"
            );
        }
    }
}
