//! `compile`, `eval` and `exec`; and compiling for everything else that runs source text.

use super::arguments::unpack;
use crate::Vm;
use crate::machine::errors::Exc;
use crate::object::{Args, Kind, ObjectModel, Res, V, Value};
use crate::types::bytearray::ByteArray;
use crate::types::bytes::Bytes;
use crate::types::code::Code;
use crate::types::dict::Dict;
use crate::types::frame::FrameObject;
use crate::types::function::Function;
use crate::types::str::Str;
use ceval_bytecode::flags::CO_FUTURE_MASK;
use ceval_compiler::decode::{Origin, decode};
use ceval_compiler::{CompileError, Compiled, ErrorKind, Mode, Options, Warning};
use std::sync::Arc;

/// Source text or bytes, copied out of an argument.
enum Source {
    Text(String),
    Bytes(Vec<u8>),
}

/// `PyCF_DONT_IMPLY_DEDENT`, `PyCF_SOURCE_IS_UTF8` and `PyCF_IGNORE_COOKIE` are accepted and mean nothing here.
const KNOWN_FLAGS: i64 = CO_FUTURE_MASK as i64 | 0x0100 | 0x0200 | 0x0800 | 0x10;

/// The source in an argument, or a TypeError.
fn source_of<M: ObjectModel>(vm: &mut Vm<M>, v: &V<M>, function: &str, kinds: &str) -> Res<Source> {
    if let Some(s) = v.get::<Str>() {
        return match s.as_utf8() {
            Some(text) => Ok(Source::Text(text.to_owned())),
            None => {
                let at = s
                    .text()
                    .code_points()
                    .position(|c| c.to_char().is_none())
                    .unwrap_or(0);
                let reason = "surrogates not allowed";
                let range = at..at + 1;
                Err(vm.raise_unicode(Exc::UnicodeEncodeError, "utf-8", v.clone(), range, reason))
            }
        };
    }
    if let Some(b) = v.get::<Bytes>() {
        return Ok(Source::Bytes(b.data.to_vec()));
    }
    if let Some(a) = v.get::<ByteArray>() {
        return Ok(Source::Bytes(a.data.borrow().clone()));
    }
    let m = format!("{function}() arg 1 must be a {kinds} object");
    Err(vm.raise_type_error(m))
}

/// `compile(source, filename, mode, flags=0, dont_inherit=False, optimize=-1)`.
pub fn compile<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let names = [
        "source",
        "filename",
        "mode",
        "flags",
        "dont_inherit",
        "optimize",
    ];
    let [source, filename, mode, flags, dont_inherit, optimize] =
        args.parse(vm, "compile", names, 3)?;
    let none = V::<M>::none;
    let (source, filename) = (source.unwrap_or_else(none), filename.unwrap_or_else(none));
    let mode = mode.unwrap_or_else(none);
    let Some(mode) = mode
        .get::<Str>()
        .map(|m| m.text().to_string_lossy().into_owned())
    else {
        let m = format!(
            "compile() argument 3 must be str, not {}",
            vm.type_name(&mode)
        );
        return Err(vm.raise_type_error(m));
    };
    let mut number = |v: Option<V<M>>, default: i64| match v {
        Some(v) => vm.index_as_isize(&v, Exc::OverflowError).map(|i| i as i64),
        None => Ok(default),
    };
    let flags = number(flags, 0)?;
    let optimize = number(optimize, -1)?;
    if flags & !KNOWN_FLAGS != 0 {
        return Err(vm.raise_value_error("compile(): unrecognised flags"));
    }
    if !(-1..=2).contains(&optimize) {
        return Err(vm.raise_value_error("compile(): invalid optimize value"));
    }
    let inherit = match dont_inherit {
        Some(v) => !vm.is_true(&v)?,
        None => true,
    };
    let mut options = vm.compile_options();
    options.flags = flags as u32 & CO_FUTURE_MASK;
    if inherit {
        options.flags |= current_future_flags(vm);
    }
    options.optimize = optimize.max(0) as u8;
    let mode = match mode.as_str() {
        "exec" => Mode::Exec,
        "eval" => Mode::Eval,
        "single" => Mode::Single,
        _ => {
            let m = "compile() mode must be 'exec', 'eval' or 'single'";
            return Err(vm.raise_value_error(m));
        }
    };
    let filename = match filename.get::<Bytes>() {
        Some(b) => String::from_utf8_lossy(&b.data).into_owned(),
        None if filename.kind() == Kind::Str => vm.text_of(&filename),
        None => {
            let m = format!(
                "compile() argument 2 must be str, not {}",
                vm.type_name(&filename)
            );
            return Err(vm.raise_type_error(m));
        }
    };
    let source = source_of(vm, &source, "compile", "string, bytes or AST")?;
    compile_source(vm, &source, &filename, mode, &options)
}

/// The future features of the code that calls the running native function.
fn current_future_flags<M: ObjectModel>(vm: &mut Vm<M>) -> u32 {
    let Some(frame) = vm.frame_object(0) else {
        return 0;
    };
    let flags = frame
        .get::<FrameObject<M>>()
        .and_then(|f| f.function.get::<Function<M>>())
        .and_then(|f| f.code.load().get::<Code<M>>().map(|c| c.object.flags));
    flags.unwrap_or(0) & CO_FUTURE_MASK
}

fn compile_source<M: ObjectModel>(
    vm: &mut Vm<M>,
    source: &Source,
    filename: &str,
    mode: Mode,
    options: &Options,
) -> Res<V<M>> {
    let compiled = match source {
        Source::Text(text) => ceval_compiler::compile_text(text, filename, mode, options),
        Source::Bytes(bytes) => ceval_compiler::compile(bytes, filename, mode, options),
    };
    vm.finish_compilation(compiled)
}

/// Globals and locals of `eval` and `exec`.
fn namespaces<M: ObjectModel>(
    vm: &mut Vm<M>,
    function: &str,
    globals: Option<&V<M>>,
    locals: Option<&V<M>>,
) -> Res<(V<M>, V<M>)> {
    let globals = globals.filter(|g| !g.is_none());
    let locals = locals.filter(|l| !l.is_none());
    if let Some(l) = locals
        && vm.slots(l).getitem.is_none()
    {
        let m = match function {
            "exec" => format!("locals must be a mapping or None, not {}", vm.type_name(l)),
            _ => "locals must be a mapping".to_owned(),
        };
        return Err(vm.raise_type_error(m));
    }
    if let Some(g) = globals
        && g.kind() != Kind::Dict
    {
        let m = match (function, vm.slots(g).getitem.is_some()) {
            ("exec", _) => format!("exec() globals must be a dict, not {}", vm.type_name(g)),
            (_, true) => "globals must be a real dict; try eval(code, {}, mapping)".to_owned(),
            (_, false) => "globals must be a dict".to_owned(),
        };
        return Err(vm.raise_type_error(m));
    }
    let (globals, locals) = match (globals, locals) {
        (Some(g), Some(l)) => (g.clone(), l.clone()),
        (Some(g), None) => (g.clone(), g.clone()),
        (None, given) => {
            let Some(g) = vm.current_globals() else {
                let m = format!("{function}() needs globals: no Python code is running");
                return Err(vm.raise(Exc::SystemError, m));
            };
            let l = match given {
                Some(l) => l.clone(),
                None => vm.current_locals()?,
            };
            (g, l)
        }
    };
    vm.ensure_builtins(&globals);
    Ok((globals, locals))
}

fn evaluate<M: ObjectModel>(
    vm: &mut Vm<M>,
    args: &[V<M>],
    function: &str,
    mode: Mode,
) -> Res<V<M>> {
    let (globals, locals) = namespaces(vm, function, args.get(1), args.get(2))?;
    let code = match args[0].get::<Code<M>>() {
        Some(code) => {
            if !code.object.freevars.is_empty() {
                let m =
                    format!("code object passed to {function}() may not contain free variables");
                return Err(vm.raise_type_error(m));
            }
            args[0].clone()
        }
        None => {
            let mut source = source_of(vm, &args[0], function, "string, bytes or code")?;
            if mode == Mode::Eval {
                source = match source {
                    Source::Text(t) => Source::Text(t.trim_start_matches([' ', '\t']).to_owned()),
                    Source::Bytes(b) => {
                        let start = b.iter().position(|c| !matches!(c, b' ' | b'\t'));
                        Source::Bytes(b[start.unwrap_or(b.len())..].to_vec())
                    }
                };
            }
            let mut options = vm.compile_options();
            options.flags = current_future_flags(vm);
            compile_source(vm, &source, "<string>", mode, &options)?
        }
    };
    vm.run_code(&code, &globals, &locals)
}

/// `eval(source[, globals[, locals]])`.
pub fn eval<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let args = unpack(vm, args, "eval", 1, 3)?;
    evaluate(vm, args, "eval", Mode::Eval)
}

/// `exec(source[, globals[, locals]])`.
pub fn exec<M: ObjectModel>(vm: &mut Vm<M>, args: Args<'_, M>) -> Res<V<M>> {
    let args = unpack(vm, args, "exec", 1, 3)?;
    evaluate(vm, args, "exec", Mode::Exec)?;
    Ok(V::<M>::none())
}

impl<M: ObjectModel> Vm<M> {
    /// The compiler's settings of this machine.
    pub fn compile_options(&self) -> Options {
        Options {
            dialect: self.options.dialect,
            ..Options::default()
        }
    }

    /// Compiles the contents of a file, as running or importing it does.
    pub fn compile_file(&mut self, source: &[u8], filename: &str, options: &Options) -> Res<V<M>> {
        let compiled = match decode(source, filename, Origin::File) {
            Ok(text) => ceval_compiler::compile_text(&text, filename, Mode::Exec, options)
                .map_err(|e| at_end_of_file(e, source)),
            // There is no source line to show if the source cannot be decoded.
            Err(e) => return Err(self.raise_compile_error(&e, None)),
        };
        self.finish_compilation(compiled)
    }

    /// A code value of a finished compilation, its warnings written; or its error raised.
    pub fn finish_compilation(&mut self, compiled: Result<Compiled, CompileError>) -> Res<V<M>> {
        let warnings = match &compiled {
            Ok(c) => &c.warnings,
            Err(e) => &e.warnings,
        };
        for w in warnings {
            self.issue_warning(w)?;
        }
        match compiled {
            Ok(compiled) => Ok(self.new_code(Arc::new(compiled.code))),
            Err(error) => {
                let line = match (&error.text, error.line) {
                    (None, Some(n)) => super::source_lines::error_line(&error.filename, n),
                    _ => None,
                };
                Err(self.raise_compile_error(&error, line))
            }
        }
    }

    /// Issues a warning of the compiler: through the program's filters if module `warnings` is loaded, else
    /// straight to standard error (`PyErr_WarnExplicitObject`). Runs Python code in the former case.
    fn issue_warning(&mut self, w: &Warning) -> Res<()> {
        let issue = match self.loaded_module("warnings") {
            Some(module) => self.find_attr(&module, "warn_explicit")?,
            None => None,
        };
        let Some(issue) = issue else {
            let folders = self.options.path.clone();
            let line = super::source_lines::find_line(&w.filename, w.line, &folders);
            self.write_error(&syntax_warning(w, line.as_deref()));
            return Ok(());
        };
        let arguments = [
            self.new_str(w.message.clone()),
            self.class_of_exc(Exc::SyntaxWarning),
            self.new_str(w.filename.clone()),
            self.new_int(i64::from(w.line)),
        ];
        let issued = self.holding(|vm| vm.call_values(&issue, &arguments));
        match (issued, w.error_line) {
            (Err(_), Some(line)) if self.raised_is(Exc::SyntaxWarning) => {
                drop(self.take_raised());
                let error = CompileError {
                    line: Some(line),
                    ..CompileError::without_position(
                        ErrorKind::SyntaxError,
                        w.message.clone(),
                        &w.filename,
                    )
                };
                let text = super::source_lines::error_line(&w.filename, line);
                Err(self.raise_compile_error(&error, text))
            }
            (issued, _) => issued.map(drop),
        }
    }

    /// Gives a globals dict its `__builtins__`, as code that runs in it expects.
    pub fn ensure_builtins(&mut self, globals: &V<M>) {
        let name = self.intern("__builtins__");
        let hash = self.str_hash(&name);
        let builtins = self.interp.builtins.clone();
        if let Some(d) = globals.get::<Dict<M>>()
            && d.table.position_of_str(&name, hash).is_none()
        {
            drop(d.table.insert_str(name, hash, builtins));
        }
    }
}

/// An error at the end of a source as CPython reports it when it reads the source from a file line
/// by line: on the line after the last one, which is empty, below the last line's end.
fn at_end_of_file(mut error: CompileError, source: &[u8]) -> CompileError {
    let lines = memchr::memchr_iter(b'\n', source).count() as u32;
    let ends_open = source.last().is_some_and(|&b| b != b'\n');
    let lines = lines + u32::from(ends_open);
    match error.message.as_str() {
        "unexpected EOF while parsing" => {
            let body = source.strip_suffix(b"\n").unwrap_or(source);
            let start = memchr::memrchr(b'\n', body).map_or(0, |i| i + 1);
            error.line = Some(lines + 1);
            error.offset = Some((body.len() - start) as u32 + 1);
            error.text = Some(String::new());
        }
        "EOF while scanning triple-quoted string literal" => {
            error.line = Some(lines + 2);
            error.offset = Some(1);
            error.text = Some(String::new());
        }
        _ => {}
    }
    error
}

/// A warning of the compiler as CPython prints it without module `warnings`.
fn syntax_warning(w: &Warning, line: Option<&str>) -> String {
    let category = w.kind.class_name();
    let mut text = format!("{}:{}: {category}: {}\n", w.filename, w.line, w.message);
    if let Some(line) = line {
        text.push_str("  ");
        text.push_str(line.trim_start_matches([' ', '\t', '\x0c']));
        text.push('\n');
    }
    text
}
