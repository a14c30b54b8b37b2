//! Operators on constants: what folding an expression gives.
//!
//! `None` means that the expression is left for run time: the operation raises an exception,
//! its result is a sequence of more than 20 items, or it would take very long to compute.
//! Source: CPython 3.5.1 `fold_binops_on_constants` in `Python/peephole.c` and the operators of
//! the built-in types.

use ceval_bytecode::{Constant, Opcode};
use num_bigint::BigInt;
use num_traits::{One, ToPrimitive, Zero};
use rustpython_wtf8::Wtf8Buf;

use crate::constant::is_equal;

use super::complex;
use super::format;
use super::number;

/// Longer sequences are not folded.
const MAX_LENGTH: usize = 20;

/// `left op right`.
pub(super) fn binary(opcode: Opcode, left: &Constant, right: &Constant) -> Option<Constant> {
    let folded = match opcode {
        Opcode::BinarySubscr => subscript(left, right),
        Opcode::BinaryModulo if matches!(left, Constant::Str(_) | Constant::Bytes(_)) => {
            format::interpolate(left, right)
        }
        _ => match (left, right) {
            (Constant::Str(_) | Constant::Bytes(_) | Constant::Tuple(_), _)
            | (_, Constant::Str(_) | Constant::Bytes(_) | Constant::Tuple(_)) => {
                sequence(opcode, left, right)
            }
            _ => arithmetic(opcode, left, right),
        },
    }?;
    let length = match &folded {
        Constant::Str(text) => text.code_points().count(),
        Constant::Bytes(bytes) => bytes.len(),
        Constant::Tuple(items) => items.len(),
        _ => 0,
    };
    (length <= MAX_LENGTH).then_some(folded)
}

/// `op operand`.
pub(super) fn unary(opcode: Opcode, operand: &Constant) -> Option<Constant> {
    if let Some(value) = as_int(operand) {
        return Some(Constant::Int(match opcode {
            Opcode::UnaryNegative => -value,
            Opcode::UnaryInvert => -value - 1,
            _ => value,
        }));
    }
    match (opcode, operand) {
        (Opcode::UnaryNegative, Constant::Float(value)) => Some(Constant::Float(-value)),
        (Opcode::UnaryPositive, Constant::Float(value)) => Some(Constant::Float(*value)),
        (Opcode::UnaryNegative, Constant::Complex(re, im)) => Some(Constant::Complex(-re, -im)),
        (Opcode::UnaryPositive, Constant::Complex(re, im)) => Some(Constant::Complex(*re, *im)),
        _ => None,
    }
}

/// A frozenset of constants: of equal ones the first stays.
pub(super) fn frozen_set(items: Vec<Constant>) -> Constant {
    let mut distinct: Vec<Constant> = Vec::with_capacity(items.len());
    if items.len() <= MAX_LENGTH {
        for item in items {
            if !distinct.iter().any(|other| is_equal(other, &item)) {
                distinct.push(item);
            }
        }
        return Constant::FrozenSet(distinct);
    }
    // Long sets: only items with the same key can be equal.
    let mut seen: std::collections::HashMap<String, Vec<usize>> = std::collections::HashMap::new();
    for item in items {
        let places = seen.entry(set_key(&item)).or_default();
        if !places
            .iter()
            .any(|&place| is_equal(&distinct[place], &item))
        {
            places.push(distinct.len());
            distinct.push(item);
        }
    }
    Constant::FrozenSet(distinct)
}

/// A text that is the same for equal constants.
fn set_key(constant: &Constant) -> String {
    match constant {
        Constant::True => "1".to_owned(),
        Constant::False => "0".to_owned(),
        Constant::Float(value) | Constant::Complex(value, _) => {
            match num_traits::FromPrimitive::from_f64(*value) {
                Some::<BigInt>(int) if value.fract() == 0.0 => int.to_string(),
                _ => value.to_string(),
            }
        }
        Constant::Tuple(items) => {
            let keys: Vec<String> = items.iter().map(set_key).collect();
            format!("({})", keys.join(","))
        }
        other => ceval_bytecode::repr::repr_constant(other),
    }
}

/// The value of an `int` or `bool`.
pub(super) fn as_int(constant: &Constant) -> Option<BigInt> {
    match constant {
        Constant::Int(value) => Some(value.clone()),
        Constant::True => Some(BigInt::one()),
        Constant::False => Some(BigInt::zero()),
        _ => None,
    }
}

/// The value of an `int`, `bool` or `float`; `None` as well if an `int` is too large.
pub(super) fn as_float(constant: &Constant) -> Option<f64> {
    match constant {
        Constant::Float(value) => Some(*value),
        other => as_int(other)?.to_f64().filter(|value| value.is_finite()),
    }
}

fn arithmetic(opcode: Opcode, left: &Constant, right: &Constant) -> Option<Constant> {
    if let (Some(a), Some(b)) = (as_int(left), as_int(right)) {
        let is_bool = |c: &Constant| matches!(c, Constant::True | Constant::False);
        let folded = number::int(opcode, &a, &b)?;
        // 3.5.1 gives a dividend that is smaller than the divisor back as it is.
        if opcode == Opcode::BinaryModulo
            && is_bool(left)
            && matches!(&folded, Constant::Int(r) if *r == a && a.magnitude() < b.magnitude())
        {
            return Some(left.clone());
        }
        let stays_bool = is_bool(left)
            && is_bool(right)
            && matches!(
                opcode,
                Opcode::BinaryAnd | Opcode::BinaryOr | Opcode::BinaryXor
            );
        return Some(match folded {
            Constant::Int(value) if stays_bool && value.is_zero() => Constant::False,
            Constant::Int(_) if stays_bool => Constant::True,
            folded => folded,
        });
    }
    let as_complex = |constant: &Constant| match constant {
        Constant::Complex(re, im) => Some((*re, *im)),
        other => as_float(other).map(|re| (re, 0.0)),
    };
    if matches!(left, Constant::Complex(..)) || matches!(right, Constant::Complex(..)) {
        return complex::complex(opcode, as_complex(left)?, as_complex(right)?);
    }
    number::float(opcode, as_float(left)?, as_float(right)?)
}

/// Concatenation and repetition.
fn sequence(opcode: Opcode, left: &Constant, right: &Constant) -> Option<Constant> {
    match (opcode, left, right) {
        (Opcode::BinaryAdd, Constant::Str(a), Constant::Str(b)) => {
            let mut joined = a.clone();
            joined.push_wtf8(b);
            Some(Constant::Str(joined))
        }
        (Opcode::BinaryAdd, Constant::Bytes(a), Constant::Bytes(b)) => {
            Some(Constant::Bytes([a.as_slice(), b].concat()))
        }
        (Opcode::BinaryAdd, Constant::Tuple(a), Constant::Tuple(b)) => {
            Some(Constant::Tuple([a.as_slice(), b].concat()))
        }
        (Opcode::BinaryMultiply, _, _) => {
            let (items, count) = match (as_int(left), as_int(right)) {
                (Some(count), _) => (right, count),
                (_, Some(count)) => (left, count),
                _ => return None,
            };
            repeat(items, count.to_i64()?)
        }
        _ => None,
    }
}

fn repeat(items: &Constant, count: i64) -> Option<Constant> {
    let count = usize::try_from(count.max(0)).ok()?;
    let fits = |length: usize| {
        length
            .checked_mul(count)
            .is_some_and(|n| n <= 4 * MAX_LENGTH)
    };
    match items {
        Constant::Str(text) => fits(text.len()).then(|| {
            let mut repeated = Wtf8Buf::new();
            if !text.is_empty() {
                (0..count).for_each(|_| repeated.push_wtf8(text));
            }
            Constant::Str(repeated)
        }),
        Constant::Bytes(bytes) => fits(bytes.len()).then(|| {
            let count = if bytes.is_empty() { 0 } else { count };
            Constant::Bytes(bytes.repeat(count))
        }),
        Constant::Tuple(items) => fits(items.len()).then(|| {
            let count = if items.is_empty() { 0 } else { count };
            let repeated = std::iter::repeat_n(items, count);
            Constant::Tuple(repeated.flatten().cloned().collect())
        }),
        _ => None,
    }
}

fn subscript(items: &Constant, index: &Constant) -> Option<Constant> {
    let index = as_int(index)?.to_i64()?;
    let place = |length: usize| {
        let index = if index < 0 {
            index.checked_add(i64::try_from(length).ok()?)?
        } else {
            index
        };
        usize::try_from(index).ok().filter(|&place| place < length)
    };
    match items {
        Constant::Str(text) => {
            let place = place(text.code_points().count())?;
            let code_point = text.code_points().nth(place)?;
            Some(Constant::Str(Wtf8Buf::from(code_point)))
        }
        Constant::Bytes(bytes) => Some(Constant::Int(bytes[place(bytes.len())?].into())),
        Constant::Tuple(items) => Some(items[place(items.len())?].clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn int(value: i64) -> Constant {
        Constant::Int(value.into())
    }

    fn text(value: &str) -> Constant {
        Constant::Str(value.into())
    }

    #[test]
    fn sequences() {
        let ab = text("ab");
        assert_eq!(
            binary(Opcode::BinaryMultiply, &ab, &int(10)),
            Some(text(&"ab".repeat(10)))
        );
        assert_eq!(binary(Opcode::BinaryMultiply, &ab, &int(11)), None);
        assert_eq!(
            binary(Opcode::BinaryMultiply, &int(-3), &ab),
            Some(text(""))
        );
        assert_eq!(
            binary(Opcode::BinaryMultiply, &text(""), &int(i64::MAX)),
            Some(text(""))
        );
        assert_eq!(binary(Opcode::BinarySubscr, &ab, &int(-1)), Some(text("b")));
        assert_eq!(binary(Opcode::BinarySubscr, &ab, &int(2)), None);
        assert_eq!(binary(Opcode::BinaryAdd, &ab, &int(2)), None);
    }

    #[test]
    fn booleans() {
        let (t, f) = (Constant::True, Constant::False);
        assert_eq!(binary(Opcode::BinaryAnd, &t, &f), Some(Constant::False));
        assert_eq!(binary(Opcode::BinaryAdd, &t, &t), Some(int(2)));
        assert_eq!(
            binary(Opcode::BinaryModulo, &t, &int(2)),
            Some(Constant::True)
        );
        assert_eq!(binary(Opcode::BinaryModulo, &t, &int(-2)), Some(int(-1)));
        assert_eq!(binary(Opcode::BinaryModulo, &t, &t), Some(int(0)));
        assert_eq!(unary(Opcode::UnaryInvert, &t), Some(int(-2)));
        assert_eq!(unary(Opcode::UnaryNegative, &Constant::None), None);
    }

    #[test]
    fn sets_keep_the_first_of_equals() {
        let mut items = vec![int(1), Constant::True, Constant::Float(1.0), int(2)];
        let expected = Constant::FrozenSet(vec![int(1), int(2)]);
        assert_eq!(frozen_set(items.clone()), expected);
        items.extend(std::iter::repeat_n(Constant::Complex(2.0, 0.0), 30));
        assert_eq!(frozen_set(items), expected);
    }
}
