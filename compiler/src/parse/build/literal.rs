//! String and bytes literals, of which adjacent ones are one constant.

use rustpython_wtf8::Wtf8Buf;

use super::{Builder, Step};
use crate::ast::{Expr, ExprKind};
use crate::tokens::Kind;
use crate::tokens::strings::Literal;

impl Builder<'_, '_> {
    /// `STRING+`, of which the first is token `first` and was stepped over.
    pub(super) fn strings(&mut self, first: usize) -> Step<Expr> {
        while self.take(Kind::Str) {}
        let last = self.at - 1;
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
        Ok(self.node(first, kind))
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
