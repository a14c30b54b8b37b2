//! The built-in error handlers: `strict`, `ignore`, `replace`, `backslashreplace`, `xmlcharrefreplace`, `namereplace`,
//! `surrogateescape` (PEP 383) and `surrogatepass`.

use rustpython_wtf8::{CodePoint, Wtf8Buf};

use super::error::{CodecError, CodecResult, DecodeError, EncodeError};
use crate::text::error::OpError;
use crate::text::repr::write_escape;

/// What stands for the code points that could not be encoded.
pub(super) enum Replacement {
    /// Bytes of the output.
    Bytes(Vec<u8>),
    /// ASCII text, still to be encoded.
    Text(String),
}

fn unknown(errors: &str) -> CodecError {
    OpError::lookup(format!("unknown error handler name '{errors}'")).into()
}

/// Handles the code points `points[error.start..error.end]` of a text that cannot be encoded.
pub(super) fn encode_error(
    errors: &str,
    points: &[u32],
    error: EncodeError,
) -> CodecResult<Replacement> {
    let bad = &points[error.start..error.end];
    let mut text = String::new();
    match errors {
        "strict" => return Err(CodecError::Encode(error)),
        "ignore" => {}
        "replace" => bad.iter().for_each(|_| text.push('?')),
        "backslashreplace" => bad.iter().for_each(|&c| write_escape(c, &mut text)),
        "xmlcharrefreplace" => bad.iter().for_each(|c| text.push_str(&format!("&#{c};"))),
        "namereplace" => {
            for &c in bad {
                match char::from_u32(c).and_then(unicode_names2::name) {
                    Some(name) => text.push_str(&format!("\\N{{{name}}}")),
                    None => write_escape(c, &mut text),
                }
            }
        }
        "surrogateescape" => {
            let bytes: Option<Vec<u8>> = bad
                .iter()
                .map(|&c| {
                    if (0xDC80..=0xDCFF).contains(&c) {
                        Some(c as u8)
                    } else {
                        None
                    }
                })
                .collect();
            return bytes
                .map(Replacement::Bytes)
                .ok_or(CodecError::Encode(error));
        }
        "surrogatepass" => {
            let bytes: Option<Vec<Vec<u8>>> = bad
                .iter()
                .map(|&c| pass_surrogate(c, &error.encoding))
                .collect();
            return bytes
                .map(|bytes| Replacement::Bytes(bytes.concat()))
                .ok_or(CodecError::Encode(error));
        }
        _ => return Err(unknown(errors)),
    }
    Ok(Replacement::Text(text))
}

/// A lone surrogate as the Unicode encodings would write it.
fn pass_surrogate(c: u32, encoding: &str) -> Option<Vec<u8>> {
    if !(0xD800..0xE000).contains(&c) {
        return None;
    }
    let unit = c as u16;
    match encoding {
        "utf-8" => Some(vec![
            0xED,
            0x80 | (c >> 6) as u8 & 0x3F,
            0x80 | c as u8 & 0x3F,
        ]),
        "utf-16" | "utf-16-le" => Some(unit.to_le_bytes().to_vec()),
        "utf-16-be" => Some(unit.to_be_bytes().to_vec()),
        "utf-32" | "utf-32-le" => Some(c.to_le_bytes().to_vec()),
        "utf-32-be" => Some(c.to_be_bytes().to_vec()),
        _ => None,
    }
}

fn push(out: &mut Wtf8Buf, c: u32) {
    out.extend(CodePoint::from_u32(c));
}

/// Handles the bytes `input[error.start..error.end]` that cannot be decoded: appends what stands for them and gives the
/// position to go on from.
pub(super) fn decode_error(
    errors: &str,
    input: &[u8],
    error: DecodeError,
    out: &mut Wtf8Buf,
) -> CodecResult<usize> {
    let (start, end) = (error.start, error.end);
    let bad = &input[start..end];
    match errors {
        "strict" => Err(CodecError::Decode(error)),
        "ignore" => Ok(end),
        "replace" => {
            out.push_char('\u{fffd}');
            Ok(end)
        }
        "backslashreplace" => {
            let mut text = String::new();
            bad.iter().for_each(|&b| write_escape(b.into(), &mut text));
            out.push_str(&text);
            Ok(end)
        }
        "surrogateescape" => {
            // ASCII bytes are never escaped: they are decoded again.
            let escaped = bad.iter().take(4).take_while(|&&b| b >= 0x80).count();
            if escaped == 0 {
                return Err(CodecError::Decode(error));
            }
            bad[..escaped]
                .iter()
                .for_each(|&b| push(out, 0xDC00 + u32::from(b)));
            Ok(start + escaped)
        }
        "surrogatepass" => match passed_surrogate(&input[start..], &error.encoding) {
            Some((c, length)) => {
                push(out, c);
                Ok(start + length)
            }
            None => Err(CodecError::Decode(error)),
        },
        "xmlcharrefreplace" | "namereplace" => Err(OpError::type_error(
            "don't know how to handle UnicodeDecodeError in error callback",
        )
        .into()),
        _ => Err(unknown(errors)),
    }
}

/// A lone surrogate that a Unicode encoding wrote, and how many bytes it takes.
fn passed_surrogate(input: &[u8], encoding: &str) -> Option<(u32, usize)> {
    let (c, length) = match (encoding, input) {
        ("utf-8", &[0xED, b @ 0xA0..=0xBF, c @ 0x80..=0xBF, ..]) => {
            (0xD000 | u32::from(b & 0x3F) << 6 | u32::from(c & 0x3F), 3)
        }
        ("utf-16" | "utf-16-le", &[a, b, ..]) => (u32::from(u16::from_le_bytes([a, b])), 2),
        ("utf-16-be", &[a, b, ..]) => (u32::from(u16::from_be_bytes([a, b])), 2),
        ("utf-32" | "utf-32-le", &[a, b, c, d, ..]) => (u32::from_le_bytes([a, b, c, d]), 4),
        ("utf-32-be", &[a, b, c, d, ..]) => (u32::from_be_bytes([a, b, c, d]), 4),
        _ => return None,
    };
    if (0xD800..0xE000).contains(&c) {
        Some((c, length))
    } else {
        None
    }
}

/// Encodes code points one by one, `one` saying whether it could, and hands runs it could not to the error handler: whole runs
/// if `grouped`. Replacements that are bytes must be a multiple of `unit` long.
pub(super) fn encode_points(
    points: &[u32],
    (encoding, reason): (&'static str, &'static str),
    errors: &str,
    (grouped, unit): (bool, usize),
    out: &mut Vec<u8>,
    one: impl Fn(u32, &mut Vec<u8>) -> bool,
) -> CodecResult<()> {
    let mut at = 0;
    while at < points.len() {
        if one(points[at], out) {
            at += 1;
            continue;
        }
        let mut end = at + 1;
        // Each failed attempt writes nothing, and a successful one is taken back.
        while grouped && end < points.len() {
            let length = out.len();
            if one(points[end], out) {
                out.truncate(length);
                break;
            }
            end += 1;
        }
        let error = EncodeError {
            encoding: encoding.into(),
            start: at,
            end,
            reason: reason.into(),
        };
        match encode_error(errors, points, error.clone())? {
            Replacement::Bytes(bytes) if bytes.len() % unit != 0 => {
                return Err(CodecError::Encode(error));
            }
            Replacement::Bytes(bytes) => out.extend_from_slice(&bytes),
            Replacement::Text(text) => text.chars().for_each(|c| {
                one(c.into(), out);
            }),
        }
        at = end;
    }
    Ok(())
}
