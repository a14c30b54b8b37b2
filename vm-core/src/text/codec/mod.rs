//! `str.encode` and `bytes.decode`: the encodings built in, with the built-in error handlers.
//!
//! Handlers registered by programs are not known here; nor are encodings beyond Unicode's, ASCII, Latin-1, cp1252 and the two
//! escapes. A handler's name is looked at only when an error occurs, as in CPython.

pub mod error;
mod handler;
mod single_byte;
pub mod unicode_escape;
mod utf16;
mod utf32;
pub mod utf8;

use rustpython_wtf8::{Wtf8, Wtf8Buf};

use super::error::OpError;
pub use error::{CodecError, CodecResult, DecodeError, EncodeError};

/// The order of the bytes of UTF-16 and UTF-32.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrder {
    /// Decoding obeys a mark, else takes little; encoding writes a mark and little.
    Marked,
    /// Least significant byte first, no mark.
    Little,
    /// Most significant byte first, no mark.
    Big,
}

/// An encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// `utf-8`
    Utf8,
    /// `utf-8-sig`: with a mark. The object of a decoding error is the bytes after the mark.
    Utf8Sig,
    /// `utf-16`, `utf-16-le`, `utf-16-be`
    Utf16(ByteOrder),
    /// `utf-32`, `utf-32-le`, `utf-32-be`
    Utf32(ByteOrder),
    /// `ascii`
    Ascii,
    /// `latin-1`
    Latin1,
    /// `cp1252`
    Cp1252,
    /// `unicode_escape`
    UnicodeEscape,
    /// `raw_unicode_escape`
    RawUnicodeEscape,
}

impl Encoding {
    /// Finds an encoding by name or alias: case, and the kind of punctuation in it, do not matter.
    pub fn find(name: &str) -> Option<Self> {
        let mut key = String::new();
        for c in name.chars() {
            match c {
                _ if c.is_ascii_alphanumeric() => key.push(c.to_ascii_lowercase()),
                '.' => key.push('.'),
                _ if !key.is_empty() && !key.ends_with('_') => key.push('_'),
                _ => {}
            }
        }
        Some(match key.trim_end_matches('_') {
            "utf_8" | "utf8" | "u8" | "utf" | "utf8_ucs2" | "utf8_ucs4" => Encoding::Utf8,
            "utf_8_sig" => Encoding::Utf8Sig,
            "utf_16" | "utf16" | "u16" => Encoding::Utf16(ByteOrder::Marked),
            "utf_16_le" | "utf_16le" | "unicodelittleunmarked" => {
                Encoding::Utf16(ByteOrder::Little)
            }
            "utf_16_be" | "utf_16be" | "unicodebigunmarked" => Encoding::Utf16(ByteOrder::Big),
            "utf_32" | "utf32" | "u32" => Encoding::Utf32(ByteOrder::Marked),
            "utf_32_le" | "utf_32le" => Encoding::Utf32(ByteOrder::Little),
            "utf_32_be" | "utf_32be" => Encoding::Utf32(ByteOrder::Big),
            "ascii" | "us_ascii" | "646" | "us" | "cp367" | "csascii" | "ibm367" | "iso646_us"
            | "iso_646.irv_1991" | "iso_ir_6" | "ansi_x3.4_1968" | "ansi_x3_4_1968"
            | "ansi_x3.4_1986" => Encoding::Ascii,
            "latin_1" | "latin1" | "latin" | "l1" | "iso_8859_1" | "iso8859_1" | "iso8859"
            | "8859" | "cp819" | "ibm819" | "csisolatin1" | "iso_8859_1_1987" | "iso_ir_100" => {
                Encoding::Latin1
            }
            "cp1252" | "1252" | "windows_1252" => Encoding::Cp1252,
            "unicode_escape" => Encoding::UnicodeEscape,
            "raw_unicode_escape" => Encoding::RawUnicodeEscape,
            _ => return None,
        })
    }

    /// As [`Encoding::find`]; `LookupError` for unknown ones.
    pub fn lookup(name: &str) -> Result<Self, OpError> {
        Encoding::find(name).ok_or_else(|| OpError::lookup(format!("unknown encoding: {name}")))
    }

    /// `text.encode(encoding, errors)`
    pub fn encode(self, text: &Wtf8, errors: &str) -> CodecResult<Vec<u8>> {
        match self {
            Encoding::Utf8 => utf8::encode(text, errors),
            Encoding::Utf8Sig => {
                Ok([b"\xef\xbb\xbf", utf8::encode(text, errors)?.as_slice()].concat())
            }
            Encoding::Utf16(order) => utf16::encode(text, order, errors),
            Encoding::Utf32(order) => utf32::encode(text, order, errors),
            Encoding::Ascii => single_byte::ASCII.encode(text, errors),
            Encoding::Latin1 => single_byte::LATIN_1.encode(text, errors),
            Encoding::Cp1252 => single_byte::CP1252.encode(text, errors),
            Encoding::UnicodeEscape => Ok(unicode_escape::encode(text)),
            Encoding::RawUnicodeEscape => Ok(unicode_escape::encode_raw(text)),
        }
    }

    /// `bytes.decode(encoding, errors)`
    pub fn decode(self, bytes: &[u8], errors: &str) -> CodecResult<Wtf8Buf> {
        match self {
            Encoding::Utf8 => utf8::decode(bytes, errors),
            Encoding::Utf8Sig => {
                utf8::decode(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes), errors)
            }
            Encoding::Utf16(order) => utf16::decode(bytes, order, errors),
            Encoding::Utf32(order) => utf32::decode(bytes, order, errors),
            Encoding::Ascii => single_byte::ASCII.decode(bytes, errors),
            Encoding::Latin1 => single_byte::LATIN_1.decode(bytes, errors),
            Encoding::Cp1252 => single_byte::CP1252.decode(bytes, errors),
            Encoding::UnicodeEscape => unicode_escape::decode(bytes, errors),
            Encoding::RawUnicodeEscape => unicode_escape::decode_raw(bytes, errors),
        }
    }
}

/// `text.encode(encoding, errors)` by the encoding's name.
pub fn encode(text: &Wtf8, encoding: &str, errors: &str) -> CodecResult<Vec<u8>> {
    Encoding::lookup(encoding)?.encode(text, errors)
}

/// `bytes.decode(encoding, errors)` by the encoding's name.
pub fn decode(bytes: &[u8], encoding: &str, errors: &str) -> CodecResult<Wtf8Buf> {
    Encoding::lookup(encoding)?.decode(bytes, errors)
}

#[cfg(test)]
mod tests;
