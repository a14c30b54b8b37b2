//! Constants: numbers, strings, bytes, `None`, `True`, `False`, `...`.

use rustpython_parser::text_size::TextRange;
use rustpython_wtf8::Wtf8Buf;

use super::{Converter, Step, span};
use crate::ast::{Expr, ExprKind, NameConstant};
use crate::tokens::Kind;
use crate::tokens::numbers::parse_number;
use crate::tokens::strings::Literal;

impl Converter<'_, '_> {
    /// The constant that the tokens of `range` spell.
    pub(super) fn constant(&mut self, range: TextRange) -> Step<Expr> {
        let (first, last) = span(range);
        let kind = match self.kind(first) {
            Kind::None => ExprKind::NameConstant(NameConstant::None),
            Kind::True => ExprKind::NameConstant(NameConstant::True),
            Kind::False => ExprKind::NameConstant(NameConstant::False),
            Kind::Ellipsis => ExprKind::Ellipsis,
            Kind::Number => ExprKind::Num(parse_number(self.table.text(first))),
            _ => return self.strings(first, last),
        };
        Ok(self.at(first, kind))
    }

    /// The value of the adjacent literals `first..=last`.
    fn strings(&mut self, first: usize, last: usize) -> Step<Expr> {
        let is_bytes = Literal::new(self.table.text(first)).is_bytes;
        let mut value = Vec::new();
        for index in first..=last {
            let literal = Literal::new(self.table.text(index));
            if literal.is_bytes != is_bytes {
                return Err(self.error(first, "cannot mix bytes and nonbytes literals"));
            }
            if literal.is_format {
                return self.joined_str(first, last);
            }
            if is_bytes {
                literal.push_bytes(&mut value)
            } else {
                literal.push_str(&mut value)
            }
            .map_err(|message| self.error(first, message))?;
        }
        let kind = if is_bytes {
            ExprKind::Bytes(value)
        } else {
            ExprKind::Str(text(value))
        };
        Ok(self.at(first, kind))
    }
}

/// The text with these bytes, which literal decoding has made.
pub(super) fn text(bytes: Vec<u8>) -> Wtf8Buf {
    match String::from_utf8(bytes) {
        Ok(string) => Wtf8Buf::from_string(string),
        Err(error) => Wtf8Buf::from_bytes(error.into_bytes())
            .expect("literals decode to UTF-8 and encoded surrogates"),
    }
}
