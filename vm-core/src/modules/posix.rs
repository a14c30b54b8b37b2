//! Module `posix`: the file system and the process, what `os` builds on.

use super::builder::ModuleBuilder;
use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{Args, ObjectModel, Res, V, Value};
use crate::types::bytes::Bytes;
use crate::types::str::Str;
use std::fs::{self, Metadata};
use std::io;
use std::path::PathBuf;

/// A path argument.
fn path<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, function: &str) -> Res<PathBuf> {
    if let Some(s) = v.get::<Str>()
        && let Ok(text) = s.text().as_str()
    {
        if text.contains('\0') {
            return Err(vm.raise_value_error("embedded null byte"));
        }
        return Ok(PathBuf::from(text));
    }
    if let Some(b) = v.get::<Bytes>()
        && let Ok(text) = std::str::from_utf8(&b.data)
    {
        return Ok(PathBuf::from(text));
    }
    let m = format!(
        "{function}: can't specify {} for path argument",
        vm.type_name(v)
    );
    Err(vm.raise_type_error(m))
}

/// The result of a call of the system, whose failure is an OSError that names the path.
fn done<M: ObjectModel, T>(vm: &mut Vm<M>, result: io::Result<T>, name: &V<M>) -> Res<T> {
    result.map_err(|e| vm.raise_io(&e, Some(name)))
}

fn getcwd<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "getcwd")?;
    match std::env::current_dir() {
        Ok(folder) => Ok(vm.new_str(folder.to_string_lossy())),
        Err(e) => Err(vm.raise_io(&e, None)),
    }
}

fn chdir<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [name] = args.exact::<1>(vm, "chdir")?;
    let folder = path(vm, name, "chdir")?;
    done(vm, std::env::set_current_dir(folder), name)?;
    Ok(V::<M>::none())
}

/// `listdir(path)`: names in no order.
fn listdir<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [name] = args.exact::<1>(vm, "listdir")?;
    let folder = path(vm, name, "listdir")?;
    let entries: io::Result<Vec<fs::DirEntry>> = fs::read_dir(folder).and_then(Iterator::collect);
    let entries = done(vm, entries, name)?;
    let names = entries.iter().map(|entry| entry.file_name());
    let names: Vec<V<M>> = names.map(|n| vm.new_str(n.to_string_lossy())).collect();
    Ok(vm.new_list(names))
}

/// Mode, inode, device, links, owner, group, size, times of access, change and status.
fn shown<M: ObjectModel>(vm: &mut Vm<M>, m: &Metadata) -> V<M> {
    #[cfg(unix)]
    use std::os::unix::fs::MetadataExt;
    #[cfg(unix)]
    let (whole, times) = (
        [
            i64::from(m.mode()),
            m.ino() as i64,
            m.dev() as i64,
            m.nlink() as i64,
            i64::from(m.uid()),
            i64::from(m.gid()),
            m.len() as i64,
        ],
        [
            m.atime() as f64 + m.atime_nsec() as f64 / 1e9,
            m.mtime() as f64 + m.mtime_nsec() as f64 / 1e9,
            m.ctime() as f64 + m.ctime_nsec() as f64 / 1e9,
        ],
    );
    #[cfg(not(unix))]
    let (whole, times) = {
        let kind = if m.is_dir() { 0o040_755 } else { 0o100_644 };
        let changed = m.modified().ok();
        let changed = changed.and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok());
        let changed = changed.map_or(0.0, |d| d.as_secs_f64());
        ([kind, 0, 0, 1, 0, 0, m.len() as i64], [changed; 3])
    };
    let mut items: Vec<V<M>> = whole.iter().map(|&n| vm.new_int(n)).collect();
    items.extend(times.iter().map(|&t| vm.new_float(t)));
    vm.new_tuple(items)
}

fn stat<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [name] = args.exact::<1>(vm, "stat")?;
    let file = path(vm, name, "stat")?;
    vm.interp.written_files.pass_on();
    let found = done(vm, fs::metadata(file), name)?;
    Ok(shown(vm, &found))
}

fn lstat<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [name] = args.exact::<1>(vm, "lstat")?;
    let file = path(vm, name, "lstat")?;
    let found = done(vm, fs::symlink_metadata(file), name)?;
    Ok(shown(vm, &found))
}

fn mkdir<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [name] = args.exact::<1>(vm, "mkdir")?;
    let folder = path(vm, name, "mkdir")?;
    done(vm, fs::create_dir(folder), name)?;
    Ok(V::<M>::none())
}

fn rmdir<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [name] = args.exact::<1>(vm, "rmdir")?;
    let folder = path(vm, name, "rmdir")?;
    done(vm, fs::remove_dir(folder), name)?;
    Ok(V::<M>::none())
}

fn unlink<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [name] = args.exact::<1>(vm, "unlink")?;
    let file = path(vm, name, "unlink")?;
    done(vm, fs::remove_file(file), name)?;
    Ok(V::<M>::none())
}

fn rename<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [from, to] = args.exact::<2>(vm, "rename")?;
    let (source, target) = (path(vm, from, "rename")?, path(vm, to, "rename")?);
    done(vm, fs::rename(source, target), from)?;
    Ok(V::<M>::none())
}

fn readlink<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [name] = args.exact::<1>(vm, "readlink")?;
    let file = path(vm, name, "readlink")?;
    let target = done(vm, fs::read_link(file), name)?;
    Ok(vm.new_str(target.to_string_lossy()))
}

fn getpid<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "getpid")?;
    Ok(vm.new_int(i64::from(std::process::id())))
}

/// `cpu_count()`: processors that this process may use, or None.
fn cpu_count<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "cpu_count")?;
    match std::thread::available_parallelism() {
        Ok(n) => Ok(vm.new_int(n.get() as i64)),
        Err(_) => Ok(V::<M>::none()),
    }
}

/// `_exit(status)`: ends the process at once.
fn exit<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [status] = args.exact::<1>(vm, "_exit")?;
    let status = vm.index_as_isize(status, Exc::OverflowError)?;
    std::process::exit(status as i32)
}

/// `urandom(n)`: bytes from the system's generator.
fn urandom<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    use std::io::Read;
    let [n] = args.exact::<1>(vm, "urandom")?;
    let n = vm.index_as_isize(n, Exc::OverflowError)?;
    let Ok(n) = usize::try_from(n) else {
        return Err(vm.raise_value_error("negative argument not allowed"));
    };
    let mut bytes = Vec::new();
    let file = fs::File::open("/dev/urandom");
    let read = file.and_then(|f| f.take(n as u64).read_to_end(&mut bytes));
    match read {
        Ok(_) => Ok(vm.new_bytes(bytes)),
        Err(e) => Err(vm.raise_io(&e, None)),
    }
}

/// `environ()`: pairs of the environment, as at the start.
fn environ<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    args.exact::<0>(vm, "environ")?;
    let mut pairs = Vec::new();
    for (name, value) in std::env::vars_os() {
        let pair = vec![
            vm.new_str(name.to_string_lossy()),
            vm.new_str(value.to_string_lossy()),
        ];
        pairs.push(vm.new_tuple(pair));
    }
    Ok(vm.new_list(pairs))
}

/// `strerror(code)`.
fn strerror<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let [code] = args.exact::<1>(vm, "strerror")?;
    let code = vm.index_as_isize(code, Exc::OverflowError)?;
    let text = io::Error::from_raw_os_error(code as i32).to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    Ok(vm.new_str(text))
}

/// Makes the module.
pub fn make<M: ObjectModel>(vm: &mut Vm<M>) -> Res<V<M>> {
    Ok(ModuleBuilder::new(vm, "posix")
        .function("getcwd", getcwd::<M>)
        .function("chdir", chdir::<M>)
        .function("listdir", listdir::<M>)
        .function("stat", stat::<M>)
        .function("lstat", lstat::<M>)
        .function("mkdir", mkdir::<M>)
        .function("rmdir", rmdir::<M>)
        .function("unlink", unlink::<M>)
        .function("rename", rename::<M>)
        .function("readlink", readlink::<M>)
        .function("getpid", getpid::<M>)
        .function("cpu_count", cpu_count::<M>)
        .function("_exit", exit::<M>)
        .function("urandom", urandom::<M>)
        .function("environ", environ::<M>)
        .function("strerror", strerror::<M>)
        .done())
}
