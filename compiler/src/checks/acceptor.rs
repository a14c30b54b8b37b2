//! Reads tokens and says whether the grammar takes them: CPython's parser without its tree.
//!
//! This is the judge of what is a syntax error, and where; the tree is made from accepted
//! tokens only. A stack of states with CPython's capacity bounds nesting: past it, CPython
//! 3.5 raises MemoryError, and no later pass recurses deeper than this stack allows.

use std::sync::OnceLock;

use super::grammar;
use super::pgen::{Action, Tables};
use crate::options::{Dialect, Mode};
use crate::tokens::Kind;

/// CPython 3.5's `MAXSTACK`: about 92 nested parentheses.
const MAX_STACK_35: usize = 1500;
/// Twice that: formatters of today nest deeper than 3.5 allowed.
const MAX_STACK_NEWER: usize = 3000;

/// What became of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// More tokens are needed.
    More,
    /// The start symbol is complete.
    Complete,
    /// The token does not fit. If only one kind of token would have, it is given.
    Refused(Option<Kind>),
    /// The stack is full.
    TooDeep,
}

/// A parse in progress.
#[derive(Debug)]
pub(crate) struct Acceptor {
    tables: &'static Tables,
    stack: Vec<u16>,
    limit: usize,
}

impl Acceptor {
    /// An acceptor for one source.
    pub fn new(mode: Mode, dialect: Dialect) -> Self {
        static PYTHON35: OnceLock<Tables> = OnceLock::new();
        static NEWER: OnceLock<Tables> = OnceLock::new();
        let (tables, limit) = match dialect {
            Dialect::Python35 => (
                PYTHON35.get_or_init(|| Tables::new(&[grammar::PYTHON35])),
                MAX_STACK_35,
            ),
            Dialect::Default => (
                NEWER.get_or_init(|| Tables::new(&[grammar::PYTHON35, grammar::NEWER])),
                MAX_STACK_NEWER,
            ),
        };
        let start = match mode {
            Mode::Exec => "file_input",
            Mode::Eval => "eval_input",
            Mode::Single => "single_input",
        };
        let mut stack = Vec::with_capacity(64);
        stack.push(tables.start(start));
        Acceptor {
            tables,
            stack,
            limit,
        }
    }

    /// Takes the next token.
    pub fn step(&mut self, kind: Kind) -> Verdict {
        let Some(mut state) = self.stack.pop() else {
            return Verdict::Complete;
        };
        loop {
            match self.tables.action(state, kind) {
                Action::Take(chain) => {
                    // The state just popped counts as well.
                    if self.stack.len() + chain.growth + 1 > self.limit {
                        return Verdict::TooDeep;
                    }
                    self.stack.extend_from_slice(&chain.states);
                    if chain.completes_outer {
                        return self.complete_outer();
                    }
                    return Verdict::More;
                }
                Action::Pop => match self.stack.pop() {
                    Some(outer) => state = outer,
                    None => return Verdict::Refused(None),
                },
                Action::Refuse => {
                    return Verdict::Refused(self.tables.only_token(state));
                }
            }
        }
    }

    /// Removes the rules that waited for the rule just completed and for nothing else.
    fn complete_outer(&mut self) -> Verdict {
        while let Some(&state) = self.stack.last() {
            if !self.tables.is_final(state) {
                return Verdict::More;
            }
            self.stack.pop();
        }
        Verdict::Complete
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::Tokenizer;

    fn verdict(source: &str, mode: Mode, dialect: Dialect) -> Verdict {
        let mut tokenizer = Tokenizer::new(source, dialect);
        let mut acceptor = Acceptor::new(mode, dialect);
        loop {
            let verdict = acceptor.step(tokenizer.next_token().unwrap().kind);
            if verdict != Verdict::More {
                return verdict;
            }
        }
    }

    fn nested(depth: usize) -> String {
        format!("{}1{}\n", "(".repeat(depth), ")".repeat(depth))
    }

    #[test]
    fn the_stack_ends_where_cpython_ends_it() {
        let judge = |source: &str| verdict(source, Mode::Exec, Dialect::Python35);
        assert_eq!(judge(&nested(92)), Verdict::Complete);
        assert_eq!(judge(&nested(93)), Verdict::TooDeep);
        let calls = |n: usize| format!("{}1{}\n", "f(".repeat(n), ")".repeat(n));
        assert_eq!(judge(&calls(87)), Verdict::Complete);
        assert_eq!(judge(&calls(88)), Verdict::TooDeep);
        assert_eq!(
            judge(&format!("{}1\n", "-".repeat(1479))),
            Verdict::Complete
        );
        assert_eq!(judge(&format!("{}1\n", "-".repeat(1480))), Verdict::TooDeep);
    }

    #[test]
    fn newer_syntax_is_for_the_default_dialect() {
        for source in [
            "x: int = 1\n",
            "(y := 2)\n",
            "def f(a, /, b): pass\n",
            "def f(*a, **k,): pass\n",
            "@a[0]\ndef f(): pass\n",
            "async def f():\n return [x async for x in y]\n",
        ] {
            assert_eq!(
                verdict(source, Mode::Exec, Dialect::Default),
                Verdict::Complete,
                "{source}"
            );
            let old = verdict(source, Mode::Exec, Dialect::Python35);
            assert!(matches!(old, Verdict::Refused(_)), "{source}");
        }
    }

    #[test]
    fn an_indent_is_named_when_nothing_else_can_come() {
        let verdict = verdict("if x:\ny\n", Mode::Exec, Dialect::Python35);
        assert_eq!(verdict, Verdict::Refused(Some(Kind::Indent)));
    }
}
