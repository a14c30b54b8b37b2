//! What `list` and `tuple` share: subscripts and slices, comparison, search, repr.
//!
//! An item is always copied out before the machine is called, since `__eq__`
//! or `__repr__` may change the list that is being looked at.

use crate::Vm;
use crate::machine::errors::Exc;
use crate::number::range_math::{SliceIndices, slice_indices, subscript};
use crate::object::{Args, CompareOp, ObjectModel, Res, V, Value};
use crate::types::certain::{certain_eq, certain_order};
use crate::types::list::List;
use crate::types::slice::Slice;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use rustpython_wtf8::Wtf8Buf;

/// The three parts of a slice as integers clipped to 64 bits; `None` for None.
/// Taken before the sequence's length, which `__index__` may change.
pub struct SliceParts(Option<i64>, Option<i64>, Option<i64>);

impl SliceParts {
    /// What the slice selects of a sequence of `len` elements. The step is known not to be zero.
    pub fn of(&self, len: usize) -> SliceIndices {
        slice_indices(self.0, self.1, self.2, len).unwrap_or(SliceIndices {
            start: 0,
            stop: 0,
            step: 1,
            count: 0,
        })
    }
}

impl<M: ObjectModel> Vm<M> {
    /// Evaluates the parts of a slice object. TypeError for what is no index, ValueError for a zero step.
    pub fn slice_parts(&mut self, slice: &Slice<M>) -> Res<SliceParts> {
        let step = self.slice_part(&slice.step)?;
        if step == Some(0) {
            return Err(self.raise_value_error("slice step cannot be zero"));
        }
        let start = self.slice_part(&slice.start)?;
        let stop = self.slice_part(&slice.stop)?;
        Ok(SliceParts(start, stop, step))
    }

    /// One part of a slice, or a `start`/`stop` argument: None, or an index clipped to 64 bits.
    pub fn slice_part(&mut self, v: &V<M>) -> Res<Option<i64>> {
        if v.is_none() {
            return Ok(None);
        }
        if let Some(i) = v.small_int() {
            return Ok(Some(i));
        }
        if !self.has_index(v) {
            return Err(self.raise_type_error(
                "slice indices must be integers or None or have an __index__ method",
            ));
        }
        self.index_clipped(v).map(Some)
    }

    /// A subscript of a sequence of `len` elements: negative ones count from the end. `what` names
    /// the sequence in `"{what} indices must be integers or slices, not str"`; `None`: out of range.
    pub fn sequence_index(&mut self, what: &str, key: &V<M>) -> Res<i64> {
        if let Some(i) = key.small_int() {
            return Ok(i);
        }
        if !self.has_index(key) {
            let m = format!(
                "{what} indices must be integers or slices, not {}",
                self.type_name(key)
            );
            return Err(self.raise_type_error(m));
        }
        Ok(self.index_as_isize(key, Exc::IndexError)? as i64)
    }

    /// An argument that must be a machine-sized integer (format unit `n`).
    pub fn ssize_argument(&mut self, v: &V<M>) -> Res<i64> {
        if v.as_float().is_some() {
            return Err(self.raise_type_error("integer argument expected, got float"));
        }
        let i = self.index(v)?;
        match i.as_int().and_then(|i| i.to_i64()) {
            Some(i) => Ok(i),
            None => Err(self.raise(
                Exc::OverflowError,
                "Python int too large to convert to C ssize_t",
            )),
        }
    }
}

/// The item at an index that may be out of range. Lists and tuples only.
#[inline]
pub fn item<M: ObjectModel>(v: &V<M>, index: usize) -> Option<V<M>> {
    if let Some(l) = v.get::<List<M>>() {
        return l.items.borrow().get(index).cloned();
    }
    v.get::<Tuple<M>>()?.items.get(index).cloned()
}

/// The length of a list or tuple; 0 for other values.
pub fn length<M: ObjectModel>(v: &V<M>) -> usize {
    match v.get::<List<M>>() {
        Some(l) => l.items.borrow().len(),
        None => v.get::<Tuple<M>>().map_or(0, |t| t.items.len()),
    }
}

/// The index of the first item at or after `start` (before `stop`) that equals `wanted`.
pub fn find<M: ObjectModel>(
    vm: &mut Vm<M>,
    v: &V<M>,
    wanted: &V<M>,
    start: usize,
    stop: usize,
) -> Res<Option<usize>> {
    let mut i = start;
    while i < stop {
        let Some(x) = item::<M>(v, i) else { break };
        let eq = match certain_eq::<M>(&x, wanted) {
            Some(eq) => eq,
            None => vm.holding(|vm| vm.is_equal(&x, wanted))?,
        };
        if eq {
            return Ok(Some(i));
        }
        i += 1;
    }
    Ok(None)
}

/// `wanted in v`: the wanted value is the left operand of each comparison.
pub fn contains<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, wanted: &V<M>) -> Res<bool> {
    let mut i = 0;
    while let Some(x) = item::<M>(v, i) {
        let eq = match certain_eq::<M>(wanted, &x) {
            Some(eq) => eq,
            None => vm.holding(|vm| vm.is_equal(wanted, &x))?,
        };
        if eq {
            return Ok(true);
        }
        i += 1;
    }
    Ok(false)
}

/// `count(wanted)`.
pub fn count<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, wanted: &V<M>) -> Res<V<M>> {
    let (mut i, mut n) = (0, 0);
    while let Some(at) = find(vm, v, wanted, i, usize::MAX)? {
        n += 1;
        i = at + 1;
    }
    Ok(vm.new_usize(n))
}

/// `index(wanted, start, stop)`; `missing` words the ValueError.
pub fn index<M: ObjectModel>(
    vm: &mut Vm<M>,
    args: Args<'_, M>,
    missing: impl FnOnce(&mut Vm<M>, &V<M>) -> Res<String>,
) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let a = rest.between(vm, "index", 1, 3)?;
    let bound = |vm: &mut Vm<M>, i: usize, default: i64| -> Res<i64> {
        match a.get(i) {
            None => Ok(default),
            Some(v) if v.is_none() => Err(vm.raise_type_error(
                "slice indices must be integers or None or have an __index__ method",
            )),
            Some(v) => Ok(vm.slice_part(v)?.unwrap_or(default)),
        }
    };
    let start = bound(vm, 1, 0)?;
    let stop = bound(vm, 2, i64::MAX)?;
    let len = length::<M>(slf) as i64;
    let clip = |i: i64| if i < 0 { (i + len).max(0) } else { i } as usize;
    match find(vm, slf, &a[0], clip(start), clip(stop))? {
        Some(i) => Ok(vm.new_usize(i)),
        None => {
            let m = missing(vm, &a[0])?;
            Err(vm.raise_value_error(m))
        }
    }
}

/// Lexicographic comparison of two lists or two tuples.
pub fn compare<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>, op: CompareOp) -> Res<V<M>> {
    let lengths_differ = length::<M>(a) != length::<M>(b);
    match op {
        CompareOp::Eq if lengths_differ => return Ok(V::<M>::bool(false)),
        CompareOp::Ne if lengths_differ => return Ok(V::<M>::bool(true)),
        _ => {}
    }
    let mut i = 0;
    while let (Some(x), Some(y)) = (item::<M>(a, i), item::<M>(b, i)) {
        i += 1;
        let eq = match certain_eq::<M>(&x, &y) {
            Some(eq) => eq,
            None => vm.holding(|vm| vm.is_equal(&x, &y))?,
        };
        if eq {
            continue;
        }
        return match op {
            CompareOp::Eq => Ok(V::<M>::bool(false)),
            CompareOp::Ne => Ok(V::<M>::bool(true)),
            _ => match certain_order::<M>(&x, &y) {
                Some(order) => Ok(V::<M>::bool(op.holds(order))),
                None => vm.holding(|vm| vm.compare(op, &x, &y)),
            },
        };
    }
    let order = length::<M>(a).cmp(&length::<M>(b));
    Ok(V::<M>::bool(op.holds(order)))
}

/// Appends `repr(v)` to a text.
pub fn push_repr<M: ObjectModel>(vm: &mut Vm<M>, out: &mut Wtf8Buf, v: &V<M>) -> Res<()> {
    if let Some(i) = v.small_int() {
        out.push_str(&i.to_string());
        return Ok(());
    }
    let r = vm.holding(|vm| vm.repr(v))?;
    if let Some(s) = r.get::<Str>() {
        out.push_wtf8(s.text());
    }
    Ok(())
}

/// Runs `make` unless the repr of `v` is being made already, which gives `recursive`.
pub fn guarded_repr<M: ObjectModel>(
    vm: &mut Vm<M>,
    v: &V<M>,
    recursive: &str,
    make: impl FnOnce(&mut Vm<M>) -> Res<V<M>>,
) -> Res<V<M>> {
    if vm.repr_guard.contains(&v.bits()) {
        return Ok(vm.new_str(recursive));
    }
    vm.repr_guard.push(v.bits());
    let r = make(vm);
    vm.repr_guard.pop();
    r
}

/// `open`, the items' reprs with commas between, `close`.
pub fn repr_items<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, open: &str, close: &str) -> Res<V<M>> {
    let mut out = Wtf8Buf::from_string(open.to_owned());
    let mut i = 0;
    while let Some(x) = item::<M>(v, i) {
        if i > 0 {
            out.push_str(", ");
        }
        push_repr(vm, &mut out, &x)?;
        i += 1;
    }
    out.push_str(close);
    Ok(vm.new_text(out))
}

/// Items copied `n` times; MemoryError where that cannot be.
pub fn repeated<M: ObjectModel>(vm: &mut Vm<M>, items: &[V<M>], n: isize) -> Res<Vec<V<M>>> {
    let n = n.max(0) as usize;
    let mut out: Vec<V<M>> = Vec::new();
    let room = items.len().checked_mul(n);
    if room.is_none_or(|room| out.try_reserve_exact(room).is_err()) {
        return Err(vm.raise_with(Exc::MemoryError, Vec::new()));
    }
    match items {
        [] => {}
        [one] => out.resize(n, one.clone()),
        _ => {
            for _ in 0..n {
                out.extend_from_slice(items);
            }
        }
    }
    Ok(out)
}

/// A subscript within `len`.
#[inline]
pub fn position(i: i64, len: usize) -> Option<usize> {
    subscript(i, len)
}
