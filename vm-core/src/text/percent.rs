//! The `%` operator of `str` and `bytes`: its template language, and the layout of values already taken out of objects.
//!
//! The machine walks a [`Percent`], fetches keys and values, and calls the `format_*` function of the conversion. Messages
//! about values' types are made here, so that both templates word them alike.

use std::ops::Range;

use rustpython_wtf8::{CodePoint, Wtf8, Wtf8Buf};

use super::error::{OpError, OpResult};
use super::replace::MAX_LEN;
use super::slice::StrRef;
use crate::number::float_format::{FloatFlags, double_to_string};
use crate::number::int_format::{IntRef, magnitude_digits};

/// A width or precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Amount {
    /// A number in the template.
    Given(usize),
    /// `*`: the next value.
    Star,
}

/// One conversion of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// The bytes of the template between the parentheses of a mapping key.
    pub key: Option<Range<usize>>,
    /// The flags, and once known the amounts.
    pub layout: Layout,
    /// The width, to be fetched before the precision and the value.
    pub width: Option<Amount>,
    /// The precision.
    pub precision: Option<Amount>,
    /// The conversion type. `%` takes no value and gives a percent sign.
    pub code: CodePoint,
    /// The byte of the template at which the type stands.
    pub at: usize,
}

/// Flags, width and precision.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// `-`
    pub left: bool,
    /// `+`
    pub plus: bool,
    /// A blank.
    pub blank: bool,
    /// `#`
    pub alternate: bool,
    /// `0`
    pub zero: bool,
    /// The least width.
    pub width: usize,
    /// Digits or code points.
    pub precision: Option<usize>,
}

/// A piece of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Bytes to copy.
    Literal(Range<usize>),
    /// Something to format.
    Conversion(Conversion),
}

/// Walks a template. After an error it is at its end.
#[derive(Clone, Debug)]
pub struct Percent<'a> {
    text: &'a [u8],
    at: usize,
    bytes: bool,
}

impl<'a> Percent<'a> {
    /// The template of a `str`.
    pub fn of_str(template: &'a Wtf8) -> Self {
        Percent {
            text: template.as_bytes(),
            at: 0,
            bytes: false,
        }
    }

    /// The template of a `bytes` or `bytearray`.
    pub fn of_bytes(template: &'a [u8]) -> Self {
        Percent {
            text: template,
            at: 0,
            bytes: true,
        }
    }

    fn peek(&self) -> OpResult<u8> {
        self.text
            .get(self.at)
            .copied()
            .ok_or(OpError::value("incomplete format"))
    }

    fn conversion(&mut self) -> OpResult<Conversion> {
        self.at += 1;
        let key = if self.text.get(self.at) == Some(&b'(') {
            Some(self.key()?)
        } else {
            None
        };
        let mut layout = Layout::default();
        loop {
            match self.peek()? {
                b'-' => layout.left = true,
                b'+' => layout.plus = true,
                b' ' => layout.blank = true,
                b'#' => layout.alternate = true,
                b'0' => layout.zero = true,
                _ => break,
            }
            self.at += 1;
        }
        let width = self.amount(i64::MAX, "width too big")?;
        let mut precision = None;
        if self.peek()? == b'.' {
            self.at += 1;
            let too_big = if self.bytes {
                "prec too big"
            } else {
                "precision too big"
            };
            self.peek()?;
            precision = self
                .amount(i64::from(i32::MAX), too_big)?
                .or(Some(Amount::Given(0)));
        }
        // A length modifier says nothing in Python.
        if matches!(self.peek()?, b'h' | b'l' | b'L') {
            self.at += 1;
            self.peek()?;
        }
        let at = self.at;
        let code = self.code();
        Ok(Conversion {
            key,
            layout,
            width,
            precision,
            code,
            at,
        })
    }

    fn key(&mut self) -> OpResult<Range<usize>> {
        let start = self.at + 1;
        let mut depth = 0;
        for (i, &b) in self.text.iter().enumerate().skip(self.at) {
            match b {
                b'(' => depth += 1,
                b')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                self.at = i + 1;
                return Ok(start..i);
            }
        }
        Err(OpError::value("incomplete format key"))
    }

    fn amount(&mut self, max: i64, too_big: &'static str) -> OpResult<Option<Amount>> {
        if self.text.get(self.at) == Some(&b'*') {
            self.at += 1;
            return Ok(Some(Amount::Star));
        }
        let mut value = None;
        while let Some(digit @ b'0'..=b'9') = self.text.get(self.at) {
            let next = value
                .unwrap_or(0i64)
                .checked_mul(10)
                .and_then(|v| v.checked_add(i64::from(digit - b'0')));
            value = Some(next.filter(|&v| v <= max).ok_or(OpError::value(too_big))?);
            self.at += 1;
        }
        Ok(value.map(|v| Amount::Given(usize::try_from(v).unwrap_or(usize::MAX))))
    }

    fn code(&mut self) -> CodePoint {
        let byte = self.text[self.at];
        let first = CodePoint::from(byte);
        let rest = if self.bytes || byte.is_ascii() {
            None
        } else {
            Wtf8::from_bytes(&self.text[self.at..])
        };
        let code = rest
            .and_then(|rest| rest.code_points().next())
            .unwrap_or(first);
        self.at += if rest.is_some() { code.len_wtf8() } else { 1 };
        code
    }
}

impl Iterator for Percent<'_> {
    type Item = OpResult<Piece>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let literal = memchr::memchr(b'%', rest).unwrap_or(rest.len());
        if literal > 0 {
            let start = self.at;
            self.at += literal;
            return Some(Ok(Piece::Literal(start..self.at)));
        }
        if rest.get(1) == Some(&b'%') {
            self.at += 2;
            return Some(Ok(Piece::Literal(self.at - 1..self.at)));
        }
        let conversion = self.conversion();
        if conversion.is_err() {
            self.at = self.text.len();
        }
        Some(conversion.map(Piece::Conversion))
    }
}

impl Conversion {
    /// The error for a conversion type that does not exist, raised once the value has been fetched. `index` is where
    /// the type stands in the template: code points for `str`, bytes for `bytes`.
    #[cold]
    pub fn unsupported(&self, index: usize) -> OpError {
        let code = self.code.to_u32();
        let shown = match code {
            31..=126 => char::from(code as u8),
            _ => '?',
        };
        OpError::value(format!(
            "unsupported format character '{shown}' (0x{code:x}) at index {index}"
        ))
    }

    /// The error for a value of a wrong type under an integer conversion.
    #[cold]
    pub fn number_required(&self, type_name: &str) -> OpError {
        let code = self.code.to_char_lossy();
        let wanted = if matches!(code, 'x' | 'X' | 'o') {
            "an integer"
        } else {
            "a number"
        };
        OpError::type_error(format!(
            "%{code} format: {wanted} is required, not {type_name}"
        ))
    }
}

impl Layout {
    /// Sets the width from a `*` value: a negative one sets the `-` flag.
    pub fn set_width(&mut self, width: i64) {
        self.left |= width < 0;
        self.width = usize::try_from(width.unsigned_abs()).unwrap_or(usize::MAX);
    }

    /// Sets the precision from a `*` value: a negative one counts as zero.
    pub fn set_precision(&mut self, precision: i64) {
        self.precision = Some(usize::try_from(precision).unwrap_or(0));
    }

    fn check(&self) -> OpResult<()> {
        if self.width > MAX_LEN || self.precision.is_some_and(|p| p > MAX_LEN) {
            Err(OpError::memory())
        } else {
            Ok(())
        }
    }

    /// Sign, prefix and digits, padded: zeros go after the prefix, blanks around everything.
    fn number(&self, negative: bool, prefix: &str, digits: &str) -> String {
        let sign = match () {
            () if negative => "-",
            () if self.plus => "+",
            () if self.blank => " ",
            () => "",
        };
        let missing = self
            .width
            .saturating_sub(sign.len() + prefix.len() + digits.len());
        let (blanks, zeros, trailing) = match (self.left, self.zero) {
            (true, _) => (0, 0, missing),
            (false, true) => (0, missing, 0),
            (false, false) => (missing, 0, 0),
        };
        [
            &" ".repeat(blanks),
            sign,
            prefix,
            &"0".repeat(zeros),
            digits,
            &" ".repeat(trailing),
        ]
        .concat()
    }
}

/// `%d`, `%i`, `%u`, `%o`, `%x` and `%X`; the precision is the least number of digits.
pub fn format_int(value: IntRef<'_>, layout: &Layout, code: char) -> OpResult<String> {
    layout.check()?;
    let (base, prefix) = match code {
        'o' => (8, "0o"),
        'x' => (16, "0x"),
        'X' => (16, "0X"),
        _ => (10, ""),
    };
    let mut digits = magnitude_digits(value, base);
    if code == 'X' {
        digits.make_ascii_uppercase();
    }
    let missing = layout.precision.unwrap_or(0).saturating_sub(digits.len());
    if missing > 0 {
        digits.insert_str(0, &"0".repeat(missing));
    }
    Ok(layout.number(
        value.is_negative(),
        if layout.alternate { prefix } else { "" },
        &digits,
    ))
}

/// `%e`, `%E`, `%f`, `%F`, `%g` and `%G`; the precision is 6 unless given.
pub fn format_float(x: f64, layout: &Layout, code: char) -> OpResult<String> {
    layout.check()?;
    let flags = FloatFlags {
        alternate: layout.alternate,
        add_dot_0: false,
    };
    let text = double_to_string(x, code, layout.precision.unwrap_or(6), flags);
    Ok(match text.strip_prefix('-') {
        Some(magnitude) => layout.number(true, "", magnitude),
        None => layout.number(false, "", &text),
    })
}

/// `%s`, `%r`, `%a` (cut to the precision) and `%c` (pass a layout without one) in a `str`.
pub fn format_text(text: StrRef<'_>, layout: &Layout) -> OpResult<Wtf8Buf> {
    layout.check()?;
    let text = match layout.precision {
        Some(precision) if precision < text.char_len() => text.slice(0, precision),
        _ => text,
    };
    let missing = layout.width.saturating_sub(text.char_len());
    let (before, after) = if layout.left {
        (0, missing)
    } else {
        (missing, 0)
    };
    Ok(super::justify::pad(
        text.text(),
        before,
        after,
        CodePoint::from(' '),
    ))
}

/// `%b`, `%s`, `%r`, `%a` (cut to the precision) and `%c` (pass a layout without one) in a `bytes`.
pub fn format_bytes(text: &[u8], layout: &Layout) -> OpResult<Vec<u8>> {
    layout.check()?;
    let text = &text[..text.len().min(layout.precision.unwrap_or(usize::MAX))];
    let missing = layout.width.saturating_sub(text.len());
    let mut out = Vec::with_capacity(text.len() + missing);
    let blanks = |out: &mut Vec<u8>| out.extend(std::iter::repeat_n(b' ', missing));
    if !layout.left {
        blanks(&mut out);
    }
    out.extend_from_slice(text);
    if layout.left {
        blanks(&mut out);
    }
    Ok(out)
}

/// The code point `%c` gives for an `int`.
pub fn char_of_int(value: Option<i64>) -> OpResult<CodePoint> {
    let point = value
        .and_then(|v| u32::try_from(v).ok())
        .and_then(CodePoint::from_u32);
    point.ok_or(OpError::overflow("%c arg not in range(0x110000)"))
}

/// The byte `%c` gives for an `int` in a `bytes` template.
pub fn byte_of_int(value: Option<i64>) -> OpResult<u8> {
    value
        .and_then(|v| u8::try_from(v).ok())
        .ok_or(OpError::overflow("%c arg not in range(256)"))
}

/// The error for a `%c` value that is neither an integer nor one character.
pub fn char_required() -> OpError {
    OpError::type_error("%c requires int or char")
}

/// The error for a `%c` value of a `bytes` template that is neither an integer nor one byte.
pub fn byte_required() -> OpError {
    OpError::type_error("%c requires an integer in range(256) or a single byte")
}

/// The error for a `%b` or `%s` value of a `bytes` template.
pub fn bytes_required(type_name: &str) -> OpError {
    OpError::type_error(format!(
        "%b requires bytes, or an object that implements __bytes__, not '{type_name}'"
    ))
}

/// The error for a `*` whose value is no integer.
pub fn star_wants_int() -> OpError {
    OpError::type_error("* wants int")
}

/// The error for a key where the right operand is no mapping.
pub fn mapping_required() -> OpError {
    OpError::type_error("format requires a mapping")
}

/// The error for a template that wants more values than there are.
pub fn not_enough_arguments() -> OpError {
    OpError::type_error("not enough arguments for format string")
}

/// The error for values left over.
pub fn not_all_converted(bytes: bool) -> OpError {
    OpError::type_error(if bytes {
        "not all arguments converted during bytes formatting"
    } else {
        "not all arguments converted during string formatting"
    })
}

#[cfg(test)]
mod tests;
