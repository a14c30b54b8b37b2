//! `find`, `rfind`, `index`, `rindex`, `count`, `startswith`, `endswith` and `in` of `str`.
//!
//! WTF-8 is self-synchronising, so a byte search finds exactly the code point matches.

use memchr::memmem;
use rustpython_wtf8::Wtf8;

use super::error::{OpError, OpResult};
use super::slice::{StrRef, search_range};

/// The bounds of a search, in code points and absent where the caller gave `None`.
pub type Bounds = (Option<i64>, Option<i64>);

/// No bounds: the whole text.
pub const WHOLE: Bounds = (None, None);

/// The searched part and the index of its first code point.
fn part<'a>(text: StrRef<'a>, bounds: Bounds) -> Option<(StrRef<'a>, usize)> {
    let (start, end) = search_range(text.char_len(), bounds.0, bounds.1)?;
    if start == 0 && end == text.char_len() {
        return Some((text, 0));
    }
    Some((text.slice(start, end), start))
}

/// `sub in text`
pub fn contains(text: &Wtf8, sub: &Wtf8) -> bool {
    match sub.as_bytes() {
        [] => true,
        [byte] => memchr::memchr(*byte, text.as_bytes()).is_some(),
        bytes => memmem::find(text.as_bytes(), bytes).is_some(),
    }
}

/// `text.find(sub, start, end)`: the index of the first match.
pub fn find(text: StrRef<'_>, sub: &Wtf8, bounds: Bounds) -> Option<usize> {
    let (part, first) = part(text, bounds)?;
    let offset = match sub.as_bytes() {
        [byte] => memchr::memchr(*byte, part.text().as_bytes())?,
        bytes => memmem::find(part.text().as_bytes(), bytes)?,
    };
    Some(first + part.char_index(offset))
}

/// `text.rfind(sub, start, end)`: the index of the last match.
pub fn rfind(text: StrRef<'_>, sub: &Wtf8, bounds: Bounds) -> Option<usize> {
    let (part, first) = part(text, bounds)?;
    let offset = match sub.as_bytes() {
        [byte] => memchr::memrchr(*byte, part.text().as_bytes())?,
        bytes => memmem::rfind(part.text().as_bytes(), bytes)?,
    };
    Some(first + part.char_index(offset))
}

/// `text.index(sub, start, end)`: [`find`], or `ValueError`.
pub fn index(text: StrRef<'_>, sub: &Wtf8, bounds: Bounds) -> OpResult<usize> {
    find(text, sub, bounds).ok_or(OpError::value("substring not found"))
}

/// `text.rindex(sub, start, end)`: [`rfind`], or `ValueError`.
pub fn rindex(text: StrRef<'_>, sub: &Wtf8, bounds: Bounds) -> OpResult<usize> {
    rfind(text, sub, bounds).ok_or(OpError::value("substring not found"))
}

/// `text.count(sub, start, end)`: matches that do not overlap.
pub fn count(text: StrRef<'_>, sub: &Wtf8, bounds: Bounds) -> usize {
    let Some((part, _)) = part(text, bounds) else {
        return 0;
    };
    match sub.as_bytes() {
        [] => part.char_len() + 1,
        [byte] => memchr::memchr_iter(*byte, part.text().as_bytes()).count(),
        bytes => memmem::find_iter(part.text().as_bytes(), bytes).count(),
    }
}

/// `text.startswith(prefix, start, end)` for one prefix.
pub fn startswith(text: StrRef<'_>, prefix: &Wtf8, bounds: Bounds) -> bool {
    part(text, bounds)
        .is_some_and(|(part, _)| part.text().as_bytes().starts_with(prefix.as_bytes()))
}

/// `text.endswith(suffix, start, end)` for one suffix.
pub fn endswith(text: StrRef<'_>, suffix: &Wtf8, bounds: Bounds) -> bool {
    part(text, bounds).is_some_and(|(part, _)| part.text().as_bytes().ends_with(suffix.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn w(text: &str) -> &Wtf8 {
        Wtf8::new(text)
    }

    #[test]
    fn positions_are_code_points() {
        let s = StrRef::from("\u{e9}a\u{4e00}a");
        assert_eq!(find(s, w("a"), WHOLE), Some(1));
        assert_eq!(rfind(s, w("a"), WHOLE), Some(3));
        assert_eq!(find(s, w("a"), (Some(2), None)), Some(3));
        assert_eq!(find(s, w("a\u{4e00}"), (None, Some(2))), None);
        assert_eq!(
            index(s, w("x"), WHOLE),
            Err(OpError::value("substring not found"))
        );
        assert_eq!(rindex(s, w("\u{4e00}"), WHOLE), Ok(2));
    }

    #[test]
    fn empty_needle() {
        let s = StrRef::from("abc");
        assert_eq!(find(s, w(""), (Some(3), None)), Some(3));
        assert_eq!(find(s, w(""), (Some(4), None)), None);
        assert_eq!(rfind(s, w(""), (Some(-1), None)), Some(3));
        assert_eq!(
            (
                count(s, w(""), WHOLE),
                count(s, w(""), (Some(2), None)),
                count(s, w(""), (Some(4), None))
            ),
            (4, 2, 0)
        );
        assert!(!startswith(s, w(""), (Some(4), None)) && !endswith(s, w(""), (Some(2), Some(1))));
        assert!(contains(w(""), w("")));
    }

    #[test]
    fn matches() {
        let s = StrRef::from("aaaa");
        assert_eq!(
            (
                count(s, w("aa"), WHOLE),
                count(s, w("a"), (Some(1), Some(-1)))
            ),
            (2, 2)
        );
        assert!(
            startswith(s, w("aa"), (Some(2), None)) && !startswith(s, w("aa"), (Some(3), None))
        );
        assert!(endswith(s, w("aaa"), (None, Some(3))) && !endswith(s, w("b"), WHOLE));
        assert!(contains(w("x\u{e9}y"), w("\u{e9}")) && !contains(w("xy"), w("yx")));
    }
}
