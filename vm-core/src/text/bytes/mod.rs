//! The methods of `bytes` and `bytearray`, over `&[u8]`: letters, digits and spaces are ASCII's, whatever the locale.
//!
//! Equality, ordering and concatenation are the slices' own; `repr` and hashes are in `text::repr` and `text::hash`, `%` in
//! `text::percent`.

pub mod case;
pub mod hex;
pub mod replace;
pub mod search;
pub mod slice;
pub mod split;
pub mod strip;

use super::error::{OpError, OpResult};

/// C's `isspace`: blank, tab, line feed, vertical tab, form feed, carriage return.
#[inline]
pub fn is_space(b: u8) -> bool {
    matches!(b, b' ' | 9..=13)
}

/// An element given as an integer: for `bytes(...)` and as an argument of a search method if `bytes` is set or clear.
pub fn element(value: i64, bytes: bool) -> OpResult<u8> {
    let message = if bytes {
        "bytes must be in range(0, 256)"
    } else {
        "byte must be in range(0, 256)"
    };
    u8::try_from(value).map_err(|_| OpError::value(message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements() {
        assert_eq!(element(255, true), Ok(255));
        assert_eq!(
            element(256, true).unwrap_err().to_string(),
            "ValueError: bytes must be in range(0, 256)"
        );
        assert_eq!(
            element(-1, false).unwrap_err().message,
            "byte must be in range(0, 256)"
        );
        assert!(is_space(b'\x0b') && !is_space(0x1c));
    }
}
