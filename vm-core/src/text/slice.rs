//! Code point indexing and slicing of `str`, and the index arithmetic of all sequences' search ranges.
//!
//! A `str` is WTF-8, so position i costs a scan unless the text is ASCII. [`StrRef`] carries the length in code
//! points, which string objects cache: equal to the length in bytes, it says that the text is ASCII.

use rustpython_wtf8::{CodePoint, Wtf8, Wtf8Buf};

/// A text with its length in code points.
#[derive(Clone, Copy, Debug)]
pub struct StrRef<'a> {
    text: &'a Wtf8,
    char_len: usize,
}

/// The number of code points.
pub fn char_len(text: &Wtf8) -> usize {
    count_points(text.as_bytes())
}

/// Counts the bytes that start a code point.
fn count_points(bytes: &[u8]) -> usize {
    // Blocks of 255 keep the counter in a byte, which lets the loop run on vectors.
    bytes
        .chunks(255)
        .map(|block| {
            usize::from(
                block
                    .iter()
                    .map(|&b| u8::from(b & 0xC0 != 0x80))
                    .sum::<u8>(),
            )
        })
        .sum()
}

impl<'a> StrRef<'a> {
    /// Counts the code points.
    pub fn new(text: &'a Wtf8) -> Self {
        StrRef {
            text,
            char_len: char_len(text),
        }
    }

    /// Trusts a cached length. A wrong one gives wrong positions, never a fault.
    pub fn with_len(text: &'a Wtf8, char_len: usize) -> Self {
        debug_assert!(char_len <= text.len());
        StrRef { text, char_len }
    }

    /// The text.
    pub fn text(self) -> &'a Wtf8 {
        self.text
    }

    /// The length in code points.
    pub fn char_len(self) -> usize {
        self.char_len
    }

    /// Whether every code point is ASCII.
    pub fn is_ascii(self) -> bool {
        self.char_len == self.text.len()
    }

    /// The byte offset of a code point, or of the end for indices past it.
    pub fn byte_offset(self, index: usize) -> usize {
        let bytes = self.text.as_bytes();
        if index >= self.char_len {
            bytes.len()
        } else if self.is_ascii() {
            index
        } else if index <= self.char_len / 2 {
            offset_forward(bytes, index)
        } else {
            offset_backward(bytes, self.char_len - index)
        }
    }

    /// The index of the code point that starts at a byte offset.
    pub fn char_index(self, byte_offset: usize) -> usize {
        if self.is_ascii() {
            byte_offset
        } else {
            count_points(&self.text.as_bytes()[..byte_offset])
        }
    }

    /// The code point at an index.
    pub fn get(self, index: usize) -> Option<CodePoint> {
        if index >= self.char_len {
            None
        } else if self.is_ascii() {
            Some(CodePoint::from(self.text.as_bytes()[index]))
        } else {
            self.text[self.byte_offset(index)..].code_points().next()
        }
    }

    /// The code point at an index as a text of its own: `s[i]` with `i` already made positive.
    pub fn char_at(self, index: usize) -> Option<&'a Wtf8> {
        let c = self.get(index)?;
        let start = self.byte_offset(index);
        Some(&self.text[start..start + c.len_wtf8()])
    }

    /// `s[start:stop]` with bounds already clamped; empty unless `start < stop`.
    pub fn slice(self, start: usize, stop: usize) -> StrRef<'a> {
        let stop = stop.min(self.char_len);
        if start >= stop {
            return StrRef {
                text: &self.text[..0],
                char_len: 0,
            };
        }
        let from = self.byte_offset(start);
        let to = if self.is_ascii() {
            stop
        } else if stop - start < self.char_len - stop {
            from + offset_forward(&self.text.as_bytes()[from..], stop - start)
        } else {
            self.byte_offset(stop)
        };
        StrRef {
            text: &self.text[from..to],
            char_len: stop - start,
        }
    }

    /// `count` code points at `start`, `start + step`, ...: `s[i:j:k]` after `slice.indices`, whose
    /// results make every position valid. Positions out of range end the result.
    pub fn slice_step(self, start: usize, step: i64, count: usize) -> Wtf8Buf {
        if step == 1 {
            return self
                .slice(start, start.saturating_add(count))
                .text
                .to_wtf8_buf();
        }
        let positions = (0..count).map_while(|k| {
            let position = i128::from(step) * k as i128 + start as i128;
            usize::try_from(position)
                .ok()
                .filter(|&p| p < self.char_len)
        });
        if self.is_ascii() {
            let bytes = self.text.as_bytes();
            return positions.map(|p| CodePoint::from(bytes[p])).collect();
        }
        if step == -1 {
            let until = self.slice(0, start.saturating_add(1)).text;
            return until.code_points().rev().take(count).collect();
        }
        if step > 0 {
            let from = self.slice(start, self.char_len).text;
            return from
                .code_points()
                .step_by(usize::try_from(step).unwrap_or(usize::MAX))
                .take(count)
                .collect();
        }
        let until = self.slice(0, start.saturating_add(1)).text;
        until
            .code_points()
            .rev()
            .step_by(usize::try_from(step.unsigned_abs()).unwrap_or(usize::MAX))
            .take(count)
            .collect()
    }
}

impl<'a> From<&'a Wtf8> for StrRef<'a> {
    fn from(text: &'a Wtf8) -> Self {
        StrRef::new(text)
    }
}

impl<'a> From<&'a str> for StrRef<'a> {
    fn from(text: &'a str) -> Self {
        StrRef::new(Wtf8::new(text))
    }
}

/// The offset of the `index`-th code point from the front.
fn offset_forward(bytes: &[u8], index: usize) -> usize {
    const BLOCK: usize = 64;
    let (mut offset, mut left) = (0, index);
    while left >= BLOCK && offset + BLOCK <= bytes.len() {
        left -= count_points(&bytes[offset..offset + BLOCK]);
        offset += BLOCK;
    }
    // `left` starts are still to be passed; the next one found is the answer.
    for (i, &b) in bytes[offset..].iter().enumerate() {
        if b & 0xC0 != 0x80 {
            if left == 0 {
                return offset + i;
            }
            left -= 1;
        }
    }
    bytes.len()
}

/// The offset of the `count`-th code point from the back.
fn offset_backward(bytes: &[u8], count: usize) -> usize {
    const BLOCK: usize = 64;
    let (mut end, mut left) = (bytes.len(), count);
    while left > BLOCK && end >= BLOCK {
        left -= count_points(&bytes[end - BLOCK..end]);
        end -= BLOCK;
    }
    for i in (0..end).rev() {
        if bytes[i] & 0xC0 != 0x80 {
            left -= 1;
            if left == 0 {
                return i;
            }
        }
    }
    0
}

/// The optional `start` and `end` arguments of `find`, `count`, `startswith`, ... applied to a length: negative
/// ones count from the end. `None` when `start` is past `end`, where even the empty string is not found.
pub fn search_range(len: usize, start: Option<i64>, end: Option<i64>) -> Option<(usize, usize)> {
    let signed = i64::try_from(len).unwrap_or(i64::MAX);
    let from_end = |i: i64| if i < 0 { (i + signed).max(0) } else { i };
    let end = end.map_or(signed, |i| from_end(i).min(signed));
    let start = start.map_or(0, from_end);
    if start > end {
        None
    } else {
        Some((start as usize, end as usize))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIXED: &str = "a\u{e9}\u{4e00}\u{1f600}z";

    #[test]
    fn lengths_and_points() {
        let s = StrRef::from(MIXED);
        assert_eq!((s.char_len(), s.is_ascii()), (5, false));
        assert_eq!(
            (0..6).map(|i| s.byte_offset(i)).collect::<Vec<_>>(),
            [0, 1, 3, 6, 10, 11]
        );
        assert_eq!(s.char_at(3), Some(Wtf8::new("\u{1f600}")));
        assert_eq!(s.char_at(5), None);
        assert_eq!(s.char_index(6), 3);
        assert_eq!(StrRef::from("abc").get(1).map(CodePoint::to_u32), Some(98));
    }

    #[test]
    fn long_text_offsets() {
        let text = "x\u{e9}\u{4e00}".repeat(500);
        let s = StrRef::from(text.as_str());
        let starts: Vec<usize> = text.char_indices().map(|(i, _)| i).collect();
        for (index, &start) in starts.iter().enumerate() {
            assert_eq!(s.byte_offset(index), start);
            assert_eq!(s.char_index(start), index);
        }
        assert_eq!(s.char_len(), 1500);
    }

    #[test]
    fn slices() {
        let s = StrRef::from(MIXED);
        assert_eq!(s.slice(1, 3).text(), Wtf8::new("\u{e9}\u{4e00}"));
        assert_eq!(s.slice(3, 1).text(), Wtf8::new(""));
        assert_eq!(s.slice(2, 99).char_len(), 3);
        let step = |start, step, count| {
            s.slice_step(start, step, count)
                .to_string_lossy()
                .into_owned()
        };
        assert_eq!(step(0, 2, 3), "a\u{4e00}z");
        assert_eq!(step(4, -1, 5), "z\u{1f600}\u{4e00}\u{e9}a");
        assert_eq!(step(3, -2, 2), "\u{1f600}\u{e9}");
        assert_eq!(step(1, 1, 2), "\u{e9}\u{4e00}");
        assert_eq!(
            StrRef::from("abcdef").slice_step(5, -3, 2),
            Wtf8Buf::from("fc")
        );
        assert_eq!(
            StrRef::from("abcdef").slice_step(0, i64::MAX, 1),
            Wtf8Buf::from("a")
        );
    }

    #[test]
    fn ranges() {
        assert_eq!(search_range(3, None, None), Some((0, 3)));
        assert_eq!(search_range(3, Some(-2), Some(-1)), Some((1, 2)));
        assert_eq!(search_range(3, Some(3), Some(99)), Some((3, 3)));
        assert_eq!(search_range(3, Some(4), None), None);
        assert_eq!(
            search_range(3, Some(i64::MIN), Some(i64::MAX)),
            Some((0, 3))
        );
    }
}
