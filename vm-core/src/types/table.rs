//! The insertion-ordered hash table under `dict`, `set` and `frozenset`.
//!
//! Entries stand in a vector in insertion order; a `hashbrown` index maps a
//! hash to a position. A deleted entry leaves an absent key behind, and the
//! vector is compacted when half of it is such. A table of a few entries has no
//! index and is searched in order. Looking a key up may call
//! `__eq__`, so nothing is borrowed while guest code runs: candidates are
//! compared one by one, and the search starts again if the table changed.

use crate::Vm;
use crate::object::{ObjectModel, Res, V, Value, Visitor};
use crate::types::certain::certain_eq;
use crate::types::str::Str;
use hashbrown::HashTable;
use smallvec::SmallVec;
use std::cell::{Cell, RefCell};

/// One entry. `key` is absent in a deleted one; `value` is absent in sets.
pub struct Entry<M: ObjectModel> {
    /// Python's hash of the key.
    pub hash: i64,
    /// The key.
    pub key: V<M>,
    /// The value.
    pub value: V<M>,
}

struct Core<M: ObjectModel> {
    /// Positions by hash; empty while the table is small.
    index: HashTable<u32>,
    entries: Vec<Entry<M>>,
    live: usize,
    /// Every entry before this position is deleted.
    head: usize,
    /// Where a key was last found through the index. `if key in d: d[key] += 1` looks one key up three times.
    last: Cell<u32>,
}

/// Tables with at most this many entries are searched in order, without an index.
const SMALL: usize = 8;

/// The table.
pub struct Table<M: ObjectModel> {
    core: RefCell<Core<M>>,
    /// Changes whenever the set of keys or their positions change; 0 until a cache asks.
    version: Cell<u64>,
}

/// Positions of keys whose equality only `__eq__` can tell.
type Candidates = SmallVec<[u32; 4]>;

enum Probe {
    Found(usize),
    Absent,
    /// Keys with this hash that have to be asked.
    Ask(Candidates),
}

impl<M: ObjectModel> Default for Table<M> {
    fn default() -> Self {
        Table {
            core: RefCell::new(Core {
                index: HashTable::new(),
                entries: Vec::new(),
                live: 0,
                head: 0,
                last: Cell::new(0),
            }),
            version: Cell::new(0),
        }
    }
}

#[inline(always)]
fn spread(hash: i64) -> u64 {
    // hashbrown takes control bits from the top and the bucket from the bottom;
    // small integers hash to themselves, so both must be stirred.
    (hash as u64)
        .wrapping_mul(0x9E37_79B9_7F4A_7C15)
        .rotate_left(29)
}

impl<M: ObjectModel> Core<M> {
    /// The first entry with this hash of which `matches` is true.
    #[inline(always)]
    fn find(&self, hash: i64, mut matches: impl FnMut(u32, &V<M>) -> bool) -> Option<usize> {
        if self.index.is_empty() {
            let mut all = self.entries.iter().enumerate();
            let matching = |&(i, e): &(usize, &Entry<M>)| {
                e.hash == hash && !e.key.is_null() && matches(i as u32, &e.key)
            };
            return all.find(matching).map(|(i, _)| i);
        }
        let found = self.index.find(spread(hash), |&i| {
            let e = &self.entries[i as usize];
            e.hash == hash && matches(i, &e.key)
        });
        found.map(|&i| {
            self.last.set(i);
            i as usize
        })
    }

    /// The position of this very key, if it is the one that was last found.
    #[inline(always)]
    fn found_again(&self, key: &V<M>) -> Option<usize> {
        let at = self.last.get() as usize;
        self.entries.get(at).filter(|e| e.key.is(key)).map(|_| at)
    }

    #[inline]
    fn probe(&self, key: &V<M>, hash: i64) -> Probe {
        if let Some(i) = self.found_again(key) {
            return Probe::Found(i);
        }
        let mut is_certain = true;
        let found = self.find(hash, |_, k| {
            certain_eq::<M>(k, key).unwrap_or_else(|| {
                is_certain = false;
                false
            })
        });
        match found {
            Some(i) => Probe::Found(i),
            None if is_certain => Probe::Absent,
            None => self.candidates(key, hash),
        }
    }

    /// The keys that have to be asked.
    #[cold]
    #[inline(never)]
    fn candidates(&self, key: &V<M>, hash: i64) -> Probe {
        let mut ask = Candidates::new();
        self.find(hash, |i, k| {
            if certain_eq::<M>(k, key).is_none() {
                ask.push(i);
            }
            false
        });
        Probe::Ask(ask)
    }

    #[inline]
    fn push(&mut self, hash: i64, key: V<M>, value: V<M>) {
        let at = self.entries.len() as u32;
        self.entries.push(Entry { hash, key, value });
        self.live += 1;
        if !self.index.is_empty() {
            let entries = &self.entries;
            self.index
                .insert_unique(spread(hash), at, |&i| spread(entries[i as usize].hash));
        } else if self.entries.len() > SMALL {
            self.build_index();
        }
    }

    /// Appends an entry, after removing deleted ones where they are many.
    #[inline]
    fn add(&mut self, hash: i64, key: V<M>, value: V<M>) {
        if self.live * 2 < self.entries.len() && self.entries.len() >= 32 {
            self.compact();
        }
        self.push(hash, key, value);
    }

    fn build_index(&mut self) {
        self.index.clear();
        let entries = &self.entries;
        let rehash = |&i: &u32| spread(entries[i as usize].hash);
        self.index.reserve(entries.len(), rehash);
        for (i, e) in entries.iter().enumerate() {
            if !e.key.is_null() {
                self.index.insert_unique(spread(e.hash), i as u32, rehash);
            }
        }
    }

    fn unlink(&mut self, at: usize) -> Entry<M> {
        let hash = self.entries[at].hash;
        if let Ok(slot) = self.index.find_entry(spread(hash), |&i| i as usize == at) {
            slot.remove();
        }
        let e = &mut self.entries[at];
        let key = std::mem::replace(&mut e.key, V::<M>::null());
        let value = std::mem::replace(&mut e.value, V::<M>::null());
        self.live -= 1;
        if self.live == 0 {
            // Also keeps an empty index and entries without keys apart.
            self.entries.clear();
            self.head = 0;
        } else if at + 1 == self.entries.len() {
            while self.entries.last().is_some_and(|e| e.key.is_null()) {
                self.entries.pop();
            }
        } else if at == self.head {
            while self.entries[self.head].key.is_null() {
                self.head += 1;
            }
        }
        Entry { hash, key, value }
    }

    fn compact(&mut self) {
        self.entries.retain(|e| !e.key.is_null());
        self.head = 0;
        if self.entries.len() > SMALL {
            self.build_index();
        } else {
            self.index.clear();
        }
    }
}

impl<M: ObjectModel> Table<M> {
    /// An empty table with room for `n` entries.
    pub fn with_capacity(n: usize) -> Self {
        let table = Table::default();
        table.core.borrow_mut().entries.reserve_exact(n);
        table
    }

    /// Number of entries.
    #[inline]
    pub fn len(&self) -> usize {
        self.core.borrow().live
    }

    /// Number of entries, unless the table is being changed.
    #[inline(always)]
    pub fn try_len(&self) -> Option<usize> {
        self.core.try_borrow().ok().map(|core| core.live)
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Positions in use, deleted ones included: the bound for [`Table::at`].
    pub fn span(&self) -> usize {
        self.core.borrow().entries.len()
    }

    /// Room for `n` more entries without growth.
    pub fn reserve(&self, n: usize) {
        let core = &mut *self.core.borrow_mut();
        core.entries.reserve(n);
        if !core.index.is_empty() {
            let entries = &core.entries;
            core.index.reserve(n, |&i| spread(entries[i as usize].hash));
        }
    }

    /// The entry at a position: hash, key, value; `None` if deleted or past the end.
    #[inline]
    pub fn at(&self, position: usize) -> Option<(i64, V<M>, V<M>)> {
        let core = self.core.borrow();
        let e = core.entries.get(position)?;
        if e.key.is_null() {
            return None;
        }
        Some((e.hash, e.key.clone(), e.value.clone()))
    }

    /// The first entry at or after `position`: its position, key and value.
    #[inline]
    pub fn next_from(&self, position: usize) -> Option<(usize, V<M>, V<M>)> {
        let core = self.core.borrow();
        let mut i = position.max(core.head);
        loop {
            let e = core.entries.get(i)?;
            if !e.key.is_null() {
                return Some((i, e.key.clone(), e.value.clone()));
            }
            i += 1;
        }
    }

    /// As [`Table::next_from`] for a loop over a table of `length` entries, without a call; `None` also
    /// where the number of entries has changed.
    #[inline(always)]
    pub fn try_next_from(&self, position: usize, length: usize) -> Option<(usize, V<M>, V<M>)> {
        let core = self.core.try_borrow().ok()?;
        if core.live != length {
            return None;
        }
        let mut i = position.max(core.head);
        loop {
            let e = core.entries.get(i)?;
            if !e.key.is_null() {
                return Some((i, e.key.clone(), e.value.clone()));
            }
            i += 1;
        }
    }

    /// The value at `position` if its key is this very object: the check of an inline cache.
    #[inline(always)]
    pub fn value_if_key(&self, position: usize, key: u64) -> Option<V<M>> {
        let core = self.core.try_borrow().ok()?;
        match core.entries.get(position) {
            Some(e) if e.key.bits() == key => Some(e.value.clone()),
            _ => None,
        }
    }

    /// The value at a live position. For caches that have compared the version.
    #[inline(always)]
    pub fn value_at(&self, position: usize) -> Option<V<M>> {
        let core = self.core.try_borrow().ok()?;
        core.entries.get(position).map(|e| e.value.clone())
    }

    /// Replaces the value at `position` if its key is this very object; gives the old value.
    #[inline(always)]
    pub fn replace_if_key(&self, position: usize, key: u64, value: V<M>) -> Result<V<M>, V<M>> {
        match self.core.borrow_mut().entries.get_mut(position) {
            Some(e) if e.key.bits() == key => Ok(std::mem::replace(&mut e.value, value)),
            _ => Err(value),
        }
    }

    /// Version of the key set, given to caches. `fresh` makes a new number where none is set.
    pub fn version(&self, fresh: impl FnOnce() -> u64) -> u64 {
        if self.version.get() == 0 {
            self.version.set(fresh());
        }
        self.version.get()
    }

    /// The version if one was given out and still holds, else 0.
    #[inline(always)]
    pub fn known_version(&self) -> u64 {
        self.version.get()
    }

    /// The hash of a key that is exactly a `str` or a small `int`, if no call is needed for it.
    #[inline(always)]
    pub fn quick_hash(key: &V<M>) -> Option<i64> {
        match key.small_int() {
            Some(i) => crate::number::hash::quick_hash_i64(i),
            None => key.get_exact::<Str>()?.known_hash(),
        }
    }

    /// Position of a string key, by identity or text. Calls nothing: keys that are no exact
    /// strings are not asked.
    #[inline]
    pub fn position_of_str(&self, name: &V<M>, hash: i64) -> Option<usize> {
        match self.core.borrow().probe(name, hash) {
            Probe::Found(i) => Some(i),
            _ => None,
        }
    }

    /// The value of a string key ([`Table::position_of_str`]).
    #[inline]
    pub fn get_str(&self, name: &V<M>, hash: i64) -> Option<V<M>> {
        let core = self.core.borrow();
        match core.probe(name, hash) {
            Probe::Found(i) => Some(core.entries[i].value.clone()),
            _ => None,
        }
    }

    /// Whether a key is there ([`Table::quick_hash`] tells its hash); `None` where that cannot be said without a call of Python code.
    #[inline(never)]
    pub fn quick_contains(&self, key: &V<M>) -> Option<bool> {
        let hash = Self::quick_hash(key)?;
        match self.core.try_borrow().ok()?.probe(key, hash) {
            Probe::Found(_) => Some(true),
            Probe::Absent => Some(false),
            Probe::Ask(_) => None,
        }
    }

    /// The value of a key; `None` as well where [`Table::quick_contains`] does not know.
    #[inline(never)]
    pub fn quick_get(&self, key: &V<M>) -> Option<V<M>> {
        let hash = Self::quick_hash(key)?;
        let core = self.core.try_borrow().ok()?;
        match core.probe(key, hash) {
            Probe::Found(i) => Some(core.entries[i].value.clone()),
            _ => None,
        }
    }

    /// Replaces the value of a key by the word that `value` gives, and gives the old one, if that is easy to drop;
    /// otherwise nothing is done, as where [`Table::quick_get`] finds nothing.
    #[inline(never)]
    pub fn quick_replace(&self, key: &V<M>, value: &V<M>) -> bool {
        let Some(hash) = Self::quick_hash(key) else {
            return false;
        };
        let Ok(mut core) = self.core.try_borrow_mut() else {
            return false;
        };
        let Probe::Found(i) = core.probe(key, hash) else {
            return false;
        };
        let place = &mut core.entries[i].value;
        if !place.is_easy() {
            return false;
        }
        let old = std::mem::replace(place, value.clone());
        // SAFETY: tested above.
        unsafe { old.drop_easy() };
        true
    }

    /// Position of a key. May run `__eq__`.
    pub fn find(&self, vm: &mut Vm<M>, key: &V<M>, hash: i64) -> Res<Option<usize>> {
        let first = self.core.borrow().probe(key, hash);
        match first {
            Probe::Found(i) => Ok(Some(i)),
            Probe::Absent => Ok(None),
            Probe::Ask(candidates) => self.find_asking(vm, key, hash, candidates),
        }
    }

    #[cold]
    fn find_asking(
        &self,
        vm: &mut Vm<M>,
        key: &V<M>,
        hash: i64,
        candidates: Candidates,
    ) -> Res<Option<usize>> {
        vm.holding(|vm| self.ask(vm, key, hash, candidates))
    }

    fn ask(
        &self,
        vm: &mut Vm<M>,
        key: &V<M>,
        hash: i64,
        mut candidates: Candidates,
    ) -> Res<Option<usize>> {
        'again: loop {
            for &i in &candidates {
                let Some((_, k, _)) = self.at(i as usize) else {
                    continue;
                };
                let eq = vm.is_equal(&k, key)?;
                let still = self.at(i as usize).is_some_and(|(_, now, _)| now.is(&k));
                if !still {
                    let again = self.core.borrow().probe(key, hash);
                    match again {
                        Probe::Found(i) => return Ok(Some(i)),
                        Probe::Absent => return Ok(None),
                        Probe::Ask(c) => {
                            candidates = c;
                            continue 'again;
                        }
                    }
                }
                if eq {
                    return Ok(Some(i as usize));
                }
            }
            return Ok(None);
        }
    }

    /// The value of a key. May run `__eq__`.
    pub fn get(&self, vm: &mut Vm<M>, key: &V<M>, hash: i64) -> Res<Option<V<M>>> {
        let core = self.core.borrow();
        match core.probe(key, hash) {
            Probe::Found(i) => Ok(Some(core.entries[i].value.clone())),
            Probe::Absent => Ok(None),
            Probe::Ask(c) => {
                drop(core);
                let at = self.find_asking(vm, key, hash, c)?;
                Ok(at.and_then(|i| self.at(i)).map(|(_, _, v)| v))
            }
        }
    }

    /// Sets a key's value; gives the old one. The old key stays. May run `__eq__`.
    #[inline]
    pub fn insert(&self, vm: &mut Vm<M>, key: V<M>, hash: i64, value: V<M>) -> Res<Option<V<M>>> {
        let mut core = self.core.borrow_mut();
        let candidates = match core.probe(&key, hash) {
            Probe::Found(i) => {
                return Ok(Some(std::mem::replace(&mut core.entries[i].value, value)));
            }
            Probe::Absent => {
                core.add(hash, key, value);
                self.version.set(0);
                return Ok(None);
            }
            Probe::Ask(candidates) => candidates,
        };
        drop(core);
        match self.find_asking(vm, &key, hash, candidates)? {
            Some(i) => Ok(Some(self.replace(i, value))),
            None => {
                self.insert_new(key, hash, value);
                Ok(None)
            }
        }
    }

    /// The value of a key, or `default` put in for it. May run `__eq__`.
    pub fn get_or_insert(
        &self,
        vm: &mut Vm<M>,
        key: &V<M>,
        hash: i64,
        default: &V<M>,
    ) -> Res<V<M>> {
        match self.get(vm, key, hash)? {
            Some(value) => Ok(value),
            None => {
                self.insert_new(key.clone(), hash, default.clone());
                Ok(default.clone())
            }
        }
    }

    /// Sets the value of a string key without calling anything; gives the old one.
    pub fn insert_str(&self, name: V<M>, hash: i64, value: V<M>) -> Option<V<M>> {
        match self.position_of_str(&name, hash) {
            Some(i) => Some(self.replace(i, value)),
            None => {
                self.insert_new(name, hash, value);
                None
            }
        }
    }

    /// Adds a key known to be absent.
    pub fn insert_new(&self, key: V<M>, hash: i64, value: V<M>) {
        self.core.borrow_mut().add(hash, key, value);
        self.version.set(0);
    }

    /// Exchanges the value at a live position.
    pub fn replace(&self, position: usize, value: V<M>) -> V<M> {
        std::mem::replace(&mut self.core.borrow_mut().entries[position].value, value)
    }

    /// Removes the entry at a live position. The caller drops it outside any borrow.
    pub fn remove_at(&self, position: usize) -> Entry<M> {
        self.version.set(0);
        self.core.borrow_mut().unlink(position)
    }

    /// Removes a key; gives its entry. May run `__eq__`.
    pub fn remove(&self, vm: &mut Vm<M>, key: &V<M>, hash: i64) -> Res<Option<Entry<M>>> {
        Ok(self.find(vm, key, hash)?.map(|i| self.remove_at(i)))
    }

    /// Removes a string key without calling anything.
    pub fn remove_str(&self, name: &V<M>, hash: i64) -> Option<Entry<M>> {
        self.position_of_str(name, hash).map(|i| self.remove_at(i))
    }

    /// Removes the first entry.
    pub fn pop_first(&self) -> Option<Entry<M>> {
        let (at, _, _) = self.next_from(0)?;
        Some(self.remove_at(at))
    }

    /// Moves the entry at a live position behind all others.
    pub fn move_to_end(&self, position: usize) {
        let e = self.remove_at(position);
        self.insert_new(e.key, e.hash, e.value);
    }

    /// Takes everything out of another table and drops what was here.
    pub fn replace_with(&self, other: Table<M>) {
        let old = self.core.replace(other.core.into_inner());
        self.version.set(0);
        drop(old);
    }

    /// Removes the last entry.
    pub fn pop_last(&self) -> Option<Entry<M>> {
        let last = {
            let core = self.core.borrow();
            core.entries.iter().rposition(|e| !e.key.is_null())?
        };
        Some(self.remove_at(last))
    }

    /// Empties the table; the contents are dropped after it is empty.
    pub fn clear(&self) {
        let old = {
            let mut core = self.core.borrow_mut();
            core.index.clear();
            core.live = 0;
            core.head = 0;
            std::mem::take(&mut core.entries)
        };
        self.version.set(0);
        drop(old);
    }

    /// A copy with the same order.
    pub fn copy(&self) -> Table<M> {
        let new = Table::default();
        {
            let core = self.core.borrow();
            let mut n = new.core.borrow_mut();
            n.entries = Vec::with_capacity(core.live);
            n.entries.extend(
                core.entries
                    .iter()
                    .filter(|e| !e.key.is_null())
                    .map(|e| Entry {
                        hash: e.hash,
                        key: e.key.clone(),
                        value: e.value.clone(),
                    }),
            );
            n.live = core.live;
            if core.live == core.entries.len() {
                n.index = core.index.clone();
            }
            if n.index.is_empty() && n.live > SMALL {
                n.build_index();
            }
        }
        new
    }

    /// All keys, in order.
    pub fn keys(&self) -> Vec<V<M>> {
        self.core
            .borrow()
            .entries
            .iter()
            .filter(|e| !e.key.is_null())
            .map(|e| e.key.clone())
            .collect()
    }

    /// All entries, in order: hash, key, value.
    pub fn items(&self) -> Vec<(i64, V<M>, V<M>)> {
        self.core
            .borrow()
            .entries
            .iter()
            .filter(|e| !e.key.is_null())
            .map(|e| (e.hash, e.key.clone(), e.value.clone()))
            .collect()
    }

    /// Shows keys and values to a visitor.
    pub fn trace(&self, visitor: &mut M::Visitor) {
        for e in &self.core.borrow().entries {
            visitor.visit(&e.key);
            visitor.visit(&e.value);
        }
    }
}
