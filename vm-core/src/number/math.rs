//! The functions of the `math` module on floats, with CPython's rule for errors: a NaN from numbers is a domain error, an
//! infinity from finite numbers a range error (or a domain error at a pole).
//!
//! Functions that cannot fail and are `f64` methods of the same meaning (`copysign`, `fabs`, `isnan`, ...) are not repeated; `gamma`, `erf`, `fsum` and the functions of integers have their own files.

use super::int::Int;
use super::int_float::from_f64;
use super::inverse_hyperbolic;
use crate::text::error::{OpError, OpResult};

/// `ValueError: math domain error`
pub fn domain_error() -> OpError {
    OpError::value("math domain error")
}

/// `OverflowError: math range error`
pub fn range_error() -> OpError {
    OpError::overflow("math range error")
}

/// Applies a function; an infinity from a finite argument is an overflow or a pole.
fn unary(x: f64, function: fn(f64) -> f64, overflows: bool) -> OpResult<f64> {
    let r = function(x);
    if r.is_nan() && !x.is_nan() {
        return Err(domain_error());
    }
    if r.is_infinite() && x.is_finite() {
        return Err(if overflows {
            range_error()
        } else {
            domain_error()
        });
    }
    Ok(r)
}

macro_rules! unary_functions {
    ($($(#[$doc:meta])* $name:ident = $function:expr, $overflows:literal;)*) => {
        $($(#[$doc])*
        pub fn $name(x: f64) -> OpResult<f64> {
            unary(x, $function, $overflows)
        })*
    };
}

unary_functions! {
    /// `math.acos(x)`
    acos = f64::acos, false;
    /// `math.acosh(x)`
    acosh = inverse_hyperbolic::acosh, false;
    /// `math.asin(x)`
    asin = f64::asin, false;
    /// `math.asinh(x)`
    asinh = inverse_hyperbolic::asinh, false;
    /// `math.atan(x)`
    atan = f64::atan, false;
    /// `math.atanh(x)`
    atanh = inverse_hyperbolic::atanh, false;
    /// `math.cos(x)`
    cos = f64::cos, false;
    /// `math.cosh(x)`
    cosh = f64::cosh, true;
    /// `math.exp(x)`
    exp = f64::exp, true;
    /// `math.expm1(x)`
    expm1 = f64::exp_m1, true;
    /// `math.log1p(x)`
    log1p = f64::ln_1p, false;
    /// `math.sin(x)`
    sin = f64::sin, false;
    /// `math.sinh(x)`
    sinh = f64::sinh, true;
    /// `math.sqrt(x)`
    sqrt = f64::sqrt, false;
    /// `math.tan(x)`
    tan = f64::tan, false;
    /// `math.tanh(x)`
    tanh = f64::tanh, false;
    /// The natural logarithm, for one argument that is a float.
    log = f64::ln, false;
    /// `math.log2(x)`
    log2 = f64::log2, false;
    /// `math.log10(x)`
    log10 = f64::log10, false;
}

/// `math.log(x, base)`, given both natural logarithms.
pub fn log_quotient(log_x: f64, log_base: f64) -> OpResult<f64> {
    super::float_ops::true_div(log_x, log_base)
}

/// `math.fmod(x, y)`: the sign is that of `x`.
pub fn fmod(x: f64, y: f64) -> OpResult<f64> {
    let r = x % y;
    if r.is_nan() && !x.is_nan() && !y.is_nan() {
        Err(domain_error())
    } else {
        Ok(r)
    }
}

/// `math.hypot(x, y)`
pub fn hypot(x: f64, y: f64) -> OpResult<f64> {
    let r = x.hypot(y);
    if r.is_infinite() && x.is_finite() && y.is_finite() {
        Err(range_error())
    } else {
        Ok(r)
    }
}

/// `math.pow(x, y)`: never complex, never an integer.
pub fn pow(x: f64, y: f64) -> OpResult<f64> {
    let r = x.powf(y);
    if x == 0.0 && y < 0.0 {
        return Err(domain_error());
    }
    if x.is_finite() && y.is_finite() {
        if r.is_nan() {
            return Err(domain_error());
        }
        if r.is_infinite() {
            return Err(range_error());
        }
    }
    Ok(r)
}

/// `math.frexp(x)`
pub fn frexp(x: f64) -> (f64, i32) {
    if x == 0.0 || !x.is_finite() {
        (x, 0)
    } else {
        libm::frexp(x)
    }
}

/// `math.ldexp(x, i)`, the exponent clamped to 64 bits.
pub fn ldexp(x: f64, exponent: i64) -> OpResult<f64> {
    if x == 0.0 || !x.is_finite() {
        return Ok(x);
    }
    // From the smallest subnormal to the largest float are fewer than 2200 powers of two.
    let r = libm::ldexp(x, exponent.clamp(-4400, 4400) as i32);
    if r.is_infinite() {
        Err(range_error())
    } else {
        Ok(r)
    }
}

/// `math.modf(x)`: the fraction and the whole part, both with the sign of `x`.
pub fn modf(x: f64) -> (f64, f64) {
    if x.is_infinite() {
        return (0f64.copysign(x), x);
    }
    let whole = x.trunc();
    ((x - whole).copysign(x), whole)
}

/// `math.isclose(a, b, rel_tol, abs_tol)`
pub fn isclose(a: f64, b: f64, relative: f64, absolute: f64) -> OpResult<bool> {
    if relative < 0.0 || absolute < 0.0 {
        return Err(OpError::value("tolerances must be non-negative"));
    }
    if a == b {
        return Ok(true);
    }
    if a.is_infinite() || b.is_infinite() {
        return Ok(false);
    }
    let difference = (b - a).abs();
    Ok(difference <= (relative * b).abs()
        || difference <= (relative * a).abs()
        || difference <= absolute)
}

/// `math.degrees(x)`
pub fn degrees(x: f64) -> f64 {
    x * (180.0 / std::f64::consts::PI)
}

/// `math.radians(x)`
pub fn radians(x: f64) -> f64 {
    x * (std::f64::consts::PI / 180.0)
}

/// `math.floor(x)`
pub fn floor(x: f64) -> OpResult<Int> {
    from_f64(x.floor())
}

/// `math.ceil(x)`
pub fn ceil(x: f64) -> OpResult<Int> {
    from_f64(x.ceil())
}

/// `math.trunc(x)`
pub fn trunc(x: f64) -> OpResult<Int> {
    from_f64(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    const INF: f64 = f64::INFINITY;

    #[test]
    fn domains() {
        for r in [
            sqrt(-1.0),
            sin(INF),
            acos(2.0),
            atanh(1.0),
            log1p(-1.0),
            log(0.0),
            log(-1.0),
            log2(0.0),
            acosh(0.5),
            fmod(1.0, 0.0),
            fmod(INF, 1.0),
            pow(0.0, -1.0),
            pow(-1.0, 0.5),
            pow(0.0, -INF),
        ] {
            assert_eq!(r, Err(domain_error()));
        }
        for r in [
            exp(1000.0),
            cosh(1000.0),
            sinh(-1000.0),
            expm1(1000.0),
            pow(10.0, 400.0),
            ldexp(1.0, 2000),
            ldexp(1.0, i64::MAX),
            hypot(1e308, 1.7e308),
        ] {
            assert_eq!(r, Err(range_error()));
        }
        assert!(sqrt(f64::NAN).is_ok_and(f64::is_nan));
        assert_eq!(
            log_quotient(1.0, 0.0).unwrap_err().message,
            "float division by zero"
        );
    }

    #[test]
    fn values() {
        assert_eq!(
            (
                exp(-1000.0),
                exp(INF),
                log(INF),
                fmod(-7.5, 2.0),
                fmod(1.0, INF)
            ),
            (Ok(0.0), Ok(INF), Ok(INF), Ok(-1.5), Ok(1.0))
        );
        assert_eq!(
            (
                pow(f64::NAN, 0.0),
                pow(-1.0, INF),
                pow(-INF, 3.0),
                hypot(f64::NAN, -INF)
            ),
            (Ok(1.0), Ok(1.0), Ok(-INF), Ok(INF))
        );
        assert_eq!(
            (
                log2(8.0),
                log10(1000.0),
                sqrt(2.25),
                degrees(std::f64::consts::PI),
                radians(180.0)
            ),
            (Ok(3.0), Ok(3.0), Ok(1.5), 180.0, std::f64::consts::PI)
        );
        assert_eq!(
            (
                frexp(8.5),
                frexp(INF),
                frexp(5e-324),
                modf(-2.5),
                modf(-INF)
            ),
            (
                (0.53125, 4),
                (INF, 0),
                (0.5, -1073),
                (-0.5, -2.0),
                (-0.0, -INF)
            )
        );
        assert_eq!(
            (
                ldexp(1.0, i64::MIN),
                ldexp(3.0, -1075),
                ldexp(0.0, i64::MAX)
            ),
            (Ok(0.0), Ok(1e-323), Ok(0.0))
        );
        assert_eq!(tan(std::f64::consts::FRAC_PI_2), Ok(1.633123935319537e16));
        assert_eq!(
            (floor(-0.5), ceil(-0.5), trunc(2.9)),
            (Ok(Int::Small(-1)), Ok(Int::Small(0)), Ok(Int::Small(2)))
        );
        assert!(floor(f64::NAN).is_err());
    }

    #[test]
    fn closeness() {
        assert_eq!(
            (
                isclose(1.0, 1.0 + 1e-10, 1e-9, 0.0),
                isclose(0.0, 1e-12, 1e-9, 0.0),
                isclose(INF, INF, 0.0, 0.0),
                isclose(INF, 1.0, INF, INF)
            ),
            (Ok(true), Ok(false), Ok(true), Ok(false))
        );
        assert_eq!(
            isclose(1.0, 1.0, -1.0, 0.0).unwrap_err().message,
            "tolerances must be non-negative"
        );
    }
}
