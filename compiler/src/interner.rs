//! Identifiers as small numbers.
//!
//! Every identifier of one compilation is stored once, in the [`Interner`] that the parser
//! fills; the tree, the symbol table and the code generator pass [`Symbol`]s around, which
//! copy and compare as integers. A symbol means nothing without its interner.

use std::collections::HashMap;
use std::rc::Rc;

/// An identifier: an index into the [`Interner`] that made it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Symbol(pub(crate) u32);

/// The table of all identifiers of one compilation.
#[derive(Debug, Clone, Default)]
pub struct Interner {
    ids: HashMap<Rc<str>, Symbol, FoldHashBuilder>,
    names: Vec<Rc<str>>,
}

impl Interner {
    /// An empty table.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The symbol of `name`, made on first sight.
    pub fn intern(&mut self, name: &str) -> Symbol {
        if let Some(&symbol) = self.ids.get(name) {
            return symbol;
        }
        // Sources are limited to 64 MiB, so the count fits in 32 bits.
        let symbol = Symbol(self.names.len() as u32);
        let name: Rc<str> = name.into();
        self.names.push(name.clone());
        self.ids.insert(name, symbol);
        symbol
    }

    /// The symbol of `name` if it was interned before.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<Symbol> {
        self.ids.get(name).copied()
    }

    /// The text of `symbol`.
    ///
    /// # Panics
    /// If `symbol` was made by another, larger interner.
    #[must_use]
    pub fn name(&self, symbol: Symbol) -> &str {
        &self.names[symbol.0 as usize]
    }

    /// How many identifiers there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// Builds [`FoldHasher`]s.
pub(crate) type FoldHashBuilder = std::hash::BuildHasherDefault<FoldHasher>;

/// A multiply-and-rotate hash: identifiers and symbols are short, and hashing them with the
/// standard library's keyed hash would cost more than the rest of the lookup.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct FoldHasher(u64);

impl FoldHasher {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl std::hash::Hasher for FoldHasher {
    fn write(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            let mut word = [0; 8];
            word.copy_from_slice(chunk);
            self.add(u64::from_le_bytes(word));
        }
        let rest = chunks.remainder();
        if !rest.is_empty() {
            let mut word = [0; 8];
            word[..rest.len()].copy_from_slice(rest);
            self.add(u64::from_le_bytes(word));
        }
    }

    fn write_u8(&mut self, value: u8) {
        self.add(u64::from(value));
    }

    fn write_u32(&mut self, value: u32) {
        self.add(u64::from(value));
    }

    fn write_u64(&mut self, value: u64) {
        self.add(value);
    }

    fn write_usize(&mut self, value: usize) {
        self.add(value as u64);
    }

    fn finish(&self) -> u64 {
        // The map uses the top bits for its tags and the bottom ones for the bucket.
        self.0.rotate_left(26)
    }
}
