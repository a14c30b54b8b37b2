//! Type slots: the functions through which the machine works on objects.
//!
//! One row a slot. As in CPython's `PyTypeObject`, a class has a function
//! pointer for each protocol it takes part in; built-in types fill them with
//! native functions, `class` statements with functions that call the
//! special methods (`types/class/slot_dispatch.rs`), and assignment to a special method
//! of a class fills them again. Special method names that stand for a slot
//! are listed in [`SLOT_DEFS`] (CPython `Objects/typeobject.c`, `slotdefs`).

use super::model::ObjectModel;
use super::native::Args;
use super::{Res, V};
use crate::Vm;

/// The six comparisons, numbered as in `COMPARE_OP` and `cmp_op`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum CompareOp {
    Lt,
    Le,
    Eq,
    Ne,
    Gt,
    Ge,
}

impl CompareOp {
    /// All six, by number.
    pub const ALL: [CompareOp; 6] = [
        CompareOp::Lt,
        CompareOp::Le,
        CompareOp::Eq,
        CompareOp::Ne,
        CompareOp::Gt,
        CompareOp::Ge,
    ];

    /// The comparison with exchanged operands.
    pub fn swapped(self) -> CompareOp {
        match self {
            CompareOp::Lt => CompareOp::Gt,
            CompareOp::Le => CompareOp::Ge,
            CompareOp::Gt => CompareOp::Lt,
            CompareOp::Ge => CompareOp::Le,
            op => op,
        }
    }

    /// As written in a program.
    pub fn symbol(self) -> &'static str {
        ["<", "<=", "==", "!=", ">", ">="][self as usize]
    }

    /// Whether the comparison holds for operands so ordered.
    #[inline]
    pub fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            CompareOp::Lt => ordering.is_lt(),
            CompareOp::Le => ordering.is_le(),
            CompareOp::Eq => ordering.is_eq(),
            CompareOp::Ne => ordering.is_ne(),
            CompareOp::Gt => ordering.is_gt(),
            CompareOp::Ge => ordering.is_ge(),
        }
    }
}

/// `(self) -> value`.
pub type Unary<M> = fn(&mut Vm<M>, &V<M>) -> Res<V<M>>;
/// `(left, right) -> value or NotImplemented`. For operator slots either operand may be the owner.
pub type Binary<M> = fn(&mut Vm<M>, &V<M>, &V<M>) -> Res<V<M>>;
/// `(base, exponent, modulus or None) -> value or NotImplemented`.
pub type Ternary<M> = fn(&mut Vm<M>, &V<M>, &V<M>, &V<M>) -> Res<V<M>>;
/// `(self) -> bool`.
pub type Inquiry<M> = fn(&mut Vm<M>, &V<M>) -> Res<bool>;
/// `(self) -> length`.
pub type Length<M> = fn(&mut Vm<M>, &V<M>) -> Res<usize>;
/// `(self) -> hash`.
pub type Hash<M> = fn(&mut Vm<M>, &V<M>) -> Res<i64>;
/// `(self, key, value)`; no value deletes.
pub type Assign<M> = fn(&mut Vm<M>, &V<M>, &V<M>, Option<&V<M>>) -> Res<()>;
/// `(self, item) -> bool`.
pub type Contains<M> = fn(&mut Vm<M>, &V<M>, &V<M>) -> Res<bool>;
/// `(self, count) -> value`.
pub type Repeat<M> = fn(&mut Vm<M>, &V<M>, isize) -> Res<V<M>>;
/// `(self, other, op) -> value or NotImplemented`.
pub type Compare<M> = fn(&mut Vm<M>, &V<M>, &V<M>, CompareOp) -> Res<V<M>>;
/// `(self) -> next value; None at the end`.
pub type Next<M> = fn(&mut Vm<M>, &V<M>) -> Res<Option<V<M>>>;
/// `(self, arguments) -> value`.
pub type Call<M> = fn(&mut Vm<M>, &V<M>, Args<'_, M>) -> Res<V<M>>;
/// `(self, arguments)`.
pub type Init<M> = fn(&mut Vm<M>, &V<M>, Args<'_, M>) -> Res<()>;
/// `(descriptor, instance if any, owner class) -> value`.
pub type DescrGet<M> = fn(&mut Vm<M>, &V<M>, Option<&V<M>>, &V<M>) -> Res<V<M>>;
/// `(self)`: finalizer.
pub type Finalize<M> = fn(&mut Vm<M>, &V<M>) -> Res<()>;

macro_rules! slots {
    ($($(#[$doc:meta])* $field:ident $Variant:ident $Form:ident;)*) => {
        /// The slots of a class.
        pub struct Slots<M: ObjectModel> { $($(#[$doc])* pub $field: Option<$Form<M>>,)* }

        impl<M: ObjectModel> Clone for Slots<M> {
            fn clone(&self) -> Self { *self }
        }
        impl<M: ObjectModel> Copy for Slots<M> {}
        impl<M: ObjectModel> Default for Slots<M> {
            fn default() -> Self { Slots { $($field: None,)* } }
        }

        /// Names a slot.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u8)]
        #[allow(missing_docs)]
        pub enum Slot { $($Variant,)* }

        impl Slot {
            /// Every slot.
            pub const ALL: &'static [Slot] = &[$(Slot::$Variant,)*];
        }

        impl<M: ObjectModel> Slots<M> {
            /// The function in a slot.
            pub fn get(&self, slot: Slot) -> Option<SlotFn<M>> {
                match slot { $(Slot::$Variant => self.$field.map(SlotFn::$Form),)* }
            }

            /// Puts a function of the slot's form into it, or empties it. A function of
            /// another form empties it too.
            pub fn set(&mut self, slot: Slot, function: Option<SlotFn<M>>) {
                match slot {
                    $(Slot::$Variant => self.$field = match function {
                        Some(SlotFn::$Form(f)) => Some(f),
                        _ => None,
                    },)*
                }
            }

            /// Fills the empty slots from a base class's.
            pub fn inherit(&mut self, base: &Slots<M>) {
                $(if self.$field.is_none() { self.$field = base.$field; })*
            }
        }
    };
}

macro_rules! forms { ($($Form:ident,)*) => {
    /// A slot's function, whatever its form.
    #[allow(missing_docs)]
    pub enum SlotFn<M: ObjectModel> { $($Form($Form<M>),)* }
    impl<M: ObjectModel> Clone for SlotFn<M> { fn clone(&self) -> Self { *self } }
    impl<M: ObjectModel> Copy for SlotFn<M> {}
    impl<M: ObjectModel> SlotFn<M> {
        /// The function's address, for "is it the same function".
        pub fn address(&self) -> usize {
            match self { $(SlotFn::$Form(f) => *f as usize,)* }
        }
    }
} }
forms! { Unary, Binary, Ternary, Inquiry, Length, Hash, Assign, Contains, Repeat, Compare, Next, Call, Init, DescrGet, Finalize, }

slots! {
    /// `repr()`.
    repr Repr Unary;
    /// `str()`.
    str Str Unary;
    /// `hash()`. A class that is unhashable has none and `__hash__ = None`.
    hash Hash Hash;
    /// Call.
    call Call Call;
    /// Attribute access, whole (`tp_getattro`).
    getattro Getattro Binary;
    /// Attribute assignment and deletion, whole (`tp_setattro`).
    setattro Setattro Assign;
    /// Comparison.
    richcompare Richcompare Compare;
    /// `iter()`.
    iter Iter Unary;
    /// `next()`.
    iternext Iternext Next;
    /// Descriptor read.
    descr_get DescrGet DescrGet;
    /// Descriptor write and delete: (descriptor, instance, value).
    descr_set DescrSet Assign;
    /// `__init__`.
    init Init Init;
    /// `__new__`: (class, arguments).
    new New Call;
    /// `__del__`.
    finalize Finalize Finalize;
    /// `+`.
    add Add Binary;
    /// `-`.
    subtract Subtract Binary;
    /// `*`.
    multiply Multiply Binary;
    /// `@`.
    matrix_multiply MatrixMultiply Binary;
    /// `/`.
    true_divide TrueDivide Binary;
    /// `//`.
    floor_divide FloorDivide Binary;
    /// `%`.
    remainder Remainder Binary;
    /// `divmod()`.
    divmod Divmod Binary;
    /// `**` and `pow()`.
    power Power Ternary;
    /// `<<`.
    lshift Lshift Binary;
    /// `>>`.
    rshift Rshift Binary;
    /// `&`.
    and And Binary;
    /// `^`.
    xor Xor Binary;
    /// `|`.
    or Or Binary;
    /// `+=`.
    inplace_add InplaceAdd Binary;
    /// `-=`.
    inplace_subtract InplaceSubtract Binary;
    /// `*=`.
    inplace_multiply InplaceMultiply Binary;
    /// `@=`.
    inplace_matrix_multiply InplaceMatrixMultiply Binary;
    /// `/=`.
    inplace_true_divide InplaceTrueDivide Binary;
    /// `//=`.
    inplace_floor_divide InplaceFloorDivide Binary;
    /// `%=`.
    inplace_remainder InplaceRemainder Binary;
    /// `**=`: (base, exponent).
    inplace_power InplacePower Binary;
    /// `<<=`.
    inplace_lshift InplaceLshift Binary;
    /// `>>=`.
    inplace_rshift InplaceRshift Binary;
    /// `&=`.
    inplace_and InplaceAnd Binary;
    /// `^=`.
    inplace_xor InplaceXor Binary;
    /// `|=`.
    inplace_or InplaceOr Binary;
    /// Unary `-`.
    negative Negative Unary;
    /// Unary `+`.
    positive Positive Unary;
    /// `abs()`.
    absolute Absolute Unary;
    /// `~`.
    invert Invert Unary;
    /// Truth value.
    bool Bool Inquiry;
    /// `int()`.
    int Int Unary;
    /// `float()`.
    float Float Unary;
    /// `operator.index()`.
    index Index Unary;
    /// `len()`.
    len Len Length;
    /// `x[key]`.
    getitem Getitem Binary;
    /// `x[key] = value`, `del x[key]`.
    setitem Setitem Assign;
    /// `item in x`.
    contains Contains Contains;
    /// Sequence `+`, tried after `add`.
    concat Concat Binary;
    /// Sequence `*`, tried after `multiply`.
    repeat Repeat Repeat;
    /// Sequence `+=`.
    inplace_concat InplaceConcat Binary;
    /// Sequence `*=`.
    inplace_repeat InplaceRepeat Repeat;
    /// `await`.
    await_ Await Unary;
    /// `async for`, start.
    aiter Aiter Unary;
    /// `async for`, step.
    anext Anext Unary;
}

/// How a special method stands for its slot (CPython's `wrap_*` functions).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrap {
    /// The slot's own order of arguments.
    Direct,
    /// `__radd__` ...: operands exchanged.
    Reflected,
    /// One comparison of `richcompare`.
    Compare(CompareOp),
    /// `__setattr__`, `__setitem__`, `__set__`.
    Set,
    /// `__delattr__`, `__delitem__`, `__delete__`.
    Delete,
}

/// A special method and the slot it stands for.
#[derive(Debug, Clone, Copy)]
pub struct SlotDef {
    /// For example `__add__`.
    pub name: &'static str,
    /// The slot.
    pub slot: Slot,
    /// How.
    pub wrap: Wrap,
}

const fn def(name: &'static str, slot: Slot, wrap: Wrap) -> SlotDef {
    SlotDef { name, slot, wrap }
}

/// Every special method that stands for a slot. `__new__` is not among them:
/// it is a static method and has rules of its own.
pub const SLOT_DEFS: &[SlotDef] = &[
    def("__repr__", Slot::Repr, Wrap::Direct),
    def("__hash__", Slot::Hash, Wrap::Direct),
    def("__call__", Slot::Call, Wrap::Direct),
    def("__str__", Slot::Str, Wrap::Direct),
    def("__getattribute__", Slot::Getattro, Wrap::Direct),
    def("__getattr__", Slot::Getattro, Wrap::Reflected),
    def("__setattr__", Slot::Setattro, Wrap::Set),
    def("__delattr__", Slot::Setattro, Wrap::Delete),
    def("__lt__", Slot::Richcompare, Wrap::Compare(CompareOp::Lt)),
    def("__le__", Slot::Richcompare, Wrap::Compare(CompareOp::Le)),
    def("__eq__", Slot::Richcompare, Wrap::Compare(CompareOp::Eq)),
    def("__ne__", Slot::Richcompare, Wrap::Compare(CompareOp::Ne)),
    def("__gt__", Slot::Richcompare, Wrap::Compare(CompareOp::Gt)),
    def("__ge__", Slot::Richcompare, Wrap::Compare(CompareOp::Ge)),
    def("__iter__", Slot::Iter, Wrap::Direct),
    def("__next__", Slot::Iternext, Wrap::Direct),
    def("__get__", Slot::DescrGet, Wrap::Direct),
    def("__set__", Slot::DescrSet, Wrap::Set),
    def("__delete__", Slot::DescrSet, Wrap::Delete),
    def("__init__", Slot::Init, Wrap::Direct),
    def("__del__", Slot::Finalize, Wrap::Direct),
    def("__await__", Slot::Await, Wrap::Direct),
    def("__aiter__", Slot::Aiter, Wrap::Direct),
    def("__anext__", Slot::Anext, Wrap::Direct),
    def("__add__", Slot::Add, Wrap::Direct),
    def("__radd__", Slot::Add, Wrap::Reflected),
    def("__sub__", Slot::Subtract, Wrap::Direct),
    def("__rsub__", Slot::Subtract, Wrap::Reflected),
    def("__mul__", Slot::Multiply, Wrap::Direct),
    def("__rmul__", Slot::Multiply, Wrap::Reflected),
    def("__mod__", Slot::Remainder, Wrap::Direct),
    def("__rmod__", Slot::Remainder, Wrap::Reflected),
    def("__divmod__", Slot::Divmod, Wrap::Direct),
    def("__rdivmod__", Slot::Divmod, Wrap::Reflected),
    def("__pow__", Slot::Power, Wrap::Direct),
    def("__rpow__", Slot::Power, Wrap::Reflected),
    def("__neg__", Slot::Negative, Wrap::Direct),
    def("__pos__", Slot::Positive, Wrap::Direct),
    def("__abs__", Slot::Absolute, Wrap::Direct),
    def("__bool__", Slot::Bool, Wrap::Direct),
    def("__invert__", Slot::Invert, Wrap::Direct),
    def("__lshift__", Slot::Lshift, Wrap::Direct),
    def("__rlshift__", Slot::Lshift, Wrap::Reflected),
    def("__rshift__", Slot::Rshift, Wrap::Direct),
    def("__rrshift__", Slot::Rshift, Wrap::Reflected),
    def("__and__", Slot::And, Wrap::Direct),
    def("__rand__", Slot::And, Wrap::Reflected),
    def("__xor__", Slot::Xor, Wrap::Direct),
    def("__rxor__", Slot::Xor, Wrap::Reflected),
    def("__or__", Slot::Or, Wrap::Direct),
    def("__ror__", Slot::Or, Wrap::Reflected),
    def("__int__", Slot::Int, Wrap::Direct),
    def("__float__", Slot::Float, Wrap::Direct),
    def("__iadd__", Slot::InplaceAdd, Wrap::Direct),
    def("__isub__", Slot::InplaceSubtract, Wrap::Direct),
    def("__imul__", Slot::InplaceMultiply, Wrap::Direct),
    def("__imod__", Slot::InplaceRemainder, Wrap::Direct),
    def("__ipow__", Slot::InplacePower, Wrap::Direct),
    def("__ilshift__", Slot::InplaceLshift, Wrap::Direct),
    def("__irshift__", Slot::InplaceRshift, Wrap::Direct),
    def("__iand__", Slot::InplaceAnd, Wrap::Direct),
    def("__ixor__", Slot::InplaceXor, Wrap::Direct),
    def("__ior__", Slot::InplaceOr, Wrap::Direct),
    def("__floordiv__", Slot::FloorDivide, Wrap::Direct),
    def("__rfloordiv__", Slot::FloorDivide, Wrap::Reflected),
    def("__truediv__", Slot::TrueDivide, Wrap::Direct),
    def("__rtruediv__", Slot::TrueDivide, Wrap::Reflected),
    def("__ifloordiv__", Slot::InplaceFloorDivide, Wrap::Direct),
    def("__itruediv__", Slot::InplaceTrueDivide, Wrap::Direct),
    def("__index__", Slot::Index, Wrap::Direct),
    def("__matmul__", Slot::MatrixMultiply, Wrap::Direct),
    def("__rmatmul__", Slot::MatrixMultiply, Wrap::Reflected),
    def("__imatmul__", Slot::InplaceMatrixMultiply, Wrap::Direct),
    def("__len__", Slot::Len, Wrap::Direct),
    def("__getitem__", Slot::Getitem, Wrap::Direct),
    def("__setitem__", Slot::Setitem, Wrap::Set),
    def("__delitem__", Slot::Setitem, Wrap::Delete),
    def("__contains__", Slot::Contains, Wrap::Direct),
    // Sequence forms share their names with the number forms above; a type fills one of the two.
    def("__add__", Slot::Concat, Wrap::Direct),
    def("__mul__", Slot::Repeat, Wrap::Direct),
    def("__rmul__", Slot::Repeat, Wrap::Reflected),
    def("__iadd__", Slot::InplaceConcat, Wrap::Direct),
    def("__imul__", Slot::InplaceRepeat, Wrap::Direct),
];
