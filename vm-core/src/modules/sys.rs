//! Module `sys`.
//!
//! Made at the start of the interpreter and kept in `sys.modules`: `print` finds `stdout` here.

mod facts;
mod functions;

use super::builder::ModuleBuilder;
use super::io::stream::Backing;
use crate::Vm;
use crate::object::{ObjectModel, Res, V, Value};
use crate::types::dict::Dict;

/// Makes the module.
pub fn make<M: ObjectModel>(vm: &mut Vm<M>) -> Res<V<M>> {
    let stdin = vm.new_standard_stream("<stdin>", Backing::Stdin);
    let stdout = vm.new_standard_stream("<stdout>", Backing::Stdout);
    let stderr = vm.new_standard_stream("<stderr>", Backing::Stderr);
    let modules = vm.interp.modules.clone();
    let strings = |vm: &mut Vm<M>, list: Vec<String>| {
        let items = list.into_iter().map(|s| vm.new_str(s)).collect();
        vm.new_list(items)
    };
    let argv = vm.options.argv.clone();
    let argv = strings(
        vm,
        if argv.is_empty() {
            vec![String::new()]
        } else {
            argv
        },
    );
    let path = vm.options.path.clone();
    let path = strings(vm, path);
    let mut native: Vec<String> = vm
        .interp
        .native_modules
        .keys()
        .map(|k| (*k).to_owned())
        .collect();
    native.push("builtins".to_owned());
    native.sort();
    let native: Vec<V<M>> = native.into_iter().map(|s| vm.new_str(s)).collect();
    let native = vm.new_tuple(native);
    let empty_list = |vm: &mut Vm<M>| vm.new_list(Vec::new());
    let builder = ModuleBuilder::new(vm, "sys")
        .doc("What belongs to the interpreter: streams, arguments, modules, limits.")
        .value("modules", modules)
        .value("argv", argv)
        .value("path", path)
        .value("builtin_module_names", native)
        .value("stdin", stdin.clone())
        .value("__stdin__", stdin)
        .value("stdout", stdout.clone())
        .value("__stdout__", stdout)
        .value("stderr", stderr.clone())
        .value("__stderr__", stderr)
        .constant("warnoptions", empty_list)
        .constant("meta_path", empty_list)
        .constant("path_hooks", empty_list)
        .constant("path_importer_cache", |vm| vm.new_dict())
        .constant("_xoptions", |vm| vm.new_dict());
    let module = functions::add(facts::add(builder)).done();
    for (hook, original) in [
        ("displayhook", "__displayhook__"),
        ("excepthook", "__excepthook__"),
    ] {
        let key = vm.intern(hook);
        let f = vm.get_attr(&module, &key)?;
        vm.set_module_attr(&module, original, f);
    }
    Ok(module)
}

/// Puts the module into `sys.modules`.
pub fn start<M: ObjectModel>(vm: &mut Vm<M>) {
    let Ok(module) = make(vm) else {
        drop(vm.take_raised());
        return;
    };
    let name = vm.intern("sys");
    let hash = vm.str_hash(&name);
    if let Some(d) = vm.interp.modules.get::<Dict<M>>() {
        drop(d.table.insert_str(name, hash, module));
    }
}
