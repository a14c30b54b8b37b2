//! Two witnesses beside each other.

use super::{Codegen, Group, Role};

impl Codegen {
    /// What a reader of two runs' times must know: numbers of dispatch places that differ by more than a fifth.
    ///
    /// If only one of the two tells the object models apart, the rows of the other are summed, and only places of dispatch are
    /// compared, for each function: equal functions of two models may be one, and rows over all models have the counting forms in them.
    pub fn changes_since(&self, earlier: &Codegen) -> Vec<String> {
        if self.tells_models() == earlier.tells_models() {
            return self
                .groups
                .iter()
                .flat_map(|now| changes(now, earlier))
                .collect();
        }
        let (was, now) = (earlier.over_models(), self.over_models());
        let changes = now.iter().flat_map(|now| {
            let was = was.iter().find(|was| was.is_of(&now.strategy, now.role));
            was.map(|was| now.changes_since(was)).unwrap_or_default()
        });
        changes.collect()
    }

    /// The rows of all object models summed.
    fn over_models(&self) -> Vec<Sum> {
        let mut sums: Vec<Sum> = Vec::new();
        for group in &self.groups {
            let known = sums
                .iter()
                .position(|sum| sum.is_of(&group.strategy, group.role));
            let at = known.unwrap_or_else(|| {
                sums.push(Sum {
                    strategy: group.strategy.clone(),
                    role: group.role,
                    functions: 0,
                    places: [0; 3],
                });
                sums.len() - 1
            });
            sums[at].functions += group.functions;
            let places = [group.indirect_jumps, group.indirect_calls, group.own_jump];
            for (sum, places) in sums[at].places.iter_mut().zip(places) {
                *sum += places;
            }
        }
        sums
    }
}

/// What is counted of places of dispatch.
const PLACES: [&str; 3] = [
    "indirect jumps",
    "indirect calls",
    "functions with a jump of their own",
];

fn changes(now: &Group, earlier: &Codegen) -> Vec<String> {
    let Some(was) = earlier.group(&now.strategy, now.model.as_deref(), now.role) else {
        return Vec::new();
    };
    let places = |group: &Group| [group.indirect_jumps, group.indirect_calls, group.own_jump];
    let of_places = PLACES
        .into_iter()
        .zip(places(was).into_iter().zip(places(now)));
    let others = [
        (
            "median bytes",
            (was.median_bytes as usize, now.median_bytes as usize),
        ),
        ("spills", (was.stack_stores, now.stack_stores)),
    ];
    let name = match &now.model {
        Some(model) => format!("{}/{model}", now.strategy),
        None => now.strategy.clone(),
    };
    of_places
        .chain(others)
        .filter(|(_, (was, is))| was.abs_diff(*is) * 5 > *was.max(is))
        .map(|(what, (was, is))| format!("{name} {:?}: {what} {was} -> {is}", now.role))
        .collect()
}

/// The rows of one strategy and role.
struct Sum {
    strategy: String,
    role: Role,
    functions: usize,
    places: [usize; 3],
}

impl Sum {
    fn is_of(&self, strategy: &str, role: Role) -> bool {
        self.strategy == strategy && self.role == role
    }

    fn changes_since(&self, was: &Sum) -> Vec<String> {
        let each = |number: usize, functions: usize| number as f64 / functions.max(1) as f64;
        PLACES
            .into_iter()
            .zip(was.places.into_iter().zip(self.places))
            .map(|(what, (before, now))| {
                (what, each(before, was.functions), each(now, self.functions))
            })
            .filter(|(_, was, is)| (was - is).abs() * 5.0 > was.max(*is))
            .map(|(what, was, is)| {
                format!(
                    "{} {:?}: {what} for each function, over all object models, {was:.2} -> {is:.2}",
                    self.strategy, self.role
                )
            })
            .collect()
    }
}
