//! Numbers in sentences and fields: ratios, changes, intervals, counts.

use crate::analysis::Comparison;
use crate::table::percent;
use crate::verdict::{Estimate, Verdict};

/// Three digits behind the point below 10, fewer above.
pub fn number(value: f64) -> String {
    match value {
        value if !value.is_finite() => "unknown".into(),
        value if value < 10.0 => format!("{value:.3}"),
        value if value < 100.0 => format!("{value:.1}"),
        value => format!("{value:.0}"),
    }
}

/// `0.566 [0.550, 0.582]`.
pub fn ratio(comparison: &Comparison) -> String {
    format!("{} {}", number(comparison.ratio), interval(comparison))
}

/// `[0.550, 0.582]` on one line, or that there is none.
pub fn interval(comparison: &Comparison) -> String {
    if comparison.estimate.freedom <= 0.0 {
        return "[no interval]".into();
    }
    format!(
        "[{},\u{A0}{}]",
        number(comparison.low),
        number(comparison.high)
    )
}

/// `−26.5 % [−27.3 %, −25.8 %]`.
pub fn change(estimate: &Estimate) -> String {
    format!("{} {}", percent(estimate.log), change_interval(estimate))
}

/// `[−27.3 %, −25.8 %]`.
pub fn change_interval(estimate: &Estimate) -> String {
    if estimate.freedom <= 0.0 {
        return "[no interval]".into();
    }
    let (low, high) = estimate.interval();
    format!("[{},\u{A0}{}]", percent(low.ln()), percent(high.ln()))
}

/// Whether the run can tell.
pub fn is_resolved(verdict: &Verdict) -> bool {
    !matches!(verdict, Verdict::NotResolved(_))
}

/// `1.77 times as fast` for 0.566; `1.20 times as slow` for 1.2.
pub fn times(ratio: f64) -> String {
    if ratio <= 1.0 {
        format!("{:.2} times as fast", 1.0 / ratio)
    } else {
        format!("{ratio:.2} times as slow")
    }
}

/// `a`, `a and b`, `a, b and c`.
pub fn listed(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// `1 workload`, `16 workloads`.
pub fn count(number: usize, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}

/// Digits in groups of three: `12 345 678`.
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{202F}');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_in_words() {
        assert_eq!(times(0.5), "2.00 times as fast");
        assert_eq!(times(1.25), "1.25 times as slow");
        assert_eq!(listed(&["a", "b", "c"].map(String::from)), "a, b and c");
        assert_eq!(
            (count(1, "cell"), count(2, "cell")),
            ("1 cell".into(), "2 cells".into())
        );
        assert_eq!(grouped(1_234_567), "1\u{202F}234\u{202F}567");
        assert_eq!(
            [0.5664, 12.345, 345.6, f64::INFINITY].map(number),
            ["0.566", "12.3", "346", "unknown"].map(String::from)
        );
    }
}
