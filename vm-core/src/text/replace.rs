//! `replace`, `translate` and `join` of `str`, and repetition.

use memchr::memmem;
use rustpython_wtf8::{CodePoint, Wtf8, Wtf8Buf};

use super::error::{OpError, OpResult};

/// `text.replace(old, new, count)`; a negative count is no limit. `None` where nothing changes: the result is the same text.
pub fn replace(text: &Wtf8, old: &Wtf8, new: &Wtf8, count: i64) -> Option<Wtf8Buf> {
    let limit = usize::try_from(count).unwrap_or(usize::MAX);
    // CPython 3.5 leaves an empty text alone whenever a limit is given, even where the pattern is empty too.
    if limit == 0 || old == new || (text.is_empty() && count >= 0) {
        return None;
    }
    if old.is_empty() {
        return Some(interleave(text, new, limit));
    }
    let mut out: Option<Wtf8Buf> = None;
    let mut from = 0;
    for at in memmem::find_iter(text.as_bytes(), old.as_bytes()).take(limit) {
        let out = out.get_or_insert_with(|| Wtf8Buf::with_capacity(text.len()));
        out.push_wtf8(&text[from..at]);
        out.push_wtf8(new);
        from = at + old.len();
    }
    if let Some(out) = &mut out {
        out.push_wtf8(&text[from..]);
    }
    out
}

/// `new` before each code point and at the end, at most `limit` times.
fn interleave(text: &Wtf8, new: &Wtf8, limit: usize) -> Wtf8Buf {
    let mut out = Wtf8Buf::with_capacity(text.len() * 2);
    let mut done = 0;
    for c in text.code_points() {
        if done < limit {
            out.push_wtf8(new);
            done += 1;
        }
        out.push(c);
    }
    if done < limit {
        out.push_wtf8(new);
    }
    out
}

/// What a translation table says about a code point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Translation {
    /// It has no entry (`LookupError`): it stays.
    Keep,
    /// `None`: it goes.
    Delete,
    /// An integer or a one-character string.
    Point(CodePoint),
    /// A string of another length.
    Text(Wtf8Buf),
}

/// `text.translate(table)`, asking `lookup` once for each code point in order.
pub fn translate<E>(
    text: &Wtf8,
    mut lookup: impl FnMut(CodePoint) -> Result<Translation, E>,
) -> Result<Wtf8Buf, E> {
    let mut out = Wtf8Buf::with_capacity(text.len());
    for c in text.code_points() {
        match lookup(c)? {
            Translation::Keep => out.push(c),
            Translation::Delete => {}
            Translation::Point(p) => out.push(p),
            Translation::Text(t) => out.push_wtf8(&t),
        }
    }
    Ok(out)
}

/// An integer that a translation table gave, as a code point.
pub fn translated_point(value: i64) -> OpResult<CodePoint> {
    u32::try_from(value)
        .ok()
        .and_then(CodePoint::from_u32)
        .ok_or(OpError::value(
            "character mapping must be in range(0x110000)",
        ))
}

/// `separator.join(parts)`
pub fn join(separator: &Wtf8, parts: &[&Wtf8]) -> Wtf8Buf {
    let length = parts.iter().map(|p| p.len()).sum::<usize>()
        + separator.len() * parts.len().saturating_sub(1);
    let mut out = Wtf8Buf::with_capacity(length);
    for (i, part) in parts.iter().enumerate() {
        if i > 0 {
            out.push_wtf8(separator);
        }
        out.push_wtf8(part);
    }
    out
}

/// The largest string or bytes object the machine builds, in bytes: more is a `MemoryError`.
pub const MAX_LEN: usize = 1 << 34;

/// `text * count`; a negative count gives the empty string, a result past [`MAX_LEN`] a `MemoryError`.
pub fn repeat(text: &Wtf8, count: i64) -> OpResult<Wtf8Buf> {
    let count = usize::try_from(count).unwrap_or(0);
    let length = text
        .len()
        .checked_mul(count)
        .filter(|&n| n <= MAX_LEN)
        .ok_or(OpError::memory())?;
    if let Ok(text) = text.as_str() {
        return Ok(Wtf8Buf::from_string(text.repeat(count)));
    }
    let mut out = Wtf8Buf::with_capacity(length);
    for _ in 0..count {
        out.push_wtf8(text);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn w(text: &str) -> &Wtf8 {
        Wtf8::new(text)
    }

    fn replaced(text: &str, old: &str, new: &str, count: i64) -> String {
        replace(w(text), w(old), w(new), count)
            .map_or(text.to_owned(), |t| t.to_string_lossy().into_owned())
    }

    #[test]
    fn replacements() {
        assert_eq!(replaced("aXbXc", "X", "--", -1), "a--b--c");
        assert_eq!(replaced("aXbXc", "X", "", 1), "abXc");
        assert_eq!(replaced("aaa", "aa", "b", -1), "ba");
        assert_eq!(replaced("a\u{e9}", "", "-", -1), "-a-\u{e9}-");
        assert_eq!(replaced("abc", "", "-", 2), "-a-bc");
        assert_eq!(replaced("", "", "-", -1), "-");
        assert_eq!(replaced("", "", "-", 1), "");
        assert_eq!(replace(w("abc"), w("x"), w("y"), -1), None);
        assert_eq!(replace(w("abc"), w("a"), w("y"), 0), None);
    }

    #[test]
    fn translations() {
        let out = translate::<OpError>(w("abcd"), |c| {
            Ok(match c.to_char() {
                Some('a') => Translation::Delete,
                Some('b') => Translation::Point(translated_point(0xE9)?),
                Some('c') => Translation::Text(Wtf8Buf::from("xyz")),
                _ => Translation::Keep,
            })
        });
        assert_eq!(out, Ok(Wtf8Buf::from("\u{e9}xyzd")));
        assert!(translated_point(0x11_0000).is_err() && translated_point(-1).is_err());
    }

    #[test]
    fn joins_and_repeats() {
        assert_eq!(join(w(", "), &[w("a"), w("b")]), Wtf8Buf::from("a, b"));
        assert_eq!(join(w(", "), &[]), Wtf8Buf::new());
        assert_eq!(repeat(w("ab"), 3), Ok(Wtf8Buf::from("ababab")));
        assert_eq!(repeat(w("ab"), -1), Ok(Wtf8Buf::new()));
        assert_eq!(repeat(w("ab"), i64::MAX), Err(OpError::memory()));
    }
}
