//! Running a program: what `python FILE` and `python -c COMMAND` do, from the source to the exit code.

use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::model::CollectReason;
use crate::object::{IntRef, ObjectModel, Res, V, Value};
use crate::types::dict::Dict;
use crate::types::exception::fields;
use crate::types::module::Module;
use ceval_bytecode::CodeObject;
use ceval_compiler::Mode;
use std::sync::Arc;

/// Exit code of a program that has ended well but whose output could not be written.
const OUTPUT_LOST: i32 = 120;

/// Runs a program file's contents as `__main__`: `sys.argv` becomes `filename` and `args`, and the
/// file's folder the first entry of `sys.path`. Tracebacks and the compiler's warnings go to
/// standard error. Gives the exit code: 0, 1 after an exception, or `SystemExit`'s.
pub fn run_source<M: ObjectModel>(
    vm: &mut Vm<M>,
    source: &[u8],
    filename: &str,
    args: &[String],
) -> i32 {
    set_arguments(vm, filename, &folder_of(filename), args);
    let options = vm.compile_options();
    let code = vm.compile_file(source, filename, &options);
    run_main(vm, code, Some(filename))
}

/// Runs a compiled module, such as a `.pyc` file holds, as `__main__`; otherwise as [`run_source`].
pub fn run_compiled<M: ObjectModel>(
    vm: &mut Vm<M>,
    code: CodeObject,
    filename: &str,
    args: &[String],
) -> i32 {
    set_arguments(vm, filename, &folder_of(filename), args);
    let code = vm.new_code(Arc::new(code));
    run_main(vm, Ok(code), Some(filename))
}

/// The folder that a program's file is in, links followed, as CPython has it in `sys.path`; of a file that is not
/// there, the part of its path before the last slash.
fn folder_of(filename: &str) -> String {
    let file = std::path::Path::new(filename).canonicalize();
    match file.as_deref().map(std::path::Path::parent) {
        Ok(Some(folder)) => folder.to_string_lossy().into_owned(),
        _ => filename
            .rfind('/')
            .map_or("", |at| &filename[..at])
            .to_owned(),
    }
}

/// Runs what standard input held as `__main__`, as `python -` does.
pub fn run_stdin<M: ObjectModel>(vm: &mut Vm<M>, source: &[u8], args: &[String]) -> i32 {
    set_arguments(vm, "-", "", args);
    let options = vm.compile_options();
    let code = vm.compile_file(source, "<stdin>", &options);
    run_main(vm, code, Some("<stdin>"))
}

/// Runs the argument of `-c` as `__main__`.
pub fn run_command<M: ObjectModel>(vm: &mut Vm<M>, command: &str, args: &[String]) -> i32 {
    set_arguments(vm, "-c", "", args);
    let options = vm.compile_options();
    let compiled = ceval_compiler::compile_text(command, "<string>", Mode::Exec, &options);
    let code = vm.finish_compilation(compiled);
    run_main(vm, code, None)
}

/// `sys.argv`, and the first entry of `sys.path`.
fn set_arguments<M: ObjectModel>(vm: &mut Vm<M>, name: &str, folder: &str, args: &[String]) {
    let mut argv = vec![vm.new_str(name)];
    for a in args {
        let a = vm.new_str(a.clone());
        argv.push(a);
    }
    let argv = vm.new_list(argv);
    let mut path = vec![vm.new_str(folder)];
    for p in vm.options.path.clone() {
        let p = vm.new_str(p);
        path.push(p);
    }
    let path = vm.new_list(path);
    vm.options.path.insert(0, folder.to_owned());
    if let Some(sys) = vm.loaded_module("sys") {
        vm.set_module_attr(&sys, "argv", argv);
        vm.set_module_attr(&sys, "path", path);
    }
}

fn run_main<M: ObjectModel>(vm: &mut Vm<M>, code: Res<V<M>>, file: Option<&str>) -> i32 {
    let result = code.and_then(|code| {
        let main = main_module(vm, file);
        let dict = namespace::<M>(&main);
        vm.run_code(&code, &dict, &dict)
    });
    let code = finish(vm, result.map(drop));
    let at_exit = run_exit_functions(vm);
    let code = if at_exit == 0 { code } else { at_exit };
    destroy_modules(vm);
    // Later releases' code where 3.5 gives 0: lost output is no success.
    match crate::builtins::io::flush_standard_streams(vm) {
        false if code == 0 => OUTPUT_LOST,
        _ => code,
    }
}

fn namespace<M: ObjectModel>(module: &V<M>) -> V<M> {
    module
        .get::<Module<M>>()
        .map_or_else(V::<M>::none, |m| m.dict.load())
}

/// Module `__main__`, made anew. Public for interactive use: its dict is the session's namespace.
pub fn main_module<M: ObjectModel>(vm: &mut Vm<M>, file: Option<&str>) -> V<M> {
    let main = vm.new_module("__main__");
    if let Some(builtins) = vm.loaded_module("builtins") {
        vm.set_module_attr(&main, "__builtins__", builtins);
    }
    if let Some(file) = file {
        let file = vm.new_str(file);
        vm.set_module_attr(&main, "__file__", file);
        vm.set_module_attr(&main, "__cached__", V::<M>::none());
    }
    let name = vm.intern("__main__");
    let hash = vm.str_hash(&name);
    if let Some(modules) = vm.interp.modules.get::<Dict<M>>() {
        drop(modules.table.insert_str(name, hash, main.clone()));
    }
    main
}

/// The exit code of a result; prints the exception if there is one.
fn finish<M: ObjectModel>(vm: &mut Vm<M>, result: Res<()>) -> i32 {
    if result.is_ok() {
        return 0;
    }
    let value = vm.take_raised();
    vm.holding(|vm| report(vm, &value))
}

/// Prints an uncaught exception, unless it is a SystemExit, and gives the exit code.
pub fn report<M: ObjectModel>(vm: &mut Vm<M>, value: &V<M>) -> i32 {
    if !vm.is_exception_of(value, Exc::SystemExit) {
        vm.print_uncaught(value);
        return 1;
    }
    let code = fields::get(vm, value, fields::slot::CODE);
    if code.is_none() {
        return 0;
    }
    if let Some(i) = code.as_int() {
        // The system keeps the low byte; what does not fit 64 bits is -1, as in CPython.
        return IntRef::to_i64(i).map_or(-1, |i| i as i32);
    }
    let mut text = match vm.str_text(&code) {
        Ok(t) => t,
        Err(_) => {
            drop(vm.take_raised());
            String::new()
        }
    };
    text.push('\n');
    vm.write_error(&text);
    1
}

/// Runs what was registered with `atexit`.
fn run_exit_functions<M: ObjectModel>(vm: &mut Vm<M>) -> i32 {
    let Some(module) = vm.loaded_module("atexit") else {
        return 0;
    };
    let result = vm.call_method(&module, "_run_exitfuncs", &[]).map(drop);
    finish(vm, result)
}

/// Lets the modules go, so that objects that only they keep are finalized: first what is garbage
/// already, then what the program's modules lead to, while their contents are still there, as since
/// CPython 3.4. A main module that something else keeps is emptied (`_PyModule_Clear`).
fn destroy_modules<M: ObjectModel>(vm: &mut Vm<M>) {
    vm.run_finalizers();
    M::collect(vm, CollectReason::Requested);
    vm.run_finalizers();
    let Some(main) = vm.loaded_module("__main__") else {
        return;
    };
    let dict = namespace::<M>(&main);
    let token = M::new_weak(&mut vm.heap, &dict);
    drop((main, dict));
    if let Some(modules) = vm.interp.modules.get::<Dict<M>>() {
        let keys = modules.table.keys();
        for key in keys {
            // What finalizers print goes through these.
            if !matches!(vm.text_of(&key).as_str(), "sys" | "builtins" | "io" | "_io") {
                drop(modules.table.remove_str(&key, vm.str_hash(&key)));
            }
        }
    }
    vm.run_finalizers();
    M::collect(vm, CollectReason::Shutdown);
    vm.run_finalizers();
    if let Some(dict) = M::upgrade(&vm.heap, token) {
        clear_names(vm, &dict);
        M::collect(vm, CollectReason::Shutdown);
        vm.run_finalizers();
    }
}

/// Sets the names of a module to None: private ones first, as CPython does, then the rest;
/// `__builtins__` stays for finalizers.
fn clear_names<M: ObjectModel>(vm: &mut Vm<M>, dict: &V<M>) {
    let Some(d) = dict.get::<Dict<M>>() else {
        return;
    };
    let keys = d.table.keys();
    for private in [true, false] {
        for key in &keys {
            let name = vm.text_of(key);
            let is_private = name.starts_with('_') && !name.starts_with("__");
            if name == "__builtins__" || is_private != private {
                continue;
            }
            let hash = vm.str_hash(key);
            if let Some(position) = d.table.position_of_str(key, hash) {
                drop(d.table.replace(position, V::<M>::none()));
            }
            vm.run_finalizers();
        }
    }
}
