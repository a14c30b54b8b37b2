//! `memoryview`: a window on the bytes of a `bytes` or `bytearray` (PEP 3118, CPython `Objects/memoryobject.c`).
//!
//! One dimension of unsigned bytes (format `B`), the only buffers the machine
//! exports; formats of other item sizes (`cast`) are absent. The window keeps
//! first byte, stride and length; reading goes through the owner each time.

use super::bytearray::ByteArray;
use super::bytes::{self, Bytes};
use super::slice::Slice;
use crate::Vm;
use crate::number::range_math::subscript;
use crate::object::native::opaque;
use crate::object::{Args, CompareOp, ObjectModel, Opaque, Res, V, Value, ValueCell};
use crate::text::hash as text_hash;
use std::any::Any;

/// Body of a `memoryview`.
pub struct MemoryView<M: ObjectModel> {
    /// The `bytes` or `bytearray`; absent once released.
    owner: ValueCell<M>,
    start: usize,
    step: i64,
    count: usize,
}

impl<M: ObjectModel> Opaque<M> for MemoryView<M> {
    fn trace(&self, visitor: &mut M::Visitor) {
        self.owner.trace(visitor);
    }
    fn clear(&self) {
        drop(self.owner.take());
    }
    fn as_any(&self) -> &dyn Any {
        self
    }
}

const NAME: &str = "memoryview";

impl<M: ObjectModel> MemoryView<M> {
    fn position(&self, i: usize) -> usize {
        (self.start as i64 + i as i64 * self.step) as usize
    }
}

/// A copy of the bytes in the window; `None` once released.
pub fn contents<M: ObjectModel>(view: &MemoryView<M>) -> Option<Vec<u8>> {
    let owner = view.owner.get()?;
    let data = bytes::data(&owner)?;
    let byte = |i| data.get(view.position(i)).copied().unwrap_or(0);
    Some((0..view.count).map(byte).collect())
}

/// The body of a receiver that has not been released.
fn live<'a, M: ObjectModel>(vm: &mut Vm<M>, v: &'a V<M>) -> Res<(&'a MemoryView<M>, V<M>)> {
    if let Some(view) = opaque::<M, MemoryView<M>>(v)
        && let Some(owner) = view.owner.get()
    {
        return Ok((view, owner));
    }
    Err(vm.raise_value_error("operation forbidden on released memoryview object"))
}

fn make<M: ObjectModel>(vm: &mut Vm<M>, body: MemoryView<M>) -> V<M> {
    match vm.native_class(NAME) {
        Some(class) => vm.new_opaque(&class, body),
        None => V::<M>::none(),
    }
}

fn new<M: ObjectModel>(vm: &mut Vm<M>, _: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [object] = args.parse(vm, NAME, ["object"], 1)?;
    let object = object.unwrap_or_else(V::<M>::none);
    if opaque::<M, MemoryView<M>>(&object).is_some() {
        let (view, owner) = live(vm, &object)?;
        let body = MemoryView {
            owner: ValueCell::new(owner),
            start: view.start,
            step: view.step,
            count: view.count,
        };
        return Ok(make(vm, body));
    }
    let Some(count) = bytes::data(&object).map(|d| d.len()) else {
        let m = format!(
            "memoryview: a bytes-like object is required, not '{}'",
            vm.type_name(&object)
        );
        return Err(vm.raise_type_error(m));
    };
    let body = MemoryView {
        owner: ValueCell::new(object),
        start: 0,
        step: 1,
        count,
    };
    Ok(make(vm, body))
}

fn repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let released = opaque::<M, MemoryView<M>>(v).is_none_or(|m| !m.owner.is_some());
    let what = if released {
        "released memory"
    } else {
        "memory"
    };
    let text = format!("<{what} at {:#x}>", v.bits());
    Ok(vm.new_str(text))
}

fn hash<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<i64> {
    let (view, owner) = live(vm, v)?;
    if owner.get::<Bytes>().is_none() {
        return Err(vm.raise_value_error("cannot hash writable memoryview object"));
    }
    Ok(text_hash::hash_bytes(&contents(view).unwrap_or_default()))
}

fn compare<M: ObjectModel>(_: &mut Vm<M>, a: &V<M>, b: &V<M>, op: CompareOp) -> Res<V<M>> {
    let equal = match (bytes::data(a), bytes::data(b)) {
        (Some(x), Some(y)) => *x == *y,
        _ if opaque::<M, MemoryView<M>>(b).is_some() => a.is(b),
        _ => return Ok(V::<M>::not_implemented()),
    };
    Ok(match op {
        CompareOp::Eq => V::<M>::bool(equal),
        CompareOp::Ne => V::<M>::bool(!equal),
        _ => V::<M>::not_implemented(),
    })
}

fn length<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<usize> {
    live(vm, v).map(|(view, _)| view.count)
}

/// The window that a slice of it selects.
fn window<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, slice: &Slice<M>) -> Res<MemoryView<M>> {
    let parts = vm.slice_parts(slice)?;
    let (view, owner) = live(vm, v)?;
    let s = parts.of(view.count);
    Ok(MemoryView {
        owner: ValueCell::new(owner),
        start: if s.count == 0 {
            view.start
        } else {
            view.position(s.start.max(0) as usize)
        },
        step: view.step * s.step,
        count: s.count,
    })
}

/// The position in the owner of an index into the window.
fn position<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, key: &V<M>) -> Res<usize> {
    if !vm.has_index(key) {
        return Err(vm.raise_type_error("memoryview: invalid slice key"));
    }
    let i = vm.index_as_isize(key, crate::machine::errors::Exc::IndexError)?;
    let (view, _) = live(vm, v)?;
    match subscript(i as i64, view.count) {
        Some(i) => Ok(view.position(i)),
        None => Err(vm.raise_index_error("index out of bounds on dimension 1")),
    }
}

fn getitem<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, key: &V<M>) -> Res<V<M>> {
    if let Some(slice) = key.get::<Slice<M>>() {
        let body = window(vm, v, slice)?;
        return Ok(make(vm, body));
    }
    let at = position(vm, v, key)?;
    let (_, owner) = live(vm, v)?;
    let byte = bytes::data(&owner).and_then(|d| d.get(at).copied());
    Ok(vm.new_int(byte.unwrap_or(0).into()))
}

fn setitem<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, key: &V<M>, value: Option<&V<M>>) -> Res<()> {
    let (_, owner) = live(vm, v)?;
    let Some(array) = owner.get::<ByteArray>() else {
        return Err(vm.raise_type_error("cannot modify read-only memory"));
    };
    let Some(value) = value else {
        return Err(vm.raise_type_error("cannot delete memory"));
    };
    if let Some(slice) = key.get::<Slice<M>>() {
        let target = window(vm, v, slice)?;
        let new = bytes::arguments::bytes(vm, value)?.to_vec();
        if new.len() != target.count {
            let m = "memoryview assignment: lvalue and rvalue have different structures";
            return Err(vm.raise_value_error(m));
        }
        let mut data = array.data.borrow_mut();
        for (i, byte) in new.into_iter().enumerate() {
            if let Some(place) = data.get_mut(target.position(i)) {
                *place = byte;
            }
        }
        return Ok(());
    }
    let at = position(vm, v, key)?;
    if !vm.has_index(value) {
        return Err(vm.raise_type_error("memoryview: invalid type for format 'B'"));
    }
    let byte = vm.index(value)?;
    let byte = byte.as_int().and_then(|i| i.to_i64());
    let Some(byte) = byte.and_then(|b| u8::try_from(b).ok()) else {
        return Err(vm.raise_value_error("memoryview: invalid value for format 'B'"));
    };
    if let Some(place) = array.data.borrow_mut().get_mut(at) {
        *place = byte;
    }
    Ok(())
}

fn tobytes<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "tobytes")?;
    let (view, _) = live(vm, slf)?;
    Ok(vm.new_bytes(contents(view).unwrap_or_default()))
}

fn tolist<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "tolist")?;
    let (view, _) = live(vm, slf)?;
    let data = contents(view).unwrap_or_default();
    let items = data.into_iter().map(|b| vm.new_int(b.into())).collect();
    Ok(vm.new_list(items))
}

fn hex<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "hex")?;
    let (view, _) = live(vm, slf)?;
    let text = crate::text::bytes::hex::hex(&contents(view).unwrap_or_default());
    Ok(vm.new_str(text))
}

fn release<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, _) = args.method();
    let _ = vm;
    if let Some(view) = opaque::<M, MemoryView<M>>(slf) {
        drop(view.owner.take());
    }
    Ok(V::<M>::none())
}

fn enter<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (slf, rest) = args.method();
    rest.exact::<0>(vm, "__enter__")?;
    live(vm, slf)?;
    Ok(slf.clone())
}

macro_rules! getters { ($($name:ident |$vm:ident, $view:ident, $owner:ident| $value:expr;)*) => { $(
    fn $name<M: ObjectModel>($vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
        let ($view, $owner) = live($vm, v)?;
        let _ = (&$view, &$owner);
        Ok($value)
    }
)* } }
getters! {
    obj |vm, view, owner| owner;
    nbytes |vm, view, owner| vm.new_usize(view.count);
    itemsize |vm, view, owner| vm.new_int(1);
    format |vm, view, owner| vm.new_str("B");
    ndim |vm, view, owner| vm.new_int(1);
    readonly |vm, view, owner| V::<M>::bool(owner.get::<Bytes>().is_some());
    shape |vm, view, owner| { let n = vm.new_usize(view.count); vm.new_tuple([n]) };
    strides |vm, view, owner| { let n = vm.new_int(view.step); vm.new_tuple([n]) };
    suboffsets |vm, view, owner| vm.new_tuple([]);
    contiguous |vm, view, owner| V::<M>::bool(view.step == 1 || view.count < 2);
}

/// Makes the class.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.new_opaque_class(NAME)
        .slots(|s| {
            s.new = Some(new::<M>);
            s.repr = Some(repr::<M>);
            s.hash = Some(hash::<M>);
            s.richcompare = Some(compare::<M>);
            s.len = Some(length::<M>);
            s.getitem = Some(getitem::<M>);
            s.setitem = Some(setitem::<M>);
        })
        .method("tobytes", tobytes::<M>)
        .method("tolist", tolist::<M>)
        .method("hex", hex::<M>)
        .method("release", release::<M>)
        .method("__enter__", enter::<M>)
        .method("__exit__", release::<M>)
        .getter("obj", obj::<M>)
        .getter("nbytes", nbytes::<M>)
        .getter("itemsize", itemsize::<M>)
        .getter("format", format::<M>)
        .getter("ndim", ndim::<M>)
        .getter("readonly", readonly::<M>)
        .getter("shape", shape::<M>)
        .getter("strides", strides::<M>)
        .getter("suboffsets", suboffsets::<M>)
        .getter("contiguous", contiguous::<M>)
        .getter("c_contiguous", contiguous::<M>)
        .getter("f_contiguous", contiguous::<M>)
        .done();
}
