//! `bytes`: an immutable sequence of bytes, and what it shares with `bytearray`.
//!
//! Both classes have the same methods; a method gives what its receiver is
//! ([`new_like`]). The algorithms are in `crate::text::bytes` (CPython
//! `Objects/bytesobject.c`, `Objects/bytes_methods.c`).

mod affix;
pub mod arguments;
mod case;
mod construct;
mod pieces;
mod protocol;
mod search;

use crate::Vm;
use crate::object::{Kind, ObjectModel, V, Value};
use crate::types::bytearray::ByteArray;
use crate::types::class::builder::ClassBuilder;
use crate::types::memoryview::{self, MemoryView};
pub(crate) use construct::contents;
pub use construct::{bytes_from_object, iterated, through_method};
use std::cell::Ref;
use std::ops::Deref;

/// Body of a `bytes`.
pub struct Bytes {
    /// The bytes.
    pub data: Box<[u8]>,
}

/// The bytes of an object, borrowed. Hold none across calls that may run Python code.
pub enum Data<'a> {
    /// Of a `bytes`.
    Fixed(&'a [u8]),
    /// Of a `bytearray`.
    Mutable(Ref<'a, Vec<u8>>),
    /// Copied out of a view.
    Copied(Vec<u8>),
}

impl Deref for Data<'_> {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Data::Fixed(b) => b,
            Data::Mutable(b) => b,
            Data::Copied(b) => b,
        }
    }
}

/// The bytes of a bytes-like object (one with the buffer protocol).
pub fn data<W: Value>(v: &W) -> Option<Data<'_>> {
    if let Some(b) = v.get::<Bytes>() {
        return Some(Data::Fixed(&b.data));
    }
    if let Some(b) = v.get::<ByteArray>() {
        return Some(Data::Mutable(b.data.borrow()));
    }
    let view = crate::object::native::opaque::<W::Model, MemoryView<W::Model>>(v)?;
    memoryview::contents(view).map(Data::Copied)
}

/// The bytes of a receiver, which class checks have made sure of.
fn receiver<W: Value>(v: &W) -> Data<'_> {
    data(v).unwrap_or(Data::Fixed(&[]))
}

/// Bytes of the receiver's class: a `bytearray` for a `bytearray`, else `bytes`.
pub fn new_like<M: ObjectModel>(vm: &mut Vm<M>, like: &V<M>, data: Vec<u8>) -> V<M> {
    if like.get::<ByteArray>().is_some() {
        return vm.new_bytearray(data);
    }
    if data.is_empty() {
        return vm.interp.once.empty_bytes.clone();
    }
    vm.new_bytes(data)
}

/// The receiver itself if it is an exact `bytes`, else a copy of its class.
fn unchanged<M: ObjectModel>(vm: &mut Vm<M>, slf: &V<M>) -> V<M> {
    if slf.get_exact::<Bytes>().is_some() {
        return slf.clone();
    }
    let copy = receiver(slf).to_vec();
    new_like(vm, slf, copy)
}

/// The methods that `bytes` and `bytearray` share.
pub(super) fn add_shared<M: ObjectModel>(builder: ClassBuilder<'_, M>) -> ClassBuilder<'_, M> {
    let builder = protocol::add_shared(builder);
    let builder = search::add(builder);
    let builder = pieces::add(builder);
    let builder = case::add(builder);
    let builder = affix::add(builder);
    construct::add(builder)
}

/// Fills the class.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    let builder = vm.fill_class(Kind::Bytes);
    let builder = add_shared(builder);
    protocol::add(builder).done();
}
