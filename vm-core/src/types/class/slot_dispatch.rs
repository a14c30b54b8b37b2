//! Slots that call special methods: what a `class` statement puts into a slot for `__add__`,
//! `__len__`, `__getattr__` ...
//!
//! One small function a protocol, instantiated once a special method by the index of its row in
//! [`SLOT_DEFS`]. The method is looked up on the class at every call, so a slot stays right when
//! the method is replaced. Which slots a class has is decided in [`super::slot_update`].
//! CPython `Objects/typeobject.c`, `SLOT0` .. `SLOT1BINFULL` and the `slot_*` functions.

use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::slots::{Binary, SLOT_DEFS, SlotFn, Wrap};
use crate::object::{Args, CompareOp, Kind, ObjectModel, Raised, Res, Slot, V, Value};
use crate::types::slot_wrapper::SlotWrapper;
use smallvec::SmallVec;

/// Index in [`SLOT_DEFS`] of the first row with this name.
pub const fn at(name: &str) -> usize {
    let name = name.as_bytes();
    let mut i = 0;
    while i < SLOT_DEFS.len() {
        let row = SLOT_DEFS[i].name.as_bytes();
        let mut k = 0;
        while k < row.len() && k < name.len() && row[k] == name[k] {
            k += 1;
        }
        if k == row.len() && k == name.len() {
            return i;
        }
        i += 1;
    }
    panic!("no special method of that name")
}

const LT: usize = at("__lt__");

impl<M: ObjectModel> Vm<M> {
    /// The interned name of a row of [`SLOT_DEFS`].
    #[inline]
    pub fn slot_name(&self, def: usize) -> V<M> {
        self.interp.once.slot_names[def].clone()
    }

    /// Makes the interned names of [`Vm::slot_name`]; called once at start.
    pub fn intern_slot_names(&mut self) {
        let names = SLOT_DEFS.iter().map(|d| self.intern(d.name)).collect();
        self.interp.once.slot_names = names;
    }

    /// The special method of a row, as found on the class of `v`, not bound.
    #[inline]
    pub fn special_attr(&mut self, v: &V<M>, def: usize) -> Option<V<M>> {
        let name = self.slot_name(def);
        self.lookup_class_attr(v.tag().class(), &name)
    }

    /// Calls what was found on the class of `words[0]` as a method: a plain function gets the
    /// receiver as its first argument, anything else is bound first.
    pub fn invoke(&mut self, attr: &V<M>, words: &[V<M>]) -> Res<V<M>> {
        match attr.kind() {
            Kind::Function => self.call_function(attr, Args::new(words)),
            Kind::MethodDescriptor => self.call_descriptor(attr, Args::new(words)),
            _ => {
                let owner = self.type_of(&words[0]);
                let bound = self.bind(attr, Some(&words[0]), &owner)?;
                self.call_values(&bound, &words[1..])
            }
        }
    }

    /// As [`Vm::invoke`] with any arguments after the receiver.
    pub fn invoke_args(&mut self, attr: &V<M>, receiver: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
        if attr.kind() != Kind::Function {
            let owner = self.type_of(receiver);
            let bound = self.bind(attr, Some(receiver), &owner)?;
            return self.call(&bound, args);
        }
        let mut all: SmallVec<[V<M>; 8]> = SmallVec::with_capacity(args.pos.len() + 1);
        all.push(receiver.clone());
        all.extend(args.pos.iter().cloned());
        self.call_function(
            attr,
            Args {
                pos: &all,
                kw: args.kw,
            },
        )
    }

    /// `call_method` of CPython's slots: the special method must exist, else AttributeError with
    /// its name.
    fn invoke_special(&mut self, def: usize, words: &[V<M>]) -> Res<V<M>> {
        match self.special_attr(&words[0], def) {
            Some(f) => self.invoke(&f, words),
            None => Err(self.raise(Exc::AttributeError, SLOT_DEFS[def].name)),
        }
    }

    /// `call_maybe`: NotImplemented where the class has no such method.
    fn invoke_maybe(&mut self, def: usize, words: &[V<M>]) -> Res<V<M>> {
        match self.special_attr(&words[0], def) {
            Some(f) => self.invoke(&f, words),
            None => Ok(V::<M>::not_implemented()),
        }
    }

    /// The next value of an iterator, or StopIteration raised: where the iterator's `__next__` is
    /// written in Python, the very exception it raised, with its value.
    pub fn next_or_stop(&mut self, it: &V<M>) -> Res<V<M>> {
        if let Some(f) = self.slots(it).iternext
            && f as usize == slot_next::<M> as crate::object::slots::Next<M> as usize
        {
            return self.invoke_special(const { at("__next__") }, std::slice::from_ref(it));
        }
        if let Some(step) = crate::types::generator::asynchronous::step_once(self, it) {
            return step;
        }
        match self.next(it)? {
            Some(v) => Ok(v),
            None => Err(self.raise_stop_iteration(None)),
        }
    }
}

fn slot_unary<M: ObjectModel, const D: usize>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    vm.invoke_special(D, std::slice::from_ref(v))
}

fn slot_repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    match vm.special_attr(v, const { at("__repr__") }) {
        Some(f) => vm.invoke(&f, std::slice::from_ref(v)),
        None => {
            let text = format!("<{} object at {:#x}>", vm.type_name(v), v.bits());
            Ok(vm.new_str(text))
        }
    }
}

fn slot_str<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    match vm.special_attr(v, const { at("__str__") }) {
        Some(f) => vm.invoke(&f, std::slice::from_ref(v)),
        None => slot_repr(vm, v),
    }
}

fn slot_await<M: ObjectModel, const D: usize>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    match vm.special_attr(v, D) {
        Some(f) => vm.invoke(&f, std::slice::from_ref(v)),
        None => {
            let m = format!(
                "object {} does not have {} method",
                vm.type_name(v),
                SLOT_DEFS[D].name
            );
            Err(vm.raise(Exc::AttributeError, m))
        }
    }
}

fn slot_hash<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<i64> {
    let f = match vm.special_attr(v, const { at("__hash__") }) {
        Some(f) if !f.is_none() => f,
        _ => {
            let m = format!("unhashable type: '{}'", vm.type_name(v));
            return Err(vm.raise_type_error(m));
        }
    };
    let r = vm.invoke(&f, std::slice::from_ref(v))?;
    match r.as_int() {
        None => Err(vm.raise_type_error("__hash__ method should return an integer")),
        // A value that fits is taken as it is, not reduced as `hash(int)` would.
        Some(i) => match i.to_i64() {
            Some(-1) => Ok(-2),
            Some(h) => Ok(h),
            None => {
                let plain = vm.new_int_from(i);
                vm.hash(&plain)
            }
        },
    }
}

fn slot_call<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    match vm.special_attr(v, const { at("__call__") }) {
        Some(f) => vm.invoke_args(&f, v, args),
        None => Err(vm.raise(Exc::AttributeError, "__call__")),
    }
}

fn slot_init<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<()> {
    let Some(f) = vm.special_attr(v, const { at("__init__") }) else {
        return Err(vm.raise(Exc::AttributeError, "__init__"));
    };
    let r = vm.invoke_args(&f, v, args)?;
    if r.is_none() {
        return Ok(());
    }
    let m = format!("__init__() should return None, not '{}'", vm.type_name(&r));
    Err(vm.raise_type_error(m))
}

fn slot_new<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let name = vm.intern("__new__");
    let f = vm.get_attr(class, &name)?;
    let mut all: SmallVec<[V<M>; 8]> = SmallVec::with_capacity(args.pos.len() + 1);
    all.push(class.clone());
    all.extend(args.pos.iter().cloned());
    vm.call(
        &f,
        Args {
            pos: &all,
            kw: args.kw,
        },
    )
}

fn slot_finalize<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<()> {
    match vm.special_attr(v, const { at("__del__") }) {
        Some(f) => vm.invoke(&f, std::slice::from_ref(v)).map(drop),
        None => Ok(()),
    }
}

/// `object.__getattribute__`'s own wrapper needs no call through Python.
fn native_getattro<M: ObjectModel>(attr: &V<M>) -> Option<Binary<M>> {
    match attr.get::<SlotWrapper<M>>() {
        Some(SlotWrapper {
            slot: Slot::Getattro,
            function: SlotFn::Binary(f),
            ..
        }) => Some(*f),
        _ => None,
    }
}

fn slot_getattro<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, name: &V<M>) -> Res<V<M>> {
    let hook = vm.special_attr(v, const { at("__getattr__") });
    let own = vm.special_attr(v, const { at("__getattribute__") });
    let default = own.as_ref().is_none_or(|f| {
        f.get::<SlotWrapper<M>>()
            .is_some_and(|w| super::slot_update::is_object_wrapper(w))
    });
    let first = if default {
        match vm.generic_find_attr(v, name) {
            Ok(Some(x)) => return Ok(x),
            Ok(None) if hook.is_none() => return Err(vm.raise_no_attribute(v, name)),
            Ok(None) => None,
            Err(e) => Some(e),
        }
    } else {
        let f = own.unwrap_or_else(V::<M>::null);
        let r = match native_getattro::<M>(&f) {
            Some(native) => native(vm, v, name),
            None => vm.invoke(&f, &[v.clone(), name.clone()]),
        };
        match r {
            Ok(x) => return Ok(x),
            Err(e) => Some(e),
        }
    };
    let Some(hook) = hook else {
        return Err(first.unwrap_or(Raised));
    };
    if first.is_some() {
        vm.swallow(Exc::AttributeError)?;
    }
    vm.invoke(&hook, &[v.clone(), name.clone()])
}

/// The form of `__setattr__`, `__setitem__`, `__set__` (row `SET`) and their deletions (`DELETE`).
fn slot_assign<M: ObjectModel, const SET: usize, const DELETE: usize>(
    vm: &mut Vm<M>,
    v: &V<M>,
    key: &V<M>,
    value: Option<&V<M>>,
) -> Res<()> {
    match value {
        Some(x) => vm.invoke_special(SET, &[v.clone(), key.clone(), x.clone()]),
        None => vm.invoke_special(DELETE, &[v.clone(), key.clone()]),
    }
    .map(drop)
}

fn slot_richcompare<M: ObjectModel>(
    vm: &mut Vm<M>,
    a: &V<M>,
    b: &V<M>,
    op: CompareOp,
) -> Res<V<M>> {
    let Some(f) = vm.special_attr(a, LT + op as usize) else {
        return Ok(V::<M>::not_implemented());
    };
    if let Some(w) = f.get::<SlotWrapper<M>>()
        && let SlotFn::Compare(native) = w.function
        && vm.is_instance_of_class(a, &w.owner)
    {
        return native(vm, a, b, op);
    }
    vm.invoke(&f, &[a.clone(), b.clone()])
}

/// The end of the iteration is the exception StopIteration.
pub fn slot_next<M: ObjectModel>(vm: &mut Vm<M>, it: &V<M>) -> Res<Option<V<M>>> {
    match vm.invoke_special(const { at("__next__") }, std::slice::from_ref(it)) {
        Ok(v) => Ok(Some(v)),
        Err(_) => {
            vm.swallow(Exc::StopIteration)?;
            Ok(None)
        }
    }
}

fn slot_iter<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    match vm.special_attr(v, const { at("__iter__") }) {
        Some(f) => vm.invoke(&f, std::slice::from_ref(v)),
        None => {
            let m = format!("'{}' object is not iterable", vm.type_name(v));
            Err(vm.raise_type_error(m))
        }
    }
}

fn slot_descr_get<M: ObjectModel>(
    vm: &mut Vm<M>,
    descriptor: &V<M>,
    object: Option<&V<M>>,
    owner: &V<M>,
) -> Res<V<M>> {
    let Some(f) = vm.special_attr(descriptor, const { at("__get__") }) else {
        return Ok(descriptor.clone());
    };
    let object = object.cloned().unwrap_or_else(V::<M>::none);
    let owner = if owner.is_null() {
        V::<M>::none()
    } else {
        owner.clone()
    };
    // Called with the descriptor as first argument without binding, as CPython does.
    vm.call_values(&f, &[descriptor.clone(), object, owner])
}

fn slot_bool<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<bool> {
    let Some(f) = vm.special_attr(v, const { at("__bool__") }) else {
        return match vm.special_attr(v, const { at("__len__") }) {
            Some(f) => {
                let r = vm.invoke(&f, std::slice::from_ref(v))?;
                vm.is_true(&r)
            }
            None => Ok(true),
        };
    };
    let r = vm.invoke(&f, std::slice::from_ref(v))?;
    if r.is_true() || r.is_false() {
        return Ok(r.is_true());
    }
    let m = format!("__bool__ should return bool, returned {}", vm.type_name(&r));
    Err(vm.raise_type_error(m))
}

fn slot_len<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<usize> {
    let r = vm.invoke_special(const { at("__len__") }, std::slice::from_ref(v))?;
    let n = match r.small_int() {
        Some(n) => n,
        None => vm.index_as_isize(&r, Exc::OverflowError)? as i64,
    };
    match usize::try_from(n) {
        Ok(n) => Ok(n),
        Err(_) => Err(vm.raise_value_error("__len__() should return >= 0")),
    }
}

fn slot_contains<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, item: &V<M>) -> Res<bool> {
    if let Some(f) = vm.special_attr(v, const { at("__contains__") }) {
        let r = vm.invoke(&f, &[v.clone(), item.clone()])?;
        return vm.is_true(&r);
    }
    vm.contains_by_iteration(v, item)
}

/// `x.__iadd__(y)` and `x.__getitem__(y)`: no reflected form.
fn slot_binary_plain<M: ObjectModel, const D: usize>(
    vm: &mut Vm<M>,
    a: &V<M>,
    b: &V<M>,
) -> Res<V<M>> {
    vm.invoke_special(D, &[a.clone(), b.clone()])
}

/// Whether the classes' `name` methods differ, so that the right operand's goes first.
fn is_overloaded<M: ObjectModel>(vm: &mut Vm<M>, left: &V<M>, right: &V<M>, def: usize) -> bool {
    match (vm.special_attr(left, def), vm.special_attr(right, def)) {
        (_, None) => false,
        (None, Some(_)) => true,
        (Some(a), Some(b)) => !a.is(&b),
    }
}

/// A binary operator: row `D` is `__op__`, the next one `__rop__` (`SLOT1BINFULL`).
fn slot_binary<M: ObjectModel, const D: usize>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>) -> Res<V<M>> {
    let this = slot_binary::<M, D> as Binary<M> as usize;
    binary_full(vm, D, this, a, b)
}

fn binary_full<M: ObjectModel>(
    vm: &mut Vm<M>,
    def: usize,
    this: usize,
    a: &V<M>,
    b: &V<M>,
) -> Res<V<M>> {
    let slot = SLOT_DEFS[def].slot;
    let has = |vm: &Vm<M>, v: &V<M>| vm.slots(v).get(slot).is_some_and(|f| f.address() == this);
    let (ta, tb) = (a.tag().class(), b.tag().class());
    let mut do_other = ta != tb && has(vm, b);
    // Where the classes are the same, the slot that led here is both operands'.
    if ta == tb || has(vm, a) {
        if do_other && vm.class_is_subclass(tb, ta) && is_overloaded(vm, a, b, def + 1) {
            let r = vm.invoke_maybe(def + 1, &[b.clone(), a.clone()])?;
            if !r.is_not_implemented() {
                return Ok(r);
            }
            do_other = false;
        }
        let r = vm.invoke_maybe(def, &[a.clone(), b.clone()])?;
        if !r.is_not_implemented() || ta == tb {
            return Ok(r);
        }
    }
    if do_other {
        return vm.invoke_maybe(def + 1, &[b.clone(), a.clone()]);
    }
    Ok(V::<M>::not_implemented())
}

fn slot_power<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>, modulus: &V<M>) -> Res<V<M>> {
    let this = slot_power::<M> as crate::object::slots::Ternary<M> as usize;
    if modulus.is_none() {
        return binary_full(vm, const { at("__pow__") }, this, a, b);
    }
    // Three arguments have no reflected form.
    if vm.slots(a).power.is_some_and(|f| f as usize == this) {
        let words = [a.clone(), b.clone(), modulus.clone()];
        return vm.invoke_special(const { at("__pow__") }, &words);
    }
    Ok(V::<M>::not_implemented())
}

/// The function that a class with Python special methods has in a slot; none for the sequence
/// forms, whose methods go to the number slots.
pub fn generic<M: ObjectModel>(slot: Slot) -> Option<SlotFn<M>> {
    macro_rules! unary {
        ($name:literal) => {
            SlotFn::Unary(slot_unary::<M, { at($name) }>)
        };
    }
    macro_rules! binary {
        ($name:literal) => {
            SlotFn::Binary(slot_binary::<M, { at($name) }>)
        };
    }
    macro_rules! plain {
        ($name:literal) => {
            SlotFn::Binary(slot_binary_plain::<M, { at($name) }>)
        };
    }
    macro_rules! assign {
        ($set:literal, $delete:literal) => {
            SlotFn::Assign(slot_assign::<M, { at($set) }, { at($delete) }>)
        };
    }
    Some(match slot {
        Slot::Repr => SlotFn::Unary(slot_repr),
        Slot::Str => SlotFn::Unary(slot_str),
        Slot::Hash => SlotFn::Hash(slot_hash),
        Slot::Call => SlotFn::Call(slot_call),
        Slot::Getattro => SlotFn::Binary(slot_getattro),
        Slot::Setattro => assign!("__setattr__", "__delattr__"),
        Slot::Richcompare => SlotFn::Compare(slot_richcompare),
        Slot::Iter => SlotFn::Unary(slot_iter),
        Slot::Iternext => SlotFn::Next(slot_next),
        Slot::DescrGet => SlotFn::DescrGet(slot_descr_get),
        Slot::DescrSet => assign!("__set__", "__delete__"),
        Slot::Init => SlotFn::Init(slot_init),
        Slot::New => SlotFn::Call(slot_new),
        Slot::Finalize => SlotFn::Finalize(slot_finalize),
        Slot::Add => binary!("__add__"),
        Slot::Subtract => binary!("__sub__"),
        Slot::Multiply => binary!("__mul__"),
        Slot::MatrixMultiply => binary!("__matmul__"),
        Slot::TrueDivide => binary!("__truediv__"),
        Slot::FloorDivide => binary!("__floordiv__"),
        Slot::Remainder => binary!("__mod__"),
        Slot::Divmod => binary!("__divmod__"),
        Slot::Power => SlotFn::Ternary(slot_power),
        Slot::Lshift => binary!("__lshift__"),
        Slot::Rshift => binary!("__rshift__"),
        Slot::And => binary!("__and__"),
        Slot::Xor => binary!("__xor__"),
        Slot::Or => binary!("__or__"),
        Slot::InplaceAdd => plain!("__iadd__"),
        Slot::InplaceSubtract => plain!("__isub__"),
        Slot::InplaceMultiply => plain!("__imul__"),
        Slot::InplaceMatrixMultiply => plain!("__imatmul__"),
        Slot::InplaceTrueDivide => plain!("__itruediv__"),
        Slot::InplaceFloorDivide => plain!("__ifloordiv__"),
        Slot::InplaceRemainder => plain!("__imod__"),
        Slot::InplacePower => plain!("__ipow__"),
        Slot::InplaceLshift => plain!("__ilshift__"),
        Slot::InplaceRshift => plain!("__irshift__"),
        Slot::InplaceAnd => plain!("__iand__"),
        Slot::InplaceXor => plain!("__ixor__"),
        Slot::InplaceOr => plain!("__ior__"),
        Slot::Negative => unary!("__neg__"),
        Slot::Positive => unary!("__pos__"),
        Slot::Absolute => unary!("__abs__"),
        Slot::Invert => unary!("__invert__"),
        Slot::Bool => SlotFn::Inquiry(slot_bool),
        Slot::Int => unary!("__int__"),
        Slot::Float => unary!("__float__"),
        Slot::Index => unary!("__index__"),
        Slot::Len => SlotFn::Length(slot_len),
        Slot::Getitem => plain!("__getitem__"),
        Slot::Setitem => assign!("__setitem__", "__delitem__"),
        Slot::Contains => SlotFn::Contains(slot_contains),
        Slot::Concat | Slot::Repeat | Slot::InplaceConcat | Slot::InplaceRepeat => return None,
        Slot::Await => SlotFn::Unary(slot_await::<M, { at("__await__") }>),
        Slot::Aiter => SlotFn::Unary(slot_await::<M, { at("__aiter__") }>),
        Slot::Anext => SlotFn::Unary(slot_await::<M, { at("__anext__") }>),
    })
}

const _: () = {
    // `binary_full` takes the reflected method from the next row, `slot_richcompare` counts from `__lt__`.
    let mut i = 0;
    while i + 1 < SLOT_DEFS.len() {
        if matches!(SLOT_DEFS[i + 1].wrap, Wrap::Reflected) {
            assert!(SLOT_DEFS[i].slot as u8 == SLOT_DEFS[i + 1].slot as u8);
        }
        i += 1;
    }
    assert!(matches!(
        SLOT_DEFS[LT + 5].wrap,
        Wrap::Compare(CompareOp::Ge)
    ));
};
