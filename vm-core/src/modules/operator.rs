//! `operator`: the operators as functions, and getters. CPython `Modules/_operator.c`.

use super::builder::ModuleBuilder;
use super::opaque_body::{Values, body, opaque_body};
use crate::Vm;
use crate::machine::errors::Exc;
use crate::machine::operators::BinaryOp;
use crate::object::slots::Slot;
use crate::object::{Args, CompareOp, NativeFn, ObjectModel, Res, V, Value, ValueCell};
use crate::types::certain::certain_eq;
use crate::types::str::Str;

/// The binary operators: name of the function, name in its error, operator.
const BINARY: [(&str, BinaryOp); 13] = [
    ("add", BinaryOp::Add),
    ("sub", BinaryOp::Subtract),
    ("mul", BinaryOp::Multiply),
    ("matmul", BinaryOp::MatrixMultiply),
    ("truediv", BinaryOp::TrueDivide),
    ("floordiv", BinaryOp::FloorDivide),
    ("mod", BinaryOp::Remainder),
    ("pow", BinaryOp::Power),
    ("lshift", BinaryOp::Lshift),
    ("rshift", BinaryOp::Rshift),
    ("and_", BinaryOp::And),
    ("xor", BinaryOp::Xor),
    ("or_", BinaryOp::Or),
];

fn binary<M: ObjectModel, const N: usize>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (name, op) = BINARY[N];
    let [a, b] = args.unpack::<2>(vm, &format_name(name))?;
    vm.binary(op, a, b)
}

/// The name under which `PyArg_UnpackTuple` knows the function.
fn format_name(name: &str) -> String {
    format!("op_{name}")
}

const INPLACE_NAMES: [&str; 13] = [
    "iadd",
    "isub",
    "imul",
    "imatmul",
    "itruediv",
    "ifloordiv",
    "imod",
    "ipow",
    "ilshift",
    "irshift",
    "iand",
    "ixor",
    "ior",
];

fn inplace<M: ObjectModel, const N: usize>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [a, b] = args.unpack::<2>(vm, &format_name(INPLACE_NAMES[N]))?;
    vm.inplace(BINARY[N].1, a, b)
}

const COMPARISONS: [&str; 6] = ["lt", "le", "eq", "ne", "gt", "ge"];

fn comparison<M: ObjectModel, const N: usize>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [a, b] = args.unpack::<2>(vm, &format_name(COMPARISONS[N]))?;
    vm.compare(CompareOp::ALL[N], a, b)
}

const UNARY: [(&str, Slot); 4] = [
    ("neg", Slot::Negative),
    ("pos", Slot::Positive),
    ("invert", Slot::Invert),
    ("abs", Slot::Absolute),
];

fn unary<M: ObjectModel, const N: usize>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [x] = args.exact::<1>(vm, UNARY[N].0)?;
    vm.unary(UNARY[N].1, x)
}

/// Makes the module.
pub fn make<M: ObjectModel>(vm: &mut Vm<M>) -> Res<V<M>> {
    let itemgetter = getter_class(vm, "itemgetter", new_itemgetter::<M>, call_itemgetter::<M>);
    let attrgetter = getter_class(vm, "attrgetter", new_attrgetter::<M>, call_attrgetter::<M>);
    let methodcaller = getter_class(
        vm,
        "methodcaller",
        new_methodcaller::<M>,
        call_methodcaller::<M>,
    );
    let binaries: [NativeFn<M>; 13] = [
        binary::<M, 0>,
        binary::<M, 1>,
        binary::<M, 2>,
        binary::<M, 3>,
        binary::<M, 4>,
        binary::<M, 5>,
        binary::<M, 6>,
        binary::<M, 7>,
        binary::<M, 8>,
        binary::<M, 9>,
        binary::<M, 10>,
        binary::<M, 11>,
        binary::<M, 12>,
    ];
    let inplaces: [NativeFn<M>; 13] = [
        inplace::<M, 0>,
        inplace::<M, 1>,
        inplace::<M, 2>,
        inplace::<M, 3>,
        inplace::<M, 4>,
        inplace::<M, 5>,
        inplace::<M, 6>,
        inplace::<M, 7>,
        inplace::<M, 8>,
        inplace::<M, 9>,
        inplace::<M, 10>,
        inplace::<M, 11>,
        inplace::<M, 12>,
    ];
    let comparisons: [NativeFn<M>; 6] = [
        comparison::<M, 0>,
        comparison::<M, 1>,
        comparison::<M, 2>,
        comparison::<M, 3>,
        comparison::<M, 4>,
        comparison::<M, 5>,
    ];
    let unaries: [NativeFn<M>; 4] = [unary::<M, 0>, unary::<M, 1>, unary::<M, 2>, unary::<M, 3>];
    let others: [(&'static str, NativeFn<M>); 16] = [
        ("inv", unary::<M, 2>),
        ("truth", truth::<M>),
        ("not_", not::<M>),
        ("is_", is::<M>),
        ("is_not", is_not::<M>),
        ("index", index::<M>),
        ("contains", contains::<M>),
        ("concat", concat::<M>),
        ("iconcat", iconcat::<M>),
        ("countOf", count_of::<M>),
        ("indexOf", index_of::<M>),
        ("getitem", getitem::<M>),
        ("setitem", setitem::<M>),
        ("delitem", delitem::<M>),
        ("length_hint", length_hint::<M>),
        ("_compare_digest", compare_digest::<M>),
    ];
    let mut module = ModuleBuilder::new(vm, "operator")
        .class("itemgetter", itemgetter)
        .class("attrgetter", attrgetter)
        .class("methodcaller", methodcaller);
    let all = (BINARY.iter().map(|b| b.0).zip(binaries))
        .chain(INPLACE_NAMES.into_iter().zip(inplaces))
        .chain(COMPARISONS.into_iter().zip(comparisons))
        .chain(UNARY.iter().map(|u| u.0).zip(unaries))
        .chain(others);
    for (name, f) in all {
        module = module.function(name, f);
        // `__add__` is the same function as `add`, and so on.
        if !matches!(
            name,
            "truth" | "is_" | "is_not" | "countOf" | "indexOf" | "length_hint" | "_compare_digest"
        ) {
            let special = format!("__{}__", name.trim_end_matches('_'));
            module = module.alias(&special, name);
        }
    }
    Ok(module.done())
}

fn truth<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [x] = args.exact::<1>(vm, "truth")?;
    Ok(V::<M>::bool(vm.is_true(x)?))
}

fn not<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [x] = args.exact::<1>(vm, "not_")?;
    Ok(V::<M>::bool(!vm.is_true(x)?))
}

fn is<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [a, b] = args.unpack::<2>(vm, "is_")?;
    Ok(V::<M>::bool(a.is(b)))
}

fn is_not<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [a, b] = args.unpack::<2>(vm, "is_not")?;
    Ok(V::<M>::bool(!a.is(b)))
}

fn index<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [x] = args.exact::<1>(vm, "index")?;
    vm.index(x)
}

fn contains<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [a, b] = args.unpack::<2>(vm, "op_contains")?;
    Ok(V::<M>::bool(vm.contains(a, b)?))
}

/// TypeError unless both are sequences.
fn check_concat<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>) -> Res<()> {
    for v in [a, b] {
        if vm.slots(v).getitem.is_none() {
            let m = format!("'{}' object can't be concatenated", vm.type_name(a));
            return Err(vm.raise_type_error(m));
        }
    }
    Ok(())
}

fn concat<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [a, b] = args.unpack::<2>(vm, "op_concat")?;
    check_concat(vm, a, b)?;
    vm.binary(BinaryOp::Add, a, b)
}

fn iconcat<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [a, b] = args.unpack::<2>(vm, "op_iconcat")?;
    check_concat(vm, a, b)?;
    vm.inplace(BinaryOp::Add, a, b)
}

/// Calls `f` with the position of each element of `sequence` that equals `wanted`, until it
/// returns false.
fn each_equal<M: ObjectModel>(
    vm: &mut Vm<M>,
    sequence: &V<M>,
    wanted: &V<M>,
    mut f: impl FnMut(usize) -> bool,
) -> Res<()> {
    let it = vm.iter(sequence)?;
    vm.holding(|vm| {
        let mut i = 0;
        while let Some(x) = vm.next(&it)? {
            let eq = match certain_eq::<M>(wanted, &x) {
                Some(eq) => eq,
                None => vm.is_equal(wanted, &x)?,
            };
            if eq && !f(i) {
                break;
            }
            i += 1;
        }
        Ok(())
    })
}

fn count_of<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [a, b] = args.unpack::<2>(vm, "countOf")?;
    let mut n = 0;
    each_equal(vm, a, b, |_| {
        n += 1;
        true
    })?;
    Ok(vm.new_usize(n))
}

fn index_of<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [a, b] = args.unpack::<2>(vm, "indexOf")?;
    let mut at = None;
    each_equal(vm, a, b, |i| {
        at = Some(i);
        false
    })?;
    match at {
        Some(i) => Ok(vm.new_usize(i)),
        None => Err(vm.raise_value_error("sequence.index(x): x not in sequence")),
    }
}

fn getitem<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [a, b] = args.unpack::<2>(vm, "op_getitem")?;
    vm.get_item(a, b)
}

fn setitem<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [a, b, c] = args.unpack::<3>(vm, "op_setitem")?;
    vm.set_item(a, b, c)?;
    Ok(V::<M>::none())
}

fn delitem<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [a, b] = args.unpack::<2>(vm, "op_delitem")?;
    vm.del_item(a, b)?;
    Ok(V::<M>::none())
}

fn length_hint<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let a = args.between(vm, "length_hint", 1, 2)?;
    let default = match a.get(1) {
        Some(d) if d.as_int().is_none() => {
            let m = format!(
                "'{}' object cannot be interpreted as an integer",
                vm.type_name(d)
            );
            return Err(vm.raise_type_error(m));
        }
        Some(d) => vm.ssize_argument(d)?,
        None => 0,
    };
    if vm.slots(&a[0]).len.is_some() {
        let n = vm.len(&a[0])?;
        return Ok(vm.new_usize(n));
    }
    let hint = match vm.call_special(&a[0], "__length_hint__", &[]) {
        Ok(Some(hint)) if !hint.is_not_implemented() => hint,
        Ok(_) => return Ok(vm.new_int(default)),
        Err(_) => {
            vm.swallow(Exc::TypeError)?;
            return Ok(vm.new_int(default));
        }
    };
    match hint.as_int().and_then(|i| i.to_i64()) {
        Some(i) if i >= 0 => Ok(hint),
        Some(_) => Err(vm.raise_value_error("__length_hint__() should return >= 0")),
        None => {
            let m = format!(
                "__length_hint__ must be an integer, not {}",
                vm.type_name(&hint)
            );
            Err(vm.raise_type_error(m))
        }
    }
}

fn compare_digest<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [a, b] = args.unpack::<2>(vm, "_compare_digest")?;
    Ok(V::<M>::bool(vm.is_equal(a, b)?))
}

opaque_body! {
    /// `itemgetter(*items)`, `attrgetter(*names)` (each a tuple of parts), `methodcaller(name,
    /// *args, **kwargs)` (positional arguments after the name; then names and values).
    Getter { items: Values<M>, keywords: Values<M>, extra: ValueCell<M>, }
}

fn getter_class<M: ObjectModel>(
    vm: &mut Vm<M>,
    name: &'static str,
    new: crate::object::slots::Call<M>,
    call: crate::object::slots::Call<M>,
) -> V<M> {
    vm.new_opaque_class(name)
        .slots(|s| {
            s.new = Some(new);
            s.call = Some(call);
            s.repr = Some(repr_getter::<M>);
        })
        .done()
}

fn new_getter<M: ObjectModel>(
    vm: &mut Vm<M>,
    class: &V<M>,
    items: Vec<V<M>>,
    keywords: Vec<V<M>>,
    shown: V<M>,
) -> V<M> {
    vm.new_opaque(
        class,
        Getter {
            items: Values::new(items),
            keywords: Values::new(keywords),
            extra: ValueCell::new(shown),
        },
    )
}

fn new_itemgetter<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.no_keywords(vm, "itemgetter")?;
    if args.pos.is_empty() {
        return Err(vm.raise_type_error("itemgetter expected 1 arguments, got 0"));
    }
    let shown = vm.new_tuple(args.pos.to_vec());
    Ok(new_getter(vm, class, args.pos.to_vec(), Vec::new(), shown))
}

/// One result for one item, a tuple of results for several.
fn get_each<M: ObjectModel>(
    vm: &mut Vm<M>,
    getter: &Getter<M>,
    get: impl Fn(&mut Vm<M>, &V<M>) -> Res<V<M>>,
) -> Res<V<M>> {
    if getter.items.len() == 1
        && let Some(item) = getter.items.get(0)
    {
        return get(vm, &item);
    }
    vm.holding(|vm| {
        let mut out = Vec::with_capacity(getter.items.len());
        let mut i = 0;
        while let Some(item) = getter.items.get(i) {
            out.push(get(vm, &item)?);
            i += 1;
        }
        Ok(vm.new_tuple(out))
    })
}

fn call_itemgetter<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [object] = args.unpack::<1>(vm, "itemgetter")?;
    let getter = body::<M, Getter<M>>(vm, v)?;
    get_each(vm, getter, |vm, item| vm.get_item(object, item))
}

fn new_attrgetter<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.no_keywords(vm, "attrgetter")?;
    if args.pos.is_empty() {
        return Err(vm.raise_type_error("attrgetter expected 1 arguments, got 0"));
    }
    let mut items = Vec::with_capacity(args.pos.len());
    for name in args.pos {
        if name.get::<Str>().is_none() {
            return Err(vm.raise_type_error("attribute name must be a string"));
        }
        let parts = vm
            .text_of(name)
            .split('.')
            .map(|part| vm.intern(part))
            .collect::<Vec<_>>();
        items.push(vm.new_tuple(parts));
    }
    let shown = vm.new_tuple(args.pos.to_vec());
    Ok(new_getter(vm, class, items, Vec::new(), shown))
}

fn call_attrgetter<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [object] = args.unpack::<1>(vm, "attrgetter")?;
    let getter = body::<M, Getter<M>>(vm, v)?;
    get_each(vm, getter, |vm, parts| {
        let mut x = object.clone();
        for part in crate::types::tuple::items::<M>(parts) {
            x = vm.holding(|vm| vm.get_attr(&x, part))?;
        }
        Ok(x)
    })
}

fn new_methodcaller<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let Some((name, rest)) = args.pos.split_first() else {
        return Err(
            vm.raise_type_error("methodcaller needs at least one argument, the method name")
        );
    };
    if name.get::<Str>().is_none() {
        return Err(vm.raise_type_error("method name must be a string"));
    }
    let name = vm.intern_value(name);
    Ok(new_getter(vm, class, rest.to_vec(), args.kw.to_vec(), name))
}

fn call_methodcaller<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [object] = args.unpack::<1>(vm, "methodcaller")?;
    let m = body::<M, Getter<M>>(vm, v)?;
    vm.holding(|vm| {
        let method = vm.get_attr(object, &m.extra.load())?;
        let (pos, kw) = (m.items.0.borrow().clone(), m.keywords.0.borrow().clone());
        vm.call(&method, Args { pos: &pos, kw: &kw })
    })
}

fn repr_getter<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let g = body::<M, Getter<M>>(vm, v)?;
    let name = vm.type_name(v);
    let extra = g.extra.load();
    let mut parts = Vec::new();
    vm.holding(|vm| {
        if extra.get::<Str>().is_some() {
            parts.push(vm.repr_text(&extra)?);
            for x in g.items.0.borrow().clone() {
                parts.push(vm.repr_text(&x)?);
            }
            for pair in g.keywords.0.borrow().clone().chunks_exact(2) {
                parts.push(format!(
                    "{}={}",
                    vm.text_of(&pair[0]),
                    vm.repr_text(&pair[1])?
                ));
            }
        } else {
            for x in crate::types::tuple::items::<M>(&extra) {
                parts.push(vm.repr_text(x)?);
            }
        }
        Ok(())
    })?;
    Ok(vm.new_str(format!("operator.{name}({})", parts.join(", "))))
}
