//! A scripted mutator: makes objects in a heap without a machine.

use ceval_vm_core::object::header::Header;
use ceval_vm_core::object::model::HeapOptions;
use ceval_vm_core::object::{Body, ObjectModel, Tag, V, Value};
use ceval_vm_core::types::list::List;
use ceval_vm_core::types::tuple::Tuple;
use std::cell::RefCell;

/// A heap of the model.
pub fn new_heap<M: ObjectModel>() -> M::Heap {
    M::new_heap(HeapOptions {
        breaker: Default::default(),
        collect: true,
        stress: false,
    })
}

/// An object of the built-in class of `B`.
pub fn alloc<M: ObjectModel, B: Body<M>>(heap: &mut M::Heap, body: B) -> V<M> {
    let size = size_of::<Header>() + size_of::<B>().next_multiple_of(8);
    let cell = M::allocate(heap, size, Tag::exact(B::KIND));
    // SAFETY: model rule 1: the cell is ours and has room for the body.
    unsafe {
        cell.as_ptr().add(1).cast::<B>().write(body);
        V::<M>::from_bits(cell.as_ptr() as u64)
    }
}

/// A list.
pub fn list<M: ObjectModel>(heap: &mut M::Heap, items: Vec<V<M>>) -> V<M> {
    let items = RefCell::new(items);
    alloc::<M, _>(heap, List::<M> { items })
}

/// A tuple.
pub fn tuple<M: ObjectModel>(heap: &mut M::Heap, items: Vec<V<M>>) -> V<M> {
    let items = items.into();
    alloc::<M, _>(heap, Tuple::<M> { items })
}

/// Appends to a list.
pub fn append<M: ObjectModel>(list: &V<M>, item: V<M>) {
    let Some(body) = list.get::<List<M>>() else {
        panic!("not a list")
    };
    body.items.borrow_mut().push(item);
}
