//! `format(x, spec)` of `int`, `bool`, `float` and `complex`.
//!
//! The `n` type uses the C locale: no grouping, a plain point. Grouping by `,` counts the zeros of a zero-padded
//! width as digits. Source of the layout rules: CPython's `formatter_unicode`.

use rustpython_wtf8::{CodePoint, Wtf8, Wtf8Buf};

use super::error::{OpError, OpResult};
use super::format_spec::{Align, FormatSpec};
use super::replace::MAX_LEN;
use crate::number::float_format::{FloatFlags, double_to_string};
use crate::number::int_float::to_f64;
use crate::number::int_format::{IntRef, decimal, magnitude_digits};

/// The largest precision: C's `INT_MAX`.
const MAX_PRECISION: usize = i32::MAX as usize;

/// A number in pieces: sign, prefix such as `0x`, digits that may be grouped, and the rest (point, fraction, exponent,
/// `inf`, `nan` or a percent sign).
struct Parts<'a> {
    negative: bool,
    prefix: &'a str,
    digits: &'a str,
    rest: &'a str,
}

impl<'a> Parts<'a> {
    /// Takes a converted float apart.
    fn of_float(text: &'a str) -> Self {
        let (negative, text) = match text.strip_prefix('-') {
            Some(text) => (true, text),
            None => (false, text),
        };
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = text.split_at(digits);
        Parts {
            negative,
            prefix: "",
            digits,
            rest,
        }
    }

    fn sign(&self, wanted: Option<char>) -> &'static str {
        match wanted {
            _ if self.negative => "-",
            Some('+') => "+",
            Some(' ') => " ",
            _ => "",
        }
    }
}

/// Digits in groups of `size`, with zeros in front until they are `width` wide. A separator never stands first, so the result
/// may be one wider.
fn group(digits: &str, width: usize, separator: char, size: usize) -> String {
    let mut reversed = String::new();
    let mut left = digits.bytes().rev();
    loop {
        for place in 0..size {
            match left.next() {
                Some(digit) => reversed.push(char::from(digit)),
                None if place == 0 || reversed.len() < width => reversed.push('0'),
                None => break,
            }
        }
        if left.len() == 0 && reversed.len() >= width {
            break;
        }
        reversed.push(separator);
    }
    reversed.chars().rev().collect()
}

/// Joins the pieces and pads them.
fn lay_out(parts: &Parts<'_>, spec: &FormatSpec) -> Wtf8Buf {
    let sign = parts.sign(spec.sign);
    let fixed = sign.len() + parts.prefix.len() + parts.rest.len();
    let zero_filled = spec.fill == '0' && spec.align == Align::AfterSign;
    let least = if zero_filled {
        spec.width.saturating_sub(fixed)
    } else {
        0
    };
    let digits = if parts.digits.is_empty() {
        String::new()
    } else if let Some(separator) = spec.thousands {
        // In other bases than ten, `_` parts groups of four.
        let size = match spec.kind_char() {
            Some('b' | 'o' | 'x' | 'X') => 4,
            _ => 3,
        };
        group(parts.digits, least, separator, size)
    } else {
        let zeros = least.saturating_sub(parts.digits.len());
        let mut digits = "0".repeat(zeros);
        digits.push_str(parts.digits);
        digits
    };
    if spec.align != Align::AfterSign {
        let text = [sign, parts.prefix, digits.as_str(), parts.rest].concat();
        return spec.pad(Wtf8::new(text.as_str()), text.len());
    }
    let mut out = Wtf8Buf::from([sign, parts.prefix].concat());
    out.extend(std::iter::repeat_n(
        spec.fill,
        spec.width.saturating_sub(fixed + digits.len()),
    ));
    out.push_str(&digits);
    out.push_str(parts.rest);
    out
}

/// `format(value, spec)` of an `int`; `type_name` is that of the object, for messages.
pub fn format_int(value: IntRef<'_>, spec: &Wtf8, type_name: &str) -> OpResult<Wtf8Buf> {
    if spec.is_empty() {
        return Ok(Wtf8Buf::from(decimal(value)));
    }
    let spec = FormatSpec::parse(spec, Align::Right, Some('d'))?;
    let base = match spec.kind_char() {
        Some('d' | 'n') | None => 10,
        Some('b') => 2,
        Some('o') => 8,
        Some('x' | 'X') => 16,
        Some('c') => return format_char(value, &spec),
        Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | '%') => {
            let x = match value {
                IntRef::Small(i) => i as f64,
                IntRef::Big(b) => to_f64(b)?,
            };
            return float_by_spec(x, &spec, type_name);
        }
        Some(_) => return Err(spec.unknown_kind(type_name)),
    };
    no_precision(&spec)?;
    let mut digits = magnitude_digits(value, base);
    let upper = spec.kind_char() == Some('X');
    if upper {
        digits.make_ascii_uppercase();
    }
    let prefix = match base {
        _ if !spec.alternate => "",
        2 => "0b",
        8 => "0o",
        16 if upper => "0X",
        16 => "0x",
        _ => "",
    };
    Ok(lay_out(
        &Parts {
            negative: value.is_negative(),
            prefix,
            digits: &digits,
            rest: "",
        },
        &spec,
    ))
}

fn no_precision(spec: &FormatSpec) -> OpResult<()> {
    match spec.precision {
        None => Ok(()),
        Some(_) => Err(OpError::value(
            "Precision not allowed in integer format specifier",
        )),
    }
}

/// The `c` type: the code point of that number.
fn format_char(value: IntRef<'_>, spec: &FormatSpec) -> OpResult<Wtf8Buf> {
    no_precision(spec)?;
    if spec.sign.is_some() {
        return Err(OpError::value(
            "Sign not allowed with integer format specifier 'c'",
        ));
    }
    if spec.alternate {
        return Err(OpError::value(
            "Alternate form (#) not allowed with integer format specifier 'c'",
        ));
    }
    let small = match value {
        IntRef::Small(i) => i,
        IntRef::Big(b) => num_traits::ToPrimitive::to_i64(b).ok_or(OpError::overflow(
            "Python int too large to convert to C long",
        ))?,
    };
    let point = u32::try_from(small).ok().and_then(CodePoint::from_u32);
    let point = point.ok_or(OpError::overflow("%c arg not in range(0x110000)"))?;
    Ok(spec.pad(&Wtf8Buf::from_iter([point]), 1))
}

/// `format(x, spec)` of a `float`; `type_name` is that of the object, for messages.
pub fn format_float(x: f64, spec: &Wtf8, type_name: &str) -> OpResult<Wtf8Buf> {
    if spec.is_empty() {
        return Ok(Wtf8Buf::from(crate::number::float_format::repr(x)));
    }
    float_by_spec(x, &FormatSpec::parse(spec, Align::Right, None)?, type_name)
}

fn check_precision(spec: &FormatSpec) -> OpResult<()> {
    match spec.precision {
        Some(precision) if precision > MAX_PRECISION => Err(OpError::value("precision too big")),
        Some(precision) if precision > MAX_LEN => Err(OpError::memory()),
        _ => Ok(()),
    }
}

fn float_by_spec(x: f64, spec: &FormatSpec, type_name: &str) -> OpResult<Wtf8Buf> {
    let kind = spec.kind_char();
    if !matches!(
        kind,
        None | Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n' | '%')
    ) {
        return Err(spec.unknown_kind(type_name));
    }
    check_precision(spec)?;
    let percent = kind == Some('%');
    let (code, default) = conversion(kind, spec.precision.is_some());
    let flags = FloatFlags {
        alternate: spec.alternate,
        add_dot_0: kind.is_none(),
    };
    let mut text = double_to_string(
        if percent { x * 100.0 } else { x },
        code,
        spec.precision.unwrap_or(default),
        flags,
    );
    if percent {
        text.push('%');
    }
    Ok(lay_out(&Parts::of_float(&text), spec))
}

/// The conversion code of a type, and the precision it has by itself.
fn conversion(kind: Option<char>, has_precision: bool) -> (char, usize) {
    match kind {
        None if has_precision => ('g', 0),
        None => ('r', 0),
        Some('n') => ('g', 6),
        Some('%') => ('f', 6),
        Some(kind) => (kind, 6),
    }
}

/// `format(z, spec)` of a `complex`; `type_name` is that of the object, for messages.
pub fn format_complex(real: f64, imag: f64, spec: &Wtf8, type_name: &str) -> OpResult<Wtf8Buf> {
    let spec = FormatSpec::parse(spec, Align::Right, None)?;
    let kind = spec.kind_char();
    if !matches!(kind, None | Some('e' | 'E' | 'f' | 'F' | 'g' | 'G' | 'n')) {
        return Err(spec.unknown_kind(type_name));
    }
    check_precision(&spec)?;
    if spec.fill == '0' {
        return Err(OpError::value(
            "Zero padding is not allowed in complex format specifier",
        ));
    }
    if spec.align == Align::AfterSign {
        return Err(OpError::value(
            "'=' alignment flag is not allowed in complex format specifier",
        ));
    }
    // Without a type, as repr: no real part if it is a positive zero, else parentheses.
    let skip_real = kind.is_none() && real == 0.0 && real.is_sign_positive();
    let parentheses = kind.is_none() && !skip_real;
    let (code, default) = conversion(kind, spec.precision.is_some());
    let flags = FloatFlags {
        alternate: spec.alternate,
        add_dot_0: false,
    };
    let convert = |x: f64| double_to_string(x, code, spec.precision.unwrap_or(default), flags);
    let mut part = FormatSpec {
        fill: CodePoint::from(' '),
        align: Align::Left,
        width: 0,
        ..spec.clone()
    };
    let mut out = Wtf8Buf::new();
    if parentheses {
        out.push_char('(');
    }
    if !skip_real {
        out.push_wtf8(&lay_out(&Parts::of_float(&convert(real)), &part));
        part.sign = Some('+');
    }
    out.push_wtf8(&lay_out(&Parts::of_float(&convert(imag)), &part));
    out.push_char('j');
    if parentheses {
        out.push_char(')');
    }
    Ok(spec.pad(&out, out.len()))
}

#[cfg(test)]
mod tests;
