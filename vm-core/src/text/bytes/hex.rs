//! `bytes.hex` and `bytes.fromhex`.

use rustpython_wtf8::{CodePoint, Wtf8};

use crate::text::error::{OpError, OpResult};

/// `bytes.hex()`
pub fn hex(bytes: &[u8]) -> String {
    let digit = |d: u8| char::from_digit(u32::from(d), 16).unwrap_or('0');
    bytes
        .iter()
        .flat_map(|&b| [digit(b >> 4), digit(b & 15)])
        .collect()
}

/// `bytes.fromhex(text)`: pairs of digits with blanks between them. The error names the position of the pair.
pub fn fromhex(text: &Wtf8) -> OpResult<Vec<u8>> {
    let points: Vec<u32> = text.code_points().map(CodePoint::to_u32).collect();
    let digit = |i: usize| {
        points
            .get(i)
            .and_then(|&c| char::from_u32(c))
            .and_then(|c| c.to_digit(16))
    };
    let mut out = Vec::with_capacity(points.len() / 2);
    let mut i = 0;
    while i < points.len() {
        if points[i] == u32::from(b' ') {
            i += 1;
            continue;
        }
        let (Some(high), Some(low)) = (digit(i), digit(i + 1)) else {
            return Err(OpError::value(format!(
                "non-hexadecimal number found in fromhex() arg at position {i}"
            )));
        };
        out.push((high * 16 + low) as u8);
        i += 2;
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways() {
        assert_eq!(hex(b"\x00\xabz"), "00ab7a");
        assert_eq!(fromhex(Wtf8::new(" 00 aB  7a ")), Ok(b"\x00\xabz".to_vec()));
        for (text, position) in [
            ("ab c", 3),
            ("a b", 0),
            ("ab\tcd", 2),
            ("zz", 0),
            ("\u{e9}", 0),
        ] {
            assert_eq!(
                fromhex(Wtf8::new(text)).unwrap_err().message,
                format!("non-hexadecimal number found in fromhex() arg at position {position}")
            );
        }
    }
}
