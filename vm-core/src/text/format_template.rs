//! The templates of `str.format`: literal text and fields, and the paths of field names.
//!
//! Nothing is looked up or formatted here: the machine walks the [`Template`], resolves each [`FieldName`] and its [`Step`]s, and
//! formats a nested specification through the same iterator, at most [`MAX_DEPTH`] deep.

use rustpython_wtf8::{CodePoint, Wtf8};

use super::classify::decimal_value;
use super::error::{OpError, OpResult};
use super::format_spec::too_many_digits;

/// How deep templates nest: a template and the specifications of its fields.
pub const MAX_DEPTH: usize = 2;

/// The error for a template nested deeper than [`MAX_DEPTH`].
pub fn too_deep() -> OpError {
    OpError::value("Max string recursion exceeded")
}

/// The error for a positional field where there is only a mapping (`format_map`).
pub fn positional_fields() -> OpError {
    OpError::value("Format string contains positional fields")
}

/// Some literal text and the field after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// Text to copy; a doubled brace is one already.
    pub literal: &'a Wtf8,
    /// The field, unless the literal ends the template or stands before a doubled brace.
    pub field: Option<Field<'a>>,
}

/// `{name!conversion:spec}`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    /// What to format: see [`FieldName::parse`].
    pub name: &'a Wtf8,
    /// The code point after `!`.
    pub conversion: Option<CodePoint>,
    /// The specification, with its own fields unresolved.
    pub spec: &'a Wtf8,
    /// Whether the specification holds fields.
    pub spec_has_fields: bool,
}

/// What a field's conversion does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conversion {
    /// `!s`
    Str,
    /// `!r`
    Repr,
    /// `!a`
    Ascii,
}

impl Conversion {
    /// Reads the code point after `!`.
    pub fn of(code: CodePoint) -> OpResult<Self> {
        match code.to_char() {
            Some('s') => Ok(Conversion::Str),
            Some('r') => Ok(Conversion::Repr),
            Some('a') => Ok(Conversion::Ascii),
            Some(c @ '!'..='~') => Err(OpError::value(format!("Unknown conversion specifier {c}"))),
            _ => Err(OpError::value(format!(
                "Unknown conversion specifier \\x{:x}",
                code.to_u32()
            ))),
        }
    }
}

/// Walks a template. After an error it is at its end.
#[derive(Clone, Debug)]
pub struct Template<'a> {
    rest: &'a Wtf8,
}

impl<'a> Template<'a> {
    /// A walk from the start.
    pub fn new(template: &'a Wtf8) -> Self {
        Template { rest: template }
    }

    fn piece(&mut self) -> OpResult<Piece<'a>> {
        let text = self.rest;
        let bytes = text.as_bytes();
        let Some(at) = memchr::memchr2(b'{', b'}', bytes) else {
            self.rest = &text[text.len()..];
            return Ok(Piece {
                literal: text,
                field: None,
            });
        };
        let (brace, next) = (bytes[at], bytes.get(at + 1));
        if next == Some(&brace) {
            self.rest = &text[at + 2..];
            return Ok(Piece {
                literal: &text[..at + 1],
                field: None,
            });
        }
        if brace == b'}' {
            return Err(OpError::value("Single '}' encountered in format string"));
        }
        if next.is_none() {
            return Err(OpError::value("Single '{' encountered in format string"));
        }
        let (field, used) = parse_field(&text[at + 1..])?;
        self.rest = &text[at + 1 + used..];
        Ok(Piece {
            literal: &text[..at],
            field: Some(field),
        })
    }
}

impl<'a> Iterator for Template<'a> {
    type Item = OpResult<Piece<'a>>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let piece = self.piece();
        if piece.is_err() {
            self.rest = &self.rest[self.rest.len()..];
        }
        Some(piece)
    }
}

/// Parses what follows an opening brace; gives the length used, the closing brace included.
fn parse_field(text: &Wtf8) -> OpResult<(Field<'_>, usize)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    let end = loop {
        match bytes.get(at) {
            None => return Err(OpError::value("expected '}' before end of string")),
            Some(b'{') => return Err(OpError::value("unexpected '{' in field name")),
            Some(b'[') => at += memchr::memchr(b']', &bytes[at..]).unwrap_or(bytes.len() - at),
            Some(b'}' | b':' | b'!') => break at,
            Some(_) => at += 1,
        }
    };
    let name = &text[..end];
    let mut field = Field {
        name,
        conversion: None,
        spec: &text[..0],
        spec_has_fields: false,
    };
    let mut at = end + 1;
    if bytes[end] == b'}' {
        return Ok((field, at));
    }
    if bytes[end] == b'!' {
        let code = text[at..].code_points().next();
        let code = code.ok_or(OpError::value(
            "end of string while looking for conversion specifier",
        ))?;
        field.conversion = Some(code);
        at += code.len_wtf8();
        match bytes.get(at) {
            Some(b'}') => return Ok((field, at + 1)),
            Some(b':') => at += 1,
            Some(_) => return Err(OpError::value("expected ':' after conversion specifier")),
            None => {}
        }
    }
    let start = at;
    let mut depth = 1;
    while let Some(found) = memchr::memchr2(b'{', b'}', &bytes[at..]) {
        at += found + 1;
        if bytes[at - 1] == b'{' {
            field.spec_has_fields = true;
            depth += 1;
        } else {
            depth -= 1;
            if depth == 0 {
                field.spec = &text[start..at - 1];
                return Ok((field, at));
            }
        }
    }
    Err(OpError::value("unmatched '{' in format spec"))
}

/// The argument a field name starts from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument<'a> {
    /// No name: the next positional argument.
    Auto,
    /// A positional argument.
    Index(usize),
    /// A keyword argument.
    Keyword(&'a Wtf8),
}

/// One step of a field name's path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// `.name`
    Attribute(&'a Wtf8),
    /// `[3]`
    Index(usize),
    /// `[key]`
    Key(&'a Wtf8),
}

/// A field name: where it starts and the path from there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldName<'a> {
    /// The start.
    pub argument: Argument<'a>,
    /// The text of the steps, walked by [`FieldName::next_step`].
    rest: &'a Wtf8,
}

impl<'a> FieldName<'a> {
    /// Splits a field name at its first `.` or `[`.
    pub fn parse(name: &'a Wtf8) -> OpResult<Self> {
        let end = memchr::memchr2(b'.', b'[', name.as_bytes()).unwrap_or(name.len());
        let first = &name[..end];
        let argument = match integer(first)? {
            _ if first.is_empty() => Argument::Auto,
            Some(index) => Argument::Index(index),
            None => Argument::Keyword(first),
        };
        Ok(FieldName {
            argument,
            rest: &name[end..],
        })
    }

    /// The next step of the path, `None` at its end.
    pub fn next_step(&mut self) -> OpResult<Option<Step<'a>>> {
        let text = self.rest;
        let bytes = text.as_bytes();
        let (name, used, bracket) = match bytes.first() {
            None => return Ok(None),
            Some(b'.') => {
                let end = memchr::memchr2(b'.', b'[', &bytes[1..]).map_or(bytes.len(), |i| i + 1);
                (&text[1..end], end, false)
            }
            Some(b'[') => {
                let end = memchr::memchr(b']', bytes)
                    .ok_or(OpError::value("Missing ']' in format string"))?;
                (&text[1..end], end + 1, true)
            }
            Some(_) => {
                return Err(OpError::value(
                    "Only '.' or '[' may follow ']' in format field specifier",
                ));
            }
        };
        let index = if bracket { integer(name)? } else { None };
        if name.is_empty() {
            return Err(OpError::value("Empty attribute in format string"));
        }
        self.rest = &text[used..];
        Ok(Some(match index {
            Some(index) => Step::Index(index),
            None if bracket => Step::Key(name),
            None => Step::Attribute(name),
        }))
    }
}

/// A name made of decimal digits only, as a number.
fn integer(name: &Wtf8) -> OpResult<Option<usize>> {
    if name.is_empty() {
        return Ok(None);
    }
    let mut value: i64 = 0;
    for c in name.code_points() {
        let Some(digit) = decimal_value(c.to_u32()) else {
            return Ok(None);
        };
        value = value
            .checked_mul(10)
            .and_then(|v| v.checked_add(i64::from(digit)))
            .ok_or_else(too_many_digits)?;
    }
    Ok(usize::try_from(value).ok())
}

/// Numbers the fields without a name: one for a whole `format` call, nested specifications included.
#[derive(Clone, Copy, Debug, Default)]
pub struct AutoNumber {
    next: usize,
    manual: Option<bool>,
}

impl AutoNumber {
    /// The positional index of a field; `None` for a keyword field. Mixing fields with and without numbers is an error.
    pub fn position(&mut self, argument: Argument<'_>) -> OpResult<Option<usize>> {
        let manual = match argument {
            Argument::Keyword(_) => return Ok(None),
            Argument::Index(_) => true,
            Argument::Auto => false,
        };
        match *self.manual.get_or_insert(manual) {
            true if !manual => Err(OpError::value(
                "cannot switch from manual field specification to automatic field numbering",
            )),
            false if manual => Err(OpError::value(
                "cannot switch from automatic field numbering to manual field specification",
            )),
            _ => Ok(Some(match argument {
                Argument::Index(index) => index,
                _ => {
                    self.next += 1;
                    self.next - 1
                }
            })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn w(text: &str) -> &Wtf8 {
        Wtf8::new(text)
    }

    fn error(template: &str) -> String {
        let found = Template::new(w(template)).find_map(Result::err);
        found.map_or(String::new(), |e| e.message.into_owned())
    }

    #[test]
    fn pieces() {
        let pieces: OpResult<Vec<Piece>> = Template::new(w("a{{b{x!r:>{w}}c}}{}")).collect();
        let field = |name, conversion: Option<char>, spec, spec_has_fields| {
            Some(Field {
                name: w(name),
                conversion: conversion.map(CodePoint::from),
                spec: w(spec),
                spec_has_fields,
            })
        };
        let piece = |literal, field| Piece {
            literal: w(literal),
            field,
        };
        assert_eq!(
            pieces,
            Ok(vec![
                piece("a{", None),
                piece("b", field("x", Some('r'), ">{w}", true)),
                piece("c}", None),
                piece("", field("", None, "", false))
            ])
        );
        let pieces: OpResult<Vec<Piece>> = Template::new(w("{0[}:!]:x}")).collect();
        assert_eq!(
            pieces,
            Ok(vec![piece("", field("0[}:!]", None, "x", false))])
        );
    }

    #[test]
    fn errors() {
        for (template, message) in [
            ("{!", "end of string while looking for conversion specifier"),
            ("{!r", "unmatched '{' in format spec"),
            ("{!rx}", "expected ':' after conversion specifier"),
            ("{0[}", "expected '}' before end of string"),
            ("{", "Single '{' encountered in format string"),
            ("}", "Single '}' encountered in format string"),
            ("{0", "expected '}' before end of string"),
            ("{0:{", "unmatched '{' in format spec"),
            ("{a{b}}", "unexpected '{' in field name"),
            ("{:}}", "Single '}' encountered in format string"),
            ("a}b", "Single '}' encountered in format string"),
        ] {
            assert_eq!(error(template), message, "{template}");
        }
        assert_eq!(
            Conversion::of('x'.into()).unwrap_err().message,
            "Unknown conversion specifier x"
        );
        assert_eq!(
            Conversion::of('\u{e9}'.into()).unwrap_err().message,
            "Unknown conversion specifier \\xe9"
        );
        assert_eq!(Conversion::of('a'.into()), Ok(Conversion::Ascii));
    }

    fn path(name: &str) -> OpResult<(Argument<'_>, Vec<Step<'_>>)> {
        let mut name = FieldName::parse(w(name))?;
        let mut steps = Vec::new();
        while let Some(step) = name.next_step()? {
            steps.push(step);
        }
        Ok((name.argument, steps))
    }

    #[test]
    fn names() {
        assert_eq!(
            path("a.b[3][k.]"),
            Ok((
                Argument::Keyword(w("a")),
                vec![Step::Attribute(w("b")), Step::Index(3), Step::Key(w("k."))]
            ))
        );
        assert_eq!(path("12"), Ok((Argument::Index(12), vec![])));
        assert_eq!(path("[-1]"), Ok((Argument::Auto, vec![Step::Key(w("-1"))])));
        assert_eq!(path("-1"), Ok((Argument::Keyword(w("-1")), vec![])));
        for (name, message) in [
            ("0.", "Empty attribute in format string"),
            ("0[]", "Empty attribute in format string"),
            (
                "0[a]b",
                "Only '.' or '[' may follow ']' in format field specifier",
            ),
            ("0[a", "Missing ']' in format string"),
            (
                "99999999999999999999",
                "Too many decimal digits in format string",
            ),
        ] {
            assert_eq!(path(name).unwrap_err().message, message, "{name}");
        }
    }

    #[test]
    fn numbering() {
        let mut auto = AutoNumber::default();
        assert_eq!(
            (
                auto.position(Argument::Auto),
                auto.position(Argument::Keyword(w("k"))),
                auto.position(Argument::Auto)
            ),
            (Ok(Some(0)), Ok(None), Ok(Some(1)))
        );
        assert_eq!(
            auto.position(Argument::Index(0)).unwrap_err().message,
            "cannot switch from automatic field numbering to manual field specification"
        );
        let mut manual = AutoNumber::default();
        assert_eq!(manual.position(Argument::Index(7)), Ok(Some(7)));
        assert_eq!(
            manual.position(Argument::Auto).unwrap_err().message,
            "cannot switch from manual field specification to automatic field numbering"
        );
    }
}
