//! UTF-32, with and without a byte order mark.

use rustpython_wtf8::{CodePoint, Wtf8, Wtf8Buf};

use super::ByteOrder;
use super::error::{CodecResult, DecodeError};
use super::handler::{decode_error, encode_points};

fn name(order: ByteOrder) -> &'static str {
    match order {
        ByteOrder::Marked => "utf-32",
        ByteOrder::Little => "utf-32-le",
        ByteOrder::Big => "utf-32-be",
    }
}

pub(super) fn encode(text: &Wtf8, order: ByteOrder, errors: &str) -> CodecResult<Vec<u8>> {
    let points: Vec<u32> = text.code_points().map(CodePoint::to_u32).collect();
    let mut out = Vec::with_capacity(4 * points.len() + 4);
    if order == ByteOrder::Marked {
        out.extend_from_slice(b"\xff\xfe\0\0");
    }
    encode_points(
        &points,
        (name(order), "surrogates not allowed"),
        errors,
        (false, 4),
        &mut out,
        |c, out| {
            if (0xD800..0xE000).contains(&c) {
                return false;
            }
            out.extend(if order == ByteOrder::Big {
                c.to_be_bytes()
            } else {
                c.to_le_bytes()
            });
            true
        },
    )?;
    Ok(out)
}

pub(super) fn decode(bytes: &[u8], order: ByteOrder, errors: &str) -> CodecResult<Wtf8Buf> {
    let (order, mut at) = match (order, bytes) {
        (ByteOrder::Marked, [0xFF, 0xFE, 0, 0, ..]) => (ByteOrder::Little, 4),
        (ByteOrder::Marked, [0, 0, 0xFE, 0xFF, ..]) => (ByteOrder::Big, 4),
        (ByteOrder::Marked, _) => (ByteOrder::Little, 0),
        _ => (order, 0),
    };
    let mut out = Wtf8Buf::with_capacity(bytes.len());
    while at < bytes.len() {
        let (end, reason) = match bytes.get(at..at + 4) {
            Some(&[a, b, c, d]) => {
                let unit = [a, b, c, d];
                let c = if order == ByteOrder::Big {
                    u32::from_be_bytes(unit)
                } else {
                    u32::from_le_bytes(unit)
                };
                match char::from_u32(c) {
                    Some(c) => {
                        out.push_char(c);
                        at += 4;
                        continue;
                    }
                    None if c < 0x11_0000 => (
                        at + 4,
                        "code point in surrogate code point range(0xd800, 0xe000)",
                    ),
                    None => (at + 4, "code point not in range(0x110000)"),
                }
            }
            _ => (bytes.len(), "truncated data"),
        };
        let error = DecodeError {
            encoding: name(order).into(),
            start: at,
            end,
            reason: reason.into(),
        };
        at = decode_error(errors, bytes, error, &mut out)?;
    }
    Ok(out)
}
