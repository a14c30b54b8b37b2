//! Running programs, and the list of cells.

use crate::Failure;
use crate::arguments::{Python, Run, Switch};
use ceval_bytecode::{CodeObject, marshal, verify};
use ceval_cells::{self as cells, Program, RunOptions};
use std::io::{Read, Write};

/// `ceval cells`.
pub fn list_cells(json: bool) -> Result<i32, Failure> {
    let names: Vec<String> = cells::all().iter().map(ToString::to_string).collect();
    let text = if json {
        serde_json::to_string(&names).map_err(|e| Failure::failed(e.to_string()))? + "\n"
    } else {
        names.join("\n") + "\n"
    };
    print(&text)?;
    Ok(0)
}

/// Writes to standard output; a closed pipe ends quietly, a full disk with one line.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(e) if e.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(e) => Err(Failure::failed(format!("standard output: {e}"))),
    }
}

/// `ceval FILE` and `ceval -c COMMAND`.
pub fn run(options: Run) -> Result<i32, Failure> {
    let cell = options.cell().map_err(Failure::usage)?;
    let dialect = Python::dialect(options.python);
    let collect = options.collect != Some(Switch::Off);
    let gc_stress = options.gc_stress;
    let run_options = move || RunOptions {
        stdout: Box::new(std::io::BufWriter::with_capacity(
            1 << 16,
            std::io::stdout(),
        )),
        dialect,
        collect,
        gc_stress,
        ..RunOptions::default()
    };
    if let Some(command) = &options.command {
        let program = Program::Command {
            source: command,
            args: &options.rest,
        };
        return execute(&options, &cell, &program, run_options);
    }
    let Some((file, args)) = options.rest.split_first() else {
        return Err(Failure::usage(
            "no program: give a FILE, `-`, or -c COMMAND (--help says more)",
        ));
    };
    let mut source = Vec::new();
    let program = if file == "-" {
        std::io::stdin()
            .read_to_end(&mut source)
            .map_err(|e| Failure::usage(format!("cannot read standard input: {e}")))?;
        Program::Stdin {
            source: &source,
            args,
        }
    } else {
        source = read_program(file)?;
        if is_pyc(file, &source) {
            let code = read_pyc(file, &source)?;
            let program = Program::Compiled {
                code: &code,
                filename: file,
                args,
            };
            return execute(&options, &cell, &program, run_options);
        }
        Program::Source {
            source: &source,
            filename: file,
            args,
        }
    };
    execute(&options, &cell, &program, run_options)
}

/// Runs a program on a cell, or on its counting form.
fn execute(
    options: &Run,
    cell: &cells::Cell,
    program: &Program<'_>,
    run_options: impl FnOnce() -> RunOptions + Send,
) -> Result<i32, Failure> {
    let Some(file) = &options.counts else {
        let stack_bytes = options.stack_bytes.unwrap_or(cells::STACK_BYTES);
        return cells::run_on_thread(cell, program, stack_bytes, run_options)
            .map_err(Failure::usage);
    };
    let (code, counts) =
        ceval_counting::count(cell, program, run_options).map_err(Failure::usage)?;
    let text = serde_json::to_string(&counts).map_err(|e| Failure::failed(e.to_string()))?;
    if file == "-" {
        eprintln!("{text}");
    } else {
        std::fs::write(file, text + "\n")
            .map_err(|e| Failure::failed(format!("cannot write '{file}': {e}")))?;
    }
    Ok(code)
}

/// Whether a file holds a compiled module: by its name, as CPython goes, or its magic number.
pub fn is_pyc(file: &str, bytes: &[u8]) -> bool {
    file.ends_with(".pyc") || bytes.starts_with(&marshal::MAGIC)
}

/// The code object of a `.pyc` file, checked.
pub fn read_pyc(file: &str, bytes: &[u8]) -> Result<CodeObject, Failure> {
    let (_, code) =
        marshal::read_pyc(bytes).map_err(|e| Failure::failed(format!("{file}: {e}")))?;
    verify::verify(&code)
        .map_err(|e| Failure::failed(format!("{file}: damaged code object: {e}")))?;
    if code.argcount + code.kwonlyargcount > 0 || !code.freevars.is_empty() {
        let message = format!("{file}: not a module: it has parameters or free variables");
        return Err(Failure::failed(message));
    }
    Ok(code)
}

/// The bytes of a program; exit code 2 where there are none, as CPython's.
pub fn read_program(file: &str) -> Result<Vec<u8>, Failure> {
    if std::path::Path::new(file).is_dir() {
        return Err(Failure {
            message: format!("can't find '__main__' module in '{file}'"),
            code: 1,
        });
    }
    std::fs::read(file).map_err(|e| {
        let reason = e.to_string();
        let (words, number) = match e.raw_os_error() {
            Some(n) => (
                reason
                    .split(" (os error")
                    .next()
                    .unwrap_or(&reason)
                    .to_owned(),
                n,
            ),
            None => (reason, 0),
        };
        Failure::usage(format!(
            "can't open file '{file}': [Errno {number}] {words}"
        ))
    })
}
