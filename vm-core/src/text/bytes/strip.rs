//! `strip`, `center`, `ljust`, `rjust`, `zfill` and `expandtabs` of `bytes`, and their kin.

use super::is_space;
use crate::text::error::{OpError, OpResult};
use crate::text::justify::{center_padding, width};
use crate::text::replace::MAX_LEN;
use crate::text::strip::Side;

/// `strip`, `lstrip` and `rstrip`: takes off white space, or the bytes of `set`.
pub fn strip<'a>(bytes: &'a [u8], set: Option<&[u8]>, side: Side) -> &'a [u8] {
    let off = |b: &u8| set.map_or(is_space(*b), |set| set.contains(b));
    let start = if side.left() {
        bytes.iter().position(|b| !off(b)).unwrap_or(bytes.len())
    } else {
        0
    };
    let rest = &bytes[start..];
    let end = if side.right() {
        rest.iter().rposition(|b| !off(b)).map_or(0, |i| i + 1)
    } else {
        rest.len()
    };
    &rest[..end]
}

fn pad(bytes: &[u8], left: usize, right: usize, fill: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + left + right);
    out.resize(left, fill);
    out.extend_from_slice(bytes);
    out.resize(left + bytes.len() + right, fill);
    out
}

/// `bytes.center(width, fill)`
pub fn center(bytes: &[u8], w: i64, fill: u8) -> OpResult<Vec<u8>> {
    let (left, right) = center_padding(bytes.len(), width(w)?);
    Ok(pad(bytes, left, right, fill))
}

/// `bytes.ljust(width, fill)`
pub fn ljust(bytes: &[u8], w: i64, fill: u8) -> OpResult<Vec<u8>> {
    Ok(pad(bytes, 0, width(w)?.saturating_sub(bytes.len()), fill))
}

/// `bytes.rjust(width, fill)`
pub fn rjust(bytes: &[u8], w: i64, fill: u8) -> OpResult<Vec<u8>> {
    Ok(pad(bytes, width(w)?.saturating_sub(bytes.len()), 0, fill))
}

/// `bytes.zfill(width)`: zeros on the left, after a sign.
pub fn zfill(bytes: &[u8], w: i64) -> OpResult<Vec<u8>> {
    let zeros = width(w)?.saturating_sub(bytes.len());
    let sign = usize::from(matches!(bytes.first(), Some(b'+' | b'-')));
    Ok([&bytes[..sign], &vec![b'0'; zeros], &bytes[sign..]].concat())
}

/// `bytes.expandtabs(tabsize)`
pub fn expandtabs(bytes: &[u8], tabsize: i64) -> OpResult<Vec<u8>> {
    let tab = usize::try_from(tabsize).unwrap_or(0);
    let mut out = Vec::with_capacity(bytes.len());
    let mut column = 0;
    for &b in bytes {
        if b != b'\t' {
            out.push(b);
            column = if matches!(b, b'\n' | b'\r') {
                0
            } else {
                column + 1
            };
        } else if tab > 0 {
            let spaces = tab - column % tab;
            if out.len() + spaces > MAX_LEN {
                return Err(OpError::overflow("result too long"));
            }
            out.resize(out.len() + spaces, b' ');
            column += spaces;
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strips() {
        assert_eq!(strip(b" \x0ba b\n", None, Side::Both), b"a b");
        assert_eq!(strip(b"xxaxyx", Some(b"xy"), Side::Left), b"axyx");
        assert_eq!(strip(b"xxaxyx", Some(b"xy"), Side::Right), b"xxa");
        assert_eq!(strip(b"   ", None, Side::Both), b"");
    }

    #[test]
    fn pads() {
        assert_eq!(
            (center(b"a", 4, b'*'), center(b"ab", 5, b'*')),
            (Ok(b"*a**".to_vec()), Ok(b"**ab*".to_vec()))
        );
        assert_eq!(
            (
                ljust(b"a", 2, b'.'),
                rjust(b"a", 2, b'.'),
                zfill(b"-5", 4),
                zfill(b"", -1)
            ),
            (
                Ok(b"a.".to_vec()),
                Ok(b".a".to_vec()),
                Ok(b"-005".to_vec()),
                Ok(vec![])
            )
        );
        assert_eq!(expandtabs(b"a\tb\rc\td", 4), Ok(b"a   b\rc   d".to_vec()));
        assert_eq!(
            expandtabs(b"a\tb", i64::MAX).unwrap_err().message,
            "result too long"
        );
        assert_eq!(rjust(b"a", i64::MAX, b'.'), Err(OpError::memory()));
    }
}
