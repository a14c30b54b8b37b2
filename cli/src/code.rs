//! `ceval dis`, `ceval code`, `ceval digest`, `ceval compile`: what the compiler makes of a file.

use crate::Failure;
use crate::arguments::Python;
use crate::program::{is_pyc, print, read_pyc};
use ceval_bytecode::marshal::{self, PycHeader};
use ceval_bytecode::{CodeObject, digest, dump, json};
use ceval_compiler::stages::{self, Stage};
use ceval_compiler::{CompileError, Compiled, Mode, Options};
use std::io::Read;
use std::path::{Path, PathBuf};

/// The code object of a source file, or of a `.pyc` file.
fn load(file: &Path, name: Option<&str>, python: Option<Python>) -> Result<CodeObject, Failure> {
    let bytes = read(file)?;
    let shown = file.to_string_lossy();
    if is_pyc(&shown, &bytes) {
        return read_pyc(&shown, &bytes);
    }
    match compile_bytes(&bytes, &name_of(file, name), python) {
        Ok(compiled) => Ok(compiled.code),
        Err(e) => Err(Failure::failed(line_of(&e))),
    }
}

/// `ceval compile`: writes a `.pyc` file that CPython 3.5 loads, or prints what a stage made.
pub fn compile_to(
    file: &Path,
    out: Option<&Path>,
    stage: Option<&str>,
    name: Option<&str>,
    python: Option<Python>,
) -> Result<i32, Failure> {
    let name = name_of(file, name);
    let source = read(file)?;
    if let Some(stage) = stage {
        let stage: Stage = stage.parse().map_err(Failure::usage)?;
        let options = Options {
            dialect: Python::dialect(python),
            ..Options::default()
        };
        let text = stages::inspect(&source, &name, Mode::Exec, &options, stage)
            .map_err(|e| Failure::failed(line_of(&e)))?;
        print(&text)?;
        return Ok(0);
    }
    let Some(out) = out else {
        return Err(Failure::usage(
            "give -o OUT.pyc, or --stage tokens|ast|symtable|blocks|code",
        ));
    };
    let compiled =
        compile_bytes(&source, &name, python).map_err(|e| Failure::failed(line_of(&e)))?;
    for w in &compiled.warnings {
        let kind = w.kind.class_name();
        eprintln!("{}:{}: {kind}: {}", w.filename, w.line, w.message);
        let line = source.split(|&b| b == b'\n').nth(w.line as usize - 1);
        let line = String::from_utf8_lossy(line.unwrap_or_default());
        eprintln!("  {}", line.trim());
    }
    let changed = std::fs::metadata(file).and_then(|m| m.modified()).ok();
    let mtime = changed
        .and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok())
        .map_or(0, |d| d.as_secs() as u32);
    let header = PycHeader {
        mtime,
        source_size: source.len() as u32,
    };
    let bytes = marshal::write_pyc(&compiled.code, header)
        .map_err(|e| Failure::failed(format!("{name}: {e}")))?;
    // Written beside and renamed, so that a full disk leaves no half of a file.
    let beside = out.with_extension("pyc.part");
    std::fs::write(&beside, bytes)
        .and_then(|()| std::fs::rename(&beside, out))
        .map_err(|e| {
            let _ = std::fs::remove_file(&beside);
            Failure::failed(format!("cannot write '{}': {e}", out.display()))
        })?;
    Ok(0)
}

fn compile_bytes(
    source: &[u8],
    name: &str,
    python: Option<Python>,
) -> Result<Compiled, CompileError> {
    let options = Options {
        dialect: Python::dialect(python),
        ..Options::default()
    };
    ceval_compiler::compile(source, name, Mode::Exec, &options)
}

fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    if file == Path::new("-") {
        let mut source = Vec::new();
        std::io::stdin()
            .read_to_end(&mut source)
            .map_err(|e| Failure::failed(format!("cannot read standard input: {e}")))?;
        return Ok(source);
    }
    std::fs::read(file)
        .map_err(|e| Failure::usage(format!("cannot read '{}': {e}", file.display())))
}

fn line_of(e: &CompileError) -> String {
    let mut text = match e.line {
        Some(line) => format!("{}:{line}: {}", e.filename, e.kind.class_name()),
        None => format!("{}: {}", e.filename, e.kind.class_name()),
    };
    if !e.message.is_empty() {
        text.push_str(": ");
        text.push_str(&e.message);
    }
    text
}

/// The file name that code objects get: the one given, else the file's.
fn name_of(file: &Path, name: Option<&str>) -> String {
    match name {
        Some(name) => name.to_owned(),
        None if file == Path::new("-") => "<stdin>".to_owned(),
        None => file.to_string_lossy().into_owned(),
    }
}

/// `ceval dis`.
pub fn dis(file: &Path, name: Option<&str>, python: Option<Python>) -> Result<i32, Failure> {
    let compiled = load(file, name, python)?;
    print(&dump::dump_whole(&compiled))?;
    Ok(0)
}

/// `ceval code`.
pub fn json(file: &Path, name: Option<&str>, python: Option<Python>) -> Result<i32, Failure> {
    let compiled = load(file, name, python)?;
    print(&(json::to_json(&compiled) + "\n"))?;
    Ok(0)
}

/// `ceval digest`: a line a file; a file that does not compile has its error in its line.
pub fn digest(files: &[PathBuf], python: Option<Python>) -> Result<i32, Failure> {
    let mut code = 0;
    for file in files {
        let shown = file.to_string_lossy();
        let result = read(file)
            .map_err(|f| (f.message, None))
            .and_then(|source| {
                compile_bytes(&source, &shown, python)
                    .map_err(|e| (format!("{}: {}", e.kind.class_name(), e.message), e.line))
            });
        let line = match result {
            Ok(compiled) => {
                let codes: Vec<_> = digest::digest_list(&compiled.code)
                    .into_iter()
                    .map(|d| serde_json::json!([d.path, d.firstlineno, digest::hex(&d.digest)]))
                    .collect();
                serde_json::json!({"file": shown, "codes": codes})
            }
            Err((error, line)) => {
                code = 1;
                serde_json::json!({"file": shown, "error": error, "line": line})
            }
        };
        print(&format!("{line}\n"))?;
    }
    Ok(code)
}
