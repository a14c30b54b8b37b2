//! Which branch of a strategy takes an instruction to the next one.
//!
//! | strategy | branches |
//! |---|---|
//! | `switch`, `oracle`, `call`, `closure-loop` | one: the loop's |
//! | `tail` | one a handler |
//! | `closure` | two a handler: the call of the captured next closure, and the one through `ip` |
//!
//! A closure's code is compiled once for each handler and shared by all its units, so its branches are a handler's and not
//! a unit's, though what it captures is a unit's. The slow path of a handler has a branch of its own in the machine; the trace
//! does not tell which path was taken, and here both are the handler's. The module [`crate::codegen`] shows whether a build has
//! the branches that are assumed.

/// One dispatched instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which instruction: its number in the table.
    pub op: u16,
    /// It stands in the unit after the last one's, which cannot jump.
    pub follows: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Loop,
    Tail,
    Closure,
}

/// The branches of one strategy.
#[derive(Debug)]
pub struct Sites {
    form: Form,
    /// The instruction before; none at the entry.
    last: Option<u16>,
}

impl Sites {
    /// The branches of a strategy; `None` if they are not known.
    pub fn new(strategy: &str) -> Option<Sites> {
        let form = match strategy {
            "switch" | "oracle" | "call" | "closure-loop" => Form::Loop,
            "tail" => Form::Tail,
            "closure" => Form::Closure,
            _ => return None,
        };
        Some(Sites { form, last: None })
    }

    /// The branch that dispatches this instruction, as `(site, target)`. Site 0 is the loop or the entry.
    pub fn branch(&mut self, step: Step) -> (u32, u32) {
        let last = self.last.replace(step.op).map(u32::from);
        let site = match (self.form, last) {
            (Form::Loop, _) | (_, None) => 0,
            (Form::Tail, Some(op)) => 1 + op,
            (Form::Closure, Some(op)) => 1 + 2 * op + u32::from(!step.follows),
        };
        (site, u32::from(step.op))
    }
}
