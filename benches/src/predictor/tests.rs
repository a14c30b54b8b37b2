//! Traces with known answers.

use super::*;
use crate::random::Random;

/// Misses after a warm-up of half the trace.
fn late_misses(predictor: &mut dyn Predictor, trace: &[(u32, u32)]) -> usize {
    let half = trace.len() / 2;
    let mut misses = 0;
    for (i, &(site, target)) in trace.iter().enumerate() {
        misses += usize::from(!predictor.branch(site, target) && i >= half);
    }
    misses
}

/// A loop body `a b a c` ten thousand times, as one branch sees it.
fn one_site() -> Vec<(u32, u32)> {
    [1, 2, 1, 3]
        .iter()
        .map(|&op| (0, op))
        .cycle()
        .take(40_000)
        .collect()
}

/// The same body with a branch at the end of each handler: `a` is followed by `b` or `c` in turn.
fn a_site_a_handler() -> Vec<(u32, u32)> {
    [(3, 1), (1, 2), (2, 1), (1, 3)]
        .into_iter()
        .cycle()
        .take(40_000)
        .collect()
}

#[test]
fn ertl_and_greggs_example() {
    // "The structure and performance of efficient interpreters", table 1: a switch mispredicts every time, since
    // no instruction follows itself; threaded code mispredicts at `a` alone, half of all.
    assert_eq!(late_misses(&mut LastTarget::new(), &one_site()), 20_000);
    assert_eq!(
        late_misses(&mut LastTarget::new(), &a_site_a_handler()),
        10_000
    );
}

#[test]
fn a_second_chance_keeps_the_commoner_target() {
    // a a a b: the last target misses at b and after it; two bits miss at b alone.
    let trace: Vec<(u32, u32)> = [1, 1, 1, 2]
        .iter()
        .map(|&op| (7, op))
        .cycle()
        .take(8_000)
        .collect();
    assert_eq!(late_misses(&mut LastTarget::new(), &trace), 2_000);
    assert_eq!(late_misses(&mut TwoBit::new(), &trace), 1_000);
    // a b a b: two bits hold on to one of them.
    let trace: Vec<(u32, u32)> = [1, 2]
        .iter()
        .map(|&op| (7, op))
        .cycle()
        .take(8_000)
        .collect();
    assert_eq!(late_misses(&mut LastTarget::new(), &trace), 4_000);
    assert_eq!(late_misses(&mut TwoBit::new(), &trace), 2_000);
}

#[test]
fn branches_that_share_an_entry_evict_each_other() {
    let far = btb::ENTRIES as u32;
    let trace: Vec<(u32, u32)> = [(1, 5), (1 + far, 6)]
        .into_iter()
        .cycle()
        .take(2_000)
        .collect();
    assert_eq!(late_misses(&mut LastTarget::new(), &trace), 1_000);
    let trace: Vec<(u32, u32)> = [(1, 5), (2, 6)].into_iter().cycle().take(2_000).collect();
    assert_eq!(late_misses(&mut LastTarget::new(), &trace), 0);
}

#[test]
fn history_knows_what_a_buffer_cannot() {
    assert_eq!(late_misses(&mut Ittage::new(), &one_site()), 0);
    assert_eq!(late_misses(&mut Ittage::new(), &a_site_a_handler()), 0);
    // A body of 60 instructions over 12 opcodes, through one branch: longer than any single entry can tell apart.
    let mut random = Random::new(3);
    let body: Vec<(u32, u32)> = (0..60).map(|_| (0, random.below(12) as u32)).collect();
    let trace: Vec<(u32, u32)> = body.into_iter().cycle().take(60_000).collect();
    let (old, new) = (
        late_misses(&mut LastTarget::new(), &trace),
        late_misses(&mut Ittage::new(), &trace),
    );
    assert!(old > 24_000 && new < 30, "{old} {new}");
}

#[test]
fn nothing_predicts_chance() {
    let mut random = Random::new(4);
    let trace: Vec<(u32, u32)> = (0..40_000).map(|_| (0, random.below(16) as u32)).collect();
    for mut predictor in museum() {
        let share = late_misses(predictor.as_mut(), &trace) as f64 / 20_000.0;
        // 15 of 16, with a standard error of 0.2 points.
        assert!(
            (0.92..0.96).contains(&share),
            "{} {share}",
            predictor.name()
        );
    }
}

fn step(op: u16) -> Step {
    Step { op, follows: true }
}

#[test]
fn strategies_have_the_branches_that_their_code_has() {
    let jumped = Step {
        op: 4,
        follows: false,
    };
    let trace = [step(4), step(5), step(4), step(5), jumped];
    let walk = |strategy: &str| {
        let mut sites = Sites::new(strategy).expect("a strategy with known branches");
        trace.map(|step| sites.branch(step))
    };
    for strategy in ["switch", "oracle", "call", "closure-loop"] {
        assert_eq!(walk(strategy), [(0, 4), (0, 5), (0, 4), (0, 5), (0, 4)]);
    }
    // After 4, after 5, after 4, after 5: a handler is one place.
    assert_eq!(walk("tail"), [(0, 4), (5, 5), (6, 4), (5, 5), (6, 4)]);
    // A closure goes on through what it has captured, or through `ip`.
    assert_eq!(walk("closure"), [(0, 4), (9, 5), (11, 4), (9, 5), (12, 4)]);
    assert!(Sites::new("jit").is_none());
}

#[test]
fn a_race_counts_what_its_predictors_say() {
    let mut race = Race::new("switch").expect("known branches");
    for op in [1, 2, 1, 3].into_iter().cycle().take(1_000) {
        race.step(step(op));
    }
    let scores = race.scores();
    assert_eq!(scores[0].misses, 1_000);
    assert_eq!(
        (scores[0].accuracy(), scores[0].per_thousand(4_000.0)),
        (0.0, 250.0)
    );
    assert!(scores[2].predictor == "ittage" && scores[2].misses < 60);
    assert!(Race::new("jit").is_none());
}
