//! Complex arithmetic, `abs` and `repr`, with CPython's algorithms: results agree to the last bit, errors included.

use super::float_format::{FloatFlags, double_to_string};
use crate::text::error::{OpError, OpResult};

/// A complex number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Complex {
    /// The real part.
    pub real: f64,
    /// The imaginary part.
    pub imag: f64,
}

impl Complex {
    /// From its parts.
    pub const fn new(real: f64, imag: f64) -> Self {
        Complex { real, imag }
    }

    /// Whether either part is not zero: its truth value.
    pub fn is_true(self) -> bool {
        self.real != 0.0 || self.imag != 0.0
    }
}

impl std::ops::Add for Complex {
    type Output = Complex;

    fn add(self, other: Complex) -> Complex {
        Complex::new(self.real + other.real, self.imag + other.imag)
    }
}

impl std::ops::Sub for Complex {
    type Output = Complex;

    fn sub(self, other: Complex) -> Complex {
        Complex::new(self.real - other.real, self.imag - other.imag)
    }
}

impl std::ops::Mul for Complex {
    type Output = Complex;

    fn mul(self, other: Complex) -> Complex {
        Complex::new(
            self.real * other.real - self.imag * other.imag,
            self.real * other.imag + self.imag * other.real,
        )
    }
}

impl std::ops::Neg for Complex {
    type Output = Complex;

    fn neg(self) -> Complex {
        Complex::new(-self.real, -self.imag)
    }
}

/// The quotient by Smith's method, which does not overflow where the result does not; `None` for a zero divisor.
fn quotient(a: Complex, b: Complex) -> Option<Complex> {
    if b.real.abs() >= b.imag.abs() {
        if b.real == 0.0 {
            return None;
        }
        let ratio = b.imag / b.real;
        let denominator = b.real + b.imag * ratio;
        return Some(Complex::new(
            (a.real + a.imag * ratio) / denominator,
            (a.imag - a.real * ratio) / denominator,
        ));
    }
    if b.imag.abs() >= b.real.abs() {
        let ratio = b.real / b.imag;
        let denominator = b.real * ratio + b.imag;
        return Some(Complex::new(
            (a.real * ratio + a.imag) / denominator,
            (a.imag * ratio - a.real) / denominator,
        ));
    }
    // Some part of the divisor is a NaN.
    Some(Complex::new(f64::NAN, f64::NAN))
}

/// `a / b`
pub fn true_div(a: Complex, b: Complex) -> OpResult<Complex> {
    quotient(a, b).ok_or(OpError::zero_division("complex division by zero"))
}

/// `a ** b`: by multiplication for whole exponents up to 100, else in polar form.
pub fn pow(a: Complex, b: Complex) -> OpResult<Complex> {
    let whole = b.imag == 0.0 && b.real.trunc() == b.real && b.real.abs() <= 100.0;
    let power = if whole {
        let positive = by_squares(a, b.real.abs() as u32);
        if b.real > 0.0 {
            Some(positive)
        } else {
            quotient(Complex::new(1.0, 0.0), positive)
        }
    } else {
        polar_power(a, b)
    };
    let power = power.ok_or(OpError::zero_division("0.0 to a negative or complex power"))?;
    if power.real.is_infinite() || power.imag.is_infinite() {
        return Err(OpError::overflow("complex exponentiation"));
    }
    Ok(power)
}

fn by_squares(a: Complex, exponent: u32) -> Complex {
    let (mut result, mut square, mut left) = (Complex::new(1.0, 0.0), a, exponent);
    while left > 0 {
        if left & 1 == 1 {
            result = result * square;
        }
        left >>= 1;
        square = square * square;
    }
    result
}

fn polar_power(a: Complex, b: Complex) -> Option<Complex> {
    if !b.is_true() {
        return Some(Complex::new(1.0, 0.0));
    }
    if !a.is_true() {
        return if b.imag != 0.0 || b.real < 0.0 {
            None
        } else {
            Some(Complex::new(0.0, 0.0))
        };
    }
    let modulus = a.real.hypot(a.imag);
    let mut length = modulus.powf(b.real);
    let angle = a.imag.atan2(a.real);
    let mut phase = angle * b.real;
    if b.imag != 0.0 {
        length /= (angle * b.imag).exp();
        phase += b.imag * modulus.ln();
    }
    // The sine of an infinity is a domain error to the C library, and CPython reports it like the one above.
    if phase.is_infinite() {
        return None;
    }
    Some(Complex::new(length * phase.cos(), length * phase.sin()))
}

/// `abs(a)`
pub fn abs(a: Complex) -> OpResult<f64> {
    let modulus = a.real.hypot(a.imag);
    if modulus.is_infinite() && a.real.is_finite() && a.imag.is_finite() {
        return Err(OpError::overflow("absolute value too large"));
    }
    Ok(modulus)
}

/// `repr(a)`: only the imaginary part if the real one is a positive zero, else both in parentheses.
pub fn repr(a: Complex) -> String {
    let part = |x| double_to_string(x, 'r', 0, FloatFlags::default());
    let imag = part(a.imag);
    if a.real == 0.0 && a.real.is_sign_positive() {
        return format!("{imag}j");
    }
    let plus = if imag.starts_with('-') { "" } else { "+" };
    format!("({}{plus}{imag}j)", part(a.real))
}

/// The error for `//`.
pub fn no_floor() -> OpError {
    OpError::type_error("can't take floor of complex number.")
}

/// The error for `%` and `divmod`.
pub fn no_modulo() -> OpError {
    OpError::type_error("can't mod complex numbers.")
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn c(real: f64, imag: f64) -> Complex {
        Complex::new(real, imag)
    }

    #[test]
    fn arithmetic() {
        assert_eq!(c(1.0, 2.0) * c(3.0, -1.0), c(5.0, 5.0));
        assert_eq!(true_div(c(1.0, 2.0), c(3.0, -4.0)), Ok(c(-0.2, 0.4)));
        assert_eq!(true_div(c(1.0, 2.0), c(4.0, -3.0)), Ok(c(-0.08, 0.44)));
        assert_eq!(
            true_div(c(1.0, 0.0), c(0.0, 0.0)).unwrap_err().to_string(),
            "ZeroDivisionError: complex division by zero"
        );
        assert!(true_div(c(1.0, 0.0), c(f64::NAN, 0.0)).is_ok_and(|z| z.real.is_nan()));
        assert_eq!(abs(c(3.0, -4.0)), Ok(5.0));
        assert_eq!(abs(c(f64::NAN, f64::INFINITY)), Ok(f64::INFINITY));
        assert_eq!(
            abs(c(1.5e308, 1.5e308)).unwrap_err().message,
            "absolute value too large"
        );
    }

    #[test]
    fn powers() {
        assert_eq!(pow(c(0.0, 1.0), c(2.0, 0.0)), Ok(c(-1.0, 0.0)));
        assert_eq!(pow(c(1.0, 2.0), c(-2.0, 0.0)), Ok(c(-0.12, -0.16)));
        assert_eq!(pow(c(2.0, 3.0), c(0.0, 0.0)), Ok(c(1.0, 0.0)));
        assert_eq!(
            pow(c(-8.0, 0.0), c(0.5, 0.0)),
            Ok(c(1.7319121124709868e-16, 2.8284271247461903))
        );
        assert_eq!(
            pow(c(1.0, 2.0), c(0.5, -1.5)),
            Ok(c(6.248604836334073, -4.784858580631062))
        );
        assert!(pow(c(2.0, 1.0), c(1.0, f64::INFINITY)).is_err());
        for exponent in [c(-1.0, 0.0), c(0.0, 1.0), c(-0.5, 0.0)] {
            assert_eq!(
                pow(c(0.0, 0.0), exponent).unwrap_err().message,
                "0.0 to a negative or complex power"
            );
        }
        assert_eq!(
            pow(c(1.0, 2.0), c(1e9, 0.0)).unwrap_err().to_string(),
            "OverflowError: complex exponentiation"
        );
        assert!(
            pow(c(1e300, 1e300), c(2.0, 0.0)).is_ok_and(|z| z.real.is_nan() && z.imag.is_nan())
        );
    }

    #[test]
    fn reprs() {
        for (z, text) in [
            (c(0.0, 1.0), "1j"),
            (c(-0.0, 1.0), "(-0+1j)"),
            (c(1.0, -0.0), "(1-0j)"),
            (c(1.5, f64::NAN), "(1.5+nanj)"),
            (c(f64::INFINITY, f64::NEG_INFINITY), "(inf-infj)"),
            (c(0.0, -0.0), "-0j"),
            (c(1e16, 1e-5), "(1e+16+1e-05j)"),
        ] {
            assert_eq!(repr(z), text);
        }
    }
}
