//! A tree of code objects as JSON: the form of the golden `.json` files.
//!
//! One line of ASCII without blanks; keys in a fixed order. Constants are tagged arrays: `["int","12"]`, `["tuple",[...]]`, and so on.

use crate::code::{CodeObject, Constant};
use crate::digest::hex;
use crate::repr::{float_hex, repr_constant};

/// The JSON text of a code object and everything in it, without a line end.
#[must_use]
pub fn to_json(code: &CodeObject) -> String {
    let mut out = String::new();
    put_code(&mut out, code);
    out
}

fn put_code(out: &mut String, code: &CodeObject) {
    out.push_str("{\"name\":");
    put_text(out, &code.name);
    out.push_str(",\"filename\":");
    put_text(out, &code.filename);
    for (key, number) in [
        ("firstlineno", code.firstlineno),
        ("argcount", code.argcount),
        ("kwonlyargcount", code.kwonlyargcount),
        ("nlocals", code.nlocals),
        ("stacksize", code.stacksize),
        ("flags", code.flags),
    ] {
        out.push_str(&format!(",\"{key}\":{number}"));
    }
    out.push_str(",\"code\":\"");
    out.push_str(&hex(&code.code));
    out.push_str("\",\"lnotab\":\"");
    out.push_str(&hex(&code.lnotab));
    out.push_str("\",\"consts\":");
    put_constants(out, code.consts.iter());
    for (key, names) in [
        ("names", &code.names),
        ("varnames", &code.varnames),
        ("freevars", &code.freevars),
        ("cellvars", &code.cellvars),
    ] {
        out.push_str(&format!(",\"{key}\":["));
        for (i, name) in names.iter().enumerate() {
            if i > 0 {
                out.push(',');
            }
            put_text(out, name);
        }
        out.push(']');
    }
    out.push('}');
}

fn put_constants<'a>(out: &mut String, constants: impl Iterator<Item = &'a Constant>) {
    out.push('[');
    for (i, constant) in constants.enumerate() {
        if i > 0 {
            out.push(',');
        }
        put_constant(out, constant);
    }
    out.push(']');
}

fn put_constant(out: &mut String, constant: &Constant) {
    match constant {
        Constant::None => out.push_str("[\"None\"]"),
        Constant::True => out.push_str("[\"True\"]"),
        Constant::False => out.push_str("[\"False\"]"),
        Constant::Ellipsis => out.push_str("[\"Ellipsis\"]"),
        Constant::Int(value) => out.push_str(&format!("[\"int\",\"{value}\"]")),
        Constant::Float(value) => out.push_str(&format!("[\"float\",\"{}\"]", float_hex(*value))),
        Constant::Complex(real, imag) => out.push_str(&format!(
            "[\"complex\",\"{}\",\"{}\"]",
            float_hex(*real),
            float_hex(*imag)
        )),
        Constant::Str(text) => match std::str::from_utf8(text.as_bytes()) {
            Ok(text) => {
                out.push_str("[\"str\",");
                put_text(out, text);
                out.push(']');
            }
            Err(_) => out.push_str(&format!(
                "[\"str-surrogates\",\"{}\"]",
                hex(text.as_bytes())
            )),
        },
        Constant::Bytes(bytes) => out.push_str(&format!("[\"bytes\",\"{}\"]", hex(bytes))),
        Constant::Tuple(items) => {
            out.push_str("[\"tuple\",");
            put_constants(out, items.iter());
            out.push(']');
        }
        Constant::FrozenSet(items) => {
            out.push_str("[\"frozenset\",");
            let mut sorted: Vec<&Constant> = items.iter().collect();
            sorted.sort_by_cached_key(|item| repr_constant(item));
            put_constants(out, sorted.into_iter());
            out.push(']');
        }
        Constant::Code(code) => {
            out.push_str("[\"code\",");
            put_code(out, code);
            out.push(']');
        }
    }
}

/// Appends `text` as a JSON string.
fn put_text(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if (c as u32) < 0x20 => out.push_str(&format!("\\u{:04x}", c as u32)),
            c if c.is_ascii() => out.push(c),
            c => {
                let mut units = [0; 2];
                for unit in c.encode_utf16(&mut units) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
        }
    }
    out.push('"');
}
