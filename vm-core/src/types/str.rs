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
use crate::text::append_buffer::{self, Prefix};
use crate::text::slice::StrRef;
use rustpython_wtf8::{Wtf8, Wtf8Buf};
use std::cell::Cell;

/// Body of a `str`.
pub struct Str {
    text: Text,
    hash: Cell<i64>,
    length: u32,
    interned: Cell<bool>,
}

/// Where the text is.
enum Text {
    /// In memory of its own.
    Own(Box<Wtf8>),
    /// In a buffer shared with the strings it was made from by appending. Boxed to keep a `Str` small.
    Shared(Box<Prefix>),
    /// In the object: a short text costs no block of its own.
    Inline(Short),
}

/// Bytes of text that fit in the object.
const SHORT: usize = 22;

/// A text of at most [`SHORT`] bytes.
struct Short {
    length: u8,
    /// The first `length` bytes are WTF-8.
    bytes: [u8; SHORT],
}

impl Short {
    /// Two texts one behind the other, if they are short.
    #[inline(always)]
    fn joined(x: &Wtf8, y: &Wtf8) -> Option<Short> {
        let (x, y) = (x.as_bytes(), y.as_bytes());
        let length = x.len() + y.len();
        let mut bytes = [0; SHORT];
        bytes.get_mut(..x.len())?.copy_from_slice(x);
        bytes.get_mut(x.len()..length)?.copy_from_slice(y);
        Some(Short {
            length: length as u8,
            bytes,
        })
    }

    #[inline(always)]
    fn text(&self) -> &Wtf8 {
        // SAFETY: `joined` is the only constructor: `length` bytes of whole texts, which are WTF-8.
        unsafe { Wtf8::from_bytes_unchecked(self.bytes.get_unchecked(..usize::from(self.length))) }
    }
}

impl Text {
    #[inline(always)]
    fn get(&self) -> &Wtf8 {
        match self {
            Text::Inline(short) => short.text(),
            Text::Own(text) => text,
            Text::Shared(prefix) => prefix.text(),
        }
    }

    /// A copy of a text.
    #[inline]
    fn copied(text: &Wtf8) -> Text {
        match Short::joined(text, Wtf8::new("")) {
            Some(short) => Text::Inline(short),
            None => Text::Own(text.to_owned().into_box()),
        }
    }
}

/// Bytes from which on a string that is appended to gets room for more.
const LONG: usize = 512;

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
            text: Text::Own(text.into_box()),
            hash: Cell::new(NO_HASH),
            length: length as u32,
            interned: Cell::new(false),
        }
    }

    /// A body with this text of `length` code points, which the caller knows.
    pub fn with_len(text: Wtf8Buf, length: usize) -> Str {
        debug_assert_eq!(length, crate::text::slice::char_len(&text));
        Str {
            text: Text::Own(text.into_box()),
            hash: Cell::new(NO_HASH),
            length: length as u32,
            interned: Cell::new(false),
        }
    }

    /// A body with a copy of a text of `length` code points, which the caller knows.
    #[inline]
    pub fn copied(text: &Wtf8, length: usize) -> Str {
        debug_assert_eq!(length, crate::text::slice::char_len(text));
        Str {
            text: Text::copied(text),
            hash: Cell::new(NO_HASH),
            length: length as u32,
            interned: Cell::new(false),
        }
    }

    /// The two texts one behind the other. Amortised, appending a short text to a long result of this
    /// function costs the length of the short one. `None`: longer than strings can be.
    pub fn concat(a: &Str, b: &Str) -> Option<Str> {
        let (x, y) = (a.text(), b.text());
        let bytes = x.len() + y.len();
        if u32::try_from(bytes).is_err() {
            return None;
        }
        let is_append = x.len() >= LONG && y.len() <= x.len() / 4;
        let text = match &a.text {
            Text::Shared(prefix) if let Some(longer) = prefix.extended(y) => {
                Text::Shared(Box::new(longer))
            }
            _ if let Some(short) = Short::joined(x, y) => Text::Inline(short),
            _ if is_append => Text::Shared(Box::new(Prefix::new(x, y))),
            _ => Text::Own(append_buffer::joined(x, y)),
        };
        Some(Str {
            text,
            hash: Cell::new(NO_HASH),
            length: a.length + b.length,
            interned: Cell::new(false),
        })
    }

    /// Whether the text stands in the object itself.
    #[inline(always)]
    pub fn is_inline(&self) -> bool {
        matches!(self.text, Text::Inline(_))
    }

    /// About how many bytes of memory it has beside its cell.
    pub fn owned_bytes(&self) -> usize {
        match &self.text {
            Text::Inline(_) => 0,
            Text::Own(text) => text.len(),
            Text::Shared(prefix) => prefix.owned_bytes(),
        }
    }

    /// The text with its length in code points.
    #[inline]
    pub fn str_ref(&self) -> StrRef<'_> {
        StrRef::with_len(self.text.get(), self.length as usize)
    }

    /// The text.
    #[inline(always)]
    pub fn text(&self) -> &Wtf8 {
        self.text.get()
    }

    /// The text's WTF-8 bytes.
    #[inline(always)]
    pub fn text_bytes(&self) -> &[u8] {
        self.text.get().as_bytes()
    }

    /// The text if it is valid Unicode.
    pub fn as_utf8(&self) -> Option<&str> {
        self.text.get().as_str().ok()
    }

    /// Length in code points.
    #[inline]
    pub fn len(&self) -> usize {
        self.length as usize
    }

    /// Whether the text is empty.
    #[inline(always)]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Whether every code point is ASCII, so that byte and code point positions agree.
    #[inline(always)]
    pub fn is_ascii(&self) -> bool {
        self.length as usize == self.text.get().len()
    }

    /// Python's hash, computed once.
    #[inline(always)]
    pub fn hash(&self) -> i64 {
        if self.hash.get() == NO_HASH {
            self.hash.set(hash_text(self.text_bytes()));
        }
        self.hash.get()
    }

    /// Python's hash, if it was computed before.
    #[inline(always)]
    pub fn known_hash(&self) -> Option<i64> {
        match self.hash.get() {
            NO_HASH => None,
            hash => Some(hash),
        }
    }

    /// Whether the texts are equal, as far as that can be told without a call.
    #[inline(always)]
    pub fn quick_eq(&self, other: &Str) -> Option<bool> {
        const MAX: usize = 12;
        let (x, y) = (self.text_bytes(), other.text_bytes());
        if x.len() != y.len() {
            return Some(false);
        }
        if x.len() > MAX {
            return None;
        }
        // A loop, since the comparison of slices is a call.
        for (x, y) in x.iter().zip(y) {
            if x != y {
                return Some(false);
            }
        }
        Some(true)
    }

    /// How the texts are ordered, if the first byte of one of them tells it.
    #[inline(always)]
    pub fn quick_order(&self, other: &Str) -> Option<std::cmp::Ordering> {
        // WTF-8 orders as code points do.
        let (x, y) = (self.text_bytes(), other.text_bytes());
        let order = x.first().cmp(&y.first());
        (order.is_ne() || x.len() <= 1 && y.len() <= 1).then_some(order)
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

/// Which of the strings made once a text is: the empty one, or a character of Latin-1.
#[inline]
pub(crate) fn shared(text: &Wtf8) -> Option<Option<u8>> {
    match *text.as_bytes() {
        [] => Some(None),
        [c] => Some(Some(c)),
        [lead @ (0xc2 | 0xc3), c] => Some(Some(lead << 6 | c & 0x3f)),
        _ => None,
    }
}

impl<M: ObjectModel> Vm<M> {
    /// A `str` of borrowed text: shared objects for the empty text and characters of Latin-1.
    #[inline]
    pub fn new_piece(&mut self, text: &Wtf8) -> V<M> {
        match shared(text) {
            None => self.alloc(Str::copied(text, crate::text::slice::char_len(text))),
            Some(which) => self.shared_str(which),
        }
    }

    /// The shared `str` that [`shared`] found.
    #[inline]
    fn shared_str(&mut self, which: Option<u8>) -> V<M> {
        match which {
            None => self.interp.once.empty_str.clone(),
            Some(c) => self.interp.once.characters[usize::from(c)].clone(),
        }
    }

    /// A `str` of borrowed text with its length.
    #[inline]
    pub fn new_piece_ref(&mut self, text: StrRef<'_>) -> V<M> {
        match shared(text.text()) {
            None => self.alloc(Str::copied(text.text(), text.char_len())),
            Some(which) => self.shared_str(which),
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
