//! Python's `==` and truth value of constants.

use ceval_bytecode::Constant;
use num_bigint::BigInt;
use num_traits::{FromPrimitive, One, ToPrimitive, Zero};
use std::hash::Hasher;

use crate::codegen::is_equal_code;

/// A number as Python compares it: `True == 1 == 1.0 == 1+0j`.
enum Numeric<'a> {
    Int(std::borrow::Cow<'a, BigInt>),
    Float(f64),
    Complex(f64, f64),
}

fn numeric(constant: &Constant) -> Option<Numeric<'_>> {
    use std::borrow::Cow;
    Some(match constant {
        Constant::True => Numeric::Int(Cow::Owned(BigInt::one())),
        Constant::False => Numeric::Int(Cow::Owned(BigInt::zero())),
        Constant::Int(value) => Numeric::Int(Cow::Borrowed(value)),
        Constant::Float(value) => Numeric::Float(*value),
        Constant::Complex(real, imag) => Numeric::Complex(*real, *imag),
        _ => return None,
    })
}

/// Whether a float is exactly an integer's value.
fn is_float_int(float: f64, int: &BigInt) -> bool {
    float.is_finite() && float.fract() == 0.0 && BigInt::from_f64(float).as_ref() == Some(int)
}

/// Python's `a == b`.
pub(crate) fn is_equal(a: &Constant, b: &Constant) -> bool {
    if let (Some(a), Some(b)) = (numeric(a), numeric(b)) {
        return match (a, b) {
            (Numeric::Int(a), Numeric::Int(b)) => a == b,
            (Numeric::Int(int), Numeric::Float(float))
            | (Numeric::Float(float), Numeric::Int(int)) => is_float_int(float, &int),
            (Numeric::Int(int), Numeric::Complex(real, imag))
            | (Numeric::Complex(real, imag), Numeric::Int(int)) => {
                imag == 0.0 && is_float_int(real, &int)
            }
            (Numeric::Float(a), Numeric::Float(b)) => a == b,
            (Numeric::Float(float), Numeric::Complex(real, imag))
            | (Numeric::Complex(real, imag), Numeric::Float(float)) => imag == 0.0 && real == float,
            (Numeric::Complex(a, b), Numeric::Complex(c, d)) => a == c && b == d,
        };
    }
    match (a, b) {
        (Constant::None, Constant::None) | (Constant::Ellipsis, Constant::Ellipsis) => true,
        (Constant::Str(a), Constant::Str(b)) => a == b,
        (Constant::Bytes(a), Constant::Bytes(b)) => a == b,
        (Constant::Tuple(a), Constant::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_equal(a, b))
        }
        (Constant::FrozenSet(a), Constant::FrozenSet(b)) => {
            a.len() == b.len() && a.iter().all(|a| b.iter().any(|b| is_equal(a, b)))
        }
        (Constant::Code(a), Constant::Code(b)) => is_equal_code(a, b),
        _ => false,
    }
}

/// A hash that is the same for constants that [`is_equal`] calls so.
pub(crate) fn hash_value(constant: &Constant, hasher: &mut impl Hasher) {
    if let Some(number) = numeric(constant) {
        // A number beyond all floats hashes as infinity does.
        let real = match number {
            Numeric::Int(int) => int.to_f64().unwrap_or(f64::INFINITY),
            Numeric::Float(real) | Numeric::Complex(real, _) => real,
        };
        // -0.0 becomes 0.0.
        hasher.write_u64((real + 0.0).to_bits());
        return;
    }
    match constant {
        Constant::Str(text) => hasher.write(text.as_bytes()),
        Constant::Bytes(bytes) => hasher.write(bytes),
        Constant::Tuple(items) => items.iter().for_each(|item| hash_value(item, hasher)),
        Constant::FrozenSet(items) => hasher.write_usize(items.len()),
        Constant::Code(code) => hasher.write_u32(code.firstlineno),
        _ => hasher.write_u8(0),
    }
}

/// Python's `bool(constant)`.
pub(crate) fn is_true(constant: &Constant) -> bool {
    match constant {
        Constant::None | Constant::False => false,
        Constant::True | Constant::Ellipsis | Constant::Code(_) => true,
        Constant::Int(value) => !value.is_zero(),
        Constant::Float(value) => *value != 0.0,
        Constant::Complex(real, imag) => *real != 0.0 || *imag != 0.0,
        Constant::Str(text) => !text.is_empty(),
        Constant::Bytes(bytes) => !bytes.is_empty(),
        Constant::Tuple(items) | Constant::FrozenSet(items) => !items.is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(constant: &Constant) -> u64 {
        let mut hasher = std::hash::DefaultHasher::new();
        hash_value(constant, &mut hasher);
        hasher.finish()
    }

    #[test]
    fn equal_constants_hash_alike() {
        let text = |t: &str| Constant::Str(t.into());
        let constants = [
            Constant::None,
            Constant::True,
            Constant::Int(BigInt::from(1)),
            Constant::Float(1.0),
            Constant::Complex(1.0, 0.0),
            Constant::Complex(1.0, 2.0),
            Constant::Float(0.0),
            Constant::Float(-0.0),
            Constant::False,
            Constant::Int(BigInt::from(1) << 53u32),
            Constant::Float((1u64 << 53) as f64),
            Constant::Int(BigInt::from(10).pow(400)),
            Constant::Float(f64::INFINITY),
            text("a"),
            Constant::Tuple(vec![text("a"), Constant::True]),
            Constant::Tuple(vec![text("a"), Constant::Float(1.0)]),
            Constant::FrozenSet(vec![text("a"), Constant::False]),
            Constant::FrozenSet(vec![Constant::Float(-0.0), text("a")]),
        ];
        let mut equal = 0;
        for a in &constants {
            for b in &constants {
                if is_equal(a, b) {
                    equal += 1;
                    assert_eq!(hash(a), hash(b), "{a:?}, {b:?}");
                }
            }
        }
        assert!(equal > constants.len() + 10, "{equal}");
        assert_ne!(hash(&constants[2]), hash(&constants[6]));
    }

    #[test]
    fn numbers_compare_across_types() {
        let one = Constant::Int(BigInt::from(1));
        for other in [
            Constant::True,
            Constant::Float(1.0),
            Constant::Complex(1.0, 0.0),
        ] {
            assert!(is_equal(&one, &other) && is_equal(&other, &one));
        }
        assert!(is_equal(&Constant::Float(0.0), &Constant::Float(-0.0)));
        assert!(!is_equal(
            &Constant::Float(f64::NAN),
            &Constant::Float(f64::NAN)
        ));
        let big = Constant::Int(BigInt::from(1u64 << 53) + 1);
        assert!(!is_equal(&big, &Constant::Float((1u64 << 53) as f64)));
    }
}
