//! `tuple`: a fixed sequence. CPython `Objects/tupleobject.c`.

use crate::Vm;
use crate::object::{Args, CompareOp, Kind, ObjectModel, Res, Trace, V, Value, ValueCell, Visitor};
use crate::types::sequence;
use crate::types::sequence_iterators::TupleIterator;
use crate::types::slice::Slice;
use crate::types::slicing;
use std::cell::Cell;

/// The items of a tuple: up to three stand in the object itself, more in one block.
pub type Items<M> = smallvec::SmallVec<[V<M>; 3]>;

/// Body of a `tuple`.
pub struct Tuple<M: ObjectModel> {
    /// The items.
    pub items: Items<M>,
}

/// Items that are shared with a slice.
#[inline]
pub fn shared_items<M: ObjectModel>(values: &[V<M>]) -> Items<M> {
    let mut items = Items::<M>::with_capacity(values.len());
    for v in values {
        items.push(v.clone());
    }
    items
}

/// What a tuple can be made of.
pub trait IntoItems<M: ObjectModel> {
    /// The items, moved.
    fn into_items(self) -> Items<M>;
}

impl<M: ObjectModel> IntoItems<M> for Items<M> {
    #[inline]
    fn into_items(self) -> Items<M> {
        self
    }
}

impl<M: ObjectModel, const N: usize> IntoItems<M> for [V<M>; N] {
    #[inline]
    fn into_items(self) -> Items<M> {
        // Short ones stand in the object: three words, of which some may be null.
        if N <= 3 {
            let mut all = self.into_iter();
            let mut word = || all.next().unwrap_or_else(V::<M>::null);
            return Items::<M>::from_buf_and_len([word(), word(), word()], N);
        }
        self.into_iter().collect()
    }
}

impl<M: ObjectModel> IntoItems<M> for Vec<V<M>> {
    fn into_items(mut self) -> Items<M> {
        if self.len() <= 3 {
            return self.into_iter().collect();
        }
        self.shrink_to_fit();
        Items::<M>::from_vec(self)
    }
}

impl<M: ObjectModel> Trace<M> for Tuple<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        for v in self.items.iter() {
            visitor.visit(v);
        }
    }
}

/// The items of a value that is a tuple; none for other values.
#[inline]
pub fn items<M: ObjectModel>(v: &V<M>) -> &[V<M>] {
    v.get::<Tuple<M>>().map_or(&[], |t| &t.items)
}

/// Fills the class.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.fill_class(Kind::Tuple)
        .slots(|s| {
            s.new = Some(new::<M>);
            s.repr = Some(repr::<M>);
            s.hash = Some(hash::<M>);
            s.richcompare = Some(compare::<M>);
            s.iter = Some(iter::<M>);
            s.len = Some(|_, v| Ok(items::<M>(v).len()));
            s.getitem = Some(getitem::<M>);
            s.contains = Some(sequence::contains::<M>);
            s.concat = Some(concat::<M>);
            s.repeat = Some(repeat::<M>);
        })
        .method("index", index::<M>)
        .method("count", count::<M>)
        .method("__getnewargs__", getnewargs::<M>)
        .done();
}

fn new<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [sequence] = args.parse(vm, "tuple", ["sequence"], 0)?;
    let exact = class.is(&vm.class_of_kind(Kind::Tuple));
    let items = match sequence {
        None => Vec::new(),
        Some(s) if exact && s.get_exact::<Tuple<M>>().is_some() => return Ok(s),
        Some(s) => vm.collect_iter(&s)?,
    };
    if exact {
        return Ok(vm.new_tuple(items));
    }
    Ok(vm.alloc_as(
        class,
        Tuple {
            items: crate::types::tuple::IntoItems::<M>::into_items(items),
        },
    ))
}

fn repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    match items::<M>(v).len() {
        0 => Ok(vm.new_str("()")),
        n => sequence::guarded_repr(vm, v, "(...)", |vm| {
            sequence::repr_items(vm, v, "(", if n == 1 { ",)" } else { ")" })
        }),
    }
}

/// The hash of a sequence of hashes (xxHash came later; this is the multiplicative one of 3.5).
pub fn combine_hashes(hashes: impl ExactSizeIterator<Item = i64>) -> i64 {
    let mut combined = CombinedHash::new(hashes.len());
    for h in hashes {
        combined.add(h);
    }
    combined.finish()
}

/// [`combine_hashes`], one hash at a time.
struct CombinedHash {
    x: u64,
    multiplier: u64,
    left: u64,
}

impl CombinedHash {
    #[inline(always)]
    fn new(length: usize) -> Self {
        CombinedHash {
            x: 0x0034_5678,
            multiplier: 1_000_003,
            left: length as u64,
        }
    }

    #[inline(always)]
    fn add(&mut self, h: i64) {
        self.left -= 1;
        self.x = (self.x ^ h as u64).wrapping_mul(self.multiplier);
        self.multiplier = self.multiplier.wrapping_add(82_520 + 2 * self.left);
    }

    #[inline(always)]
    fn finish(self) -> i64 {
        crate::text::hash::not_minus_one(self.x.wrapping_add(97_531) as i64)
    }
}

/// `hash(v)` of a tuple.
pub fn hash<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<i64> {
    let items = items::<M>(v);
    let mut combined = CombinedHash::new(items.len());
    for x in items {
        combined.add(vm.hash(x)?);
    }
    Ok(combined.finish())
}

fn compare<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>, op: CompareOp) -> Res<V<M>> {
    if a.get::<Tuple<M>>().is_none() || b.get::<Tuple<M>>().is_none() {
        return Ok(V::<M>::not_implemented());
    }
    sequence::compare(vm, a, b, op)
}

fn iter<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(vm.alloc(TupleIterator {
        sequence: ValueCell::new(v.clone()),
        position: Cell::new(0),
    }))
}

fn getitem<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, key: &V<M>) -> Res<V<M>> {
    let items = items::<M>(v);
    if let Some(slice) = key.get::<Slice<M>>() {
        let s = vm.slice_parts(slice)?.of(items.len());
        if s.step == 1 && s.count == items.len() && v.get_exact::<Tuple<M>>().is_some() {
            return Ok(v.clone());
        }
        return Ok(vm.new_tuple(slicing::selected::<M>(items, s)));
    }
    let i = vm.sequence_index("tuple", key)?;
    match sequence::position(i, items.len()) {
        Some(i) => Ok(items[i].clone()),
        None => Err(vm.raise_index_error("tuple index out of range")),
    }
}

fn concat<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>) -> Res<V<M>> {
    let Some(right) = b.get::<Tuple<M>>() else {
        let m = format!(
            "can only concatenate tuple (not \"{}\") to tuple",
            vm.type_name(b)
        );
        return Err(vm.raise_type_error(m));
    };
    let mut all = Vec::with_capacity(items::<M>(a).len() + right.items.len());
    all.extend_from_slice(items::<M>(a));
    all.extend_from_slice(&right.items);
    Ok(vm.new_tuple(all))
}

fn repeat<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, n: isize) -> Res<V<M>> {
    if n == 1 && v.get_exact::<Tuple<M>>().is_some() {
        return Ok(v.clone());
    }
    let all = sequence::repeated(vm, items::<M>(v), n)?;
    Ok(vm.new_tuple(all))
}

fn index<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    sequence::index(vm, args, |_, _| Ok("tuple.index(x): x not in tuple".into()))
}

fn count<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    let [x] = rest.exact::<1>(vm, "count")?;
    sequence::count(vm, slf, x)
}

fn getnewargs<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "__getnewargs__")?;
    let plain = vm.new_tuple(items::<M>(slf).to_vec());
    Ok(vm.new_tuple(vec![plain]))
}
