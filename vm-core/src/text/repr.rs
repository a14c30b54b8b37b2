//! `repr` and `ascii` of `str`, `bytes` and `bytearray`: those of constants, and forms that only messages need.

use rustpython_wtf8::Wtf8;

pub use ceval_bytecode::repr::{ascii_str, repr_bytearray, repr_bytes, repr_str, write_escape};

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
