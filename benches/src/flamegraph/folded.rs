//! Folded stacks: a line a stack, frames parted by semicolons from the outermost on, then the number of samples. What
//! `flamegraph.pl` and inferno read; two numbers a line are what `difffolded.pl` writes.

use super::Stacks;
use super::tree::Tree;

/// The stacks of one run.
pub fn write(stacks: &Stacks) -> String {
    let mut lines: Vec<String> = stacks
        .iter()
        .map(|(stack, samples)| {
            let frames = stack.iter().map(|&n| stacks.frame(n).label());
            format!("{} {samples}\n", join(frames))
        })
        .collect();
    lines.sort_unstable();
    lines.concat()
}

/// The stacks of two runs: samples in the first, samples in the second.
pub fn write_two(tree: &Tree) -> String {
    let mut lines = Vec::new();
    for (index, node) in tree.nodes.iter().enumerate() {
        let own = tree.own(index);
        if own == [0, 0] || node.parent.is_none() {
            continue;
        }
        let mut labels: Vec<String> = tree.path(index).map(|f| f.label()).collect();
        labels.reverse();
        lines.push(format!(
            "{} {} {}\n",
            join(labels.into_iter()),
            own[0],
            own[1]
        ));
    }
    lines.sort_unstable();
    lines.concat()
}

/// A label may have no semicolon and no line's end.
fn join(labels: impl Iterator<Item = String>) -> String {
    labels
        .map(|l| l.replace(';', ":").replace(['\n', '\r'], " "))
        .collect::<Vec<_>>()
        .join(";")
}
