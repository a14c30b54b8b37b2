//! The backtracking matcher.

use super::class::{Category, One, lower};
use super::{At, IGNORECASE, Inst, Regex, UNICODE};

/// What is searched in: characters by number.
pub trait Input {
    /// Number of characters.
    fn length(&self) -> usize;
    /// The character at `i`, which is below the length.
    fn at(&self, i: usize) -> u32;
}

impl Input for [u8] {
    fn length(&self) -> usize {
        self.len()
    }
    #[inline]
    fn at(&self, i: usize) -> u32 {
        self[i].into()
    }
}

impl Input for [u32] {
    fn length(&self) -> usize {
        self.len()
    }
    #[inline]
    fn at(&self, i: usize) -> u32 {
        self[i]
    }
}

/// Where a match has to lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// Begin at the start.
    Match,
    /// Begin at the start and end at the end.
    Full,
    /// Anywhere.
    Search,
}

/// A slot that holds nothing.
const NONE: usize = usize::MAX;

/// Positions of the groups of a match, the whole first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spans {
    /// Start and end of each group; `None` for one that took no part.
    pub spans: Vec<Option<(usize, usize)>>,
    /// The group that was closed last.
    pub last_index: Option<usize>,
}

/// What is to be done on failure.
enum Entry {
    Branch {
        pc: u32,
        pos: usize,
    },
    Restore {
        slot: u32,
        value: usize,
    },
    /// A greedy repetition that may give characters back, down to `low`.
    Shrink {
        pc: u32,
        pos: usize,
        low: usize,
    },
    /// A lazy repetition that may take `left` more characters.
    Grow {
        pc: u32,
        pos: usize,
        left: u32,
    },
}

struct Machine<'a, I: ?Sized> {
    regex: &'a Regex,
    input: &'a I,
    end: usize,
    full: bool,
    /// Marks of groups, the group closed last, then counter and position of each loop.
    slots: Vec<usize>,
    stack: Vec<Entry>,
}

impl Regex {
    /// The first match from `start`; nothing at or behind `end` is seen.
    pub fn find<I: Input + ?Sized>(
        &self,
        input: &I,
        start: usize,
        end: usize,
        anchor: Anchor,
    ) -> Option<Spans> {
        let marks = 2 * (self.groups + 1);
        let end = end.min(input.length());
        let mut machine = Machine {
            regex: self,
            input,
            end,
            full: anchor == Anchor::Full,
            slots: vec![NONE; marks + 1 + 2 * self.registers],
            stack: Vec::new(),
        };
        let mut pos = start;
        while pos <= end {
            if let (Anchor::Search, Some(first)) = (anchor, self.first) {
                // No match can begin where the first character is another.
                pos = (pos..end).find(|&i| first.has(input.at(i), &self.sets))?;
            }
            if let Some(stop) = machine.run(0, pos, 0) {
                let slots = &machine.slots;
                let mut spans = vec![Some((pos, stop))];
                spans.extend((1..=self.groups).map(|g| {
                    let (a, b) = (slots[2 * g], slots[2 * g + 1]);
                    (a != NONE && b != NONE).then_some((a, b))
                }));
                let last = slots[marks];
                return Some(Spans {
                    spans,
                    last_index: (last != NONE).then_some(last),
                });
            }
            if anchor != Anchor::Search {
                return None;
            }
            pos += 1;
        }
        None
    }
}

impl<I: Input + ?Sized> Machine<'_, I> {
    fn set(&mut self, slot: usize, value: usize) {
        let old = std::mem::replace(&mut self.slots[slot], value);
        if old != value {
            self.stack.push(Entry::Restore {
                slot: slot as u32,
                value: old,
            });
        }
    }

    /// Runs from `pc` to `Match` or `LookEnd` and gives the position there. Entries of the stack from `base` on are
    /// this run's.
    fn run(&mut self, pc: usize, pos: usize, base: usize) -> Option<usize> {
        let (mut pc, mut pos) = (pc, pos);
        let regex = self.regex;
        loop {
            let goes_on = match regex.program[pc] {
                Inst::One(one) => {
                    let found = pos < self.end && one.has(self.input.at(pos), &regex.sets);
                    pos += usize::from(found);
                    pc += 1;
                    found
                }
                Inst::Many {
                    one,
                    min,
                    max,
                    greedy,
                } => {
                    pc += 1;
                    self.many(one, (min, max), greedy, pc, &mut pos)
                }
                Inst::Split(first, second) => {
                    self.stack.push(Entry::Branch { pc: second, pos });
                    pc = first as usize;
                    true
                }
                Inst::Jump(to) => {
                    pc = to as usize;
                    true
                }
                Inst::Save(slot) => {
                    self.set(slot as usize, pos);
                    if slot % 2 == 1 {
                        self.set(2 * (regex.groups + 1), slot as usize / 2);
                    }
                    pc += 1;
                    true
                }
                Inst::At(at) => {
                    pc += 1;
                    self.is_at(at, pos)
                }
                Inst::Backref(group) => {
                    pc += 1;
                    self.repeats(group as usize, &mut pos)
                }
                Inst::Look {
                    negative,
                    width,
                    end,
                } => {
                    let found = self.look(pc + 1, pos, width, negative);
                    pc = end as usize;
                    found != negative
                }
                Inst::Cond { group, otherwise } => {
                    let group = group as usize;
                    let matched =
                        self.slots[2 * group] != NONE && self.slots[2 * group + 1] != NONE;
                    pc = if matched { pc + 1 } else { otherwise as usize };
                    true
                }
                Inst::LoopStart(register) => {
                    let slot = self.register(register);
                    self.set(slot, 0);
                    self.set(slot + 1, NONE);
                    pc += 1;
                    true
                }
                Inst::Loop {
                    register,
                    min,
                    max,
                    greedy,
                    exit,
                } => {
                    let slot = self.register(register);
                    let (count, last) = (self.slots[slot], self.slots[slot + 1]);
                    let may_repeat = count < max as usize && pos != last;
                    if count < min as usize {
                        self.set(slot, count + 1);
                        self.set(slot + 1, pos);
                        pc += 1;
                    } else if !may_repeat {
                        pc = exit as usize;
                    } else if greedy {
                        self.stack.push(Entry::Branch { pc: exit, pos });
                        self.set(slot, count + 1);
                        self.set(slot + 1, pos);
                        pc += 1;
                    } else {
                        // On failure the loop is entered with the counter as it is now.
                        let body = pc as u32 + 1;
                        self.stack.push(Entry::Restore {
                            slot: slot as u32 + 1,
                            value: last,
                        });
                        self.stack.push(Entry::Restore {
                            slot: slot as u32,
                            value: count,
                        });
                        self.stack.push(Entry::Branch { pc: body, pos });
                        self.stack.push(Entry::Restore {
                            slot: slot as u32,
                            value: count + 1,
                        });
                        self.stack.push(Entry::Restore {
                            slot: slot as u32 + 1,
                            value: pos,
                        });
                        pc = exit as usize;
                    }
                    true
                }
                Inst::LookEnd => return Some(pos),
                Inst::Match => {
                    if !self.full || pos == self.end {
                        return Some(pos);
                    }
                    false
                }
            };
            if !goes_on {
                (pc, pos) = self.back(base)?;
            }
        }
    }

    /// Undoes what the last failed choice did, and gives the place of the next one.
    fn back(&mut self, base: usize) -> Option<(usize, usize)> {
        while self.stack.len() > base {
            match self.stack.pop()? {
                Entry::Branch { pc, pos } => return Some((pc as usize, pos)),
                Entry::Restore { slot, value } => self.slots[slot as usize] = value,
                Entry::Shrink { pc, pos, low } => {
                    let pos = pos - 1;
                    if pos > low {
                        self.stack.push(Entry::Shrink { pc, pos, low });
                    }
                    return Some((pc as usize, pos));
                }
                Entry::Grow { pc, pos, left } => {
                    let Inst::Many { one, .. } = self.regex.program[pc as usize - 1] else {
                        continue;
                    };
                    if pos < self.end && one.has(self.input.at(pos), &self.regex.sets) {
                        let (pos, left) = (pos + 1, left - 1);
                        if left > 0 {
                            self.stack.push(Entry::Grow { pc, pos, left });
                        }
                        return Some((pc as usize, pos));
                    }
                }
            }
        }
        None
    }

    fn register(&self, register: u32) -> usize {
        2 * (self.regex.groups + 1) + 1 + 2 * register as usize
    }

    /// `one` repeated `min` to `max` times; what follows stands at `pc`.
    fn many(
        &mut self,
        one: One,
        (min, max): (u32, u32),
        greedy: bool,
        pc: usize,
        pos: &mut usize,
    ) -> bool {
        let start = *pos;
        let most = if greedy { max } else { min };
        let limit = self.end.min(start.saturating_add(most as usize));
        let mut at = start;
        while at < limit && one.has(self.input.at(at), &self.regex.sets) {
            at += 1;
        }
        let low = start + min as usize;
        if at < low {
            return false;
        }
        *pos = at;
        let pc = pc as u32;
        if greedy {
            if at > low {
                self.stack.push(Entry::Shrink { pc, pos: at, low });
            }
        } else if max > min {
            let left = max - min;
            self.stack.push(Entry::Grow { pc, pos: at, left });
        }
        true
    }

    /// Whether what stands at `pc` matches; groups that it sets stay set if it is not a negative assertion.
    fn look(&mut self, pc: usize, pos: usize, width: Option<u32>, negative: bool) -> bool {
        let start = match width {
            None => pos,
            Some(width) if width as usize <= pos => pos - width as usize,
            Some(_) => return false,
        };
        let base = self.stack.len();
        let full = std::mem::replace(&mut self.full, false);
        let found = self.run(pc, start, base).is_some();
        self.full = full;
        if !found {
            return false;
        }
        if negative {
            for entry in self.stack.drain(base..).rev() {
                if let Entry::Restore { slot, value } = entry {
                    self.slots[slot as usize] = value;
                }
            }
            return true;
        }
        // The choices within are made; what undoes them stays.
        let mut kept = base;
        for i in base..self.stack.len() {
            if matches!(self.stack[i], Entry::Restore { .. }) {
                self.stack.swap(kept, i);
                kept += 1;
            }
        }
        self.stack.truncate(kept);
        true
    }

    fn repeats(&self, group: usize, pos: &mut usize) -> bool {
        let (a, b) = (self.slots[2 * group], self.slots[2 * group + 1]);
        if a == NONE || b == NONE || b < a || b - a > self.end - *pos {
            return false;
        }
        let flags = self.regex.flags;
        let unicode = flags & UNICODE != 0;
        for i in a..b {
            let (x, y) = (self.input.at(i), self.input.at(*pos));
            let same = x == y || flags & IGNORECASE != 0 && lower(x, unicode) == lower(y, unicode);
            if !same {
                return false;
            }
            *pos += 1;
        }
        true
    }

    fn is_at(&self, at: At, pos: usize) -> bool {
        let is_newline = |i: usize| self.input.at(i) == u32::from(b'\n');
        match at {
            At::Start => pos == 0,
            At::LineStart => pos == 0 || is_newline(pos - 1),
            At::End => pos == self.end,
            At::EndOrNewline => pos == self.end || pos + 1 == self.end && is_newline(pos),
            At::LineEnd => pos == self.end || is_newline(pos),
            At::Boundary | At::NoBoundary => {
                if self.end == 0 {
                    return false;
                }
                let unicode = self.regex.flags & UNICODE != 0;
                let word = |i: usize| Category::Word.has(self.input.at(i), unicode);
                let before = pos > 0 && word(pos - 1);
                let after = pos < self.end && word(pos);
                (before != after) == (at == At::Boundary)
            }
        }
    }
}
