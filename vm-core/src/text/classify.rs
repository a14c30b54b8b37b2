//! Which code points are letters, digits, spaces, ... and the `str.isX` methods on top.
//!
//! Unicode 8.0, as CPython 3.5. ASCII is answered from one small table, the rest by binary search.

use rustpython_wtf8::{CodePoint, Wtf8};

use super::tables;

const ALPHA: u8 = 1;
const DIGIT: u8 = 2;
const SPACE: u8 = 4;
const UPPER: u8 = 8;
const LOWER: u8 = 16;
const PRINT: u8 = 32;

static ASCII: [u8; 128] = ascii_table();

const fn ascii_table() -> [u8; 128] {
    let mut table = [0; 128];
    let mut i = 0;
    while i < 128 {
        let c = i as u8;
        let mut bits = 0;
        if c.is_ascii_uppercase() {
            bits |= ALPHA | UPPER;
        }
        if c.is_ascii_lowercase() {
            bits |= ALPHA | LOWER;
        }
        if c.is_ascii_digit() {
            bits |= DIGIT;
        }
        if matches!(c, 9..=13 | 28..=32) {
            bits |= SPACE;
        }
        if c >= 32 && c < 127 {
            bits |= PRINT;
        }
        table[i] = bits;
        i += 1;
    }
    table
}

#[inline]
fn test(c: u32, bits: u8, ranges: &[(u32, u32)]) -> bool {
    if c < 128 {
        ASCII[c as usize] & bits != 0
    } else {
        in_ranges(c, ranges)
    }
}

fn in_ranges(c: u32, ranges: &[(u32, u32)]) -> bool {
    let after = ranges.partition_point(|r| r.0 <= c);
    after > 0 && c <= ranges[after - 1].1
}

/// Whether the code point is a letter (`str.isalpha`).
#[inline]
pub fn is_alpha(c: u32) -> bool {
    test(c, ALPHA, tables::ALPHA)
}

/// Whether the code point is a digit, superscripts and the like included (`str.isdigit`).
#[inline]
pub fn is_digit(c: u32) -> bool {
    test(c, DIGIT, tables::DIGIT)
}

/// Whether the code point is a digit of a decimal system (`str.isdecimal`).
#[inline]
pub fn is_decimal(c: u32) -> bool {
    decimal_value(c).is_some()
}

/// The value, 0 to 9, of a decimal digit of any script.
#[inline]
pub fn decimal_value(c: u32) -> Option<u8> {
    if c < 128 {
        return if (48..58).contains(&c) {
            Some((c - 48) as u8)
        } else {
            None
        };
    }
    let zeros = tables::DECIMAL_ZEROS;
    let after = zeros.partition_point(|&zero| zero <= c);
    let offset = c - zeros.get(after.checked_sub(1)?)?;
    if offset < 10 {
        Some(offset as u8)
    } else {
        None
    }
}

/// Whether the code point has a numeric value (`str.isnumeric`).
#[inline]
pub fn is_numeric(c: u32) -> bool {
    test(c, DIGIT, tables::NUMERIC)
}

/// Whether the code point is a letter or has a numeric value (`str.isalnum`).
#[inline]
pub fn is_alnum(c: u32) -> bool {
    is_alpha(c) || is_numeric(c)
}

/// Whether the code point is white space (`str.isspace`, what `split` and `strip` use).
#[inline]
pub fn is_space(c: u32) -> bool {
    test(c, SPACE, tables::SPACE)
}

/// Whether the code point is uppercase.
#[inline]
pub fn is_upper(c: u32) -> bool {
    test(c, UPPER, tables::UPPER)
}

/// Whether the code point is lowercase.
#[inline]
pub fn is_lower(c: u32) -> bool {
    test(c, LOWER, tables::LOWER)
}

/// Whether the code point is a titlecase letter such as U+01C5 (capital letters are not).
#[inline]
pub fn is_title(c: u32) -> bool {
    c >= 128 && in_ranges(c, tables::TITLE)
}

/// Whether the code point is upper, lower or title case.
#[inline]
pub fn is_cased(c: u32) -> bool {
    is_upper(c) || is_lower(c) || is_title(c)
}

/// Whether the final sigma rule looks through the code point.
pub fn is_case_ignorable(c: u32) -> bool {
    if c < 128 {
        matches!(c, 0x27 | 0x2E | 0x3A | 0x5E | 0x60)
    } else {
        in_ranges(c, tables::CASE_IGNORABLE)
    }
}

/// Whether `repr` shows the code point as it is (quotes and backslashes aside).
#[inline]
pub fn is_printable(c: u32) -> bool {
    test(c, PRINT, tables::PRINTABLE)
}

/// Whether an identifier can start with the code point.
pub fn is_identifier_start(c: u32) -> bool {
    c == 0x5F || test(c, ALPHA, tables::XID_START)
}

/// Whether an identifier can go on with the code point.
pub fn is_identifier_continue(c: u32) -> bool {
    c == 0x5F || test(c, ALPHA | DIGIT, tables::XID_CONTINUE)
}

/// Whether a line ends at the code point, as `str.splitlines` sees it.
#[inline]
pub fn is_line_break(c: u32) -> bool {
    matches!(c, 0x0A..=0x0D | 0x1C..=0x1E | 0x85 | 0x2028 | 0x2029)
}

/// A `str.isX` method whose answer is that of every code point, and false for an empty string.
fn all(text: &Wtf8, test: impl Fn(u32) -> bool) -> bool {
    !text.is_empty() && text.code_points().all(|c| test(c.to_u32()))
}

/// `str.isalpha()`
pub fn isalpha(text: &Wtf8) -> bool {
    all(text, is_alpha)
}

/// `str.isdigit()`
pub fn isdigit(text: &Wtf8) -> bool {
    all(text, is_digit)
}

/// `str.isdecimal()`
pub fn isdecimal(text: &Wtf8) -> bool {
    all(text, is_decimal)
}

/// `str.isnumeric()`
pub fn isnumeric(text: &Wtf8) -> bool {
    all(text, is_numeric)
}

/// `str.isalnum()`
pub fn isalnum(text: &Wtf8) -> bool {
    all(text, is_alnum)
}

/// `str.isspace()`
pub fn isspace(text: &Wtf8) -> bool {
    all(text, is_space)
}

/// `str.isprintable()`: true for the empty string.
pub fn isprintable(text: &Wtf8) -> bool {
    text.code_points().all(|c| is_printable(c.to_u32()))
}

/// `str.isidentifier()`: keywords count as identifiers.
pub fn isidentifier(text: &Wtf8) -> bool {
    let mut points = text.code_points().map(CodePoint::to_u32);
    points.next().is_some_and(is_identifier_start) && points.all(is_identifier_continue)
}

/// `str.isupper()`: some code point is cased and no cased one is lower or title case.
pub fn isupper(text: &Wtf8) -> bool {
    let mut cased = false;
    for c in text.code_points().map(CodePoint::to_u32) {
        if is_lower(c) || is_title(c) {
            return false;
        }
        cased = cased || is_upper(c);
    }
    cased
}

/// `str.islower()`: some code point is cased and no cased one is upper or title case.
pub fn islower(text: &Wtf8) -> bool {
    let mut cased = false;
    for c in text.code_points().map(CodePoint::to_u32) {
        if is_upper(c) || is_title(c) {
            return false;
        }
        cased = cased || is_lower(c);
    }
    cased
}

/// `str.istitle()`: upper or title case only after uncased, lower case only after cased code points.
pub fn istitle(text: &Wtf8) -> bool {
    let (mut cased, mut previous_cased) = (false, false);
    for c in text.code_points().map(CodePoint::to_u32) {
        if is_upper(c) || is_title(c) {
            if previous_cased {
                return false;
            }
            (cased, previous_cased) = (true, true);
        } else if is_lower(c) {
            if !previous_cased {
                return false;
            }
            cased = true;
        } else {
            previous_cased = false;
        }
    }
    cased
}

#[cfg(test)]
mod tests {
    use super::*;

    fn w(text: &str) -> &Wtf8 {
        Wtf8::new(text)
    }

    #[test]
    fn repr_and_isprintable_agree() {
        for c in 0..=0x11_0000 {
            assert_eq!(
                is_printable(c),
                ceval_bytecode::printable::is_printable(c),
                "{c:#x}"
            );
        }
    }

    #[test]
    fn number_classes_differ() {
        // 5, Arabic-Indic 5, superscript 2, one half, Roman eight
        let table = [
            ("5", true, true, true),
            ("\u{665}", true, true, true),
            ("\u{b2}", false, true, true),
            ("\u{bd}", false, false, true),
            ("\u{2167}", false, false, true),
            ("a", false, false, false),
            ("", false, false, false),
        ];
        for (text, decimal, digit, numeric) in table {
            assert_eq!(
                (isdecimal(w(text)), isdigit(w(text)), isnumeric(w(text))),
                (decimal, digit, numeric),
                "{text}"
            );
        }
        assert_eq!(decimal_value(0x666), Some(6));
        assert_eq!(decimal_value(0xFF19), Some(9));
    }

    #[test]
    fn case_tests() {
        assert!(
            isupper(w("A1 B")) && !isupper(w("1")) && !isupper(w("Ab")) && !isupper(w("\u{1c5}"))
        );
        assert!(islower(w("a\u{aa}")) && !islower(w("aB")) && !islower(w("")));
        assert!(
            istitle(w("Hello World"))
                && istitle(w("A1B"))
                && !istitle(w("HeLlo"))
                && !istitle(w("hello"))
        );
        assert!(istitle(w("\u{1c5}a")));
    }

    #[test]
    fn identifiers_and_printables() {
        assert!(
            isidentifier(w("_a1"))
                && isidentifier(w("\u{e9}t\u{e9}"))
                && !isidentifier(w("1a"))
                && !isidentifier(w(""))
        );
        assert!(
            isprintable(w(""))
                && isprintable(w("a b\u{e9}"))
                && !isprintable(w("\n"))
                && !isprintable(w("\u{a0}"))
        );
        // Added in Unicode 9.0, so unassigned here.
        assert!(!isprintable(w("\u{1c80}")) && !isalpha(w("\u{1c80}")));
    }

    #[test]
    fn spaces() {
        assert!(
            isspace(w(" \t\x0b\x1c\u{85}\u{a0}\u{2003}\u{3000}"))
                && !isspace(w("\u{200b}"))
                && !isspace(w(""))
        );
    }
}
