//! `replace`, `translate`, `maketrans`, `join` and repetition of `bytes`.

use memchr::memmem;

use crate::text::error::{OpError, OpResult};
use crate::text::replace::MAX_LEN;

/// `bytes.replace(old, new, count)`; a negative count is no limit. `None` where nothing changes.
pub fn replace(bytes: &[u8], old: &[u8], new: &[u8], count: i64) -> Option<Vec<u8>> {
    let limit = usize::try_from(count).unwrap_or(usize::MAX);
    // CPython 3.5 leaves empty bytes alone whenever a limit is given.
    if limit == 0 || (bytes.is_empty() && count >= 0) {
        return None;
    }
    let mut out: Option<Vec<u8>> = None;
    let mut from = 0;
    // An empty pattern is found before each byte and at the end, which is what it replaces.
    for at in memmem::find_iter(bytes, old).take(limit) {
        let out = out.get_or_insert_with(|| Vec::with_capacity(bytes.len()));
        out.extend_from_slice(&bytes[from..at]);
        out.extend_from_slice(new);
        from = at + old.len();
    }
    if let Some(out) = &mut out {
        out.extend_from_slice(&bytes[from..]);
    }
    out
}

/// `bytes.translate(table, deletechars)`; without a table bytes are only deleted.
pub fn translate(bytes: &[u8], table: Option<&[u8]>, delete: &[u8]) -> OpResult<Vec<u8>> {
    if table.is_some_and(|t| t.len() != 256) {
        return Err(OpError::value(
            "translation table must be 256 characters long",
        ));
    }
    let mut deleted = [false; 256];
    delete.iter().for_each(|&b| deleted[usize::from(b)] = true);
    let kept = bytes.iter().filter(|&&b| !deleted[usize::from(b)]);
    Ok(kept
        .map(|&b| table.map_or(b, |t| t[usize::from(b)]))
        .collect())
}

/// `bytes.maketrans(from, to)`
pub fn maketrans(from: &[u8], to: &[u8]) -> OpResult<Vec<u8>> {
    if from.len() != to.len() {
        return Err(OpError::value("maketrans arguments must have same length"));
    }
    let mut table: Vec<u8> = (0..=255).collect();
    from.iter()
        .zip(to)
        .for_each(|(&f, &t)| table[usize::from(f)] = t);
    Ok(table)
}

/// `separator.join(parts)`
pub fn join(separator: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    parts.join(separator)
}

/// `bytes * count`; a negative count gives no bytes, too long a result a `MemoryError`.
pub fn repeat(bytes: &[u8], count: i64) -> OpResult<Vec<u8>> {
    let count = usize::try_from(count).unwrap_or(0);
    match bytes.len().checked_mul(count) {
        Some(length) if length <= MAX_LEN => Ok(bytes.repeat(count)),
        _ => Err(OpError::memory()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replacements() {
        assert_eq!(replace(b"", b"", b"-", 1), None);
        assert_eq!(replace(b"aXbX", b"X", b"--", -1), Some(b"a--b--".to_vec()));
        assert_eq!(replace(b"aXbX", b"X", b"", 1), Some(b"abX".to_vec()));
        assert_eq!(replace(b"abc", b"", b"-", 2), Some(b"-a-bc".to_vec()));
        assert_eq!(replace(b"ab", b"", b"-", -1), Some(b"-a-b-".to_vec()));
        assert_eq!(replace(b"", b"", b"-", -1), Some(b"-".to_vec()));
        assert_eq!(
            (
                replace(b"abc", b"x", b"y", -1),
                replace(b"abc", b"a", b"y", 0)
            ),
            (None, None)
        );
    }

    #[test]
    fn tables() {
        let table = maketrans(b"ab", b"xy").unwrap();
        assert_eq!(
            translate(b"abcabc", Some(&table), b"c"),
            Ok(b"xyxy".to_vec())
        );
        assert_eq!(translate(b"abc", None, b"b"), Ok(b"ac".to_vec()));
        assert_eq!(
            translate(b"", Some(b"x"), b"").unwrap_err().message,
            "translation table must be 256 characters long"
        );
        assert_eq!(
            maketrans(b"a", b"").unwrap_err().message,
            "maketrans arguments must have same length"
        );
    }

    #[test]
    fn joins() {
        assert_eq!(
            (
                join(b", ", &[b"a", b"b"]),
                repeat(b"ab", 2),
                repeat(b"ab", -2)
            ),
            (b"a, b".to_vec(), Ok(b"abab".to_vec()), Ok(vec![]))
        );
        assert_eq!(repeat(b"ab", i64::MAX), Err(OpError::memory()));
    }
}
