//! The functions of `sys`.

use crate::Vm;
use crate::builtins::arguments::unpack;
use crate::machine::errors::Exc;
use crate::modules::builder::ModuleBuilder;
use crate::object::{Args, ObjectModel, Res, V, Value, body_ops};
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::exception::Exception;
use crate::types::list::List;
use crate::types::str::Str;
use crate::types::tuple::Tuple;
use num_bigint::BigInt;

/// `sys.exit([status])`.
fn exit<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let args = unpack(vm, args, "exit", 0, 1)?;
    // A tuple stands for the arguments of SystemExit, None for no argument at all.
    let items = match args {
        [one] => match one.get::<Tuple<M>>() {
            Some(t) => t.items.to_vec(),
            None if one.is_none() => Vec::new(),
            None => vec![one.clone()],
        },
        _ => Vec::new(),
    };
    Err(vm.raise_with(Exc::SystemExit, items))
}

/// Class, value and traceback of an exception, or three Nones.
fn exc_info<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "exc_info")?;
    let value = vm.handled.clone();
    let items = match value.get::<Exception<M>>() {
        Some(e) => {
            let traceback = e.traceback.get().unwrap_or_else(V::<M>::none);
            vec![vm.type_of(&value), value.clone(), traceback]
        }
        None => vec![V::<M>::none(); 3],
    };
    Ok(vm.new_tuple(items))
}

fn getrecursionlimit<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "getrecursionlimit")?;
    let n = vm.interp.recursion_limit;
    Ok(vm.new_usize(n))
}

fn setrecursionlimit<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [n] = args.exact::<1>(vm, "setrecursionlimit")?;
    if n.as_int().is_none() {
        let m = format!("an integer is required (got type {})", vm.type_name(n));
        return Err(vm.raise_type_error(m));
    }
    let n = vm.index_as_isize(n, Exc::OverflowError)?;
    if n <= 0 {
        return Err(vm.raise_value_error("recursion limit must be greater or equal than 1"));
    }
    let n = n as usize;
    // CPython's low-water mark: the limit must leave room to recover.
    let mark = if n > 200 { n - 50 } else { 3 * (n >> 2) };
    if vm.depth >= mark {
        let m = format!(
            "cannot set the recursion limit to {n} at the recursion depth {}: the limit is too low",
            vm.depth
        );
        return Err(vm.raise(Exc::RecursionError, m));
    }
    vm.interp.recursion_limit = n;
    vm.depth_limit = n;
    Ok(V::<M>::none())
}

fn getframe<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let depth = match args.between(vm, "_getframe", 0, 1)? {
        [d] => vm.index_as_isize(d, Exc::OverflowError)?.max(0) as usize,
        _ => 0,
    };
    match vm.frame_object(depth) {
        Some(f) => Ok(f),
        None => Err(vm.raise_value_error("call stack is not deep enough")),
    }
}

fn getrefcount<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [v] = args.exact::<1>(vm, "getrefcount")?;
    let n = M::reference_count(v).unwrap_or(1);
    Ok(vm.new_int(i64::from(n)))
}

/// Bytes of an object and of the buffers that it alone uses; not of what it refers to.
fn getsizeof<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [object, default] = args.parse(vm, "getsizeof", ["object", "default"], 1)?;
    let _ = default;
    let v = object.unwrap_or_else(V::<M>::none);
    if !v.is_ptr() {
        return Ok(vm.new_int(size_of::<V<M>>() as i64));
    }
    let tag = v.tag();
    let mut size = body_ops::<M>(tag.kind()).size_of(tag.is_extended());
    if let Some(s) = v.get::<Str>() {
        size += s.text_bytes().len();
    } else if let Some(b) = v.get::<Bytes>() {
        size += b.data.len();
    } else if let Some(b) = v.get::<ByteArray>() {
        size += b.data.borrow().capacity();
    } else if let Some(l) = v.get::<List<M>>() {
        size += l.items.borrow().capacity() * size_of::<V<M>>();
    } else if let Some(t) = v.get::<Tuple<M>>() {
        size += t.items.len() * size_of::<V<M>>();
    } else if let Some(b) = v.get::<BigInt>() {
        size += (b.bits() as usize).div_ceil(64) * 8;
    } else if let Some(d) = v.get::<crate::types::dict::Dict<M>>() {
        size += d.table.span() * (3 * 8 + 5);
    }
    Ok(vm.new_usize(size))
}

fn intern<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [v] = args.exact::<1>(vm, "intern")?;
    if v.get_exact::<Str>().is_none() {
        let m = match v.get::<Str>() {
            Some(_) => format!("can't intern {}", vm.type_name(v)),
            None => format!("intern() argument 1 must be str, not {}", vm.type_name(v)),
        };
        return Err(vm.raise_type_error(m));
    }
    Ok(vm.intern_value(v))
}

/// Prints a value that is not None, and keeps it as `_`.
fn displayhook<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [v] = args.exact::<1>(vm, "displayhook")?;
    if v.is_none() {
        return Ok(V::<M>::none());
    }
    let name = vm.intern("_");
    let hash = vm.str_hash(&name);
    let builtins = vm.interp.builtins.clone();
    let keep = |v: V<M>| {
        if let Some(d) = builtins.get::<crate::types::dict::Dict<M>>() {
            drop(d.table.insert_str(name.clone(), hash, v));
        }
    };
    keep(V::<M>::none());
    let Some(out) = vm.sys_attr("stdout").filter(|o| !o.is_none()) else {
        return Err(vm.raise(Exc::RuntimeError, "lost sys.stdout"));
    };
    let text = vm.repr(v)?;
    vm.write_to(&out, &text)?;
    let end = vm.new_str("\n");
    vm.write_to(&out, &end)?;
    keep(v.clone());
    Ok(V::<M>::none())
}

/// Prints an exception: `excepthook(type, value, traceback)`.
fn excepthook<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [_, value, traceback] = args.exact::<3>(vm, "excepthook")?;
    if let Some(e) = value.get::<Exception<M>>()
        && !e.traceback.is_some()
        && !traceback.is_none()
    {
        e.traceback.set(traceback.clone());
    }
    let text = vm.format_uncaught(value);
    vm.write_error(&text);
    Ok(V::<M>::none())
}

fn encoding<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "getdefaultencoding")?;
    Ok(vm.new_str("utf-8"))
}

fn getswitchinterval<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "getswitchinterval")?;
    Ok(vm.new_float(0.005))
}

/// One thread runs at a time and is never made to wait: the interval is checked and means nothing.
fn setswitchinterval<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [n] = args.exact::<1>(vm, "setswitchinterval")?;
    let seconds = n
        .as_float()
        .or_else(|| n.as_int().and_then(|i| i.to_i64()).map(|i| i as f64));
    match seconds {
        Some(s) if s > 0.0 => Ok(V::<M>::none()),
        Some(_) => Err(vm.raise_value_error("switch interval must be strictly positive")),
        None => {
            let m = format!("must be real number, not {}", vm.type_name(n));
            Err(vm.raise_type_error(m))
        }
    }
}

fn getcheckinterval<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "getcheckinterval")?;
    Ok(vm.new_int(100))
}

fn setcheckinterval<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [n] = args.exact::<1>(vm, "setcheckinterval")?;
    vm.index(n)?;
    Ok(V::<M>::none())
}

/// Tracing and profiling functions are not called: only None can be set.
fn settrace<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [f] = args.exact::<1>(vm, "settrace")?;
    if f.is_none() {
        return Ok(V::<M>::none());
    }
    Err(vm.raise(Exc::NotImplementedError, "tracing is not supported"))
}

fn gettrace<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "gettrace")?;
    Ok(V::<M>::none())
}

fn is_finalizing<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "is_finalizing")?;
    Ok(V::<M>::bool(false))
}

fn getallocatedblocks<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "getallocatedblocks")?;
    let n = M::stats(&vm.heap).allocations;
    Ok(vm.new_int(n as i64))
}

/// Adds the functions.
pub fn add<M: ObjectModel>(b: ModuleBuilder<'_, M>) -> ModuleBuilder<'_, M> {
    b.function("exit", exit::<M>)
        .function("exc_info", exc_info::<M>)
        .function("getrecursionlimit", getrecursionlimit::<M>)
        .function("setrecursionlimit", setrecursionlimit::<M>)
        .function("_getframe", getframe::<M>)
        .function("getrefcount", getrefcount::<M>)
        .function("getsizeof", getsizeof::<M>)
        .function("intern", intern::<M>)
        .function("displayhook", displayhook::<M>)
        .function("excepthook", excepthook::<M>)
        .function("getdefaultencoding", encoding::<M>)
        .function("getfilesystemencoding", encoding::<M>)
        .function("getswitchinterval", getswitchinterval::<M>)
        .function("setswitchinterval", setswitchinterval::<M>)
        .function("getcheckinterval", getcheckinterval::<M>)
        .function("setcheckinterval", setcheckinterval::<M>)
        .function("settrace", settrace::<M>)
        .function("gettrace", gettrace::<M>)
        .function("setprofile", settrace::<M>)
        .function("getprofile", gettrace::<M>)
        .function("is_finalizing", is_finalizing::<M>)
        .function("getallocatedblocks", getallocatedblocks::<M>)
}
