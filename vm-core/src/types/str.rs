//! `str`: text that may hold lone surrogates, with its hash.
//!
//! Stored as WTF-8 with the length in code points, so ASCII text (length equal
//! to the byte length) is indexed in O(1); other text is scanned.

use rustpython_wtf8::{Wtf8, Wtf8Buf};
use std::cell::Cell;

/// Body of a `str`.
pub struct Str {
    text: Box<Wtf8>,
    hash: Cell<i64>,
    length: u32,
    interned: Cell<bool>,
}

/// Marks a hash not computed yet; Python never gives -1 as a hash.
const NO_HASH: i64 = -1;

impl Str {
    /// A body with this text.
    pub fn new(text: Wtf8Buf) -> Str {
        let length = if text.as_bytes().is_ascii() {
            text.len()
        } else {
            text.code_points().count()
        };
        Str {
            text: text.into_box(),
            hash: Cell::new(NO_HASH),
            length: length as u32,
            interned: Cell::new(false),
        }
    }

    /// The text.
    #[inline]
    pub fn text(&self) -> &Wtf8 {
        &self.text
    }

    /// The text's WTF-8 bytes.
    #[inline]
    pub fn text_bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// The text if it is valid Unicode.
    pub fn as_utf8(&self) -> Option<&str> {
        self.text.as_str().ok()
    }

    /// Length in code points.
    #[inline]
    pub fn len(&self) -> usize {
        self.length as usize
    }

    /// Whether the text is empty.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Whether every code point is ASCII, so that byte and code point positions agree.
    #[inline]
    pub fn is_ascii(&self) -> bool {
        self.length as usize == self.text.len()
    }

    /// Python's hash, computed once.
    #[inline]
    pub fn hash(&self) -> i64 {
        if self.hash.get() == NO_HASH {
            self.hash.set(hash_text(self.text_bytes()));
        }
        self.hash.get()
    }

    /// Whether this object is the interned one of its text.
    #[inline]
    pub fn is_interned(&self) -> bool {
        self.interned.get()
    }

    /// Marks this object as the interned one.
    pub fn set_interned(&self) {
        self.interned.set(true);
    }
}

/// The hash of a text (of its WTF-8 bytes). Not randomised: runs must be repeatable.
pub fn hash_text(bytes: &[u8]) -> i64 {
    use std::hash::Hasher;
    let mut h = rustc_hash::FxHasher::default();
    h.write(bytes);
    match h.finish() as i64 {
        NO_HASH => -2,
        h => h,
    }
}

/// Fills the class.
pub fn init<M: crate::object::ObjectModel>(vm: &mut crate::Vm<M>) {
    let _ = vm;
}
