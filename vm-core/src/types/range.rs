//! `range`: an arithmetic progression; a second body holds the bounds that do not fit 64 bits.
//!
//! A [`Range`]'s numbers lie within ±2^62, so its length and every sum of a
//! member and the step fit 64 bits and iteration needs no checks. Both bodies
//! belong to the one class (CPython `Objects/rangeobject.c`).

mod iterators;
mod methods;
mod progression;

use crate::Vm;
use crate::object::{
    Args, ClassId, CompareOp, IntRef, Kind, ObjectModel, Res, Tag, Trace, V, Value, Visitor,
};
use num_bigint::BigInt;
use progression::Progression;
use std::cell::Cell;

/// Body of a `range` whose bounds, step and length fit 63 bits.
pub struct Range {
    /// First value.
    pub start: i64,
    /// Bound, not included.
    pub stop: i64,
    /// Step, not zero.
    pub step: i64,
}

/// Body of a `range` of big integers.
pub struct BigRange<M: ObjectModel> {
    /// First value, an int.
    pub start: V<M>,
    /// Bound, an int.
    pub stop: V<M>,
    /// Step, an int.
    pub step: V<M>,
    /// Number of values, an int.
    pub length: V<M>,
}

impl<M: ObjectModel> Trace<M> for BigRange<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.start);
        visitor.visit(&self.stop);
        visitor.visit(&self.step);
        visitor.visit(&self.length);
    }
}

/// Iterator over a [`Range`].
#[derive(Clone)]
pub struct RangeIterator {
    /// The next value.
    pub next: Cell<i64>,
    /// Distance between values.
    pub step: i64,
    /// Values left.
    pub left: Cell<u64>,
}

/// Bound of a [`Range`]'s numbers, not included.
const SMALL: i64 = 1 << 62;

impl Range {
    /// Number of values.
    #[inline]
    pub fn len(&self) -> usize {
        crate::number::range_math::len_i64(self.start, self.stop, self.step) as usize
    }

    /// An iterator over it.
    #[inline(always)]
    pub fn iterator(&self) -> RangeIterator {
        RangeIterator {
            next: Cell::new(self.start),
            step: self.step,
            left: Cell::new(self.len() as u64),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<M: ObjectModel> Vm<M> {
    /// A `range` from three ints, the step not zero.
    pub fn new_range(&mut self, start: IntRef<'_>, stop: IntRef<'_>, step: IntRef<'_>) -> V<M> {
        let small = |i: IntRef<'_>| i.to_i64().filter(|i| (-SMALL + 1..SMALL).contains(i));
        if let (Some(start), Some(stop), Some(step)) = (small(start), small(stop), small(step)) {
            return self.alloc(Range { start, stop, step });
        }
        let length =
            crate::number::range_math::len(&start.to_big(), &stop.to_big(), &step.to_big());
        let body = BigRange {
            start: self.new_int_from(start),
            stop: self.new_int_from(stop),
            step: self.new_int_from(step),
            length: self.new_big(length),
        };
        let tag = Tag::new(ClassId(Kind::Range as u32), Kind::BigRange, false);
        self.alloc_tagged(tag, body)
    }

    fn range_of(&mut self, p: &Progression) -> V<M> {
        self.new_range(
            IntRef::Big(&p.start),
            IntRef::Big(&p.stop),
            IntRef::Big(&p.step),
        )
    }
}

/// A range of either body with big integers.
fn progression<W: Value>(v: &W) -> Progression {
    if let Some(r) = v.get::<Range>() {
        return Progression::new(r.start.into(), r.stop.into(), r.step.into());
    }
    let big = |v: &W| v.as_int().map_or_else(BigInt::default, IntRef::to_big);
    match v.get::<BigRange<W::Model>>() {
        Some(r) => Progression::new(big(&r.start), big(&r.stop), big(&r.step)),
        None => Progression::new(0.into(), 0.into(), 1.into()),
    }
}

/// The range of arguments that are exactly ints and small.
#[inline]
fn small_range<M: ObjectModel>(args: &[V<M>]) -> Option<Range> {
    let small = |v: &V<M>| v.small_int().filter(|i| (-SMALL + 1..SMALL).contains(i));
    let (start, stop, step) = match args {
        [stop] => (0, small(stop)?, 1),
        [start, stop] => (small(start)?, small(stop)?, 1),
        [start, stop, step] => (small(start)?, small(stop)?, small(step)?),
        _ => return None,
    };
    (step != 0).then_some(Range { start, stop, step })
}

fn new<M: ObjectModel>(vm: &mut Vm<M>, _: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    if args.kw.is_empty()
        && let Some(range) = small_range::<M>(args.pos)
    {
        return Ok(vm.alloc(range));
    }
    vm.class_takes_no_keywords("range", args)?;
    let (start, stop, step) = match args.pos {
        [stop] => (vm.new_int(0), vm.index(stop)?, vm.new_int(1)),
        [start, stop] => (vm.index(start)?, vm.index(stop)?, vm.new_int(1)),
        [start, stop, step] => (vm.index(start)?, vm.index(stop)?, vm.index(step)?),
        [] => return Err(vm.raise_unpack_arity("range", 0, 1, 1)),
        other => return Err(vm.raise_unpack_arity("range", other.len(), 2, 3)),
    };
    let (Some(start), Some(stop), Some(step)) = (start.as_int(), stop.as_int(), step.as_int())
    else {
        return Ok(V::<M>::none());
    };
    if matches!(step, IntRef::Small(0)) {
        return Err(vm.raise_value_error("range() arg 3 must not be zero"));
    }
    Ok(vm.new_range(start, stop, step))
}

fn repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(vm.new_str(progression(v).repr()))
}

fn length<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<usize> {
    if let Some(r) = v.get::<Range>() {
        return Ok(r.len());
    }
    match i64::try_from(progression(v).len()) {
        Ok(n) => Ok(n as usize),
        Err(_) => Err(vm.raise(
            crate::machine::errors::Exc::OverflowError,
            "Python int too large to convert to C ssize_t",
        )),
    }
}

fn is_true<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<bool> {
    Ok(match v.get::<Range>() {
        Some(r) => !r.is_empty(),
        None => !progression(v).is_empty(),
    })
}

fn hash<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<i64> {
    let p = progression(v);
    let n = p.len();
    let (none, one) = (V::<M>::none, BigInt::from(1));
    let start = if n >= one {
        vm.new_big(p.start)
    } else {
        none()
    };
    let step = if n > one { vm.new_big(p.step) } else { none() };
    let items = [vm.new_big(n), start, step];
    let key = vm.new_tuple(items);
    vm.hash(&key)
}

fn compare<M: ObjectModel>(_: &mut Vm<M>, a: &V<M>, b: &V<M>, op: CompareOp) -> Res<V<M>> {
    let is_range = b.get::<Range>().is_some() || b.get::<BigRange<M>>().is_some();
    if !is_range || !matches!(op, CompareOp::Eq | CompareOp::Ne) {
        return Ok(V::<M>::not_implemented());
    }
    let equal = a.is(b) || progression(a).same_values(&progression(b));
    Ok(V::<M>::bool(equal == (op == CompareOp::Eq)))
}

#[cold]
fn out_of_range<M: ObjectModel>(vm: &mut Vm<M>) -> crate::object::Raised {
    vm.raise_index_error("range object index out of range")
}

fn getitem<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, key: &V<M>) -> Res<V<M>> {
    if let Some(slice) = key.get::<super::slice::Slice<M>>() {
        let p = progression(v);
        let parts = super::slice::big_indices(vm, slice, &p.len())?;
        return Ok(vm.range_of(&p.slice(parts)));
    }
    if !vm.has_index(key) {
        let m = format!(
            "range indices must be integers or slices, not {}",
            vm.type_name(key)
        );
        return Err(vm.raise_type_error(m));
    }
    let key = vm.index(key)?;
    let Some(i) = key.as_int() else {
        return Err(out_of_range(vm));
    };
    if let (Some(r), Some(i)) = (v.get::<Range>(), i.to_i64()) {
        return match crate::number::range_math::subscript(i, r.len()) {
            Some(i) => Ok(vm.new_int(r.start + i as i64 * r.step)),
            None => Err(out_of_range(vm)),
        };
    }
    match progression(v).item(i.to_big()) {
        Some(i) => Ok(vm.new_big(i)),
        None => Err(out_of_range(vm)),
    }
}

/// The index of an `int` in the range.
fn position<W: Value>(v: &W, i: IntRef<'_>) -> Option<BigInt> {
    if let Some(r) = v.get::<Range>() {
        let i = i.to_i64()?;
        return crate::number::range_math::index_i64(r.start, r.stop, r.step, i).map(BigInt::from);
    }
    progression(v).index(&i.to_big())
}

fn contains<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, item: &V<M>) -> Res<bool> {
    if let Some(i) = item.as_int()
        && (item.is_exact_int() || item.kind() == Kind::Bool)
    {
        return Ok(position(v, i).is_some());
    }
    Ok(methods::search(vm, v, item)?.is_some())
}

/// Fills the classes.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    iterators::init(vm);
    let builder = vm.fill_class(Kind::Range).slots(|s| {
        s.new = Some(new::<M>);
        s.repr = Some(repr::<M>);
        s.hash = Some(hash::<M>);
        s.richcompare = Some(compare::<M>);
        s.len = Some(length::<M>);
        s.bool = Some(is_true::<M>);
        s.getitem = Some(getitem::<M>);
        s.contains = Some(contains::<M>);
        s.iter = Some(iterators::iter::<M>);
    });
    methods::add(builder).done();
}
