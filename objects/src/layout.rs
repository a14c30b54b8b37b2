//! An object seen through the kind table: size, drop, trace, clear, finalizer.
//!
//! An extended object has an attribute store behind its body; these functions treat the two as one.

use ceval_vm_core::Vm;
use ceval_vm_core::machine::frame::BlockKind;
use ceval_vm_core::object::attrs::Attrs;
use ceval_vm_core::object::kinds::KIND_COUNT;
use ceval_vm_core::object::{Header, Kind, ObjectModel, Tag, Trace, Value, body_ops};
use ceval_vm_core::types::bytearray::ByteArray;
use ceval_vm_core::types::bytes::Bytes;
use ceval_vm_core::types::class::Type;
use ceval_vm_core::types::dict::Dict;
use ceval_vm_core::types::generator::{
    Activation, AsyncGenerator, Coroutine, Generator, GeneratorState,
};
use ceval_vm_core::types::list::List;
use ceval_vm_core::types::set::{FrozenSet, Set};
use ceval_vm_core::types::str::Str;
use ceval_vm_core::types::tuple::Tuple;
use num_bigint::BigInt;

/// Bytes of the cell of an object with this tag.
#[inline(always)]
pub fn cell_size<M: ObjectModel>(tag: Tag) -> usize {
    body_ops::<M>(tag.kind()).size_of(tag.is_extended())
}

/// The attribute store of an object, if it has one.
///
/// # Safety
/// `h` must be a live object of model `M`, and stay so while the reference is used.
#[inline(always)]
pub unsafe fn attrs<'a, M: ObjectModel>(h: *const Header) -> Option<&'a Attrs<M>> {
    // SAFETY: the caller passes a live object.
    let tag = unsafe { (*h).tag.get() };
    let offset = if tag.kind_byte() == Kind::Instance as u8 {
        size_of::<Header>()
    } else if tag.is_extended() {
        body_ops::<M>(tag.kind()).attrs_offset
    } else {
        return None;
    };
    // SAFETY: the kind, or the extension bit, says that an `Attrs` stands at this offset.
    Some(unsafe { &*h.cast::<u8>().add(offset).cast::<Attrs<M>>() })
}

/// Drops body and attribute store in place; the cell remains the caller's.
///
/// # Safety
/// `h` must be an object of model `M` that nothing refers to any more; its body is gone afterwards.
#[inline]
pub unsafe fn drop_object<M: ObjectModel>(h: *mut Header) {
    // SAFETY: as the caller promises; the kind decides the body, the extension bit the store.
    unsafe {
        let tag = (*h).tag.get();
        if tag.kind_byte() == Kind::Instance as u8 {
            std::ptr::drop_in_place(h.add(1).cast::<Attrs<M>>());
            return;
        }
        let ops = body_ops::<M>(tag.kind());
        if ops.needs_drop {
            (ops.drop)(h);
        }
        if tag.is_extended() {
            std::ptr::drop_in_place(h.cast::<u8>().add(ops.attrs_offset).cast::<Attrs<M>>());
        }
    }
}

/// Whether an object is a `str` whose text stands in its cell, so that it has nothing to drop.
///
/// # Safety
/// `h` must be an object of a model whose body is intact.
#[inline(always)]
pub unsafe fn is_short_str(h: *const Header) -> bool {
    // SAFETY: as the caller promises; the kind is that of the body that is read.
    unsafe { (*h).tag.get() == Tag::exact(Kind::Str) && (*h.add(1).cast::<Str>()).is_inline() }
}

/// Shows the edges of body and attribute store. The class is not shown: the header's id is not a
/// counted reference, and each collector follows it in its own way.
///
/// # Safety
/// `h` must be a live object of model `M`.
#[inline]
pub unsafe fn trace_object<M: ObjectModel>(h: *const Header, visitor: &mut M::Visitor) {
    // SAFETY: as the caller promises.
    unsafe {
        let tag = (*h).tag.get();
        let ops = body_ops::<M>(tag.kind());
        (ops.trace)(h, visitor);
        if tag.is_extended()
            && let Some(store) = attrs::<M>(h)
        {
            store.trace(visitor);
        }
    }
}

/// Drops the edges through which a cycle can pass.
///
/// # Safety
/// `h` must be an object of model `M` whose body is intact, and kept alive by the caller.
pub unsafe fn clear_object<M: ObjectModel>(h: *const Header) {
    // SAFETY: as the caller promises.
    unsafe {
        let tag = (*h).tag.get();
        (body_ops::<M>(tag.kind()).clear)(h);
        if tag.is_extended()
            && let Some(store) = attrs::<M>(h)
        {
            store.clear();
        }
    }
}

/// Whether an object of this tag can refer to others. One of a class made by a program refers to
/// that class.
#[inline(always)]
pub fn has_edges(tag: Tag) -> bool {
    tag.is_extended()
        || tag.class().0 >= KIND_COUNT as u32
        || !matches!(
            tag.kind(),
            Kind::Int
                | Kind::BigInt
                | Kind::Float
                | Kind::Complex
                | Kind::Str
                | Kind::Bytes
                | Kind::ByteArray
                | Kind::Range
                | Kind::RangeIterator
        )
}

/// About how many bytes of memory an object has beside its cell.
///
/// # Safety
/// `h` must be a live object of model `M`.
pub unsafe fn owned_bytes<M: ObjectModel>(h: *const Header) -> usize {
    // SAFETY: as the caller promises; each body type is read for its own kind. A body that is being
    // changed (it is borrowed) is left out.
    unsafe {
        let body = h.add(1);
        match (*h).tag.get().kind() {
            Kind::Str => (*body.cast::<Str>()).owned_bytes(),
            Kind::Bytes => (&*body.cast::<Bytes>()).data.len(),
            Kind::ByteArray => {
                let data = &(*body.cast::<ByteArray>()).data;
                data.try_borrow().map_or(0, |d| d.capacity())
            }
            Kind::BigInt => (*body.cast::<BigInt>()).bits() as usize / 8,
            Kind::List => {
                let items = &(*body.cast::<List<M>>()).items;
                items.try_borrow().map_or(0, |v| v.capacity() * 8)
            }
            Kind::Tuple => (&*body.cast::<Tuple<M>>()).items.len() * 8,
            Kind::Dict => (*body.cast::<Dict<M>>()).table.len() * TABLE_ENTRY,
            Kind::Set => (*body.cast::<Set<M>>()).table.len() * TABLE_ENTRY,
            Kind::FrozenSet => (*body.cast::<FrozenSet<M>>()).table.len() * TABLE_ENTRY,
            _ => 0,
        }
    }
}

/// About how many bytes an entry of a dict or set takes, index included.
const TABLE_ENTRY: usize = 32;

/// The classes that a program has made, by id: null where the class is native or the id is free.
pub fn heap_classes<M: ObjectModel>(vm: &Vm<M>) -> Vec<*mut Header> {
    let entries = vm.interp.classes.iter();
    entries
        .map(|c| match c.object.get::<Type<M>>() {
            Some(t) if t.is_heap => c.object.bits() as *mut Header,
            _ => std::ptr::null_mut(),
        })
        .collect()
}

/// Whether Python code must run before the object is reclaimed: its class has `__del__`, or it is a
/// generator suspended where its end would run a handler, or a coroutine that was never started.
///
/// # Safety
/// `h` must be a live object of model `M`.
#[inline]
pub unsafe fn has_finalizer<M: ObjectModel>(h: *const Header) -> bool {
    // SAFETY: as the caller promises; each body type is read for its own kind.
    unsafe {
        let tag = (*h).tag.get();
        if let Some(store) = attrs::<M>(h) {
            return store.shape().has_finalizer.get();
        }
        match tag.kind() {
            Kind::Generator => is_unfinished(&(*h.add(1).cast::<Generator<M>>()).0),
            Kind::AsyncGenerator => is_unfinished(&(*h.add(1).cast::<AsyncGenerator<M>>()).0),
            Kind::Coroutine => {
                let activation = &(*h.add(1).cast::<Coroutine<M>>()).0;
                activation.state.get() == GeneratorState::Created || is_unfinished(activation)
            }
            _ => false,
        }
    }
}

/// Whether the end of a suspended activation can run Python code: it stands in a `try` or `with`,
/// or delegates to another generator.
fn is_unfinished<M: ObjectModel>(activation: &Activation<M>) -> bool {
    activation.state.get() == GeneratorState::Suspended
        && (activation.yield_from.is_some()
            || activation
                .suspended
                .try_borrow()
                .is_ok_and(|s| s.blocks.iter().any(|b| b.kind != BlockKind::Loop)))
}

/// The header a word points at.
#[inline(always)]
pub fn header_of<V: Value>(value: &V) -> Option<*mut Header> {
    if value.is_ptr() {
        Some(value.bits() as *mut Header)
    } else {
        None
    }
}
