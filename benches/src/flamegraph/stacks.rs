//! Stacks and how often each was found.

use std::collections::{BTreeMap, HashMap};

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A Python function at a line.
    Python,
    /// An instruction.
    Opcode,
    /// A superinstruction.
    Superinstruction,
    /// A Rust function.
    Native,
    /// No code: start-up, compilation and the end.
    Outside,
}

impl Kind {
    /// Every kind, in the order of a legend.
    pub const ALL: [Kind; 5] = [
        Kind::Python,
        Kind::Opcode,
        Kind::Superinstruction,
        Kind::Native,
        Kind::Outside,
    ];

    /// The word for a legend.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Python => "Python function, line",
            Kind::Opcode => "instruction",
            Kind::Superinstruction => "superinstruction",
            Kind::Native => "Rust function",
            Kind::Outside => "no Python code",
        }
    }
}

/// One level of a stack.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Frame {
    /// What it is.
    pub kind: Kind,
    /// The function's or the instruction's name.
    pub name: String,
    /// The source file; empty if there is none.
    pub file: String,
    /// The line in it, from 1; 0 if there is none.
    pub line: u32,
}

impl Frame {
    /// A frame without a place in a source file.
    pub fn named(kind: Kind, name: impl Into<String>) -> Frame {
        Frame {
            kind,
            name: name.into(),
            file: String::new(),
            line: 0,
        }
    }

    /// How it is written in a picture: a Python function with the last part of its file's name and the line.
    pub fn label(&self) -> String {
        if self.kind != Kind::Python {
            return self.name.clone();
        }
        let file = self.file.rsplit(['/', '\\']).next().unwrap_or(&self.file);
        format!("{} ({file}:{})", self.name, self.line)
    }
}

/// Distinct stacks with their numbers of samples. A frame is stored once and has a number.
#[derive(Clone, Debug, Default)]
pub struct Stacks {
    frames: Vec<Frame>,
    numbers: HashMap<Frame, u32>,
    counts: BTreeMap<Vec<u32>, u64>,
    total: u64,
}

impl Stacks {
    /// The number of a frame.
    pub fn number(&mut self, frame: Frame) -> u32 {
        let next = self.frames.len() as u32;
        let frames = &mut self.frames;
        *self.numbers.entry(frame).or_insert_with_key(|frame| {
            frames.push(frame.clone());
            next
        })
    }

    /// So many samples found this stack, the outermost frame first.
    pub fn add(&mut self, stack: &[u32], samples: u64) {
        self.total += samples;
        match self.counts.get_mut(stack) {
            Some(count) => *count += samples,
            None => {
                self.counts.insert(stack.to_vec(), samples);
            }
        }
    }

    /// Adds those of another run.
    pub fn merge(&mut self, other: &Stacks) {
        let numbers: Vec<u32> = other
            .frames
            .iter()
            .map(|f| self.number(f.clone()))
            .collect();
        for (stack, samples) in &other.counts {
            let stack: Vec<u32> = stack.iter().map(|&n| numbers[n as usize]).collect();
            self.add(&stack, *samples);
        }
    }

    /// The frame of a number.
    pub fn frame(&self, number: u32) -> &Frame {
        &self.frames[number as usize]
    }

    /// Every frame, by number.
    pub fn frames(&self) -> &[Frame] {
        &self.frames
    }

    /// Stacks with their numbers of samples, in an order of their own.
    pub fn iter(&self) -> impl Iterator<Item = (&[u32], u64)> {
        self.counts.iter().map(|(s, &n)| (s.as_slice(), n))
    }

    /// All samples.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Share of samples whose stack has a frame of one of these kinds; 0 without samples.
    pub fn share_with(&self, kinds: &[Kind]) -> f64 {
        let has = |stack: &[u32]| stack.iter().any(|&n| kinds.contains(&self.frame(n).kind));
        let found: u64 = self.iter().filter(|(s, _)| has(s)).map(|(_, n)| n).sum();
        found as f64 / self.total.max(1) as f64
    }
}
