//! Comparisons, identity, membership, exception matching.

use super::Op;
use crate::Vm;
use crate::dispatch::{Encoding, Flow};
use crate::instr::Operands;
use crate::machine::regs::Regs;
use crate::object::CompareOp;
use crate::object::{ObjectModel, Res, V, Value};
use crate::types::certain::certain_eq;
use crate::types::class::Type;
use crate::types::dict::Dict;
use crate::types::set::Set;
use crate::types::str::Str;
use crate::types::table::Table;
use crate::types::tuple::Tuple;

/// `a < b`.
pub struct CompareLt;
impl Op for CompareLt {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        order_fast(r, vm, |a, b| a < b, |a, b| a < b)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        compare_full(r, vm, CompareOp::Lt)
    }
}

/// `a <= b`.
pub struct CompareLe;
impl Op for CompareLe {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        order_fast(r, vm, |a, b| a <= b, |a, b| a <= b)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        compare_full(r, vm, CompareOp::Le)
    }
}

/// `a == b`.
pub struct CompareEq;
impl Op for CompareEq {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        equal_fast(r, vm, true, |a, b| a == b, |a, b| a == b)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        compare_full(r, vm, CompareOp::Eq)
    }
}

/// `a != b`.
pub struct CompareNe;
impl Op for CompareNe {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        equal_fast(r, vm, false, |a, b| a != b, |a, b| a != b)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        compare_full(r, vm, CompareOp::Ne)
    }
}

/// `a > b`.
pub struct CompareGt;
impl Op for CompareGt {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        order_fast(r, vm, |a, b| a > b, |a, b| a > b)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        compare_full(r, vm, CompareOp::Gt)
    }
}

/// `a >= b`.
pub struct CompareGe;
impl Op for CompareGe {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Flow {
        order_fast(r, vm, |a, b| a >= b, |a, b| a >= b)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        compare_full(r, vm, CompareOp::Ge)
    }
}

/// `a is b`.
pub struct CompareIs;
impl Op for CompareIs {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Flow {
        identity(r, |same| same)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let (b, a) = (r.pop(), r.pop());
        r.push(V::<M>::bool(a.is(&b)));
        Ok(Flow::Next)
    }
}

/// `a is not b`.
pub struct CompareIsNot;
impl Op for CompareIsNot {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Flow {
        identity(r, |same| !same)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let (b, a) = (r.pop(), r.pop());
        r.push(V::<M>::bool(!a.is(&b)));
        Ok(Flow::Next)
    }
}

/// `a in b`.
pub struct CompareIn;
impl Op for CompareIn {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Flow {
        contains_fast(r, true)
    }
    #[inline(always)]
    fn warm<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Flow {
        contains_warm(r, true)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let (b, a) = (r.pop(), r.pop());
        let found = contains(vm, &b, &a)?;
        r.push(V::<M>::bool(found));
        Ok(Flow::Next)
    }
}

/// `a not in b`.
pub struct CompareNotIn;
impl Op for CompareNotIn {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Flow {
        contains_fast(r, false)
    }
    #[inline(always)]
    fn warm<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Flow {
        contains_warm(r, false)
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let (b, a) = (r.pop(), r.pop());
        let found = contains(vm, &b, &a)?;
        r.push(V::<M>::bool(!found));
        Ok(Flow::Next)
    }
}

/// `except b`.
pub struct CompareExceptionMatch;
impl Op for CompareExceptionMatch {
    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, _: &mut Vm<M>, _: Operands) -> Flow {
        // The class of what was raised, and no tuple.
        let (a, b) = (r.peek(1), r.peek(0));
        if !a.is(b) || a.get::<Type<M>>().is_none() || !a.is_easy_twice() {
            return Flow::Slow;
        }
        let b = r.pop();
        Regs::<M>::drop_easy(b);
        let a = r.swap(0, V::<M>::bool(true));
        Regs::<M>::drop_easy(a);
        Flow::Next
    }
    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, _: Operands) -> Res<Flow> {
        let (b, a) = (r.pop(), r.pop());
        let matches = vm.exception_matches(&a, &b)?;
        r.push(V::<M>::bool(matches));
        Ok(Flow::Next)
    }
}

fn compare_full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, op: CompareOp) -> Res<Flow> {
    if let Some(flow) = vm.enter_compare(r, op)? {
        return Ok(flow);
    }
    let (b, a) = (r.pop(), r.pop());
    let result = match (a.small_int(), b.small_int()) {
        (Some(x), Some(y)) => V::<M>::bool(op.holds(x.cmp(&y))),
        _ => match (a.get_exact::<Str>(), b.get_exact::<Str>()) {
            // WTF-8 orders as code points do.
            (Some(x), Some(y)) => V::<M>::bool(op.holds(x.text_bytes().cmp(y.text_bytes()))),
            _ => match certain_eq::<M>(&a, &b) {
                // A NaN is not equal to itself.
                Some(equal) if op == CompareOp::Eq && !a.is(&b) => V::<M>::bool(equal),
                Some(equal) if op == CompareOp::Ne && !a.is(&b) => V::<M>::bool(!equal),
                _ => vm.compare(op, &a, &b)?,
            },
        },
    };
    r.push(result);
    Ok(Flow::Next)
}

#[inline(always)]
fn compare_fast<M: ObjectModel>(
    r: &mut Regs<M>,
    _: &mut Vm<M>,
    ints: impl Fn(i64, i64) -> bool,
    floats: impl Fn(f64, f64) -> bool,
) -> Flow {
    let (a, b) = (r.peek(1), r.peek(0));
    if <V<M> as Value>::TAGGED {
        let (x, y) = (a.bits(), b.bits());
        if x & y & 1 != 0 {
            // Shifting keeps the order, so tagged words compare as their integers.
            let result = ints(x as i64, y as i64);
            r.forget(1);
            r.overwrite(0, V::<M>::bool(result));
            return Flow::Next;
        }
    } else if let (Some(x), Some(y)) = (a.small_int(), b.small_int()) {
        let result = ints(x, y);
        replace_two_leaves(r, V::<M>::bool(result));
        return Flow::Next;
    }
    if let (Some(x), Some(y)) = (a.exact_float(), b.exact_float()) {
        let result = floats(x, y);
        replace_two_leaves(r, V::<M>::bool(result));
        return Flow::Next;
    }
    Flow::Slow
}

/// `<` and its kin: as [`compare_fast`], and strings whose first characters tell.
#[inline(always)]
fn order_fast<M: ObjectModel>(
    r: &mut Regs<M>,
    vm: &mut Vm<M>,
    ints: impl Fn(i64, i64) -> bool,
    floats: impl Fn(f64, f64) -> bool,
) -> Flow {
    match compare_fast(r, vm, &ints, floats) {
        Flow::Slow => {}
        flow => return flow,
    }
    let (a, b) = (r.peek(1), r.peek(0));
    let (Some(x), Some(y)) = (a.get_exact::<Str>(), b.get_exact::<Str>()) else {
        return Flow::Slow;
    };
    let Some(order) = x.quick_order(y) else {
        return Flow::Slow;
    };
    if a.is(b) && !a.is_easy_twice() || !a.is_easy() || !b.is_easy() {
        return Flow::Slow;
    }
    replace_two_leaves(r, V::<M>::bool(ints(order as i64, 0)));
    Flow::Next
}

/// `==` and `!=`: as [`compare_fast`], and short strings.
#[inline(always)]
fn equal_fast<M: ObjectModel>(
    r: &mut Regs<M>,
    vm: &mut Vm<M>,
    when_equal: bool,
    ints: impl Fn(i64, i64) -> bool,
    floats: impl Fn(f64, f64) -> bool,
) -> Flow {
    match compare_fast(r, vm, ints, floats) {
        Flow::Slow => {}
        flow => return flow,
    }
    let (a, b) = (r.peek(1), r.peek(0));
    let (Some(x), Some(y)) = (a.get_exact::<Str>(), b.get_exact::<Str>()) else {
        return Flow::Slow;
    };
    let is_same = a.is(b);
    if is_same && !a.is_easy_twice() || !a.is_easy() || !b.is_easy() {
        return Flow::Slow;
    }
    let equal = match is_same {
        true => true,
        false => match x.quick_eq(y) {
            Some(equal) => equal,
            None => return Flow::Slow,
        },
    };
    replace_two_leaves(r, V::<M>::bool(equal == when_equal));
    Flow::Next
}

/// Replaces the top two values, which are leaves or immediates and so easy to drop, by an immediate.
#[inline(always)]
fn replace_two_leaves<M: ObjectModel>(r: &mut Regs<M>, v: V<M>) {
    let b = r.pop();
    Regs::<M>::drop_easy(b);
    let a = r.swap(0, v);
    Regs::<M>::drop_easy(a);
}

/// [`Vm::contains`] with a short way for strings and small ints in dicts and sets.
#[inline]
fn contains<M: ObjectModel>(vm: &mut Vm<M>, container: &V<M>, item: &V<M>) -> Res<bool> {
    if let Some(hash) = Table::<M>::quick_hash(item) {
        if let Some(d) = container.get_exact::<Dict<M>>() {
            return Ok(d.table.find(vm, item, hash)?.is_some());
        }
        if let Some(s) = container.get_exact::<Set<M>>() {
            return Ok(s.table.find(vm, item, hash)?.is_some());
        }
    }
    vm.contains(container, item)
}

/// `a in b` for a character in a short string, and a short string or small int in a tuple of such.
#[inline(always)]
fn contains_fast<M: ObjectModel>(r: &mut Regs<M>, when_found: bool) -> Flow {
    let (a, b) = (r.peek(1), r.peek(0));
    if a.is(b) || !a.is_easy() || !b.is_easy() {
        return Flow::Slow;
    }
    let found = if let Some(s) = b.get_exact::<Str>() {
        a.get_exact::<Str>().and_then(|item| quick_part(item, s))
    } else if let Some(t) = b.get_exact::<Tuple<M>>() {
        quick_item::<M>(t.items.as_slice(), a)
    } else {
        None
    };
    let Some(found) = found else {
        return Flow::Slow;
    };
    replace_two_leaves(r, V::<M>::bool(found == when_found));
    Flow::Next
}

/// `a in b` for strings and small ints in dicts and sets.
#[inline(always)]
fn contains_warm<M: ObjectModel>(r: &mut Regs<M>, when_found: bool) -> Flow {
    let (a, b) = (r.peek(1), r.peek(0));
    if a.is(b) || !a.is_easy() || !b.is_easy() {
        return Flow::Slow;
    }
    let table = match b.get_exact::<Dict<M>>() {
        Some(d) => Some(&d.table),
        None => b.get_exact::<Set<M>>().map(|s| &s.table),
    };
    let Some(found) = table.and_then(|table| table.quick_contains(a)) else {
        return Flow::Slow;
    };
    replace_two_leaves(r, V::<M>::bool(found == when_found));
    Flow::Next
}

/// Whether an ASCII character is part of a short text.
#[inline(always)]
fn quick_part(item: &Str, text: &Str) -> Option<bool> {
    const MAX: usize = 16;
    let (&[byte], bytes) = (item.text_bytes(), text.text_bytes()) else {
        return None;
    };
    if bytes.len() > MAX {
        return None;
    }
    for &b in bytes {
        if b == byte {
            return Some(true);
        }
    }
    Some(false)
}

#[inline(always)]
fn quick_item<M: ObjectModel>(items: &[V<M>], wanted: &V<M>) -> Option<bool> {
    for item in items {
        if item.is(wanted) {
            return Some(true);
        }
        let equal = match (item.get_exact::<Str>(), wanted.get_exact::<Str>()) {
            (Some(x), Some(y)) => x.quick_eq(y)?,
            (None, None) => item.small_int()? == wanted.small_int()?,
            _ => return None,
        };
        if equal {
            return Some(true);
        }
    }
    Some(false)
}

#[inline(always)]
fn identity<M: ObjectModel>(r: &mut Regs<M>, result: impl Fn(bool) -> bool) -> Flow {
    let (a, b) = (r.peek(1), r.peek(0));
    if !a.is_easy() || !b.is_easy() || a.is_ptr() && a.is(b) {
        return Flow::Slow;
    }
    let v = V::<M>::bool(result(a.is(b)));
    replace_two_leaves(r, v);
    Flow::Next
}
