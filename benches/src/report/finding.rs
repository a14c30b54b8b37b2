//! What a run found, in sentences. Each sentence states an estimate with its interval, or says that the run cannot tell.

use super::load::Source;
use super::words::{change, count, is_resolved, listed, ratio, times};
use crate::analysis::{self, Comparison, Report};
use crate::factorial::{Effect, Factorial};
use crate::plan::{Clock, Kind};
use crate::verdict::Verdict;

/// The first sentences, and the rest for a list. Names of cells and workloads stand between backquotes.
#[derive(Clone, Debug, Default)]
pub struct Finding {
    /// The answer.
    pub lead: String,
    /// What goes with it.
    pub more: Vec<String>,
}

/// States the finding of a run.
pub fn state(report: &Report) -> Finding {
    let mut finding = Finding {
        lead: best(report),
        more: Vec::new(),
    };
    let more = &mut finding.more;
    more.extend(spread(report));
    if let Some(factorial) = &report.factorial {
        more.extend(main_effects(factorial));
        more.push(interactions(factorial));
    }
    more.extend(resolution(report));
    more.extend(peers(report));
    more.extend(startup(report));
    finding
}

/// States the finding of a run and what the witnesses beside it say of the fastest cell.
pub fn of(source: &Source) -> Finding {
    let mut finding = state(&source.report);
    if let Some(best) = fastest(&source.report) {
        finding
            .more
            .extend(source.witnesses.sentences(&best.subject, &best.reference));
    }
    finding
}

/// The cell with the least time, the reference left out.
fn fastest(report: &Report) -> Option<&Comparison> {
    report
        .geomeans
        .iter()
        .filter(|found| is_cell(report, &found.subject))
        .min_by(|a, b| a.ratio.total_cmp(&b.ratio))
}

fn is_cell(report: &Report, name: &str) -> bool {
    let subjects = &report.record.subjects;
    subjects
        .iter()
        .any(|s| s.subject.name == name && s.subject.kind == Kind::Cell)
}

fn best(report: &Report) -> String {
    let reference = &report.record.reference;
    let Some(best) = fastest(report) else {
        return match report.geomeans.first() {
            Some(found) => format!(
                "`{}` takes {} of the time of `{reference}`: {}.",
                found.subject,
                ratio(found),
                found.verdict
            ),
            None => format!("There is nothing to compare `{reference}` with in this run."),
        };
    };
    let clock = if report.record.clock == Clock::Cpu {
        "processor time"
    } else {
        "wall-clock time"
    };
    let over = format!(
        "{clock}, geometric mean over {}, 95 % interval",
        count(best.workloads, "workload")
    );
    match best.verdict {
        Verdict::Faster => {
            let cells = report
                .geomeans
                .iter()
                .filter(|found| is_cell(report, &found.subject))
                .count();
            let place = if cells > 1 {
                "the fastest cell"
            } else {
                "faster"
            };
            format!(
                "`{}` is {place}: it takes {} of the time of `{reference}` ({over}), so it is {}.{}",
                best.subject,
                ratio(best),
                times(best.ratio),
                rivals(report, best)
            )
        }
        Verdict::Slower => format!(
            "No cell is faster than the reference `{reference}`. The nearest, `{}`, takes {} of its time ({over}).",
            best.subject,
            ratio(best)
        ),
        Verdict::NotResolved(_) => format!(
            "This run does not show a cell to be faster than the reference `{reference}`. The nearest, `{}`, takes {} of its time ({over}): {}.",
            best.subject,
            ratio(best),
            best.verdict
        ),
    }
}

/// Cells that the run cannot tell from the best one.
fn rivals(report: &Report, best: &Comparison) -> String {
    let mut others: Vec<Comparison> = report
        .geomeans
        .iter()
        .filter(|found| found.subject != best.subject && is_cell(report, &found.subject))
        .filter_map(|found| report.relative(&found.subject, &best.subject))
        .collect();
    if others.is_empty() {
        return String::new();
    }
    analysis::judge(&mut others);
    let open: Vec<String> = others
        .iter()
        .filter(|found| !is_resolved(&found.verdict))
        .map(|found| format!("`{}`", found.subject))
        .collect();
    if open.is_empty() {
        " It is faster than every other cell of the run.".into()
    } else {
        format!(" The run cannot tell it from {}.", listed(&open))
    }
}

/// How the best cell's gain differs from workload to workload, and who is slower where.
fn spread(report: &Report) -> Option<String> {
    let best = fastest(report)?;
    let of_best = || {
        report
            .comparisons
            .iter()
            .filter(|found| found.subject == best.subject)
    };
    let least = of_best().min_by(|a, b| a.ratio.total_cmp(&b.ratio))?;
    let most = of_best().max_by(|a, b| a.ratio.total_cmp(&b.ratio))?;
    if of_best().count() < 2 {
        return None;
    }
    let name = |found: &Comparison| found.workload.clone().unwrap_or_default();
    let slower: Vec<String> = of_best()
        .filter(|found| found.verdict == Verdict::Slower)
        .map(|found| format!("`{}`", name(found)))
        .collect();
    let slower = if slower.is_empty() {
        "it is slower on none".to_string()
    } else {
        format!("it is slower on {}", listed(&slower))
    };
    Some(format!(
        "One number is not the whole: on single workloads `{}` takes from {} (`{}`) to {} (`{}`) of the reference's time; {slower}.",
        best.subject,
        ratio(least),
        name(least),
        ratio(most),
        name(most),
    ))
}

fn by_size<'a>(effects: impl Iterator<Item = &'a Effect>) -> Vec<&'a Effect> {
    let mut effects: Vec<&Effect> = effects.collect();
    effects.sort_by(|a, b| b.estimate.log.abs().total_cmp(&a.estimate.log.abs()));
    effects
}

fn main_effects(factorial: &Factorial) -> Option<String> {
    if factorial.main.is_empty() {
        return None;
    }
    let said = |effect: &&Effect| format!("`{}` {}", effect.term, change(&effect.estimate));
    let resolved: Vec<String> = by_size(factorial.main.iter().filter(|e| is_resolved(&e.verdict)))
        .iter()
        .map(said)
        .collect();
    let open: Vec<String> = factorial
        .main
        .iter()
        .filter(|effect| !is_resolved(&effect.verdict))
        .map(|effect| format!("`{}`", effect.term))
        .collect();
    let mut text = if resolved.is_empty() {
        "No factor's effect on time is resolved.".to_string()
    } else {
        format!(
            "What each factor does to the time, averaged over the others: {}.",
            resolved.join("; ")
        )
    };
    if !open.is_empty() && !resolved.is_empty() {
        text += &format!(" Not resolved: {}.", listed(&open));
    }
    let mixed: Vec<String> = factorial
        .main
        .iter()
        .filter(|effect| effect.additive)
        .map(|effect| format!("`{}`", effect.term))
        .collect();
    if !mixed.is_empty() {
        let which = if mixed.len() == factorial.main.len() {
            "these effects".to_string()
        } else {
            format!("the effects of {}", listed(&mixed))
        };
        text += &format!(
            " The cells are not a full design: {which} contain interactions that they do not show apart."
        );
    }
    Some(text)
}

fn interactions(factorial: &Factorial) -> String {
    if factorial.interactions.is_empty() {
        return "The cells of this run do not form a design that shows how factors change each other's effect.".into();
    }
    let resolved = by_size(
        factorial
            .interactions
            .iter()
            .filter(|e| is_resolved(&e.verdict)),
    );
    let all = format!(
        "{} that these cells show",
        count(factorial.interactions.len(), "two-factor interaction")
    );
    match resolved.as_slice() {
        [] if factorial.interactions.len() == 1 => format!(
            "The one two-factor interaction that these cells show, `{}`, is {}.",
            factorial.interactions[0].term, factorial.interactions[0].verdict
        ),
        [] => format!(
            "None of {all} is resolved: as far as this run can tell, the factors' effects multiply."
        ),
        [strongest, ..] => {
            let kind = if strongest.estimate.log < 0.0 {
                "strengthen each other"
            } else {
                "overlap"
            };
            let factors = strongest.term.replace(" × ", "` and `");
            format!(
                "Factors are not independent ({} of {all} resolved). Strongest: `{factors}` {kind}; the time of both differs by {} from \
                 the product of their effects.",
                resolved.len(),
                change(&strongest.estimate)
            )
        }
    }
}

fn resolution(report: &Report) -> Option<String> {
    let all = report.comparisons.len();
    if all == 0 {
        return None;
    }
    let number = |wanted: Verdict| {
        report
            .comparisons
            .iter()
            .filter(|found| found.verdict == wanted)
            .count()
    };
    let mut visible: Vec<f64> = report
        .comparisons
        .iter()
        .filter_map(|found| match found.verdict {
            Verdict::NotResolved(effect) if effect.is_finite() => Some(effect * 100.0),
            _ => None,
        })
        .collect();
    visible.sort_by(f64::total_cmp);
    let (faster, slower) = (number(Verdict::Faster), number(Verdict::Slower));
    let open = all - faster - slower;
    let mut text = format!(
        "Of {all} ratios on single workloads {faster} are faster, {slower} slower and {open} not resolved"
    );
    text += &match (visible.first(), visible.last()) {
        (Some(least), Some(most)) => format!(
            " (the smallest effects that these could have shown lie between {least:.1} % and {most:.1} %)."
        ),
        _ => ".".into(),
    };
    Some(text)
}

fn peers(report: &Report) -> Option<String> {
    let mut texts = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for found in &report.against_peers {
        if seen.contains(&found.reference.as_str()) {
            continue;
        }
        seen.push(&found.reference);
        let best = report
            .against_peers
            .iter()
            .filter(|other| other.reference == found.reference)
            .min_by(|a, b| a.ratio.total_cmp(&b.ratio))?;
        texts.push(format!(
            "against `{}` the fastest cell, `{}`, takes {} of its time",
            best.reference,
            best.subject,
            ratio(best)
        ));
    }
    (!texts.is_empty()).then(|| {
        format!(
            "Other interpreters on the same programs: {}.",
            texts.join("; ")
        )
    })
}

fn startup(report: &Report) -> Option<String> {
    let times = || {
        report
            .startups
            .iter()
            .filter(|startup| is_cell(report, &startup.subject))
    };
    let least = times().min_by(|a, b| a.milliseconds.total_cmp(&b.milliseconds))?;
    let most = times().max_by(|a, b| a.milliseconds.total_cmp(&b.milliseconds))?;
    Some(format!(
        "Start-up is not in these ratios: it takes {:.1} ms (`{}`) to {:.1} ms (`{}`) a process.",
        least.milliseconds, least.subject, most.milliseconds, most.subject
    ))
}
