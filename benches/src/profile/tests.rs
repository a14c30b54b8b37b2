use super::code::{Code, CodeMap, Instruction, Op};
use super::difference::difference;
use super::text::{Limits, disagreement, text};
use super::timing::{PcSamples, estimate};
use super::trace::{NONE, Recorder, Triple};
use super::*;
use std::collections::BTreeMap;

fn row(name: &str, parts: &[u16], cached: bool) -> Op {
    Op {
        name: name.into(),
        parts: parts.to_vec(),
        jumps: false,
        goes_on: true,
        cached,
    }
}

/// `a`, `b` with a cache, and `a_b` that is both.
fn table() -> Vec<Op> {
    vec![
        row("a", &[], false),
        row("b", &[], true),
        row("a_b", &[0, 1], false),
    ]
}

fn code(name: &str, ops: &[u16]) -> Code {
    let instruction = |(i, &op): (usize, &u16)| Instruction {
        op,
        offset: 3 * i as u32,
        line: 1 + i as u32 / 2,
        ..Instruction::default()
    };
    Code {
        name: name.into(),
        file: "dir/f.py".into(),
        first_line: 1,
        instructions: ops.iter().enumerate().map(instruction).collect(),
    }
}

#[test]
fn a_recorder_counts_what_a_list_would() {
    // Steps that follow no pattern, over few instructions: every way through the recorder.
    let mut random = 7_u32;
    let steps: Vec<u32> = (0..5000)
        .map(|_| {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (random >> 16) % 7
        })
        .collect();
    let mut recorder = Recorder::default();
    steps.iter().for_each(|&s| recorder.step(s));
    let mut expected: BTreeMap<[u32; 3], u64> = BTreeMap::new();
    let (mut a, mut b) = (NONE, NONE);
    for &c in &steps {
        *expected.entry([a, b, c]).or_default() += 1;
        (a, b) = (b, c);
    }
    let expected: Vec<Triple> = expected
        .into_iter()
        .map(|(path, count)| Triple { path, count })
        .collect();
    assert_eq!(recorder.triples(), expected);
}

#[test]
fn instructions_have_numbers_and_places() {
    let mut map = CodeMap::new(table());
    map.add(code("f", &[0, 1]));
    map.add(code("empty", &[]));
    map.add(code("g", &[2, 1]));
    assert_eq!(map.number(2, 1), Some(3));
    assert_eq!(map.place(3), (2, 1));
    assert_eq!(map.place(1), (0, 1));
    assert_eq!((map.number(0, 2), map.number(7, 0)), (None, None));
}

fn observed() -> Observed {
    let mut seen = Observed::new(table());
    seen.linked(code("f", &[2, 1, 0]));
    // Thrice as a whole, once stopped before its second part, whose cache does not have the answer.
    for _ in 0..3 {
        seen.step(0, false);
        seen.step(2, false);
    }
    for (unit, after_full) in [(0, false), (1, false), (2, true)] {
        seen.step(unit, after_full);
    }
    seen.sample([(0, 0)].into_iter(), 30);
    seen.sample([(0, 2)].into_iter(), 10);
    seen.sample(std::iter::empty(), 2);
    // 80 % of the time in `a_b`, 16 % in `a`, the rest in `b`; a sample stands for one, but for a late one.
    for (number, times) in [(0, 800), (2, 160), (1, 38), (1, 2)] {
        seen.at(Some(number), times);
    }
    seen.at(None, 150);
    seen.at(Some(99), 50);
    seen.pc.own = 50;
    seen.pc.taken = 1249;
    seen.pc.squares = 1248 + 4;
    seen
}

#[test]
fn a_profile_adds_up() {
    let source = |_: &str, line: u32| Some(format!("line {line}"));
    let run = RunTime {
        probed_ns: 2500.0,
        ..RunTime::default()
    };
    let profile = assemble("p", "c/m-v", &observed(), run, source);
    let count = |name: &str| {
        let found = profile.ops.iter().find(|op| op.name == name);
        found.map_or(0, |op| op.count)
    };
    assert_eq!((count("a"), count("b"), count("a_b")), (4, 1, 4));
    assert_eq!((profile.dispatches, profile.instructions), (9, 13));
    let run = profile.run;
    assert_eq!(
        (run.whole_ns, run.outside_ns, run.own_ns, run.pc_samples),
        (2000.0, 400.0, 100.0, 1249)
    );
    let shares: f64 = profile.ops.iter().map(|op| op.time.share).sum();
    let lines: f64 = profile.lines.iter().map(|line| line.time).sum();
    let functions: f64 = profile.functions.iter().map(|f| f.time).sum();
    for sum in [shares, lines, functions] {
        assert!((sum - 1.0).abs() < 1e-9, "{sum}");
    }
    let ab = &profile.ops[0];
    assert_eq!((ab.name.as_str(), ab.width), ("a_b", 2));
    assert!((ab.time.share - 0.8).abs() < 1e-9);
    // A thousand samples, of which hardly any stands for more than one.
    let expected = (0.8_f64 * 0.2 / 1000.0).sqrt();
    assert!((ab.time.error / expected - 1.0).abs() < 0.01, "{ab:?}");
    assert!((ab.time.sampled - 0.75).abs() < 1e-9);
    assert!((profile.run.located - 40.0 / 42.0).abs() < 1e-9);
    let apart = disagreement(&profile).expect("opcodes above 5 %");
    assert!(apart.distance > 0.0 && apart.error > 0.0);
    // Two stack samples, of thirty ticks and of ten, say as much as 1.6 equal ones.
    let expected = (0.75_f64 * 0.25 / 1.6).sqrt();
    assert!((ab.time.sampled_error - expected).abs() < 1e-9, "{ab:?}");
    let pairs: u64 = profile.pairs.iter().map(|p| p.count).sum();
    assert_eq!(pairs, 8);
    assert_eq!(profile.lines[0].text, "line 1");
}

#[test]
fn caches_count_parts_of_superinstructions() {
    let profile = assemble("p", "c/m-v", &observed(), RunTime::default(), |_, _| None);
    assert_eq!(
        profile.caches,
        [CacheRow {
            name: "b".into(),
            executed: 4,
            answered: 3
        }]
    );
}

#[test]
fn late_samples_say_less() {
    let error = |squares| {
        let pc = PcSamples {
            instructions: vec![300, 100],
            squares,
            ..PcSamples::default()
        };
        estimate(&pc, &[300, 100], &[3, 1], 4)[0].error
    };
    // 400 of one each, or a hundred of four.
    assert!((error(1600) / error(400) - 2.0).abs() < 1e-9);
    let nothing = estimate(&PcSamples::default(), &[0], &[0], 0);
    assert_eq!((nothing[0].share, nothing[0].error), (0.0, 0.0));
}

#[test]
fn forms() {
    let profile = assemble(
        "p<&>.py",
        "c/m-v",
        &observed(),
        RunTime::default(),
        |_, _| None,
    );
    let shown = text(&profile, Limits::default());
    for part in ["a_b [2]", "Functions", "f (f.py:1)", "Pairs", "hits %"] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    let unseen = assemble(
        "p",
        "c",
        &Observed::new(table()),
        RunTime::default(),
        |_, _| None,
    );
    assert!(text(&unseen, Limits::default()).contains("too short for a sample"));
    let page = html::html(&profile);
    assert!(page.contains("p&lt;&amp;&gt;.py") && !page.contains("p<&>"));
    assert!(page.contains("prefers-color-scheme") && !page.contains("http"));
    let json = serde_json::to_string(&profile).expect("plain data");
    let back: Profile = serde_json::from_str(&json).expect("what was written");
    // Numbers with a point may come back different in their last digit.
    assert_eq!(
        (&back.pairs, &back.caches),
        (&profile.pairs, &profile.caches)
    );
    let counts = |p: &Profile| p.ops.iter().map(|op| op.count).collect::<Vec<_>>();
    assert_eq!(counts(&back), counts(&profile));
    let both = difference([profile.clone(), profile]);
    assert!(both.ops.iter().all(|row| row.counts[0] == row.counts[1]));
    assert!(both.text(1).contains("... and 2 more"));
}
