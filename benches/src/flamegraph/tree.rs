//! The tree that a flame graph draws: stacks joined from the root on, for one run or for two.

use super::stacks::{Frame, Stacks};
use std::collections::HashMap;

/// A frame under a certain parent.
#[derive(Clone, Debug)]
pub struct Node {
    /// Index of its frame in [`Tree::frames`]; the root's is meaningless.
    pub frame: usize,
    /// Index of the node below it; the root has none.
    pub parent: Option<usize>,
    /// Nodes above it.
    pub children: Vec<usize>,
    /// Samples in it and above, in the first run and in the second.
    pub samples: [u64; 2],
    /// Nodes below it; the root has 0.
    pub depth: usize,
}

/// Stacks of one run, or of two that are compared. The root is node 0. Nodes are in an array, since stacks are as
/// deep as Python's recursion.
#[derive(Clone, Debug)]
pub struct Tree {
    /// The nodes; parents before their children.
    pub nodes: Vec<Node>,
    /// The frames that nodes speak of.
    pub frames: Vec<Frame>,
    /// Whether there are two runs.
    pub is_difference: bool,
}

impl Tree {
    /// The tree of a run.
    pub fn of(stacks: &Stacks) -> Tree {
        Tree::new(&[stacks])
    }

    /// The tree of two runs.
    pub fn of_two(first: &Stacks, second: &Stacks) -> Tree {
        Tree::new(&[first, second])
    }

    fn new(runs: &[&Stacks]) -> Tree {
        let root = Node {
            frame: 0,
            parent: None,
            children: Vec::new(),
            samples: [0; 2],
            depth: 0,
        };
        let mut tree = Tree {
            nodes: vec![root],
            frames: Vec::new(),
            is_difference: runs.len() > 1,
        };
        let mut numbers: HashMap<Frame, usize> = HashMap::new();
        let mut found: HashMap<(usize, usize), usize> = HashMap::new();
        for (run, stacks) in runs.iter().enumerate() {
            let known: Vec<usize> = stacks
                .frames()
                .iter()
                .map(|frame| {
                    *numbers.entry(frame.clone()).or_insert_with(|| {
                        tree.frames.push(frame.clone());
                        tree.frames.len() - 1
                    })
                })
                .collect();
            for (stack, samples) in stacks.iter() {
                let mut at = 0;
                tree.nodes[0].samples[run] += samples;
                for &number in stack {
                    let frame = known[number as usize];
                    at = *found.entry((at, frame)).or_insert_with(|| {
                        let node = tree.nodes.len();
                        tree.nodes[at].children.push(node);
                        tree.nodes.push(Node {
                            frame,
                            parent: Some(at),
                            children: Vec::new(),
                            samples: [0; 2],
                            depth: tree.nodes[at].depth + 1,
                        });
                        node
                    });
                    tree.nodes[at].samples[run] += samples;
                }
            }
        }
        tree
    }

    /// A node's share of its run's samples, 0 to 1, in the first run and in the second.
    pub fn shares(&self, node: usize) -> [f64; 2] {
        let all = self.nodes[0].samples;
        let part = self.nodes[node].samples;
        [0, 1].map(|run| part[run] as f64 / all[run].max(1) as f64)
    }

    /// How wide a node is drawn, as a part of the whole: its share, or the mean of its shares in both runs, so that
    /// what only one of them has can be seen too.
    pub fn width(&self, node: usize) -> f64 {
        let [first, second] = self.shares(node);
        match (self.is_difference, self.nodes[0].samples) {
            (false, _) | (true, [_, 0]) => first,
            (true, [0, _]) => second,
            (true, _) => (first + second) / 2.0,
        }
    }

    /// Samples in a node and in none above it.
    pub fn own(&self, node: usize) -> [u64; 2] {
        let node = &self.nodes[node];
        [0, 1].map(|run| {
            let above: u64 = node
                .children
                .iter()
                .map(|&c| self.nodes[c].samples[run])
                .sum();
            node.samples[run] - above
        })
    }

    /// The second share less the first, and whether that is more than chance: twice the standard error of a difference of
    /// two proportions.
    pub fn difference(&self, node: usize) -> (f64, bool) {
        let [first, second] = self.shares(node);
        let [n, m] = self.nodes[0].samples.map(|n| n.max(1) as f64);
        let pooled = (first * n + second * m) / (n + m);
        let error = (pooled * (1.0 - pooled) * (1.0 / n + 1.0 / m)).sqrt();
        let difference = second - first;
        (difference, difference.abs() > 2.0 * error)
    }

    /// The frames from a node down to the one above the root.
    pub fn path(&self, node: usize) -> impl Iterator<Item = &Frame> {
        let below = |&n: &usize| self.nodes[n].parent;
        std::iter::successors(Some(node), below)
            .filter(|&n| n != 0)
            .map(|n| &self.frames[self.nodes[n].frame])
    }
}
