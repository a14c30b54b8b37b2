//! Folding of arithmetic on `int` and `float`.
//!
//! Source: CPython 3.5 `Objects/longobject.c`, `Objects/floatobject.c`.

use ceval_bytecode::{Constant, Opcode};
use num_bigint::{BigInt, Sign};
use num_traits::{Signed, ToPrimitive, Zero};

use super::complex;

/// Larger results, in bits, are left for run time: CPython would compute them, and take long.
const MAX_BITS: u64 = 1 << 24;

pub(super) fn int(opcode: Opcode, a: &BigInt, b: &BigInt) -> Option<Constant> {
    let value = match opcode {
        Opcode::BinaryAdd => a + b,
        Opcode::BinarySubtract => a - b,
        Opcode::BinaryMultiply if a.bits() + b.bits() > MAX_BITS => return None,
        Opcode::BinaryMultiply => a * b,
        Opcode::BinaryFloorDivide => div_mod(a, b)?.0,
        Opcode::BinaryModulo => div_mod(a, b)?.1,
        Opcode::BinaryTrueDivide => return true_divide(a, b).map(Constant::Float),
        Opcode::BinaryPower => return power(a, b),
        Opcode::BinaryLshift => {
            let shift = b.to_u64()?;
            if !a.is_zero() && a.bits().checked_add(shift)? > MAX_BITS {
                return None;
            }
            if a.is_zero() {
                BigInt::zero()
            } else {
                a << shift
            }
        }
        Opcode::BinaryRshift => {
            if b.is_negative() {
                return None;
            }
            a >> b.to_u64()?
        }
        Opcode::BinaryAnd => a & b,
        Opcode::BinaryOr => a | b,
        Opcode::BinaryXor => a ^ b,
        _ => return None,
    };
    Some(Constant::Int(value))
}

/// Quotient and remainder, rounded down.
fn div_mod(a: &BigInt, b: &BigInt) -> Option<(BigInt, BigInt)> {
    if b.is_zero() {
        return None;
    }
    let (mut quotient, mut remainder) = (a / b, a % b);
    if !remainder.is_zero() && remainder.is_negative() != b.is_negative() {
        quotient -= 1;
        remainder += b;
    }
    Some((quotient, remainder))
}

fn power(base: &BigInt, exponent: &BigInt) -> Option<Constant> {
    if exponent.is_negative() {
        return float(Opcode::BinaryPower, to_float(base)?, to_float(exponent)?);
    }
    // 0, 1 and -1 to any power are small.
    if base.bits() <= 1 {
        let odd = exponent.bit(0);
        let one = BigInt::from(1);
        return Some(Constant::Int(match base.sign() {
            _ if exponent.is_zero() => one,
            Sign::Minus if odd => -one,
            Sign::NoSign => BigInt::zero(),
            _ => one,
        }));
    }
    let exponent = exponent.to_u32()?;
    if base.bits().checked_mul(u64::from(exponent))? > MAX_BITS {
        return None;
    }
    Some(Constant::Int(base.pow(exponent)))
}

fn to_float(value: &BigInt) -> Option<f64> {
    value.to_f64().filter(|value| value.is_finite())
}

/// `a / b`, correctly rounded.
fn true_divide(a: &BigInt, b: &BigInt) -> Option<f64> {
    if b.is_zero() {
        return None;
    }
    let negative = a.is_negative() != b.is_negative();
    let sign = if negative { -1.0 } else { 1.0 };
    let (a, b) = (a.magnitude(), b.magnitude());
    if a.is_zero() {
        return Some(0.0 * sign);
    }
    // Scale so that the quotient has 55 to 56 bits, or fewer where the result is subnormal:
    // its lowest bit must not be below that of the result less two for rounding.
    let mut shift = 55 - (a.bits() as i64 - b.bits() as i64);
    shift = shift.min(1074 + 2);
    let (mut quotient, remainder) = if shift >= 0 {
        let scaled = a << shift as u64;
        (&scaled / b, scaled % b)
    } else {
        let scaled = b << shift.unsigned_abs();
        (a / &scaled, a % &scaled)
    };
    // The lowest bit stands for everything cut off.
    if !remainder.is_zero() {
        quotient.set_bit(0, true);
    }
    let bits = quotient.bits() as i64;
    // How many bits of the quotient a float of this size cannot hold.
    let excess = (bits - 53).max(shift - 1074).max(0);
    let quotient = quotient.to_u64()?;
    let mut mantissa = quotient >> excess;
    let rest = quotient & ((1 << excess) - 1);
    let half = (1u64 << excess) >> 1;
    if excess > 0 && (rest > half || rest == half && mantissa & 1 == 1) {
        mantissa += 1;
    }
    let value = scale(mantissa as f64, excess - shift);
    value.is_finite().then_some(value * sign)
}

/// `value * 2**exponent` without rounding on the way.
fn scale(mut value: f64, mut exponent: i64) -> f64 {
    while exponent > 1000 {
        value *= 2f64.powi(1000);
        exponent -= 1000;
    }
    while exponent < -1000 {
        // The mantissa has at most 53 bits and the result's lowest bit is representable, so
        // the steps are exact.
        value *= 2f64.powi(-500);
        exponent += 500;
    }
    value * 2f64.powi(exponent as i32)
}

pub(super) fn float(opcode: Opcode, a: f64, b: f64) -> Option<Constant> {
    let value = match opcode {
        Opcode::BinaryAdd => a + b,
        Opcode::BinarySubtract => a - b,
        Opcode::BinaryMultiply => a * b,
        Opcode::BinaryTrueDivide if b != 0.0 => a / b,
        Opcode::BinaryFloorDivide if b != 0.0 => floor_divide(a, b),
        Opcode::BinaryModulo if b != 0.0 => modulo(a, b),
        Opcode::BinaryPower => return float_power(a, b),
        _ => return None,
    };
    Some(Constant::Float(value))
}

fn modulo(a: f64, b: f64) -> f64 {
    let remainder = a % b;
    if remainder == 0.0 {
        return 0f64.copysign(b);
    }
    if (b < 0.0) != (remainder < 0.0) {
        remainder + b
    } else {
        remainder
    }
}

fn floor_divide(a: f64, b: f64) -> f64 {
    let remainder = a % b;
    let mut quotient = (a - remainder) / b;
    if remainder != 0.0 && (b < 0.0) != (remainder < 0.0) {
        quotient -= 1.0;
    }
    if quotient == 0.0 {
        return 0f64.copysign(a / b);
    }
    let floor = quotient.floor();
    if quotient - floor > 0.5 {
        floor + 1.0
    } else {
        floor
    }
}

fn float_power(base: f64, exponent: f64) -> Option<Constant> {
    if exponent == 0.0 || base == 1.0 {
        return Some(Constant::Float(1.0));
    }
    if base.is_nan() || exponent.is_nan() {
        return Some(Constant::Float(f64::NAN));
    }
    if base == 0.0 && exponent < 0.0 {
        return None;
    }
    if base < 0.0 && base.is_finite() && exponent.is_finite() && exponent.fract() != 0.0 {
        return complex::complex(Opcode::BinaryPower, (base, 0.0), (exponent, 0.0));
    }
    let value = base.powf(exponent);
    // An infinite result of finite operands is an overflow.
    if value.is_infinite() && base.is_finite() && exponent.is_finite() {
        return None;
    }
    Some(Constant::Float(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quotient(a: i128, b: i128) -> f64 {
        true_divide(&BigInt::from(a), &BigInt::from(b)).unwrap_or(f64::NAN)
    }

    #[test]
    fn true_division_rounds_once() {
        assert_eq!(quotient(1, 3), 1.0 / 3.0);
        assert_eq!(quotient(-7, 2), -3.5);
        assert_eq!(quotient((1 << 53) + 1, 1), (1u64 << 53) as f64);
        assert_eq!(quotient((1 << 53) + 3, 1), ((1u64 << 53) + 4) as f64);
        assert_eq!(quotient(10i128.pow(23), 1), 1e23);
        assert!(quotient(0, -5).is_sign_negative());
        let tiny = true_divide(&BigInt::from(3), &(BigInt::from(1) << 1075u32));
        assert_eq!(tiny, Some(1e-323));
        let half = true_divide(&BigInt::from(1), &(BigInt::from(1) << 1075u32));
        assert_eq!(half, Some(0.0));
        assert_eq!(
            true_divide(&(BigInt::from(1) << 1024u32), &BigInt::from(1)),
            None
        );
    }

    #[test]
    fn floor_division_and_remainder() {
        assert_eq!(floor_divide(-7.0, 2.0), -4.0);
        assert_eq!(modulo(-7.0, 2.0), 1.0);
        assert!(modulo(4.0, -2.0).is_sign_negative());
        let (q, r) = (BigInt::from(-4), BigInt::from(1));
        assert_eq!(div_mod(&BigInt::from(-7), &BigInt::from(2)), Some((q, r)));
    }

    #[test]
    fn long_products_are_left_for_run_time() {
        let half = BigInt::from(1) << (MAX_BITS / 2 - 1);
        let product = int(Opcode::BinaryMultiply, &half, &half);
        assert_eq!(product, Some(Constant::Int(&half * &half)));
        let more = &half << 1;
        assert_eq!(int(Opcode::BinaryMultiply, &half, &more), None);
    }

    #[test]
    fn powers() {
        let int_power = |a: i64, b: i64| power(&a.into(), &b.into());
        assert_eq!(int_power(2, 10), Some(Constant::Int(1024.into())));
        assert_eq!(int_power(2, -1), Some(Constant::Float(0.5)));
        assert_eq!(int_power(-1, i64::MAX), Some(Constant::Int((-1).into())));
        assert_eq!(int_power(0, -1), None);
        assert_eq!(int_power(10, i64::MAX), None);
        assert_eq!(float_power(10.0, 400.0), None);
    }
}
