//! The witness as a table for a terminal, with what it proves.

use std::fmt::Write as _;

use super::{Codegen, Group, Role};

impl Codegen {
    /// A table for a terminal, and what it proves.
    pub fn text(&self) -> String {
        if let Some(reason) = &self.unavailable {
            return format!("no code-generation witness: {reason}\n");
        }
        let mut out = format!(
            "{:<14}{:<17}{:<9}{:>10}{:>8}{:>9}{:>10}{:>10}{:>11}{:>9}{:>8}\n",
            "strategy",
            "object model",
            "role",
            "functions",
            "median",
            "largest",
            "ind.jumps",
            "ind.calls",
            "own jump",
            "spills",
            "pushes"
        );
        for group in &self.groups {
            // Writing into a string cannot fail.
            let _ = writeln!(
                out,
                "{:<13} {:<16} {:<9}{:>10}{:>6} B{:>7} B{:>10}{:>10}{:>11}{:>9}{:>8}",
                group.strategy,
                group.model_or_all(),
                group.role.word(),
                group.functions,
                group.median_bytes,
                group.largest_bytes,
                group.indirect_jumps,
                group.indirect_calls,
                group.own_jump,
                group.stack_stores,
                group.pushes
            );
        }
        if !self.tells_models() {
            out += "the symbols do not name object models (older mangling): rows are over all of them\n";
        }
        out += &self.verdicts();
        let calls: usize = self.groups.iter().map(|group| group.probe_calls).sum();
        let _ = match calls {
            0 => writeln!(
                out,
                "the probe is called by {} functions of profiled forms, and by none of these",
                self.probed
            ),
            _ => writeln!(out, "{calls} calls of the probe where there should be none"),
        };
        out
    }

    /// What the rows say in words, a line each; in one line for all models of a strategy where they say the same.
    fn verdicts(&self) -> String {
        let mut out = String::new();
        for of_strategy in self.groups.chunk_by(|a, b| a.strategy == b.strategy) {
            let said: Vec<(&Group, String)> = of_strategy
                .iter()
                .filter_map(|group| Some((group, group.verdict()?)))
                .collect();
            for (at, (group, verdict)) in said.iter().enumerate() {
                let same_role = said.iter().filter(|(other, _)| other.role == group.role);
                let is_common = same_role.clone().all(|(_, other)| other == verdict);
                let is_first = !said[..at].iter().any(|(other, _)| other.role == group.role);
                let models = of_strategy.iter().filter(|other| other.role == group.role);
                let strategy = &group.strategy;
                let _ = match &group.model {
                    _ if is_common && same_role.count() == models.count() => match is_first {
                        true => writeln!(out, "{strategy}: {verdict}"),
                        false => continue,
                    },
                    Some(model) => writeln!(out, "{strategy}/{model}: {verdict}"),
                    None => writeln!(out, "{strategy}: {verdict}"),
                };
            }
        }
        out
    }
}

impl Role {
    /// As it is written in JSON.
    pub fn word(self) -> &'static str {
        match self {
            Role::Loop => "loop",
            Role::Handler => "handler",
            Role::Slow => "slow",
        }
    }
}

impl Group {
    /// The object model's name, or what stands for all of them.
    pub fn model_or_all(&self) -> &str {
        self.model.as_deref().unwrap_or("all")
    }

    /// A sentence where the numbers say something.
    fn verdict(&self) -> Option<String> {
        let places = self.indirect_jumps + self.indirect_calls;
        match self.role {
            Role::Loop if places > 0 => Some(format!(
                "dispatch places {places}, loops {}: {}",
                self.functions,
                if places <= self.functions {
                    "every instruction goes through one"
                } else {
                    "the compiler has copied the dispatch"
                }
            )),
            Role::Handler | Role::Slow if !self.stray_calls.is_empty() => Some(format!(
                "{} calls where jumps should be, first: {}",
                self.stray_calls.len(),
                self.stray_calls[0]
            )),
            Role::Handler if self.indirect_jumps > 0 || self.shared_jump > 0 => {
                let leaving = self.own_jump + self.shared_jump;
                let merged = if self.shared_jump * 10 > leaving {
                    format!(
                        "; {} share another function's: the dispatch has been MERGED",
                        self.shared_jump
                    )
                } else {
                    String::new()
                };
                Some(format!(
                    "tail calls are jumps; {} of {leaving} handlers that go on by themselves have their own{merged}",
                    self.own_jump
                ))
            }
            _ => None,
        }
    }
}
