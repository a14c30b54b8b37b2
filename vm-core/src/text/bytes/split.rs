//! `split`, `rsplit`, `splitlines`, `partition` and `rpartition` of `bytes`; lines end at `\n`, `\r` and the pair.

use memchr::memmem;

use super::is_space;
use crate::text::error::{OpError, OpResult};
use crate::text::split::{Piece, limit, lines, rsplit_at, rsplit_spaces, split_at, split_spaces};

fn slices(bytes: &[u8], pieces: Vec<Piece>) -> Vec<&[u8]> {
    pieces
        .into_iter()
        .map(|(start, end)| &bytes[start..end])
        .collect()
}

/// `bytes.split(None, maxsplit)`
pub fn split_whitespace(bytes: &[u8], maxsplit: i64) -> Vec<&[u8]> {
    let units = bytes.iter().enumerate().map(|(i, &b)| (i, is_space(b)));
    slices(bytes, split_spaces(units, bytes.len(), limit(maxsplit)))
}

/// `bytes.rsplit(None, maxsplit)`
pub fn rsplit_whitespace(bytes: &[u8], maxsplit: i64) -> Vec<&[u8]> {
    let units = bytes
        .iter()
        .enumerate()
        .rev()
        .map(|(i, &b)| (i + 1, is_space(b)));
    slices(bytes, rsplit_spaces(units, limit(maxsplit)))
}

/// `bytes.split(separator, maxsplit)`. An empty separator is a `ValueError`.
pub fn split<'a>(bytes: &'a [u8], separator: &[u8], maxsplit: i64) -> OpResult<Vec<&'a [u8]>> {
    Ok(slices(bytes, split_at(bytes, separator, limit(maxsplit))?))
}

/// `bytes.rsplit(separator, maxsplit)`. An empty separator is a `ValueError`.
pub fn rsplit<'a>(bytes: &'a [u8], separator: &[u8], maxsplit: i64) -> OpResult<Vec<&'a [u8]>> {
    Ok(slices(bytes, rsplit_at(bytes, separator, limit(maxsplit))?))
}

/// `bytes.splitlines(keepends)`
pub fn splitlines(bytes: &[u8], keepends: bool) -> Vec<&[u8]> {
    let breaks = memchr::memchr2_iter(b'\n', b'\r', bytes).map(|i| (i, i + 1));
    slices(bytes, lines(bytes, breaks, keepends))
}

/// `bytes.partition(separator)`: `None` where it does not occur. An empty separator is a `ValueError`.
pub fn partition<'a>(bytes: &'a [u8], separator: &[u8]) -> OpResult<Option<(&'a [u8], &'a [u8])>> {
    if separator.is_empty() {
        return Err(OpError::value("empty separator"));
    }
    Ok(memmem::find(bytes, separator).map(|i| (&bytes[..i], &bytes[i + separator.len()..])))
}

/// `bytes.rpartition(separator)`: `None` where it does not occur. An empty separator is a `ValueError`.
pub fn rpartition<'a>(bytes: &'a [u8], separator: &[u8]) -> OpResult<Option<(&'a [u8], &'a [u8])>> {
    if separator.is_empty() {
        return Err(OpError::value("empty separator"));
    }
    Ok(memmem::rfind(bytes, separator).map(|i| (&bytes[..i], &bytes[i + separator.len()..])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits() {
        assert_eq!(
            split_whitespace(b" a\x1cb\x0cc ", -1),
            [&b"a\x1cb"[..], b"c"]
        );
        assert_eq!(split_whitespace(b" a  b c ", 1), [&b"a"[..], b"b c "]);
        assert_eq!(rsplit_whitespace(b" a  b c ", 1), [&b" a  b"[..], b"c"]);
        assert_eq!(split(b"a,b,", b",", -1).unwrap(), [&b"a"[..], b"b", b""]);
        assert_eq!(rsplit(b"a::b::c", b"::", 1).unwrap(), [&b"a::b"[..], b"c"]);
        assert!(split(b"a", b"", -1).is_err());
    }

    #[test]
    fn lines_and_partitions() {
        assert_eq!(
            splitlines(b"a\x0bb\r\nc\rd\n\xc2\x85", false),
            [&b"a\x0bb"[..], b"c", b"d", b"\xc2\x85"]
        );
        assert_eq!(splitlines(b"a\r\n\n", true), [&b"a\r\n"[..], b"\n"]);
        assert_eq!(
            partition(b"a=b=c", b"="),
            Ok(Some((&b"a"[..], &b"b=c"[..])))
        );
        assert_eq!(
            rpartition(b"a=b=c", b"="),
            Ok(Some((&b"a=b"[..], &b"c"[..])))
        );
        assert_eq!(partition(b"a", b"="), Ok(None));
        assert!(partition(b"a", b"").is_err() && rpartition(b"a", b"").is_err());
    }
}
