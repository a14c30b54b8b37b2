//! `unicode_escape` (the escapes of string literals, over Latin-1) and `raw_unicode_escape` (only `\u` and `\U`).

use rustpython_wtf8::{CodePoint, Wtf8, Wtf8Buf};

use super::error::{CodecResult, DecodeError};
use super::handler::decode_error;
use crate::text::repr::write_escape;

/// `text.encode('unicode_escape')`: printable ASCII stays, quotes included.
pub fn encode(text: &Wtf8) -> Vec<u8> {
    let mut out = String::with_capacity(text.len());
    for c in text.code_points() {
        match c.to_char() {
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(c @ ' '..='~') => out.push(c),
            _ => write_escape(c.to_u32(), &mut out),
        }
    }
    out.into_bytes()
}

/// `text.encode('raw_unicode_escape')`: what Latin-1 has stays, backslashes included.
pub fn encode_raw(text: &Wtf8) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for c in text.code_points().map(CodePoint::to_u32) {
        match u8::try_from(c) {
            Ok(byte) => out.push(byte),
            Err(_) => {
                let mut escape = String::new();
                write_escape(c, &mut escape);
                out.extend_from_slice(escape.as_bytes());
            }
        }
    }
    out
}

/// A failed escape: where it ends and why.
type Failure = (usize, &'static str);

/// Reads `count` hexadecimal digits at `at`.
fn hex(
    bytes: &[u8],
    at: usize,
    count: usize,
    truncated: &'static str,
) -> Result<(u32, usize), Failure> {
    let digits = bytes[at..]
        .iter()
        .take(count)
        .map_while(|&b| char::from(b).to_digit(16));
    let (value, length) = digits.fold((0, 0), |(value, length), d| (value << 4 | d, length + 1));
    if length < count {
        Err((at + length, truncated))
    } else {
        Ok((value, at + count))
    }
}

/// Reads the `\U` form, `too_large` being the reason for a value that is no code point.
fn long_hex(
    bytes: &[u8],
    at: usize,
    too_large: &'static str,
) -> Result<(CodePoint, usize), Failure> {
    let (value, end) = hex(bytes, at, 8, "truncated \\UXXXXXXXX escape")?;
    CodePoint::from_u32(value)
        .map(|c| (c, end))
        .ok_or((end, too_large))
}

/// Reads the escape whose backslash is at `at`: what it stands for (nothing for a line end, the backslash alone for an unknown
/// letter, which is then read as itself) and where it ends.
fn escape(bytes: &[u8], at: usize) -> Result<(Option<CodePoint>, usize), Failure> {
    let Some(&letter) = bytes.get(at + 1) else {
        return Err((bytes.len(), "\\ at end of string"));
    };
    let next = at + 2;
    let simple = |c: char| Ok((Some(CodePoint::from(c)), next));
    match letter {
        b'\n' => Ok((None, next)),
        b'\\' | b'\'' | b'"' => simple(char::from(letter)),
        b'a' => simple('\x07'),
        b'b' => simple('\x08'),
        b'f' => simple('\x0c'),
        b'n' => simple('\n'),
        b'r' => simple('\r'),
        b't' => simple('\t'),
        b'v' => simple('\x0b'),
        b'0'..=b'7' => {
            let digits = bytes[at + 1..]
                .iter()
                .take(3)
                .take_while(|b| matches!(b, b'0'..=b'7'));
            let (value, length) = digits.fold((0u32, 0), |(value, length), &d| {
                (value << 3 | u32::from(d - b'0'), length + 1)
            });
            Ok((CodePoint::from_u32(value), at + 1 + length))
        }
        b'x' => hex(bytes, next, 2, "truncated \\xXX escape")
            .map(|(value, end)| (CodePoint::from_u32(value), end)),
        b'u' => hex(bytes, next, 4, "truncated \\uXXXX escape")
            .map(|(value, end)| (CodePoint::from_u32(value), end)),
        b'U' => long_hex(bytes, next, "illegal Unicode character").map(|(c, end)| (Some(c), end)),
        b'N' => named(bytes, next).map(|(c, end)| (Some(CodePoint::from(c)), end)),
        _ => Ok((Some(CodePoint::from('\\')), at + 1)),
    }
}

/// Reads `{NAME}`.
fn named(bytes: &[u8], at: usize) -> Result<(char, usize), Failure> {
    const MALFORMED: &str = "malformed \\N character escape";
    if bytes.get(at) != Some(&b'{') {
        return Err((at, MALFORMED));
    }
    let start = at + 1;
    let end = match memchr::memchr(b'}', &bytes[start..]) {
        Some(0) => return Err((start, MALFORMED)),
        Some(length) => start + length,
        None => return Err((bytes.len(), MALFORMED)),
    };
    let name = std::str::from_utf8(&bytes[start..end]).ok();
    name.and_then(unicode_names2::character)
        .map(|c| (c, end + 1))
        .ok_or((end + 1, "unknown Unicode character name"))
}

/// `bytes.decode('unicode_escape', errors)`
pub fn decode(bytes: &[u8], errors: &str) -> CodecResult<Wtf8Buf> {
    let mut out = Wtf8Buf::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte != b'\\' {
            out.push_char(char::from(byte));
            at += 1;
            continue;
        }
        match escape(bytes, at) {
            Ok((c, end)) => {
                out.extend(c);
                at = end;
            }
            Err((end, reason)) => {
                let error = DecodeError {
                    encoding: "unicodeescape".into(),
                    start: at,
                    end,
                    reason: reason.into(),
                };
                at = decode_error(errors, bytes, error, &mut out)?;
            }
        }
    }
    Ok(out)
}

/// `bytes.decode('raw_unicode_escape', errors)`: an escape counts after an odd number of backslashes.
pub fn decode_raw(bytes: &[u8], errors: &str) -> CodecResult<Wtf8Buf> {
    let mut out = Wtf8Buf::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte != b'\\' {
            out.push_char(char::from(byte));
            at += 1;
            continue;
        }
        let run = bytes[at..].iter().take_while(|&&b| b == b'\\').count();
        let letter = bytes.get(at + run);
        if run % 2 == 0 || !matches!(letter, Some(b'u' | b'U')) {
            (0..run).for_each(|_| out.push_char('\\'));
            at += run;
            continue;
        }
        (1..run).for_each(|_| out.push_char('\\'));
        at += run - 1;
        let read = if letter == Some(&b'u') {
            hex(bytes, at + 2, 4, "truncated \\uXXXX escape")
                .map(|(value, end)| (CodePoint::from_u32(value), end))
        } else {
            long_hex(bytes, at + 2, "\\Uxxxxxxxx out of range").map(|(c, end)| (Some(c), end))
        };
        match read {
            Ok((c, end)) => {
                out.extend(c);
                at = end;
            }
            Err((end, reason)) => {
                let error = DecodeError {
                    encoding: "rawunicodeescape".into(),
                    start: at,
                    end,
                    reason: reason.into(),
                };
                at = decode_error(errors, bytes, error, &mut out)?;
            }
        }
    }
    Ok(out)
}
