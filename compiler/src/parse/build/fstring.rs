//! f-strings (PEP 498, and `{x=}` of 3.8), which only the default dialect has.
//!
//! A literal is split into text and replacement fields; the expression of a field is scanned
//! and parsed where it stands in the source, so its nodes have true positions. As in 3.6, an
//! expression holds no backslash and no comment, and format specifications nest once.

use super::literal::text;
use super::{Builder, Step};
use crate::ast::{Conversion, Expr, ExprKind, Mod};
use crate::checks::scan_replacement_field;
use crate::options::Mode;
use crate::tokens::strings::{Literal, push_str_escapes};

/// How deep replacement fields may stand in format specifications.
const MAX_DEPTH: u32 = 2;

/// The parts of an f-string so far.
#[derive(Default)]
struct Parts {
    finished: Vec<Expr>,
    /// Text after the last finished part.
    text: Vec<u8>,
}

/// A literal that is being split: all positions are bytes of the source.
#[derive(Clone, Copy)]
struct Body {
    /// Its STRING token.
    token: usize,
    end: usize,
    is_raw: bool,
}

impl Builder<'_, '_> {
    /// Converts the adjacent literals `first..=last`, some of them f-strings.
    pub(super) fn joined_str(&mut self, first: usize, last: usize) -> Step<Expr> {
        let mut parts = Parts::default();
        for index in first..=last {
            let literal = Literal::new(self.table.text(index));
            if literal.is_bytes {
                return Err(self.error(first, "cannot mix bytes and nonbytes literals"));
            }
            if literal.is_format {
                let start = self.table.tokens[index].start as usize + literal.body_offset;
                let body = Body {
                    token: index,
                    end: start + literal.body.len(),
                    is_raw: literal.is_raw,
                };
                self.split(body, start, 0, &mut parts)?;
            } else {
                literal
                    .push_str(&mut parts.text)
                    .map_err(|message| self.error(first, message))?;
            }
        }
        self.finish_text(first, &mut parts);
        Ok(self.node(first, ExprKind::JoinedStr(parts.finished)))
    }

    fn finish_text(&self, token: usize, parts: &mut Parts) {
        if !parts.text.is_empty() {
            let bytes = std::mem::take(&mut parts.text);
            parts
                .finished
                .push(self.node(token, ExprKind::Str(text(bytes))));
        }
    }

    fn push_text(&self, body: Body, from: usize, to: usize, parts: &mut Parts) -> Step<()> {
        let source = &self.table.source[from..to];
        if body.is_raw {
            parts.text.extend_from_slice(source.as_bytes());
            return Ok(());
        }
        push_str_escapes(source, &mut parts.text).map_err(|message| self.error(body.token, message))
    }

    /// Splits a literal, or a format specification if `depth` is not 0, from `start` on.
    /// Returns where it ended.
    fn split(&mut self, body: Body, start: usize, depth: u32, parts: &mut Parts) -> Step<usize> {
        let source = self.table.source;
        let bytes = &source.as_bytes()[..body.end];
        let mut from = start;
        let mut at = start;
        while at < body.end {
            let next = bytes.get(at + 1).copied();
            match bytes[at] {
                b'\\' if !body.is_raw => {
                    at += match next {
                        Some(b'N') if bytes.get(at + 2) == Some(&b'{') => {
                            source[at..body.end].find('}').map_or(3, |close| close + 1)
                        }
                        Some(b'{' | b'}') | None => 1,
                        Some(_) => 2,
                    };
                }
                b @ (b'{' | b'}') if depth == 0 && next == Some(b) => {
                    self.push_text(body, from, at + 1, parts)?;
                    at += 2;
                    from = at;
                }
                b'{' => {
                    self.push_text(body, from, at, parts)?;
                    at = self.replacement_field(body, at + 1, depth, parts)?;
                    from = at;
                }
                b'}' if depth > 0 => break,
                b'}' => {
                    let message = "f-string: single '}' is not allowed";
                    return Err(self.error(body.token, message));
                }
                _ => at += 1,
            }
        }
        self.push_text(body, from, at.min(body.end), parts)?;
        Ok(at.min(body.end))
    }

    /// Converts the field whose expression begins at `start`; returns where its `}` ends.
    fn replacement_field(
        &mut self,
        body: Body,
        start: usize,
        depth: u32,
        parts: &mut Parts,
    ) -> Step<usize> {
        if depth >= MAX_DEPTH {
            return Err(self.error(body.token, "f-string: expressions nested too deeply"));
        }
        let source = self.table.source;
        let bytes = &source.as_bytes()[..body.end];
        let end =
            end_of_expression(bytes, start).map_err(|message| self.error(body.token, message))?;
        if source[start..end].trim().is_empty() {
            let message = "f-string: empty expression not allowed";
            return Err(self.error(body.token, message));
        }
        let value = self.field_value(body, start, end)?;
        let mut at = end;
        let is_debug = bytes.get(at) == Some(&b'=');
        if is_debug {
            at += 1;
            while bytes.get(at).is_some_and(u8::is_ascii_whitespace) {
                at += 1;
            }
            parts.text.extend_from_slice(&bytes[start..at]);
        }
        let mut conversion = Conversion::None;
        if bytes.get(at) == Some(&b'!') {
            conversion = match bytes.get(at + 1) {
                Some(b's') => Conversion::Str,
                Some(b'r') => Conversion::Repr,
                Some(b'a') => Conversion::Ascii,
                _ => {
                    let message =
                        "f-string: invalid conversion character: expected 's', 'r', or 'a'";
                    return Err(self.error(body.token, message));
                }
            };
            at += 2;
        }
        let mut format_spec = None;
        if bytes.get(at) == Some(&b':') {
            let mut spec = Parts::default();
            at = self.split(body, at + 1, depth + 1, &mut spec)?;
            self.finish_text(body.token, &mut spec);
            let spec = self.node(body.token, ExprKind::JoinedStr(spec.finished));
            format_spec = Some(Box::new(spec));
        } else if is_debug && conversion == Conversion::None {
            conversion = Conversion::Repr;
        }
        if bytes.get(at) != Some(&b'}') {
            return Err(self.error(body.token, "f-string: expecting '}'"));
        }
        self.finish_text(body.token, parts);
        let field = ExprKind::FormattedValue {
            value: Box::new(value),
            conversion,
            format_spec,
        };
        parts.finished.push(self.node(body.token, field));
        Ok(at + 1)
    }

    /// Parses the expression at `start..end`.
    fn field_value(&mut self, body: Body, start: usize, end: usize) -> Step<Expr> {
        let source = self.table.source;
        let token = self.table.tokens[body.token];
        let newlines = |text: &str| text.bytes().filter(|&c| c == b'\n').count() as u32;
        let first_line = token.line - newlines(self.table.text(body.token));
        let line = first_line + newlines(&source[token.start as usize..start]);
        let line_start = source[..start].rfind('\n').map_or(0, |newline| newline + 1);
        let table = scan_replacement_field(
            source,
            start..end,
            (line, line_start),
            self.filename,
            self.in_async_def,
        )?;
        let mut builder = Builder {
            table: &table,
            at: 0,
            interner: self.interner,
            filename: self.filename,
            dialect: self.dialect,
            in_async_def: self.in_async_def,
        };
        match builder.build(Mode::Eval)? {
            Mod::Expression(value) => Ok(*value),
            Mod::Module(_) | Mod::Interactive(_) => Err(self.error(body.token, "invalid syntax")),
        }
    }
}

/// Where the expression that begins at `start` ends: at `}`, `!`, `:` or `=` outside brackets
/// and strings.
fn end_of_expression(bytes: &[u8], start: usize) -> Result<usize, &'static str> {
    let mut depth = 0u32;
    let mut at = start;
    while let Some(&c) = bytes.get(at) {
        let next = bytes.get(at + 1).copied();
        match c {
            b'\\' => return Err("f-string expression part cannot include a backslash"),
            b'#' => return Err("f-string expression part cannot include '#'"),
            b'\'' | b'"' => {
                at = end_of_string(bytes, at)?;
                continue;
            }
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' if depth > 0 => depth -= 1,
            b'=' | b'!' | b'<' | b'>' if next == Some(b'=') => at += 1,
            b'}' | b'!' | b':' | b'=' if depth == 0 => return Ok(at),
            _ => {}
        }
        at += 1;
    }
    Err("f-string: expecting '}'")
}

/// Where the string literal ends whose quote is at `start`.
fn end_of_string(bytes: &[u8], start: usize) -> Result<usize, &'static str> {
    let quote = bytes[start];
    let is_triple = bytes.get(start + 1) == Some(&quote) && bytes.get(start + 2) == Some(&quote);
    let length = if is_triple { 3 } else { 1 };
    let mut at = start + length;
    while at < bytes.len() {
        if bytes[at] == b'\\' {
            return Err("f-string expression part cannot include a backslash");
        }
        if bytes[at..].len() >= length && bytes[at..at + length].iter().all(|&c| c == quote) {
            return Ok(at + length);
        }
        at += 1;
    }
    Err("f-string: unterminated string")
}
