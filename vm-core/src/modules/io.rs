//! Module `io`: file objects, and the streams behind `sys.stdin`, `sys.stdout` and `sys.stderr`.
//!
//! One native body ([`stream::Stream`]) stands behind five classes: CPython's layers (raw,
//! buffered, text) are not separate objects here, so `f.buffer` exists and `f.raw` does not.

pub mod methods;
pub mod open;
pub mod stream;

use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::native::opaque;
use crate::object::{ObjectModel, Res, V, Value, ValueCell};
use crate::types::str::Str;
use stream::{Backing, Stream};

use super::builder::ModuleBuilder;

/// Makes the classes. They are needed before `io` is imported.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    for name in [
        "TextIOWrapper",
        "BufferedReader",
        "BufferedWriter",
        "BufferedRandom",
        "StringIO",
        "BytesIO",
    ] {
        let class = methods::fill(vm.new_opaque_class(name), name);
        let module = vm.new_str(if name.ends_with("O") { "io" } else { "_io" });
        let key = vm.intern("__module__");
        let hash = vm.str_hash(&key);
        if let Some(d) = class
            .get::<crate::types::class::Type<M>>()
            .and_then(|t| t.dict.get::<crate::types::dict::Dict<M>>())
        {
            drop(d.table.insert_str(key, hash, module));
        }
    }
}

/// Makes module `io`.
pub fn make<M: ObjectModel>(vm: &mut Vm<M>) -> Res<V<M>> {
    let class = |vm: &Vm<M>, name: &str| vm.native_class(name).unwrap_or_else(V::<M>::none);
    let [text, reader, writer, random, string, bytes] = [
        "TextIOWrapper",
        "BufferedReader",
        "BufferedWriter",
        "BufferedRandom",
        "StringIO",
        "BytesIO",
    ]
    .map(|n| class(vm, n));
    let unsupported = vm.class_of_exc(Exc::OSError);
    Ok(ModuleBuilder::new(vm, "io")
        .value("TextIOWrapper", text)
        .value("BufferedReader", reader)
        .value("BufferedWriter", writer)
        .value("BufferedRandom", random)
        .value("StringIO", string)
        .value("BytesIO", bytes)
        .value("UnsupportedOperation", unsupported)
        .function("open", open::open::<M>)
        .constant("SEEK_SET", |vm| vm.new_int(0))
        .constant("SEEK_CUR", |vm| vm.new_int(1))
        .constant("SEEK_END", |vm| vm.new_int(2))
        .constant("DEFAULT_BUFFER_SIZE", |vm| vm.new_int(8192))
        .done())
}

impl<M: ObjectModel> Vm<M> {
    /// A text stream object for `sys`.
    pub fn new_standard_stream(&mut self, name: &str, backing: Backing) -> V<M> {
        let class = self
            .native_class("TextIOWrapper")
            .unwrap_or_else(V::<M>::none);
        let readable = matches!(backing, Backing::Stdin);
        let mut s = Stream::new(backing, readable, false);
        s.name = ValueCell::new(self.new_str(name));
        s.mode = if readable { "r" } else { "w" }.to_owned();
        self.new_opaque(&class, s)
    }

    /// An attribute of module `sys`, if it is there.
    pub fn sys_attr(&mut self, name: &str) -> Option<V<M>> {
        let sys = self.intern("sys");
        let name = self.intern(name);
        let modules = self.interp.modules.get::<crate::types::dict::Dict<M>>()?;
        let sys = modules.table.get_str(&sys, self.str_hash(&sys))?;
        let dict = sys.get::<crate::types::module::Module<M>>()?.dict.load();
        let dict = dict.get::<crate::types::dict::Dict<M>>()?;
        dict.table.get_str(&name, self.str_hash(&name))
    }

    /// Writes a str value to a file-like object.
    pub fn write_to(&mut self, file: &V<M>, text: &V<M>) -> Res<()> {
        if let (Some(stream), Some(s)) = (opaque::<M, Stream<M>>(file), text.get::<Str>())
            && stream.takes_text()
        {
            return methods::write_text(self, stream, s);
        }
        self.call_method(file, "write", std::slice::from_ref(text))?;
        Ok(())
    }

    /// Flushes a file-like object.
    pub fn flush(&mut self, file: &V<M>) -> Res<()> {
        if let Some(stream) = opaque::<M, Stream<M>>(file) {
            return methods::flush_stream(self, stream);
        }
        self.call_method(file, "flush", &[])?;
        Ok(())
    }

    /// Writes text to the machine's standard error after what Python code has written there.
    /// For tracebacks and warnings; goes to `sys.stderr` if that is another object.
    pub fn write_error(&mut self, text: &str) {
        if let Some(out) = self.sys_attr("stdout")
            && opaque::<M, Stream<M>>(&out).is_some()
            && self.flush(&out).is_err()
        {
            drop(self.take_raised());
        }
        match self.sys_attr("stderr") {
            Some(err) if !err.is_none() => {
                let text = self.new_str(text);
                if self
                    .write_to(&err, &text)
                    .and_then(|()| self.flush(&err))
                    .is_err()
                {
                    drop(self.take_raised());
                }
            }
            _ => {
                // Nobody is left to tell if standard error fails.
                let _ = self.options.stderr.write_all(text.as_bytes());
                let _ = self.options.stderr.flush();
            }
        }
    }
}
