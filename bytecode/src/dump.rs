//! A whole tree of code objects as text: the form of the golden `.dis` files.
//!
//! Every code object in pre-order, each with its path, `dis` and `show_code`. Parts of more
//! than 20,000 lines are cut and stand with their digest.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

use crate::code::{CodeObject, Constant};
use crate::digest::hex;
use crate::dis::{dis, show_code};

/// The longest part that is printed whole, in lines.
const MAX_LINES: usize = 20_000;
/// How many lines of a longer part are kept at each end.
const KEPT_LINES: usize = 100;

/// The nested code objects of `code`, in `co_consts` order.
pub fn nested(code: &CodeObject) -> impl Iterator<Item = &CodeObject> {
    code.consts.iter().filter_map(|constant| match constant {
        Constant::Code(inner) => Some(&**inner),
        _ => None,
    })
}

/// Calls `visit` with the path of each code object in the tree and the object, in pre-order.
///
/// A path is the names joined by `.`; the second, third ... object of one name in one parent
/// gets `#2`, `#3` ...
pub fn walk<'a>(code: &'a CodeObject, visit: &mut impl FnMut(&str, &'a CodeObject)) {
    fn step<'a>(
        code: &'a CodeObject,
        path: &mut String,
        visit: &mut impl FnMut(&str, &'a CodeObject),
    ) {
        visit(path, code);
        let mut seen: HashMap<&str, u32> = HashMap::new();
        for inner in nested(code) {
            let count = seen.entry(&inner.name).or_insert(0);
            *count += 1;
            let length = path.len();
            path.push('.');
            path.push_str(&inner.name);
            if *count > 1 {
                path.push_str(&format!("#{count}"));
            }
            step(inner, path, visit);
            path.truncate(length);
        }
    }
    let mut path = code.name.clone();
    step(code, &mut path, visit);
}

/// The golden `.dis` text of a tree: long parts are shortened.
#[must_use]
pub fn dump(code: &CodeObject) -> String {
    dump_parts(code, shortened)
}

/// The same with every part whole.
#[must_use]
pub fn dump_whole(code: &CodeObject) -> String {
    dump_parts(code, |text| text)
}

fn dump_parts(code: &CodeObject, part: impl Fn(String) -> String) -> String {
    let mut out = String::new();
    walk(code, &mut |path, code| {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&format!("==== {path} (line {})\n", code.firstlineno));
        out.push_str("---- dis\n");
        out.push_str(&part(dis(code)));
        out.push_str("---- show_code\n");
        out.push_str(&part(show_code(code)));
    });
    out
}

fn shortened(text: String) -> String {
    let lines = text.lines().count();
    if lines <= MAX_LINES {
        return text;
    }
    let digest = hex(&Sha256::digest(text.as_bytes()));
    let mut out = String::new();
    for line in text.lines().take(KEPT_LINES) {
        out.push_str(line);
        out.push('\n');
    }
    let gap = lines - 2 * KEPT_LINES;
    out.push_str(&format!(
        "... {gap} lines left out, sha256 of this part: {digest}\n"
    ));
    for line in text.lines().skip(lines - KEPT_LINES) {
        out.push_str(line);
        out.push('\n');
    }
    out
}
