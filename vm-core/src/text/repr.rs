//! `repr` and `ascii` of `str`, `bytes` and `bytearray`.

use rustpython_wtf8::Wtf8;

use super::classify::is_printable;

const HEX: &[u8; 16] = b"0123456789abcdef";

/// `repr(str)`: single quotes unless the text holds some and no double quote; what is not printable in
/// Unicode 8.0 is escaped, so the result never holds a surrogate.
pub fn repr_str(text: &Wtf8) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    write_str(text, false, &mut out);
    out
}

/// `ascii(str)`: as [`repr_str`], and everything above ASCII is escaped.
pub fn ascii_str(text: &Wtf8) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    write_str(text, true, &mut out);
    out
}

/// `ascii(x)` for any object: its `repr` with everything above ASCII escaped.
pub fn ascii_escape(repr: &Wtf8) -> String {
    let mut out = String::with_capacity(repr.len());
    for c in repr.code_points() {
        match c.to_char() {
            Some(c) if c.is_ascii() => out.push(c),
            _ => write_escape(c.to_u32(), &mut out),
        }
    }
    out
}

fn quote_for(has_single: bool, has_double: bool) -> char {
    if has_single && !has_double { '"' } else { '\'' }
}

fn write_str(text: &Wtf8, ascii_only: bool, out: &mut String) {
    let bytes = text.as_bytes();
    let quote = quote_for(
        memchr::memchr(b'\'', bytes).is_some(),
        memchr::memchr(b'"', bytes).is_some(),
    );
    out.push(quote);
    let plain = |&b: &u8| matches!(b, b' '..=b'~') && b != b'\\' && b != quote as u8;
    if let Ok(text) = text.as_str()
        && bytes.iter().all(plain)
    {
        out.push_str(text);
        out.push(quote);
        return;
    }
    for point in text.code_points() {
        let c = point.to_u32();
        match point.to_char() {
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some(ch) if ch == quote => {
                out.push('\\');
                out.push(ch);
            }
            Some(ch) if is_printable(c) && (c < 128 || !ascii_only) => out.push(ch),
            _ => write_escape(c, out),
        }
    }
    out.push(quote);
}

/// Appends `\xhh`, `\uhhhh` or `\Uhhhhhhhh`, the shortest that fits.
pub fn write_escape(c: u32, out: &mut String) {
    let (letter, digits) = match c {
        0..=0xFF => ('x', 2),
        0x100..=0xFFFF => ('u', 4),
        _ => ('U', 8),
    };
    out.push('\\');
    out.push(letter);
    for i in (0..digits).rev() {
        out.push(char::from(HEX[(c >> (4 * i)) as usize & 15]));
    }
}

/// `repr(bytes)`
pub fn repr_bytes(bytes: &[u8]) -> String {
    let quote = quote_for(
        memchr::memchr(b'\'', bytes).is_some(),
        memchr::memchr(b'"', bytes).is_some(),
    );
    let mut out = String::with_capacity(bytes.len() + 3);
    write_bytes(bytes, quote, quote, &mut out);
    out
}

/// `repr(bytearray)`, for a class of that name. Unlike bytes, a single quote is escaped within double quotes too.
pub fn repr_bytearray(bytes: &[u8]) -> String {
    let quote = quote_for(
        memchr::memchr(b'\'', bytes).is_some(),
        memchr::memchr(b'"', bytes).is_some(),
    );
    let mut out = String::from("bytearray(");
    write_bytes(bytes, quote, '\'', &mut out);
    out.push(')');
    out
}

fn write_bytes(bytes: &[u8], quote: char, escaped: char, out: &mut String) {
    out.push('b');
    out.push(quote);
    for &b in bytes {
        match b {
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            _ if char::from(b) == escaped => {
                out.push('\\');
                out.push(escaped);
            }
            b' '..=b'~' => out.push(char::from(b)),
            _ => write_escape(b.into(), out),
        }
    }
    out.push(quote);
}

/// `%.200R`: the repr, cut to 200 code points, as several messages show it.
pub fn repr_str_cut(text: &Wtf8) -> String {
    cut(repr_str(text))
}

/// `%.200R` of a bytes object.
pub fn repr_bytes_cut(bytes: &[u8]) -> String {
    cut(repr_bytes(bytes))
}

fn cut(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(200) {
        text.truncate(end);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustpython_wtf8::{CodePoint, Wtf8Buf};

    #[test]
    fn quotes() {
        assert_eq!(repr_str(Wtf8::new("a'b")), "\"a'b\"");
        assert_eq!(repr_str(Wtf8::new("a'\"b")), "'a\\'\"b'");
        assert_eq!(repr_str(Wtf8::new("a\"b")), "'a\"b'");
        assert_eq!(repr_bytes(b"a'b"), "b\"a'b\"");
        assert_eq!(repr_bytearray(b"a'b\x80"), "bytearray(b\"a\\'b\\x80\")");
    }

    #[test]
    fn escapes() {
        assert_eq!(
            repr_str(Wtf8::new(
                "\\\n\t\r\0\x7f\u{e9}\u{a0}\u{200b}\u{e000}\u{1f600}"
            )),
            "'\\\\\\n\\t\\r\\x00\\x7f\u{e9}\\xa0\\u200b\\ue000\u{1f600}'"
        );
        assert_eq!(
            ascii_str(Wtf8::new("\u{e9}\u{4e00}\u{1f600}")),
            "'\\xe9\\u4e00\\U0001f600'"
        );
        let lone = Wtf8Buf::from_iter([CodePoint::from_u32(0xD800).unwrap()]);
        assert_eq!(repr_str(&lone), "'\\ud800'");
        assert_eq!(ascii_escape(Wtf8::new("<\u{e9}>")), "<\\xe9>");
        assert_eq!(
            repr_bytes(b"\0\t\n\\~\x7f\xff"),
            "b'\\x00\\t\\n\\\\~\\x7f\\xff'"
        );
    }

    #[test]
    fn cut_to_200() {
        let long = "x".repeat(300);
        assert_eq!(
            repr_str_cut(Wtf8::new(long.as_str())),
            format!("'{}", "x".repeat(199))
        );
    }
}
