//! Trees to instructions.

use super::class::One;
use super::parse::{Node, Parsed, UNLIMITED};
use super::{Inst, PatternError, Regex};

/// More instructions than any sensible pattern needs; repetitions are not unrolled.
const MAX_PROGRAM: usize = 1 << 24;

struct Compiler {
    program: Vec<Inst>,
    registers: u32,
    /// The least and the greatest length of the groups so far.
    widths: Vec<(u32, u32)>,
}

/// Compiles a parsed pattern.
pub(crate) fn compile(parsed: Parsed) -> Result<Regex, PatternError> {
    let mut compiler = Compiler {
        program: Vec::new(),
        registers: 0,
        widths: vec![(0, 0); parsed.groups + 1],
    };
    compiler.node(&parsed.root)?;
    compiler.program.push(Inst::Match);
    let first = first(&compiler.program);
    Ok(Regex {
        program: compiler.program,
        sets: parsed.sets,
        groups: parsed.groups,
        names: parsed.names,
        flags: parsed.flags,
        registers: compiler.registers as usize,
        first,
    })
}

/// The test of the first character that every match begins with.
fn first(program: &[Inst]) -> Option<One> {
    let begin = program.iter().find(|i| !matches!(i, Inst::Save(_)))?;
    match *begin {
        Inst::One(one) | Inst::Many { one, min: 1.., .. } => Some(one),
        _ => None,
    }
}

fn refused(message: &str) -> PatternError {
    PatternError {
        message: message.to_owned(),
        position: None,
        is_value_error: false,
    }
}

impl Compiler {
    fn here(&self) -> u32 {
        self.program.len() as u32
    }

    fn put(&mut self, inst: Inst) -> usize {
        self.program.push(inst);
        self.program.len() - 1
    }

    fn node(&mut self, node: &Node) -> Result<(), PatternError> {
        if self.program.len() > MAX_PROGRAM {
            return Err(refused("the pattern is too long"));
        }
        match node {
            Node::One(one) => {
                self.put(Inst::One(*one));
            }
            Node::Sequence(nodes) => {
                for node in nodes {
                    self.node(node)?;
                }
            }
            Node::Choice(ways) => {
                let (last, others) = ways.split_last().expect("a choice has ways");
                let mut jumps = Vec::new();
                for way in others {
                    let split = self.put(Inst::Split(0, 0));
                    self.node(way)?;
                    jumps.push(self.put(Inst::Jump(0)));
                    self.program[split] = Inst::Split(split as u32 + 1, self.here());
                }
                self.node(last)?;
                for jump in jumps {
                    self.program[jump] = Inst::Jump(self.here());
                }
            }
            Node::Repeat {
                body,
                min,
                max,
                greedy,
            } => self.repeat(body, *min, *max, *greedy)?,
            Node::Group(group, body) => {
                self.put(Inst::Save(2 * group));
                self.node(body)?;
                self.put(Inst::Save(2 * group + 1));
                self.widths[*group as usize] = self.width(body);
            }
            Node::At(at) => {
                self.put(Inst::At(*at));
            }
            Node::Backref(group) => {
                self.put(Inst::Backref(*group));
            }
            Node::Look {
                behind,
                negative,
                body,
            } => {
                let look = self.put(Inst::LookEnd);
                self.node(body)?;
                self.put(Inst::LookEnd);
                let width = match self.width(body) {
                    _ if !behind => None,
                    (low, high) if low == high => Some(low),
                    _ => return Err(refused("look-behind requires fixed-width pattern")),
                };
                self.program[look] = Inst::Look {
                    negative: *negative,
                    width,
                    end: self.here(),
                };
            }
            Node::Cond { group, yes, no } => {
                let cond = self.put(Inst::Match);
                self.node(yes)?;
                let jump = self.put(Inst::Jump(0));
                self.program[cond] = Inst::Cond {
                    group: *group,
                    otherwise: self.here(),
                };
                self.node(no)?;
                self.program[jump] = Inst::Jump(self.here());
            }
        }
        Ok(())
    }

    fn repeat(
        &mut self,
        body: &Node,
        min: u32,
        max: u32,
        greedy: bool,
    ) -> Result<(), PatternError> {
        let mut body = body;
        while let Node::Sequence(nodes) = body
            && let [only] = nodes.as_slice()
            && !matches!(only, Node::Repeat { .. })
        {
            body = only;
        }
        if let Node::One(one) = body {
            self.put(Inst::Many {
                one: *one,
                min,
                max,
                greedy,
            });
            return Ok(());
        }
        let order = |body: u32, exit: u32| match greedy {
            true => Inst::Split(body, exit),
            false => Inst::Split(exit, body),
        };
        if (min, max) == (0, 1) {
            let split = self.put(Inst::Match);
            self.node(body)?;
            self.program[split] = order(split as u32 + 1, self.here());
            return Ok(());
        }
        if min == 0 && max == UNLIMITED && self.width(body).0 > 0 {
            let split = self.put(Inst::Match);
            self.node(body)?;
            self.put(Inst::Jump(split as u32));
            self.program[split] = order(split as u32 + 1, self.here());
            return Ok(());
        }
        let register = self.registers;
        self.registers += 1;
        self.put(Inst::LoopStart(register));
        let head = self.put(Inst::Match);
        self.node(body)?;
        self.put(Inst::Jump(head as u32));
        self.program[head] = Inst::Loop {
            register,
            min,
            max,
            greedy,
            exit: self.here(),
        };
        Ok(())
    }

    /// The least and the greatest length of what a node matches; groups inside have been compiled.
    fn width(&self, node: &Node) -> (u32, u32) {
        match node {
            Node::One(_) => (1, 1),
            Node::Sequence(nodes) => nodes.iter().fold((0, 0), |(low, high), node| {
                let (a, b) = self.width(node);
                (low.saturating_add(a), high.saturating_add(b))
            }),
            Node::Choice(ways) => {
                let widths = ways.iter().map(|way| self.width(way));
                widths
                    .reduce(|(a, b), (c, d)| (a.min(c), b.max(d)))
                    .unwrap_or((0, 0))
            }
            Node::Repeat { body, min, max, .. } => {
                let (low, high) = self.width(body);
                (low.saturating_mul(*min), high.saturating_mul(*max))
            }
            Node::Group(_, body) => self.width(body),
            Node::Backref(group) => self.widths[*group as usize],
            Node::At(_) | Node::Look { .. } => (0, 0),
            Node::Cond { yes, no, .. } => {
                let ((a, b), (c, d)) = (self.width(yes), self.width(no));
                (a.min(c), b.max(d))
            }
        }
    }
}
