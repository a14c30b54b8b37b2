//! `repr()` of constants, as CPython 3.5 writes them.
//!
//! The machine uses the same functions for its run-time values. Code objects are shown at
//! address `0x0`, and the items of a frozenset sorted by their `repr`, so that the text does
//! not change from run to run. Sources: CPython 3.5.1 `Objects/unicodeobject.c`,
//! `Objects/bytesobject.c`, `Objects/floatobject.c`, `Objects/complexobject.c`,
//! `Python/pystrtod.c`.

use rustpython_wtf8::Wtf8;

use crate::code::Constant;
use crate::float_format::{self, FloatFlags, double_to_string};
use crate::printable::is_printable;

/// `repr()` of a constant.
#[must_use]
pub fn repr_constant(constant: &Constant) -> String {
    match constant {
        Constant::None => "None".to_owned(),
        Constant::True => "True".to_owned(),
        Constant::False => "False".to_owned(),
        Constant::Ellipsis => "Ellipsis".to_owned(),
        Constant::Int(value) => value.to_string(),
        Constant::Float(value) => repr_float(*value),
        Constant::Complex(real, imag) => repr_complex(*real, *imag),
        Constant::Str(text) => repr_str(text),
        Constant::Bytes(bytes) => repr_bytes(bytes),
        Constant::Tuple(items) => {
            let items: Vec<String> = items.iter().map(repr_constant).collect();
            match items.as_slice() {
                [only] => format!("({only},)"),
                items => format!("({})", items.join(", ")),
            }
        }
        Constant::FrozenSet(items) => {
            if items.is_empty() {
                return "frozenset()".to_owned();
            }
            let mut items: Vec<String> = items.iter().map(repr_constant).collect();
            items.sort();
            format!("frozenset({{{}}})", items.join(", "))
        }
        Constant::Code(code) => format!(
            "<code object {} at 0x0, file \"{}\", line {}>",
            code.name, code.filename, code.firstlineno
        ),
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";

/// `repr()` of a `str`: single quotes unless the text holds some and no double quote; what is not printable in
/// Unicode 8.0 is escaped, so the result never holds a surrogate.
pub fn repr_str(text: &Wtf8) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    write_str(text, false, &mut out);
    out
}

/// `ascii(str)`: as [`repr_str`], and everything above ASCII is escaped.
pub fn ascii_str(text: &Wtf8) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    write_str(text, true, &mut out);
    out
}

fn quote_for(has_single: bool, has_double: bool) -> char {
    if has_single && !has_double { '"' } else { '\'' }
}

fn write_str(text: &Wtf8, ascii_only: bool, out: &mut String) {
    let bytes = text.as_bytes();
    let quote = quote_for(
        memchr::memchr(b'\'', bytes).is_some(),
        memchr::memchr(b'"', bytes).is_some(),
    );
    out.push(quote);
    let plain = |&b: &u8| matches!(b, b' '..=b'~') && b != b'\\' && b != quote as u8;
    if let Ok(text) = text.as_str()
        && bytes.iter().all(plain)
    {
        out.push_str(text);
        out.push(quote);
        return;
    }
    for point in text.code_points() {
        let c = point.to_u32();
        match point.to_char() {
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(ch) if ch == quote => {
                out.push('\\');
                out.push(ch);
            }
            Some(ch) if is_printable(c) && (c < 128 || !ascii_only) => out.push(ch),
            _ => write_escape(c, out),
        }
    }
    out.push(quote);
}

/// Appends `\xhh`, `\uhhhh` or `\Uhhhhhhhh`, the shortest that fits.
pub fn write_escape(c: u32, out: &mut String) {
    let (letter, digits) = match c {
        0..=0xFF => ('x', 2),
        0x100..=0xFFFF => ('u', 4),
        _ => ('U', 8),
    };
    out.push('\\');
    out.push(letter);
    for i in (0..digits).rev() {
        out.push(char::from(HEX[(c >> (4 * i)) as usize & 15]));
    }
}

/// `repr(bytes)`
pub fn repr_bytes(bytes: &[u8]) -> String {
    let quote = quote_for(
        memchr::memchr(b'\'', bytes).is_some(),
        memchr::memchr(b'"', bytes).is_some(),
    );
    let mut out = String::with_capacity(bytes.len() + 3);
    write_bytes(bytes, quote, quote, &mut out);
    out
}

/// `repr(bytearray)`, for a class of that name. Unlike bytes, a single quote is escaped within double quotes too.
pub fn repr_bytearray(bytes: &[u8]) -> String {
    let quote = quote_for(
        memchr::memchr(b'\'', bytes).is_some(),
        memchr::memchr(b'"', bytes).is_some(),
    );
    let mut out = String::from("bytearray(");
    write_bytes(bytes, quote, '\'', &mut out);
    out.push(')');
    out
}

fn write_bytes(bytes: &[u8], quote: char, escaped: char, out: &mut String) {
    out.push('b');
    out.push(quote);
    for &b in bytes {
        match b {
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            _ if char::from(b) == escaped => {
                out.push('\\');
                out.push(escaped);
            }
            b' '..=b'~' => out.push(char::from(b)),
            _ => write_escape(b.into(), out),
        }
    }
    out.push(quote);
}

/// `repr()` of a `float`: the shortest digits that read back as the same number.
#[must_use]
pub fn repr_float(value: f64) -> String {
    float_format::repr(value)
}

/// `repr()` of a `complex`. The real part is left out if it is positive zero.
#[must_use]
pub fn repr_complex(real: f64, imag: f64) -> String {
    let shortest = |value| double_to_string(value, 'r', 0, FloatFlags::default());
    let imag = shortest(imag);
    if real == 0.0 && real.is_sign_positive() {
        return format!("{imag}j");
    }
    let sign = if imag.starts_with('-') { "" } else { "+" };
    format!("({}{sign}{imag}j)", shortest(real))
}

/// `float.hex()` of a number.
#[must_use]
pub fn float_hex(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    let sign = if value.is_sign_negative() { "-" } else { "" };
    if value.is_infinite() {
        return format!("{sign}inf");
    }
    if value == 0.0 {
        return format!("{sign}0x0.0p+0");
    }
    let bits = value.to_bits();
    let fraction = bits & 0x000f_ffff_ffff_ffff;
    let biased = (bits >> 52 & 0x7ff) as i32;
    let (lead, exponent) = if biased == 0 {
        (0, -1022)
    } else {
        (1, biased - 1023)
    };
    format!("{sign}0x{lead}.{fraction:013x}p{exponent:+}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats() {
        for (value, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (0.1, "0.1"),
            (1e16, "1e+16"),
            (1e15, "1000000000000000.0"),
            (123456789012345680.0, "1.2345678901234568e+17"),
            (0.0001, "0.0001"),
            (0.00001, "1e-05"),
            (1.5e300, "1.5e+300"),
            (5e-324, "5e-324"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
        ] {
            assert_eq!(repr_float(value), text);
        }
        assert_eq!(float_hex(3.0), "0x1.8000000000000p+1");
        assert_eq!(float_hex(5e-324), "0x0.0000000000001p-1022");
        assert_eq!(float_hex(-0.0), "-0x0.0p+0");
    }

    #[test]
    fn complexes() {
        assert_eq!(repr_complex(0.0, 1.0), "1j");
        assert_eq!(repr_complex(-0.0, 1.0), "(-0+1j)");
        assert_eq!(repr_complex(1.5, -2.0), "(1.5-2j)");
        assert_eq!(repr_complex(1.0, f64::NAN), "(1+nanj)");
    }

    #[test]
    fn texts() {
        for (text, repr) in [
            ("it's", "\"it's\""),
            ("it's \"q\"", "'it\\'s \"q\"'"),
            ("a\tb\n\\", "'a\\tb\\n\\\\'"),
            ("\u{7f}\u{e9}\u{ad}\u{2028}", "'\\x7f\u{e9}\\xad\\u2028'"),
            (
                "\u{1f600}\u{1f9d0}\u{e000}",
                "'\u{1f600}\\U0001f9d0\\ue000'",
            ),
        ] {
            assert_eq!(repr_str(Wtf8::new(text)), repr);
        }
        assert_eq!(
            ascii_str(Wtf8::new("\u{e9}\u{1f600}")),
            "'\\xe9\\U0001f600'"
        );
        assert_eq!(repr_bytes(b"a'\x00\xff"), "b\"a'\\x00\\xff\"");
    }
}
