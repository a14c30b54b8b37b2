//! `print` and `input`. `open` is in [`crate::modules::io`].

use crate::Vm;
use crate::machine::errors::Exc;
use crate::modules::io::stream::Stream;
use crate::object::native::opaque;
use crate::object::{Args, ObjectModel, Res, V, Value};
use crate::types::str::Str;

/// `print(*values, sep=' ', end='\n', file=sys.stdout, flush=False)`.
pub fn print<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (mut sep, mut end, mut file, mut flush) = (None, None, None, false);
    for (key, value) in args.kw_pairs() {
        match vm.text_of(key).as_str() {
            "sep" => sep = string_or_none(vm, "sep", value)?,
            "end" => end = string_or_none(vm, "end", value)?,
            "file" if value.is_none() => {}
            "file" => file = Some(value.clone()),
            "flush" => flush = vm.is_true(value)?,
            other => {
                let m = format!("'{other}' is an invalid keyword argument for this function");
                return Err(vm.raise_type_error(m));
            }
        }
    }
    let file = match file.or_else(|| vm.sys_attr("stdout")) {
        Some(f) if f.is_none() => return Ok(V::<M>::none()),
        Some(f) => f,
        None => return Err(vm.raise(Exc::RuntimeError, "lost sys.stdout")),
    };
    vm.holding(|vm| {
        for (i, value) in args.pos.iter().enumerate() {
            if i > 0 {
                write_separator(vm, &file, sep.as_ref(), " ")?;
            }
            if value.get_exact::<Str>().is_some() {
                vm.write_to(&file, value)?;
            } else {
                let text = vm.str(value)?;
                vm.write_to(&file, &text)?;
            }
        }
        write_separator(vm, &file, end.as_ref(), "\n")?;
        if flush {
            vm.flush(&file)?;
        }
        Ok(V::<M>::none())
    })
}

fn string_or_none<M: ObjectModel>(vm: &mut Vm<M>, what: &str, v: &V<M>) -> Res<Option<V<M>>> {
    if v.is_none() {
        return Ok(None);
    }
    if v.get::<Str>().is_none() {
        let m = format!("{what} must be None or a string, not {}", vm.type_name(v));
        return Err(vm.raise_type_error(m));
    }
    Ok(Some(v.clone()))
}

fn write_separator<M: ObjectModel>(
    vm: &mut Vm<M>,
    file: &V<M>,
    given: Option<&V<M>>,
    default: &str,
) -> Res<()> {
    match given {
        Some(text) => vm.write_to(file, text),
        None => {
            let text = vm.new_str(default);
            vm.write_to(file, &text)
        }
    }
}

/// `input([prompt])`.
pub fn input<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let args = super::arguments::unpack(vm, args, "input", 0, 1)?;
    let lost = |vm: &mut Vm<M>, what: &str| {
        vm.raise(Exc::RuntimeError, format!("input(): lost sys.{what}"))
    };
    let Some(stdin) = vm.sys_attr("stdin").filter(|f| !f.is_none()) else {
        return Err(lost(vm, "stdin"));
    };
    let Some(stdout) = vm.sys_attr("stdout").filter(|f| !f.is_none()) else {
        return Err(lost(vm, "stdout"));
    };
    if let Some(prompt) = args.first() {
        let prompt = vm.str(prompt)?;
        vm.write_to(&stdout, &prompt)?;
    }
    vm.flush(&stdout)?;
    let line = vm.call_method(&stdin, "readline", &[])?;
    let Some(s) = line.get::<Str>() else {
        return Err(vm.raise_type_error("object.readline() returned non-string"));
    };
    if s.is_empty() {
        return Err(vm.raise(Exc::EOFError, "EOF when reading a line"));
    }
    match s.text_bytes().strip_suffix(b"\n") {
        Some(bytes) => {
            let text = rustpython_wtf8::Wtf8::from_bytes(bytes).map(|t| t.to_owned());
            Ok(match text {
                Some(t) => vm.new_text(t),
                None => line.clone(),
            })
        }
        None => Ok(line.clone()),
    }
}

/// Passes on what is buffered for the standard streams, at the end of a program. Whether all of it
/// went out: an error of standard output (a full disk) is printed.
pub fn flush_standard_streams<M: ObjectModel>(vm: &mut Vm<M>) -> bool {
    let mut all = true;
    for name in ["stdout", "__stdout__", "stderr", "__stderr__"] {
        if let Some(f) = vm.sys_attr(name)
            && let Some(stream) = opaque::<M, Stream<M>>(&f)
            && crate::modules::io::methods::flush_stream(vm, stream).is_err()
        {
            let error = vm.take_raised();
            if all && name.ends_with("out") {
                vm.holding(|vm| vm.write_unraisable(&error, &f));
            }
            all = false;
        }
    }
    all
}
