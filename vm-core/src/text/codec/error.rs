//! What a codec's failure carries: the arguments of `UnicodeEncodeError` and `UnicodeDecodeError`, and their texts.

use std::borrow::Cow;

use rustpython_wtf8::{CodePoint, Wtf8};

use crate::text::error::OpError;
use crate::text::repr::write_escape;

/// `UnicodeEncodeError` without its object, which is the text that was encoded. Positions are code points.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodeError {
    /// The name the codec calls itself.
    pub encoding: Cow<'static, str>,
    /// The first code point that cannot be encoded.
    pub start: usize,
    /// The one after the last.
    pub end: usize,
    /// Why.
    pub reason: Cow<'static, str>,
}

/// `UnicodeDecodeError` without its object, which is the bytes that were decoded. Positions are bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// The name the codec calls itself.
    pub encoding: Cow<'static, str>,
    /// The first byte that cannot be decoded.
    pub start: usize,
    /// The one after the last.
    pub end: usize,
    /// Why.
    pub reason: Cow<'static, str>,
}

/// How encoding or decoding fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodecError {
    /// `UnicodeEncodeError`
    Encode(EncodeError),
    /// `UnicodeDecodeError`
    Decode(DecodeError),
    /// Another exception: an unknown encoding or handler, or a handler that cannot do this.
    Op(OpError),
}

/// What codecs return.
pub type CodecResult<T> = Result<T, CodecError>;

impl From<OpError> for CodecError {
    fn from(error: OpError) -> Self {
        CodecError::Op(error)
    }
}

/// `str(UnicodeEncodeError(encoding, object, start, end, reason))`
pub fn encode_message(
    encoding: &str,
    object: &Wtf8,
    start: usize,
    end: usize,
    reason: &str,
) -> String {
    let bad = object.code_points().nth(start).map(CodePoint::to_u32);
    match bad {
        Some(c) if end == start + 1 => {
            let mut shown = String::new();
            write_escape(c, &mut shown);
            format!(
                "'{encoding}' codec can't encode character '{shown}' in position {start}: {reason}"
            )
        }
        _ => format!(
            "'{encoding}' codec can't encode characters in position {start}-{}: {reason}",
            end as i64 - 1
        ),
    }
}

/// `str(UnicodeDecodeError(encoding, object, start, end, reason))`
pub fn decode_message(
    encoding: &str,
    object: &[u8],
    start: usize,
    end: usize,
    reason: &str,
) -> String {
    match object.get(start) {
        Some(b) if end == start + 1 => {
            format!("'{encoding}' codec can't decode byte 0x{b:02x} in position {start}: {reason}")
        }
        _ => format!(
            "'{encoding}' codec can't decode bytes in position {start}-{}: {reason}",
            end as i64 - 1
        ),
    }
}

/// `str(UnicodeTranslateError(object, start, end, reason))`
pub fn translate_message(object: &Wtf8, start: usize, end: usize, reason: &str) -> String {
    match object.code_points().nth(start) {
        Some(c) if end == start + 1 => {
            let mut shown = String::new();
            write_escape(c.to_u32(), &mut shown);
            format!("can't translate character '{shown}' in position {start}: {reason}")
        }
        _ => format!(
            "can't translate characters in position {start}-{}: {reason}",
            end as i64 - 1
        ),
    }
}

impl EncodeError {
    /// `str(exception)`, given what was encoded.
    pub fn message(&self, object: &Wtf8) -> String {
        encode_message(&self.encoding, object, self.start, self.end, &self.reason)
    }
}

impl DecodeError {
    /// `str(exception)`, given what was decoded.
    pub fn message(&self, object: &[u8]) -> String {
        decode_message(&self.encoding, object, self.start, self.end, &self.reason)
    }
}
