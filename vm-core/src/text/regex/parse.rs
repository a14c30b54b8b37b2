//! Patterns to trees, with the messages and positions of CPython 3.5.

use super::class::{Category, One, Set, lower};
use super::{ASCII, At, DOTALL, IGNORECASE, MULTILINE, PatternError, UNICODE, VERBOSE};

/// Repetitions without a limit.
pub(crate) const UNLIMITED: u32 = u32::MAX;

/// The deepest nesting of groups.
const MAX_DEPTH: u32 = 500;

/// A node of the tree.
#[derive(Debug)]
pub(crate) enum Node {
    One(One),
    Sequence(Vec<Node>),
    Choice(Vec<Node>),
    Repeat {
        body: Box<Node>,
        min: u32,
        max: u32,
        greedy: bool,
    },
    Group(u32, Box<Node>),
    At(At),
    Backref(u32),
    Look {
        behind: bool,
        negative: bool,
        body: Box<Node>,
    },
    Cond {
        group: u32,
        yes: Box<Node>,
        no: Box<Node>,
    },
}

/// A parsed pattern.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) root: Node,
    pub(crate) sets: Vec<Set>,
    pub(crate) groups: usize,
    pub(crate) names: Vec<(String, usize)>,
    pub(crate) flags: u32,
}

type Step<T> = Result<T, PatternError>;

struct Parser<'a> {
    pattern: &'a [u32],
    at: usize,
    is_bytes: bool,
    flags: u32,
    depth: u32,
    sets: Vec<Set>,
    /// Whether each group is closed yet, the whole first.
    closed: Vec<bool>,
    names: Vec<(String, usize)>,
}

/// Parses a pattern.
pub(crate) fn parse(pattern: &[u32], is_bytes: bool, flags: u32) -> Step<Parsed> {
    let mut flags = flags;
    loop {
        let mut parser = Parser {
            pattern,
            at: 0,
            is_bytes,
            flags,
            depth: 0,
            sets: Vec::new(),
            closed: vec![false],
            names: Vec::new(),
        };
        let root = parser.choice()?;
        if parser.at < pattern.len() {
            return Err(error("unbalanced parenthesis", parser.at));
        }
        // Flags anywhere hold everywhere, so what they change is read again under them.
        if parser.flags & !flags & (VERBOSE | IGNORECASE | DOTALL | MULTILINE | ASCII) != 0 {
            flags = parser.flags;
            continue;
        }
        flags = complete_flags(parser.flags, is_bytes)?;
        for set in &mut parser.sets {
            set.finish(flags & IGNORECASE != 0, flags & UNICODE != 0);
        }
        return Ok(Parsed {
            root,
            sets: parser.sets,
            groups: parser.closed.len() - 1,
            names: parser.names,
            flags,
        });
    }
}

/// Flags that others imply, and those that contradict each other.
fn complete_flags(flags: u32, is_bytes: bool) -> Step<u32> {
    let refused = |message: &str| {
        Err(PatternError {
            message: message.to_owned(),
            position: None,
            is_value_error: true,
        })
    };
    if is_bytes {
        return match flags & UNICODE {
            0 => Ok(flags),
            _ => refused("can't use UNICODE flag with a bytes pattern"),
        };
    }
    match (flags & ASCII, flags & UNICODE) {
        (0, _) => Ok(flags | UNICODE),
        (_, 0) => Ok(flags),
        _ => refused("ASCII and UNICODE flags are incompatible"),
    }
}

fn error(message: impl Into<String>, position: usize) -> PatternError {
    PatternError {
        message: message.into(),
        position: Some(position),
        is_value_error: false,
    }
}

fn is_octal(c: u32) -> bool {
    (0x30..0x38).contains(&c)
}

fn digit(c: u32) -> Option<u32> {
    (0x30..0x3a).contains(&c).then(|| c - 0x30)
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        let c = *self.pattern.get(self.at)?;
        // Lone surrogates stand for nothing but themselves.
        Some(char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn text(&self, from: usize, to: usize) -> String {
        let chars = self.pattern[from..to].iter();
        chars
            .map(|&c| char::from_u32(c).unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    }

    fn literal(&self, c: u32) -> Node {
        let unicode = !self.is_bytes && self.flags & ASCII == 0;
        Node::One(match self.flags & IGNORECASE {
            0 => One::Char(c),
            _ if unicode => One::Fold(lower(c, true)),
            _ => One::FoldAscii(lower(c, false)),
        })
    }

    fn category(&mut self, category: Category, negated: bool) -> Node {
        self.sets.push(Set::of(category, negated));
        Node::One(One::Set(self.sets.len() as u32 - 1))
    }

    fn choice(&mut self) -> Step<Node> {
        let start = self.at;
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(error("groups nested too deeply", start));
        }
        let mut ways = vec![self.sequence()?];
        while self.take('|') {
            ways.push(self.sequence()?);
        }
        self.depth -= 1;
        Ok(match ways.len() {
            1 => ways.remove(0),
            _ => Node::Choice(ways),
        })
    }

    fn sequence(&mut self) -> Step<Node> {
        let mut nodes = Vec::new();
        while let Some(c) = self.peek() {
            let start = self.at;
            if matches!(c, '|' | ')') {
                break;
            }
            self.at += 1;
            if self.flags & VERBOSE != 0 {
                if matches!(c, ' ' | '\t'..='\r') {
                    continue;
                }
                if c == '#' {
                    while self.peek().is_some_and(|c| c != '\n') {
                        self.at += 1;
                    }
                    self.take('\n');
                    continue;
                }
            }
            let multiline = self.flags & MULTILINE != 0;
            match c {
                '\\' => {
                    let node = self.escape(start)?;
                    nodes.push(node);
                }
                '[' => {
                    let node = self.set(start)?;
                    nodes.push(node);
                }
                '.' => nodes.push(Node::One(match self.flags & DOTALL {
                    0 => One::NotNewline,
                    _ => One::All,
                })),
                '^' if multiline => nodes.push(Node::At(At::LineStart)),
                '^' => nodes.push(Node::At(At::Start)),
                '$' if multiline => nodes.push(Node::At(At::LineEnd)),
                '$' => nodes.push(Node::At(At::EndOrNewline)),
                '(' => {
                    if let Some(node) = self.group(start)? {
                        nodes.push(node);
                    }
                }
                '*' | '+' | '?' | '{' => match self.bounds(c)? {
                    Some((min, max)) => self.repeat(&mut nodes, start, min, max)?,
                    None => nodes.push(self.literal('{'.into())),
                },
                _ => nodes.push(self.literal(self.pattern[start])),
            }
        }
        Ok(match nodes.len() {
            1 => nodes.remove(0),
            _ => Node::Sequence(nodes),
        })
    }

    /// The bounds of a repetition; `None` if a brace is but a brace.
    fn bounds(&mut self, c: char) -> Step<Option<(u32, u32)>> {
        match c {
            '*' => return Ok(Some((0, UNLIMITED))),
            '+' => return Ok(Some((1, UNLIMITED))),
            '?' => return Ok(Some((0, 1))),
            _ => {}
        }
        let start = self.at;
        if self.peek() == Some('}') {
            return Ok(None);
        }
        let low = self.number()?;
        let high = match self.take(',') {
            true => self.number()?,
            false => low,
        };
        if !self.take('}') {
            self.at = start;
            return Ok(None);
        }
        let (min, max) = (low.unwrap_or(0), high.unwrap_or(UNLIMITED));
        if max < min {
            return Err(error("min repeat greater than max repeat", start));
        }
        Ok(Some((min, max)))
    }

    fn number(&mut self) -> Step<Option<u32>> {
        let start = self.at;
        let mut value: u64 = 0;
        while let Some(d) = self.pattern.get(self.at).and_then(|&c| digit(c)) {
            value = (value * 10 + u64::from(d)).min(u64::from(UNLIMITED));
            self.at += 1;
        }
        if value >= u64::from(UNLIMITED) {
            return Err(error("the repetition number is too large", start));
        }
        Ok((self.at > start).then_some(value as u32))
    }

    fn repeat(&mut self, nodes: &mut Vec<Node>, start: usize, min: u32, max: u32) -> Step<()> {
        let body = match nodes.pop() {
            None | Some(Node::At(_)) => return Err(error("nothing to repeat", start)),
            Some(Node::Repeat { .. }) => return Err(error("multiple repeat", start)),
            Some(node) => Box::new(node),
        };
        let greedy = !self.take('?');
        nodes.push(Node::Repeat {
            body,
            min,
            max,
            greedy,
        });
        Ok(())
    }

    /// An escape outside of a set; the backslash is behind.
    fn escape(&mut self, start: usize) -> Step<Node> {
        let Some(c) = self.peek() else {
            return Err(error("bad escape (end of pattern)", start));
        };
        let node = match c {
            'A' => Node::At(At::Start),
            'Z' => Node::At(At::End),
            'b' => Node::At(At::Boundary),
            'B' => Node::At(At::NoBoundary),
            '1'..='9' => return self.numbered(start),
            _ => match category(c) {
                Some((category, negated)) => self.category(category, negated),
                None => {
                    let c = self.character(start)?;
                    return Ok(self.literal(c));
                }
            },
        };
        self.at += 1;
        Ok(node)
    }

    /// An escape that begins with 1 to 9: a group, or a character in three octal digits.
    fn numbered(&mut self, start: usize) -> Step<Node> {
        let digits = &self.pattern[self.at..];
        if digits.len() >= 3 && digits[..3].iter().all(|&c| is_octal(c)) {
            let value = digits[..3].iter().fold(0, |v, c| v * 8 + (c - 0x30));
            self.at += 3;
            if value > 0o377 {
                let shown = self.text(start, self.at);
                let message = format!("octal escape value {shown} outside of range 0-0o377");
                return Err(error(message, start));
            }
            return Ok(self.literal(value));
        }
        let mut group = 0;
        for _ in 0..2 {
            if let Some(d) = self.pattern.get(self.at).and_then(|&c| digit(c)) {
                group = group * 10 + d;
                self.at += 1;
            }
        }
        self.backref(group as usize, start, start + 1)
    }

    /// The group again; `open` and `position` are where an open and an unknown group are reported.
    fn backref(&mut self, group: usize, open: usize, position: usize) -> Step<Node> {
        match self.closed.get(group) {
            None => Err(error("invalid group reference", position)),
            Some(false) => Err(error("cannot refer to an open group", open)),
            Some(true) => Ok(Node::Backref(group as u32)),
        }
    }

    /// An escaped character; the backslash at `start` is behind.
    fn character(&mut self, start: usize) -> Step<u32> {
        let c = self.pattern[self.at];
        let shown = self.peek().unwrap_or_default();
        self.at += 1;
        let digits = match shown {
            'x' => 2,
            'u' if !self.is_bytes => 4,
            'U' if !self.is_bytes => 8,
            '0' => {
                let mut value = 0;
                for _ in 0..2 {
                    if let Some(&d) = self.pattern.get(self.at).filter(|d| is_octal(**d)) {
                        value = value * 8 + (d - 0x30);
                        self.at += 1;
                    }
                }
                return Ok(value);
            }
            'a' => return Ok(7),
            'f' => return Ok(12),
            'n' => return Ok(10),
            'r' => return Ok(13),
            't' => return Ok(9),
            'v' => return Ok(11),
            _ => return Ok(c),
        };
        let mut value: u32 = 0;
        for _ in 0..digits {
            let Some(d) = self.peek().and_then(|c| c.to_digit(16)) else {
                let shown = self.text(start, self.at);
                return Err(error(format!("incomplete escape {shown}"), start));
            };
            value = value << 4 | d;
            self.at += 1;
        }
        if value > 0x10_ffff {
            let shown = self.text(start, self.at);
            return Err(error(format!("bad escape {shown}"), start));
        }
        Ok(value)
    }

    /// `[...]`; the bracket at `start` is behind.
    fn set(&mut self, start: usize) -> Step<Node> {
        let unterminated = || error("unterminated character set", start);
        let mut set = Set::empty(self.take('^'));
        let first = self.at;
        loop {
            let here = self.at;
            let c = self.peek().ok_or_else(unterminated)?;
            if c == ']' && here > first {
                self.at += 1;
                break;
            }
            let low = self.member(&mut set)?;
            if self.peek() != Some('-') {
                if let Some(c) = low {
                    set.ranges.push((c, c));
                }
                continue;
            }
            self.at += 1;
            let after = self.peek().ok_or_else(unterminated)?;
            if after == ']' {
                self.at += 1;
                if let Some(c) = low {
                    set.ranges.push((c, c));
                }
                set.ranges.push(('-'.into(), '-'.into()));
                break;
            }
            let high = self.member(&mut set)?;
            match (low, high) {
                (Some(low), Some(high)) if low <= high => set.ranges.push((low, high)),
                _ => {
                    let shown = self.text(here, self.at);
                    return Err(error(format!("bad character range {shown}"), here));
                }
            }
        }
        if let ([(c, d)], false, true) = (
            set.ranges.as_slice(),
            set.negated,
            set.categories.is_empty(),
        ) && c == d
        {
            return Ok(self.literal(*c));
        }
        self.sets.push(set);
        Ok(Node::One(One::Set(self.sets.len() as u32 - 1)))
    }

    /// A character of a set; `None` for a category, which goes into the set at once.
    fn member(&mut self, set: &mut Set) -> Step<Option<u32>> {
        let start = self.at;
        self.at += 1;
        if self.pattern[start] != u32::from(b'\\') {
            return Ok(Some(self.pattern[start]));
        }
        let Some(c) = self.peek() else {
            return Err(error("bad escape (end of pattern)", start));
        };
        if let Some(found) = category(c) {
            set.categories.push(found);
            self.at += 1;
            return Ok(None);
        }
        if c == 'b' {
            self.at += 1;
            return Ok(Some(8));
        }
        if ('1'..='7').contains(&c) {
            let mut value = 0;
            for _ in 0..3 {
                if let Some(&d) = self.pattern.get(self.at).filter(|d| is_octal(**d)) {
                    value = value * 8 + (d - 0x30);
                    self.at += 1;
                }
            }
            if value > 0o377 {
                let shown = self.text(start, self.at);
                let message = format!("octal escape value {shown} outside of range 0-0o377");
                return Err(error(message, start));
            }
            return Ok(Some(value));
        }
        self.character(start).map(Some)
    }

    /// What a parenthesis at `start` opens; `None` for flags and comments.
    fn group(&mut self, start: usize) -> Step<Option<Node>> {
        if !self.take('?') {
            return self.capture(start, None).map(Some);
        }
        let Some(c) = self.peek() else {
            return Err(error("unexpected end of pattern", self.at));
        };
        let here = self.at;
        self.at += 1;
        match c {
            ':' => {
                let body = self.choice()?;
                self.close(start)?;
                // Kept apart from what follows: a repetition of it is no multiple one.
                Ok(Some(Node::Sequence(vec![body])))
            }
            'P' => self.named(start),
            '#' => {
                while let Some(c) = self.peek() {
                    self.at += 1;
                    if c == ')' {
                        return Ok(None);
                    }
                }
                Err(error("missing ), unterminated comment", start))
            }
            '=' | '!' => self.look(start, false, c == '!').map(Some),
            '<' => match self.peek() {
                Some(c @ ('=' | '!')) => {
                    self.at += 1;
                    self.look(start, true, c == '!').map(Some)
                }
                None => Err(error("unexpected end of pattern", self.at)),
                Some(c) => Err(error(format!("unknown extension ?<{c}"), start + 1)),
            },
            '(' => self.conditional(start).map(Some),
            _ => {
                self.at = here;
                self.inline_flags(here).map(|()| None)
            }
        }
    }

    fn close(&mut self, start: usize) -> Step<()> {
        if self.take(')') {
            return Ok(());
        }
        Err(error("missing ), unterminated subpattern", start))
    }

    fn capture(&mut self, start: usize, name: Option<(String, usize)>) -> Step<Node> {
        let group = self.closed.len();
        if let Some((name, position)) = name {
            if let Some((_, earlier)) = self.names.iter().find(|(n, _)| *n == name) {
                let message = format!(
                    "redefinition of group name '{name}' as group {group}; was group {earlier}"
                );
                return Err(error(message, position));
            }
            self.names.push((name, group));
        }
        self.closed.push(false);
        let body = self.choice()?;
        self.close(start)?;
        self.closed[group] = true;
        Ok(Node::Group(group as u32, Box::new(body)))
    }

    /// The text up to `end`, and where it begins.
    fn name(&mut self, end: char) -> Step<(String, usize)> {
        let start = self.at;
        while let Some(c) = self.peek() {
            if c == end {
                if self.at == start {
                    return Err(error("missing group name", start));
                }
                let name = self.text(start, self.at);
                self.at += 1;
                return Ok((name, start));
            }
            self.at += 1;
        }
        let message = if self.at == start {
            "missing group name".to_owned()
        } else {
            format!("missing {end}, unterminated name")
        };
        Err(error(message, start))
    }

    fn named(&mut self, start: usize) -> Step<Option<Node>> {
        match self.peek() {
            Some('<') => {
                self.at += 1;
                let (name, position) = self.name('>')?;
                check_name(&name, position)?;
                self.capture(start, Some((name, position))).map(Some)
            }
            Some('=') => {
                self.at += 1;
                let (name, position) = self.name(')')?;
                check_name(&name, position)?;
                let Some(&(_, group)) = self.names.iter().find(|(n, _)| *n == name) else {
                    return Err(error(format!("unknown group name '{name}'"), position));
                };
                self.backref(group, position, position).map(Some)
            }
            None => Err(error("unexpected end of pattern", self.at)),
            Some(c) => Err(error(format!("unknown extension ?P{c}"), start + 1)),
        }
    }

    fn look(&mut self, start: usize, behind: bool, negative: bool) -> Step<Node> {
        let body = Box::new(self.choice()?);
        self.close(start)?;
        Ok(Node::Look {
            behind,
            negative,
            body,
        })
    }

    fn conditional(&mut self, start: usize) -> Step<Node> {
        let (name, position) = self.name(')')?;
        let group = match name.parse::<usize>() {
            Ok(0) => return Err(error("bad group number", position)),
            Ok(number) => number,
            Err(_) => {
                check_name(&name, position)?;
                match self.names.iter().find(|(n, _)| *n == name) {
                    Some(&(_, group)) => group,
                    None => {
                        return Err(error(format!("unknown group name '{name}'"), position));
                    }
                }
            }
        };
        if group >= self.closed.len() {
            return Err(error("invalid group reference", position));
        }
        let yes = Box::new(self.sequence()?);
        let no = match self.take('|') {
            true => self.sequence()?,
            false => Node::Sequence(Vec::new()),
        };
        if self.peek() == Some('|') {
            return Err(error(
                "conditional backref with more than two branches",
                self.at,
            ));
        }
        self.close(start)?;
        Ok(Node::Cond {
            group: group as u32,
            yes,
            no: Box::new(no),
        })
    }

    /// `(?flags)`; they hold for the whole pattern.
    fn inline_flags(&mut self, start: usize) -> Step<()> {
        let mut flags = 0;
        loop {
            let Some(c) = self.peek() else {
                return Err(error("missing )", self.at));
            };
            flags |= match c {
                'i' => IGNORECASE,
                'L' => 4,
                'm' => MULTILINE,
                's' => DOTALL,
                'x' => VERBOSE,
                'a' => ASCII,
                't' => 1,
                'u' => UNICODE,
                ')' if self.at > start => {
                    self.at += 1;
                    self.flags |= flags;
                    return Ok(());
                }
                c if self.at > start => {
                    return Err(error(format!("unknown flag {c}"), self.at));
                }
                c => return Err(error(format!("unknown extension ?{c}"), start - 1)),
            };
            self.at += 1;
        }
    }
}

/// The category that `\c` stands for, and whether its complement.
fn category(c: char) -> Option<(Category, bool)> {
    let category = match c.to_ascii_lowercase() {
        'd' => Category::Digit,
        's' => Category::Space,
        'w' => Category::Word,
        _ => return None,
    };
    Some((category, c.is_ascii_uppercase()))
}

fn check_name(name: &str, position: usize) -> Step<()> {
    let mut chars = name.chars().map(u32::from);
    let is_name = chars
        .next()
        .is_some_and(crate::text::classify::is_identifier_start)
        && chars.all(crate::text::classify::is_identifier_continue);
    if is_name {
        return Ok(());
    }
    let shown = crate::text::repr::repr_str(rustpython_wtf8::Wtf8::new(name));
    Err(error(
        format!("bad character in group name {shown}"),
        position,
    ))
}
