//! What few objects have: weak references to them, and a finalizer that has already run.
//!
//! Neither has room in the header, and neither is asked for on a hot path: a heap remembers which
//! cells may have an entry and looks only then. A weak reference is a token: a number that is never
//! used again, so a token of a dead target stays dead whatever takes the target's cell.

use rustc_hash::FxHashMap;

/// See the module. Addresses are those of headers.
#[derive(Debug, Default)]
pub struct SideTable {
    entries: FxHashMap<u64, Entry>,
    targets: FxHashMap<u64, u64>,
    last_token: u64,
    dead: Vec<u64>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Entry {
    /// 0: nobody refers weakly.
    token: u64,
    finalized: bool,
}

impl SideTable {
    /// The token of the object at `address`, the same for every call while it lives, and whether
    /// the object has an entry only now.
    pub fn token(&mut self, address: u64) -> (u64, bool) {
        let is_new = !self.entries.contains_key(&address);
        let entry = self.entries.entry(address).or_default();
        if entry.token == 0 {
            self.last_token += 1;
            entry.token = self.last_token;
            self.targets.insert(entry.token, address);
        }
        (entry.token, is_new)
    }

    /// Address of the target of a token, unless it is dead.
    pub fn target(&self, token: u64) -> Option<u64> {
        self.targets.get(&token).copied()
    }

    /// Remembers that the finalizer has run or is about to; gives whether the object has an entry only now.
    pub fn set_finalized(&mut self, address: u64) -> bool {
        let is_new = !self.entries.contains_key(&address);
        self.entries.entry(address).or_default().finalized = true;
        is_new
    }

    /// Whether the finalizer must not run again.
    pub fn is_finalized(&self, address: u64) -> bool {
        self.entries.get(&address).is_some_and(|e| e.finalized)
    }

    /// Whether anything is remembered of the object at `address`.
    pub fn has(&self, address: u64) -> bool {
        self.entries.contains_key(&address)
    }

    /// Whether nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The weak references to the object at `address` die, though it may live on; gives whether there were any.
    pub fn clear_weak(&mut self, address: u64) -> bool {
        let Some(entry) = self.entries.get_mut(&address) else {
            return false;
        };
        let token = std::mem::take(&mut entry.token);
        if token == 0 {
            return false;
        }
        self.targets.remove(&token);
        self.dead.push(token);
        true
    }

    /// The object at `address` is reclaimed: forgets it. Gives whether weak references have died.
    pub fn remove(&mut self, address: u64) -> bool {
        let any = self.clear_weak(address);
        self.entries.remove(&address);
        any
    }

    /// Forgets the objects for which `is_live` says no; their weak references die.
    pub fn retain(&mut self, is_live: impl Fn(u64) -> bool) {
        let gone: Vec<u64> = self
            .entries
            .keys()
            .copied()
            .filter(|&a| !is_live(a))
            .collect();
        for address in gone {
            self.remove(address);
        }
    }

    /// Addresses of the targets of live tokens.
    pub fn weak_targets(&self) -> Vec<u64> {
        self.targets.values().copied().collect()
    }

    /// Tokens that have died since the last call.
    pub fn take_dead(&mut self) -> Vec<u64> {
        std::mem::take(&mut self.dead)
    }
}

#[cfg(test)]
mod tests {
    use super::SideTable;

    #[test]
    fn tokens_are_stable_and_die_once() {
        let mut s = SideTable::default();
        let (a, new) = s.token(64);
        assert!(new);
        assert_eq!(s.token(64), (a, false));
        assert_eq!(s.target(a), Some(64));
        assert!(s.remove(64));
        assert!(!s.remove(64));
        assert_eq!(s.target(a), None);
        assert_eq!(s.take_dead(), [a]);
        let (b, _) = s.token(64);
        assert_ne!(a, b);
    }

    #[test]
    fn a_finalizer_outlives_the_weak_references() {
        let mut s = SideTable::default();
        s.token(64);
        assert!(!s.set_finalized(64));
        assert!(s.clear_weak(64));
        assert!(s.is_finalized(64));
        s.remove(64);
        assert!(!s.is_finalized(64) && s.is_empty());
    }
}
