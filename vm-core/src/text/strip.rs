//! `strip`, `lstrip` and `rstrip` of `str`.

use rustpython_wtf8::{CodePoint, Wtf8};

use super::classify::is_space;

/// Which ends a strip works on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// `lstrip`
    Left,
    /// `rstrip`
    Right,
    /// `strip`
    Both,
}

impl Side {
    pub(super) fn left(self) -> bool {
        self != Side::Right
    }

    pub(super) fn right(self) -> bool {
        self != Side::Left
    }
}

/// Takes white space off.
pub fn strip(text: &Wtf8, side: Side) -> &Wtf8 {
    strip_if(text, side, |c| is_space(c.to_u32()))
}

/// Takes the code points of `chars` off.
pub fn strip_chars<'a>(text: &'a Wtf8, chars: &Wtf8, side: Side) -> &'a Wtf8 {
    match chars.len() {
        0 => text,
        1 => {
            let only = CodePoint::from(chars.as_bytes()[0]);
            strip_if(text, side, |c| c == only)
        }
        _ => strip_if(text, side, |c| chars.code_points().any(|x| x == c)),
    }
}

fn strip_if(text: &Wtf8, side: Side, strip: impl Fn(CodePoint) -> bool) -> &Wtf8 {
    let mut rest = text;
    if side.left() {
        rest = rest.trim_start_matches(&strip);
    }
    if side.right() {
        rest = rest.trim_end_matches(&strip);
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn w(text: &str) -> &Wtf8 {
        Wtf8::new(text)
    }

    #[test]
    fn strips() {
        assert_eq!(strip(w(" \x1ca b\u{3000}\n"), Side::Both), w("a b"));
        assert_eq!(strip(w("  a "), Side::Left), w("a "));
        assert_eq!(strip(w("  a "), Side::Right), w("  a"));
        assert_eq!(strip_chars(w("xxaxyx"), w("xy"), Side::Both), w("a"));
        assert_eq!(strip_chars(w("xax"), w("x"), Side::Right), w("xa"));
        assert_eq!(
            strip_chars(w("\u{e9}a\u{e9}"), w("\u{e9}"), Side::Both),
            w("a")
        );
        assert_eq!(strip_chars(w(" a "), w(""), Side::Both), w(" a "));
        assert_eq!(strip(w("   "), Side::Both), w(""));
    }
}
