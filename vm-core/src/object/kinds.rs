//! Which Rust type is the body of which kind of object: one row a kind.
//!
//! A row makes the [`Kind`] variant, the [`Body`] impl that ties kind and body
//! type together, and the entry of [`body_ops`] through which a model drops,
//! traces and clears objects without knowing their types. A kind's number is
//! also the class id of its built-in class.

use super::attrs::Attrs;
use super::header::Header;
use super::model::ObjectModel;
use super::native::OpaqueBody;
use crate::types;
use num_bigint::BigInt;
use std::mem::{align_of, size_of};

/// Edges and leaves: what the collectors ask of a body.
pub trait Trace<M: ObjectModel> {
    /// True when a body never refers to another object and its drop frees no
    /// memory, so that its cell can go to a free list without a call.
    const LEAF: bool = false;
    /// Shows every value that the body owns to the visitor, each once.
    fn trace(&self, visitor: &mut M::Visitor);
    /// Drops the edges through which a cycle can pass (`tp_clear`). Called on garbage only.
    fn clear(&self) {}
}

/// Ties a body type to its kind.
///
/// # Safety
/// Each kind has one body type, and objects of that kind are allocated with
/// that body only. Implemented by the table below alone.
pub unsafe trait Body<M: ObjectModel>: Trace<M> + Sized + 'static {
    /// The kind whose objects have this body.
    const KIND: Kind;
}

/// What a model can do with an object of some kind without knowing its type.
pub struct BodyOps<M: ObjectModel> {
    /// Bytes of header and body, a multiple of 8.
    pub size: usize,
    /// Offset in bytes of the [`Attrs`] of an extended object from its header.
    pub attrs_offset: usize,
    /// See [`Trace::LEAF`].
    pub leaf: bool,
    /// Whether dropping the body does anything; in a traced model most bodies have nothing to drop.
    pub needs_drop: bool,
    /// Drops the body in place.
    pub drop: unsafe fn(*mut Header),
    /// [`Trace::trace`] of the body.
    pub trace: unsafe fn(*const Header, &mut M::Visitor),
    /// [`Trace::clear`] of the body.
    pub clear: unsafe fn(*const Header),
}

impl<M: ObjectModel> BodyOps<M> {
    const fn of<B: Body<M>>() -> BodyOps<M> {
        assert!(align_of::<B>() <= 8);
        let size = size_of::<Header>() + size_of::<B>().next_multiple_of(8);
        BodyOps {
            size,
            attrs_offset: size,
            leaf: B::LEAF,
            needs_drop: std::mem::needs_drop::<B>(),
            drop: drop_body::<M, B>,
            trace: trace_body::<M, B>,
            clear: clear_body::<M, B>,
        }
    }

    const fn immediate() -> BodyOps<M> {
        BodyOps {
            size: 0,
            attrs_offset: 0,
            leaf: true,
            needs_drop: false,
            drop: |_| {},
            trace: |_, _| {},
            clear: |_| {},
        }
    }

    /// Bytes of an object, with its attribute store if it is extended.
    #[inline(always)]
    pub fn size_of(&self, extended: bool) -> usize {
        if extended {
            self.size + size_of::<Attrs<M>>()
        } else {
            self.size
        }
    }
}

unsafe fn drop_body<M: ObjectModel, B: Body<M>>(h: *mut Header) {
    // SAFETY: the caller passes a dead object of `B`'s kind; its body follows the header.
    unsafe { std::ptr::drop_in_place(h.add(1).cast::<B>()) }
}

unsafe fn trace_body<M: ObjectModel, B: Body<M>>(h: *const Header, visitor: &mut M::Visitor) {
    // SAFETY: the caller passes a live object of `B`'s kind.
    unsafe { (*h.add(1).cast::<B>()).trace(visitor) }
}

unsafe fn clear_body<M: ObjectModel, B: Body<M>>(h: *const Header) {
    // SAFETY: the caller passes a live object of `B`'s kind.
    unsafe { (*h.add(1).cast::<B>()).clear() }
}

macro_rules! kinds {
    (immediates { $($im:ident $imname:literal,)* } bodies { $($k:ident: $body:ty, $name:literal;)* }) => {
        /// Layout of an object, and class id of the built-in class of that name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        #[allow(missing_docs)]
        pub enum Kind { Free = 0, $($im,)* $($k,)* }

        impl Kind {
            /// Every kind, by number.
            pub const ALL: &'static [Kind] = &[Kind::Free, $(Kind::$im,)* $(Kind::$k,)*];

            /// The kind of a header's kind byte.
            #[inline(always)]
            pub fn from_byte(byte: u8) -> Kind {
                debug_assert!((byte as usize) < Kind::ALL.len());
                Kind::ALL[byte as usize]
            }

            /// Name of the built-in class (`type.__name__`).
            pub const fn class_name(self) -> &'static str {
                match self { Kind::Free => "free cell", $(Kind::$im => $imname,)* $(Kind::$k => $name,)* }
            }
        }

        $(
            // SAFETY: one row a kind, and rows differ in their body types (a duplicate impl would not compile).
            unsafe impl<M: ObjectModel> Body<M> for $body { const KIND: Kind = Kind::$k; }
        )*

        struct Table<M>(std::marker::PhantomData<M>);
        impl<M: ObjectModel> Table<M> {
            const OPS: &'static [BodyOps<M>] = &[
                BodyOps::immediate(),
                $({ let _ = Kind::$im; BodyOps::immediate() },)*
                $(BodyOps::of::<$body>(),)*
            ];
        }
    };
}

kinds! {
    immediates {
        Null "null",
        None "NoneType",
        Bool "bool",
        Ellipsis "ellipsis",
        NotImplemented "NotImplementedType",
    }
    bodies {
        Int: i64, "int";
        BigInt: BigInt, "int";
        Float: f64, "float";
        Complex: types::complex::Complex, "complex";
        Str: types::str::Str, "str";
        Bytes: types::bytes::Bytes, "bytes";
        ByteArray: types::bytearray::ByteArray, "bytearray";
        Tuple: types::tuple::Tuple<M>, "tuple";
        List: types::list::List<M>, "list";
        Dict: types::dict::Dict<M>, "dict";
        Set: types::set::Set<M>, "set";
        FrozenSet: types::set::FrozenSet<M>, "frozenset";
        Range: types::range::Range, "range";
        BigRange: types::range::BigRange<M>, "range";
        Slice: types::slice::Slice<M>, "slice";
        Instance: Attrs<M>, "object";
        Type: types::class::Type<M>, "type";
        Function: types::function::Function<M>, "function";
        Method: types::method::Method<M>, "method";
        Builtin: types::builtin::Builtin<M>, "builtin_function_or_method";
        MethodDescriptor: types::builtin::MethodDescriptor<M>, "method_descriptor";
        SlotWrapper: types::slot_wrapper::SlotWrapper<M>, "wrapper_descriptor";
        MethodWrapper: types::slot_wrapper::MethodWrapper<M>, "method-wrapper";
        ClassMethodDescriptor: types::builtin::ClassMethodDescriptor<M>, "classmethod_descriptor";
        GetSet: types::getset::GetSet<M>, "getset_descriptor";
        Member: types::getset::Member<M>, "member_descriptor";
        ClassMethod: types::property::ClassMethod<M>, "classmethod";
        StaticMethod: types::property::StaticMethod<M>, "staticmethod";
        Property: types::property::Property<M>, "property";
        Super: types::super_type::Super<M>, "super";
        Module: types::module::Module<M>, "module";
        Code: types::code::Code<M>, "code";
        Frame: types::frame::FrameObject<M>, "frame";
        Cell: types::cell::CellObject<M>, "cell";
        Generator: types::generator::Generator<M>, "generator";
        Coroutine: types::generator::Coroutine<M>, "coroutine";
        CoroutineWrapper: types::generator::CoroutineWrapper<M>, "coroutine_wrapper";
        AsyncGenerator: types::generator::AsyncGenerator<M>, "async_generator";
        Traceback: types::traceback::Traceback<M>, "traceback";
        Exception: types::exception::Exception<M>, "BaseException";
        MappingProxy: types::mappingproxy::MappingProxy<M>, "mappingproxy";
        DictKeys: types::dict_views::DictKeys<M>, "dict_keys";
        DictValues: types::dict_views::DictValues<M>, "dict_values";
        DictItems: types::dict_views::DictItems<M>, "dict_items";
        DictKeyIterator: types::dict_views::DictKeyIterator<M>, "dict_keyiterator";
        DictValueIterator: types::dict_views::DictValueIterator<M>, "dict_valueiterator";
        DictItemIterator: types::dict_views::DictItemIterator<M>, "dict_itemiterator";
        SetIterator: types::set_iterator::SetIterator<M>, "set_iterator";
        ListIterator: types::sequence_iterators::ListIterator<M>, "list_iterator";
        TupleIterator: types::sequence_iterators::TupleIterator<M>, "tuple_iterator";
        StrIterator: types::sequence_iterators::StrIterator<M>, "str_iterator";
        BytesIterator: types::sequence_iterators::BytesIterator<M>, "bytes_iterator";
        RangeIterator: types::range::RangeIterator, "range_iterator";
        SequenceIterator: types::sequence_iterators::SequenceIterator<M>, "iterator";
        CallableIterator: types::sequence_iterators::CallableIterator<M>, "callable_iterator";
        ReverseIterator: types::sequence_iterators::ReverseIterator<M>, "reversed";
        Enumerate: types::iterators::Enumerate<M>, "enumerate";
        Zip: types::iterators::Zip<M>, "zip";
        Map: types::iterators::Map<M>, "map";
        Filter: types::iterators::Filter<M>, "filter";
        Weakref: types::weakref::Weakref<M>, "weakref";
        Opaque: OpaqueBody<M>, "native object";
    }
}

/// The operations of the bodies of `kind`.
#[inline(always)]
pub fn body_ops<M: ObjectModel>(kind: Kind) -> &'static BodyOps<M> {
    &Table::<M>::OPS[kind as usize]
}

impl Kind {
    /// Whether bodies of this kind have memory of their own that can be larger than the cell.
    #[inline(always)]
    pub const fn owns_memory(self) -> bool {
        matches!(
            self,
            Kind::Str
                | Kind::Bytes
                | Kind::ByteArray
                | Kind::BigInt
                | Kind::List
                | Kind::Tuple
                | Kind::Dict
                | Kind::Set
                | Kind::FrozenSet
        )
    }
}

/// Number of kinds; class ids below it belong to their built-in classes.
pub const KIND_COUNT: usize = Kind::ALL.len();

macro_rules! leaves { ($($t:ty),*) => { $(
    impl<M: ObjectModel> Trace<M> for $t {
        const LEAF: bool = !std::mem::needs_drop::<$t>();
        #[inline]
        fn trace(&self, _: &mut M::Visitor) {}
    }
)* } }
leaves!(
    i64,
    f64,
    BigInt,
    types::complex::Complex,
    types::str::Str,
    types::bytes::Bytes,
    types::bytearray::ByteArray,
    types::range::Range,
    types::range::RangeIterator
);
