//! Module `gc`: the collector of the cell's object model.
//!
//! A counted model collects cycles, a traced one everything. There are no generations: counts and
//! thresholds exist for programs that read them.

use super::builder::ModuleBuilder;
use crate::Vm;
use crate::object::{Args, CollectReason, ObjectModel, Res, V, Value, body_ops};

/// `gc.collect()`: gives the number of objects that were reclaimed. Collection waits while native
/// code that called Python code holds values (a traced heap cannot see them).
fn collect<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [generation] = args.parse(vm, "collect", ["generation"], 0)?;
    if let Some(g) = generation {
        let g = vm.index_as_isize(&g, crate::machine::errors::Exc::OverflowError)?;
        if !(0..=2).contains(&g) {
            return Err(vm.raise_value_error("invalid generation"));
        }
    }
    let mut reclaimed = 0;
    if !M::TRACED || vm.opaque_natives == 0 {
        reclaimed = M::collect(vm, CollectReason::Requested);
    }
    vm.run_finalizers();
    Ok(vm.new_usize(reclaimed))
}

fn enable<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "enable")?;
    M::set_collecting(&mut vm.heap, true);
    Ok(V::<M>::none())
}

fn disable<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "disable")?;
    M::set_collecting(&mut vm.heap, false);
    Ok(V::<M>::none())
}

fn isenabled<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "isenabled")?;
    let was = M::set_collecting(&mut vm.heap, true);
    M::set_collecting(&mut vm.heap, was);
    Ok(V::<M>::bool(was))
}

fn get_objects<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "get_objects")?;
    let all = M::objects(&vm.heap);
    Ok(vm.new_list(all))
}

fn is_tracked<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [v] = args.exact::<1>(vm, "is_tracked")?;
    Ok(V::<M>::bool(v.is_ptr() && !body_ops::<M>(v.kind()).leaf))
}

fn get_count<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "get_count")?;
    let items = vec![vm.new_int(0); 3];
    Ok(vm.new_tuple(items))
}

fn get_threshold<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "get_threshold")?;
    let items = vec![vm.new_int(700), vm.new_int(10), vm.new_int(10)];
    Ok(vm.new_tuple(items))
}

/// The heap decides when to collect: a threshold is accepted and means nothing.
fn set_threshold<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    for n in args.between(vm, "set_threshold", 1, 3)? {
        vm.index(n)?;
    }
    Ok(V::<M>::none())
}

fn get_debug<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "get_debug")?;
    Ok(vm.new_int(0))
}

/// What the heap has counted: one dict, as CPython gives one a generation.
fn get_stats<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "get_stats")?;
    let stats = M::stats(&vm.heap);
    let dict = vm.new_dict();
    for (name, n) in [
        ("collections", stats.collections),
        ("collected", stats.collected),
        ("uncollectable", 0),
        ("allocations", stats.allocations),
        ("bytes", stats.bytes),
        ("reserved", stats.reserved),
    ] {
        let key = vm.intern(name);
        let value = vm.new_int(n as i64);
        vm.set_item(&dict, &key, &value)?;
    }
    Ok(vm.new_list(vec![dict]))
}

/// Makes the module.
pub fn make<M: ObjectModel>(vm: &mut Vm<M>) -> Res<V<M>> {
    Ok(ModuleBuilder::new(vm, "gc")
        .function("collect", collect::<M>)
        .function("enable", enable::<M>)
        .function("disable", disable::<M>)
        .function("isenabled", isenabled::<M>)
        .function("get_objects", get_objects::<M>)
        .function("is_tracked", is_tracked::<M>)
        .function("get_count", get_count::<M>)
        .function("get_threshold", get_threshold::<M>)
        .function("set_threshold", set_threshold::<M>)
        .function("get_debug", get_debug::<M>)
        .function("get_stats", get_stats::<M>)
        .constant("garbage", |vm| vm.new_list(Vec::new()))
        .constant("callbacks", |vm| vm.new_list(Vec::new()))
        .done())
}
