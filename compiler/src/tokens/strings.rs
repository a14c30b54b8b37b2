//! String and bytes literals: prefixes, quotes, escapes.
//!
//! Lone surrogates survive (`'\ud800'`), and two escapes in a row that would make a pair stay
//! two code points, as in CPython. The error texts are CPython 3.5.1's, including that it
//! counts positions in a rewritten literal in which a non-ASCII character is 10 bytes long.
//! Source: CPython 3.5 `parsestr`, `decode_unicode` in `Python/ast.c`.

/// The parts of a STRING token.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Literal<'s> {
    /// Between the quotes.
    pub body: &'s str,
    /// Where the body starts in the token, in bytes.
    pub body_offset: usize,
    /// `b`
    pub is_bytes: bool,
    /// `r`
    pub is_raw: bool,
    /// `f`
    pub is_format: bool,
}

impl<'s> Literal<'s> {
    /// Takes the text of a STRING token apart.
    pub fn new(text: &'s str) -> Self {
        let bytes = text.as_bytes();
        let (mut is_bytes, mut is_raw, mut is_format) = (false, false, false);
        let mut prefix = 0;
        loop {
            match bytes[prefix] {
                b'b' | b'B' => is_bytes = true,
                b'r' | b'R' => is_raw = true,
                b'f' | b'F' => is_format = true,
                b'u' | b'U' => {}
                _ => break,
            }
            prefix += 1;
        }
        let quote = bytes[prefix];
        let triple =
            bytes.len() >= prefix + 6 && bytes[prefix + 1] == quote && bytes[prefix + 2] == quote;
        let quotes = if triple { 3 } else { 1 };
        Literal {
            body: &text[prefix + quotes..text.len() - quotes],
            body_offset: prefix + quotes,
            is_bytes,
            is_raw,
            is_format,
        }
    }

    /// Appends the value of a bytes literal.
    ///
    /// # Errors
    /// The message for `SyntaxError`.
    pub fn push_bytes(&self, value: &mut Vec<u8>) -> Result<(), String> {
        if !self.body.is_ascii() {
            return Err("bytes can only contain ASCII literal characters.".to_owned());
        }
        if self.is_raw {
            value.extend_from_slice(self.body.as_bytes());
            return Ok(());
        }
        push_bytes_escapes(self.body.as_bytes(), value)
    }

    /// Appends the value of a string literal, as WTF-8 that may hold surrogate pairs.
    ///
    /// # Errors
    /// The message for `SyntaxError`.
    pub fn push_str(&self, value: &mut Vec<u8>) -> Result<(), String> {
        if self.is_raw {
            value.extend_from_slice(self.body.as_bytes());
            return Ok(());
        }
        push_str_escapes(self.body, value)
    }
}

fn push_bytes_escapes(body: &[u8], value: &mut Vec<u8>) -> Result<(), String> {
    let mut at = 0;
    while let Some(distance) = memchr::memchr(b'\\', &body[at..]) {
        let backslash = at + distance;
        value.extend_from_slice(&body[at..backslash]);
        let Some(&c) = body.get(backslash + 1) else {
            return Err("(value error) Trailing \\ in string".to_owned());
        };
        at = backslash + 2;
        if let Some(plain) = simple_escape(c) {
            value.extend(plain);
        } else if let b'0'..=b'7' = c {
            let (code, length) = octal(&body[backslash + 1..]);
            value.push(code as u8);
            at = backslash + 1 + length;
        } else if c == b'x' {
            let (code, length) = hexadecimal(&body[at..], 2);
            if length < 2 {
                return Err(format!(
                    "(value error) invalid \\x escape at position {backslash}"
                ));
            }
            value.push(code as u8);
            at += 2;
        } else {
            value.extend_from_slice(&[b'\\', c]);
        }
    }
    value.extend_from_slice(&body[at..]);
    Ok(())
}

/// Appends `body` with its backslash escapes replaced.
///
/// # Errors
/// The message for `SyntaxError`.
pub(crate) fn push_str_escapes(body: &str, value: &mut Vec<u8>) -> Result<(), String> {
    let bytes = body.as_bytes();
    let mut at = 0;
    while let Some(distance) = memchr::memchr(b'\\', &bytes[at..]) {
        let backslash = at + distance;
        value.extend_from_slice(&bytes[at..backslash]);
        let Some(&c) = bytes.get(backslash + 1) else {
            return Err(decode_error(
                body,
                backslash,
                backslash + 1,
                "\\ at end of string",
            ));
        };
        at = backslash + 2;
        if let Some(plain) = simple_escape(c) {
            value.extend(plain);
            continue;
        }
        match c {
            b'0'..=b'7' => {
                let (code, length) = octal(&bytes[backslash + 1..]);
                push_code_point(code, value);
                at = backslash + 1 + length;
            }
            b'x' | b'u' | b'U' => {
                let (digits, shape) = match c {
                    b'x' => (2, "\\xXX"),
                    b'u' => (4, "\\uXXXX"),
                    _ => (8, "\\UXXXXXXXX"),
                };
                let (code, length) = hexadecimal(&bytes[at..], digits);
                at += length;
                if length < digits {
                    let reason = format!("truncated {shape} escape");
                    return Err(decode_error(body, backslash, at, &reason));
                }
                if code > 0x10_FFFF {
                    return Err(decode_error(
                        body,
                        backslash,
                        at,
                        "illegal Unicode character",
                    ));
                }
                push_code_point(code, value);
            }
            b'N' => match named_character(&body[at..]) {
                Ok((c, length)) => {
                    at += length;
                    push_code_point(u32::from(c), value);
                }
                Err((length, reason)) => {
                    return Err(decode_error(body, backslash, at + length, reason));
                }
            },
            _ => {
                // Not an escape: both stay, the second with the text that follows.
                value.push(b'\\');
                at = backslash + 1;
                let next = body[at..].chars().next().map_or(1, char::len_utf8);
                value.extend_from_slice(&bytes[at..at + next]);
                at += next;
            }
        }
    }
    value.extend_from_slice(&bytes[at..]);
    Ok(())
}

/// What a backslash and `c` stand for, if that is at most one fixed byte.
fn simple_escape(c: u8) -> Option<Option<u8>> {
    Some(Some(match c {
        b'\n' => return Some(None),
        b'\\' | b'\'' | b'"' => c,
        b'a' => 0x07,
        b'b' => 0x08,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0b,
        _ => return None,
    }))
}

/// The number of up to three octal digits, and how many there are.
fn octal(digits: &[u8]) -> (u32, usize) {
    let mut code = 0;
    let mut length = 0;
    while let Some(&c @ b'0'..=b'7') = digits.get(length)
        && length < 3
    {
        code = code * 8 + u32::from(c - b'0');
        length += 1;
    }
    (code, length)
}

/// The number of up to `count` hexadecimal digits, and how many there are.
fn hexadecimal(digits: &[u8], count: usize) -> (u32, usize) {
    let mut code = 0u32;
    let mut length = 0;
    while length < count
        && let Some(digit) = digits.get(length).and_then(|&c| (c as char).to_digit(16))
    {
        code = code << 4 | digit;
        length += 1;
    }
    (code, length)
}

/// Looks up the `{NAME}` that `text` begins with. Gives the character and the length of
/// `{NAME}`, or how much was read and what is wrong.
fn named_character(text: &str) -> Result<(char, usize), (usize, &'static str)> {
    const MALFORMED: &str = "malformed \\N character escape";
    if !text.starts_with('{') {
        return Err((0, MALFORMED));
    }
    let Some(close) = text.find('}') else {
        return Err((text.len(), MALFORMED));
    };
    if close == 1 {
        return Err((1, MALFORMED));
    }
    let name = &text[1..close];
    match unicode_names2::character(name) {
        Some(c) if is_spelled_exactly(c, name) => Ok((c, close + 1)),
        _ => Err((close + 1, "unknown Unicode character name")),
    }
}

/// Whether `name` is a name of `c` and not only similar: the tables also match names that
/// differ in spaces and hyphens, which Python does not.
fn is_spelled_exactly(c: char, name: &str) -> bool {
    let Some(official) = unicode_names2::name(c) else {
        return true;
    };
    let official = official.to_string();
    let letters = |text: &str| -> String {
        text.chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_uppercase())
            .collect()
    };
    // Other letters: an alias.
    official.eq_ignore_ascii_case(name) || letters(&official) != letters(name)
}

fn push_code_point(code: u32, value: &mut Vec<u8>) {
    match char::from_u32(code) {
        Some(c) => value.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        None => value.extend_from_slice(&[
            0xE0 | (code >> 12) as u8,
            0x80 | (code >> 6 & 0x3F) as u8,
            0x80 | (code & 0x3F) as u8,
        ]),
    }
}

/// The message of CPython's UnicodeDecodeError for `body[start..end]`.
fn decode_error(body: &str, start: usize, end: usize, reason: &str) -> String {
    let start_shown = rewritten_length(&body[..start]);
    let end_shown = start_shown + rewritten_length(&body[start..end]);
    let message = if end_shown - start_shown == 1 {
        let byte = body.as_bytes()[start];
        format!(
            "(unicode error) 'unicodeescape' codec can't decode byte {byte:#04x} in position {start_shown}: {reason}"
        )
    } else {
        format!(
            "(unicode error) 'unicodeescape' codec can't decode bytes in position {start_shown}-{}: {reason}",
            end_shown - 1
        )
    };
    truncate_message(message)
}

/// CPython formats these messages into a buffer of 128 bytes.
pub(crate) fn truncate_message(mut message: String) -> String {
    if message.len() > 127 {
        let mut end = 127;
        while !message.is_char_boundary(end) {
            end -= 1;
        }
        message.truncate(end);
    }
    message
}

/// How long `text` is once CPython has written its non-ASCII characters as `\UXXXXXXXX`.
fn rewritten_length(text: &str) -> usize {
    let mut length = 0;
    let mut after_backslash = false;
    for c in text.chars() {
        length += match (c.is_ascii(), after_backslash) {
            (true, _) => 1,
            (false, false) => 10,
            (false, true) => 15,
        };
        after_backslash = c == '\\' && !after_backslash;
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    fn string(text: &str) -> Result<Vec<u8>, String> {
        let mut value = Vec::new();
        Literal::new(text).push_str(&mut value).map(|()| value)
    }

    fn bytes(text: &str) -> Result<Vec<u8>, String> {
        let mut value = Vec::new();
        Literal::new(text).push_bytes(&mut value).map(|()| value)
    }

    #[test]
    fn escapes() {
        assert_eq!(
            string(r"'a\n\x41\101\u00e9\q\é'").unwrap(),
            "a\nAAé\\q\\é".as_bytes()
        );
        assert_eq!(string("'a\\\nb'").unwrap(), b"ab");
        assert_eq!(string(r"r'\n'").unwrap(), b"\\n");
        assert_eq!(string("''''a'''").unwrap(), b"'a");
        assert_eq!(
            string(r"'\N{BULLET}\N{latin small letter a}'").unwrap(),
            "•a".as_bytes()
        );
        assert_eq!(bytes(r"b'\x00\377\777\q'").unwrap(), b"\x00\xff\xff\\q");
    }

    #[test]
    fn surrogates_stay_apart() {
        assert_eq!(string(r"'\ud800'").unwrap(), b"\xed\xa0\x80");
        assert_eq!(
            string(r"'\ud83d\ude00'").unwrap(),
            b"\xed\xa0\xbd\xed\xb8\x80"
        );
    }

    #[test]
    fn errors_are_worded_as_in_cpython() {
        let error = |text| string(text).unwrap_err();
        assert_eq!(
            error(r"'\N{no such name}'"),
            "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-15: unknown Unicode character name"
        );
        assert_eq!(
            error(r"'é\u12'"),
            "(unicode error) 'unicodeescape' codec can't decode bytes in position 10-13: truncated \\uXXXX escape"
        );
        assert_eq!(
            error(r"'\U00110000'"),
            "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-9: illegal Unicode character"
        );
        assert_eq!(
            error(r"'\N'"),
            "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-1: malformed \\N character escape"
        );
        assert_eq!(
            error(r"'\N{BULL ET}'").split(": ").last(),
            Some("unknown Unicode character name")
        );
        assert_eq!(
            bytes(r"b'a\x1'").unwrap_err(),
            "(value error) invalid \\x escape at position 1"
        );
    }
}
