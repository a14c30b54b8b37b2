//! Logarithmic axes: equal factors are equal lengths, so 0.5 and 2 lie equally far from 1.

use super::palette::{INK, MUTED, RULE};
use super::svg::{Anchor, SIZE, Svg, Type};

/// Values that may be labelled.
const TICKS: [f64; 30] = [
    0.01, 0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.3,
    1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 5.0, 7.0, 10.0, 20.0, 50.0, 100.0,
];

/// A horizontal axis of ratios.
#[derive(Clone, Copy, Debug)]
pub struct Axis {
    /// Left and right end in pixels.
    pub pixels: (f64, f64),
    /// The ratios there.
    pub ratios: (f64, f64),
}

impl Axis {
    /// An axis between these pixels that holds all these ratios and 1, with a margin. Ratios that are not finite are passed over.
    pub fn around(ratios: impl IntoIterator<Item = f64>, pixels: (f64, f64)) -> Axis {
        let (mut low, mut high) = (1.0_f64, 1.0_f64);
        for ratio in ratios
            .into_iter()
            .filter(|ratio| ratio.is_finite() && *ratio > 0.0)
        {
            low = low.min(ratio);
            high = high.max(ratio);
        }
        let margin = ((high / low).ln() * 0.04).max(0.01).exp();
        Axis {
            pixels,
            ratios: (low / margin, high * margin),
        }
    }

    /// The pixel of a ratio; beyond the ends for one that the axis does not hold.
    pub fn at(&self, ratio: f64) -> f64 {
        let share = (ratio / self.ratios.0).ln() / (self.ratios.1 / self.ratios.0).ln();
        self.pixels.0 + (self.pixels.1 - self.pixels.0) * share
    }

    /// The ratios to label, at least `distance` pixels from each other; 1 is always one.
    pub fn ticks(&self, distance: f64) -> Vec<f64> {
        let mut chosen = vec![1.0];
        let inside = |tick: &f64| (self.ratios.0..=self.ratios.1).contains(tick);
        // Round values first.
        let order = [0.5, 2.0, 0.2, 5.0, 0.1, 10.0, 0.7, 1.5, 0.3, 3.0];
        for tick in order.into_iter().chain(TICKS).filter(inside) {
            if chosen
                .iter()
                .all(|&other| (self.at(tick) - self.at(other)).abs() >= distance)
            {
                chosen.push(tick);
            }
        }
        chosen.sort_by(f64::total_cmp);
        chosen
    }

    /// Draws grid lines from `top` to `bottom` and labels below; the line of 1 is dark.
    pub fn draw(&self, svg: &mut Svg, (top, bottom): (f64, f64), label: impl Fn(f64) -> String) {
        for tick in self.ticks(38.0) {
            let x = self.at(tick);
            if tick != 1.0 {
                svg.line((x, top), (x, bottom), RULE, 1.0);
            }
            svg.text(
                (x, bottom + SIZE + 3.0),
                Anchor::Middle,
                Type::plain(MUTED).small(),
                &label(tick),
            );
        }
        svg.line((self.at(1.0), top), (self.at(1.0), bottom), INK, 1.0);
    }
}

/// A tick's ratio: `0.5`, `2`.
pub fn ratio_label(tick: f64) -> String {
    format!("{tick}")
}

/// A tick as a change: `−20 %`, `0`, `+50 %`.
pub fn change_label(tick: f64) -> String {
    let change = ((tick - 1.0) * 100.0).round();
    match change {
        0.0 => "0".into(),
        change if change < 0.0 => format!("−{} %", -change),
        change => format!("+{change} %"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_holds_what_it_is_made_for() {
        let axis = Axis::around([0.5, 1.2, f64::INFINITY, 0.0], (100.0, 300.0));
        assert!(axis.at(0.5) > 100.0 && axis.at(1.2) < 300.0);
        assert!((axis.at(0.5) + axis.at(2.0) - 2.0 * axis.at(1.0)).abs() < 1e-9);
        let ticks = axis.ticks(30.0);
        assert!(ticks.contains(&1.0) && ticks.contains(&0.5), "{ticks:?}");
        assert!(
            ticks
                .windows(2)
                .all(|pair| axis.at(pair[1]) - axis.at(pair[0]) >= 30.0)
        );
    }

    #[test]
    fn an_axis_without_values_is_an_axis() {
        let axis = Axis::around([], (0.0, 10.0));
        assert!((axis.at(1.0) - 5.0).abs() < 1e-9);
        assert_eq!(axis.ticks(30.0), [1.0]);
    }

    #[test]
    fn changes_have_signs() {
        assert_eq!(
            [0.8, 1.0, 1.5].map(change_label),
            ["−20 %", "0", "+50 %"].map(String::from)
        );
    }
}
