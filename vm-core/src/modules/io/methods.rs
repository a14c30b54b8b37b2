//! The methods of file objects.

use super::stream::{Backing, Inner, Stream};
use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::native::opaque;
use crate::object::{Args, ObjectModel, Res, V, Value, ValueCell};
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::class::builder::ClassBuilder;
use crate::types::str::Str;
use rustpython_wtf8::Wtf8Buf;
use std::io;

/// The stream of a receiver, open.
fn stream<'a, M: ObjectModel>(vm: &mut Vm<M>, v: &'a V<M>) -> Res<&'a Stream<M>> {
    let Some(s) = opaque::<M, Stream<M>>(v) else {
        return Err(vm.raise_type_error("a file object is required"));
    };
    if s.inner.borrow().closed {
        return Err(vm.raise_value_error("I/O operation on closed file."));
    }
    Ok(s)
}

fn io<M: ObjectModel, T>(vm: &mut Vm<M>, result: io::Result<T>) -> Res<T> {
    result.map_err(|e| vm.raise_io(&e, None))
}

/// Runs a byte operation on the stream.
fn with<M: ObjectModel, T>(
    vm: &mut Vm<M>,
    s: &Stream<M>,
    f: impl FnOnce(&mut Vm<M>, &mut Inner) -> io::Result<T>,
) -> Res<T> {
    let r = f(vm, &mut s.inner.borrow_mut());
    io(vm, r)
}

/// Writes text, encoded as the stream wants it.
pub fn write_text<M: ObjectModel>(vm: &mut Vm<M>, s: &Stream<M>, text: &Str) -> Res<()> {
    if s.inner.borrow().closed {
        return Err(vm.raise_value_error("I/O operation on closed file."));
    }
    let plain = s.encoding == "UTF-8";
    let in_memory = matches!(s.inner.borrow().backing, Backing::Memory);
    if text.is_ascii() || in_memory || plain && text.as_utf8().is_some() {
        return with(vm, s, |vm, inner| inner.write(vm, text.text_bytes()));
    }
    let text = vm.new_text(text.text().to_owned());
    let args = [vm.new_str(s.encoding.clone()), vm.new_str(s.errors.clone())];
    let encoded = vm.call_method(&text, "encode", &args)?;
    match encoded.get::<Bytes>() {
        Some(b) => with(vm, s, |vm, inner| inner.write(vm, &b.data)),
        None => Ok(()),
    }
}

/// Passes buffered output on.
pub fn flush_stream<M: ObjectModel>(vm: &mut Vm<M>, s: &Stream<M>) -> Res<()> {
    with(vm, s, |vm, inner| inner.flush(vm))
}

fn not<M: ObjectModel>(vm: &mut Vm<M>, what: &str) -> crate::object::Raised {
    vm.raise(Exc::OSError, format!("not {what}"))
}

/// Bytes read, as the stream gives them.
fn give<M: ObjectModel>(vm: &mut Vm<M>, s: &Stream<M>, bytes: Vec<u8>) -> Res<V<M>> {
    if s.binary {
        return Ok(vm.new_bytes(bytes));
    }
    if matches!(s.inner.borrow().backing, Backing::Memory) {
        return match Wtf8Buf::from_bytes(bytes) {
            Ok(text) => Ok(vm.new_text(text)),
            Err(_) => Err(vm.raise_value_error("position inside a character")),
        };
    }
    if bytes.is_ascii() || s.encoding == "UTF-8" {
        match String::from_utf8(bytes) {
            Ok(text) => return Ok(vm.new_str(text)),
            Err(e) => return decode(vm, s, e.into_bytes()),
        }
    }
    decode(vm, s, bytes)
}

fn decode<M: ObjectModel>(vm: &mut Vm<M>, s: &Stream<M>, bytes: Vec<u8>) -> Res<V<M>> {
    let bytes = vm.new_bytes(bytes);
    let args = [
        vm.new_str(s.encoding.to_lowercase()),
        vm.new_str(s.errors.clone()),
    ];
    vm.call_method(&bytes, "decode", &args)
}

fn write<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    let [data] = rest.exact::<1>(vm, "write")?;
    let s = stream(vm, v)?;
    if !s.writable {
        return Err(not(vm, "writable"));
    }
    if s.binary {
        let bytes = match (data.get::<Bytes>(), data.get::<ByteArray>()) {
            (Some(b), _) => b.data.to_vec(),
            (_, Some(a)) => a.data.borrow().clone(),
            _ => {
                let m = format!(
                    "a bytes-like object is required, not '{}'",
                    vm.type_name(data)
                );
                return Err(vm.raise_type_error(m));
            }
        };
        with(vm, s, |vm, inner| inner.write(vm, &bytes))?;
        return Ok(vm.new_usize(bytes.len()));
    }
    let Some(text) = data.get::<Str>() else {
        let m = format!("write() argument must be str, not {}", vm.type_name(data));
        return Err(vm.raise_type_error(m));
    };
    write_text(vm, s, text)?;
    Ok(vm.new_usize(text.len()))
}

fn writelines<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    let [lines] = rest.exact::<1>(vm, "writelines")?;
    vm.for_each(lines, |vm, line| {
        write(vm, Args::new(&[v.clone(), line]))?;
        Ok(())
    })?;
    Ok(V::<M>::none())
}

/// An optional size argument: None or negative means no limit.
fn size<M: ObjectModel>(vm: &mut Vm<M>, args: &[V<M>]) -> Res<Option<usize>> {
    match args.first() {
        Some(n) if !n.is_none() => {
            let n = vm.index_as_isize(n, Exc::OverflowError)?;
            Ok(usize::try_from(n).ok())
        }
        _ => Ok(None),
    }
}

fn reader<'a, M: ObjectModel>(vm: &mut Vm<M>, v: &'a V<M>) -> Res<&'a Stream<M>> {
    let s = stream(vm, v)?;
    if !s.readable {
        return Err(not(vm, "readable"));
    }
    Ok(s)
}

fn read<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    let limit = rest.between(vm, "read", 0, 1)?;
    let limit = size(vm, limit)?;
    let s = reader(vm, v)?;
    let mut bytes = with(vm, s, |vm, inner| {
        inner.flush(vm)?;
        inner.read(limit)
    })?;
    if !s.binary && limit.is_some() {
        finish_characters(vm, s, &mut bytes, limit.unwrap_or(0))?;
    }
    give(vm, s, bytes)
}

/// Reads on until there are `count` characters rather than bytes.
fn finish_characters<M: ObjectModel>(
    vm: &mut Vm<M>,
    s: &Stream<M>,
    bytes: &mut Vec<u8>,
    count: usize,
) -> Res<()> {
    if s.encoding != "UTF-8" {
        return Ok(());
    }
    loop {
        let characters = bytes.iter().filter(|&&b| b & 0xc0 != 0x80).count();
        let last = bytes.iter().rposition(|&b| b & 0xc0 != 0x80);
        let width = |b: u8| match b {
            0xf0.. => 4,
            0xe0.. => 3,
            0xc0.. => 2,
            _ => 1,
        };
        let cut = last.map_or(0, |i| (i + width(bytes[i])).saturating_sub(bytes.len()));
        let wanted = count.saturating_sub(characters) + cut;
        if wanted == 0 {
            return Ok(());
        }
        let more = with(vm, s, |_, inner| inner.read(Some(wanted)))?;
        if more.is_empty() {
            return Ok(());
        }
        bytes.extend(more);
    }
}

fn readline<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    let limit = rest.between(vm, "readline", 0, 1)?;
    let limit = size(vm, limit)?;
    let s = reader(vm, v)?;
    let bytes = with(vm, s, |_, inner| inner.read_line(limit))?;
    give(vm, s, bytes)
}

fn next<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<Option<V<M>>> {
    let s = reader(vm, v)?;
    let bytes = with(vm, s, |_, inner| inner.read_line(None))?;
    if bytes.is_empty() {
        return Ok(None);
    }
    give(vm, s, bytes).map(Some)
}

fn readlines<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    rest.between(vm, "readlines", 0, 1)?;
    vm.holding(|vm| {
        let mut lines = Vec::new();
        while let Some(line) = next(vm, v)? {
            lines.push(line);
        }
        Ok(vm.new_list(lines))
    })
}

fn close<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    rest.exact::<0>(vm, "close")?;
    if let Some(s) = opaque::<M, Stream<M>>(v) {
        if s.inner.borrow().closed {
            return Ok(V::<M>::none());
        }
        let flushed = flush_stream(vm, s);
        let mut inner = s.inner.borrow_mut();
        inner.closed = true;
        if let Backing::File(_) = inner.backing {
            inner.backing = Backing::Memory;
        }
        inner.data = Vec::new();
        flushed?;
    }
    Ok(V::<M>::none())
}

fn flush<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    rest.exact::<0>(vm, "flush")?;
    let s = stream(vm, v)?;
    flush_stream(vm, s)?;
    Ok(V::<M>::none())
}

fn seek<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    let rest = rest.between(vm, "seek", 1, 2)?;
    let offset = vm.index_as_isize(&rest[0], Exc::OverflowError)? as i64;
    let whence = match rest.get(1) {
        Some(w) => vm.index_as_isize(w, Exc::OverflowError)? as i64,
        None => 0,
    };
    if !(0..=2).contains(&whence) {
        let m = format!("invalid whence ({whence}, should be 0, 1 or 2)");
        return Err(vm.raise_value_error(m));
    }
    if whence == 0 && offset < 0 {
        return Err(vm.raise_value_error(format!("negative seek position {offset}")));
    }
    let s = stream(vm, v)?;
    let p = with(vm, s, |vm, inner| inner.seek(vm, offset, whence))?;
    Ok(vm.new_int(p as i64))
}

fn tell<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    rest.exact::<0>(vm, "tell")?;
    let s = stream(vm, v)?;
    let p = with(vm, s, |_, inner| inner.tell())?;
    Ok(vm.new_int(p as i64))
}

fn truncate<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    let rest = rest.between(vm, "truncate", 0, 1)?;
    let wanted = size(vm, rest)?;
    let s = stream(vm, v)?;
    let n = match wanted {
        Some(n) => n as u64,
        None => with(vm, s, |_, inner| inner.tell())?,
    };
    with(vm, s, |vm, inner| inner.truncate(vm, n))?;
    Ok(vm.new_int(n as i64))
}

fn getvalue<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    rest.exact::<0>(vm, "getvalue")?;
    let s = stream(vm, v)?;
    let bytes = s.inner.borrow().data.clone();
    give(vm, s, bytes)
}

fn fileno<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, rest) = args.method();
    rest.exact::<0>(vm, "fileno")?;
    let s = stream(vm, v)?;
    let number = match &s.inner.borrow().backing {
        Backing::Stdin => 0,
        Backing::Stdout => 1,
        Backing::Stderr => 2,
        Backing::File(f) => file_number(f),
        Backing::Memory => -1,
    };
    if number < 0 {
        return Err(vm.raise(Exc::OSError, "fileno"));
    }
    Ok(vm.new_int(number))
}

#[cfg(unix)]
fn file_number(f: &std::fs::File) -> i64 {
    use std::os::fd::AsRawFd;
    i64::from(f.as_raw_fd())
}

#[cfg(not(unix))]
fn file_number(_: &std::fs::File) -> i64 {
    -1
}

fn isatty<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    use std::io::IsTerminal;
    let (v, rest) = args.method();
    rest.exact::<0>(vm, "isatty")?;
    let s = stream(vm, v)?;
    let is = match &s.inner.borrow().backing {
        Backing::Stdin => io::stdin().is_terminal(),
        Backing::Stdout => io::stdout().is_terminal(),
        Backing::Stderr => io::stderr().is_terminal(),
        Backing::File(f) => f.is_terminal(),
        Backing::Memory => false,
    };
    Ok(V::<M>::bool(is))
}

fn readable<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let s = stream(vm, args.method().0)?;
    Ok(V::<M>::bool(s.readable))
}

fn writable<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let s = stream(vm, args.method().0)?;
    Ok(V::<M>::bool(s.writable))
}

fn seekable<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let s = stream(vm, args.method().0)?;
    let r = s.inner.borrow_mut().tell().is_ok();
    Ok(V::<M>::bool(r))
}

fn enter<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let (v, _) = args.method();
    stream(vm, v)?;
    Ok(v.clone())
}

fn exit<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    close(vm, Args::new(&args.pos[..1]))
}

fn itself<M: ObjectModel>(_: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    Ok(v.clone())
}

/// A field that can be read from a closed stream too.
fn field<M: ObjectModel>(v: &V<M>, read: impl FnOnce(&Stream<M>) -> V<M>) -> V<M> {
    opaque::<M, Stream<M>>(v).map_or_else(V::<M>::none, read)
}

fn name<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let name = field::<M>(v, |s| s.name.load());
    if name.is_null() || name.is_none() {
        let key = vm.intern("name");
        return Err(vm.raise_no_attribute(v, &key));
    }
    Ok(name)
}

fn text_field<M: ObjectModel>(
    vm: &mut Vm<M>,
    v: &V<M>,
    read: impl FnOnce(&Stream<M>) -> &str,
) -> Res<V<M>> {
    let text = opaque::<M, Stream<M>>(v).map_or(String::new(), |s| read(s).to_owned());
    Ok(vm.new_str(text))
}

fn repr<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let class = vm.type_name(v);
    let Some(s) = opaque::<M, Stream<M>>(v) else {
        return Ok(vm.new_str(""));
    };
    let name = s.name.get();
    let name = match name {
        Some(n) => format!(" name={}", vm.repr_text(&n)?),
        None => String::new(),
    };
    let text = if class == "TextIOWrapper" {
        format!(
            "<_io.{class}{name} mode='{}' encoding='{}'>",
            s.mode, s.encoding
        )
    } else if name.is_empty() {
        format!("<_io.{class} object at {:#x}>", v.bits())
    } else {
        format!("<_io.{class}{name}>")
    };
    Ok(vm.new_str(text))
}

/// `sys.stdout.buffer` and its kin: the same place, for bytes, unbuffered.
fn buffer<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>) -> Res<V<M>> {
    let s = stream(vm, v)?;
    flush_stream(vm, s)?;
    let backing = match &s.inner.borrow().backing {
        Backing::Stdin => Backing::Stdin,
        Backing::Stdout => Backing::Stdout,
        Backing::Stderr => Backing::Stderr,
        Backing::Memory => Backing::Memory,
        Backing::File(f) => match f.try_clone() {
            Ok(f) => Backing::File(f),
            Err(e) => return Err(vm.raise_io(&e, None)),
        },
    };
    let mut binary = Stream::new(backing, s.readable, true);
    binary.writable = s.writable;
    binary.name = ValueCell::new(s.name.load());
    let mut inner = binary.inner.borrow_mut();
    inner.line_buffered = true;
    inner.translate = false;
    inner.data = std::mem::take(&mut s.inner.borrow_mut().data);
    inner.at = std::mem::take(&mut s.inner.borrow_mut().at);
    drop(inner);
    let class = if s.readable {
        "BufferedReader"
    } else {
        "BufferedWriter"
    };
    let class = vm.native_class(class).unwrap_or_else(V::<M>::none);
    Ok(vm.new_opaque(&class, binary))
}

/// `StringIO(initial='', newline='\n')` and `BytesIO(initial=b'')`.
fn new_memory<M: ObjectModel>(vm: &mut Vm<M>, class: &V<M>, args: Args<'_, M>) -> Res<V<M>> {
    let bytes_class = vm.native_class("BytesIO").unwrap_or_else(V::<M>::none);
    let binary = vm.is_subclass_plain(class, &bytes_class)?;
    let (function, first) = if binary {
        ("BytesIO", "initial_bytes")
    } else {
        ("StringIO", "initial_value")
    };
    let [initial, _] = args.parse(vm, function, [first, "newline"], 0)?;
    let data = match initial.filter(|x| !x.is_none()) {
        None => Vec::new(),
        Some(x) if binary => match (x.get::<Bytes>(), x.get::<ByteArray>()) {
            (Some(b), _) => b.data.to_vec(),
            (_, Some(a)) => a.data.borrow().clone(),
            _ => {
                let m = format!(
                    "a bytes-like object is required, not '{}'",
                    vm.type_name(&x)
                );
                return Err(vm.raise_type_error(m));
            }
        },
        Some(x) => match x.get::<Str>() {
            Some(s) => s.text_bytes().to_vec(),
            None => {
                let m = format!(
                    "initial_value must be str or None, not {}",
                    vm.type_name(&x)
                );
                return Err(vm.raise_type_error(m));
            }
        },
    };
    Ok(vm.new_opaque(class, Stream::memory(data, binary)))
}

fn init_nothing<M: ObjectModel>(_: &mut Vm<M>, _: &V<M>, _: Args<'_, M>) -> Res<()> {
    Ok(())
}

/// Fills one of the classes.
pub fn fill<M: ObjectModel>(class: ClassBuilder<'_, M>, name_of_class: &str) -> V<M> {
    let in_memory = name_of_class.ends_with("IO");
    let class = class
        .slots(|s| {
            s.repr = Some(repr::<M>);
            s.iter = Some(itself::<M>);
            s.iternext = Some(next::<M>);
            if in_memory {
                s.new = Some(new_memory::<M>);
                s.init = Some(init_nothing::<M>);
            }
        })
        .method("write", write::<M>)
        .method("writelines", writelines::<M>)
        .method("read", read::<M>)
        .method("readline", readline::<M>)
        .method("readlines", readlines::<M>)
        .method("close", close::<M>)
        .method("flush", flush::<M>)
        .method("seek", seek::<M>)
        .method("tell", tell::<M>)
        .method("truncate", truncate::<M>)
        .method("fileno", fileno::<M>)
        .method("isatty", isatty::<M>)
        .method("readable", readable::<M>)
        .method("writable", writable::<M>)
        .method("seekable", seekable::<M>)
        .method("__enter__", enter::<M>)
        .method("__exit__", exit::<M>)
        .getter("closed", |_, v| {
            Ok(field::<M>(v, |s| V::<M>::bool(s.inner.borrow().closed)))
        });
    let class = if in_memory {
        class.method("getvalue", getvalue::<M>)
    } else {
        class
            .getter("name", name::<M>)
            .getter("mode", |vm, v| text_field(vm, v, |s| &s.mode))
    };
    match name_of_class {
        "TextIOWrapper" => class
            .getter("encoding", |vm, v| text_field(vm, v, |s| &s.encoding))
            .getter("errors", |vm, v| text_field(vm, v, |s| &s.errors))
            .getter("line_buffering", |_, v| {
                Ok(field::<M>(v, |s| {
                    V::<M>::bool(s.inner.borrow().line_buffered)
                }))
            })
            .getter("buffer", buffer::<M>)
            .done(),
        _ => class.done(),
    }
}
