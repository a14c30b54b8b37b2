//! Hashes of numbers: equal numbers hash alike whatever their type. The hash is the value modulo the Mersenne prime
//! 2**61 - 1, as the Python reference ("Hashing of numeric types") specifies it for 64-bit machines.

use num_bigint::BigInt;
use num_traits::Signed;

use crate::text::hash::not_minus_one;

const BITS: u32 = 61;
const MODULUS: u64 = (1 << BITS) - 1;
/// `sys.hash_info.inf`
const INFINITY: i64 = 314_159;
/// `sys.hash_info.imag`
const IMAGINARY: u64 = 1_000_003;

fn signed(magnitude: u64, negative: bool) -> i64 {
    let hash = magnitude as i64;
    not_minus_one(if negative { -hash } else { hash })
}

/// `hash(int)`
#[inline(always)]
pub fn hash_i64(a: i64) -> i64 {
    match quick_hash_i64(a) {
        Some(hash) => hash,
        None => hash_large_i64(a),
    }
}

/// `hash(int)` of all but the largest integers, which are their own remainders.
#[inline(always)]
pub fn quick_hash_i64(a: i64) -> Option<i64> {
    (-(1 << (BITS - 1))..1 << (BITS - 1))
        .contains(&a)
        .then(|| not_minus_one(a))
}

#[cold]
fn hash_large_i64(a: i64) -> i64 {
    signed(a.unsigned_abs() % MODULUS, a < 0)
}

/// `hash(int)`
pub fn hash_big(a: &BigInt) -> i64 {
    let reduced = a
        .magnitude()
        .to_u64_digits()
        .into_iter()
        .rev()
        .fold(0, |hash, digit| {
            let wide = (u128::from(hash) << 64) | u128::from(digit);
            (wide % u128::from(MODULUS)) as u64
        });
    signed(reduced, a.is_negative())
}

/// `hash(float)`
pub fn hash_f64(x: f64) -> i64 {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if x.abs() <= EXACT && x.trunc() == x {
        return hash_i64(x as i64);
    }
    if x.is_nan() {
        return 0;
    }
    if x.is_infinite() {
        return if x > 0.0 { INFINITY } else { -INFINITY };
    }
    // x is m * 2**e; multiplying by 2**e modulo the prime is a rotation of 61 bits by e modulo 61.
    let (fraction, exponent) = libm::frexp(x.abs());
    let mantissa = (fraction * EXACT) as u64;
    let rotation = (exponent - 53).rem_euclid(BITS as i32) as u32;
    let reduced = mantissa % MODULUS;
    let rotated = ((reduced << rotation) & MODULUS) | (reduced >> (BITS - rotation));
    signed(rotated % MODULUS, x < 0.0)
}

/// `hash(complex)`
pub fn hash_complex(real: f64, imag: f64) -> i64 {
    let imaginary = (hash_f64(imag) as u64).wrapping_mul(IMAGINARY);
    not_minus_one((hash_f64(real) as u64).wrapping_add(imaginary) as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_cpython() {
        assert_eq!(
            (
                hash_i64(-1),
                hash_i64(0),
                hash_i64(i64::MAX),
                hash_i64(i64::MIN)
            ),
            (-2, 0, 3, -4)
        );
        assert_eq!(hash_i64((1 << 61) - 1), 0);
        assert_eq!(hash_big(&(BigInt::from(10).pow(30))), 465258685558744706);
        assert_eq!(hash_f64(1.5), 1152921504606846977);
        assert_eq!(hash_f64(-0.1), -230584300921369408);
        assert_eq!(
            hash_f64(1e300),
            hash_big(&num_traits::FromPrimitive::from_f64(1e300).unwrap())
        );
        assert_eq!(hash_f64(5e-324), 16777216);
        assert_eq!(hash_f64(f64::NEG_INFINITY), -314159);
        assert_eq!(hash_f64(-1.0), -2);
        assert_eq!(hash_f64(f64::NAN), 0);
        assert_eq!(hash_complex(1.0, 2.0), 2000007);
        assert_eq!(hash_complex(0.1, -0.0), hash_f64(0.1));
    }
}
