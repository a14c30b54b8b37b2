//! Branch target buffers without history: an entry a branch, direct-mapped.
//!
//! The buffer of [`LastTarget`] holds the last target; that of [`TwoBit`] keeps a target until it has missed twice in a row.
//! Both have 512 entries, as the Pentium III had; entries are tagged, so that a branch never predicts another's target.

use super::Predictor;

/// Entries of a buffer.
pub const ENTRIES: usize = 512;

/// What is known of the branch that used the entry last.
#[derive(Clone, Copy, Debug)]
struct Entry {
    site: u32,
    target: u32,
    missed: bool,
}

type Buffer = Vec<Option<Entry>>;

/// The last target.
#[derive(Debug)]
pub struct LastTarget(Buffer);

impl LastTarget {
    /// An empty buffer.
    pub fn new() -> LastTarget {
        LastTarget(vec![None; ENTRIES])
    }
}

impl Default for LastTarget {
    fn default() -> Self {
        LastTarget::new()
    }
}

impl Predictor for LastTarget {
    fn name(&self) -> &'static str {
        "btb-2003"
    }

    fn branch(&mut self, site: u32, target: u32) -> bool {
        let entry = &mut self.0[site as usize % ENTRIES];
        let hit = entry.is_some_and(|e| e.site == site && e.target == target);
        *entry = Some(Entry {
            site,
            target,
            missed: false,
        });
        hit
    }
}

/// A target with a second chance.
#[derive(Debug)]
pub struct TwoBit(Buffer);

impl TwoBit {
    /// An empty buffer.
    pub fn new() -> TwoBit {
        TwoBit(vec![None; ENTRIES])
    }
}

impl Default for TwoBit {
    fn default() -> Self {
        TwoBit::new()
    }
}

impl Predictor for TwoBit {
    fn name(&self) -> &'static str {
        "btb-2-bit"
    }

    fn branch(&mut self, site: u32, target: u32) -> bool {
        let slot = &mut self.0[site as usize % ENTRIES];
        match slot {
            Some(e) if e.site == site && e.target == target => {
                e.missed = false;
                true
            }
            Some(e) if e.site == site && !e.missed => {
                e.missed = true;
                false
            }
            _ => {
                *slot = Some(Entry {
                    site,
                    target,
                    missed: false,
                });
                false
            }
        }
    }
}
