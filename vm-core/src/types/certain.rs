//! Comparisons whose result is certain without running Python code: of exact `int`, `bool`, `float`,
//! `str`, and tuples of these. Everything else is "ask the slots" (`None`).
//!
//! Hash tables, sorting and the comparisons of sequences try this first.

use crate::object::{ObjectModel, V, Value};
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use std::cmp::Ordering;

/// Nested tuples are followed this deep.
const DEPTH: u32 = 4;

/// The integer of an exact `int` that fits 64 bits, or of a bool.
#[inline(always)]
pub fn plain_int<M: ObjectModel>(v: &V<M>) -> Option<i64> {
    match v.small_int() {
        Some(i) => Some(i),
        None if v.is_true() => Some(1),
        None if v.is_false() => Some(0),
        None => None,
    }
}

/// `a is b or a == b`, if that is certain.
#[inline]
pub fn certain_eq<M: ObjectModel>(a: &V<M>, b: &V<M>) -> Option<bool> {
    if a.is(b) {
        return Some(true);
    }
    if let Some(x) = a.get_exact::<Str>() {
        if let Some(y) = b.get_exact::<Str>() {
            return Some(x.text_bytes() == y.text_bytes());
        }
        return b.small_int().map(|_| false);
    }
    if let (Some(x), Some(y)) = (a.small_int(), b.small_int()) {
        return Some(x == y);
    }
    if let (Some(x), Some(y)) = (a.get_exact::<Tuple<M>>(), b.get_exact::<Tuple<M>>()) {
        let (x, y) = (x.items.as_slice(), y.items.as_slice());
        if x.len() == y.len() && x.iter().zip(y).all(|(p, q)| p.is(q)) {
            return Some(true);
        }
    }
    certain_eq_slow::<M>(a, b, DEPTH)
}

#[inline(never)]
fn certain_eq_slow<M: ObjectModel>(a: &V<M>, b: &V<M>, depth: u32) -> Option<bool> {
    if let (Some(x), Some(y)) = (a.get_exact::<Tuple<M>>(), b.get_exact::<Tuple<M>>()) {
        if x.items.len() != y.items.len() {
            return Some(false);
        }
        if depth == 0 {
            return None;
        }
        for (p, q) in x.items.iter().zip(y.items.iter()) {
            if p.is(q) {
                continue;
            }
            let eq = match (p.get_exact::<Str>(), q.get_exact::<Str>()) {
                (Some(s), Some(t)) => s.text_bytes() == t.text_bytes(),
                _ => match (p.small_int(), q.small_int()) {
                    (Some(i), Some(j)) => i == j,
                    _ => certain_eq_slow::<M>(p, q, depth - 1)?,
                },
            };
            if !eq {
                return Some(false);
            }
        }
        return Some(true);
    }
    if let (Some(x), Some(y)) = (a.exact_float(), b.exact_float()) {
        return Some(x == y);
    }
    if let (Some(x), Some(y)) = (plain_int::<M>(a), plain_int::<M>(b)) {
        return Some(x == y);
    }
    None
}

/// How `a` and `b` are ordered, if that is certain. A NaN makes it uncertain.
#[inline]
pub fn certain_order<M: ObjectModel>(a: &V<M>, b: &V<M>) -> Option<Ordering> {
    if let (Some(x), Some(y)) = (a.small_int(), b.small_int()) {
        return Some(x.cmp(&y));
    }
    certain_order_slow::<M>(a, b, DEPTH)
}

fn certain_order_slow<M: ObjectModel>(a: &V<M>, b: &V<M>, depth: u32) -> Option<Ordering> {
    if let (Some(x), Some(y)) = (a.get_exact::<Str>(), b.get_exact::<Str>()) {
        // WTF-8 bytes are ordered as the code points they stand for.
        return Some(x.text_bytes().cmp(y.text_bytes()));
    }
    if let (Some(x), Some(y)) = (a.exact_float(), b.exact_float()) {
        return x.partial_cmp(&y);
    }
    if let (Some(x), Some(y)) = (plain_int::<M>(a), plain_int::<M>(b)) {
        return Some(x.cmp(&y));
    }
    if depth > 0
        && let (Some(x), Some(y)) = (a.get_exact::<Tuple<M>>(), b.get_exact::<Tuple<M>>())
    {
        for (p, q) in x.items.iter().zip(y.items.iter()) {
            if p.is(q) {
                continue;
            }
            let order = match (p.small_int(), q.small_int()) {
                (Some(i), Some(j)) => i.cmp(&j),
                _ => certain_order_slow::<M>(p, q, depth - 1)?,
            };
            if order.is_ne() {
                return Some(order);
            }
        }
        return Some(x.items.len().cmp(&y.items.len()));
    }
    None
}
