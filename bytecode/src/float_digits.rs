//! Decimal digits of floats: the shortest that read back, or correctly rounded to a length (a tie on the exact value
//! goes to the even digit), as David Gay's `dtoa` gives them in modes 0 and 2.
//!
//! The conversions themselves are the standard library's, which are exact (Grisu with Dragon behind it).

/// Significant digits without zeros at the end, and the position of the point: the value is `0.DIGITS * 10**point`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digits {
    /// ASCII digits, `"0"` for zero.
    pub digits: String,
    /// How many digits stand before the point; zero or negative for values below 0.1.
    pub point: i32,
}

/// More digits than any float has (767 significant, 1074 after the point): what is asked beyond is zeros.
pub const ENOUGH: usize = 1100;

/// The shortest digits that read back as `x`; the sign is left out. `x` must be finite.
#[must_use]
pub fn shortest(x: f64) -> Digits {
    let digits = split(&format!("{:e}", x.abs()));
    if digits.digits.len() >= 16 && may_tie(x) {
        even_choice(x, digits)
    } else {
        digits
    }
}

/// Whether `x` may lie half way between two decimals of 16 or 17 digits: then it has at most 18 digits itself, and so
/// at most 17 binary places.
fn may_tie(x: f64) -> bool {
    x.abs() < 1e18 && (x * 131_072.0).fract() == 0.0
}

/// Of two shortest forms equally near, `dtoa` takes the even one, which the standard library's search does not promise.
#[cold]
fn even_choice(x: f64, found: Digits) -> Digits {
    let text = format!("{:.*e}", found.digits.len() - 1, x.abs());
    if text.parse() == Ok(x.abs()) {
        split(&text)
    } else {
        found
    }
}

/// `count` significant digits at most, at least one. `x` must be finite.
#[must_use]
pub fn significant(x: f64, count: usize) -> Digits {
    split(&format!("{:.*e}", count.clamp(1, ENOUGH) - 1, x.abs()))
}

fn split(scientific: &str) -> Digits {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let mut digits: String = mantissa.chars().filter(|&c| c != '.').collect();
    digits.truncate(digits.trim_end_matches('0').len().max(1));
    Digits {
        digits,
        point: exponent.parse::<i32>().unwrap_or(0) + 1,
    }
}

/// Fixed point with exactly `places` digits after the point (and no point for none); the sign is left out.
#[must_use]
pub fn fixed(x: f64, places: usize) -> String {
    let mut text = format!("{:.*}", places.min(ENOUGH), x.abs());
    text.extend(std::iter::repeat_n('0', places.saturating_sub(ENOUGH)));
    text
}

/// One digit, `places` digits after the point, and an exponent of two digits or more; the sign is left out.
#[must_use]
pub fn scientific(x: f64, places: usize) -> String {
    let text = format!("{:.*e}", places.min(ENOUGH), x.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let mut out = mantissa.to_owned();
    out.extend(std::iter::repeat_n('0', places.saturating_sub(ENOUGH)));
    push_exponent(&mut out, exponent.parse().unwrap_or(0));
    out
}

/// Appends `e+05`.
pub(super) fn push_exponent(out: &mut String, exponent: i32) {
    let sign = if exponent < 0 { '-' } else { '+' };
    out.push_str(&format!("e{sign}{:02}", exponent.unsigned_abs()));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn d(digits: &str, point: i32) -> Digits {
        Digits {
            digits: digits.to_owned(),
            point,
        }
    }

    #[test]
    fn digits() {
        assert_eq!(shortest(0.1), d("1", 0));
        assert_eq!(shortest(-1234.5), d("12345", 4));
        // Half way between ...34.2 and ...34.3.
        assert_eq!(
            shortest(1273945035603634.0 + 0.25),
            d("12739450356036342", 16)
        );
        assert_eq!(shortest(0.0), d("0", 1));
        assert_eq!(shortest(5e-324), d("5", -323));
        assert_eq!(significant(0.1, 20), d("10000000000000000555", 0));
        assert_eq!(significant(9.99, 2), d("1", 2));
        assert_eq!(significant(2.5, 1), d("2", 1));
        assert_eq!(significant(3.5, 1), d("4", 1));
    }

    #[test]
    fn layouts() {
        assert_eq!(
            (
                fixed(0.5, 0),
                fixed(1.5, 0),
                fixed(2.675, 2),
                fixed(0.125, 2)
            ),
            ("0".into(), "2".into(), "2.67".into(), "0.12".into())
        );
        assert_eq!(scientific(12345.678, 3), "1.235e+04");
        assert_eq!(scientific(0.0, 0), "0e+00");
        assert_eq!(fixed(1.0, 70_000).len(), 70_002);
        assert_eq!(scientific(1e-300, 70_000).len(), 70_007);
    }
}
