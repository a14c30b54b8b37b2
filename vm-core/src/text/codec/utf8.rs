//! UTF-8. Lone surrogates are errors both ways.

use rustpython_wtf8::{CodePoint, Wtf8, Wtf8Buf};

use super::error::{CodecResult, DecodeError};
use super::handler::{decode_error, encode_points};

/// `text.encode('utf-8', errors)`
pub fn encode(text: &Wtf8, errors: &str) -> CodecResult<Vec<u8>> {
    if let Ok(text) = text.as_str() {
        return Ok(text.as_bytes().to_vec());
    }
    let points: Vec<u32> = text.code_points().map(CodePoint::to_u32).collect();
    let mut out = Vec::with_capacity(text.len());
    encode_points(
        &points,
        ("utf-8", "surrogates not allowed"),
        errors,
        (true, 1),
        &mut out,
        |c, out| {
            let Some(c) = char::from_u32(c) else {
                return false;
            };
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
            true
        },
    )?;
    Ok(out)
}

/// `bytes.decode('utf-8', errors)`
pub fn decode(bytes: &[u8], errors: &str) -> CodecResult<Wtf8Buf> {
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Wtf8Buf::from(text));
    }
    let mut out = Wtf8Buf::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let error = match std::str::from_utf8(&bytes[at..]) {
            Ok(text) => {
                out.push_str(text);
                break;
            }
            Err(error) => error,
        };
        let valid = &bytes[at..at + error.valid_up_to()];
        out.push_str(std::str::from_utf8(valid).unwrap_or_default());
        let start = at + valid.len();
        let (end, reason) = match error.error_len() {
            None => (bytes.len(), "unexpected end of data"),
            Some(_) if matches!(bytes[start], 0x80..0xC2 | 0xF5..) => {
                (start + 1, "invalid start byte")
            }
            Some(length) => (start + length, "invalid continuation byte"),
        };
        let error = DecodeError {
            encoding: "utf-8".into(),
            start,
            end,
            reason: reason.into(),
        };
        at = decode_error(errors, bytes, error, &mut out)?;
    }
    Ok(out)
}
