//! `acosh`, `asinh` and `atanh`, by Sun's fdlibm formulas, which the common C libraries and CPython use too.
//!
//! Not the standard library's: its formulas differ in the last bits. Outside their domains the results are NaN or infinite.

use std::f64::consts::LN_2;

/// From here on adding one to a square changes nothing.
const LARGE: f64 = (1u32 << 28) as f64;
/// Below this the functions are the identity.
const TINY: f64 = 1.0 / LARGE;

/// The inverse hyperbolic cosine.
pub fn acosh(x: f64) -> f64 {
    if x < 1.0 {
        f64::NAN
    } else if x >= LARGE {
        x.ln() + LN_2
    } else if x > 2.0 {
        let square = x * x;
        (2.0 * x - 1.0 / (x + (square - 1.0).sqrt())).ln()
    } else {
        let t = x - 1.0;
        (t + (2.0 * t + t * t).sqrt()).ln_1p()
    }
}

/// The inverse hyperbolic sine.
pub fn asinh(x: f64) -> f64 {
    let size = x.abs();
    if size < TINY || !x.is_finite() {
        return x;
    }
    let result = if size > LARGE {
        size.ln() + LN_2
    } else if size > 2.0 {
        (2.0 * size + 1.0 / ((x * x + 1.0).sqrt() + size)).ln()
    } else {
        let square = x * x;
        (size + square / (1.0 + (1.0 + square).sqrt())).ln_1p()
    };
    result.copysign(x)
}

/// The inverse hyperbolic tangent.
pub fn atanh(x: f64) -> f64 {
    let size = x.abs();
    if size < TINY {
        return x;
    }
    let result = if size < 0.5 {
        let twice = size + size;
        0.5 * (twice + twice * size / (1.0 - size)).ln_1p()
    } else {
        0.5 * ((size + size) / (1.0 - size)).ln_1p()
    };
    result.copysign(x)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CPython's values.
    #[test]
    fn as_cpython() {
        for (x, expected) in [
            (1e-09, 1e-09),
            (0.3, 0.30951960420311175),
            (0.75, 0.9729550745276566),
            (-0.4, -0.42364893019360184),
            (-0.999, -3.8002011672501994),
        ] {
            assert_eq!(atanh(x), expected, "{x}");
        }
        for (x, expected) in [
            (21.52, 3.7626693073398143),
            (1.5, 1.1947632172871094),
            (-1.5, -1.1947632172871094),
            (300000000.0, 20.212440213180418),
            (-1e+300, -691.4686750787736),
            (0.1, 0.09983407889920758),
        ] {
            assert_eq!(asinh(x), expected, "{x}");
        }
        for (x, expected) in [
            (1.0, 0.0),
            (1.5, 0.9624236501192069),
            (3.882236, 2.0325425228147203),
            (1000000000.0, 21.416413017506354),
        ] {
            assert_eq!(acosh(x), expected, "{x}");
        }
        assert!(acosh(0.5).is_nan() && acosh(-1e5).is_nan() && atanh(1.5).is_nan());
        assert_eq!(
            (asinh(f64::NEG_INFINITY), acosh(f64::INFINITY), atanh(1.0)),
            (f64::NEG_INFINITY, f64::INFINITY, f64::INFINITY)
        );
    }
}
