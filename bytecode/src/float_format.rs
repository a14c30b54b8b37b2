//! Floats as text: `repr`, and the `e`, `f`, `g` and `r` conversions that `%` and `format` are built on.
//!
//! Source of the rules: CPython's `PyOS_double_to_string` (its arguments are those here). Padding, grouping and signs
//! of positive numbers are the business of those who format.

use crate::float_digits::{Digits, fixed, push_exponent, scientific, shortest, significant};

/// Options of a conversion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FloatFlags {
    /// Always show a point, and keep zeros at the end under `g` (`#`).
    pub alternate: bool,
    /// Show `.0` where there would be neither point nor exponent.
    pub add_dot_0: bool,
}

/// `repr(x)`, which is also `str(x)`.
#[must_use]
pub fn repr(x: f64) -> String {
    // Whole numbers of up to 15 digits are the common case and need no search for the shortest form.
    if x.abs() < 1e15 && x.trunc() == x && (x != 0.0 || x.is_sign_positive()) {
        return format!("{}.0", x as i64);
    }
    double_to_string(
        x,
        'r',
        0,
        FloatFlags {
            add_dot_0: true,
            ..FloatFlags::default()
        },
    )
}

/// Converts by `code`, one of `e f g r` or their capitals (`E`, `F`, `G`): a minus sign shows, a plus sign does not.
/// `precision` counts digits after the point (`e`, `f`) or significant ones (`g`); `r` takes none.
#[must_use]
pub fn double_to_string(x: f64, code: char, precision: usize, flags: FloatFlags) -> String {
    let mut out = String::new();
    if x.is_nan() {
        out.push_str("nan");
    } else {
        if x.is_sign_negative() {
            out.push('-');
        }
        if x.is_infinite() {
            out.push_str("inf");
        } else {
            push_finite(&mut out, x, code.to_ascii_lowercase(), precision, flags);
        }
    }
    if code.is_ascii_uppercase() {
        out.make_ascii_uppercase();
    }
    out
}

fn push_finite(out: &mut String, x: f64, code: char, precision: usize, flags: FloatFlags) {
    match code {
        'f' => {
            out.push_str(&fixed(x, precision));
            if precision == 0 && flags.alternate {
                out.push('.');
            }
        }
        'e' => {
            let text = scientific(x, precision);
            if precision == 0 && flags.alternate {
                let (mantissa, exponent) = text.split_at(1);
                out.push_str(mantissa);
                out.push('.');
                out.push_str(exponent);
            } else {
                out.push_str(&text);
            }
        }
        'g' => {
            let precision = precision.max(1);
            let digits = significant(x, precision);
            // Where ".0" is added, the last place is kept for it.
            let limit = i64::try_from(precision).unwrap_or(i64::MAX) - i64::from(flags.add_dot_0);
            let use_exponent = digits.point <= -4 || i64::from(digits.point) > limit;
            let length = if flags.alternate { precision } else { 0 };
            lay_out(out, &digits, use_exponent, length, flags);
        }
        _ => {
            let digits = shortest(x);
            let use_exponent = digits.point <= -4 || digits.point > 16;
            lay_out(out, &digits, use_exponent, 0, flags);
        }
    }
}

/// Writes digits, filled up with zeros to `length`, with or without an exponent.
fn lay_out(
    out: &mut String,
    digits: &Digits,
    use_exponent: bool,
    length: usize,
    flags: FloatFlags,
) {
    let zeros = |out: &mut String, n: usize| out.extend(std::iter::repeat_n('0', n));
    let text = digits.digits.as_str();
    let filling = length.saturating_sub(text.len());
    if use_exponent {
        let (first, rest) = text.split_at(1);
        out.push_str(first);
        if !rest.is_empty() || filling > 0 || flags.alternate {
            out.push('.');
        }
        out.push_str(rest);
        zeros(out, filling);
        push_exponent(out, digits.point - 1);
        return;
    }
    let fraction = match usize::try_from(digits.point) {
        Ok(point @ 1..) => {
            let (whole, fraction) = text.split_at(point.min(text.len()));
            out.push_str(whole);
            zeros(out, point - whole.len());
            // The zeros between the digits and the point are part of the length asked for.
            (0, fraction, filling.saturating_sub(point - whole.len()))
        }
        _ => {
            out.push('0');
            (digits.point.unsigned_abs() as usize, text, filling)
        }
    };
    let (leading, digits, trailing) = fraction;
    if leading + digits.len() + trailing > 0 {
        out.push('.');
        zeros(out, leading);
        out.push_str(digits);
        zeros(out, trailing);
    } else if flags.add_dot_0 {
        out.push_str(".0");
    } else if flags.alternate {
        out.push('.');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: FloatFlags = FloatFlags {
        alternate: false,
        add_dot_0: false,
    };
    const ALT: FloatFlags = FloatFlags {
        alternate: true,
        add_dot_0: false,
    };

    #[test]
    fn reprs() {
        for (x, text) in [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (-3.25, "-3.25"),
            (0.1, "0.1"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (123456789012345680.0, "1.2345678901234568e+17"),
            (1e-4, "0.0001"),
            (1e-5, "1e-05"),
            (1.5e300, "1.5e+300"),
            (5e-324, "5e-324"),
            (f64::MAX, "1.7976931348623157e+308"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
            (9007199254740993.0, "9007199254740992.0"),
            (2.0f64.powi(53) * 1.5, "1.3510798882111488e+16"),
        ] {
            assert_eq!(repr(x), text);
        }
    }

    #[test]
    fn general() {
        for (x, precision, flags, text) in [
            (100000.0, 6, PLAIN, "100000"),
            (1e6, 6, PLAIN, "1e+06"),
            (0.0001, 6, PLAIN, "0.0001"),
            (0.00001, 6, PLAIN, "1e-05"),
            (1234567.0, 3, PLAIN, "1.23e+06"),
            (0.0, 6, PLAIN, "0"),
            (1.0, 6, ALT, "1.00000"),
            (1e10, 3, ALT, "1.00e+10"),
            (0.0001, 2, ALT, "0.00010"),
            (100.0, 3, ALT, "100."),
            (1e5, 1, ALT, "1.e+05"),
            (0.0, 3, ALT, "0.00"),
            (1.0, 0, PLAIN, "1"),
            (1234.0, 2000, PLAIN, "1234"),
            (-1.5, 1, PLAIN, "-2"),
        ] {
            assert_eq!(
                double_to_string(x, 'g', precision, flags),
                text,
                "{x} {precision}"
            );
        }
        let dot = FloatFlags {
            add_dot_0: true,
            ..PLAIN
        };
        assert_eq!(double_to_string(100.0, 'g', 3, dot), "1e+02");
        assert_eq!(double_to_string(100.0, 'g', 4, dot), "100.0");
    }

    #[test]
    fn fixed_and_scientific() {
        assert_eq!(double_to_string(2.5, 'f', 0, PLAIN), "2");
        assert_eq!(double_to_string(2.5, 'f', 0, ALT), "2.");
        assert_eq!(double_to_string(-0.0, 'f', 2, PLAIN), "-0.00");
        assert_eq!(double_to_string(12345.0, 'E', 2, PLAIN), "1.23E+04");
        assert_eq!(double_to_string(5.0, 'e', 0, ALT), "5.e+00");
        assert_eq!(double_to_string(f64::INFINITY, 'F', 2, PLAIN), "INF");
        assert_eq!(double_to_string(-f64::NAN, 'f', 2, PLAIN), "nan");
    }
}
