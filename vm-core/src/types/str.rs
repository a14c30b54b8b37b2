//! `str`: text that may hold lone surrogates, with its hash.
//!
//! Stored as WTF-8 with the length in code points, so ASCII text (length equal
//! to the byte length) is indexed in O(1); other text is scanned.
//!
//! The methods are in files by family; what they do to texts is in
//! `crate::text` (CPython `Objects/unicodeobject.c`).

mod affix;
pub mod arguments;
mod case;
pub mod codec;
mod pieces;
mod protocol;
mod search;
mod translate;

use crate::Vm;
use crate::object::{Kind, ObjectModel, V, Value};
use crate::text::slice::StrRef;
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

    /// A body with this text of `length` code points, which the caller knows.
    pub fn with_len(text: Wtf8Buf, length: usize) -> Str {
        debug_assert_eq!(length, crate::text::slice::char_len(&text));
        Str {
            text: text.into_box(),
            hash: Cell::new(NO_HASH),
            length: length as u32,
            interned: Cell::new(false),
        }
    }

    /// The text with its length in code points.
    #[inline]
    pub fn str_ref(&self) -> StrRef<'_> {
        StrRef::with_len(&self.text, self.length as usize)
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

impl<M: ObjectModel> Vm<M> {
    /// A `str` of borrowed text: shared objects for the empty text and ASCII characters.
    #[inline]
    pub fn new_piece(&mut self, text: &Wtf8) -> V<M> {
        match text.as_bytes() {
            [] => self.interp.once.empty_str.clone(),
            [c] => self.interp.once.characters[*c as usize & 0x7f].clone(),
            _ => self.alloc(Str::new(text.to_owned())),
        }
    }

    /// A `str` of borrowed text with its length.
    #[inline]
    pub fn new_piece_ref(&mut self, text: StrRef<'_>) -> V<M> {
        match text.text().as_bytes() {
            [] => self.interp.once.empty_str.clone(),
            [c] => self.interp.once.characters[*c as usize & 0x7f].clone(),
            _ => self.alloc(Str::with_len(text.text().to_owned(), text.char_len())),
        }
    }

    /// A piece of the str `whole`: `whole` itself if that is an exact `str` and the piece all of it.
    pub fn new_part(&mut self, whole: &V<M>, piece: &Wtf8) -> V<M> {
        match whole.get_exact::<Str>() {
            Some(s) if s.text_bytes().len() == piece.len() => whole.clone(),
            _ => self.new_piece(piece),
        }
    }
}

/// Fills the class.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    let builder = vm.fill_class(Kind::Str);
    let builder = protocol::add(builder);
    let builder = search::add(builder);
    let builder = pieces::add(builder);
    let builder = case::add(builder);
    let builder = affix::add(builder);
    let builder = translate::add(builder);
    let builder = codec::add(builder);
    builder
        .method("format", crate::builtins::format::str_format_method::<M>)
        .method("format_map", crate::builtins::format::format_map::<M>)
        .method("__format__", crate::builtins::format::str_format::<M>)
        .done();
}
