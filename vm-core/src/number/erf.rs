//! The error function and its complement: a series near zero and a continued fraction beyond, with CPython's cut-offs and
//! order of operations, so that results agree to the last bit.
//!
//! Source: Abramowitz and Stegun, "Handbook of Mathematical Functions", chapter 7.

const SQRT_PI: f64 = 1.772453850905516;
/// Below it the series, from it on the fraction.
const CUTOFF: f64 = 1.5;
const SERIES_TERMS: u32 = 25;
/// From here on the complement is below the smallest float.
const VANISHES: f64 = 30.0;
const FRACTION_TERMS: u32 = 50;

/// erf(x) for small `x`: `2x exp(-x²)/√π` times 1 + 2x²/3 + 4x⁴/15 + ..., summed from the last term.
fn series(x: f64) -> f64 {
    let square = x * x;
    let mut sum = 0.0;
    for k in (0..SERIES_TERMS).rev() {
        sum = 2.0 + square * sum / (f64::from(k) + 1.5);
    }
    sum * x * (-square).exp() / SQRT_PI
}

/// erfc(x) for large positive `x`: numerators and denominators of the fraction's convergents.
fn fraction(x: f64) -> f64 {
    if x >= VANISHES {
        return 0.0;
    }
    let square = x * x;
    let (mut a, mut step) = (0.0, 0.5);
    let (mut p, mut p_last) = (1.0, 0.0);
    let (mut q, mut q_last) = (step + square, 1.0);
    for _ in 0..FRACTION_TERMS {
        a += step;
        step += 2.0;
        let b = step + square;
        (p, p_last) = (b * p - a * p_last, p);
        (q, q_last) = (b * q - a * q_last, q);
    }
    p / q * x * (-square).exp() / SQRT_PI
}

/// `math.erf(x)`
pub fn erf(x: f64) -> f64 {
    if x.is_nan() {
        x
    } else if x.abs() < CUTOFF {
        series(x)
    } else {
        (1.0 - fraction(x.abs())).copysign(x)
    }
}

/// `math.erfc(x)`
pub fn erfc(x: f64) -> f64 {
    if x.is_nan() {
        x
    } else if x.abs() < CUTOFF {
        1.0 - series(x)
    } else if x > 0.0 {
        fraction(x)
    } else {
        2.0 - fraction(-x)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_cpython() {
        for (x, expected, complement) in [
            (0.0, 0.0, 1.0),
            (0.5, 0.5204998778130465, 0.4795001221869535),
            (-0.5, -0.5204998778130465, 1.5204998778130465),
            (1.4999, 0.9660932516622954, 0.03390674833770457),
            (1.5, 0.9661051464753108, 0.03389485352468928),
            (-1.2, -0.9103139782296352, 1.9103139782296352),
            (-3.3, -0.9999969422902035, 1.9999969422902035),
            (10.0, 1.0, 2.0884875837625433e-45),
            (1e-10, 1.1283791670955126e-10, 0.999999999887162),
            (2.7, 0.9998656672600594, 0.00013433273994052427),
            (5.5, 0.9999999999999927, 7.357847917974392e-15),
            (26.0, 1.0, 5.663192408856137e-296),
            (29.0, 1.0, 0.0),
            (31.0, 1.0, 0.0),
            (-40.0, -1.0, 2.0),
        ] {
            assert_eq!((erf(x), erfc(x)), (expected, complement), "{x}");
        }
        assert!(erf(f64::NAN).is_nan() && erfc(f64::NAN).is_nan());
    }
}
