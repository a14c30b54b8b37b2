//! `ceval dis`, `ceval code`, `ceval digest`: what the compiler makes of a file.

use crate::Failure;
use crate::arguments::Python;
use crate::program::print;
use ceval_bytecode::{digest, dump, json};
use ceval_compiler::{CompileError, Compiled, Mode, Options};
use std::io::Read;
use std::path::{Path, PathBuf};

/// Compiles a file, or says in one or more lines why not.
fn compile(file: &Path, name: Option<&str>, python: Option<Python>) -> Result<Compiled, Failure> {
    let source = read(file)?;
    let shown = file.to_string_lossy();
    compile_bytes(&source, name.unwrap_or(&shown), python).map_err(|e| Failure::failed(line_of(&e)))
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
    match e.line {
        Some(line) => format!(
            "{}:{line}: {}: {}",
            e.filename,
            e.kind.class_name(),
            e.message
        ),
        None => format!("{}: {}: {}", e.filename, e.kind.class_name(), e.message),
    }
}

/// `ceval dis`.
pub fn dis(file: &Path, name: Option<&str>, python: Option<Python>) -> Result<i32, Failure> {
    let compiled = compile(file, name, python)?;
    print(&dump::dump(&compiled.code))?;
    Ok(0)
}

/// `ceval code`.
pub fn json(file: &Path, name: Option<&str>, python: Option<Python>) -> Result<i32, Failure> {
    let compiled = compile(file, name, python)?;
    print(&(json::to_json(&compiled.code) + "\n"))?;
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
