//! Running a program on a cell's machine.

use crate::{Cell, registry};
use ceval_bytecode::CodeObject;
use ceval_vm_core::dispatch::Dispatcher;
use ceval_vm_core::object::{HeapStats, ObjectModel};
use ceval_vm_core::probe;
use ceval_vm_core::{Vm, VmOptions};
use std::io::Write;

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
    /// A module's code object, as `python FILE.pyc ARGS` runs it.
    Compiled {
        /// The module.
        code: &'a CodeObject,
        /// `sys.argv[0]`; tracebacks have the name that the code object holds.
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
    /// Run the strategy's probed form and tell this of what it does.
    pub probe: Option<probe::Options>,
    /// Gets the heap's counters when the program has ended.
    pub at_end: Option<AtEnd>,
}

/// See [`RunOptions::at_end`].
pub type AtEnd = Box<dyn FnOnce(HeapStats)>;

impl Default for RunOptions {
    fn default() -> Self {
        RunOptions {
            stdout: Box::new(std::io::stdout()),
            stderr: Box::new(std::io::stderr()),
            dialect: ceval_compiler::Dialect::Default,
            collect: true,
            gc_stress: false,
            probe: None,
            at_end: None,
        }
    }
}

/// Bytes of native stack that [`run`] needs for programs that nest native calls to the limit.
pub const STACK_BYTES: usize = 512 << 20;

/// Runs a program on a cell's machine and gives the exit code. Needs [`STACK_BYTES`] of native
/// stack for the deepest programs: call it on a thread that has them ([`run_on_thread`]).
///
/// # Errors
/// Where the cell does not exist in this program, or has no probed form and a probe was given.
pub fn run(cell: &Cell, program: &Program<'_>, options: RunOptions) -> Result<i32, String> {
    cell.check()?;
    let entry = registry::find(&cell.dispatch, &cell.objects)
        .ok_or_else(|| format!("unknown cell '{cell}'"))?;
    entry.run(cell, program, options)
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
    on_thread(stack_bytes, || run(cell, program, options()))
}

/// Runs something on a thread with this much native stack, and waits for it.
///
/// # Errors
/// Those of `work`, and where no thread could be started.
pub fn on_thread<T: Send>(
    stack_bytes: usize,
    work: impl FnOnce() -> Result<T, String> + Send,
) -> Result<T, String> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name("python".into())
            .stack_size(stack_bytes)
            .spawn_scoped(scope, work)
            .map_err(|e| format!("cannot start a thread: {e}"))?;
        match thread.join() {
            Ok(code) => code,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })
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
    Ok((code, sink.take()))
}

/// A stream into memory. Clones write to the same place.
#[derive(Clone, Default)]
pub struct Sink(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl Sink {
    /// What was written so far; the sink is empty then.
    pub fn take(&self) -> Vec<u8> {
        match self.0.lock() {
            Ok(mut output) => std::mem::take(&mut *output),
            Err(poisoned) => std::mem::take(&mut *poisoned.into_inner()),
        }
    }
}

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

/// Generic over the model alone: a strategy adds its own code and nothing else to the build.
pub(crate) fn run_program<M: ObjectModel>(
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
            probe: options.probe,
            ..VmOptions::default()
        },
    );
    let code = match program {
        Program::Source {
            source,
            filename,
            args,
        } => ceval_vm_core::run::run_source(&mut vm, source, filename, args),
        Program::Compiled {
            code,
            filename,
            args,
        } => ceval_vm_core::run::run_compiled(&mut vm, (*code).clone(), filename, args),
        Program::Stdin { source, args } => ceval_vm_core::run::run_stdin(&mut vm, source, args),
        Program::Command { source, args } => ceval_vm_core::run::run_command(&mut vm, source, args),
    };
    vm.finish_probe();
    if let Some(at_end) = options.at_end {
        at_end(M::stats(&vm.heap));
    }
    code
}
