use super::*;
use crate::profile::code::{Code, CodeMap, Instruction, Op};

fn op(jumps: bool) -> Op {
    Op {
        jumps,
        ..Op::default()
    }
}

fn straight(ops: &[u16], slow: u64, count: u64) -> Straight {
    Straight::new(ops.to_vec(), 0, slow, count)
}

fn trace(straights: Vec<Straight>) -> Trace {
    Trace {
        program: "p".into(),
        straights,
    }
}

#[test]
fn a_superinstruction_is_one_dispatch_until_a_part_is_slow() {
    let set = Patterns::new(&[vec![1, 2, 3]]);
    let dispatches = |slow| set.dispatches(&straight(&[1, 2, 3, 4], slow, 1));
    assert_eq!(dispatches(0), 2);
    // The first part slow: each by itself, as nothing else matches.
    assert_eq!(dispatches(0b0001), 4);
    // The second part slow: the first, then each.
    assert_eq!(dispatches(0b0010), 4);
    // The third: the first two at once.
    assert_eq!(dispatches(0b0100), 3);
    assert_eq!(dispatches(0b1000), 2);
}

#[test]
fn the_longest_pattern_wins_and_slots_inside_have_their_own() {
    let set = Patterns::new(&[vec![1, 2], vec![1, 2, 3], vec![3, 4]]);
    assert_eq!(set.dispatches(&straight(&[1, 2, 3, 4], 0, 1)), 2);
    // 1 2 3 stops before 3, whose slot has 3 4: slow in its first part.
    assert_eq!(set.dispatches(&straight(&[1, 2, 3, 4], 0b100, 1)), 3);
}

#[test]
fn what_stands_behind_the_end_decides_the_match_but_is_not_counted() {
    let set = Patterns::new(&[vec![1, 2, 3]]);
    // 1 ran and 2 raised: it was slow, and 3 only stands there.
    let cut = Straight::new(vec![1, 2, 3], 1, 0b10, 1);
    assert_eq!(set.dispatches(&cut), 2);
}

#[test]
fn a_trace_becomes_straights() {
    let mut map = CodeMap::new(vec![op(false); 5]);
    let instruction = |op| Instruction {
        op,
        ..Instruction::default()
    };
    map.add(Code {
        instructions: (0..5).map(instruction).collect(),
        ..Code::default()
    });
    let mut collector = Collector::default();
    // 0 1 2 (slow), and again from 1: 1 2 3 4.
    for (unit, after_full) in [
        (0, false),
        (1, false),
        (2, false),
        (1, true),
        (2, false),
        (3, false),
        (4, false),
    ] {
        collector.step(0, unit, after_full);
    }
    let mut found = collector.straights(&map);
    found.sort_by(|a, b| a.ops.cmp(&b.ops));
    assert_eq!(
        found,
        vec![
            Straight::new(vec![0, 1, 2, 3, 4], 2, 0b100, 1),
            Straight::new(vec![1, 2, 3, 4], 0, 0, 1),
        ]
    );
}

#[test]
fn the_choice_takes_what_saves_most_and_nothing_that_is_not_allowed() {
    // Opcode 9 may not stand inside; 1 2 is frequent, 3 4 less, 5 6 next to nothing.
    let traces = [trace(vec![
        straight(&[1, 2], 0, 1000),
        straight(&[3, 4], 0, 100),
        straight(&[9, 1], 0, 5000),
        straight(&[5, 6], 0, 1),
    ])];
    let chosen = choose(&traces, 8, |op| op != 9, |_| true);
    let parts: Vec<&[u16]> = chosen.iter().map(|c| c.parts.as_slice()).collect();
    assert_eq!(parts, [&[1, 2][..], &[3, 4][..]]);
    let set = Patterns::new(chosen.iter().map(|c| &c.parts));
    let found = effect(&traces[0], &set);
    assert_eq!(found.before - found.after, 1100);
}

#[test]
fn a_sequence_made_useless_by_a_longer_one_is_dropped() {
    // 1 2 comes first by itself; 1 2 3 4 takes nearly all of its places.
    let traces = [trace(vec![
        straight(&[1, 2, 3, 4], 0, 1000),
        straight(&[7, 8], 0, 500),
    ])];
    let chosen = choose(&traces, 2, |_| true, |_| true);
    let mut parts: Vec<Vec<u16>> = chosen.into_iter().map(|c| c.parts).collect();
    parts.sort();
    assert_eq!(parts, vec![vec![1, 2, 3, 4], vec![7, 8]]);
}

#[test]
fn slow_parts_save_nothing() {
    let traces = [trace(vec![straight(&[1, 2], 0b10, 1000)])];
    assert!(choose(&traces, 8, |_| true, |_| true).is_empty());
}
