//! `split`, `rsplit`, `splitlines`, `partition` and `rpartition` of `str`.
//!
//! The pieces are slices of the text, in order. The byte forms are in `bytes::split`, and share the
//! separator searches here: WTF-8 is self-synchronising.

use memchr::memmem;
use rustpython_wtf8::Wtf8;

use super::classify::{is_line_break, is_space};
use super::error::{OpError, OpResult};

/// A piece, in bytes.
pub(super) type Piece = (usize, usize);

fn texts(text: &Wtf8, pieces: Vec<Piece>) -> Vec<&Wtf8> {
    pieces
        .into_iter()
        .map(|(start, end)| &text[start..end])
        .collect()
}

/// A `maxsplit` argument: negative means no limit.
pub(super) fn limit(maxsplit: i64) -> usize {
    usize::try_from(maxsplit).unwrap_or(usize::MAX)
}

/// `text.split(None, maxsplit)`
pub fn split_whitespace(text: &Wtf8, maxsplit: i64) -> Vec<&Wtf8> {
    let limit = limit(maxsplit);
    let pieces = if text.is_ascii() {
        let units = text
            .as_bytes()
            .iter()
            .enumerate()
            .map(|(i, &b)| (i, is_space(b.into())));
        split_spaces(units, text.len(), limit)
    } else {
        let points = text
            .code_point_indices()
            .map(|(i, c)| (i, is_space(c.to_u32())));
        split_spaces(points, text.len(), limit)
    };
    texts(text, pieces)
}

/// Cuts at runs of spaces, given each unit's start and whether it is a space.
pub(super) fn split_spaces(
    points: impl Iterator<Item = (usize, bool)>,
    len: usize,
    limit: usize,
) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut start = None;
    for (i, space) in points {
        match (start, space) {
            (None, false) if pieces.len() == limit => {
                // The rest keeps its spaces, those at its end included.
                pieces.push((i, len));
                return pieces;
            }
            (None, false) => start = Some(i),
            (Some(from), true) => {
                pieces.push((from, i));
                start = None;
            }
            _ => {}
        }
    }
    if let Some(from) = start {
        pieces.push((from, len));
    }
    pieces
}

/// `text.rsplit(None, maxsplit)`
pub fn rsplit_whitespace(text: &Wtf8, maxsplit: i64) -> Vec<&Wtf8> {
    let points = text
        .code_point_indices()
        .rev()
        .map(|(i, c)| (i + c.len_wtf8(), is_space(c.to_u32())));
    texts(text, rsplit_spaces(points, limit(maxsplit)))
}

/// As [`split_spaces`] from the right, given each unit's end and whether it is a space.
pub(super) fn rsplit_spaces(
    points: impl Iterator<Item = (usize, bool)>,
    limit: usize,
) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut end = None;
    for (after, space) in points {
        match (end, space) {
            (None, false) if pieces.len() == limit => {
                pieces.push((0, after));
                pieces.reverse();
                return pieces;
            }
            (None, false) => end = Some(after),
            (Some(to), true) => {
                pieces.push((after, to));
                end = None;
            }
            _ => {}
        }
    }
    if let Some(to) = end {
        pieces.push((0, to));
    }
    pieces.reverse();
    pieces
}

/// `text.split(separator, maxsplit)`. An empty separator is a `ValueError`.
pub fn split<'a>(text: &'a Wtf8, separator: &Wtf8, maxsplit: i64) -> OpResult<Vec<&'a Wtf8>> {
    Ok(texts(
        text,
        split_at(text.as_bytes(), separator.as_bytes(), limit(maxsplit))?,
    ))
}

pub(super) fn split_at(text: &[u8], separator: &[u8], limit: usize) -> OpResult<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut cut = |at: usize| {
        pieces.push((start, at));
        start = at + separator.len();
    };
    match separator {
        [] => return Err(OpError::value("empty separator")),
        [byte] => memchr::memchr_iter(*byte, text)
            .take(limit)
            .for_each(&mut cut),
        _ => memmem::find_iter(text, separator)
            .take(limit)
            .for_each(&mut cut),
    }
    pieces.push((start, text.len()));
    Ok(pieces)
}

/// `text.rsplit(separator, maxsplit)`. An empty separator is a `ValueError`.
pub fn rsplit<'a>(text: &'a Wtf8, separator: &Wtf8, maxsplit: i64) -> OpResult<Vec<&'a Wtf8>> {
    Ok(texts(
        text,
        rsplit_at(text.as_bytes(), separator.as_bytes(), limit(maxsplit))?,
    ))
}

pub(super) fn rsplit_at(text: &[u8], separator: &[u8], limit: usize) -> OpResult<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut end = text.len();
    let mut cut = |at: usize| {
        pieces.push((at + separator.len(), end));
        end = at;
    };
    match separator {
        [] => return Err(OpError::value("empty separator")),
        [byte] => memchr::memrchr_iter(*byte, text)
            .take(limit)
            .for_each(&mut cut),
        _ => memmem::rfind_iter(text, separator)
            .take(limit)
            .for_each(&mut cut),
    }
    pieces.push((0, end));
    pieces.reverse();
    Ok(pieces)
}

/// `text.splitlines(keepends)`
pub fn splitlines(text: &Wtf8, keepends: bool) -> Vec<&Wtf8> {
    let bytes = text.as_bytes();
    let pieces = if text.is_ascii() {
        let breaks = bytes
            .iter()
            .enumerate()
            .filter(|&(_, &b)| is_line_break(b.into()));
        lines(bytes, breaks.map(|(i, _)| (i, i + 1)), keepends)
    } else {
        let breaks = text
            .code_point_indices()
            .filter(|(_, c)| is_line_break(c.to_u32()));
        lines(bytes, breaks.map(|(i, c)| (i, i + c.len_wtf8())), keepends)
    };
    texts(text, pieces)
}

/// Cuts after line breaks, given as (start, end); a carriage return and a line feed are one break.
pub(super) fn lines(
    text: &[u8],
    breaks: impl Iterator<Item = Piece>,
    keepends: bool,
) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut start = 0;
    for (at, mut after) in breaks {
        if at < start {
            // The line feed of a pair.
            continue;
        }
        if text[at] == b'\r' && text.get(after) == Some(&b'\n') {
            after += 1;
        }
        pieces.push((start, if keepends { after } else { at }));
        start = after;
    }
    if start < text.len() {
        pieces.push((start, text.len()));
    }
    pieces
}

/// `text.partition(separator)`: the three parts, or `None` where the separator does not occur (the result is then the
/// text and two empty strings). An empty separator is a `ValueError`.
pub fn partition<'a>(text: &'a Wtf8, separator: &Wtf8) -> OpResult<Option<(&'a Wtf8, &'a Wtf8)>> {
    if separator.is_empty() {
        return Err(OpError::value("empty separator"));
    }
    let at = memmem::find(text.as_bytes(), separator.as_bytes());
    Ok(at.map(|i| (&text[..i], &text[i + separator.len()..])))
}

/// `text.rpartition(separator)`: as [`partition`] with the last match (and without one two empty strings, then the text).
pub fn rpartition<'a>(text: &'a Wtf8, separator: &Wtf8) -> OpResult<Option<(&'a Wtf8, &'a Wtf8)>> {
    if separator.is_empty() {
        return Err(OpError::value("empty separator"));
    }
    let at = memmem::rfind(text.as_bytes(), separator.as_bytes());
    Ok(at.map(|i| (&text[..i], &text[i + separator.len()..])))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn w(text: &str) -> &Wtf8 {
        Wtf8::new(text)
    }

    fn show(pieces: Vec<&Wtf8>) -> Vec<String> {
        pieces
            .into_iter()
            .map(|p| p.to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn whitespace() {
        assert_eq!(
            show(split_whitespace(w("  a b\u{2003}c "), -1)),
            ["a", "b", "c"]
        );
        assert_eq!(show(split_whitespace(w("  a  b c "), 1)), ["a", "b c "]);
        assert_eq!(show(split_whitespace(w("  a b "), 0)), ["a b "]);
        assert_eq!(show(split_whitespace(w("   "), 0)), [""; 0]);
        assert_eq!(show(rsplit_whitespace(w(" a  b  c "), 1)), [" a  b", "c"]);
        assert_eq!(show(rsplit_whitespace(w(" a b "), 0)), [" a b"]);
        assert_eq!(show(rsplit_whitespace(w(" a b "), -1)), ["a", "b"]);
    }

    #[test]
    fn separators() {
        assert_eq!(
            show(split(w("a,b,,c"), w(","), -1).unwrap()),
            ["a", "b", "", "c"]
        );
        assert_eq!(show(split(w("a,b,,c"), w(","), 1).unwrap()), ["a", "b,,c"]);
        assert_eq!(show(split(w(""), w(","), -1).unwrap()), [""]);
        assert_eq!(show(split(w("aXYbXYc"), w("XY"), 0).unwrap()), ["aXYbXYc"]);
        assert_eq!(
            show(rsplit(w("a,b,,c"), w(","), 2).unwrap()),
            ["a,b", "", "c"]
        );
        assert_eq!(show(rsplit(w("aaa"), w("aa"), -1).unwrap()), ["a", ""]);
        assert_eq!(show(split(w("aaa"), w("aa"), -1).unwrap()), ["", "a"]);
        assert_eq!(
            split(w("a"), w(""), -1),
            Err(OpError::value("empty separator"))
        );
        assert_eq!(
            rsplit(w("a"), w(""), -1),
            Err(OpError::value("empty separator"))
        );
    }

    #[test]
    fn line_breaks() {
        let text = w("a\nb\r\nc\rd\x0b\x0c\x1ce\u{85}f\u{2028}");
        assert_eq!(
            show(splitlines(text, false)),
            ["a", "b", "c", "d", "", "", "e", "f"]
        );
        assert_eq!(show(splitlines(w("a\r\n\nb"), true)), ["a\r\n", "\n", "b"]);
        assert_eq!(show(splitlines(w(""), false)), [""; 0]);
    }

    #[test]
    fn partitions() {
        assert_eq!(partition(w("a=b=c"), w("=")), Ok(Some((w("a"), w("b=c")))));
        assert_eq!(rpartition(w("a=b=c"), w("=")), Ok(Some((w("a=b"), w("c")))));
        assert_eq!(partition(w("abc"), w("=")), Ok(None));
        assert_eq!(
            partition(w("abc"), w("")),
            Err(OpError::value("empty separator"))
        );
    }
}
