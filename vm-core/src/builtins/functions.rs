//! Module `builtins`: its functions, classes and constants.

use super::{conversion, evaluation, import, io, iteration, reflection};
use crate::Vm;
use crate::machine::errors::Exc;
use crate::machine::shortcuts::Shortcut;
use crate::object::{Kind, NativeFn, ObjectModel, V, Value, ValueCell};
use crate::types::builtin::Builtin;
use crate::types::dict::Dict;
use crate::types::module::Module;

/// Kinds whose classes are names of the module.
const CLASSES: &[Kind] = &[
    Kind::Instance,
    Kind::Type,
    Kind::Int,
    Kind::Bool,
    Kind::Float,
    Kind::Complex,
    Kind::Str,
    Kind::Bytes,
    Kind::ByteArray,
    Kind::Tuple,
    Kind::List,
    Kind::Dict,
    Kind::Set,
    Kind::FrozenSet,
    Kind::Range,
    Kind::Slice,
    Kind::Property,
    Kind::ClassMethod,
    Kind::StaticMethod,
    Kind::Super,
    Kind::Enumerate,
    Kind::Zip,
    Kind::Map,
    Kind::Filter,
    Kind::ReverseIterator,
];

/// Fills module `builtins` and puts it into `sys.modules`.
pub fn init<M: ObjectModel>(vm: &mut Vm<M>) {
    let none = V::<M>::none;
    let name = vm.intern("builtins");
    let doc = vm.new_str("Built-in functions, exceptions, and other objects.");
    for (key, value) in [
        ("__name__", name.clone()),
        ("__doc__", doc),
        ("__package__", vm.intern("")),
        ("__loader__", none()),
        ("__spec__", none()),
    ] {
        set(vm, key, value);
    }
    let functions: &[(&'static str, NativeFn<M>)] = &[
        ("__build_class__", super::build_class::build_class::<M>),
        ("__import__", import::import::<M>),
        ("abs", conversion::abs::<M>),
        ("all", iteration::all::<M>),
        ("any", iteration::any::<M>),
        ("ascii", conversion::ascii::<M>),
        ("bin", conversion::bin::<M>),
        ("callable", reflection::callable::<M>),
        ("chr", conversion::chr::<M>),
        ("compile", evaluation::compile::<M>),
        ("delattr", reflection::delattr::<M>),
        ("dir", reflection::dir::<M>),
        ("divmod", conversion::divmod::<M>),
        ("eval", evaluation::eval::<M>),
        ("exec", evaluation::exec::<M>),
        ("format", super::format::format::<M>),
        ("getattr", reflection::getattr::<M>),
        ("globals", reflection::globals::<M>),
        ("hasattr", reflection::hasattr::<M>),
        ("hash", conversion::hash::<M>),
        ("hex", conversion::hex::<M>),
        ("id", reflection::id::<M>),
        ("input", io::input::<M>),
        ("isinstance", reflection::isinstance::<M>),
        ("issubclass", reflection::issubclass::<M>),
        ("iter", iteration::iter::<M>),
        ("len", iteration::len::<M>),
        ("locals", reflection::locals::<M>),
        ("max", iteration::max::<M>),
        ("min", iteration::min::<M>),
        ("next", iteration::next::<M>),
        ("oct", conversion::oct::<M>),
        ("open", crate::modules::io::open::open::<M>),
        ("ord", conversion::ord::<M>),
        ("pow", conversion::pow::<M>),
        ("print", io::print::<M>),
        ("repr", conversion::repr::<M>),
        ("round", conversion::round::<M>),
        ("setattr", reflection::setattr::<M>),
        ("sorted", iteration::sorted::<M>),
        ("sum", iteration::sum::<M>),
        ("vars", reflection::vars::<M>),
    ];
    for &(key, function) in functions {
        let f = Builtin {
            name: key,
            function,
            receiver: V::<M>::null(),
            owner: V::<M>::null(),
            module: ValueCell::new(name.clone()),
            doc: "",
            shortcut: Shortcut::of_function(key),
        };
        let f = vm.alloc(f);
        set(vm, key, f);
    }
    for &kind in CLASSES {
        let class = vm.class_of_kind(kind);
        set(vm, kind.class_name(), class);
    }
    if let Some(class) = vm.native_class("memoryview") {
        set(vm, "memoryview", class);
    }
    for &(exc, key, _) in Exc::ALL {
        let class = vm.class_of_exc(exc);
        set(vm, key, class);
    }
    let os_error = vm.class_of_exc(Exc::OSError);
    set(vm, "EnvironmentError", os_error.clone());
    set(vm, "IOError", os_error);
    for (key, value) in [
        ("None", none()),
        ("True", V::<M>::bool(true)),
        ("False", V::<M>::bool(false)),
        ("Ellipsis", V::<M>::ellipsis()),
        ("NotImplemented", V::<M>::not_implemented()),
        ("__debug__", V::<M>::bool(true)),
    ] {
        set(vm, key, value);
    }
    let dict = vm.interp.builtins.clone();
    let module = vm.alloc(Module {
        dict: ValueCell::new(dict),
    });
    let hash = vm.str_hash(&name);
    if let Some(modules) = vm.interp.modules.get::<Dict<M>>() {
        drop(modules.table.insert_str(name, hash, module));
    }
}

fn set<M: ObjectModel>(vm: &mut Vm<M>, name: &str, value: V<M>) {
    let name = vm.intern(name);
    let hash = vm.str_hash(&name);
    if let Some(d) = vm.interp.builtins.get::<Dict<M>>() {
        drop(d.table.insert_str(name, hash, value));
    }
}
