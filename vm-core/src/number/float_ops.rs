//! Float arithmetic with Python's rules for zero, signs and overflow, rounding, and exact ratios.
//!
//! `+`, `-` and `*` are the machine's own and are not here.

use num_bigint::BigInt;
use num_traits::{FromPrimitive, One};

use super::float_digits::{ENOUGH, fixed};
use super::int::Int;
use super::int_float::from_f64;
use crate::text::error::{OpError, OpResult};

/// `a / b`
#[inline]
pub fn true_div(a: f64, b: f64) -> OpResult<f64> {
    if b == 0.0 {
        Err(OpError::zero_division("float division by zero"))
    } else {
        Ok(a / b)
    }
}

/// `a % b`: has the sign of `b`, zero included.
#[inline]
pub fn modulo(a: f64, b: f64) -> OpResult<f64> {
    if b == 0.0 {
        return Err(OpError::zero_division("float modulo"));
    }
    let r = a % b;
    Ok(if r == 0.0 {
        0f64.copysign(b)
    } else if (b < 0.0) != (r < 0.0) {
        r + b
    } else {
        r
    })
}

/// `divmod(a, b)`: both as floats, the quotient rounded down.
pub fn divmod(a: f64, b: f64) -> OpResult<(f64, f64)> {
    if b == 0.0 {
        return Err(OpError::zero_division("float divmod()"));
    }
    let mut r = a % b;
    // a - r is close to a multiple of b, so the quotient is close to whole; it is made whole below.
    let mut quotient = (a - r) / b;
    if r != 0.0 {
        if (b < 0.0) != (r < 0.0) {
            r += b;
            quotient -= 1.0;
        }
    } else {
        r = 0f64.copysign(b);
    }
    let floor = if quotient != 0.0 {
        let floor = quotient.floor();
        if quotient - floor > 0.5 {
            floor + 1.0
        } else {
            floor
        }
    } else {
        0f64.copysign(a / b)
    };
    Ok((floor, r))
}

/// `a // b`
pub fn floor_div(a: f64, b: f64) -> OpResult<f64> {
    divmod(a, b).map(|(quotient, _)| quotient)
}

/// What `float ** float` gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Power {
    /// A float.
    Float(f64),
    /// A negative base with a broken exponent: the operation is that of complex numbers.
    Complex,
}

/// `a ** b`
pub fn pow(a: f64, b: f64) -> OpResult<Power> {
    if b == 0.0 || a == 1.0 {
        return Ok(Power::Float(1.0));
    }
    if a.is_nan() || b.is_nan() {
        return Ok(Power::Float(if a.is_nan() { a } else { b }));
    }
    if a == 0.0 && b < 0.0 && b.is_finite() {
        return Err(OpError::zero_division(
            "0.0 cannot be raised to a negative power",
        ));
    }
    if a < 0.0 && a.is_finite() && b.is_finite() && b.floor() != b {
        return Ok(Power::Complex);
    }
    let x = a.powf(b);
    if x.is_infinite() && a.is_finite() && b.is_finite() {
        return Err(OpError::range());
    }
    Ok(Power::Float(x))
}

/// `x.is_integer()`
pub fn is_integer(x: f64) -> bool {
    x.is_finite() && x.floor() == x
}

/// `x.as_integer_ratio()`: in lowest terms, the denominator positive.
pub fn as_integer_ratio(x: f64) -> OpResult<(BigInt, BigInt)> {
    if x.is_nan() {
        return Err(OpError::value("cannot convert NaN to integer ratio"));
    }
    if x.is_infinite() {
        return Err(OpError::overflow(
            "cannot convert Infinity to integer ratio",
        ));
    }
    let (mut fraction, mut exponent) = libm::frexp(x);
    // At most 53 doublings make the fraction whole.
    while fraction != fraction.floor() {
        fraction *= 2.0;
        exponent -= 1;
    }
    let numerator = BigInt::from_f64(fraction).unwrap_or_default();
    Ok(if exponent >= 0 {
        (numerator << exponent as u32, BigInt::one())
    } else {
        (numerator, BigInt::one() << exponent.unsigned_abs())
    })
}

/// `round(x)`: to the nearest integer, a half to even. NaN is a `ValueError`, infinity an `OverflowError`.
pub fn round_to_int(x: f64) -> OpResult<Int> {
    from_f64(x.round_ties_even())
}

/// `round(x, places)`: correctly rounded on the exact decimal value, a half to even.
pub fn round_to_places(x: f64, places: i64) -> OpResult<f64> {
    // Beyond these, every float stays as it is, or is less than half a unit.
    if !x.is_finite() || places > 323 {
        return Ok(x);
    }
    if places < -308 {
        return Ok(0.0 * x);
    }
    let text = match usize::try_from(places) {
        Ok(places) => fixed(x, places),
        Err(_) => round_left(x, places.unsigned_abs() as usize),
    };
    match text.parse::<f64>() {
        Ok(rounded) if rounded.is_finite() => Ok(rounded.copysign(x)),
        _ => Err(OpError::overflow("rounded value too large to represent")),
    }
}

/// The magnitude rounded to a multiple of `10**places`, as text.
fn round_left(x: f64, places: usize) -> String {
    let text = fixed(x, ENOUGH);
    let point = text.find('.').unwrap_or(text.len());
    let (whole, rest) = match point.checked_sub(places) {
        Some(cut) => (&text[..cut], &text[cut..]),
        // Less than a tenth of the unit.
        None => return "0".to_owned(),
    };
    let mut digits = rest.bytes().filter(u8::is_ascii_digit);
    let first = digits.next().unwrap_or(b'0');
    let exact = digits.all(|d| d == b'0');
    let odd = whole.bytes().last().is_some_and(|d| d % 2 == 1);
    let up = first > b'5' || (first == b'5' && (!exact || odd));
    let whole: BigInt = whole.parse().unwrap_or_default();
    format!("{}e{places}", if up { whole + 1 } else { whole })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn division() {
        assert_eq!(divmod(-7.5, 2.0), Ok((-4.0, 0.5)));
        assert_eq!(divmod(7.5, -2.0), Ok((-4.0, -0.5)));
        assert_eq!(floor_div(1.0, 0.1), Ok(9.0));
        assert_eq!(modulo(-1e-20, 3.0), Ok(3.0));
        assert!(
            modulo(-4.0, 2.0).is_ok_and(|x| x.is_sign_positive())
                && modulo(4.0, -2.0).is_ok_and(|x| x.is_sign_negative())
        );
        assert!(floor_div(-0.0, 1.0).is_ok_and(|x| x.is_sign_negative()));
        assert_eq!(floor_div(5.0, f64::INFINITY), Ok(0.0));
        assert_eq!(floor_div(-5.0, f64::INFINITY), Ok(-1.0));
        let messages = [true_div(1.0, 0.0), modulo(1.0, 0.0), floor_div(1.0, -0.0)]
            .map(|r| r.unwrap_err().message);
        assert_eq!(
            messages,
            ["float division by zero", "float modulo", "float divmod()"]
        );
    }

    #[test]
    fn powers() {
        assert_eq!(pow(2.0, 0.5), Ok(Power::Float(std::f64::consts::SQRT_2)));
        assert_eq!(pow(-8.0, 0.5), Ok(Power::Complex));
        assert_eq!(pow(-2.0, 3.0), Ok(Power::Float(-8.0)));
        assert_eq!(pow(f64::NAN, 0.0), Ok(Power::Float(1.0)));
        assert_eq!(pow(1.0, f64::NAN), Ok(Power::Float(1.0)));
        assert_eq!(pow(-1.0, f64::INFINITY), Ok(Power::Float(1.0)));
        assert_eq!(pow(f64::NEG_INFINITY, 0.5), Ok(Power::Float(f64::INFINITY)));
        assert_eq!(
            pow(-0.5, f64::NEG_INFINITY),
            Ok(Power::Float(f64::INFINITY))
        );
        assert_eq!(pow(10.0, 400.0).unwrap_err(), OpError::range());
        assert_eq!(pow(10.0, -400.0), Ok(Power::Float(0.0)));
        assert_eq!(
            pow(0.0, -1.0).unwrap_err().message,
            "0.0 cannot be raised to a negative power"
        );
    }

    #[test]
    fn ratios() {
        assert_eq!(as_integer_ratio(1.5), Ok((3.into(), 2.into())));
        assert_eq!(as_integer_ratio(-0.25), Ok(((-1).into(), 4.into())));
        assert_eq!(as_integer_ratio(0.0), Ok((0.into(), 1.into())));
        assert_eq!(
            as_integer_ratio(1e300),
            Ok((BigInt::from_f64(1e300).unwrap(), 1.into()))
        );
        assert_eq!(
            as_integer_ratio(5e-324),
            Ok((1.into(), BigInt::one() << 1074))
        );
        assert_eq!(
            as_integer_ratio(f64::NAN).unwrap_err().to_string(),
            "ValueError: cannot convert NaN to integer ratio"
        );
        assert_eq!(
            as_integer_ratio(f64::INFINITY).unwrap_err().to_string(),
            "OverflowError: cannot convert Infinity to integer ratio"
        );
        assert!(is_integer(-2.0) && !is_integer(0.5) && !is_integer(f64::INFINITY));
    }

    #[test]
    fn rounding() {
        for (x, places, expected) in [
            (2.675, 2, 2.67),
            (0.125, 2, 0.12),
            (1.005, 2, 1.0),
            (-1.5, 0, -2.0),
            (2.5, 0, 2.0),
            (1234.5, -2, 1200.0),
            (1250.0, -2, 1200.0),
            (1350.0, -2, 1400.0),
            (1250.0000001, -2, 1300.0),
            (50.0, -2, 0.0),
            (50.000001, -2, 100.0),
            (5.0, -2, 0.0),
            (1e308, -308, 1e308),
            (1e22, 5, 1e22),
            (5e-324, 323, 0.0),
            (0.1, 400, 0.1),
            (123.456, -400, 0.0),
        ] {
            assert_eq!(round_to_places(x, places), Ok(expected), "{x} {places}");
        }
        assert!(round_to_places(-0.4, 0).is_ok_and(|x| x.is_sign_negative()));
        assert_eq!(
            round_to_places(1.7e308, -308).unwrap_err().to_string(),
            "OverflowError: rounded value too large to represent"
        );
        assert_eq!(
            (round_to_int(2.5), round_to_int(-3.5)),
            (Ok(Int::Small(2)), Ok(Int::Small(-4)))
        );
        assert!(round_to_int(f64::NAN).is_err());
    }
}
