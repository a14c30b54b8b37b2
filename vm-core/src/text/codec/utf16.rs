//! UTF-16, with and without a byte order mark.

use rustpython_wtf8::{CodePoint, Wtf8, Wtf8Buf};

use super::ByteOrder;
use super::error::{CodecResult, DecodeError};
use super::handler::{decode_error, encode_points};

fn name(order: ByteOrder) -> &'static str {
    match order {
        ByteOrder::Marked => "utf-16",
        ByteOrder::Little => "utf-16-le",
        ByteOrder::Big => "utf-16-be",
    }
}

pub(super) fn encode(text: &Wtf8, order: ByteOrder, errors: &str) -> CodecResult<Vec<u8>> {
    let points: Vec<u32> = text.code_points().map(CodePoint::to_u32).collect();
    let mut out = Vec::with_capacity(2 * points.len() + 2);
    if order == ByteOrder::Marked {
        out.extend_from_slice(b"\xff\xfe");
    }
    encode_points(
        &points,
        (name(order), "surrogates not allowed"),
        errors,
        (false, 2),
        &mut out,
        |c, out| {
            let Some(c) = char::from_u32(c) else {
                return false;
            };
            for unit in c.encode_utf16(&mut [0; 2]) {
                out.extend(if order == ByteOrder::Big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                });
            }
            true
        },
    )?;
    Ok(out)
}

pub(super) fn decode(bytes: &[u8], order: ByteOrder, errors: &str) -> CodecResult<Wtf8Buf> {
    let (order, mut at) = match (order, bytes) {
        (ByteOrder::Marked, [0xFF, 0xFE, ..]) => (ByteOrder::Little, 2),
        (ByteOrder::Marked, [0xFE, 0xFF, ..]) => (ByteOrder::Big, 2),
        (ByteOrder::Marked, _) => (ByteOrder::Little, 0),
        _ => (order, 0),
    };
    let unit = |i: usize| match bytes.get(i..i + 2) {
        Some(&[a, b]) => Some(if order == ByteOrder::Big {
            u16::from_be_bytes([a, b])
        } else {
            u16::from_le_bytes([a, b])
        }),
        _ => None,
    };
    let mut out = Wtf8Buf::with_capacity(bytes.len());
    while at < bytes.len() {
        let (end, reason) = match (unit(at), unit(at + 2)) {
            (None, _) => (bytes.len(), "truncated data"),
            (Some(first), second) => {
                let point = CodePoint::from(first);
                match (
                    point.to_lead_surrogate(),
                    point.to_trail_surrogate(),
                    second,
                ) {
                    (None, None, _) => {
                        out.push(point);
                        at += 2;
                        continue;
                    }
                    (_, _, None) => (bytes.len(), "unexpected end of data"),
                    (Some(lead), _, Some(second)) => {
                        match CodePoint::from(second).to_trail_surrogate() {
                            Some(trail) => {
                                out.push_char(lead.merge(trail));
                                at += 4;
                                continue;
                            }
                            None => (at + 2, "illegal UTF-16 surrogate"),
                        }
                    }
                    (None, _, _) => (at + 2, "illegal encoding"),
                }
            }
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
