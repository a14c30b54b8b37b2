//! The eight bytes in front of every heap object.
//!
//! ```text
//! bits 63..40  class id (24)      bits 39..32  kind byte: EXTENDED | kind (7)
//! bits 31..0   count: references held (refcount) or mark state (arena)
//! ```
//! Class and kind share one 32-bit [`Tag`], so the test "is exactly a float"
//! is one comparison with a constant. The class id is an index into
//! [`crate::Vm`]'s class table; it is not a counted reference: a class lives
//! as long as a reachable instance (the collectors follow the edge).

use std::cell::Cell;

/// Index of a class in the interpreter's class table. Below 2^24.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClassId(pub u32);

/// Class and layout of an object in 32 bits: `class << 8 | extended << 7 | kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Tag(pub u32);

/// The header. `count` belongs to the object model, `tag` to the machine.
#[derive(Debug)]
#[repr(C)]
pub struct Header {
    /// Reference count, or mark word of a traced heap.
    pub count: Cell<u32>,
    /// Class and layout. Changes only by `__class__` assignment.
    pub tag: Cell<Tag>,
}

/// Kind byte of a cell on a free list. No live object has it.
pub const FREE: Tag = Tag(0);

impl Tag {
    /// The bit of the kind byte that says: an [`super::attrs::Attrs`] follows the body.
    pub const EXTENDED: u32 = 0x80;

    /// Tag of an object of `class` with body `kind`.
    #[inline(always)]
    pub const fn new(class: ClassId, kind: Kind, extended: bool) -> Tag {
        Tag(class.0 << 8 | if extended { Tag::EXTENDED } else { 0 } | kind as u32)
    }

    /// Tag of an instance of exactly the built-in class that shares its number with `kind`.
    #[inline(always)]
    pub const fn exact(kind: Kind) -> Tag {
        Tag((kind as u32) << 8 | kind as u32)
    }

    /// The class.
    #[inline(always)]
    pub const fn class(self) -> ClassId {
        ClassId(self.0 >> 8)
    }

    /// The kind byte without the extension bit.
    #[inline(always)]
    pub const fn kind_byte(self) -> u8 {
        (self.0 & 0x7f) as u8
    }

    /// The layout.
    #[inline(always)]
    pub fn kind(self) -> Kind {
        Kind::from_byte(self.kind_byte())
    }

    /// Whether an attribute store follows the body (instances of subclasses of built-ins).
    #[inline(always)]
    pub const fn is_extended(self) -> bool {
        self.0 & Tag::EXTENDED != 0
    }
}

pub use super::kinds::Kind;
