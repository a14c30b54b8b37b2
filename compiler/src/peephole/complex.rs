//! Folding of arithmetic on `complex`.
//!
//! Source: CPython 3.5 `Objects/complexobject.c`.

use ceval_bytecode::{Constant, Opcode};

/// Real part, imaginary part.
type Complex = (f64, f64);

pub(super) fn complex(opcode: Opcode, a: Complex, b: Complex) -> Option<Constant> {
    let (real, imag) = match opcode {
        Opcode::BinaryAdd => (a.0 + b.0, a.1 + b.1),
        Opcode::BinarySubtract => (a.0 - b.0, a.1 - b.1),
        Opcode::BinaryMultiply => product(a, b),
        Opcode::BinaryTrueDivide => quotient(a, b)?,
        Opcode::BinaryPower => power(a, b)?,
        _ => return None,
    };
    Some(Constant::Complex(real, imag))
}

fn product(a: Complex, b: Complex) -> Complex {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

/// Scales by the larger part of the divisor, so that nothing overflows on the way.
fn quotient(a: Complex, b: Complex) -> Option<Complex> {
    let (real, imag) = (b.0.abs(), b.1.abs());
    if real >= imag {
        if real == 0.0 {
            return None;
        }
        let ratio = b.1 / b.0;
        let divisor = b.0 + b.1 * ratio;
        Some(((a.0 + a.1 * ratio) / divisor, (a.1 - a.0 * ratio) / divisor))
    } else if imag >= real {
        let ratio = b.0 / b.1;
        let divisor = b.0 * ratio + b.1;
        Some(((a.0 * ratio + a.1) / divisor, (a.1 * ratio - a.0) / divisor))
    } else {
        Some((f64::NAN, f64::NAN))
    }
}

fn power(a: Complex, b: Complex) -> Option<Complex> {
    let result = if b.1 == 0.0 && b.0.fract() == 0.0 && b.0.abs() <= 100.0 {
        let exponent = b.0 as i32;
        if exponent > 0 {
            repeated_product(a, exponent as u32)
        } else {
            quotient((1.0, 0.0), repeated_product(a, exponent.unsigned_abs()))?
        }
    } else {
        polar_power(a, b)?
    };
    (result.0.is_finite() && result.1.is_finite()).then_some(result)
}

fn repeated_product(a: Complex, exponent: u32) -> Complex {
    let mut result = (1.0, 0.0);
    let mut square = a;
    let mut mask = 1;
    while mask > 0 && exponent >= mask {
        if exponent & mask != 0 {
            result = product(result, square);
        }
        mask <<= 1;
        square = product(square, square);
    }
    result
}

fn polar_power(a: Complex, b: Complex) -> Option<Complex> {
    if b == (0.0, 0.0) {
        return Some((1.0, 0.0));
    }
    if a == (0.0, 0.0) {
        return (b.1 == 0.0 && b.0 >= 0.0).then_some((0.0, 0.0));
    }
    let size = a.0.hypot(a.1);
    let mut length = size.powf(b.0);
    let angle = a.1.atan2(a.0);
    let mut phase = angle * b.0;
    if b.1 != 0.0 {
        length /= (angle * b.1).exp();
        phase += b.1 * size.ln();
    }
    Some((length * phase.cos(), length * phase.sin()))
}
