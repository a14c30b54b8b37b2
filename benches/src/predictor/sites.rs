//! Which branch of a strategy takes an instruction to the next one.
//!
//! | strategy | branches |
//! |---|---|
//! | `switch`, `oracle`, `call`, `closure-loop` | one: the loop's |
//! | `tail` | one a handler, one a handler's slow path |
//! | `closure` | two a handler: the call of the captured next closure, and the one through `ip`; one a handler's slow path |
//!
//! A closure's code is compiled once for each handler and shared by all its units, so its branches are a handler's and not
//! a unit's, though what it captures is a unit's. The module [`crate::codegen`] shows whether a build has the branches that are assumed here.

/// One dispatched instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which instruction: its number in the table.
    pub op: u16,
    /// It took its out-of-line path.
    pub slow: bool,
    /// Its handler goes on through the instruction pointer even on the fast path: it can jump, or it is a
    /// superinstruction that did more than its first part.
    pub through_ip: bool,
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
    /// Where the next instruction will be reached from; 0 is the entry or the loop.
    site: u32,
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
        Some(Sites { form, site: 0 })
    }

    /// The branch that dispatches this instruction, as `(site, target)`.
    pub fn branch(&mut self, step: Step) -> (u32, u32) {
        let site = self.site;
        let target = u32::from(step.op);
        self.site = match self.form {
            Form::Loop => 0,
            Form::Tail => 1 + 2 * target + u32::from(step.slow),
            Form::Closure if step.slow => 1 + 3 * target,
            Form::Closure => 2 + 3 * target + u32::from(step.through_ip),
        };
        (site, target)
    }
}
