//! Turns a grammar text into the tables of an LL(1) acceptor.
//!
//! Each rule becomes a nondeterministic and then a deterministic automaton whose arcs are
//! tokens and rules, as CPython's `pgen` does it; the rules marked INLINE are copied where
//! they are used. Then every pair of state and token gets its action. Takes about a
//! millisecond, once a process and dialect. Panics only on a malformed grammar text, which is
//! a constant.

use std::cmp::Ordering;
use std::collections::HashMap;

use crate::tokens::Kind;

/// The width of a row of the action table: a power of two above the number of kinds.
const ROW: usize = 128;

/// What a state does on a token.
#[derive(Debug, Clone, Copy)]
pub(super) enum Action<'t> {
    /// No rule goes on with this token.
    Refuse,
    /// The rule is complete.
    Pop,
    /// Rules begin, and the last of them takes the token.
    Take(&'t Chain),
}

/// The rules that begin with a token in some state, and the token taken.
#[derive(Debug)]
pub(super) struct Chain {
    /// How many states the stack grows by before the token is taken.
    pub growth: usize,
    /// The states to put on the stack in place of the present one, those already removed
    /// again that only had to wait for the token.
    pub states: Vec<u16>,
    /// Whether rules that began earlier are complete as well.
    pub completes_outer: bool,
}

/// The tables of one grammar.
#[derive(Debug)]
pub(super) struct Tables {
    /// By state and kind: 0 refuses, 1 pops, others are chains.
    actions: Vec<u16>,
    chains: Vec<Chain>,
    /// By state: whether the rule is complete in it and nothing can follow.
    final_states: Vec<bool>,
    /// By state: the token, if just one can come.
    only_tokens: Vec<Option<Kind>>,
    starts: HashMap<String, u16>,
}

const REFUSE: u16 = 0;
const POP: u16 = 1;
const FIRST_CHAIN: u16 = 2;

impl Tables {
    /// The tables for rules in `texts`; a later rule replaces an earlier one of its name.
    pub fn new(texts: &[&str]) -> Self {
        Builder::new(texts).build()
    }

    /// What `state` does on `kind`.
    #[inline]
    pub fn action(&self, state: u16, kind: Kind) -> Action<'_> {
        match self.actions[usize::from(state) * ROW + kind as usize] {
            REFUSE => Action::Refuse,
            POP => Action::Pop,
            chain => Action::Take(&self.chains[usize::from(chain - FIRST_CHAIN)]),
        }
    }

    /// Whether the rule of `state` is complete and nothing can follow.
    pub fn is_final(&self, state: u16) -> bool {
        self.final_states[usize::from(state)]
    }

    /// The token that alone can come in `state`.
    pub fn only_token(&self, state: u16) -> Option<Kind> {
        self.only_tokens[usize::from(state)]
    }

    /// The first state of `rule`.
    pub fn start(&self, rule: &str) -> u16 {
        self.starts[rule]
    }
}

/// What a state does on a token, one rule at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Move {
    Refuse,
    Pop,
    /// Take the token and go to the state.
    Shift(u16),
    /// Begin the rule with the first state, and go to the second when it is complete.
    Push(u16, u16),
}

/// Follows the moves of every state on every token until the token is taken.
fn link(moves: &[Move], final_states: &[bool]) -> (Vec<u16>, Vec<Chain>) {
    let mut chains: Vec<Chain> = Vec::new();
    let mut actions = vec![REFUSE; final_states.len() * ROW];
    let mut states = Vec::new();
    for state in 0..final_states.len() {
        // Most tokens that a state takes begin the same rules.
        let first_of_state = chains.len();
        for kind in 0..Kind::COUNT {
            states.clear();
            let mut at = state;
            let action = &mut actions[state * ROW + kind];
            let shifted = loop {
                match moves[at * Kind::COUNT + kind] {
                    Move::Push(first, after) => {
                        states.push(after);
                        at = usize::from(first);
                    }
                    Move::Shift(next) => break Some(next),
                    Move::Pop => {
                        *action = POP;
                        break None;
                    }
                    Move::Refuse => break None,
                }
            };
            let Some(shifted) = shifted else { continue };
            let growth = states.len();
            states.push(shifted);
            while states
                .last()
                .is_some_and(|&state| final_states[usize::from(state)])
            {
                states.pop();
            }
            let known = chains[first_of_state..]
                .iter()
                .position(|chain| chain.growth == growth && chain.states == states);
            let chain = known.map_or(chains.len(), |index| first_of_state + index);
            if known.is_none() {
                chains.push(Chain {
                    growth,
                    states: states.clone(),
                    completes_outer: states.is_empty(),
                });
            }
            *action = FIRST_CHAIN + chain as u16;
        }
    }
    (actions, chains)
}

/// The right-hand side of a rule.
#[derive(Debug, Clone)]
enum Pattern {
    Token(Kind),
    Rule(String),
    Sequence(Vec<Pattern>),
    Choice(Vec<Pattern>),
    Optional(Box<Pattern>),
    /// Any number of times; at least once if the flag is set.
    Repeat(Box<Pattern>, bool),
}

/// What an arc takes: a token or a whole rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Label {
    Token(Kind2),
    Rule(usize),
}

/// [`Kind`] as a number, which has an order.
type Kind2 = u8;

/// A nondeterministic automaton; arcs without a label are taken for nothing.
#[derive(Debug, Default)]
struct Nfa {
    arcs: Vec<Vec<(Option<Label>, usize)>>,
}

impl Nfa {
    fn state(&mut self) -> usize {
        self.arcs.push(Vec::new());
        self.arcs.len() - 1
    }

    fn closure(&self, states: &mut Vec<usize>) {
        let mut next = 0;
        while next < states.len() {
            for &(label, to) in &self.arcs[states[next]] {
                if label.is_none() && !states.contains(&to) {
                    states.push(to);
                }
            }
            next += 1;
        }
        states.sort_unstable();
    }
}

/// A state of a deterministic automaton.
#[derive(Debug, PartialEq)]
struct DfaState {
    arcs: Vec<(Label, usize)>,
    accepts: bool,
}

struct Builder {
    names: Vec<String>,
    patterns: Vec<Pattern>,
    inline: HashMap<String, Pattern>,
    first: Vec<Option<u128>>,
}

impl Builder {
    fn new(texts: &[&str]) -> Self {
        let words: HashMap<&str, Kind> =
            Kind::ALL.iter().map(|&kind| (kind.text(), kind)).collect();
        let mut builder = Builder {
            names: Vec::new(),
            patterns: Vec::new(),
            inline: HashMap::new(),
            first: Vec::new(),
        };
        for text in texts {
            for (name, body) in split_rules(text) {
                let mut parser = PatternParser {
                    items: &split_items(&body),
                    at: 0,
                    words: &words,
                };
                let is_inline = parser.take("INLINE");
                let pattern = parser.choice();
                if is_inline {
                    builder.inline.insert(name, pattern);
                } else if let Some(index) = builder.names.iter().position(|n| *n == name) {
                    builder.patterns[index] = pattern;
                } else {
                    builder.names.push(name);
                    builder.patterns.push(pattern);
                }
            }
        }
        builder.first = vec![None; builder.names.len()];
        builder
    }

    fn build(mut self) -> Tables {
        let automata: Vec<Vec<DfaState>> = self
            .patterns
            .iter()
            .map(|pattern| self.dfa(pattern))
            .collect();
        for rule in 0..automata.len() {
            self.compute_first(rule, &automata);
        }
        let mut offsets = Vec::new();
        let mut count = 0;
        for states in &automata {
            offsets.push(count);
            count += states.len();
        }
        let mut moves = vec![Move::Refuse; count * Kind::COUNT];
        let mut final_states = Vec::with_capacity(count);
        let mut only_tokens = Vec::with_capacity(count);
        for (rule, states) in automata.iter().enumerate() {
            for (index, state) in states.iter().enumerate() {
                let row = (offsets[rule] + index) * Kind::COUNT;
                let row = &mut moves[row..row + Kind::COUNT];
                if state.accepts {
                    row.fill(Move::Pop);
                }
                let mut possible = 0u128;
                for &(label, to) in &state.arcs {
                    let to = (offsets[rule] + to) as u16;
                    let (set, action) = match label {
                        Label::Token(kind) => (1 << kind, Move::Shift(to)),
                        Label::Rule(used) => (
                            self.first[used].unwrap_or(0),
                            Move::Push(offsets[used] as u16, to),
                        ),
                    };
                    possible |= set;
                    for (kind, slot) in row.iter_mut().enumerate() {
                        if set >> kind & 1 == 1 {
                            *slot = action;
                        }
                    }
                }
                only_tokens.push(
                    (possible.count_ones() == 1)
                        .then(|| Kind::ALL[possible.trailing_zeros() as usize]),
                );
                final_states.push(state.accepts && state.arcs.is_empty());
            }
        }
        let starts = self
            .names
            .into_iter()
            .zip(offsets.iter().map(|&offset| offset as u16))
            .collect();
        let (actions, chains) = link(&moves, &final_states);
        Tables {
            actions,
            chains,
            final_states,
            only_tokens,
            starts,
        }
    }

    /// The tokens that `rule` can begin with. Rules never begin with themselves, nor match
    /// nothing.
    fn compute_first(&mut self, rule: usize, automata: &[Vec<DfaState>]) -> u128 {
        if let Some(set) = self.first[rule] {
            return set;
        }
        let mut set = 0;
        for &(label, _) in &automata[rule][0].arcs {
            set |= match label {
                Label::Token(kind) => 1 << kind,
                Label::Rule(used) => self.compute_first(used, automata),
            };
        }
        self.first[rule] = Some(set);
        set
    }

    fn dfa(&self, pattern: &Pattern) -> Vec<DfaState> {
        let mut nfa = Nfa::default();
        let (start, end) = (nfa.state(), nfa.state());
        self.add(&mut nfa, pattern, start, end);
        let mut first = vec![start];
        nfa.closure(&mut first);
        let mut sets = vec![first];
        let mut states = Vec::new();
        while states.len() < sets.len() {
            let set = sets[states.len()].clone();
            let mut moves: Vec<(Label, Vec<usize>)> = Vec::new();
            for &(label, to) in set.iter().flat_map(|&state| &nfa.arcs[state]) {
                let Some(label) = label else { continue };
                match moves.iter_mut().find(|(known, _)| *known == label) {
                    Some((_, targets)) => targets.push(to),
                    None => moves.push((label, vec![to])),
                }
            }
            let arcs = moves
                .into_iter()
                .map(|(label, mut targets)| {
                    targets.sort_unstable();
                    targets.dedup();
                    nfa.closure(&mut targets);
                    let index = sets.iter().position(|known| *known == targets);
                    let index = index.unwrap_or_else(|| {
                        sets.push(targets);
                        sets.len() - 1
                    });
                    (label, index)
                })
                .collect();
            states.push(DfaState {
                arcs,
                accepts: set.contains(&end),
            });
        }
        merge_equal(&mut states);
        states
    }

    fn add(&self, nfa: &mut Nfa, pattern: &Pattern, from: usize, to: usize) {
        match pattern {
            Pattern::Token(kind) => nfa.arcs[from].push((Some(Label::Token(*kind as u8)), to)),
            Pattern::Rule(name) => {
                if let Some(inline) = self.inline.get(name) {
                    self.add(nfa, inline, from, to);
                    return;
                }
                let rule = self.names.iter().position(|known| known == name);
                let rule = rule.expect("the grammar only uses rules that it has");
                nfa.arcs[from].push((Some(Label::Rule(rule)), to));
            }
            Pattern::Sequence(parts) => {
                let mut at = from;
                for (index, part) in parts.iter().enumerate() {
                    let next = if index + 1 == parts.len() {
                        to
                    } else {
                        nfa.state()
                    };
                    self.add(nfa, part, at, next);
                    at = next;
                }
            }
            Pattern::Choice(choices) => {
                for choice in choices {
                    let (begin, end) = (nfa.state(), nfa.state());
                    nfa.arcs[from].push((None, begin));
                    self.add(nfa, choice, begin, end);
                    nfa.arcs[end].push((None, to));
                }
            }
            Pattern::Optional(part) => {
                let (begin, end) = (nfa.state(), nfa.state());
                nfa.arcs[from].extend([(None, begin), (None, to)]);
                self.add(nfa, part, begin, end);
                nfa.arcs[end].push((None, to));
            }
            Pattern::Repeat(part, at_least_once) => {
                let (begin, end) = (nfa.state(), nfa.state());
                nfa.arcs[from].push((None, begin));
                self.add(nfa, part, begin, end);
                nfa.arcs[end].extend([(None, begin), (None, to)]);
                if !at_least_once {
                    nfa.arcs[from].push((None, to));
                }
            }
        }
    }
}

/// Merges states that do the same, until no two do.
fn merge_equal(states: &mut Vec<DfaState>) {
    let equal = |states: &[DfaState]| {
        (1..states.len()).find_map(|later| {
            let earlier = states[..later]
                .iter()
                .position(|state| *state == states[later])?;
            Some((earlier, later))
        })
    };
    while let Some((earlier, later)) = equal(states) {
        states.remove(later);
        for (_, to) in states.iter_mut().flat_map(|state| &mut state.arcs) {
            match (*to).cmp(&later) {
                Ordering::Less => {}
                Ordering::Equal => *to = earlier,
                Ordering::Greater => *to -= 1,
            }
        }
    }
}

/// The names and bodies of the rules in `text`.
fn split_rules(text: &str) -> Vec<(String, String)> {
    let mut rules: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match line.split_once(':') {
            Some((name, body)) if !line.starts_with(' ') => {
                rules.push((name.to_owned(), body.to_owned()));
            }
            _ => {
                if let Some((_, body)) = rules.last_mut() {
                    body.push_str(line);
                }
            }
        }
    }
    rules
}

/// The words, quoted words and signs of a rule's body.
fn split_items(body: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let mut rest = body.trim_start();
    while let Some(c) = rest.chars().next() {
        let length = if c == '\'' {
            rest[1..].find('\'').map_or(rest.len(), |end| end + 2)
        } else if c.is_alphanumeric() {
            rest.find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(rest.len())
        } else {
            1
        };
        items.push(&rest[..length]);
        rest = rest[length..].trim_start();
    }
    items
}

struct PatternParser<'a> {
    items: &'a [&'a str],
    at: usize,
    words: &'a HashMap<&'static str, Kind>,
}

impl PatternParser<'_> {
    fn peek(&self) -> Option<&str> {
        self.items.get(self.at).copied()
    }

    fn take(&mut self, item: &str) -> bool {
        let found = self.peek() == Some(item);
        self.at += usize::from(found);
        found
    }

    fn choice(&mut self) -> Pattern {
        let mut choices = vec![self.sequence()];
        while self.take("|") {
            choices.push(self.sequence());
        }
        if choices.len() == 1 {
            choices.remove(0)
        } else {
            Pattern::Choice(choices)
        }
    }

    fn sequence(&mut self) -> Pattern {
        let mut parts = Vec::new();
        while !matches!(self.peek(), None | Some("|" | ")" | "]")) {
            parts.push(self.repeated());
        }
        Pattern::Sequence(parts)
    }

    fn repeated(&mut self) -> Pattern {
        let part = self.part();
        if self.take("*") {
            Pattern::Repeat(Box::new(part), false)
        } else if self.take("+") {
            Pattern::Repeat(Box::new(part), true)
        } else {
            part
        }
    }

    fn part(&mut self) -> Pattern {
        if self.take("(") {
            let inner = self.choice();
            self.take(")");
            return inner;
        }
        if self.take("[") {
            let inner = self.choice();
            self.take("]");
            return Pattern::Optional(Box::new(inner));
        }
        let item = self.items[self.at];
        self.at += 1;
        let word = item.trim_matches('\'');
        match self.words.get(word) {
            Some(&kind) if word.len() < item.len() || item.chars().all(char::is_uppercase) => {
                Pattern::Token(kind)
            }
            _ => Pattern::Rule(item.to_owned()),
        }
    }
}
