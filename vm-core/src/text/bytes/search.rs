//! `find`, `rfind`, `index`, `rindex`, `count`, `startswith`, `endswith` and `in` of `bytes`.

use memchr::memmem;

use crate::text::error::{OpError, OpResult};
use crate::text::search::Bounds;
use crate::text::slice::search_range;

fn part(bytes: &[u8], bounds: Bounds) -> Option<(&[u8], usize)> {
    let (start, end) = search_range(bytes.len(), bounds.0, bounds.1)?;
    Some((&bytes[start..end], start))
}

/// `sub in bytes`
pub fn contains(bytes: &[u8], sub: &[u8]) -> bool {
    memmem::find(bytes, sub).is_some()
}

/// `bytes.find(sub, start, end)`; an integer argument is one byte.
pub fn find(bytes: &[u8], sub: &[u8], bounds: Bounds) -> Option<usize> {
    let (part, first) = part(bytes, bounds)?;
    let at = match sub {
        [byte] => memchr::memchr(*byte, part),
        _ => memmem::find(part, sub),
    };
    at.map(|i| first + i)
}

/// `bytes.rfind(sub, start, end)`
pub fn rfind(bytes: &[u8], sub: &[u8], bounds: Bounds) -> Option<usize> {
    let (part, first) = part(bytes, bounds)?;
    let at = match sub {
        [byte] => memchr::memrchr(*byte, part),
        _ => memmem::rfind(part, sub),
    };
    at.map(|i| first + i)
}

/// The error of `index` and `rindex`, which words it differently for `bytes` and `bytearray`.
pub fn not_found(bytearray: bool) -> OpError {
    OpError::value(if bytearray {
        "subsection not found"
    } else {
        "substring not found"
    })
}

/// `bytes.index(sub, start, end)`
pub fn index(bytes: &[u8], sub: &[u8], bounds: Bounds, bytearray: bool) -> OpResult<usize> {
    find(bytes, sub, bounds).ok_or_else(|| not_found(bytearray))
}

/// `bytes.rindex(sub, start, end)`
pub fn rindex(bytes: &[u8], sub: &[u8], bounds: Bounds, bytearray: bool) -> OpResult<usize> {
    rfind(bytes, sub, bounds).ok_or_else(|| not_found(bytearray))
}

/// `bytes.count(sub, start, end)`
pub fn count(bytes: &[u8], sub: &[u8], bounds: Bounds) -> usize {
    let Some((part, _)) = part(bytes, bounds) else {
        return 0;
    };
    match sub {
        [] => part.len() + 1,
        [byte] => memchr::memchr_iter(*byte, part).count(),
        _ => memmem::find_iter(part, sub).count(),
    }
}

/// `bytes.startswith(prefix, start, end)` for one prefix.
pub fn startswith(bytes: &[u8], prefix: &[u8], bounds: Bounds) -> bool {
    part(bytes, bounds).is_some_and(|(part, _)| part.starts_with(prefix))
}

/// `bytes.endswith(suffix, start, end)` for one suffix.
pub fn endswith(bytes: &[u8], suffix: &[u8], bounds: Bounds) -> bool {
    part(bytes, bounds).is_some_and(|(part, _)| part.ends_with(suffix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::search::WHOLE;

    #[test]
    fn searches() {
        let b = b"abcabc";
        assert_eq!(
            (
                find(b, b"bc", WHOLE),
                rfind(b, b"bc", WHOLE),
                find(b, b"c", (Some(3), None)),
                rfind(b, b"a", (None, Some(-3)))
            ),
            (Some(1), Some(4), Some(5), Some(0))
        );
        assert_eq!(
            (
                find(b, b"", (Some(6), None)),
                find(b, b"", (Some(7), None)),
                count(b, b"", WHOLE),
                count(b, b"bc", WHOLE),
                count(b, b"a", (Some(1), None))
            ),
            (Some(6), None, 7, 2, 1)
        );
        assert!(
            startswith(b, b"bc", (Some(1), None))
                && endswith(b, b"ab", (None, Some(-1)))
                && !startswith(b, b"", (Some(7), None))
        );
        assert!(contains(b, b"ca") && !contains(b, b"ac"));
        assert_eq!(
            index(b, b"x", WHOLE, false).unwrap_err().message,
            "substring not found"
        );
        assert_eq!(
            rindex(b, b"x", WHOLE, true).unwrap_err().message,
            "subsection not found"
        );
    }
}
