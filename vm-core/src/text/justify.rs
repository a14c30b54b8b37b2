//! `center`, `ljust`, `rjust`, `zfill` and `expandtabs` of `str`.

use rustpython_wtf8::{CodePoint, Wtf8, Wtf8Buf};

use super::error::{OpError, OpResult};
use super::replace::MAX_LEN;
use super::slice::StrRef;

/// The padding before and after a text of `len` units that shall be `width` wide: `str.center`'s rule puts the odd
/// one to the left when the width is odd.
pub(super) fn center_padding(len: usize, width: usize) -> (usize, usize) {
    let pad = width.saturating_sub(len);
    let left = pad / 2 + (pad & width & 1);
    (left, pad - left)
}

/// A `width` argument: negative is zero; more than the machine can build is a `MemoryError`.
pub(super) fn width(width: i64) -> OpResult<usize> {
    let width = usize::try_from(width).unwrap_or(0);
    if width > MAX_LEN {
        Err(OpError::memory())
    } else {
        Ok(width)
    }
}

/// The text between two runs of a fill character.
pub fn pad(text: &Wtf8, left: usize, right: usize, fill: CodePoint) -> Wtf8Buf {
    let mut out = Wtf8Buf::with_capacity(text.len() + (left + right) * fill.len_wtf8());
    out.extend(std::iter::repeat_n(fill, left));
    out.push_wtf8(text);
    out.extend(std::iter::repeat_n(fill, right));
    out
}

/// The fill character argument: a text of exactly one code point.
pub fn fill_char(fill: StrRef<'_>) -> OpResult<CodePoint> {
    match fill.get(0) {
        Some(c) if fill.char_len() == 1 => Ok(c),
        _ => Err(OpError::type_error(
            "The fill character must be exactly one character long",
        )),
    }
}

/// `text.center(width, fill)`
pub fn center(text: StrRef<'_>, w: i64, fill: CodePoint) -> OpResult<Wtf8Buf> {
    let (left, right) = center_padding(text.char_len(), width(w)?);
    Ok(pad(text.text(), left, right, fill))
}

/// `text.ljust(width, fill)`
pub fn ljust(text: StrRef<'_>, w: i64, fill: CodePoint) -> OpResult<Wtf8Buf> {
    Ok(pad(
        text.text(),
        0,
        width(w)?.saturating_sub(text.char_len()),
        fill,
    ))
}

/// `text.rjust(width, fill)`
pub fn rjust(text: StrRef<'_>, w: i64, fill: CodePoint) -> OpResult<Wtf8Buf> {
    Ok(pad(
        text.text(),
        width(w)?.saturating_sub(text.char_len()),
        0,
        fill,
    ))
}

/// `text.zfill(width)`: zeros on the left, after a sign.
pub fn zfill(text: StrRef<'_>, w: i64) -> OpResult<Wtf8Buf> {
    let zeros = width(w)?.saturating_sub(text.char_len());
    let sign = usize::from(matches!(text.text().as_bytes().first(), Some(b'+' | b'-')));
    let mut out = Wtf8Buf::with_capacity(text.text().len() + zeros);
    out.push_wtf8(&text.text()[..sign]);
    out.extend(std::iter::repeat_n('0', zeros));
    out.push_wtf8(&text.text()[sign..]);
    Ok(out)
}

/// `text.expandtabs(tabsize)`: columns start anew after `\n` and `\r`; a tab size below one drops tabs.
pub fn expandtabs(text: &Wtf8, tabsize: i64) -> OpResult<Wtf8Buf> {
    let tab = usize::try_from(tabsize).unwrap_or(0);
    let mut out = Wtf8Buf::with_capacity(text.len());
    let mut column = 0;
    for c in text.code_points() {
        if c == '\t' {
            if tab > 0 {
                let spaces = tab - column % tab;
                if out.len() + spaces > MAX_LEN {
                    return Err(OpError::overflow("new string is too long"));
                }
                column += spaces;
                out.extend(std::iter::repeat_n(' ', spaces));
            }
            continue;
        }
        column = if c == '\n' || c == '\r' {
            0
        } else {
            column + 1
        };
        out.push(c);
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn s(text: OpResult<Wtf8Buf>) -> String {
        text.unwrap().to_string_lossy().into_owned()
    }

    #[test]
    fn centers() {
        let star = CodePoint::from('*');
        assert_eq!(s(center("a".into(), 4, star)), "*a**");
        assert_eq!(s(center("ab".into(), 5, star)), "**ab*");
        assert_eq!(
            s(center("a\u{e9}".into(), 3, CodePoint::from('\u{4e00}'))),
            "\u{4e00}a\u{e9}"
        );
        assert_eq!(s(center("abc".into(), -1, star)), "abc");
        assert_eq!(s(ljust("a".into(), 3, star)), "a**");
        assert_eq!(s(rjust("a".into(), 3, star)), "**a");
        assert_eq!(rjust("a".into(), i64::MAX, star), Err(OpError::memory()));
        assert!(fill_char("xx".into()).is_err() && fill_char("\u{e9}".into()).is_ok());
    }

    #[test]
    fn zeros_and_tabs() {
        assert_eq!(s(zfill("-5".into(), 4)), "-005");
        assert_eq!(s(zfill("x\u{e9}".into(), 4)), "00x\u{e9}");
        assert_eq!(s(zfill("".into(), 2)), "00");
        assert_eq!(
            s(expandtabs(Wtf8::new("a\tb\rc\td\n\te"), 4)),
            "a   b\rc   d\n    e"
        );
        assert_eq!(s(expandtabs(Wtf8::new("a\tb"), 0)), "ab");
        assert_eq!(
            expandtabs(Wtf8::new("a\tb"), i64::MAX),
            Err(OpError::overflow("new string is too long"))
        );
    }
}
