//! Counts a trace as it comes: how often each instruction followed each two others.
//!
//! The state is an edge, the step from one instruction to the next. An edge knows the four edges that it went on to first, each
//! with a count, so that a step of a loop costs a comparison and an addition; only other ones are looked up. From these
//! counts follow those of instructions, pairs and triples, of opcodes, lines and functions, all exact. The machine makes a
//! dispatch every few nanoseconds, and whoever counts them has to keep up.

use rustc_hash::FxHashMap;

/// No instruction: before the first.
pub const NONE: u32 = u32::MAX;

/// Successors that an edge knows without being looked up.
const INLINE: usize = 4;

#[derive(Clone, Copy, Debug)]
struct Next {
    instruction: u32,
    edge: u32,
    count: u64,
}

const EMPTY: Next = Next {
    instruction: NONE,
    edge: 0,
    count: 0,
};

#[derive(Clone, Debug)]
struct Edge {
    from: u32,
    to: u32,
    next: [Next; INLINE],
}

/// Three instructions that followed each other, and how often. `NONE` where the trace began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Triple {
    /// The instructions, the last one last.
    pub path: [u32; 3],
    /// How often.
    pub count: u64,
}

/// Counts a trace.
#[derive(Debug)]
pub struct Recorder {
    edges: Vec<Edge>,
    /// Edges by their ends.
    numbers: FxHashMap<(u32, u32), u32>,
    /// Successors of an edge beyond those it knows.
    rest: FxHashMap<(u32, u32), Next>,
    state: u32,
}

impl Default for Recorder {
    fn default() -> Self {
        Recorder {
            edges: vec![Edge {
                from: NONE,
                to: NONE,
                next: [EMPTY; INLINE],
            }],
            numbers: FxHashMap::default(),
            rest: FxHashMap::default(),
            state: 0,
        }
    }
}

impl Recorder {
    /// The next instruction, by number.
    #[inline]
    pub fn step(&mut self, instruction: u32) {
        let [first, second, ..] = &mut self.edges[self.state as usize].next;
        for next in [first, second] {
            if next.instruction == instruction {
                next.count += 1;
                self.state = next.edge;
                return;
            }
        }
        self.other(instruction);
    }

    /// A step that none of the edge's first two successors is.
    #[inline(never)]
    fn other(&mut self, instruction: u32) {
        let [_, _, third, fourth] = &mut self.edges[self.state as usize].next;
        for next in [third, fourth] {
            if next.instruction == instruction {
                next.count += 1;
                self.state = next.edge;
                return;
            }
        }
        self.rare(instruction);
    }

    #[cold]
    fn rare(&mut self, instruction: u32) {
        let key = (self.state, instruction);
        if let Some(next) = self.rest.get_mut(&key) {
            next.count += 1;
            self.state = next.edge;
            return;
        }
        let from = self.edges[self.state as usize].to;
        let new = self.edges.len() as u32;
        let edge = *self.numbers.entry((from, instruction)).or_insert(new);
        if edge == new {
            self.edges.push(Edge {
                from,
                to: instruction,
                next: [EMPTY; INLINE],
            });
        }
        let next = Next {
            instruction,
            edge,
            count: 1,
        };
        let slots = &mut self.edges[self.state as usize].next;
        match slots.iter_mut().find(|slot| slot.count == 0) {
            Some(slot) => *slot = next,
            None => {
                self.rest.insert(key, next);
            }
        }
        self.state = edge;
    }

    /// Every triple with its count, in the order of the instructions' numbers. Each step of the trace is the last of one.
    pub fn triples(&self) -> Vec<Triple> {
        let triple = |edge: &Edge, next: &Next| Triple {
            path: [edge.from, edge.to, next.instruction],
            count: next.count,
        };
        let inline = self
            .edges
            .iter()
            .flat_map(|edge| edge.next.iter().map(move |next| triple(edge, next)));
        let rest = self
            .rest
            .iter()
            .map(|((edge, _), next)| triple(&self.edges[*edge as usize], next));
        let mut all: Vec<Triple> = inline.chain(rest).filter(|t| t.count != 0).collect();
        all.sort_unstable();
        all
    }
}
