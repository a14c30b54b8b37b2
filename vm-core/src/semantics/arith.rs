//! Arithmetic: integers and floats inline, everything else through type slots.
//!
//! Integer overflow and mixed operands are left to the full part.

use super::Op;
use super::control::quick_truth;
use crate::Vm;
use crate::dispatch::{Encoding, Flow};
use crate::instr::Operands;
use crate::machine::operators::BinaryOp;
use crate::machine::regs::Regs;
use crate::object::Slot;
use crate::object::{ObjectModel, Res, V, Value};
use crate::types::class::slot_dispatch::at;

/// `+x`.
pub struct UnaryPositive;
impl Op for UnaryPositive {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Flow {
        let v = r.peek(0);
        match v.small_int().is_some() || v.exact_float().is_some() {
            true => Flow::Next,
            false => Flow::Slow,
        }
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let v = r.pop();
        let result = vm.unary(Slot::Positive, &v)?;
        r.push(result);
        Ok(Flow::Next)
    }
}

/// `-x`.
pub struct UnaryNegative;
impl Op for UnaryNegative {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        unary_fast(r, vm, i64::checked_neg, |f| Some(-f))
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        if let Some(flow) = vm.enter_unary(r, Slot::Negative, const { at("__neg__") })? {
            return Ok(flow);
        }
        let v = r.pop();
        let result = vm.unary(Slot::Negative, &v)?;
        r.push(result);
        Ok(Flow::Next)
    }
}

/// `~x`.
pub struct UnaryInvert;
impl Op for UnaryInvert {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        unary_fast(r, vm, |i| Some(!i), |_| None)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let v = r.pop();
        let result = vm.unary(Slot::Invert, &v)?;
        r.push(result);
        Ok(Flow::Next)
    }
}

/// `not x`.
pub struct UnaryNot;
impl Op for UnaryNot {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Flow {
        let Some(truth) = quick_truth::<M>(r.peek(0)) else {
            return Flow::Slow;
        };
        let v = r.swap(0, V::<M>::bool(!truth));
        Regs::<M>::drop_easy(v);
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let v = r.pop();
        let truth = vm.is_true(&v)?;
        r.push(V::<M>::bool(!truth));
        Ok(Flow::Next)
    }
}

/// `a ** b`.
pub struct BinaryPower;
impl Op for BinaryPower {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        let square_or_cube = |a: i64, b| match b {
            2 => a.checked_mul(a),
            3 => a.checked_mul(a)?.checked_mul(a),
            _ => None,
        };
        arith_fast(r, vm, square_or_cube, |_, _| None)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        arith_full(r, vm, BinaryOp::Power, false)
    }
}

/// `a * b`.
pub struct BinaryMultiply;
impl Op for BinaryMultiply {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        arith_mixed_fast(r, vm, i64::checked_mul, |a, b| Some(a * b))
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        arith_full(r, vm, BinaryOp::Multiply, false)
    }
}

/// `a @ b`.
pub struct BinaryMatrixMultiply;
impl Op for BinaryMatrixMultiply {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        arith_full(r, vm, BinaryOp::MatrixMultiply, false)
    }
}

/// `a % b`.
pub struct BinaryModulo;
impl Op for BinaryModulo {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        arith_fast(r, vm, floor_mod, |_, _| None)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        arith_full(r, vm, BinaryOp::Remainder, false)
    }
}

/// `a + b`.
pub struct BinaryAdd;
impl Op for BinaryAdd {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        arith_mixed_fast(r, vm, i64::checked_add, |a, b| Some(a + b))
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        add_full(r, vm, false)
    }
}

/// `a - b`.
pub struct BinarySubtract;
impl Op for BinarySubtract {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        arith_mixed_fast(r, vm, i64::checked_sub, |a, b| Some(a - b))
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        arith_full(r, vm, BinaryOp::Subtract, false)
    }
}

/// `a // b`.
pub struct BinaryFloorDivide;
impl Op for BinaryFloorDivide {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        arith_fast(r, vm, floor_div, |_, _| None)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        arith_full(r, vm, BinaryOp::FloorDivide, false)
    }
}

/// `a / b`.
pub struct BinaryTrueDivide;
impl Op for BinaryTrueDivide {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        let divide = |a, b| if b != 0.0 { Some(a / b) } else { None };
        match arith_mixed_fast(r, vm, |_, _| None, divide) {
            Flow::Slow => {}
            flow => return flow,
        }
        match (r.peek(1).small_int(), r.peek(0).small_int()) {
            (Some(x), Some(y)) => match (exact_f64(x), exact_f64(y)) {
                (Some(x), Some(y)) => replace_by_float(r, vm, divide(x, y)),
                _ => Flow::Slow,
            },
            _ => Flow::Slow,
        }
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        arith_full(r, vm, BinaryOp::TrueDivide, false)
    }
}

/// `a << b`.
pub struct BinaryLshift;
impl Op for BinaryLshift {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        let shift = |a: i64, b| {
            let shifted = a.wrapping_shl(b as u32);
            ((0..64).contains(&b) && shifted >> b == a).then_some(shifted)
        };
        arith_fast(r, vm, shift, |_, _| None)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        arith_full(r, vm, BinaryOp::Lshift, false)
    }
}

/// `a >> b`.
pub struct BinaryRshift;
impl Op for BinaryRshift {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        arith_fast(
            r,
            vm,
            |a, b| (0..64).contains(&b).then(|| a >> b),
            |_, _| None,
        )
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        arith_full(r, vm, BinaryOp::Rshift, false)
    }
}

/// `a & b`.
pub struct BinaryAnd;
impl Op for BinaryAnd {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        arith_fast(r, vm, |a, b| Some(a & b), |_, _| None)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        arith_full(r, vm, BinaryOp::And, false)
    }
}

/// `a ^ b`.
pub struct BinaryXor;
impl Op for BinaryXor {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        arith_fast(r, vm, |a, b| Some(a ^ b), |_, _| None)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        arith_full(r, vm, BinaryOp::Xor, false)
    }
}

/// `a | b`.
pub struct BinaryOr;
impl Op for BinaryOr {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        arith_fast(r, vm, |a, b| Some(a | b), |_, _| None)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        arith_full(r, vm, BinaryOp::Or, false)
    }
}

/// `a **= b`.
pub struct InplacePower;
impl Op for InplacePower {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        BinaryPower::fast::<M, E>(r, vm, x)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        arith_full(r, vm, BinaryOp::Power, true)
    }
}

/// `a *= b`.
pub struct InplaceMultiply;
impl Op for InplaceMultiply {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        BinaryMultiply::fast::<M, E>(r, vm, x)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        arith_full(r, vm, BinaryOp::Multiply, true)
    }
}

/// `a @= b`.
pub struct InplaceMatrixMultiply;
impl Op for InplaceMatrixMultiply {
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        arith_full(r, vm, BinaryOp::MatrixMultiply, true)
    }
}

/// `a %= b`.
pub struct InplaceModulo;
impl Op for InplaceModulo {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        BinaryModulo::fast::<M, E>(r, vm, x)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        arith_full(r, vm, BinaryOp::Remainder, true)
    }
}

/// `a += b`.
pub struct InplaceAdd;
impl Op for InplaceAdd {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        BinaryAdd::fast::<M, E>(r, vm, x)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        add_full(r, vm, true)
    }
}

/// `a -= b`.
pub struct InplaceSubtract;
impl Op for InplaceSubtract {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        BinarySubtract::fast::<M, E>(r, vm, x)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        arith_full(r, vm, BinaryOp::Subtract, true)
    }
}

/// `a //= b`.
pub struct InplaceFloorDivide;
impl Op for InplaceFloorDivide {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        BinaryFloorDivide::fast::<M, E>(r, vm, x)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        arith_full(r, vm, BinaryOp::FloorDivide, true)
    }
}

/// `a /= b`.
pub struct InplaceTrueDivide;
impl Op for InplaceTrueDivide {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        BinaryTrueDivide::fast::<M, E>(r, vm, x)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        arith_full(r, vm, BinaryOp::TrueDivide, true)
    }
}

/// `a <<= b`.
pub struct InplaceLshift;
impl Op for InplaceLshift {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        BinaryLshift::fast::<M, E>(r, vm, x)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        arith_full(r, vm, BinaryOp::Lshift, true)
    }
}

/// `a >>= b`.
pub struct InplaceRshift;
impl Op for InplaceRshift {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        BinaryRshift::fast::<M, E>(r, vm, x)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        arith_full(r, vm, BinaryOp::Rshift, true)
    }
}

/// `a &= b`.
pub struct InplaceAnd;
impl Op for InplaceAnd {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        BinaryAnd::fast::<M, E>(r, vm, x)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        arith_full(r, vm, BinaryOp::And, true)
    }
}

/// `a ^= b`.
pub struct InplaceXor;
impl Op for InplaceXor {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        BinaryXor::fast::<M, E>(r, vm, x)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        arith_full(r, vm, BinaryOp::Xor, true)
    }
}

/// `a |= b`.
pub struct InplaceOr;
impl Op for InplaceOr {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        BinaryOr::fast::<M, E>(r, vm, x)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        arith_full(r, vm, BinaryOp::Or, true)
    }
}

fn arith_full<M: ObjectModel>(
    r: &mut Regs<M>,
    vm: &mut Vm<M>,
    op: BinaryOp,
    inplace: bool,
) -> Res<Flow> {
    if let Some(flow) = vm.enter_binary(r, op, inplace)? {
        return Ok(flow);
    }
    let (b, a) = (r.pop(), r.pop());
    let result = match vm.int_operation(op, &a, &b) {
        Some(result) => result?,
        None => match vm.mixed_float(op, &a, &b) {
            Some(f) => vm.new_float(f),
            None if inplace => vm.inplace(op, &a, &b)?,
            None => vm.binary(op, &a, &b)?,
        },
    };
    r.push(result);
    Ok(Flow::Next)
}

/// An integer in place, or a float.
#[inline(always)]
fn unary_fast<M: ObjectModel>(
    r: &mut Regs<M>,
    vm: &mut Vm<M>,
    int: impl Fn(i64) -> Option<i64>,
    float: impl Fn(f64) -> Option<f64>,
) -> Flow {
    let v = r.peek(0);
    let result = match v.small_int() {
        Some(i) => int(i).and_then(|n| vm.try_int(n)),
        None => v
            .exact_float()
            .and_then(float)
            .and_then(|f| vm.try_alloc(|| f)),
    };
    let Some(result) = result else {
        return Flow::Slow;
    };
    let old = r.swap(0, result);
    Regs::<M>::drop_easy(old);
    Flow::Next
}

/// The float equal to an integer, if it is not too large for that to be certain.
#[inline(always)]
fn exact_f64(i: i64) -> Option<f64> {
    (-(1 << 53)..=1 << 53).contains(&i).then_some(i as f64)
}

/// Replaces two numbers by a float.
#[inline(always)]
fn replace_by_float<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, result: Option<f64>) -> Flow {
    let Some(f) = result else {
        return Flow::Slow;
    };
    let Some(result) = vm.try_alloc(|| f) else {
        return Flow::Slow;
    };
    let b = r.pop();
    Regs::<M>::drop_easy(b);
    let a = r.swap(0, result);
    Regs::<M>::drop_easy(a);
    Flow::Next
}

/// As [`arith_fast`], and an integer with a float.
#[inline(always)]
fn arith_mixed_fast<M: ObjectModel>(
    r: &mut Regs<M>,
    vm: &mut Vm<M>,
    ints: impl Fn(i64, i64) -> Option<i64>,
    floats: impl Fn(f64, f64) -> Option<f64>,
) -> Flow {
    match arith_fast(r, vm, ints, &floats) {
        Flow::Slow => {}
        flow => return flow,
    }
    let (a, b) = (r.peek(1), r.peek(0));
    let (x, y) = match (a.small_int(), b.small_int()) {
        (Some(x), None) => (exact_f64(x), b.exact_float()),
        (None, Some(y)) => (a.exact_float(), exact_f64(y)),
        _ => return Flow::Slow,
    };
    match (x, y) {
        (Some(x), Some(y)) => {
            let result = floats(x, y);
            replace_by_float(r, vm, result)
        }
        _ => Flow::Slow,
    }
}

/// `+` and `+=`: string concatenation may extend a left operand that nobody else holds.
fn add_full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, inplace: bool) -> Res<Flow> {
    if let Some(joined) = vm.concat_str(r.peek(1), r.peek(0)) {
        drop(r.pop());
        drop(r.swap(0, joined));
        return Ok(Flow::Next);
    }
    arith_full(r, vm, BinaryOp::Add, inplace)
}

/// Both operands integers, or both floats; `None` from an operation leaves it to the full part.
#[inline(always)]
fn arith_fast<M: ObjectModel>(
    r: &mut Regs<M>,
    vm: &mut Vm<M>,
    ints: impl Fn(i64, i64) -> Option<i64>,
    floats: impl Fn(f64, f64) -> Option<f64>,
) -> Flow {
    let (a, b) = (r.peek(1), r.peek(0));
    if let (Some(x), Some(y)) = (a.small_int(), b.small_int()) {
        let Some(result) = ints(x, y).and_then(|z| vm.try_int(z)) else {
            return Flow::Slow;
        };
        if <V<M> as Value>::TAGGED {
            r.forget(1);
            r.overwrite(0, result);
        } else {
            let b = r.pop();
            Regs::<M>::drop_easy(b);
            let a = r.swap(0, result);
            Regs::<M>::drop_easy(a);
        }
        return Flow::Next;
    }
    if let (Some(x), Some(y)) = (a.exact_float(), b.exact_float())
        && let Some(z) = floats(x, y)
        && let Some(result) = vm.try_float_over(a, b, z)
    {
        r.forget(1);
        r.overwrite(0, result);
        return Flow::Next;
    }
    Flow::Slow
}

/// `a // b` rounding down; `None` for zero and overflow.
#[inline(always)]
fn floor_div(a: i64, b: i64) -> Option<i64> {
    if b == 0 {
        return None;
    }
    let q = a.checked_div(b)?;
    Some(if (a % b != 0) && ((a < 0) != (b < 0)) {
        q - 1
    } else {
        q
    })
}

/// `a % b` with the sign of `b`; `None` for zero.
#[inline(always)]
fn floor_mod(a: i64, b: i64) -> Option<i64> {
    if b == 0 {
        return None;
    }
    let m = a.checked_rem(b)?;
    Some(if m != 0 && ((m < 0) != (b < 0)) {
        m + b
    } else {
        m
    })
}
