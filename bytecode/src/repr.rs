//! `repr()` of constants, as CPython 3.5 writes them.
//!
//! The machine uses the same functions for its run-time values. Code objects are shown at
//! address `0x0`, and the items of a frozenset sorted by their `repr`, so that the text does
//! not change from run to run. Sources: CPython 3.5.1 `Objects/unicodeobject.c`,
//! `Objects/bytesobject.c`, `Objects/floatobject.c`, `Objects/complexobject.c`,
//! `Python/pystrtod.c`.

use std::fmt::Write;

use rustpython_wtf8::Wtf8;

use crate::code::Constant;
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

/// `repr()` of a `str`. Single quotes unless the text holds them and no double ones; what is
/// not printable, lone surrogates too, is escaped.
#[must_use]
pub fn repr_str(text: &Wtf8) -> String {
    let bytes = text.as_bytes();
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::with_capacity(bytes.len() + 2);
    out.push(quote);
    for code_point in text.code_points() {
        match code_point.to_char() {
            Some(c) if c == quote || c == '\\' => {
                out.push('\\');
                out.push(c);
            }
            Some('\t') => out.push_str("\\t"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some(c) if is_printable(c as u32) => out.push(c),
            _ => put_escape(&mut out, code_point.to_u32()),
        }
    }
    out.push(quote);
    out
}

/// `ascii()` of a `str`: its `repr` with everything beyond ASCII escaped.
#[must_use]
pub fn ascii_str(text: &Wtf8) -> String {
    let repr = repr_str(text);
    if repr.is_ascii() {
        return repr;
    }
    let mut out = String::with_capacity(repr.len() * 2);
    for c in repr.chars() {
        if c.is_ascii() {
            out.push(c);
        } else {
            put_escape(&mut out, c as u32);
        }
    }
    out
}

/// Appends `\xNN`, `\uNNNN` or `\UNNNNNNNN`.
fn put_escape(out: &mut String, code_point: u32) {
    // Writing to a String cannot fail.
    let _ = if code_point < 0x100 {
        write!(out, "\\x{code_point:02x}")
    } else if code_point < 0x1_0000 {
        write!(out, "\\u{code_point:04x}")
    } else {
        write!(out, "\\U{code_point:08x}")
    };
}

/// `repr()` of a `bytes`.
#[must_use]
pub fn repr_bytes(bytes: &[u8]) -> String {
    let quote = if bytes.contains(&b'\'') && !bytes.contains(&b'"') {
        b'"'
    } else {
        b'\''
    };
    let mut out = String::with_capacity(bytes.len() + 3);
    out.push('b');
    out.push(quote as char);
    for &byte in bytes {
        match byte {
            b'\t' => out.push_str("\\t"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\\' => out.push_str("\\\\"),
            _ if byte == quote => {
                out.push('\\');
                out.push(byte as char);
            }
            b' '..=b'~' => out.push(byte as char),
            _ => put_escape(&mut out, u32::from(byte)),
        }
    }
    out.push(quote as char);
    out
}

/// `repr()` of a `float`: the shortest digits that read back as the same number.
#[must_use]
pub fn repr_float(value: f64) -> String {
    let mut text = shortest(value);
    if value.is_finite() && !text.contains(['.', 'e']) {
        text.push_str(".0");
    }
    text
}

/// `repr()` of a `complex`. The real part is left out if it is positive zero.
#[must_use]
pub fn repr_complex(real: f64, imag: f64) -> String {
    if real == 0.0 && real.is_sign_positive() {
        return format!("{}j", shortest(imag));
    }
    let imag = shortest(imag);
    let sign = if imag.starts_with('-') { "" } else { "+" };
    format!("({}{sign}{imag}j)", shortest(real))
}

/// Shortest digits, with an exponent if there are more than 16 digits before the point or
/// more than 3 zeros after it; no `.0` for whole numbers.
fn shortest(value: f64) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let scientific = format!("{:e}", value.abs());
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits: String = mantissa.chars().filter(|c| *c != '.').collect();
    let count = digits.len() as i32;
    // The decimal point stands behind this many digits.
    let point = exponent + 1;
    let mut out = String::new();
    if value.is_sign_negative() {
        out.push('-');
    }
    if value == 0.0 {
        out.push('0');
    } else if !(-3..=16).contains(&point) {
        out.push_str(mantissa);
        let sign = if exponent < 0 { '-' } else { '+' };
        let _ = write!(out, "e{sign}{:02}", exponent.abs());
    } else if point <= 0 {
        out.push_str("0.");
        out.extend(std::iter::repeat_n('0', -point as usize));
        out.push_str(&digits);
    } else if point >= count {
        out.push_str(&digits);
        out.extend(std::iter::repeat_n('0', (point - count) as usize));
    } else {
        out.push_str(&digits[..point as usize]);
        out.push('.');
        out.push_str(&digits[point as usize..]);
    }
    out
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
