//! Source bytes to text: byte order mark, encoding declaration (PEP 263), decoding.
//!
//! As CPython 3.5.1: a byte order mark means UTF-8; else a comment in the first two lines may
//! name an encoding; else UTF-8. How undecodable sources fail depends on where they come from
//! ([`Origin`]). The text keeps its newlines; a byte order mark is dropped. Encodings of more
//! than one byte a character other than UTF-8 are unknown here.
//! Source: CPython 3.5 `decode_str`, `check_bom`, `check_coding_spec` in `Parser/tokenizer.c`.

mod cookie;
mod single_byte;

use crate::error::{CompileError, ErrorKind};
use crate::options::Dialect;
use crate::tokens::strings::{Literal, truncate_message};
use crate::tokens::{Kind, Token, Tokenizer};

use self::cookie::{Cookie, find_cookie};

/// Where source bytes come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The command line or an import reads a file: CPython checks each line.
    File,
    /// A bytes object is given to `compile()`, `exec()` or `eval()`: bytes that are not UTF-8
    /// are only met when a token needs them.
    Object,
}

/// The encodings that are known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Ascii,
    Latin1,
    Table(&'static single_byte::Table),
}

/// Decodes the bytes of a source.
///
/// # Errors
/// ValueError for null bytes; SyntaxError for an unknown encoding and for bytes that it does
/// not decode. In CPython 3.5.1's words.
pub fn decode(bytes: &[u8], filename: &str, origin: Origin) -> Result<String, CompileError> {
    if memchr::memchr(0, bytes).is_some() {
        let message = "source code string cannot contain null bytes";
        let kind = ErrorKind::ValueError;
        return Err(CompileError::without_position(kind, message, filename));
    }
    let without_mark = bytes.strip_prefix(b"\xef\xbb\xbf");
    let has_mark = without_mark.is_some();
    let body = without_mark.unwrap_or(bytes);
    let cookie = find_cookie(body);
    let encoding = match &cookie {
        None => Encoding::Utf8,
        Some(cookie) => declared_encoding(cookie, has_mark, filename, origin)?,
    };
    let is_declared = has_mark || cookie.is_some();
    match encoding {
        Encoding::Utf8 => match std::str::from_utf8(body) {
            Ok(text) => Ok(text.to_owned()),
            Err(error) if origin == Origin::File && !is_declared => {
                Err(undeclared(body, error.valid_up_to(), filename))
            }
            Err(_) => decode_invalid_utf8(body, filename),
        },
        Encoding::Latin1 => Ok(body.iter().map(|&byte| char::from(byte)).collect()),
        Encoding::Ascii => match body.iter().position(|byte| !byte.is_ascii()) {
            None => Ok(body.iter().map(|&byte| char::from(byte)).collect()),
            Some(position) => {
                let reason = "ordinal not in range(128)";
                Err(undecodable("ascii", body, position, reason, filename))
            }
        },
        Encoding::Table(table) => {
            let upper = table.upper_half();
            let mut text = String::with_capacity(body.len() + body.len() / 8);
            for (position, &byte) in body.iter().enumerate() {
                let c = match byte {
                    0..0x80 => char::from(byte),
                    _ => upper[usize::from(byte - 0x80)],
                };
                if c == char::REPLACEMENT_CHARACTER {
                    let reason = "character maps to <undefined>";
                    return Err(undecodable("charmap", body, position, reason, filename));
                }
                text.push(c);
            }
            Ok(text)
        }
    }
}

/// The encoding that `cookie` declares.
fn declared_encoding(
    cookie: &Cookie,
    has_mark: bool,
    filename: &str,
    origin: Origin,
) -> Result<Encoding, CompileError> {
    let name = &cookie.name;
    let error = |message: String, line| {
        Err(CompileError::at(
            ErrorKind::SyntaxError,
            message,
            filename,
            line,
            0,
        ))
    };
    let line = match origin {
        Origin::File => cookie.line,
        Origin::Object => 0,
    };
    if has_mark && name != "utf-8" {
        return error(format!("encoding problem: {name} with BOM"), line);
    }
    match by_name(name) {
        Some(encoding) => Ok(encoding),
        None if origin == Origin::File => error(format!("encoding problem: {name}"), line),
        None => error(format!("unknown encoding: {name}"), line),
    }
}

/// The encoding with this name or alias, as Python's codec registry finds them.
fn by_name(name: &str) -> Option<Encoding> {
    let normalized: String = name
        .chars()
        .map(|c| match c {
            '-' | '.' => '_',
            c => c.to_ascii_lowercase(),
        })
        .collect();
    Some(match normalized.as_str() {
        "utf_8" | "utf8" | "u8" | "utf" | "utf8_ucs2" | "utf8_ucs4" | "utf_8_sig" => Encoding::Utf8,
        "ascii" | "646" | "ansi_x3_4_1968" | "ansi_x3_4_1986" | "cp367" | "csascii" | "ibm367"
        | "iso646_us" | "iso_646_irv_1991" | "iso_ir_6" | "us" | "us_ascii" => Encoding::Ascii,
        "latin_1" | "latin1" | "iso8859_1" | "iso_8859_1" | "8859" | "cp819" | "csisolatin1"
        | "ibm819" | "iso8859" | "iso_8859_1_1987" | "iso_ir_100" | "l1" | "latin" => {
            Encoding::Latin1
        }
        other => Encoding::Table(single_byte::find(other)?),
    })
}

/// The error for a file that declares no encoding and is not UTF-8.
fn undeclared(body: &[u8], position: usize, filename: &str) -> CompileError {
    let line = line_of(body, position);
    let byte = body[position];
    let message = format!(
        "Non-UTF-8 code starting with '\\x{byte:02x}' in file {filename} on line {line}, but no \
         encoding declared; see http://python.org/dev/peps/pep-0263/ for details"
    );
    CompileError::at(ErrorKind::SyntaxError, message, filename, line, 0)
}

/// The error for a byte that the declared encoding does not have.
fn undecodable(
    codec: &str,
    body: &[u8],
    position: usize,
    reason: &str,
    filename: &str,
) -> CompileError {
    let byte = body[position];
    let message =
        format!("'{codec}' codec can't decode byte {byte:#04x} in position {position}: {reason}");
    CompileError::at(ErrorKind::SyntaxError, message, filename, 0, 0)
}

/// The text of invalid UTF-8, should only comments be invalid.
fn decode_invalid_utf8(body: &[u8], filename: &str) -> Result<String, CompileError> {
    // A letter for each invalid byte keeps all positions.
    let mut replaced = body.to_vec();
    let mut invalid = Vec::new();
    let mut from = 0;
    while let Err(error) = std::str::from_utf8(&body[from..]) {
        let start = from + error.valid_up_to();
        let end = start + error.error_len().unwrap_or(body.len() - start);
        replaced[start..end].fill(b'z');
        invalid.push(start);
        from = end;
    }
    let replaced = String::from_utf8(replaced).expect("every invalid byte is replaced");
    let mut tokenizer = Tokenizer::new(&replaced, Dialect::Default);
    let mut invalid = invalid.into_iter().peekable();
    // Where the tokenizer fails, the parser will as well: that error comes first.
    while let (Some(&position), Ok(token)) = (invalid.peek(), tokenizer.next_token()) {
        if token.kind == Kind::EndMarker {
            break;
        }
        while invalid.next_if(|&at| at < token.start as usize).is_some() {}
        if (token.start as usize..token.end as usize).contains(&position) {
            return Err(invalid_token(body, &replaced, token, filename));
        }
    }
    Ok(String::from_utf8_lossy(body).into_owned())
}

/// The error for a token that holds bytes which are not UTF-8.
fn invalid_token(body: &[u8], replaced: &str, token: Token, filename: &str) -> CompileError {
    let span = token.start as usize..token.end as usize;
    let error = |message: &str, column| {
        CompileError::at(
            ErrorKind::SyntaxError,
            message,
            filename,
            token.line,
            column,
        )
    };
    if token.kind != Kind::Str {
        let line_start = token.start - token.col;
        return error("invalid character in identifier", token.end - line_start);
    }
    let literal = Literal::new(&replaced[span.clone()]);
    let start = span.start + literal.body_offset;
    let mut bytes = &body[start..start + literal.body.len()];
    if !literal.is_raw && bytes.contains(&b'\\') {
        // CPython then decodes each run of bytes that are not ASCII on its own.
        let position = std::str::from_utf8(bytes).map_or_else(|e| e.valid_up_to(), str::len);
        let run = bytes[..position]
            .iter()
            .rposition(u8::is_ascii)
            .map_or(0, |at| at + 1);
        bytes = &bytes[run..];
        let end = bytes.iter().position(u8::is_ascii).unwrap_or(bytes.len());
        bytes = &bytes[..end];
    }
    let Err(invalid) = std::str::from_utf8(bytes) else {
        return error("invalid syntax", token.col);
    };
    let first = invalid.valid_up_to();
    let length = invalid.error_len().unwrap_or(bytes.len() - first);
    let reason = match (invalid.error_len(), bytes[first]) {
        (None, _) => "unexpected end of data",
        (Some(_), 0xC2..=0xF4) => "invalid continuation byte",
        (Some(_), _) => "invalid start byte",
    };
    let what = if length == 1 {
        format!("byte {:#04x} in position {first}", bytes[first])
    } else {
        format!("bytes in position {first}-{}", first + length - 1)
    };
    let message = format!("(unicode error) 'utf-8' codec can't decode {what}: {reason}");
    error(&truncate_message(message), token.col)
}

/// The line of a byte, from 1.
fn line_of(body: &[u8], position: usize) -> u32 {
    1 + memchr::memchr_iter(b'\n', &body[..position]).count() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(bytes: &[u8]) -> Result<String, String> {
        decode(bytes, "f.py", Origin::Object).map_err(|error| error.message)
    }

    #[test]
    fn encodings() {
        assert_eq!(object("x = 'é'".as_bytes()).unwrap(), "x = 'é'");
        assert_eq!(object(b"\xef\xbb\xbfx").unwrap(), "x");
        assert_eq!(
            object(b"# coding: latin-1\n\xe9").unwrap(),
            "# coding: latin-1\né"
        );
        assert_eq!(
            object(b"# coding: cp1252\n\x80").unwrap(),
            "# coding: cp1252\n€"
        );
        assert_eq!(
            object(b"# coding: iso-8859-15\n\xa4").unwrap(),
            "# coding: iso-8859-15\n€"
        );
        assert_eq!(
            object(b"# coding: koi8-r\n\xc1").unwrap(),
            "# coding: koi8-r\nа"
        );
    }

    #[test]
    fn errors() {
        assert_eq!(
            object(b"# coding: nope\n").unwrap_err(),
            "unknown encoding: nope"
        );
        assert_eq!(
            object(b"\xef\xbb\xbf# coding: utf8\n").unwrap_err(),
            "encoding problem: utf8 with BOM"
        );
        assert_eq!(
            object(b"# coding: ascii\n'\xe9'").unwrap_err(),
            "'ascii' codec can't decode byte 0xe9 in position 17: ordinal not in range(128)"
        );
        assert_eq!(
            object(b"# coding: cp1252\n'\x81'").unwrap_err(),
            "'charmap' codec can't decode byte 0x81 in position 18: character maps to <undefined>"
        );
        assert_eq!(
            decode(b"x\n'\xff'", "f.py", Origin::File)
                .unwrap_err()
                .message,
            "Non-UTF-8 code starting with '\\xff' in file f.py on line 2, but no encoding \
             declared; see http://python.org/dev/peps/pep-0263/ for details"
        );
    }

    #[test]
    fn invalid_utf8_matters_only_in_tokens() {
        assert_eq!(object(b"# \xff\nx").unwrap(), "# \u{fffd}\nx");
        assert_eq!(
            object(b"x = 'a\xe2\x82'\n").unwrap_err(),
            "(unicode error) 'utf-8' codec can't decode bytes in position 1-2: unexpected end of data"
        );
        assert_eq!(
            object(b"x = 'a\\n\xff'\n").unwrap_err(),
            "(unicode error) 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte"
        );
        assert_eq!(
            object(b"x\xff = 1\n").unwrap_err(),
            "invalid character in identifier"
        );
    }
}
