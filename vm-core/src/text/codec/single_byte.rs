//! Encodings of one byte a character: ASCII, Latin-1 and cp1252.

use rustpython_wtf8::{CodePoint, Wtf8, Wtf8Buf};

use super::error::{CodecResult, DecodeError};
use super::handler::{decode_error, encode_points};

/// An encoding whose first bytes are the code points of that number.
pub(super) struct SingleByte {
    name: &'static str,
    reason: &'static str,
    /// Up to here bytes and code points are the same.
    same: u32,
    /// The code points of the 32 bytes from 0x80, zero where there is none; from 0xA0 on they are the same again. Empty
    /// where bytes from `same` on mean nothing.
    middle: &'static [u16],
}

pub(super) static ASCII: SingleByte = SingleByte {
    name: "ascii",
    reason: "ordinal not in range(128)",
    same: 0x80,
    middle: &[],
};

pub(super) static LATIN_1: SingleByte = SingleByte {
    name: "latin-1",
    reason: "ordinal not in range(256)",
    same: 0x100,
    middle: &[],
};

pub(super) static CP1252: SingleByte = SingleByte {
    name: "charmap",
    reason: "character maps to <undefined>",
    same: 0x80,
    middle: &[
        0x20AC, 0, 0x201A, 0x192, 0x201E, 0x2026, 0x2020, 0x2021, 0x2C6, 0x2030, 0x160, 0x2039,
        0x152, 0, 0x17D, 0, 0, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x2DC,
        0x2122, 0x161, 0x203A, 0x153, 0, 0x17E, 0x178,
    ],
};

impl SingleByte {
    fn byte_of(&self, c: u32) -> Option<u8> {
        if c < self.same {
            return Some(c as u8);
        }
        if self.middle.is_empty() {
            return None;
        }
        if (0xA0..0x100).contains(&c) {
            return Some(c as u8);
        }
        let found = self
            .middle
            .iter()
            .position(|&m| m != 0 && u32::from(m) == c)?;
        Some(0x80 + found as u8)
    }

    fn point_of(&self, b: u8) -> Option<CodePoint> {
        if u32::from(b) < self.same || (!self.middle.is_empty() && b >= 0xA0) {
            return Some(CodePoint::from(char::from(b)));
        }
        let point = *self.middle.get(usize::from(b) - 0x80)?;
        if point == 0 {
            None
        } else {
            Some(CodePoint::from(point))
        }
    }

    pub(super) fn encode(&self, text: &Wtf8, errors: &str) -> CodecResult<Vec<u8>> {
        if text.is_ascii() {
            return Ok(text.as_bytes().to_vec());
        }
        let points: Vec<u32> = text.code_points().map(CodePoint::to_u32).collect();
        let mut out = Vec::with_capacity(points.len());
        encode_points(
            &points,
            (self.name, self.reason),
            errors,
            (true, 1),
            &mut out,
            |c, out| {
                let byte = self.byte_of(c);
                out.extend(byte);
                byte.is_some()
            },
        )?;
        Ok(out)
    }

    pub(super) fn decode(&self, bytes: &[u8], errors: &str) -> CodecResult<Wtf8Buf> {
        let mut out = Wtf8Buf::with_capacity(bytes.len());
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            match self.point_of(byte) {
                Some(point) => {
                    out.push(point);
                    at += 1;
                }
                None => {
                    let error = DecodeError {
                        encoding: self.name.into(),
                        start: at,
                        end: at + 1,
                        reason: self.reason.into(),
                    };
                    at = decode_error(errors, bytes, error, &mut out)?;
                }
            }
        }
        Ok(out)
    }
}
