//! Integer operators on [`IntRef`]s: machine words first, big integers where those overflow.
//!
//! Knows no objects: results are [`Int`]s in their smallest form.

use crate::number::int::Int;
use crate::number::int_pow::IntPower;
use crate::number::{hash, int_bits, int_div, int_float, int_pow};
use crate::object::IntRef;
use crate::text::error::{OpError, OpResult};
use num_bigint::BigInt;
use std::borrow::Cow;
use std::cell::RefCell;
use std::cmp::Ordering;

use IntRef::{Big, Small};

/// The operand as a big integer, copied only if it is small.
fn big(a: IntRef<'_>) -> Cow<'_, BigInt> {
    match a {
        Small(i) => Cow::Owned(BigInt::from(i)),
        Big(b) => Cow::Borrowed(b),
    }
}

/// `a + b`
pub fn add(a: IntRef<'_>, b: IntRef<'_>) -> OpResult<Int> {
    Ok(match (a, b) {
        (Small(x), Small(y)) => match x.checked_add(y) {
            Some(z) => Int::Small(z),
            None => Int::from(i128::from(x) + i128::from(y)),
        },
        (Big(x), Big(y)) => Int::from(x + y),
        (Big(x), Small(y)) | (Small(y), Big(x)) => Int::from(x + y),
    })
}

/// `a - b`
pub fn sub(a: IntRef<'_>, b: IntRef<'_>) -> OpResult<Int> {
    Ok(match (a, b) {
        (Small(x), Small(y)) => match x.checked_sub(y) {
            Some(z) => Int::Small(z),
            None => Int::from(i128::from(x) - i128::from(y)),
        },
        (Big(x), Big(y)) => Int::from(x - y),
        (Big(x), Small(y)) => Int::from(x - y),
        (Small(x), Big(y)) => Int::from(x - y),
    })
}

/// `a * b`
pub fn mul(a: IntRef<'_>, b: IntRef<'_>) -> OpResult<Int> {
    Ok(match (a, b) {
        (Small(x), Small(y)) => match x.checked_mul(y) {
            Some(z) => Int::Small(z),
            None => Int::from(i128::from(x) * i128::from(y)),
        },
        (Big(x), Big(y)) => Int::from(x * y),
        (Big(x), Small(y)) | (Small(y), Big(x)) => Int::from(scaled(x, y)),
    })
}

/// `x * y`. num-bigint multiplies a copy of `x` in place, which doubles its buffer when the product has a digit
/// more, and it mostly has; so the copy is one that is kept, and the result has a buffer of its own length.
fn scaled(x: &BigInt, y: i64) -> BigInt {
    /// Bits of the largest product that leaves its buffer here.
    const KEPT: u64 = 1 << 20;
    thread_local! {
        static PRODUCT: RefCell<BigInt> = const { RefCell::new(BigInt::ZERO) };
    }
    if x.bits() > KEPT {
        return x * y;
    }
    PRODUCT.with_borrow_mut(|product| {
        product.clone_from(x);
        *product *= y;
        product.clone()
    })
}

/// `a // b`
pub fn floor_div(a: IntRef<'_>, b: IntRef<'_>) -> OpResult<Int> {
    if let (Small(x), Small(y)) = (a, b)
        && let Some(q) = int_div::floor_div_i64(x, y)?
    {
        return Ok(Int::Small(q));
    }
    int_div::floor_div(&big(a), &big(b)).map(Int::from)
}

/// `a % b`
pub fn modulo(a: IntRef<'_>, b: IntRef<'_>) -> OpResult<Int> {
    if let (Small(x), Small(y)) = (a, b) {
        return int_div::modulo_i64(x, y).map(Int::Small);
    }
    int_div::modulo(&big(a), &big(b)).map(Int::from)
}

/// `divmod(a, b)`
pub fn divmod(a: IntRef<'_>, b: IntRef<'_>) -> OpResult<(Int, Int)> {
    if let (Small(x), Small(y)) = (a, b)
        && let Some(q) = int_div::floor_div_i64(x, y)?
    {
        return Ok((Int::Small(q), Int::Small(int_div::modulo_i64(x, y)?)));
    }
    let (q, r) = int_div::divmod(&big(a), &big(b))?;
    Ok((Int::from(q), Int::from(r)))
}

/// `a / b`
pub fn true_div(a: IntRef<'_>, b: IntRef<'_>) -> OpResult<f64> {
    match (a, b) {
        (Small(x), Small(y)) => int_div::true_div_i64(x, y),
        _ => int_div::true_div(&big(a), &big(b)),
    }
}

/// `a ** b`
pub fn pow(a: IntRef<'_>, b: IntRef<'_>) -> OpResult<IntPower> {
    if let (Small(x), Small(y)) = (a, b)
        && let Some(p) = int_pow::pow_i64(x, y)
    {
        return Ok(IntPower::Int(Int::Small(p)));
    }
    int_pow::pow(&big(a), &big(b))
}

/// `pow(a, b, m)`
pub fn pow_mod(a: IntRef<'_>, b: IntRef<'_>, m: IntRef<'_>) -> OpResult<Int> {
    match (a, b, m) {
        (Small(x), Small(y), Small(z)) if y >= 0 && z != 0 => {
            int_pow::pow_mod_i64(x, y, z).map(Int::Small)
        }
        _ => int_pow::pow_mod(&big(a), &big(b), &big(m)),
    }
}

/// `a << b`
pub fn shl(a: IntRef<'_>, b: IntRef<'_>) -> OpResult<Int> {
    if let (Small(x), Small(n)) = (a, b)
        && let Some(r) = int_bits::shl_i64(x, n)
    {
        return Ok(Int::Small(r));
    }
    int_bits::shl(&big(a), &big(b)).map(Int::from)
}

/// `a >> b`
pub fn shr(a: IntRef<'_>, b: IntRef<'_>) -> OpResult<Int> {
    if let (Small(x), Small(n)) = (a, b) {
        return int_bits::shr_i64(x, n).map(Int::Small);
    }
    int_bits::shr(&big(a), &big(b)).map(Int::from)
}

/// `a & b`
pub fn and(a: IntRef<'_>, b: IntRef<'_>) -> OpResult<Int> {
    Ok(match (a, b) {
        (Small(x), Small(y)) => Int::Small(x & y),
        _ => Int::from(&*big(a) & &*big(b)),
    })
}

/// `a | b`
pub fn or(a: IntRef<'_>, b: IntRef<'_>) -> OpResult<Int> {
    Ok(match (a, b) {
        (Small(x), Small(y)) => Int::Small(x | y),
        _ => Int::from(&*big(a) | &*big(b)),
    })
}

/// `a ^ b`
pub fn xor(a: IntRef<'_>, b: IntRef<'_>) -> OpResult<Int> {
    Ok(match (a, b) {
        (Small(x), Small(y)) => Int::Small(x ^ y),
        _ => Int::from(&*big(a) ^ &*big(b)),
    })
}

/// `-a`
pub fn neg(a: IntRef<'_>) -> Int {
    match a {
        Small(i) => i
            .checked_neg()
            .map_or_else(|| Int::from(-i128::from(i)), Int::Small),
        Big(b) => Int::from(-b),
    }
}

/// `~a`
pub fn invert(a: IntRef<'_>) -> Int {
    match a {
        Small(i) => Int::Small(!i),
        Big(b) => Int::from(!b),
    }
}

/// `abs(a)`
pub fn abs(a: IntRef<'_>) -> Int {
    if a.is_negative() { neg(a) } else { copy(a) }
}

/// The same integer.
pub fn copy(a: IntRef<'_>) -> Int {
    match a {
        Small(i) => Int::Small(i),
        Big(b) => Int::from(b.clone()),
    }
}

/// How `a` lies to `b`.
pub fn cmp(a: IntRef<'_>, b: IntRef<'_>) -> Ordering {
    match (a, b) {
        (Small(x), Small(y)) => x.cmp(&y),
        _ => big(a).cmp(&big(b)),
    }
}

/// How `a` lies to a float, exactly; `None` for a NaN.
pub fn cmp_f64(a: IntRef<'_>, x: f64) -> Option<Ordering> {
    match a {
        Small(i) => int_float::cmp_i64_f64(i, x),
        Big(b) => int_float::cmp_f64(b, x),
    }
}

/// `float(a)`
pub fn to_f64(a: IntRef<'_>) -> OpResult<f64> {
    match a {
        Small(i) => Ok(i as f64),
        Big(b) => int_float::to_f64(b),
    }
}

/// `hash(a)`
pub fn hash(a: IntRef<'_>) -> i64 {
    match a {
        Small(i) => hash::hash_i64(i),
        Big(b) => hash::hash_big(b),
    }
}

/// `a.bit_length()`
pub fn bit_length(a: IntRef<'_>) -> u64 {
    match a {
        Small(i) => u64::from(int_bits::bit_length_i64(i)),
        Big(b) => int_bits::bit_length(b),
    }
}

/// `round(a, ndigits)`
pub fn round(a: IntRef<'_>, ndigits: IntRef<'_>) -> Int {
    if !ndigits.is_negative() {
        return copy(a);
    }
    // More places than 64 bits can say round everything to zero.
    match ndigits.to_i64() {
        Some(n) => Int::from(int_div::round_to_places(&big(a), n.unsigned_abs())),
        None => Int::Small(0),
    }
}

/// Bytes of the object as `sys.getsizeof` tells them for CPython's 30-bit digits.
pub fn size_in_cpython(a: IntRef<'_>) -> i64 {
    24 + 4 * bit_length(a).div_ceil(30) as i64
}

/// The integer as an `i32`-sized C `int`, or the OverflowError of `PyArg_Parse` with `i`.
pub fn to_c_int(a: IntRef<'_>) -> OpResult<i32> {
    let Some(i) = a.to_i64() else {
        return Err(OpError::overflow(
            "Python int too large to convert to C long",
        ));
    };
    i32::try_from(i).map_err(|_| {
        OpError::overflow(if i > 0 {
            "signed integer is greater than maximum"
        } else {
            "signed integer is less than minimum"
        })
    })
}

impl<'a> From<IntRef<'a>> for crate::number::int_format::IntRef<'a> {
    fn from(a: IntRef<'a>) -> Self {
        match a {
            Small(i) => Self::Small(i),
            Big(b) => Self::Big(b),
        }
    }
}
