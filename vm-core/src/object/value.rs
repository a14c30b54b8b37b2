//! The machine word that stands for a Python value.
//!
//! ```text
//! pointer        ........ ........ ... ........ .....000   heap object, 8-aligned
//! small int      iiiiiiii iiiiiiii ... iiiiiiii iiiiiii1   63-bit, `tagged` models only
//! singleton      00000000 00000000 ... ........ ...ss010   None, False, True, ...
//! ```
//! In both value forms the singletons are immediates; `tagged` and `boxed`
//! differ in integers alone, so a comparison of the two measures integers.
//! Ownership: a counted model's word owns one reference; `Clone` adds one and
//! `Drop` gives it back. In a traced model the word is plain data.

use super::attrs::Attrs;
use super::header::{Header, Kind, Tag};
use super::kinds::Body;
use super::model::ObjectModel;
use num_bigint::BigInt;

/// Bit patterns of the immediate singletons.
pub mod word {
    /// `None`.
    pub const NONE: u64 = 0x02;
    /// `False`.
    pub const FALSE: u64 = 0x0a;
    /// `True`: `FALSE | 0x10`.
    pub const TRUE: u64 = 0x1a;
    /// No value at all: an unbound local, an empty cell. Never seen by Python code.
    pub const NULL: u64 = 0x22;
    /// `Ellipsis`.
    pub const ELLIPSIS: u64 = 0x2a;
    /// `NotImplemented`.
    pub const NOT_IMPLEMENTED: u64 = 0x32;
}

/// An integer operand, whichever way it is stored.
#[derive(Debug, Clone, Copy)]
pub enum IntRef<'a> {
    /// Fits 64 bits.
    Small(i64),
    /// Does not fit the model's small form (but may fit 64 bits).
    Big(&'a BigInt),
}

impl IntRef<'_> {
    /// As a big integer, by copy.
    pub fn to_big(self) -> BigInt {
        match self {
            IntRef::Small(i) => BigInt::from(i),
            IntRef::Big(b) => b.clone(),
        }
    }

    /// As `i64` if it fits.
    pub fn to_i64(self) -> Option<i64> {
        match self {
            IntRef::Small(i) => Some(i),
            IntRef::Big(b) => i64::try_from(b).ok(),
        }
    }

    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        match self {
            IntRef::Small(i) => i < 0,
            IntRef::Big(b) => b.sign() == num_bigint::Sign::Minus,
        }
    }
}

/// A value word.
///
/// # Safety
/// 1. `bits` returns the word `from_bits` was given; the pattern follows the module's picture.
/// 2. A pointer word points at a live object of `Model` for as long as the word (or, in a
///    traced model, a root that holds it) exists.
/// 3. `is_easy` and `drop_easy` run no Python code and call nothing out of line.
pub unsafe trait Value: Clone + Sized + 'static {
    /// The model this word belongs to.
    type Model: ObjectModel<Value = Self>;
    /// Whether 63-bit integers are immediates.
    const TAGGED: bool;

    /// The word; ownership stays.
    fn bits(&self) -> u64;

    /// A word from its bits.
    ///
    /// # Safety
    /// `bits` must come from [`Value::into_bits`] (and be used once), or be an immediate.
    unsafe fn from_bits(bits: u64) -> Self;

    /// Whether dropping this word is cheap and certain: an immediate, a shared
    /// object, or a leaf whose cell goes straight to a free list.
    fn is_easy(&self) -> bool;

    /// Drops an easy word inline.
    ///
    /// # Safety
    /// [`Value::is_easy`] has just returned true.
    unsafe fn drop_easy(self);

    /// Whether this word and another one of the same object can both be dropped easily.
    fn is_easy_twice(&self) -> bool;

    /// Whether this word is known to be the only reference to its object.
    /// Always false in a traced model.
    fn is_unique(&self) -> bool;

    /// The bits, giving up ownership to whoever keeps them.
    #[inline(always)]
    fn into_bits(self) -> u64 {
        let bits = self.bits();
        std::mem::forget(self);
        bits
    }

    /// A reference of one's own to a word that somebody else owns and keeps.
    ///
    /// # Safety
    /// `bits` is the word of a value that is owned elsewhere at this moment.
    #[inline(always)]
    unsafe fn share(bits: u64) -> Self {
        // SAFETY: the owner's word is live, and it is not dropped here; the clone is ours.
        let borrowed = std::mem::ManuallyDrop::new(unsafe { Self::from_bits(bits) });
        (*borrowed).clone()
    }

    /// An immediate.
    #[inline(always)]
    fn immediate(bits: u64) -> Self {
        debug_assert!(bits & 7 != 0);
        // SAFETY: an immediate owns nothing, rule 2 says nothing about it.
        unsafe { Self::from_bits(bits) }
    }

    /// The absent value.
    #[inline(always)]
    fn null() -> Self {
        Self::immediate(word::NULL)
    }
    /// `None`.
    #[inline(always)]
    fn none() -> Self {
        Self::immediate(word::NONE)
    }
    /// `True` or `False`.
    #[inline(always)]
    fn bool(b: bool) -> Self {
        Self::immediate(word::FALSE | (b as u64) << 4)
    }
    /// `NotImplemented`.
    #[inline(always)]
    fn not_implemented() -> Self {
        Self::immediate(word::NOT_IMPLEMENTED)
    }
    /// `Ellipsis`.
    #[inline(always)]
    fn ellipsis() -> Self {
        Self::immediate(word::ELLIPSIS)
    }
    /// Whether this is the absent value.
    #[inline(always)]
    fn is_null(&self) -> bool {
        self.bits() == word::NULL
    }
    /// Whether this is `None`.
    #[inline(always)]
    fn is_none(&self) -> bool {
        self.bits() == word::NONE
    }
    /// Whether this is `True`.
    #[inline(always)]
    fn is_true(&self) -> bool {
        self.bits() == word::TRUE
    }
    /// Whether this is `False`.
    #[inline(always)]
    fn is_false(&self) -> bool {
        self.bits() == word::FALSE
    }
    /// Whether this is `NotImplemented`.
    #[inline(always)]
    fn is_not_implemented(&self) -> bool {
        self.bits() == word::NOT_IMPLEMENTED
    }
    /// `is`: the same object, or equal immediates.
    #[inline(always)]
    fn is(&self, other: &Self) -> bool {
        self.bits() == other.bits()
    }
    /// Whether the word points at a heap object.
    #[inline(always)]
    fn is_ptr(&self) -> bool {
        self.bits() & 7 == 0
    }

    /// The header, for a heap object.
    #[inline(always)]
    fn header(&self) -> Option<&Header> {
        if self.is_ptr() {
            debug_assert!(self.bits() != 0);
            // SAFETY: rule 2: a pointer word points at a live object, which begins with its header, so it
            // is not 0 either; without being told, the compiler tests that for the `Option`.
            unsafe {
                std::hint::assert_unchecked(self.bits() != 0);
                Some(&*(self.bits() as *const Header))
            }
        } else {
            None
        }
    }

    /// Class and layout, for immediates too.
    #[inline(always)]
    fn tag(&self) -> Tag {
        match self.header() {
            Some(h) => h.tag.get(),
            None => immediate_tag(self.bits()),
        }
    }

    /// The layout, for immediates too ([`Kind::Int`], [`Kind::Bool`], [`Kind::None`], ...).
    #[inline(always)]
    fn kind(&self) -> Kind {
        self.tag().kind()
    }

    /// Whether the word is an object with exactly this tag.
    #[inline(always)]
    fn has_tag(&self, tag: Tag) -> bool {
        match self.header() {
            Some(h) => h.tag.get() == tag,
            None => false,
        }
    }

    /// The body, if the object's layout is `B`'s (subclasses included).
    #[inline(always)]
    fn get<B: Body<Self::Model>>(&self) -> Option<&B> {
        let h = self.header()?;
        if h.tag.get().kind_byte() == B::KIND as u8 {
            // SAFETY: `Body` ties each kind to one body type, which follows the header.
            Some(unsafe { &*(std::ptr::from_ref(h).add(1) as *const B) })
        } else {
            None
        }
    }

    /// The body, if the object is exactly of the built-in class of `B` (no subclass).
    #[inline(always)]
    fn get_exact<B: Body<Self::Model>>(&self) -> Option<&B> {
        let h = self.header()?;
        if h.tag.get() == Tag::exact(B::KIND) {
            // SAFETY: as in `get`; an exact tag holds `B`'s kind byte.
            Some(unsafe { &*(std::ptr::from_ref(h).add(1) as *const B) })
        } else {
            None
        }
    }

    /// The attribute store of an instance, or of an instance of a subclass of a built-in.
    #[inline(always)]
    fn attrs(&self) -> Option<&Attrs<Self::Model>> {
        let h = self.header()?;
        let tag = h.tag.get();
        if tag.kind_byte() == Kind::Instance as u8 {
            // SAFETY: the body of kind `Instance` is an `Attrs`.
            return Some(unsafe { &*(std::ptr::from_ref(h).add(1) as *const Attrs<Self::Model>) });
        }
        if tag.is_extended() {
            let offset = super::body_ops::<Self::Model>(tag.kind()).attrs_offset;
            // SAFETY: the extension bit says that an `Attrs` stands at the kind's offset.
            return Some(unsafe {
                &*(std::ptr::from_ref(h) as *const u8)
                    .add(offset)
                    .cast::<Attrs<Self::Model>>()
            });
        }
        None
    }

    /// The integer of an immediate, or of a boxed 64-bit int that is exactly an `int`.
    #[inline(always)]
    fn small_int(&self) -> Option<i64> {
        let bits = self.bits();
        if Self::TAGGED {
            if bits & 1 != 0 {
                Some(bits as i64 >> 1)
            } else {
                None
            }
        } else {
            self.get_exact::<i64>().copied()
        }
    }

    /// An integer of any storage, `bool` and subclasses included (`PyLong_Check`).
    fn as_int(&self) -> Option<IntRef<'_>> {
        let bits = self.bits();
        if Self::TAGGED && bits & 1 != 0 {
            return Some(IntRef::Small(bits as i64 >> 1));
        }
        match bits {
            word::TRUE => return Some(IntRef::Small(1)),
            word::FALSE => return Some(IntRef::Small(0)),
            _ => {}
        }
        if let Some(i) = self.get::<i64>() {
            return Some(IntRef::Small(*i));
        }
        self.get::<BigInt>().map(IntRef::Big)
    }

    /// The float of a float object, subclasses included.
    #[inline(always)]
    fn as_float(&self) -> Option<f64> {
        self.get::<f64>().copied()
    }

    /// The float of an object that is exactly a `float`.
    #[inline(always)]
    fn exact_float(&self) -> Option<f64> {
        self.get_exact::<f64>().copied()
    }

    /// Whether this is an `int` proper: no bool, no subclass.
    #[inline(always)]
    fn is_exact_int(&self) -> bool {
        (Self::TAGGED && self.bits() & 1 != 0)
            || self.header().is_some_and(|h| {
                let tag = h.tag.get();
                tag == Tag::exact(Kind::Int) || tag == BIG_INT_TAG
            })
    }
}

/// Tag of an `int` whose body is a big integer: class `int`, layout `BigInt`.
pub const BIG_INT_TAG: Tag = Tag::new(super::ClassId(Kind::Int as u32), Kind::BigInt, false);

#[inline(always)]
fn immediate_tag(bits: u64) -> Tag {
    if bits & 1 != 0 {
        return Tag::exact(Kind::Int);
    }
    match bits {
        word::NONE => Tag::exact(Kind::None),
        word::TRUE | word::FALSE => Tag::exact(Kind::Bool),
        word::ELLIPSIS => Tag::exact(Kind::Ellipsis),
        word::NOT_IMPLEMENTED => Tag::exact(Kind::NotImplemented),
        _ => Tag::exact(Kind::Null),
    }
}
