//! Single characters: literals, `.`, sets and categories.

use crate::text::classify::{is_alnum, is_decimal, is_space};

/// A category of characters, as `\d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Category {
    Digit,
    Space,
    Word,
}

impl Category {
    pub(crate) fn has(self, c: u32, unicode: bool) -> bool {
        if c < 128 || !unicode {
            let Ok(b) = u8::try_from(c) else { return false };
            return match self {
                Category::Digit => b.is_ascii_digit(),
                // The separators 0x1c to 0x1f are white space in Unicode alone.
                Category::Space => {
                    matches!(b, b' ' | b'\t'..=b'\r') || unicode && matches!(b, 0x1c..=0x1f)
                }
                Category::Word => b.is_ascii_alphanumeric() || b == b'_',
            };
        }
        match self {
            Category::Digit => is_decimal(c),
            Category::Space => is_space(c),
            Category::Word => is_alnum(c),
        }
    }
}

/// A set of characters: `[...]` or a category.
#[derive(Debug, Clone, Default)]
pub(crate) struct Set {
    pub(crate) negated: bool,
    pub(crate) ranges: Vec<(u32, u32)>,
    /// Categories and whether it is their complement.
    pub(crate) categories: Vec<(Category, bool)>,
    /// One bit for each of the first 256 characters, all the rest included.
    small: [u64; 4],
    fold: bool,
    unicode: bool,
}

impl Set {
    /// A set of this category or its complement.
    pub(crate) fn of(category: Category, negated: bool) -> Set {
        Set {
            categories: vec![(category, negated)],
            ..Set::default()
        }
    }

    /// An empty set, or the set of all.
    pub(crate) fn empty(negated: bool) -> Set {
        Set {
            negated,
            ..Set::default()
        }
    }

    /// Prepares the set for tests, once it is complete.
    pub(crate) fn finish(&mut self, fold: bool, unicode: bool) {
        (self.fold, self.unicode) = (fold, unicode);
        for c in 0..256 {
            if self.test(c) {
                self.small[c as usize / 64] |= 1 << (c % 64);
            }
        }
    }

    fn holds(&self, c: u32) -> bool {
        self.ranges.iter().any(|&(a, b)| a <= c && c <= b)
            || self
                .categories
                .iter()
                .any(|&(category, not)| category.has(c, self.unicode) != not)
    }

    #[cold]
    fn test(&self, c: u32) -> bool {
        let found = self.holds(c)
            || self.fold
                && (self.holds(lower(c, self.unicode)) || self.holds(upper(c, self.unicode)));
        found != self.negated
    }

    #[inline]
    pub(crate) fn has(&self, c: u32) -> bool {
        if c < 256 {
            self.small[c as usize / 64] >> (c % 64) & 1 != 0
        } else {
            self.test(c)
        }
    }
}

/// The lower-case form, where it is one character.
pub(crate) fn lower(c: u32, unicode: bool) -> u32 {
    match char::from_u32(c) {
        Some(ch) if ch.is_ascii() => ch.to_ascii_lowercase() as u32,
        Some(ch) if unicode => single(ch.to_lowercase(), c),
        _ => c,
    }
}

fn upper(c: u32, unicode: bool) -> u32 {
    match char::from_u32(c) {
        Some(ch) if ch.is_ascii() => ch.to_ascii_uppercase() as u32,
        Some(ch) if unicode => single(ch.to_uppercase(), c),
        _ => c,
    }
}

fn single(mut chars: impl Iterator<Item = char>, default: u32) -> u32 {
    match (chars.next(), chars.next()) {
        (Some(only), None) => only as u32,
        _ => default,
    }
}

/// A test of one character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum One {
    /// This one.
    Char(u32),
    /// This one or its other case; the lower-case form is here. ASCII letters alone under the second form.
    Fold(u32),
    /// As `Fold`, for ASCII.
    FoldAscii(u32),
    /// All but the newline.
    NotNewline,
    /// All.
    All,
    /// The set with this number.
    Set(u32),
}

impl One {
    /// Whether the character passes.
    #[inline]
    pub(crate) fn has(self, c: u32, sets: &[Set]) -> bool {
        match self {
            One::Char(wanted) => c == wanted,
            One::Fold(wanted) => lower(c, true) == wanted,
            One::FoldAscii(wanted) => lower(c, false) == wanted,
            One::NotNewline => c != u32::from(b'\n'),
            One::All => true,
            One::Set(index) => sets[index as usize].has(c),
        }
    }
}
