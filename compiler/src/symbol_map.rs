//! A map from [`Symbol`] that remembers insertion order: the index of an entry is the operand
//! of the instructions that use it.
//!
//! Small maps are searched from front to back; larger ones keep an index beside the list.

use std::collections::HashMap;

use crate::interner::{FoldHashBuilder, Symbol};

/// Up to this many entries a linear search beats hashing.
const LINEAR_LIMIT: usize = 12;

/// An insertion-ordered map from symbols.
#[derive(Debug, Clone)]
pub(crate) struct SymbolMap<V> {
    entries: Vec<(Symbol, V)>,
    index: HashMap<Symbol, u32, FoldHashBuilder>,
}

impl<V> Default for SymbolMap<V> {
    fn default() -> Self {
        SymbolMap {
            entries: Vec::new(),
            index: HashMap::default(),
        }
    }
}

impl<V> SymbolMap<V> {
    /// The place of `symbol` in insertion order.
    pub(crate) fn position(&self, symbol: Symbol) -> Option<usize> {
        if self.entries.len() <= LINEAR_LIMIT {
            self.entries.iter().position(|entry| entry.0 == symbol)
        } else {
            self.index.get(&symbol).map(|&place| place as usize)
        }
    }

    pub(crate) fn get(&self, symbol: Symbol) -> Option<&V> {
        self.position(symbol).map(|place| &self.entries[place].1)
    }

    pub(crate) fn get_mut(&mut self, symbol: Symbol) -> Option<&mut V> {
        let place = self.position(symbol)?;
        Some(&mut self.entries[place].1)
    }

    /// The value of `symbol`, first set to `value` if it is new.
    pub(crate) fn entry(&mut self, symbol: Symbol, value: V) -> &mut V {
        let place = self.insert_position(symbol, value);
        &mut self.entries[place].1
    }

    /// The place of `symbol`, which is added with `value` if it is new.
    pub(crate) fn insert_position(&mut self, symbol: Symbol, value: V) -> usize {
        if let Some(place) = self.position(symbol) {
            return place;
        }
        let place = self.entries.len();
        self.entries.push((symbol, value));
        if place == LINEAR_LIMIT {
            let places = self.entries.iter().enumerate();
            self.index = places.map(|(i, entry)| (entry.0, i as u32)).collect();
        } else if place > LINEAR_LIMIT {
            self.index.insert(symbol, place as u32);
        }
        place
    }

    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (Symbol, &V)> {
        self.entries.iter().map(|entry| (entry.0, &entry.1))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = (Symbol, &mut V)> {
        self.entries.iter_mut().map(|entry| (entry.0, &mut entry.1))
    }

    pub(crate) fn symbols(&self) -> impl Iterator<Item = Symbol> {
        self.entries.iter().map(|entry| entry.0)
    }
}

impl FromIterator<Symbol> for SymbolMap<()> {
    fn from_iter<T: IntoIterator<Item = Symbol>>(symbols: T) -> Self {
        let mut map = SymbolMap::default();
        for symbol in symbols {
            map.insert_position(symbol, ());
        }
        map
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_survives_growth() {
        let mut map = SymbolMap::default();
        for i in 0..40 {
            assert_eq!(map.insert_position(Symbol(i * 7), i), i as usize);
            assert_eq!(map.insert_position(Symbol(0), 99), 0);
        }
        for i in 0..40 {
            assert_eq!(map.position(Symbol(i * 7)), Some(i as usize));
            assert_eq!(map.get(Symbol(i * 7)), Some(&i));
        }
        assert_eq!(map.get(Symbol(1)), None);
    }
}
