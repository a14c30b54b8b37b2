//! ITTAGE: tables of targets, each indexed with a longer history than the one before; the longest that knows the branch predicts.
//!
//! After Seznec and Michaud (JILP 8, 2006, section 5) and Seznec (CBP-3, 2011): a tagless base table, tagged tables with
//! geometric history lengths, a confidence of two bits and a usefulness bit an entry, allocation in a longer table at a
//! miss, and a choice of the alternative prediction where the longest match has no confidence yet. The history is of targets of
//! indirect branches, two bits each: conditional branches are not in the trace.

use super::Predictor;

/// Tagged tables.
const TABLES: usize = 8;
/// Index bits of a tagged table.
const INDEX_BITS: u32 = 10;
/// Bits of a tag.
const TAG_BITS: u32 = 12;
/// Index bits of the base table.
const BASE_BITS: u32 = 11;
/// Dispatches in the history of each table: about 4 · 1.9^i.
const HISTORY: [usize; TABLES] = [2, 4, 8, 15, 28, 54, 102, 200];
/// Bits of a target that enter the history.
const BITS_A_TARGET: u32 = 2;
/// Largest confidence.
const SURE: u8 = 3;
/// Misses between two agings of usefulness.
const AGING: u32 = 1 << 14;

#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    tag: u32,
    target: u32,
    confidence: u8,
    useful: bool,
    valid: bool,
}

/// A history of the last `length` elements, folded by exclusive or to `width` bits, kept up to date in constant time.
#[derive(Clone, Debug)]
struct Folded {
    value: u32,
    width: u32,
    /// Where the element that leaves stands after `length` rotations.
    out: u32,
    length: usize,
}

impl Folded {
    fn new(length: usize, width: u32) -> Folded {
        Folded {
            value: 0,
            width,
            out: (length as u32 * BITS_A_TARGET) % width,
            length,
        }
    }

    fn push(&mut self, new: u32, old: u32) {
        let rotate = |value: u32, by: u32| {
            let by = by % self.width;
            let mask = (1 << self.width) - 1;
            ((value << by) | (value >> (self.width - by))) & mask
        };
        self.value = rotate(self.value, BITS_A_TARGET) ^ new ^ rotate(old, self.out);
    }
}

/// The predictor.
#[derive(Debug)]
pub struct Ittage {
    base: Vec<Entry>,
    tables: Vec<Vec<Entry>>,
    index: Vec<Folded>,
    tag: Vec<Folded>,
    /// The latest elements of the history, a ring.
    history: Vec<u32>,
    at: usize,
    /// Above 7: an entry without confidence is trusted less than the alternative.
    distrust_new: u8,
    misses: u32,
    random: u32,
}

impl Ittage {
    /// Empty tables: 2 048 entries in the base, 8 times 1 024 tagged ones.
    pub fn new() -> Ittage {
        Ittage {
            base: vec![Entry::default(); 1 << BASE_BITS],
            tables: vec![vec![Entry::default(); 1 << INDEX_BITS]; TABLES],
            index: HISTORY
                .iter()
                .map(|&length| Folded::new(length, INDEX_BITS))
                .collect(),
            tag: HISTORY
                .iter()
                .map(|&length| Folded::new(length, TAG_BITS))
                .collect(),
            history: vec![0; HISTORY[TABLES - 1] + 1],
            at: 0,
            distrust_new: 8,
            misses: 0,
            random: 0x2545_F491,
        }
    }

    fn place(&self, table: usize, site: u32) -> (usize, u32) {
        let mixed = mix(site);
        let index = (mixed ^ (mixed >> INDEX_BITS) ^ self.index[table].value ^ table as u32)
            & ((1 << INDEX_BITS) - 1);
        let tag = ((mixed >> 7) ^ self.tag[table].value ^ (self.index[table].value << 1))
            & ((1 << TAG_BITS) - 1);
        (index as usize, tag)
    }

    /// The history grows by a target.
    fn remember(&mut self, target: u32) {
        let bits = mix(target) >> 8 & ((1 << BITS_A_TARGET) - 1);
        let ring = self.history.len();
        for table in 0..TABLES {
            let old = self.history[(self.at + ring - self.index[table].length) % ring];
            self.index[table].push(bits, old);
            self.tag[table].push(bits, old);
        }
        self.history[self.at] = bits;
        self.at = (self.at + 1) % ring;
    }

    /// Xorshift (Marsaglia 2003): hardware picks tables at random, and runs must repeat.
    fn coin(&mut self) -> bool {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 17;
        self.random ^= self.random << 5;
        self.random & 1 == 0
    }

    /// After a miss: an entry in a longer table than the one that predicted, if one there is of no use.
    fn allocate(&mut self, above: usize, places: &[(usize, u32); TABLES], target: u32) {
        let mut first = above;
        // A shorter table is preferred two times in three, so that one miss does not fill all tables.
        if first + 1 < TABLES && self.coin() && self.coin() {
            first += 1;
        }
        for (table, &(index, tag)) in places.iter().enumerate().skip(first) {
            let entry = &mut self.tables[table][index];
            if !entry.useful {
                *entry = Entry {
                    tag,
                    target,
                    confidence: 0,
                    useful: false,
                    valid: true,
                };
                return;
            }
        }
        self.misses += 1;
        if self.misses >= AGING {
            self.misses = 0;
            for entry in self.tables.iter_mut().flatten() {
                entry.useful = false;
            }
        }
    }
}

impl Default for Ittage {
    fn default() -> Self {
        Ittage::new()
    }
}

/// Addresses are spread over the bits; these numbers are not.
fn mix(number: u32) -> u32 {
    number.wrapping_mul(0x9E37_79B1).rotate_right(11)
}

/// One miss of a sure entry lowers its confidence, one of an unsure entry replaces the target.
fn learn(entry: &mut Entry, target: u32) {
    if entry.valid && entry.target == target {
        entry.confidence = (entry.confidence + 1).min(SURE);
    } else if entry.valid && entry.confidence > 0 {
        entry.confidence -= 1;
    } else {
        entry.target = target;
        entry.confidence = 0;
        entry.valid = true;
    }
}

impl Predictor for Ittage {
    fn name(&self) -> &'static str {
        "ittage"
    }

    fn branch(&mut self, site: u32, target: u32) -> bool {
        let places: [(usize, u32); TABLES] = std::array::from_fn(|table| self.place(table, site));
        let base = mix(site) as usize & ((1 << BASE_BITS) - 1);
        let mut matching = (0..TABLES).rev().filter(|&table| {
            let entry = &self.tables[table][places[table].0];
            entry.valid && entry.tag == places[table].1
        });
        let (first, second) = (matching.next(), matching.next());
        let base_target = self.base[base].valid.then_some(self.base[base].target);
        let of = |table: usize| self.tables[table][places[table].0];
        let longest = first.map(of);
        let alternative = second.map_or(base_target, |table| Some(of(table).target));
        let is_new = longest.is_some_and(|entry| entry.confidence == 0);
        let predicted = match longest {
            Some(_) if is_new && self.distrust_new > 7 && alternative.is_some() => alternative,
            Some(entry) => Some(entry.target),
            None => base_target,
        };
        let hit = predicted == Some(target);

        if let (Some(entry), Some(other)) = (longest, alternative)
            && is_new
            && entry.target != other
        {
            let new_is_right = entry.target == target;
            let other_is_right = other == target;
            if new_is_right != other_is_right {
                self.distrust_new = if other_is_right {
                    (self.distrust_new + 1).min(15)
                } else {
                    self.distrust_new.saturating_sub(1)
                };
            }
        }
        match first {
            Some(table) => {
                let entry = &mut self.tables[table][places[table].0];
                if alternative != Some(entry.target) {
                    entry.useful = entry.target == target;
                }
                learn(entry, target);
                // The alternative stays trained while the longest match is still unsure.
                if is_new {
                    match second {
                        Some(table) => {
                            learn(&mut self.tables[table][places[table].0], target);
                        }
                        None => learn(&mut self.base[base], target),
                    }
                }
            }
            None => learn(&mut self.base[base], target),
        }
        let longest_missed = longest.is_none_or(|entry| entry.target != target);
        if !hit && longest_missed {
            let above = first.map_or(0, |table| table + 1);
            if above < TABLES {
                self.allocate(above, &places, target);
            }
        }
        self.remember(target);
        hit
    }
}
