//! `_functools`: `partial`, `reduce`, `cmp_to_key`. CPython `Modules/_functoolsmodule.c`.

use super::builder::ModuleBuilder;
use super::opaque_body::{body, opaque_body};
use crate::Vm;
use crate::object::native::opaque;
use crate::object::{Args, ClassId, CompareOp, Kind, ObjectModel, Res, V, Value, ValueCell};
use crate::types::class::builder::NativeClass;
use crate::types::dict::{self, Dict};
use crate::types::tuple;

opaque_body! {
    /// `partial(func, *args, **keywords)`: the arguments as a tuple and a dict.
    Partial { function: ValueCell<M>, arguments: ValueCell<M>, keywords: ValueCell<M>, }
    /// What `cmp_to_key(cmp)` gives (without object), and the keys that it makes.
    Key { compare: ValueCell<M>, object: ValueCell<M>, }
}

/// Makes the module.
pub fn make<M: ObjectModel>(vm: &mut Vm<M>) -> Res<V<M>> {
    let partial = vm
        .new_native_class(NativeClass {
            name: "partial",
            kind: Kind::Opaque,
            base: ClassId(Kind::Instance as u32),
            has_attrs: true,
            is_base: true,
        })
        .slots(|s| {
            s.new = Some(new_partial::<M>);
            s.call = Some(call_partial::<M>);
            s.repr = Some(repr_partial::<M>);
        })
        .getter("func", |vm, v| {
            Ok(body::<M, Partial<M>>(vm, v)?.function.load())
        })
        .getter("args", |vm, v| {
            Ok(body::<M, Partial<M>>(vm, v)?.arguments.load())
        })
        .getter("keywords", |vm, v| {
            Ok(body::<M, Partial<M>>(vm, v)?.keywords.load())
        })
        .getter("__dict__", |vm, v| {
            Ok(vm.instance_dict(v).unwrap_or_else(V::<M>::none))
        })
        .done();
    let key = vm
        .new_opaque_class("KeyWrapper")
        .slots(|s| {
            s.call = Some(call_key::<M>);
            s.richcompare = Some(compare_keys::<M>);
        })
        .getter("obj", |vm, v| Ok(body::<M, Key<M>>(vm, v)?.object.load()))
        .done();
    Ok(ModuleBuilder::new(vm, "_functools")
        .class_of("functools", "partial", partial)
        .hidden_class(&key)
        .function("reduce", reduce::<M>)
        .function("cmp_to_key", cmp_to_key::<M>)
        .done())
}

fn is_callable<M: ObjectModel>(vm: &Vm<M>, v: &V<M>) -> bool {
    matches!(
        v.kind(),
        Kind::Function | Kind::Builtin | Kind::MethodDescriptor | Kind::Method
    ) || vm.slots(v).call.is_some()
}

fn new_partial<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let Some((function, rest)) = args.pos.split_first() else {
        return Err(vm.raise_type_error("type 'partial' takes at least one argument"));
    };
    if !is_callable(vm, function) {
        return Err(vm.raise_type_error("the first argument must be callable"));
    }
    // A partial of a partial is flattened, unless it has attributes of its own.
    let inner = opaque::<M, Partial<M>>(function).filter(|_| {
        let exact = vm.native_class("partial");
        exact.is_some_and(|c| vm.type_of(function).is(&c))
            && function
                .attrs()
                .is_none_or(|a| a.shape().names.is_empty() && !a.shape().is_dict)
    });
    let keywords = match inner.and_then(|p| {
        let d = p.keywords.load();
        d.get::<Dict<M>>().map(|d| d.table.copy())
    }) {
        Some(table) => vm.new_dict_with(table),
        None => vm.new_dict(),
    };
    dict::update_by(
        vm,
        &keywords,
        "partial",
        Args {
            pos: &[],
            kw: args.kw,
        },
    )?;
    let (function, arguments) = match inner {
        Some(p) => {
            let mut all = tuple::items::<M>(&p.arguments.load()).to_vec();
            all.extend_from_slice(rest);
            (p.function.load(), all)
        }
        None => (function.clone(), rest.to_vec()),
    };
    let arguments = vm.new_tuple(arguments);
    Ok(vm.new_opaque(
        class,
        Partial {
            function: ValueCell::new(function),
            arguments: ValueCell::new(arguments),
            keywords: ValueCell::new(keywords),
        },
    ))
}

fn call_partial<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let p = body::<M, Partial<M>>(vm, v)?;
    let arguments = p.arguments.load();
    let mut pos = tuple::items::<M>(&arguments).to_vec();
    pos.extend_from_slice(args.pos);
    let keywords = p.keywords.load();
    let mut kw = Vec::new();
    if let Some(d) = keywords.get::<Dict<M>>() {
        for (_, key, value) in d.table.items() {
            let later = args.kw_pairs().any(|(k, _)| {
                k.is(&key) || crate::types::certain::certain_eq::<M>(k, &key) == Some(true)
            });
            if !later {
                kw.push(vm.intern_value(&key));
                kw.push(value);
            }
        }
    }
    kw.extend_from_slice(args.kw);
    let function = p.function.load();
    vm.holding(|vm| vm.call(&function, Args { pos: &pos, kw: &kw }))
}

fn repr_partial<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let p = body::<M, Partial<M>>(vm, v)?;
    let name = match vm.native_class("partial") {
        Some(c) if c.is(&vm.type_of(v)) => "functools.partial".to_owned(),
        _ => vm.type_name(v),
    };
    let (arguments, keywords) = (p.arguments.load(), p.keywords.load());
    let mut text = format!("{name}({}", vm.repr_text(&p.function.load())?);
    for x in tuple::items::<M>(&arguments) {
        text.push_str(", ");
        text.push_str(&vm.repr_text(x)?);
    }
    if let Some(d) = keywords.get::<Dict<M>>() {
        for (_, key, value) in d.table.items() {
            let value = vm.holding(|vm| vm.repr_text(&value))?;
            text.push_str(&format!(", {}={value}", vm.text_of(&key)));
        }
    }
    text.push(')');
    Ok(vm.new_str(text))
}

fn reduce<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let a = args.unpack_between(vm, "reduce", 2, 3)?;
    if vm.slots(&a[1]).iter.is_none() && vm.slots(&a[1]).getitem.is_none() {
        return Err(vm.raise_type_error("reduce() arg 2 must support iteration"));
    }
    let mut source = vm.source(&a[1])?;
    let mut total = match a.get(2) {
        Some(initial) => initial.clone(),
        None => match vm.next_item(&mut source, &[])? {
            Some(x) => x,
            None => {
                return Err(vm.raise_type_error("reduce() of empty sequence with no initial value"));
            }
        },
    };
    while let Some(x) = vm.next_item(&mut source, &[&total])? {
        total = vm.showing(|vm| {
            vm.show(source.value());
            let pair = [total, x];
            pair.iter().for_each(|v| vm.show(v));
            vm.call_values(&a[0], &pair)
        })?;
    }
    Ok(total)
}

fn new_key<M: ObjectModel>(vm: &mut Vm<M>, compare: V<M>, object: V<M>) -> V<M> {
    let class = vm.native_class("KeyWrapper").unwrap_or_else(V::<M>::none);
    vm.new_opaque(
        &class,
        Key {
            compare: ValueCell::new(compare),
            object: ValueCell::new(object),
        },
    )
}

fn cmp_to_key<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [compare] = args.parse(vm, "cmp_to_key", ["mycmp"], 1)?;
    let compare = compare.unwrap_or_else(V::<M>::none);
    Ok(new_key(vm, compare, V::<M>::null()))
}

fn call_key<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [object] = args.parse(vm, "K", ["obj"], 1)?;
    let compare = body::<M, Key<M>>(vm, v)?.compare.load();
    let object = object.unwrap_or_else(V::<M>::none);
    Ok(new_key(vm, compare, object))
}

fn compare_keys<M: ObjectModel>(vm: &mut Vm<M>, a: &V<M>, b: &V<M>, op: CompareOp) -> Res<V<M>> {
    let (Some(x), Some(y)) = (opaque::<M, Key<M>>(a), opaque::<M, Key<M>>(b)) else {
        return Err(vm.raise_type_error("other argument must be K instance"));
    };
    let (Some(p), Some(q)) = (x.object.get(), y.object.get()) else {
        return Err(vm.raise(crate::machine::errors::Exc::AttributeError, "object"));
    };
    let order = vm.holding(|vm| vm.call_values(&x.compare.load(), &[p, q]))?;
    let zero = vm.new_int(0);
    vm.holding(|vm| vm.compare(op, &order, &zero))
}
