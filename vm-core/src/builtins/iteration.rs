//! Built-in functions over iterables: `iter`, `next`, `len`, `sorted`, `sum`, `min`, `max`, `any`, `all`.

use super::arguments::unpack;
use crate::Vm;
use crate::machine::operators::BinaryOp;
use crate::object::slots::CompareOp;
use crate::object::{Args, Kind, ObjectModel, Res, V, Value, ValueCell};
use crate::types::list::sort::sort_method;
use crate::types::sequence_iterators::CallableIterator;
use smallvec::SmallVec;

/// `len(object)`.
pub fn len<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [v] = args.exact::<1>(vm, "len")?;
    let n = vm.len(v)?;
    Ok(vm.new_usize(n))
}

/// `iter(iterable)`, `iter(callable, sentinel)`.
pub fn iter<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    match unpack(vm, args, "iter", 1, 2)? {
        [v] => vm.iter(v),
        [f, sentinel] if vm.is_callable(f) => Ok(vm.alloc(CallableIterator {
            callable: ValueCell::new(f.clone()),
            sentinel: ValueCell::new(sentinel.clone()),
        })),
        _ => Err(vm.raise_type_error("iter(v, w): v must be callable")),
    }
}

/// `next(iterator[, default])`.
pub fn next<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let args = unpack(vm, args, "next", 1, 2)?;
    let step = match args[0].kind() {
        // A `__next__` written in Python: its StopIteration is passed on as it is.
        Kind::Instance if vm.slots(&args[0]).iternext.is_some() => {
            vm.call_special(&args[0], "__next__", &[])
        }
        _ => vm.next(&args[0]),
    };
    match step {
        Ok(Some(v)) => Ok(v),
        Ok(None) => match args.get(1) {
            Some(default) => Ok(default.clone()),
            None => Err(vm.raise_end_of(&args[0])),
        },
        Err(e) => match args.get(1) {
            Some(default) if vm.raised_is(crate::machine::errors::Exc::StopIteration) => {
                drop(vm.take_raised());
                Ok(default.clone())
            }
            _ => Err(e),
        },
    }
}

/// `sorted(iterable, key=None, reverse=False)`.
pub fn sorted<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let Some(iterable) = args.pos.first() else {
        return Err(vm.raise_type_error("Required argument 'iterable' (pos 1) not found"));
    };
    let items = vm.collect_iter(iterable)?;
    let list = vm.new_list(items);
    let mut pos: SmallVec<[V<M>; 2]> = args.pos.iter().cloned().collect();
    pos[0] = list.clone();
    vm.showing(|vm| {
        vm.show(&list);
        let kw = args.kw;
        sort_method(vm, Args { pos: &pos, kw })
    })?;
    Ok(list)
}

/// `sum(iterable[, start])`.
pub fn sum<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let args = unpack(vm, args, "sum", 1, 2)?;
    let start = match args.get(1) {
        Some(s) => s.clone(),
        None => vm.new_int(0),
    };
    let refused = match start.kind() {
        Kind::Str => Some("sum() can't sum strings [use ''.join(seq) instead]"),
        Kind::Bytes => Some("sum() can't sum bytes [use b''.join(seq) instead]"),
        Kind::ByteArray => Some("sum() can't sum bytearray [use b''.join(seq) instead]"),
        _ => None,
    };
    if let Some(message) = refused {
        return Err(vm.raise_type_error(message));
    }
    let mut total = Total::of(start);
    let mut source = vm.source(&args[0])?;
    loop {
        let next = match &total {
            Total::Other(t) => vm.next_item(&mut source, &[t])?,
            _ => vm.next_item(&mut source, &[])?,
        };
        let Some(x) = next else { break };
        total = match (total, x.small_int()) {
            (Total::Int(t), Some(i)) if t.checked_add(i).is_some() => Total::Int(t + i),
            (total, _) => total.add(vm, x)?,
        };
    }
    Ok(total.value(vm))
}

/// A running sum; numbers stay out of the heap while they can.
enum Total<M: ObjectModel> {
    Int(i64),
    Float(f64),
    Other(V<M>),
}

impl<M: ObjectModel> Total<M> {
    fn of(v: V<M>) -> Self {
        if let Some(i) = v.small_int() {
            Total::Int(i)
        } else if let Some(f) = v.exact_float() {
            Total::Float(f)
        } else {
            Total::Other(v)
        }
    }

    fn value(self, vm: &mut Vm<M>) -> V<M> {
        match self {
            Total::Int(i) => vm.new_int(i),
            Total::Float(f) => vm.new_float(f),
            Total::Other(v) => v,
        }
    }

    fn add(self, vm: &mut Vm<M>, x: V<M>) -> Res<Self> {
        match self {
            Total::Int(t) => {
                if let Some(sum) = x.small_int().and_then(|i| t.checked_add(i)) {
                    return Ok(Total::Int(sum));
                }
                let t = vm.new_int(t);
                Ok(Total::of(
                    vm.holding(|vm| vm.binary(BinaryOp::Add, &t, &x))?,
                ))
            }
            Total::Float(t) => {
                if let Some(f) = x.exact_float() {
                    return Ok(Total::Float(t + f));
                }
                if let Some(i) = x.small_int() {
                    return Ok(Total::Float(t + i as f64));
                }
                let t = vm.new_float(t);
                Ok(Total::of(
                    vm.holding(|vm| vm.binary(BinaryOp::Add, &t, &x))?,
                ))
            }
            Total::Other(t) => Ok(Total::of(
                vm.holding(|vm| vm.binary(BinaryOp::Add, &t, &x))?,
            )),
        }
    }
}

/// `any(iterable)`.
pub fn any<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [iterable] = args.exact::<1>(vm, "any")?;
    find_truth(vm, iterable, true).map(V::<M>::bool)
}

/// `all(iterable)`.
pub fn all<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [iterable] = args.exact::<1>(vm, "all")?;
    find_truth(vm, iterable, false).map(|found| V::<M>::bool(!found))
}

/// Whether some value's truth is `wanted`.
fn find_truth<M: ObjectModel>(vm: &mut Vm<M>, iterable: &V<M>, wanted: bool) -> Res<bool> {
    let mut source = vm.source(iterable)?;
    while let Some(x) = vm.next_item(&mut source, &[])? {
        if vm.holding(|vm| vm.is_true(&x))? == wanted {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `min(iterable)`, `min(a, b, ...)`; keywords `key` and `default`.
pub fn min<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    extreme(vm, args, "min", CompareOp::Lt)
}

/// `max(iterable)`, `max(a, b, ...)`; keywords `key` and `default`.
pub fn max<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    extreme(vm, args, "max", CompareOp::Gt)
}

fn extreme<M: ObjectModel>(
    vm: &mut Vm<M>,
    args: Args<'_, M>,
    name: &str,
    op: CompareOp,
) -> Res<V<M>> {
    let keywords = Args {
        pos: &[],
        kw: args.kw,
    };
    if args.pos.is_empty() {
        let m = format!("{name} expected 1 arguments, got 0");
        return Err(vm.raise_type_error(m));
    }
    let [key, default] = keywords.parse(vm, name, ["$key", "$default"], 0)?;
    let many = args.pos.len() > 1;
    if many && default.is_some() {
        let m = format!("Cannot specify a default for {name}() with multiple positional arguments");
        return Err(vm.raise_type_error(m));
    }
    let mut best: Option<(V<M>, V<M>)> = None;
    let consider = |vm: &mut Vm<M>, best: &mut Option<(V<M>, V<M>)>, x: V<M>| {
        let rank = match &key {
            Some(key) => vm.call_values(key, std::slice::from_ref(&x))?,
            None => x.clone(),
        };
        let better = match best {
            Some((_, top)) => vm.compare_strict(op, &rank, top)?,
            None => true,
        };
        if better {
            *best = Some((x, rank));
        }
        Ok(())
    };
    if many {
        vm.holding(|vm| {
            for x in args.pos {
                consider(vm, &mut best, x.clone())?;
            }
            Ok(())
        })?;
    } else {
        let none = V::<M>::none();
        let mut source = vm.source(&args.pos[0])?;
        loop {
            let (top, rank) = best.as_ref().map_or((&none, &none), |(x, rank)| (x, rank));
            let (by, otherwise) = (key.as_ref().unwrap_or(&none), default.as_ref());
            let held = [top, rank, by, otherwise.unwrap_or(&none)];
            let Some(x) = vm.next_item(&mut source, &held)? else {
                break;
            };
            if !M::TRACED {
                consider(vm, &mut best, x)?;
                continue;
            }
            let shown = held.map(V::<M>::clone);
            vm.showing(|vm| {
                shown.iter().chain([&x]).for_each(|v| vm.show(v));
                vm.show(source.value());
                consider(vm, &mut best, x.clone())
            })?;
        }
    }
    match (best, default) {
        (Some((x, _)), _) => Ok(x),
        (None, Some(default)) => Ok(default),
        (None, None) => {
            let m = format!("{name}() arg is an empty sequence");
            Err(vm.raise_value_error(m))
        }
    }
}

impl<M: ObjectModel> Vm<M> {
    /// The truth of `a op b` for an order comparison, with a short way for numbers.
    fn compare_strict(&mut self, op: CompareOp, a: &V<M>, b: &V<M>) -> Res<bool> {
        if let (Some(x), Some(y)) = (a.small_int(), b.small_int()) {
            return Ok(op.holds(x.cmp(&y)));
        }
        if let (Some(x), Some(y)) = (a.exact_float(), b.exact_float()) {
            return Ok(x.partial_cmp(&y).is_some_and(|o| op.holds(o)));
        }
        self.compare_bool(op, a, b)
    }

    /// StopIteration for an iterator that has ended; a generator's carries what it returned.
    fn raise_end_of(&mut self, iterator: &V<M>) -> crate::object::Raised {
        let returned = std::mem::replace(&mut self.returned, V::<M>::null());
        let value = match iterator.kind() {
            Kind::Generator | Kind::CoroutineWrapper
                if !returned.is_null() && !returned.is_none() =>
            {
                Some(returned)
            }
            _ => None,
        };
        self.raise_stop_iteration(value)
    }
}
