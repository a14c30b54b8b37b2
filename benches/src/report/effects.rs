//! What each factor is worth: the factorial analysis, then pairs of cells that differ in one factor ([`one_factor`]).

use super::axis::{Axis, change_label};
use super::document::Document;
use super::html::{Cell, Column, Table, code};
use super::one_factor;
use super::palette::{ACCENT, INK, MUTED, RULE};
use super::svg::{Anchor, CODE_WIDTH, SIZE, Svg, Type, WORD_WIDTH};
use super::words::{change, change_interval, is_resolved, listed};
use crate::analysis::Report;
use crate::factorial::{Effect, Factorial};
use crate::table::percent;
use crate::verdict::Verdict;

/// Writes the part.
pub fn write(document: &mut Document, report: &Report) {
    document.part("effects", "Factors");
    match &report.factorial {
        Some(factorial) => analysis_of(document, factorial),
        None => document.absent(
            "No factor varies between the cells of this run, so there is nothing to analyse.",
        ),
    }
    one_factor::write(document, report);
}

fn analysis_of(document: &mut Document, factorial: &Factorial) {
    let levels: Vec<String> = factorial
        .reference
        .iter()
        .map(|(factor, level)| format!("`{factor}={level}`"))
        .collect();
    document.paragraph(&format!(
        "A linear model of the mean log time with main effects and two-factor interactions. A main effect is what a level does to the time \
         against the reference level ({}), averaged over all combinations of the other factors. An interaction `a × b` says by how much \
         the time with both differs from the product of the two effects.",
        listed(&levels)
    ));
    document.figure(
        "effects",
        &figure(factorial),
        "Effects on time with 95 % intervals, main effects above interactions, on a logarithmic scale; further left is faster. Hollow points are not resolved.",
    );
    let mut caption = String::from("Effects on time.");
    if factorial.main.iter().any(|effect| effect.additive) {
        caption += " Those marked with an asterisk contain interactions that these cells do not show apart.";
    }
    document.table("effects", table(factorial), &caption);
    if !factorial.aliased.is_empty() {
        let terms: Vec<String> = factorial
            .untold()
            .iter()
            .map(|term| format!("`{term}`"))
            .collect();
        document.paragraph(&format!(
            "The cells of this run are not a full factorial design. What they cannot tell apart from other effects is not estimated: {}.",
            terms.join(", ")
        ));
    }
    document.paragraph(&format!(
        "What main effects and two-factor interactions leave unexplained (higher interactions) is {:.1} % of time, root mean square over cells.",
        factorial.unexplained.exp_m1() * 100.0
    ));
}

fn all(factorial: &Factorial) -> impl Iterator<Item = &Effect> {
    factorial.main.iter().chain(&factorial.interactions)
}

fn table(factorial: &Factorial) -> Table {
    let columns = [
        ("effect of", Column::Words),
        ("kind", Column::Words),
        ("on time", Column::Number),
        ("95 % interval", Column::Number),
        ("verdict", Column::Words),
    ];
    let mains = factorial.main.len();
    let rows = all(factorial).enumerate().map(|(i, effect)| {
        let star = if effect.additive { "*" } else { "" };
        let (low, high) = effect.estimate.interval();
        vec![
            Cell::html(code(&effect.term) + star),
            Cell::text(if i < mains {
                "main effect"
            } else {
                "interaction"
            }),
            Cell::number(percent(effect.estimate.log), effect.estimate.log),
            Cell::number(change_interval(&effect.estimate), high / low),
            Cell::text(&verdict(effect, i >= mains)),
        ]
    });
    Table::of(&columns, rows)
}

/// An interaction is neither faster nor slower: both together take less or more time than their product.
fn verdict(effect: &Effect, interaction: bool) -> String {
    match (effect.verdict, interaction) {
        (Verdict::Faster, true) => "strengthen each other".into(),
        (Verdict::Slower, true) => "overlap".into(),
        (verdict, _) => verdict.to_string(),
    }
}

fn figure(factorial: &Factorial) -> Svg {
    const ROW: f64 = 20.0;
    let width_of = |text: &str| text.chars().count() as f64;
    let left = all(factorial)
        .map(|e| width_of(&e.term))
        .fold(8.0, f64::max)
        * CODE_WIDTH
        + 26.0;
    let right = all(factorial)
        .map(|e| width_of(&change(&e.estimate)))
        .fold(0.0, f64::max)
        * WORD_WIDTH
        + 12.0;
    let (width, top) = (left + 340.0 + right, 8.0);
    let gap = if factorial.interactions.is_empty() {
        0.0
    } else {
        12.0
    };
    let rows = factorial.main.len() + factorial.interactions.len();
    let bottom = top + rows as f64 * ROW + gap;
    let axis = Axis::around(
        all(factorial).flat_map(|effect| {
            let (low, high) = effect.estimate.interval();
            [effect.estimate.ratio(), low, high]
        }),
        (left, width - right),
    );
    let description = all(factorial)
        .map(|effect| format!("{}: {}", effect.term, change(&effect.estimate)))
        .collect::<Vec<_>>()
        .join("; ");
    let mut svg = Svg::new(
        width,
        bottom + 40.0,
        "Effects of the factors on time",
        &description,
    );
    axis.draw(&mut svg, (top, bottom), change_label);
    svg.text(
        ((left + width - right) / 2.0, bottom + 34.0),
        Anchor::Middle,
        Type::plain(MUTED).small(),
        "change of time (logarithmic)",
    );
    for (i, effect) in all(factorial).enumerate() {
        let below = if i >= factorial.main.len() { gap } else { 0.0 };
        let y = top + (i as f64 + 0.5) * ROW + below;
        if i == factorial.main.len() {
            let y = y - ROW / 2.0 - gap / 2.0;
            svg.line((8.0, y), (width - 8.0, y), RULE, 1.0);
        }
        let base = y + SIZE * 0.36;
        svg.text(
            (left - 14.0, base),
            Anchor::End,
            Type::code(INK),
            &effect.term,
        );
        svg.text(
            (width - right + 12.0, base),
            Anchor::Start,
            Type::plain(INK),
            &change(&effect.estimate),
        );
        if effect.estimate.freedom > 0.0 {
            let (low, high) = effect.estimate.interval();
            svg.interval((axis.at(low), axis.at(high)), y, axis.pixels, ACCENT);
        }
        let x = axis.at(effect.estimate.ratio());
        svg.point((x, y), 4.0, ACCENT, is_resolved(&effect.verdict));
    }
    svg
}
