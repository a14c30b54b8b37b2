//! `slice`: three values of any kind; sequences read them as indices.

use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{Args, CompareOp, Kind, ObjectModel, Res, Trace, V, Value, Visitor};
use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};

/// Body of a `slice`.
pub struct Slice<M: ObjectModel> {
    /// Start or None.
    pub start: V<M>,
    /// Stop or None.
    pub stop: V<M>,
    /// Step or None.
    pub step: V<M>,
}

impl<M: ObjectModel> Trace<M> for Slice<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        visitor.visit(&self.start);
        visitor.visit(&self.stop);
        visitor.visit(&self.step);
    }
}

impl<M: ObjectModel> Slice<M> {
    /// The range that the slice selects of `length` elements, start not above stop, if its parts are plain and
    /// it has no step.
    #[inline]
    pub fn quick_range(&self, length: usize) -> Option<(usize, usize)> {
        if !self.step.is_none() {
            return None;
        }
        let place = |part: &V<M>, default: i64| match part.small_int() {
            Some(i) if i < 0 => Some((i + length as i64).max(0)),
            Some(i) => Some(i.min(length as i64)),
            None => part.is_none().then_some(default),
        };
        let start = place(&self.start, 0)?;
        let stop = place(&self.stop, length as i64)?;
        Some((start as usize, start.max(stop) as usize))
    }
}

impl<M: ObjectModel> Vm<M> {
    /// A `slice`; absent parts are None.
    pub fn new_slice(&mut self, start: V<M>, stop: V<M>, step: V<M>) -> V<M> {
        self.alloc(Slice { start, stop, step })
    }

    /// TypeError if a native class that takes no keywords was given some.
    pub fn class_takes_no_keywords(&mut self, name: &str, args: Args<'_, M>) -> Res<()> {
        if args.kw.is_empty() {
            return Ok(());
        }
        Err(self.raise_type_error(format!("{name}() does not take keyword arguments")))
    }
}

fn new<M: ObjectModel>(vm: &mut Vm<M>, _: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    vm.class_takes_no_keywords("slice", args)?;
    let none = V::<M>::none;
    match args.pos {
        [stop] => Ok(vm.new_slice(none(), stop.clone(), none())),
        [start, stop] => Ok(vm.new_slice(start.clone(), stop.clone(), none())),
        [start, stop, step] => Ok(vm.new_slice(start.clone(), stop.clone(), step.clone())),
        other => Err(vm.raise_unpack_arity("slice", other.len(), 1, 3)),
    }
}

/// The three parts; all None for what is no slice.
fn parts<W: Value>(v: &W) -> [W; 3] {
    match v.get::<Slice<W::Model>>() {
        Some(s) => [s.start.clone(), s.stop.clone(), s.step.clone()],
        None => std::array::from_fn(|_| W::none()),
    }
}

fn repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let mut text = rustpython_wtf8::Wtf8Buf::from("slice(");
    for (i, part) in parts(v).iter().enumerate() {
        if i > 0 {
            text.push_str(", ");
        }
        let r = vm.repr(part)?;
        if let Some(s) = r.get::<super::str::Str>() {
            text.push_wtf8(s.text());
        }
    }
    text.push_str(")");
    Ok(vm.new_text(text))
}

fn compare<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>, op: CompareOp) -> Res<V<M>> {
    if b.get::<Slice<M>>().is_none() {
        return Ok(V::<M>::not_implemented());
    }
    if a.is(b) {
        return Ok(V::<M>::bool(op.holds(std::cmp::Ordering::Equal)));
    }
    let (x, y) = (vm.new_tuple(parts(a)), vm.new_tuple(parts(b)));
    vm.compare(op, &x, &y)
}

/// A part as an integer of any size.
fn evaluate<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<BigInt>> {
    if v.is_none() {
        return Ok(None);
    }
    if !vm.has_index(v) {
        let m = "slice indices must be integers or None or have an __index__ method";
        return Err(vm.raise_type_error(m));
    }
    let i = vm.index(v)?;
    Ok(i.as_int().map(|i| i.to_big()))
}

/// `slice.indices(length)` with integers of any size: start, stop, step.
pub fn big_indices<M: ObjectModel>(
    vm: &mut Vm<M>,
    slice: &Slice<M>,
    length: &BigInt,
) -> Res<[BigInt; 3]> {
    let step = evaluate(vm, &slice.step)?.unwrap_or_else(BigInt::one);
    if step.is_zero() {
        return Err(vm.raise_value_error("slice step cannot be zero"));
    }
    let start = evaluate(vm, &slice.start)?;
    let stop = evaluate(vm, &slice.stop)?;
    let (lowest, highest) = if step.is_positive() {
        (BigInt::zero(), length.clone())
    } else {
        (-BigInt::one(), length - 1)
    };
    let clamp = |i: BigInt| {
        if i.is_negative() {
            (i + length).max(lowest.clone())
        } else {
            i.min(highest.clone())
        }
    };
    let (first, last) = if step.is_positive() {
        (&lowest, &highest)
    } else {
        (&highest, &lowest)
    };
    let start = start.map_or_else(|| first.clone(), clamp);
    let stop = stop.map_or_else(|| last.clone(), clamp);
    Ok([start, stop, step])
}

fn indices<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [length] = rest.exact::<1>(vm, "indices")?;
    let length = vm.index(length)?;
    let length = length.as_int().map_or_else(BigInt::zero, |i| i.to_big());
    if length.is_negative() {
        return Err(vm.raise_value_error("length should not be negative"));
    }
    let Some(slice) = slf.get::<Slice<M>>() else {
        return Ok(V::<M>::none());
    };
    let items = big_indices(vm, slice, &length)?.map(|i| vm.new_big(i));
    Ok(vm.new_tuple(items))
}

fn reduce<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "__reduce__")?;
    let pair = [vm.type_of(slf), vm.new_tuple(parts(slf))];
    Ok(vm.new_tuple(pair))
}

macro_rules! getters { ($($name:ident)*) => { $(
    fn $name<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
        match v.get::<Slice<M>>() {
            Some(s) => Ok(s.$name.clone()),
            None => Err(vm.raise(Exc::TypeError, "not a slice")),
        }
    }
)* } }
getters!(start stop step);

/// Fills the class.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.fill_class(Kind::Slice)
        .slots(|s| {
            s.new = Some(new::<M>);
            s.repr = Some(repr::<M>);
            s.richcompare = Some(compare::<M>);
        })
        .method("indices", indices::<M>)
        .method("__reduce__", reduce::<M>)
        .getter("start", start::<M>)
        .getter("stop", stop::<M>)
        .getter("step", step::<M>)
        .done();
}
