//! Shortcuts for numbers and strings that handlers take before the general protocols.

use super::operators::BinaryOp;
use super::values::SMALL_INTS;
use super::vm::Vm;
use crate::object::{Header, Kind, ObjectModel, Res, Tag, V, Value};
use crate::types::int::arith;
use crate::types::str::Str;

impl<M: ObjectModel> Vm<M> {
    /// An `int`, inline: an immediate, a shared small int, or a cell from the free list. `None`: the
    /// slow path must make it.
    #[inline(always)]
    pub fn try_int(&mut self, i: i64) -> Option<V<M>> {
        if <V<M> as Value>::TAGGED {
            let (doubled, overflow) = i.overflowing_mul(2);
            return if overflow {
                None
            } else {
                Some(V::<M>::immediate(doubled as u64 | 1))
            };
        }
        if SMALL_INTS.contains(&i) {
            return Some(self.interp.once.small_ints[(i - SMALL_INTS.start()) as usize].clone());
        }
        let cell = M::try_allocate(&mut self.heap, 16, Tag::exact(Kind::Int))?;
        // SAFETY: a cell of 16 bytes holds a header and an `i64`; it is ours alone.
        unsafe {
            cell.as_ptr().add(1).cast::<i64>().write(i);
            Some(V::<M>::from_bits(cell.as_ptr() as u64))
        }
    }

    /// A float in place of two float operands, inline. On success the operands' words are consumed:
    /// the caller forgets them.
    #[inline(always)]
    pub fn try_float_over(&mut self, a: &V<M>, b: &V<M>, f: f64) -> Option<V<M>> {
        // SAFETY: the operands are exactly floats (the caller has read both as such) and their stack
        // words are given up on success.
        unsafe { M::float_result(&mut self.heap, a.bits(), b.bits(), f) }
    }

    /// `a op b` of two exact ints of any size; `None` for other operands, and for `/`, `**` and `divmod`.
    pub fn int_operation(&mut self, op: BinaryOp, a: &V<M>, b: &V<M>) -> Option<Res<V<M>>> {
        if !a.is_exact_int() || !b.is_exact_int() {
            return None;
        }
        let (x, y) = (a.as_int()?, b.as_int()?);
        let result = match op {
            BinaryOp::Add => arith::add(x, y),
            BinaryOp::Subtract => arith::sub(x, y),
            BinaryOp::Multiply => arith::mul(x, y),
            BinaryOp::FloorDivide => arith::floor_div(x, y),
            BinaryOp::Remainder => arith::modulo(x, y),
            BinaryOp::Lshift => arith::shl(x, y),
            BinaryOp::Rshift => arith::shr(x, y),
            BinaryOp::And => arith::and(x, y),
            BinaryOp::Or => arith::or(x, y),
            BinaryOp::Xor => arith::xor(x, y),
            _ => return None,
        };
        Some(match result {
            Ok(i) => Ok(self.new_integer(i)),
            Err(e) => Err(self.raise_op(e)),
        })
    }

    /// The float result of an operation on an int and a float (either way round, exact types), if
    /// it is `+`, `-`, `*`, `/` by something other than zero, or a finite power of something positive.
    #[inline]
    pub fn mixed_float(&self, op: BinaryOp, a: &V<M>, b: &V<M>) -> Option<f64> {
        // Beyond 2^53 the conversion of an int must be checked for exactness of rounding: left alone.
        const EXACT: std::ops::RangeInclusive<i64> = -(1 << 53)..=1 << 53;
        let (x, y) = match (a.small_int(), b.small_int()) {
            (Some(x), None) if EXACT.contains(&x) => (x as f64, b.exact_float()?),
            (None, Some(y)) if EXACT.contains(&y) => (a.exact_float()?, y as f64),
            (Some(x), Some(y))
                if op == BinaryOp::TrueDivide && EXACT.contains(&x) && EXACT.contains(&y) =>
            {
                (x as f64, y as f64)
            }
            (None, None) => (a.exact_float()?, b.exact_float()?),
            _ => return None,
        };
        match op {
            BinaryOp::Add => Some(x + y),
            BinaryOp::Subtract => Some(x - y),
            BinaryOp::Multiply => Some(x * y),
            BinaryOp::TrueDivide if y != 0.0 => Some(x / y),
            BinaryOp::Power if x > 0.0 => Some(x.powf(y)).filter(|power| power.is_finite()),
            _ => None,
        }
    }

    /// `a + b` for two exact strings.
    pub fn concat_str(&mut self, a: &V<M>, b: &V<M>) -> Option<V<M>> {
        let (x, y) = (a.get_exact::<Str>()?, b.get_exact::<Str>()?);
        if y.is_empty() {
            return Some(a.clone());
        }
        if x.is_empty() {
            return Some(b.clone());
        }
        Str::concat(x, y).map(|joined| self.alloc(joined))
    }
}

// The layout that `try_int` and the models' float cells rely on.
const _: () = assert!(size_of::<Header>() == 8);
