//! The tokenizer: indentation, names, numbers, strings, operators.
//!
//! Follows the behaviour of CPython 3.5.1's `tok_get` on a source in memory, down to which
//! position an error reports. The source must be newline-normalised
//! ([`normalize_newlines`]); a byte order mark is already gone. `async` and `await` are names
//! except inside `async def` (PEP 492's transition). In the default dialect digits may be
//! grouped by `_` (PEP 515) and `f` is a string prefix (PEP 498).

use std::borrow::Cow;

use super::{Kind, NO_COLUMN, Token};
use crate::options::Dialect;

/// The tab size for indentation.
const TAB_SIZE: u32 = 8;
/// The tab size of the second count, which finds inconsistent use.
const ALT_TAB_SIZE: u32 = 1;
/// CPython's `MAXINDENT`: the depth at which indentation is refused.
const MAX_INDENT: usize = 100;

/// Why there is no next token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LexicalError {
    /// A malformed number.
    Token,
    /// A single-quoted string does not end on its line.
    EolInString,
    /// A triple-quoted string does not end.
    EofInString,
    /// Tabs and spaces do not compare.
    TabSpace,
    /// A dedent to a column that was never indented to.
    Dedent,
    /// More than 100 levels.
    TooDeep,
    /// Something follows a backslash.
    LineContinuation,
    /// A character that is not allowed in identifiers.
    Identifier,
}

/// Cuts a source into tokens.
#[derive(Debug, Clone)]
pub(crate) struct Tokenizer<'s> {
    source: &'s str,
    bytes: &'s [u8],
    newer_syntax: bool,
    /// The next byte to read.
    position: usize,
    /// The current line, from 1; 0 before the first.
    line: u32,
    /// Where the current line starts.
    line_start: usize,
    /// Where the line starts on which the current token begins (CPython's `tok->buf`).
    token_line_start: usize,
    at_line_start: bool,
    /// Whether the newline of a NEWLINE token was read but the line not yet counted.
    line_pending: bool,
    /// Whether the end of the source was met.
    at_eof: bool,
    /// Bracket depth.
    level: i32,
    indents: Vec<(u32, u32)>,
    pending: i32,
    async_def: Option<AsyncDef>,
}

/// The `async def` that the tokenizer is inside of.
#[derive(Debug, Clone, Copy)]
struct AsyncDef {
    indent: usize,
    past_signature: bool,
}

type Step<T> = Result<T, LexicalError>;

impl<'s> Tokenizer<'s> {
    /// A tokenizer at the start of `source`.
    pub fn new(source: &'s str, dialect: Dialect) -> Self {
        Tokenizer {
            source,
            bytes: source.as_bytes(),
            newer_syntax: dialect == Dialect::Default,
            position: 0,
            line: u32::from(!source.is_empty()),
            line_start: 0,
            token_line_start: 0,
            at_line_start: true,
            line_pending: false,
            at_eof: false,
            level: 0,
            indents: vec![(0, 0)],
            pending: 0,
            async_def: None,
        }
    }

    /// A tokenizer for the expression at `start..end` of `source`, as if inside parentheses:
    /// a replacement field of an f-string. `line` and `line_start` are those of `start`.
    pub fn inside(
        source: &'s str,
        start: usize,
        end: usize,
        line: u32,
        line_start: usize,
        in_async_def: bool,
    ) -> Self {
        let mut tokenizer = Tokenizer::new(&source[..end], Dialect::Default);
        tokenizer.position = start;
        tokenizer.line = line;
        tokenizer.line_start = line_start;
        tokenizer.token_line_start = line_start;
        tokenizer.at_line_start = false;
        tokenizer.level = 1;
        tokenizer.async_def = in_async_def.then_some(AsyncDef {
            indent: 0,
            past_signature: false,
        });
        tokenizer
    }

    /// Whether the end of the source was met.
    pub fn is_at_eof(&self) -> bool {
        self.at_eof
    }

    /// The current line, from 1.
    pub fn line(&self) -> u32 {
        self.line
    }

    /// Where reading stopped, and where the line of the current token starts: the two ends
    /// of what CPython counts an error's offset over.
    pub fn error_span(&self) -> (usize, usize) {
        (self.token_line_start, self.position)
    }

    /// The end of the current line, its newline included.
    pub fn line_end(&self) -> usize {
        match memchr_newline(self.bytes, self.line_start) {
            Some(newline) => newline + 1,
            None => self.bytes.len(),
        }
    }

    /// The text that is left.
    pub fn rest(&self) -> &'s str {
        self.source.get(self.position..).unwrap_or("")
    }

    /// Makes all open indentation end before the next token, as CPython's parser asks for
    /// when the source ends without a newline.
    pub fn close_indents(&mut self) {
        self.pending = -(self.indents.len() as i32 - 1);
        self.indents.truncate(1);
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.position).copied()
    }

    fn peek_at(&self, distance: usize) -> Option<u8> {
        self.bytes.get(self.position + distance).copied()
    }

    /// Steps over a newline character.
    fn begin_line(&mut self, between_tokens: bool) {
        self.position += 1;
        self.count_line(between_tokens);
    }

    /// Counts the line that begins at the reading position, unless the source ends there.
    fn count_line(&mut self, between_tokens: bool) {
        if self.position < self.bytes.len() {
            self.line += 1;
            self.line_start = self.position;
            if between_tokens {
                self.token_line_start = self.position;
            }
        }
    }

    /// Fails with the reading position at the end of the line.
    fn fail_at_line_end<T>(&mut self, error: LexicalError) -> Step<T> {
        self.position = self.line_end();
        Err(error)
    }

    fn token(&self, kind: Kind, start: usize) -> Token {
        self.spanning(kind, start, self.position)
    }

    fn spanning(&self, kind: Kind, start: usize, end: usize) -> Token {
        Token {
            kind,
            start: start as u32,
            end: end as u32,
            line: self.line,
            col: if start >= self.line_start {
                (start - self.line_start) as u32
            } else {
                NO_COLUMN
            },
            partner: 0,
        }
    }

    /// The next token; ENDMARKER again and again at the end.
    pub fn next_token(&mut self) -> Step<Token> {
        if self.line_pending {
            self.line_pending = false;
            self.count_line(true);
        }
        loop {
            let mut blank_line = false;
            if self.at_line_start {
                self.at_line_start = false;
                blank_line = self.measure_indentation()?;
            }
            if self.pending != 0 {
                let kind = if self.pending < 0 {
                    self.pending += 1;
                    Kind::Dedent
                } else {
                    self.pending -= 1;
                    Kind::Indent
                };
                self.at_eof |= self.position >= self.bytes.len();
                return Ok(self.token(kind, self.position));
            }
            if let Some(def) = self.async_def
                && !blank_line
                && self.level == 0
                && def.past_signature
                && def.indent >= self.indents.len()
            {
                self.async_def = None;
            }
            if let Some(token) = self.token_on_line(blank_line)? {
                return Ok(token);
            }
        }
    }

    /// Counts the white space at the start of a line and queues INDENT or DEDENT tokens.
    /// Returns whether the line is blank.
    fn measure_indentation(&mut self) -> Step<bool> {
        let (mut col, mut alt_col) = (0u32, 0u32);
        loop {
            match self.peek() {
                Some(b' ') => {
                    col += 1;
                    alt_col += 1;
                }
                Some(b'\t') => {
                    col = (col / TAB_SIZE + 1) * TAB_SIZE;
                    alt_col = (alt_col / ALT_TAB_SIZE + 1) * ALT_TAB_SIZE;
                }
                Some(b'\x0c') => {
                    col = 0;
                    alt_col = 0;
                }
                _ => break,
            }
            self.position += 1;
        }
        if matches!(self.peek(), Some(b'#' | b'\n')) {
            return Ok(true);
        }
        if self.level != 0 {
            return Ok(false);
        }
        let (top, alt_top) = self.top_indent();
        if col == top {
            if alt_col != alt_top {
                return self.fail_at_line_end(LexicalError::TabSpace);
            }
        } else if col > top {
            if self.indents.len() >= MAX_INDENT {
                return self.fail_at_line_end(LexicalError::TooDeep);
            }
            if alt_col <= alt_top {
                return self.fail_at_line_end(LexicalError::TabSpace);
            }
            self.pending += 1;
            self.indents.push((col, alt_col));
        } else {
            while self.indents.len() > 1 && col < self.top_indent().0 {
                self.pending -= 1;
                self.indents.pop();
            }
            let (top, alt_top) = self.top_indent();
            if col != top {
                return self.fail_at_line_end(LexicalError::Dedent);
            }
            if alt_col != alt_top {
                return self.fail_at_line_end(LexicalError::TabSpace);
            }
        }
        Ok(false)
    }

    fn top_indent(&self) -> (u32, u32) {
        self.indents.last().copied().unwrap_or((0, 0))
    }

    /// The next token, or nothing if a line ended that makes no NEWLINE.
    fn token_on_line(&mut self, blank_line: bool) -> Step<Option<Token>> {
        loop {
            while matches!(self.peek(), Some(b' ' | b'\t' | b'\x0c')) {
                self.position += 1;
            }
            if self.peek() == Some(b'#') {
                self.position =
                    memchr_newline(self.bytes, self.position).unwrap_or(self.bytes.len());
            }
            let start = self.position;
            let Some(c) = self.peek() else {
                self.at_eof = true;
                return Ok(Some(self.token(Kind::EndMarker, start)));
            };
            let token = match c {
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => self.word_or_string(start)?,
                b'\n' => {
                    self.at_line_start = true;
                    if blank_line || self.level > 0 {
                        self.begin_line(true);
                        return Ok(None);
                    }
                    if let Some(def) = &mut self.async_def {
                        def.past_signature = true;
                    }
                    let token = self.token(Kind::Newline, start);
                    // An error at this token is still on this line.
                    self.position += 1;
                    self.line_pending = true;
                    return Ok(Some(token));
                }
                b'0'..=b'9' => self.number(start)?,
                b'.' if matches!(self.peek_at(1), Some(b'0'..=b'9')) => {
                    self.position += 1;
                    self.digits_after_point(start)?
                }
                b'"' | b'\'' => self.string(start)?,
                b'\\' => {
                    self.position += 1;
                    if self.peek() != Some(b'\n') {
                        return self.fail_at_line_end(LexicalError::LineContinuation);
                    }
                    self.begin_line(true);
                    continue;
                }
                _ => self.operator(c, start),
            };
            return Ok(Some(token));
        }
    }

    fn word_or_string(&mut self, start: usize) -> Step<Token> {
        if let Some(quote) = self.string_prefix_length(start) {
            self.position = start + quote;
            return self.string(start);
        }
        let mut ascii = true;
        while let Some(c) = self.peek() {
            if !(c.is_ascii_alphanumeric() || c == b'_' || c >= 0x80) {
                break;
            }
            ascii &= c < 0x80;
            self.position += 1;
        }
        let text = &self.source[start..self.position];
        if !ascii && !is_identifier(text) {
            return Err(LexicalError::Identifier);
        }
        let kind = match Kind::of_word(text.as_bytes()) {
            Kind::Name if text.len() == 5 => self.async_or_name(text),
            kind => kind,
        };
        Ok(self.token(kind, start))
    }

    /// The length of the string prefix at `start`, if a quote follows it.
    fn string_prefix_length(&self, start: usize) -> Option<usize> {
        let (mut bytes, mut raw, mut unicode, mut format) = (false, false, false, false);
        for length in 0.. {
            match self.bytes.get(start + length)? {
                b'b' | b'B' if !(bytes || unicode || format) => bytes = true,
                b'u' | b'U' if !(bytes || unicode || raw || format) => unicode = true,
                b'r' | b'R' if !(raw || unicode) => raw = true,
                b'f' | b'F' if self.newer_syntax && !(bytes || unicode || format) => {
                    format = true;
                }
                b'"' | b'\'' if length > 0 => return Some(length),
                _ => return None,
            }
        }
        None
    }

    fn async_or_name(&mut self, text: &str) -> Kind {
        match (text, self.async_def) {
            ("async", Some(_)) => Kind::Async,
            ("await", Some(_)) => Kind::Await,
            ("async", None) if self.is_def_next() => {
                self.async_def = Some(AsyncDef {
                    indent: self.indents.len(),
                    past_signature: false,
                });
                Kind::Async
            }
            _ => Kind::Name,
        }
    }

    /// Whether the next token is `def`.
    fn is_def_next(&self) -> bool {
        let mut at = self.position;
        loop {
            match self.bytes.get(at) {
                Some(b' ' | b'\t' | b'\x0c') => at += 1,
                Some(b'\\') if self.bytes.get(at + 1) == Some(&b'\n') => at += 2,
                Some(b'\n') if self.level > 0 => at += 1,
                Some(b'#') if self.level > 0 => match memchr_newline(self.bytes, at) {
                    Some(newline) => at = newline,
                    None => return false,
                },
                _ => break,
            }
        }
        self.bytes[at..].starts_with(b"def")
            && !self
                .bytes
                .get(at + 3)
                .is_some_and(|&c| c.is_ascii_alphanumeric() || c == b'_' || c >= 0x80)
    }

    /// Skips digits for which `is_digit` holds, and single underscores between them if the
    /// dialect has them.
    fn skip_digits(&mut self, is_digit: fn(&u8) -> bool) -> Step<()> {
        loop {
            while self.peek().is_some_and(|c| is_digit(&c)) {
                self.position += 1;
            }
            if !self.newer_syntax || self.peek() != Some(b'_') {
                return Ok(());
            }
            self.position += 1;
            if !self.peek().is_some_and(|c| is_digit(&c)) {
                return Err(LexicalError::Token);
            }
        }
    }

    fn number(&mut self, start: usize) -> Step<Token> {
        if self.peek() == Some(b'0') {
            let is_digit: Option<fn(&u8) -> bool> = match self.peek_at(1) {
                Some(b'x' | b'X') => Some(u8::is_ascii_hexdigit),
                Some(b'o' | b'O') => Some(|c| matches!(c, b'0'..=b'7')),
                Some(b'b' | b'B') => Some(|c| matches!(c, b'0' | b'1')),
                _ => None,
            };
            if let Some(is_digit) = is_digit {
                self.position += 2;
                if self.newer_syntax && self.peek() == Some(b'_') {
                    self.position += 1;
                }
                if !self.peek().is_some_and(|c| is_digit(&c)) {
                    return Err(LexicalError::Token);
                }
                self.skip_digits(is_digit)?;
                return Ok(self.token(Kind::Number, start));
            }
            self.skip_digits(u8::is_ascii_digit)?;
            let old_octal = self.bytes[start..self.position]
                .iter()
                .any(|c| matches!(c, b'1'..=b'9'));
            return match self.peek() {
                Some(b'.') => self.digits_after_point(start),
                Some(b'e' | b'E') => self.exponent(start),
                Some(b'j' | b'J') => self.imaginary(start),
                _ if old_octal => Err(LexicalError::Token),
                _ => Ok(self.token(Kind::Number, start)),
            };
        }
        self.skip_digits(u8::is_ascii_digit)?;
        match self.peek() {
            Some(b'.') => self.digits_after_point(start),
            Some(b'e' | b'E') => self.exponent(start),
            Some(b'j' | b'J') => self.imaginary(start),
            _ => Ok(self.token(Kind::Number, start)),
        }
    }

    /// The rest of a number from its point, or from the digit after it.
    fn digits_after_point(&mut self, start: usize) -> Step<Token> {
        if self.peek() == Some(b'.') {
            self.position += 1;
        }
        if self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.skip_digits(u8::is_ascii_digit)?;
        }
        match self.peek() {
            Some(b'e' | b'E') => self.exponent(start),
            Some(b'j' | b'J') => self.imaginary(start),
            _ => Ok(self.token(Kind::Number, start)),
        }
    }

    /// The rest of a number from its `e`, which belongs to the next token if no digit or sign
    /// follows.
    fn exponent(&mut self, start: usize) -> Step<Token> {
        match self.peek_at(1) {
            Some(b'+' | b'-') => {
                self.position += 2;
                if !self.peek().is_some_and(|c| c.is_ascii_digit()) {
                    return Err(LexicalError::Token);
                }
            }
            Some(b'0'..=b'9') => self.position += 1,
            _ => return Ok(self.token(Kind::Number, start)),
        }
        self.skip_digits(u8::is_ascii_digit)?;
        match self.peek() {
            Some(b'j' | b'J') => self.imaginary(start),
            _ => Ok(self.token(Kind::Number, start)),
        }
    }

    fn imaginary(&mut self, start: usize) -> Step<Token> {
        self.position += 1;
        Ok(self.token(Kind::Number, start))
    }

    /// A string literal whose opening quote is next.
    fn string(&mut self, start: usize) -> Step<Token> {
        let quote = self.bytes[self.position];
        if self.peek_at(1) == Some(quote) {
            if self.peek_at(2) == Some(quote) {
                self.position += 3;
                return self.triple_quoted(start, quote);
            }
            self.position += 2;
            return Ok(self.token(Kind::Str, start));
        }
        self.position += 1;
        loop {
            match self.peek() {
                Some(c) if c == quote => {
                    self.position += 1;
                    return Ok(self.token(Kind::Str, start));
                }
                Some(b'\n') => {
                    self.position += 1;
                    return Err(LexicalError::EolInString);
                }
                Some(b'\\') => {
                    self.position += 1;
                    match self.peek() {
                        Some(b'\n') => self.begin_line(false),
                        Some(_) => self.position += 1,
                        None => {}
                    }
                }
                Some(_) => self.position += 1,
                None => return Err(LexicalError::EolInString),
            }
        }
    }

    /// The rest of a triple-quoted literal after the opening quotes.
    fn triple_quoted(&mut self, start: usize, quote: u8) -> Step<Token> {
        loop {
            match self.peek() {
                Some(c) if c == quote => {
                    if self.peek_at(1) == Some(quote) && self.peek_at(2) == Some(quote) {
                        self.position += 3;
                        return Ok(self.token(Kind::Str, start));
                    }
                    self.position += 1;
                }
                Some(b'\n') => self.begin_line(false),
                Some(b'\\') => {
                    self.position += 1;
                    match self.peek() {
                        Some(b'\n') => self.begin_line(false),
                        Some(_) => self.position += 1,
                        None => {}
                    }
                }
                Some(_) => self.position += 1,
                None => return Err(LexicalError::EofInString),
            }
        }
    }

    fn operator(&mut self, c: u8, start: usize) -> Token {
        let second = self.peek_at(1).unwrap_or(0);
        let third = self.peek_at(2).unwrap_or(0);
        let (kind, length) = operator_at(c, second, third, self.newer_syntax);
        self.position += length;
        if kind.is_open_bracket() {
            self.level += 1;
        } else if kind.is_close_bracket() {
            self.level -= 1;
        }
        if kind == Kind::Unknown {
            // A whole character, should it have been more than a byte.
            while !self.source.is_char_boundary(self.position) {
                self.position += 1;
            }
        }
        self.token(kind, start)
    }
}

/// The operator that begins with these bytes, and its length.
fn operator_at(c: u8, second: u8, third: u8, newer_syntax: bool) -> (Kind, usize) {
    let three = match (c, second, third) {
        (b'<', b'<', b'=') => Kind::LeftShiftEqual,
        (b'>', b'>', b'=') => Kind::RightShiftEqual,
        (b'*', b'*', b'=') => Kind::DoubleStarEqual,
        (b'/', b'/', b'=') => Kind::DoubleSlashEqual,
        (b'.', b'.', b'.') => Kind::Ellipsis,
        _ => Kind::Unknown,
    };
    if three != Kind::Unknown {
        return (three, 3);
    }
    let two = match (c, second) {
        (b'=', b'=') => Kind::EqEqual,
        (b'!', b'=') => Kind::NotEqual,
        (b'<', b'>') => Kind::Diamond,
        (b'<', b'=') => Kind::LessEqual,
        (b'<', b'<') => Kind::LeftShift,
        (b'>', b'=') => Kind::GreaterEqual,
        (b'>', b'>') => Kind::RightShift,
        (b'+', b'=') => Kind::PlusEqual,
        (b'-', b'=') => Kind::MinEqual,
        (b'-', b'>') => Kind::RArrow,
        (b'*', b'*') => Kind::DoubleStar,
        (b'*', b'=') => Kind::StarEqual,
        (b'/', b'/') => Kind::DoubleSlash,
        (b'/', b'=') => Kind::SlashEqual,
        (b'|', b'=') => Kind::VBarEqual,
        (b'%', b'=') => Kind::PercentEqual,
        (b'&', b'=') => Kind::AmperEqual,
        (b'^', b'=') => Kind::CircumflexEqual,
        (b'@', b'=') => Kind::AtEqual,
        (b':', b'=') if newer_syntax => Kind::ColonEqual,
        _ => Kind::Unknown,
    };
    if two != Kind::Unknown {
        return (two, 2);
    }
    let one = match c {
        b'(' => Kind::LPar,
        b')' => Kind::RPar,
        b'[' => Kind::LSqb,
        b']' => Kind::RSqb,
        b'{' => Kind::LBrace,
        b'}' => Kind::RBrace,
        b':' => Kind::Colon,
        b',' => Kind::Comma,
        b';' => Kind::Semi,
        b'+' => Kind::Plus,
        b'-' => Kind::Minus,
        b'*' => Kind::Star,
        b'/' => Kind::Slash,
        b'|' => Kind::VBar,
        b'&' => Kind::Amper,
        b'<' => Kind::Less,
        b'>' => Kind::Greater,
        b'=' => Kind::Equal,
        b'.' => Kind::Dot,
        b'%' => Kind::Percent,
        b'~' => Kind::Tilde,
        b'^' => Kind::Circumflex,
        b'@' => Kind::At,
        _ => Kind::Unknown,
    };
    (one, 1)
}

/// Whether `text` is an identifier (PEP 3131).
fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars
        .next()
        .is_some_and(|c| c == '_' || unicode_ident::is_xid_start(c))
        && chars.all(unicode_ident::is_xid_continue)
}

fn memchr_newline(bytes: &[u8], from: usize) -> Option<usize> {
    memchr::memchr(b'\n', bytes.get(from..)?).map(|distance| from + distance)
}

/// The source with `\r\n` and `\r` turned into `\n`, and with a newline at the end if
/// `end_with_newline` and it is not empty.
pub(crate) fn normalize_newlines(source: &str, end_with_newline: bool) -> Cow<'_, str> {
    let has_return = memchr::memchr(b'\r', source.as_bytes()).is_some();
    let lacks_newline = end_with_newline && !source.ends_with('\n');
    if !has_return && !lacks_newline {
        return Cow::Borrowed(source);
    }
    let mut text = String::with_capacity(source.len() + 1);
    if has_return {
        let mut rest = source;
        while let Some(at) = memchr::memchr(b'\r', rest.as_bytes()) {
            text.push_str(&rest[..at]);
            text.push('\n');
            let after = &rest[at + 1..];
            rest = after.strip_prefix('\n').unwrap_or(after);
        }
        text.push_str(rest);
    } else {
        text.push_str(source);
    }
    if end_with_newline && !text.ends_with('\n') {
        text.push('\n');
    }
    Cow::Owned(text)
}
