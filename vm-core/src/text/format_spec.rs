//! The standard format specification: `[[fill]align][sign][#][0][width][,][.precision][type]`, and the `str` form of `format`.
//!
//! Only the parse and the padding that all types share; numbers are laid out in `format_number`.

use rustpython_wtf8::{CodePoint, Wtf8, Wtf8Buf};

use super::classify::decimal_value;
use super::error::{OpError, OpResult};
use super::justify::pad;
use super::replace::MAX_LEN;
use super::slice::StrRef;

/// Where the padding goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// `<`
    Left,
    /// `>`
    Right,
    /// `^`: the odd one to the right.
    Center,
    /// `=`: between sign or prefix and digits.
    AfterSign,
}

/// A parsed specification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatSpec {
    /// What pads; `0` if the width began with a zero.
    pub fill: CodePoint,
    /// The alignment, or the type's own.
    pub align: Align,
    /// `+`, `-` or a blank.
    pub sign: Option<char>,
    /// `#`
    pub alternate: bool,
    /// The least width, in code points.
    pub width: usize,
    /// `,`, or `_` of the newer dialect
    pub thousands: Option<char>,
    /// The number after the point.
    pub precision: Option<usize>,
    /// The presentation type: none where it was left out.
    pub kind: Option<CodePoint>,
}

fn align_of(c: Option<&u32>) -> Option<Align> {
    match char::from_u32(*c?)? {
        '<' => Some(Align::Left),
        '>' => Some(Align::Right),
        '^' => Some(Align::Center),
        '=' => Some(Align::AfterSign),
        _ => None,
    }
}

/// A cursor over the code points of a specification.
struct Cursor<'a> {
    rest: &'a [u32],
}

impl Cursor<'_> {
    fn accept(&mut self, c: char) -> bool {
        let found = self.rest.first() == Some(&u32::from(c));
        if found {
            self.rest = &self.rest[1..];
        }
        found
    }

    /// A decimal number of any script, if one is here.
    fn number(&mut self) -> OpResult<Option<usize>> {
        let mut value: Option<i64> = None;
        while let Some(digit) = self.rest.first().and_then(|&c| decimal_value(c)) {
            let next = value
                .unwrap_or(0)
                .checked_mul(10)
                .and_then(|v| v.checked_add(i64::from(digit)));
            value = Some(next.ok_or_else(too_many_digits)?);
            self.rest = &self.rest[1..];
        }
        Ok(value.and_then(|v| usize::try_from(v).ok()))
    }
}

pub(super) fn too_many_digits() -> OpError {
    OpError::value("Too many decimal digits in format string")
}

/// `'X'` as messages show a type code: itself if it is ASCII and visible, else in hexadecimal.
fn shown(kind: CodePoint) -> String {
    match kind.to_u32() {
        c @ 33..=127 => format!("'{}'", char::from(c as u8)),
        c => format!("'\\x{c:x}'"),
    }
}

impl FormatSpec {
    /// Parses a specification for a type that aligns by `align`, and whose type is `default_kind` if none is given.
    pub fn parse(spec: &Wtf8, align: Align, default_kind: Option<char>) -> OpResult<Self> {
        let points: Vec<u32> = spec.code_points().map(CodePoint::to_u32).collect();
        let mut cursor = Cursor { rest: &points };
        let (mut fill, mut given) = (None, None);
        if let Some(align) = align_of(cursor.rest.get(1)) {
            fill = CodePoint::from_u32(cursor.rest[0]);
            given = Some(align);
            cursor.rest = &cursor.rest[2..];
        } else if let Some(align) = align_of(cursor.rest.first()) {
            given = Some(align);
            cursor.rest = &cursor.rest[1..];
        }
        let sign = ['+', '-', ' '].into_iter().find(|&c| cursor.accept(c));
        let alternate = cursor.accept('#');
        if fill.is_none() && cursor.accept('0') {
            fill = Some(CodePoint::from('0'));
            given = given.or(Some(Align::AfterSign));
        }
        let width = cursor.number()?.unwrap_or(0);
        let thousands = [',', '_'].into_iter().find(|&c| cursor.accept(c));
        let mut precision = None;
        if cursor.accept('.') {
            precision = cursor.number()?;
            if precision.is_none() {
                return Err(OpError::value("Format specifier missing precision"));
            }
        }
        let kind = match cursor.rest {
            [] => default_kind.map(CodePoint::from),
            [kind] => CodePoint::from_u32(*kind),
            _ => return Err(OpError::value("Invalid format specifier")),
        };
        if let Some(separator) = thousands {
            let allowed = match separator {
                '_' => "defgEG%FbxXo",
                _ => "defgEG%F",
            };
            if !kind.is_none_or(|k| k.is_char_and(|c| allowed.contains(c))) {
                let kind = kind.unwrap_or(CodePoint::from(' '));
                return Err(OpError::value(format!(
                    "Cannot specify '{separator}' with {}.",
                    shown(kind)
                )));
            }
        }
        if width > MAX_LEN {
            return Err(OpError::memory());
        }
        Ok(FormatSpec {
            fill: fill.unwrap_or(CodePoint::from(' ')),
            align: given.unwrap_or(align),
            sign,
            alternate,
            width,
            thousands,
            precision,
            kind,
        })
    }

    /// The type as a `char`; a blank, which is no type, for a lone surrogate.
    pub(super) fn kind_char(&self) -> Option<char> {
        self.kind.map(|kind| kind.to_char().unwrap_or(' '))
    }

    /// The error for a type code that does not go with the object.
    #[cold]
    pub(super) fn unknown_kind(&self, type_name: &str) -> OpError {
        let kind = self.kind.unwrap_or(CodePoint::from(' '));
        OpError::value(format!(
            "Unknown format code {} for object of type '{type_name}'",
            shown(kind)
        ))
    }

    /// Pads a text of `len` code points; `=` counts as `>`.
    pub(super) fn pad(&self, text: &Wtf8, len: usize) -> Wtf8Buf {
        let total = self.width.saturating_sub(len);
        let left = match self.align {
            Align::Left => 0,
            Align::Right | Align::AfterSign => total,
            Align::Center => total / 2,
        };
        pad(text, left, total - left, self.fill)
    }
}

/// `format(text, spec)` of a `str`.
pub fn format_str(text: StrRef<'_>, spec: &Wtf8) -> OpResult<Wtf8Buf> {
    if spec.is_empty() {
        return Ok(text.text().to_wtf8_buf());
    }
    let spec = FormatSpec::parse(spec, Align::Left, Some('s'))?;
    if spec.kind_char() != Some('s') {
        return Err(spec.unknown_kind("str"));
    }
    if spec.sign.is_some() {
        return Err(OpError::value(
            "Sign not allowed in string format specifier",
        ));
    }
    if spec.alternate {
        return Err(OpError::value(
            "Alternate form (#) not allowed in string format specifier",
        ));
    }
    if spec.align == Align::AfterSign {
        return Err(OpError::value(
            "'=' alignment not allowed in string format specifier",
        ));
    }
    let text = match spec.precision {
        Some(precision) if precision < text.char_len() => text.slice(0, precision),
        _ => text,
    };
    Ok(spec.pad(text.text(), text.char_len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn f(text: &str, spec: &str) -> Result<String, String> {
        match format_str(text.into(), Wtf8::new(spec)) {
            Ok(out) => Ok(out.to_string_lossy().into_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn texts() {
        for (text, spec, out) in [
            ("abc", "", "abc"),
            ("abc", "5", "abc  "),
            ("abc", ">5", "  abc"),
            ("abc", "^6", " abc  "),
            ("abc", ".2", "ab"),
            ("abc", "\u{e9}^9", "\u{e9}\u{e9}\u{e9}abc\u{e9}\u{e9}\u{e9}"),
            ("a", "<<4s", "a<<<"),
            ("a", "\u{663}", "a  "),
            ("\u{e9}x", "3.1", "\u{e9}  "),
        ] {
            assert_eq!(f(text, spec).as_deref(), Ok(out), "{spec}");
        }
    }

    #[test]
    fn refused() {
        for (spec, message) in [
            (
                "d",
                "ValueError: Unknown format code 'd' for object of type 'str'",
            ),
            (
                "\u{1}",
                "ValueError: Unknown format code '\\x1' for object of type 'str'",
            ),
            (
                "+",
                "ValueError: Sign not allowed in string format specifier",
            ),
            (
                "#",
                "ValueError: Alternate form (#) not allowed in string format specifier",
            ),
            (
                "05",
                "ValueError: '=' alignment not allowed in string format specifier",
            ),
            (",", "ValueError: Cannot specify ',' with 's'."),
            (".", "ValueError: Format specifier missing precision"),
            ("5x5", "ValueError: Invalid format specifier"),
            (
                "99999999999999999999",
                "ValueError: Too many decimal digits in format string",
            ),
            ("9999999999999999", "MemoryError"),
        ] {
            assert_eq!(f("a", spec), Err(message.to_owned()), "{spec}");
        }
    }
}
