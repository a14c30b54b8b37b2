//! The golden corpus on disk: what CPython 3.5.1 does with many programs.
//!
//! `tests/golden/README.md` says what the files hold and how they were made.
#![allow(
    dead_code,
    reason = "each test binary uses its own part of this module"
)]

use std::path::{Path, PathBuf};

/// The cells that tests of errors run on: the default, the baseline, the other object model, and
/// the one that takes no fast path.
pub const FEW_CELLS: [&str; 4] = [
    "tail+super+caches/refcount-tagged",
    "switch/refcount-boxed",
    "tail+super+caches/arena-tagged",
    "oracle/refcount-tagged",
];

/// The top of the repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .find(|folder| folder.join("tests/golden/cases").is_dir())
        .expect("the crate lies in the workspace")
        .to_owned()
}

/// A folder of the corpus.
pub fn folder(name: &str) -> PathBuf {
    repository().join("tests/golden").join(name)
}

/// The names, without `.py`, of a folder's programs, in order.
pub fn programs(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
    let mut names: Vec<String> = entries
        .filter_map(|entry| {
            let name = entry
                .expect("a directory entry")
                .file_name()
                .into_string()
                .expect("a name in UTF-8");
            Some(name.strip_suffix(".py")?.to_owned())
        })
        .collect();
    names.sort();
    assert!(!names.is_empty(), "no programs in {}", folder.display());
    names
}

/// A text file.
pub fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// What follows the line `key` up to the next of `keys` or the end.
pub fn section<'a>(text: &'a str, key: &str, keys: &[&str]) -> &'a str {
    let Some(start) = text.find(key) else {
        return "";
    };
    let rest = &text[start + key.len()..];
    let end = keys
        .iter()
        .filter_map(|k| rest.find(k))
        .min()
        .unwrap_or(rest.len());
    &rest[..end]
}

/// The exit code that a file of expectations states.
pub fn exit_code(text: &str) -> i32 {
    let line = text
        .lines()
        .find_map(|l| l.strip_prefix("exit: "))
        .expect("a line with the exit code");
    line.parse().expect("an exit code is a number")
}

/// Addresses, which stand after ` at `, become `0x0`.
pub fn without_addresses(text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(" at 0x") {
        let (before, after) = rest.split_at(at + " at 0x".len());
        let digits = after.bytes().take_while(u8::is_ascii_hexdigit).count();
        result.push_str(before);
        result.push('0');
        rest = &after[digits..];
    }
    result + rest
}
