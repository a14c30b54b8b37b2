//! The registry of cells: names to machines.
//!
//! A cell is one choice of each factor. [`run`] turns a [`Cell`] into a machine by one `match`
//! that calls generic code, so nothing measured goes through a virtual call. Code is instantiated here and
//! nowhere else: a binary that runs cells calls [`run`].

use std::io::Write;

#[cfg(not(one_cell))]
use ceval_dispatch_switch::{Oracle, Switch};
use ceval_dispatch_threaded::tail::Tail;
#[cfg(not(one_cell))]
use ceval_dispatch_threaded::{call::Call, closure::Closure, closure_loop::ClosureLoop};
#[cfg(not(one_cell))]
use ceval_objects::{Arena, Boxed};
use ceval_objects::{Refcount, Tagged};
use ceval_vm_core::dispatch::{Dispatch, Dispatcher};
use ceval_vm_core::object::ObjectModel;
use ceval_vm_core::{Vm, VmOptions};

/// The baseline: the cell most like CPython 3.5.
pub const BASELINE: &str = "switch/refcount-boxed";

/// The cell of `ceval FILE` where none is named: the fastest.
pub const DEFAULT: &str = "tail+super+caches/refcount-tagged";

/// Dispatch strategies by name. `oracle` runs full handlers alone: for tests, not listed among cells.
pub const DISPATCH: [&str; 5] = ["switch", "closure", "closure-loop", "call", "tail"];

/// Object models with their value forms in this build.
#[cfg(feature = "all-cells")]
pub const OBJECTS: &[&str] = &[
    "refcount-tagged",
    "refcount-boxed",
    "arena-tagged",
    "arena-boxed",
];
/// Object models with their value forms in this build; feature `all-cells` adds `arena-boxed`.
#[cfg(not(feature = "all-cells"))]
pub const OBJECTS: &[&str] = &["refcount-tagged", "refcount-boxed", "arena-tagged"];

/// One choice of each factor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Dispatch strategy.
    pub dispatch: String,
    /// Superinstructions on.
    pub superinstructions: bool,
    /// Inline caches on.
    pub caches: bool,
    /// Object model and value form, for example `refcount-tagged`.
    pub objects: String,
}

impl std::fmt::Display for Cell {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let fused = if self.superinstructions { "+super" } else { "" };
        let caches = if self.caches { "+caches" } else { "" };
        write!(f, "{}{fused}{caches}/{}", self.dispatch, self.objects)
    }
}

impl Cell {
    /// The cell of this name, `dispatch+super+caches/objects-values` with the `+` parts optional.
    ///
    /// # Errors
    /// Says what is wrong with the name and what there is.
    pub fn parse(name: &str) -> Result<Cell, String> {
        let unknown = || format!("unknown cell '{name}' (`ceval cells` lists them)");
        let (left, objects) = name.split_once('/').ok_or_else(unknown)?;
        let mut parts = left.split('+');
        let dispatch = parts.next().unwrap_or_default();
        let mut cell = Cell {
            dispatch: dispatch.into(),
            superinstructions: false,
            caches: false,
            objects: objects.into(),
        };
        for part in parts {
            match part {
                "super" if !cell.superinstructions && !cell.caches => cell.superinstructions = true,
                "caches" if !cell.caches => cell.caches = true,
                _ => return Err(unknown()),
            }
        }
        cell.check().map_err(|_| unknown())?;
        Ok(cell)
    }

    /// Whether each factor's level exists in this build.
    ///
    /// # Errors
    /// Names the level that does not exist and those that do.
    pub fn check(&self) -> Result<(), String> {
        if !DISPATCH.contains(&self.dispatch.as_str()) && self.dispatch != "oracle" {
            return Err(format!(
                "unknown dispatch strategy '{}' (there are {})",
                self.dispatch,
                DISPATCH.join(", ")
            ));
        }
        if self.objects == "arena-boxed" && !OBJECTS.contains(&"arena-boxed") {
            return Err("arena-boxed is not in this build (cargo feature `all-cells`)".into());
        }
        if !OBJECTS.contains(&self.objects.as_str()) {
            return Err(format!(
                "unknown object model '{}' (there are {})",
                self.objects,
                OBJECTS.join(", ")
            ));
        }
        Ok(())
    }
}

/// Every cell of this build, the baseline first.
pub fn all() -> Vec<Cell> {
    let mut cells = Vec::new();
    for objects in OBJECTS {
        for dispatch in DISPATCH {
            for (superinstructions, caches) in
                [(false, false), (true, false), (false, true), (true, true)]
            {
                cells.push(Cell {
                    dispatch: dispatch.into(),
                    superinstructions,
                    caches,
                    objects: (*objects).into(),
                });
            }
        }
    }
    cells.sort_by_key(|c| c.to_string() != BASELINE);
    cells
}

/// What a machine is to run.
pub enum Program<'a> {
    /// A file's contents under a name, as `python FILE ARGS` runs it.
    Source {
        /// The bytes of the source.
        source: &'a [u8],
        /// `sys.argv[0]` and the name in tracebacks.
        filename: &'a str,
        /// The other arguments.
        args: &'a [String],
    },
    /// Standard input, as `python -` runs it.
    Stdin {
        /// The bytes that were read from it.
        source: &'a [u8],
        /// The other arguments.
        args: &'a [String],
    },
    /// The argument of `python -c`.
    Command {
        /// The source text.
        source: &'a str,
        /// The other arguments.
        args: &'a [String],
    },
}

/// How the machine is to behave beyond the cell.
pub struct RunOptions {
    /// Where `print` writes.
    pub stdout: Box<dyn Write>,
    /// Where tracebacks and warnings go.
    pub stderr: Box<dyn Write>,
    /// Source dialect.
    pub dialect: ceval_compiler::Dialect,
    /// Collect on memory pressure.
    pub collect: bool,
    /// Collect at every safepoint.
    pub gc_stress: bool,
}

impl Default for RunOptions {
    fn default() -> Self {
        RunOptions {
            stdout: Box::new(std::io::stdout()),
            stderr: Box::new(std::io::stderr()),
            dialect: ceval_compiler::Dialect::Default,
            collect: true,
            gc_stress: false,
        }
    }
}

/// Bytes of native stack that [`run`] needs for programs that nest native calls to the limit.
pub const STACK_BYTES: usize = 512 << 20;

/// Runs a program on a cell's machine and gives the exit code. Needs [`STACK_BYTES`] of native
/// stack for the deepest programs: call it on a thread that has them ([`run_on_thread`]).
///
/// # Errors
/// Where the cell does not exist in this build.
#[cfg(not(one_cell))]
pub fn run(cell: &Cell, program: &Program<'_>, options: RunOptions) -> Result<i32, String> {
    cell.check()?;
    Ok(match cell.objects.as_str() {
        "refcount-tagged" => with_model::<Refcount<Tagged>>(cell, program, options),
        "refcount-boxed" => with_model::<Refcount<Boxed>>(cell, program, options),
        "arena-tagged" => with_model::<Arena<Tagged>>(cell, program, options),
        #[cfg(feature = "all-cells")]
        "arena-boxed" => with_model::<Arena<Boxed>>(cell, program, options),
        other => return Err(format!("unknown object model '{other}'")),
    })
}

/// [`run`] on a thread with this much native stack: [`STACK_BYTES`] except in tests that show how
/// little is used.
///
/// # Errors
/// As [`run`], and where no thread could be started.
pub fn run_on_thread(
    cell: &Cell,
    program: &Program<'_>,
    stack_bytes: usize,
    options: impl FnOnce() -> RunOptions + Send,
) -> Result<i32, String> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name("python".into())
            .stack_size(stack_bytes)
            .spawn_scoped(scope, || run(cell, program, options()))
            .map_err(|e| format!("cannot start a thread: {e}"))?;
        match thread.join() {
            Ok(code) => code,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
}

/// [`run`] of a build for quick iteration, which has one model and one strategy (`build.rs`): other
/// cells run on these.
///
/// # Errors
/// Where the cell does not exist.
#[cfg(one_cell)]
pub fn run(cell: &Cell, program: &Program<'_>, options: RunOptions) -> Result<i32, String> {
    cell.check()?;
    Ok(with_cell::<Refcount<Tagged>, Tail>(cell, program, options))
}

/// [`run_on_thread`] with what the program writes, both streams together, kept in memory.
///
/// # Errors
/// As [`run_on_thread`].
pub fn capture(cell: &Cell, program: &Program<'_>) -> Result<(i32, Vec<u8>), String> {
    let sink = Sink::default();
    let streams = sink.clone();
    let code = run_on_thread(cell, program, STACK_BYTES, move || RunOptions {
        stdout: Box::new(streams.clone()),
        stderr: Box::new(streams),
        ..RunOptions::default()
    })?;
    let output = match sink.0.lock() {
        Ok(mut output) => std::mem::take(&mut *output),
        Err(poisoned) => std::mem::take(&mut *poisoned.into_inner()),
    };
    Ok((code, output))
}

/// Bytes that a program's streams share.
#[derive(Clone, Default)]
struct Sink(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self.0.lock() {
            Ok(mut output) => output.extend_from_slice(bytes),
            Err(poisoned) => poisoned.into_inner().extend_from_slice(bytes),
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[cfg(not(one_cell))]
fn with_model<M: ObjectModel>(cell: &Cell, program: &Program<'_>, options: RunOptions) -> i32 {
    match cell.dispatch.as_str() {
        "switch" => with_cell::<M, Switch>(cell, program, options),
        "call" => with_cell::<M, Call>(cell, program, options),
        "closure" => with_cell::<M, Closure>(cell, program, options),
        "closure-loop" => with_cell::<M, ClosureLoop>(cell, program, options),
        "oracle" => with_cell::<M, Oracle>(cell, program, options),
        _ => with_cell::<M, Tail>(cell, program, options),
    }
}

fn with_cell<M: ObjectModel, D: Dispatch<M>>(
    cell: &Cell,
    program: &Program<'_>,
    options: RunOptions,
) -> i32 {
    run_program(Dispatcher::of::<D>(), cell, program, options)
}

/// Generic over the model alone: a strategy adds its own code and nothing else to the build.
fn run_program<M: ObjectModel>(
    dispatcher: Dispatcher<M>,
    cell: &Cell,
    program: &Program<'_>,
    options: RunOptions,
) -> i32 {
    let mut vm = Vm::<M>::new(
        dispatcher,
        VmOptions {
            superinstructions: cell.superinstructions,
            caches: cell.caches,
            collect: options.collect,
            gc_stress: options.gc_stress,
            stdout: options.stdout,
            stderr: options.stderr,
            dialect: options.dialect,
            ..VmOptions::default()
        },
    );
    match program {
        Program::Source {
            source,
            filename,
            args,
        } => ceval_vm_core::run::run_source(&mut vm, source, filename, args),
        Program::Stdin { source, args } => ceval_vm_core::run::run_stdin(&mut vm, source, args),
        Program::Command { source, args } => ceval_vm_core::run::run_command(&mut vm, source, args),
    }
}
