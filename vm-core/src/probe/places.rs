//! Where the units of linked code stand, and batches of dispatches as the probe records them: by address.

use super::Step;

/// The units of some code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Address of the first unit.
    pub start: usize,
    /// Address behind the last one.
    pub end: usize,
    /// Number of the code.
    pub code: u32,
}

/// The units of all code that is linked at a time.
#[derive(Debug, Clone)]
pub struct Places {
    unit_size: usize,
    /// Sorted by start.
    all: Vec<Place>,
}

impl Places {
    /// No code yet, with units of so many bytes.
    pub fn new(unit_size: usize) -> Places {
        Places {
            unit_size,
            all: Vec::new(),
        }
    }

    /// Bytes of a unit.
    pub fn unit_size(&self) -> usize {
        self.unit_size
    }

    /// Adds a place. What stood there before is gone.
    pub fn add(&mut self, place: Place) {
        self.all
            .retain(|p| p.end <= place.start || p.start >= place.end);
        let at = self.all.partition_point(|p| p.start < place.start);
        self.all.insert(at, place);
    }

    fn of(&self, address: usize) -> Option<Place> {
        let at = self.all.partition_point(|p| p.start <= address);
        let place = *self.all.get(at.checked_sub(1)?)?;
        (address < place.end).then_some(place)
    }

    /// The step of an address.
    pub fn step_at(&self, address: usize) -> Option<Step> {
        let place = self.of(address)?;
        Some(Step {
            code: place.code,
            unit: ((address - place.start) / self.unit_size) as u32,
        })
    }

    /// Calls `f` with each dispatch of a batch, in order: the step, and whether the one before it has entered its full part.
    /// An address where no code stands gives `None`.
    pub fn for_each(&self, batch: &[Entry], mut f: impl FnMut(Option<Step>, bool)) {
        let mut place = Place {
            start: 0,
            end: 0,
            code: 0,
        };
        // Most units follow the one before: no division, no search.
        let (mut next, mut unit) = (0, 0);
        for &entry in batch {
            let address = entry.address();
            if address == next && address < place.end {
                unit += 1;
            } else {
                if address < place.start || address >= place.end {
                    let Some(found) = self.of(address) else {
                        f(None, entry.is_after_full());
                        continue;
                    };
                    place = found;
                }
                unit = ((address - place.start) / self.unit_size) as u32;
            }
            next = address + self.unit_size;
            let step = Step {
                code: place.code,
                unit,
            };
            f(Some(step), entry.is_after_full());
        }
    }
}

/// A dispatch in a batch: the address of its unit, which is a multiple of 8, and a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(transparent)]
pub struct Entry(usize);

impl Entry {
    const AFTER_FULL: usize = 1;

    /// The dispatch of the unit at `address`.
    #[inline(always)]
    pub fn of(address: usize) -> Entry {
        Entry(address)
    }

    /// As it stands in a batch.
    #[inline(always)]
    pub(super) fn bits(self) -> usize {
        self.0
    }

    /// The same dispatch, behind one that has entered its full part.
    #[inline(always)]
    pub fn after_full(self) -> Entry {
        Entry(self.0 | Entry::AFTER_FULL)
    }

    /// Where the unit stands.
    #[inline(always)]
    pub fn address(self) -> usize {
        self.0 & !Entry::AFTER_FULL
    }

    /// Whether the dispatch before has entered its full part.
    #[inline(always)]
    pub fn is_after_full(self) -> bool {
        self.0 & Entry::AFTER_FULL != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_become_steps() {
        let mut places = Places::new(16);
        let place = |start, end, code| Place { start, end, code };
        places.add(place(0x1000, 0x1040, 0));
        places.add(place(0x2000, 0x2020, 1));
        // Stands where code 1 stood.
        places.add(place(0x2010, 0x2030, 2));
        let batch = [0x1000, 0x1010, 0x2020, 0x1030, 0x2000, 0x2010].map(Entry::of);
        let mut seen = Vec::new();
        places.for_each(&batch, |step, _| seen.push(step.map(|s| (s.code, s.unit))));
        let expected = [
            Some((0, 0)),
            Some((0, 1)),
            Some((2, 1)),
            Some((0, 3)),
            None,
            Some((2, 0)),
        ];
        assert_eq!(seen, expected);
        assert_eq!(places.step_at(0x1040), None);
        let marked = Entry::of(0x1010).after_full();
        assert!(marked.is_after_full() && marked.address() == 0x1010);
    }
}
