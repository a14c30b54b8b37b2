//! Designs with known answers: full, reduced, aliased; and coverage of the intervals by simulation.

use super::*;
use crate::bootstrap::MeanLog;
use crate::random::Random;

fn exact(name: &str, mean: f64) -> CellMean {
    let name = CellName::parse(name).expect("a cell's name");
    CellMean {
        name,
        mean,
        draws: vec![mean; 10],
        variance: 0.0,
        freedom: 4.0,
    }
}

fn reference() -> CellName {
    CellName::parse("switch/refcount-boxed").expect("a cell's name")
}

/// tail −0.5; caches −0.3; caches with tail another −0.1; super −0.2 everywhere.
fn truth(dispatch: &str, fused: bool, caches: bool) -> CellMean {
    let tail = dispatch == "tail";
    let part = |applies: bool, size: f64| if applies { size } else { 0.0 };
    let mean =
        20.0 - part(tail, 0.5) - part(caches, 0.3) - part(tail && caches, 0.1) - part(fused, 0.2);
    let words = [
        if fused { "+super" } else { "" },
        if caches { "+caches" } else { "" },
    ]
    .concat();
    exact(&format!("{dispatch}{words}/refcount-boxed"), mean)
}

fn grid() -> Vec<CellMean> {
    let flags = [(false, false), (true, false), (false, true), (true, true)];
    ["switch", "tail"]
        .iter()
        .flat_map(|d| flags.iter().map(|&(fused, caches)| truth(d, fused, caches)))
        .collect()
}

fn log_of(effects: &[Effect], term: &str) -> f64 {
    effects
        .iter()
        .find(|effect| effect.term == term)
        .unwrap_or_else(|| panic!("no {term}"))
        .estimate
        .log
}

#[test]
fn a_full_grid_gives_the_truth() {
    let found = analyse(&grid(), &reference()).expect("factors vary");
    assert!((log_of(&found.main, "dispatch=tail") + 0.55).abs() < 1e-9);
    assert!((log_of(&found.main, "caches") + 0.35).abs() < 1e-9);
    assert!((log_of(&found.main, "super") + 0.2).abs() < 1e-9);
    assert!((log_of(&found.interactions, "dispatch=tail × caches") + 0.1).abs() < 1e-9);
    assert!(log_of(&found.interactions, "dispatch=tail × super").abs() < 1e-9);
    assert_eq!(found.interactions.len(), 3);
    assert!(found.aliased.is_empty() && found.unexplained < 1e-9);
    assert!(found.main.iter().all(|effect| !effect.additive));
}

#[test]
fn a_part_of_the_grid_suffices_where_it_shows_the_terms() {
    let cells: Vec<CellMean> = grid().into_iter().take(7).collect();
    let found = analyse(&cells, &reference()).expect("factors vary");
    assert!((log_of(&found.interactions, "dispatch=tail × caches") + 0.1).abs() < 1e-9);
    assert!(found.aliased.is_empty());
}

#[test]
fn what_varies_together_is_aliased() {
    let cells = [truth("switch", false, false), truth("switch", true, true)];
    let found = analyse(&cells, &reference()).expect("factors vary");
    assert!(found.main.is_empty());
    assert_eq!(found.aliased, ["super", "caches", "super × caches"]);
}

#[test]
fn without_interactions_in_the_data_the_model_is_additive_and_says_so() {
    let cells = [
        truth("switch", false, false),
        truth("tail", false, false),
        truth("switch", false, true),
    ];
    let found = analyse(&cells, &reference()).expect("factors vary");
    assert!(found.main.iter().all(|effect| effect.additive));
    assert!((log_of(&found.main, "dispatch=tail") + 0.5).abs() < 1e-9);
    assert_eq!(found.aliased, ["dispatch=tail × caches"]);
    assert_eq!(found.untold(), ["dispatch × caches"]);
}

#[test]
fn one_cell_or_equal_cells_have_no_factors() {
    assert!(analyse(&[truth("switch", false, false)], &reference()).is_none());
    assert!(
        analyse(
            &[truth("switch", false, false), truth("switch", false, false)],
            &reference()
        )
        .is_none()
    );
}

#[test]
fn intervals_cover_the_truth() {
    let mut random = Random::new(2026);
    let (mut covered, rounds) = (0, 300);
    for _ in 0..rounds {
        let cells: Vec<CellMean> = grid()
            .into_iter()
            .map(|cell| {
                let times: Vec<Vec<f64>> = (0..4)
                    .map(|_| {
                        let level = cell.mean + 0.02 * random.normal();
                        (0..3)
                            .map(|_| (level + 0.01 * random.normal()).exp())
                            .collect()
                    })
                    .collect();
                let known = MeanLog::new(&times, &mut random).expect("there are times");
                CellMean {
                    name: cell.name,
                    mean: known.mean,
                    draws: known.draws,
                    variance: known.variance,
                    freedom: known.freedom,
                }
            })
            .collect();
        let found = analyse(&cells, &reference()).expect("factors vary");
        let (low, high) = found.main[0].estimate.interval();
        covered += i32::from(low <= (-0.55f64).exp() && (-0.55f64).exp() <= high);
    }
    // 95 % of 300 is 285; four standard errors are 15.
    assert!((270..=299).contains(&covered), "{covered} of {rounds}");
}
