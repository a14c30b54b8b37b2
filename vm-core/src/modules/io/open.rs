//! `open()`.

use super::stream::{Backing, Stream};
use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{Args, ObjectModel, Res, V, Value, ValueCell};
use crate::types::bytes::Bytes;
use crate::types::str::Str;
use std::fs::OpenOptions;
use std::io::{Seek, SeekFrom};

/// A parsed mode string.
#[derive(Debug, Clone, Copy, Default)]
struct Mode {
    read: bool,
    write: bool,
    append: bool,
    create: bool,
    update: bool,
    text: bool,
    binary: bool,
}

/// The mode, or the ValueError's message.
fn parse_mode(mode: &str) -> Result<Mode, String> {
    let mut m = Mode::default();
    for (i, c) in mode.char_indices() {
        if mode[..i].contains(c) {
            return Err(format!("invalid mode: '{mode}'"));
        }
        match c {
            'r' => m.read = true,
            'w' => m.write = true,
            'a' => m.append = true,
            'x' => m.create = true,
            '+' => m.update = true,
            't' => m.text = true,
            'b' => m.binary = true,
            'U' => m.read = true,
            _ => return Err(format!("invalid mode: '{mode}'")),
        }
    }
    if m.text && m.binary {
        return Err("can't have text and binary mode at once".to_owned());
    }
    let count = [m.read, m.write, m.append, m.create]
        .iter()
        .filter(|x| **x)
        .count();
    if count != 1 {
        let what = "must have exactly one of create/read/write/append mode";
        return Err(what.to_owned());
    }
    Ok(m)
}

/// `open(file, mode='r', buffering=-1, encoding=None, errors=None, newline=None, ...)`.
pub fn open<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let names = [
        "file",
        "mode",
        "buffering",
        "encoding",
        "errors",
        "newline",
        "closefd",
        "opener",
    ];
    let [file, mode, buffering, encoding, errors, newline, _, _] =
        args.parse(vm, "open", names, 1)?;
    let file = file.unwrap_or_else(V::<M>::none);
    let text_of = |vm: &Vm<M>, x: Option<V<M>>| x.filter(|x| !x.is_none()).map(|x| vm.text_of(&x));
    let mode_text = text_of(vm, mode).unwrap_or_else(|| "r".to_owned());
    let mode = match parse_mode(&mode_text) {
        Ok(m) => m,
        Err(m) => return Err(vm.raise_value_error(m)),
    };
    for (given, what) in [
        (&encoding, "encoding"),
        (&errors, "errors"),
        (&newline, "newline"),
    ] {
        if mode.binary && given.as_ref().is_some_and(|x| !x.is_none()) {
            let article = if what.starts_with('e') { "an" } else { "a" };
            let m = match what {
                "newline" => format!("binary mode doesn't take {article} newline argument"),
                _ => format!("binary mode doesn't take {article} {what} argument"),
            };
            return Err(vm.raise_value_error(m));
        }
    }
    let newline = text_of(vm, newline);
    if let Some(n) = &newline
        && !matches!(n.as_str(), "" | "\n" | "\r" | "\r\n")
    {
        return Err(vm.raise_value_error(format!("illegal newline value: {n}")));
    }
    let opened = open_backing(vm, &file, mode)?;
    let readable = mode.read || mode.update;
    let mut s = Stream::new(opened, readable, mode.binary);
    s.writable = !mode.read || mode.update;
    s.inner.borrow_mut().translate = !mode.binary && newline.is_none();
    if let Some(b) = buffering
        && b.as_int().and_then(|i| i.to_i64()) == Some(1)
    {
        s.inner.borrow_mut().line_buffered = true;
    }
    s.name = ValueCell::new(file);
    s.mode = mode_text;
    if let Some(e) = text_of(vm, encoding) {
        let is_utf8 = matches!(e.to_lowercase().as_str(), "utf-8" | "utf8" | "u8");
        s.encoding = if is_utf8 { "UTF-8".to_owned() } else { e };
    }
    if let Some(e) = text_of(vm, errors) {
        s.errors = e;
    }
    if M::TRACED && s.writable {
        vm.interp.written_files.add(&s);
    }
    let class = match (mode.binary, mode.update, mode.read) {
        (false, _, _) => "TextIOWrapper",
        (true, true, _) => "BufferedRandom",
        (true, false, true) => "BufferedReader",
        (true, false, false) => "BufferedWriter",
    };
    let class = vm.native_class(class).unwrap_or_else(V::<M>::none);
    Ok(vm.new_opaque(&class, s))
}

fn open_backing<M: ObjectModel>(vm: &mut Vm<M>, file: &V<M>, mode: Mode) -> Res<Backing> {
    if let Some(n) = file.as_int().and_then(|i| i.to_i64()) {
        return match n {
            0 => Ok(Backing::Stdin),
            1 => Ok(Backing::Stdout),
            2 => Ok(Backing::Stderr),
            _ => Err(vm.raise_errno(9, None)),
        };
    }
    let path = match (file.get::<Str>(), file.get::<Bytes>()) {
        (Some(s), _) => s.text().to_string_lossy().into_owned(),
        (_, Some(b)) => String::from_utf8_lossy(&b.data).into_owned(),
        _ if file.as_float().is_some() => {
            return Err(vm.raise_type_error("integer argument expected, got float"));
        }
        _ => {
            let m = format!("invalid file: {}", vm.repr_text(file)?);
            return Err(vm.raise_type_error(m));
        }
    };
    if path.contains('\0') {
        return Err(vm.raise(Exc::ValueError, "embedded null byte"));
    }
    vm.interp.written_files.pass_on();
    let opened = OpenOptions::new()
        .read(mode.read || mode.update)
        .write(mode.write || mode.create || mode.update && !mode.append)
        .append(mode.append)
        .truncate(mode.write)
        .create(mode.write || mode.append)
        .create_new(mode.create)
        .open(&path);
    match opened {
        Ok(f) if f.metadata().is_ok_and(|m| m.is_dir()) => Err(vm.raise_errno(21, Some(file))),
        Ok(mut f) => {
            if mode.append
                && let Err(e) = f.seek(SeekFrom::End(0))
            {
                return Err(vm.raise_io(&e, Some(file)));
            }
            Ok(Backing::File(f))
        }
        Err(e) => Err(vm.raise_io(&e, Some(file))),
    }
}

#[cfg(test)]
mod tests {
    use super::parse_mode;

    #[test]
    fn modes() {
        assert!(parse_mode("rb+").is_ok_and(|m| m.read && m.update && m.binary));
        assert!(parse_mode("x").is_ok_and(|m| m.create && !m.read));
        for (mode, message) in [
            ("z", "invalid mode: 'z'"),
            ("rr", "invalid mode: 'rr'"),
            ("rbt", "can't have text and binary mode at once"),
            (
                "rw",
                "must have exactly one of create/read/write/append mode",
            ),
            (
                "b",
                "must have exactly one of create/read/write/append mode",
            ),
        ] {
            assert_eq!(parse_mode(mode).map(|_| ()), Err(message.to_owned()));
        }
    }
}
