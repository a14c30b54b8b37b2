//! Regular expressions as CPython's `re` has them: syntax, meaning and error messages of 3.5.
//!
//! A pattern is parsed to a tree (`parse`), the tree compiled to instructions (`compile`), and these run by a
//! backtracking matcher (`matcher`) with a stack of its own: neither long texts nor long patterns use up the native
//! one. As in CPython, time can grow exponentially with the text for patterns that ask for it.
//! Sources of the rules: CPython `Lib/sre_parse.py`, `Modules/_sre.c`.

mod class;
mod compile;
mod matcher;
mod parse;

pub use class::One;
pub use matcher::{Anchor, Input, Spans};

use class::Set;

/// Letters match in either case.
pub const IGNORECASE: u32 = 2;
/// `^` and `$` match at every line.
pub const MULTILINE: u32 = 8;
/// `.` matches line ends too.
pub const DOTALL: u32 = 16;
/// Classes are Unicode's.
pub const UNICODE: u32 = 32;
/// White space and comments are skipped.
pub const VERBOSE: u32 = 64;
/// Classes are ASCII's.
pub const ASCII: u32 = 256;

/// Why a pattern does not compile, and the code point where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// CPython's message, without the position.
    pub message: String,
    /// Where in the pattern, in code points.
    pub position: Option<usize>,
    /// Whether it is a ValueError, not `re.error`.
    pub is_value_error: bool,
}

/// What is asserted about a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    Start,
    LineStart,
    End,
    LineEnd,
    /// The end, or before a newline at the end.
    EndOrNewline,
    Boundary,
    NoBoundary,
}

/// An instruction of the matcher. Instruction numbers are absolute.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Inst {
    /// One character.
    One(One),
    /// As many characters as possible, or as few.
    Many {
        one: One,
        min: u32,
        max: u32,
        greedy: bool,
    },
    /// The first way, and after it the second.
    Split(u32, u32),
    Jump(u32),
    /// The position goes into a slot; odd slots end a group.
    Save(u32),
    At(At),
    /// The text of a group again.
    Backref(u32),
    /// What follows up to `LookEnd` matches here, or `width` characters before, or does not; goes on at `end`.
    Look {
        negative: bool,
        width: Option<u32>,
        end: u32,
    },
    LookEnd,
    /// Goes on if the group has matched, else at `otherwise`.
    Cond {
        group: u32,
        otherwise: u32,
    },
    /// Counter and position of a loop are reset.
    LoopStart(u32),
    /// Head of a loop; its body follows and jumps back here.
    Loop {
        register: u32,
        min: u32,
        max: u32,
        greedy: bool,
        exit: u32,
    },
    Match,
}

/// A compiled pattern.
#[derive(Debug)]
pub struct Regex {
    pub(crate) program: Vec<Inst>,
    pub(crate) sets: Vec<Set>,
    /// Groups, without the whole match.
    pub groups: usize,
    /// Names of groups with their numbers, in order of the numbers.
    pub names: Vec<(String, usize)>,
    /// All flags, those in the pattern too.
    pub flags: u32,
    /// Loops that count.
    pub(crate) registers: usize,
    /// What the first character has to be, where one test says it.
    pub(crate) first: Option<One>,
}

impl Regex {
    /// Compiles a pattern of code points (or bytes).
    ///
    /// # Errors
    /// What CPython refuses.
    pub fn new(pattern: &[u32], is_bytes: bool, flags: u32) -> Result<Regex, PatternError> {
        let parsed = parse::parse(pattern, is_bytes, flags)?;
        compile::compile(parsed)
    }
}

#[cfg(test)]
mod tests;
