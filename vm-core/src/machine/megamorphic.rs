//! The megamorphic cache: one table for the attribute accesses whose receivers have more shapes than
//! their sites have ways.
//!
//! A direct-mapped table from (shape id or class version, name) to what an inline cache would hold.
//! It is asked after a site's own ways and filled whenever a site is, so a site that sees many shapes costs a
//! probe and no lookup. Keys are never reused, so entries of dead shapes are harmless. Hölzle, Ungar: "Optimizing
//! dynamically-dispatched calls with run-time type feedback", PLDI 1994, has the term.

use std::cell::Cell;

/// What an access does, so that equal ids of different accesses differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u64)]
pub enum Access {
    /// LOAD_ATTR.
    Load = 0,
    /// STORE_ATTR.
    Store = 1 << 62,
    /// LOAD_METHOD.
    Method = 2 << 62,
}

/// An entry of the table. All zero when empty.
#[derive(Debug, Clone, Copy, Default)]
#[repr(C)]
struct Entry {
    /// Id and access.
    id: u64,
    /// Bits of the interned name.
    name: u64,
    /// The site's key.
    key: u64,
    /// The site's value.
    value: u64,
}

/// Entries: 1024 of 32 bytes.
const SIZE: usize = 1 << 10;

/// The table.
pub struct MegamorphicCache {
    entries: Box<[Cell<Entry>; SIZE]>,
}

impl Default for MegamorphicCache {
    fn default() -> Self {
        MegamorphicCache {
            entries: Box::new(
                [const {
                    Cell::new(Entry {
                        id: 0,
                        name: 0,
                        key: 0,
                        value: 0,
                    })
                }; SIZE],
            ),
        }
    }
}

impl MegamorphicCache {
    #[inline(always)]
    fn place(&self, id: u64, name: u64) -> &Cell<Entry> {
        let hash = id.wrapping_mul(0x9E37_79B9).wrapping_add(name >> 4);
        &self.entries[hash as usize % SIZE]
    }

    /// Key and value that a site for `name` would hold for `id` (a shape's or a class's, not 0).
    #[inline(always)]
    pub fn find(&self, access: Access, id: u64, name: u64) -> Option<(u64, u64)> {
        let e = self.place(id, name).get();
        if e.id == id | access as u64 && e.name == name {
            Some((e.key, e.value))
        } else {
            None
        }
    }

    /// Puts an entry in.
    pub fn put(&self, access: Access, id: u64, name: u64, (key, value): (u64, u64)) {
        self.place(id, name).set(Entry {
            id: id | access as u64,
            name,
            key,
            value,
        });
    }
}
