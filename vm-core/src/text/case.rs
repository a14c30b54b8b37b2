//! `upper`, `lower`, `title`, `capitalize`, `swapcase` and `casefold` of `str`: full case mapping of Unicode 8.0,
//! with the rule for a final sigma.

use rustpython_wtf8::{CodePoint, Wtf8, Wtf8Buf};

use super::classify::{is_case_ignorable, is_cased, is_lower, is_upper};
use super::tables;

type Runs = &'static [(u32, u32, u32, i32)];
type Special = &'static [(u32, [u32; 3])];

const CAPITAL_SIGMA: u32 = 0x3A3;
const SMALL_SIGMA: u32 = 0x3C3;
const FINAL_SIGMA: u32 = 0x3C2;

fn push(out: &mut Wtf8Buf, c: u32) {
    // Table entries and the code points of a text are in range.
    out.extend(CodePoint::from_u32(c));
}

/// Appends what a code point above ASCII maps to.
fn push_mapped(out: &mut Wtf8Buf, c: u32, runs: Runs, special: Special) {
    if let Ok(found) = special.binary_search_by_key(&c, |entry| entry.0) {
        special[found]
            .1
            .iter()
            .filter(|&&x| x != 0)
            .for_each(|&x| push(out, x));
        return;
    }
    // Runs of every second code point may interleave with the next run's start, so two candidates are looked at.
    let after = runs.partition_point(|run| run.0 <= c);
    let run = runs[..after]
        .iter()
        .rev()
        .take(2)
        .find(|run| c <= run.1 && (c - run.0).is_multiple_of(run.2));
    push(out, run.map_or(c, |run| c.wrapping_add_signed(run.3)));
}

fn push_upper(out: &mut Wtf8Buf, c: u32) {
    match u8::try_from(c) {
        Ok(b) if b.is_ascii() => out.push_char(char::from(b.to_ascii_uppercase())),
        _ => push_mapped(out, c, tables::UPPER_MAP, tables::UPPER_MAP_SPECIAL),
    }
}

fn push_title(out: &mut Wtf8Buf, c: u32) {
    match u8::try_from(c) {
        Ok(b) if b.is_ascii() => out.push_char(char::from(b.to_ascii_uppercase())),
        _ => push_mapped(out, c, tables::TITLE_MAP, tables::TITLE_MAP_SPECIAL),
    }
}

/// Lowers the code point at a byte offset of `text`, which the final sigma rule looks at.
fn push_lower(out: &mut Wtf8Buf, c: u32, text: &Wtf8, at: usize) {
    match u8::try_from(c) {
        Ok(b) if b.is_ascii() => out.push_char(char::from(b.to_ascii_lowercase())),
        _ if c == CAPITAL_SIGMA => push(
            out,
            if is_final(text, at) {
                FINAL_SIGMA
            } else {
                SMALL_SIGMA
            },
        ),
        _ => push_mapped(out, c, tables::LOWER_MAP, tables::LOWER_MAP_SPECIAL),
    }
}

/// Whether the sigma at a byte offset ends a word: a cased letter before and none after, case-ignorable ones skipped.
fn is_final(text: &Wtf8, at: usize) -> bool {
    let skip = |c: &u32| is_case_ignorable(*c);
    let before = text[..at]
        .code_points()
        .rev()
        .map(CodePoint::to_u32)
        .find(|c| !skip(c));
    let after = text[at..]
        .code_points()
        .skip(1)
        .map(CodePoint::to_u32)
        .find(|c| !skip(c));
    before.is_some_and(is_cased) && !after.is_some_and(is_cased)
}

/// `text.upper()`
pub fn upper(text: &Wtf8) -> Wtf8Buf {
    if text.is_ascii() {
        return text.to_ascii_uppercase();
    }
    let mut out = Wtf8Buf::with_capacity(text.len());
    text.code_points()
        .for_each(|c| push_upper(&mut out, c.to_u32()));
    out
}

/// `text.lower()`
pub fn lower(text: &Wtf8) -> Wtf8Buf {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = Wtf8Buf::with_capacity(text.len());
    text.code_point_indices()
        .for_each(|(at, c)| push_lower(&mut out, c.to_u32(), text, at));
    out
}

/// `text.casefold()`
pub fn casefold(text: &Wtf8) -> Wtf8Buf {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut out = Wtf8Buf::with_capacity(text.len());
    for c in text.code_points().map(CodePoint::to_u32) {
        match u8::try_from(c) {
            Ok(b) if b.is_ascii() => out.push_char(char::from(b.to_ascii_lowercase())),
            _ => push_mapped(&mut out, c, tables::FOLD_MAP, tables::FOLD_MAP_SPECIAL),
        }
    }
    out
}

/// `text.title()`: a cased code point after an uncased one goes to title case, the others to lower case.
pub fn title(text: &Wtf8) -> Wtf8Buf {
    let mut out = Wtf8Buf::with_capacity(text.len());
    let mut previous_cased = false;
    for (at, c) in text.code_point_indices().map(|(at, c)| (at, c.to_u32())) {
        if previous_cased {
            push_lower(&mut out, c, text, at);
        } else {
            push_title(&mut out, c);
        }
        previous_cased = is_cased(c);
    }
    out
}

/// `text.capitalize()`: the first code point to upper case (not title case, in 3.5), the others to lower case.
pub fn capitalize(text: &Wtf8) -> Wtf8Buf {
    let mut out = Wtf8Buf::with_capacity(text.len());
    for (at, c) in text.code_point_indices() {
        if at == 0 {
            push_upper(&mut out, c.to_u32());
        } else {
            push_lower(&mut out, c.to_u32(), text, at);
        }
    }
    out
}

/// `text.swapcase()`
pub fn swapcase(text: &Wtf8) -> Wtf8Buf {
    let mut out = Wtf8Buf::with_capacity(text.len());
    for (at, c) in text.code_point_indices().map(|(at, c)| (at, c.to_u32())) {
        if is_upper(c) {
            push_lower(&mut out, c, text, at);
        } else if is_lower(c) {
            push_upper(&mut out, c);
        } else {
            push(&mut out, c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(method: fn(&Wtf8) -> Wtf8Buf, text: &str, expected: &str) {
        assert_eq!(method(Wtf8::new(text)), Wtf8Buf::from(expected), "{text}");
    }

    #[test]
    fn full_mappings() {
        check(upper, "stra\u{df}e \u{fb01} \u{149}", "STRASSE FI \u{2bc}N");
        check(
            lower,
            "\u{130}\u{c9}\u{1e9e}\u{10400}",
            "i\u{307}\u{e9}\u{df}\u{10428}",
        );
        check(casefold, "\u{df}\u{3c2}\u{130}A", "ss\u{3c3}i\u{307}a");
        check(
            upper,
            "\u{101}\u{103}\u{ff}\u{1c6}\u{180}",
            "\u{100}\u{102}\u{178}\u{1c4}\u{243}",
        );
    }

    #[test]
    fn final_sigma() {
        check(
            lower,
            "\u{39f}\u{394}\u{39f}\u{3a3}",
            "\u{3bf}\u{3b4}\u{3bf}\u{3c2}",
        );
        check(
            lower,
            "\u{3a3}A \u{3a3} A\u{3a3}. A\u{3a3}.B",
            "\u{3c3}a \u{3c3} a\u{3c2}. a\u{3c3}.b",
        );
    }

    #[test]
    fn words() {
        check(
            title,
            "hello wORLD they're 1a \u{1c6}x",
            "Hello World They'Re 1A \u{1c5}x",
        );
        check(capitalize, "hELLO World", "Hello world");
        check(capitalize, "\u{1c6}X", "\u{1c4}x");
        check(swapcase, "aB1\u{e9}\u{df}", "Ab1\u{c9}SS");
        check(capitalize, "", "");
    }
}
