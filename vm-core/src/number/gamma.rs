//! The gamma function and its logarithm, by Lanczos' approximation with CPython's coefficients and order of operations.
//!
//! The coefficients (N = 13, g = 6.0247) are Godfrey's and Boost's. The C library's functions are less exact on some
//! platforms, which is why CPython has its own, and why this follows it.

use std::f64::consts::PI;

use super::math::{domain_error, range_error};
use crate::text::error::OpResult;

const G: f64 = 6.02468004077673;
const G_MINUS_HALF: f64 = 5.52468004077673;
const LOG_PI: f64 = 1.1447298858494002;

/// Numerator and denominator coefficients, from the lowest power.
const SUM: [(f64, f64); 13] = [
    (23531376880.41076, 0.0),
    (42919803642.6491, 39916800.0),
    (35711959237.35567, 120543840.0),
    (17921034426.03721, 150917976.0),
    (6039542586.352028, 105258076.0),
    (1439720407.3117216, 45995730.0),
    (248874557.86205417, 13339535.0),
    (31426415.585400194, 2637558.0),
    (2876370.6289353725, 357423.0),
    (186056.26539522348, 32670.0),
    (8071.672002365816, 1925.0),
    (210.82427775157936, 66.0),
    (2.5066282746310002, 1.0),
];

/// The Lanczos sum for a positive argument.
fn lanczos_sum(x: f64) -> f64 {
    let (mut numerator, mut denominator) = (0.0, 0.0);
    // In powers of 1/x for larger arguments, so that nothing overflows.
    if x < 5.0 {
        for &(n, d) in SUM.iter().rev() {
            numerator = numerator * x + n;
            denominator = denominator * x + d;
        }
    } else {
        for &(n, d) in &SUM {
            numerator = numerator / x + n;
            denominator = denominator / x + d;
        }
    }
    numerator / denominator
}

/// `sin(pi * x)`, exact at the multiples of one half.
fn sin_pi(x: f64) -> f64 {
    let y = x.abs() % 2.0;
    let r = match (2.0 * y).round() as i32 {
        0 => (PI * y).sin(),
        1 => (PI * (y - 0.5)).cos(),
        2 => (PI * (1.0 - y)).sin(),
        3 => -(PI * (y - 1.5)).cos(),
        _ => (PI * (y - 2.0)).sin(),
    };
    1f64.copysign(x) * r
}

/// `math.gamma(x)`
pub fn gamma(x: f64) -> OpResult<f64> {
    if x.is_nan() || x == f64::INFINITY {
        return Ok(x);
    }
    if x == 0.0 || x == f64::NEG_INFINITY {
        return Err(domain_error());
    }
    if x.floor() == x {
        if x < 0.0 {
            return Err(domain_error());
        }
        if x <= 23.0 {
            // 22! is the last factorial that is a float.
            return Ok((1..x as u64).map(|i| i as f64).product());
        }
    }
    let size = x.abs();
    if size < 1e-20 {
        return finite(1.0 / x);
    }
    if size > 200.0 {
        return if x < 0.0 {
            Ok(0.0 / sin_pi(x))
        } else {
            Err(range_error())
        };
    }
    let y = size + G_MINUS_HALF;
    // The rounding error of y, whose effect is corrected below.
    let error = if size > G_MINUS_HALF {
        (y - size) - G_MINUS_HALF
    } else {
        (y - G_MINUS_HALF) - size
    };
    let z = error * G / y;
    let r = if x < 0.0 {
        let r = -PI / sin_pi(size) / size * y.exp() / lanczos_sum(size);
        let r = r - z * r;
        if size < 140.0 {
            r / y.powf(size - 0.5)
        } else {
            let root = y.powf(size / 2.0 - 0.25);
            r / root / root
        }
    } else {
        let r = lanczos_sum(size) / y.exp();
        let r = r + z * r;
        if size < 140.0 {
            r * y.powf(size - 0.5)
        } else {
            let root = y.powf(size / 2.0 - 0.25);
            r * root * root
        }
    };
    finite(r)
}

/// `math.lgamma(x)`
pub fn lgamma(x: f64) -> OpResult<f64> {
    if !x.is_finite() {
        return Ok(if x.is_nan() { x } else { f64::INFINITY });
    }
    if x.floor() == x && x <= 2.0 {
        return if x <= 0.0 {
            Err(domain_error())
        } else {
            Ok(0.0)
        };
    }
    let size = x.abs();
    if size < 1e-20 {
        return Ok(-size.ln());
    }
    let mut r = lanczos_sum(size).ln() - G;
    r += (size - 0.5) * ((size + G - 0.5).ln() - 1.0);
    if x < 0.0 {
        r = LOG_PI - sin_pi(size).abs().ln() - size.ln() - r;
    }
    finite(r)
}

fn finite(x: f64) -> OpResult<f64> {
    if x.is_infinite() {
        Err(range_error())
    } else {
        Ok(x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_cpython() {
        for (x, expected) in [
            (0.5, 1.7724538509055159),
            (1.5, 0.886226925452758),
            (-0.5, -3.544907701811032),
            (-1.5, 2.3632718012073544),
            (5.0, 24.0),
            (23.0, 1.1240007277776077e+21),
            (24.0, 2.585201673888497e+22),
            (10.3, 716430.6890623765),
            (100.7, 2.3417900214543305e+157),
            (150.25, 1.3321507761951633e+261),
            (171.5, 9.483367566824801e+307),
            (-50.5, -1.449954393907748e-65),
            (-150.3, -1.5097598047749159e-263),
            (-180.5, -0.0),
            (1e-05, 99999.42279422554),
            (-1e-21, -1.0000000000000001e+21),
            (3.7e-300, 2.7027027027027026e+299),
            (-250.5, -0.0),
            (4.999, 23.963883035055535),
            (5.001, 24.0361767180818),
        ] {
            assert_eq!(gamma(x), Ok(expected), "{x}");
        }
        for (x, expected) in [
            (0.5, 0.5723649429247004),
            (1.5, -0.12078223763524543),
            (-0.5, 1.265512123484645),
            (-1.5, 0.8600470153764812),
            (5.0, 3.178053830347945),
            (23.0, 48.47118135183522),
            (100.7, 362.3567752034305),
            (10000000000.0, 220258509288.81058),
            (1e+300, 6.897755278982137e+302),
            (-50.5, -149.29649894115252),
            (1e-05, 11.512919692895824),
            (-1e-21, 48.35428695287496),
            (3.3, 0.9870985778947339),
            (-100000.5, -1051303.8336357186),
        ] {
            assert_eq!(lgamma(x), Ok(expected), "{x}");
        }
    }

    #[test]
    fn errors() {
        for x in [0.0, -0.0, -3.0, f64::NEG_INFINITY] {
            assert_eq!(gamma(x), Err(domain_error()));
        }
        assert_eq!(
            (gamma(172.0), gamma(1e-310), lgamma(1e306), lgamma(-1.0)),
            (
                Err(range_error()),
                Err(range_error()),
                Err(range_error()),
                Err(domain_error())
            )
        );
        assert_eq!(
            (lgamma(f64::NEG_INFINITY), gamma(f64::INFINITY), lgamma(2.0)),
            (Ok(f64::INFINITY), Ok(f64::INFINITY), Ok(0.0))
        );
    }
}
