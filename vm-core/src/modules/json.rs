//! Module `_json`: strings from and to JSON text, the part of `json` that works on characters.

use super::builder::ModuleBuilder;
use crate::Vm;
use crate::object::{Args, ObjectModel, Res, V, Value};
use crate::text::slice::StrRef;
use crate::types::str::Str;
use rustpython_wtf8::{CodePoint, Wtf8, Wtf8Buf};
use std::fmt::Write;

/// A text as a JSON string.
fn quote(text: &Wtf8, ascii: bool) -> Wtf8Buf {
    let mut out = Wtf8Buf::with_capacity(text.len() + 2);
    out.push_char('"');
    for c in text.code_points() {
        match c.to_u32() {
            0x22 => out.push_str("\\\""),
            0x5c => out.push_str("\\\\"),
            0x0a => out.push_str("\\n"),
            0x0d => out.push_str("\\r"),
            0x09 => out.push_str("\\t"),
            0x0c => out.push_str("\\f"),
            0x08 => out.push_str("\\b"),
            n @ (0..=0x1f | 0x7f..) if ascii || n < 0x20 => escape(&mut out, n),
            _ => out.push(c),
        }
    }
    out.push_char('"');
    out
}

fn escape(out: &mut Wtf8Buf, n: u32) {
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = match n {
        0x1_0000.. => {
            let v = n - 0x1_0000;
            write!(
                text,
                "\\u{:04x}\\u{:04x}",
                0xd800 | v >> 10,
                0xdc00 | v & 0x3ff
            )
        }
        _ => write!(text, "\\u{n:04x}"),
    };
    out.push_str(&text);
}

fn quoted<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>, ascii: bool) -> Res<V<M>> {
    let [v] = args.exact::<1>(vm, "encode_basestring")?;
    match v.get::<Str>() {
        Some(s) => {
            let text = quote(s.text(), ascii);
            Ok(vm.new_text(text))
        }
        None => {
            let m = format!("first argument must be a string, not {}", vm.type_name(v));
            Err(vm.raise_type_error(m))
        }
    }
}

fn encode_basestring<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    quoted(vm, args, false)
}

fn encode_basestring_ascii<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    quoted(vm, args, true)
}

/// Why a string cannot be read: message, byte position.
type Bad = (String, usize);

/// Reads a JSON string's characters from byte `start` (behind the opening quote): the text, and
/// the byte position behind the closing quote.
fn scan(text: &Wtf8, start: usize, strict: bool) -> Result<(Wtf8Buf, usize), Bad> {
    let bytes = text.as_bytes();
    let mut out = Wtf8Buf::new();
    let unterminated = || ("Unterminated string starting at".to_owned(), start - 1);
    let mut at = start;
    loop {
        let run = bytes[at..]
            .iter()
            .position(|&b| b == b'"' || b == b'\\' || b < 0x20)
            .ok_or_else(unterminated)?;
        if let Some(plain) = text.get(at..at + run) {
            out.push_wtf8(plain);
        }
        at += run;
        match bytes[at] {
            b'"' => return Ok((out, at + 1)),
            b'\\' => at = scan_escape(text, at, &mut out).ok_or_else(unterminated)??,
            _ if strict => return Err(("Invalid control character at".to_owned(), at)),
            control => {
                out.push_char(char::from(control));
                at += 1;
            }
        }
    }
}

/// Four hexadecimal digits behind `\u` at byte `at`.
fn hex4(bytes: &[u8], at: usize) -> Option<u32> {
    let digits = bytes.get(at..at + 4)?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// Reads the escape at byte `at`; `None` if the text ends in it.
fn scan_escape(text: &Wtf8, at: usize, out: &mut Wtf8Buf) -> Option<Result<usize, Bad>> {
    let bytes = text.as_bytes();
    let simple = match *bytes.get(at + 1)? {
        b'"' => '"',
        b'\\' => '\\',
        b'/' => '/',
        b'b' => '\x08',
        b'f' => '\x0c',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let Some(mut n) = hex4(bytes, at + 2) else {
                return Some(Err(("Invalid \\uXXXX escape".to_owned(), at + 1)));
            };
            let mut end = at + 6;
            if (0xd800..0xdc00).contains(&n)
                && bytes.get(end..end + 2) == Some(b"\\u")
                && let Some(low @ 0xdc00..=0xdfff) = hex4(bytes, end + 2)
            {
                n = 0x1_0000 + ((n - 0xd800) << 10 | (low - 0xdc00));
                end += 6;
            }
            if let Some(c) = CodePoint::from_u32(n) {
                out.push(c);
            }
            return Some(Ok(end));
        }
        _ => return Some(Err(("Invalid \\escape".to_owned(), at))),
    };
    out.push_char(simple);
    Some(Ok(at + 2))
}

/// `scanstring(text, start, strict)`: (string, end), or (message, position, None) if it is bad.
fn scanstring<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let args = args.between(vm, "scanstring", 2, 3)?;
    let strict = match args.get(2) {
        Some(s) => vm.is_true(s)?,
        None => true,
    };
    let start = vm.index_clipped(&args[1])?;
    let Some(s) = args[0].get::<Str>() else {
        let m = format!(
            "first argument must be a string, not {}",
            vm.type_name(&args[0])
        );
        return Err(vm.raise_type_error(m));
    };
    let Some(start) = usize::try_from(start).ok().filter(|&i| i <= s.len()) else {
        return Err(vm.raise_value_error("end is out of bounds"));
    };
    let text = StrRef::with_len(s.text(), s.len());
    let items = match scan(s.text(), text.byte_offset(start), strict) {
        Ok((string, end)) => {
            let end = text.char_index(end);
            vec![vm.new_text(string), vm.new_usize(end)]
        }
        Err((message, at)) => {
            let at = text.char_index(at);
            vec![vm.new_str(message), vm.new_usize(at), V::<M>::none()]
        }
    };
    Ok(vm.new_tuple(items))
}

/// Makes the module.
pub fn make<M: ObjectModel>(vm: &mut Vm<M>) -> Res<V<M>> {
    Ok(ModuleBuilder::new(vm, "_json")
        .function("encode_basestring", encode_basestring::<M>)
        .function("encode_basestring_ascii", encode_basestring_ascii::<M>)
        .function("scanstring", scanstring::<M>)
        .done())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoting() {
        let text = Wtf8::new("a\"\\\n\u{1}\u{7f}\u{e9}\u{1f600}");
        let ascii = quote(text, true).to_string_lossy().into_owned();
        assert_eq!(ascii, r#""a\"\\\n\u0001\u007f\u00e9\ud83d\ude00""#);
        let plain = quote(text, false).to_string_lossy().into_owned();
        assert_eq!(plain, "\"a\\\"\\\\\\n\\u0001\u{7f}\u{e9}\u{1f600}\"");
    }

    #[test]
    fn scanning() {
        let read = |t: &str| {
            scan(Wtf8::new(t), 1, true).map(|(s, at)| (s.to_string_lossy().into_owned(), at))
        };
        assert_eq!(read(r#""ab""#), Ok(("ab".to_owned(), 4)));
        assert_eq!(
            read(r#""\u00e9\ud83d\ude00\/""#),
            Ok(("\u{e9}\u{1f600}/".to_owned(), 22))
        );
        assert_eq!(
            read(r#""ab"#),
            Err(("Unterminated string starting at".to_owned(), 0))
        );
        assert_eq!(
            read(r#""a\"#),
            Err(("Unterminated string starting at".to_owned(), 0))
        );
        assert_eq!(read(r#""a\x""#), Err(("Invalid \\escape".to_owned(), 2)));
        assert_eq!(
            read("\"a\n\""),
            Err(("Invalid control character at".to_owned(), 2))
        );
    }
}
