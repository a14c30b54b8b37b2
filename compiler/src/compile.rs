//! The whole compilation of a source: what the built-in `compile()` does (CPython 3.5
//! `Py_CompileStringObject` in `Python/pythonrun.c`).
//!
//! Trees are built, walked and dropped by recursion, so sources that may nest deeply are
//! compiled on a thread with a large stack. CPython's own limits keep the recursion within it:
//! 3000 levels of statements and expressions, 200 brackets, 100 indentations.

use ceval_bytecode::CodeObject;

use crate::backend::compile_ast;
use crate::decode::{Origin, decode};
use crate::error::{CompileError, ErrorKind, Warning};
use crate::options::{Mode, Options};
use crate::parse;

/// Sources of at most this many tokens are compiled on the caller's stack: they cannot nest
/// deeper than that, and starting a thread would take longer than compiling them.
const MAX_TOKENS_IN_PLACE: usize = 256;

/// Stack of the thread that compiles larger sources, in bytes. Only what is used is ever
/// backed by memory.
const STACK_SIZE: usize = 256 << 20;

/// A finished compilation.
#[derive(Debug, Clone, PartialEq)]
pub struct Compiled {
    /// The code object of the module, statement or expression.
    pub code: CodeObject,
    /// What was suspicious, in the order in which CPython would warn.
    pub warnings: Vec<Warning>,
}

/// Compiles a bytes object. The encoding is UTF-8 unless the source declares another.
///
/// # Errors
/// Everything that `compile()` raises for the source, as CPython 3.5.1 words it.
pub fn compile(
    source: &[u8],
    filename: &str,
    mode: Mode,
    options: &Options,
) -> Result<Compiled, CompileError> {
    let text = decode(source, filename, Origin::Object)?;
    compile_text(&text, filename, mode, options)
}

/// Compiles the contents of a file, as running or importing it does.
///
/// # Errors
/// As [`compile`]; files that are not properly encoded fail in other words.
pub fn compile_file(
    source: &[u8],
    filename: &str,
    options: &Options,
) -> Result<Compiled, CompileError> {
    let text = decode(source, filename, Origin::File)?;
    compile_text(&text, filename, Mode::Exec, options)
}

/// Compiles source text.
///
/// # Errors
/// As [`compile`].
pub fn compile_text(
    source: &str,
    filename: &str,
    mode: Mode,
    options: &Options,
) -> Result<Compiled, CompileError> {
    on_deep_stack(source, filename, || {
        compile_here(source, filename, mode, options)
    })
}

/// Runs `work` on the source: at once if the source is small, else on a thread with a large
/// stack.
pub(crate) fn on_deep_stack<T: Send>(
    source: &str,
    filename: &str,
    work: impl FnOnce() -> Result<T, CompileError> + Send,
) -> Result<T, CompileError> {
    if !has_more_tokens(source, MAX_TOKENS_IN_PLACE) {
        return work();
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name("compile".to_owned())
            .stack_size(STACK_SIZE)
            .spawn_scoped(scope, work);
        match thread.map(|thread| thread.join()) {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(_) => Err(CompileError::without_position(
                ErrorKind::MemoryError,
                "",
                filename,
            )),
        }
    })
}

fn compile_here(
    source: &str,
    filename: &str,
    mode: Mode,
    options: &Options,
) -> Result<Compiled, CompileError> {
    let mut ast = parse::parse(source, filename, mode, options.dialect, options.flags)?;
    let mut warnings = Vec::new();
    match compile_ast(&mut ast, filename, options, &mut warnings, None) {
        Ok(code) => Ok(Compiled { code, warnings }),
        Err(mut error) => {
            // CPython looks the line up in the file, so sources without one have none.
            if error.kind.is_syntax_error() && error.text.is_none() && !filename.starts_with('<') {
                error.text = error.line.and_then(|line| source_line(source, line));
            }
            error.warnings = warnings;
            Err(*error)
        }
    }
}

/// A line of the source without its indentation, with its line end.
fn source_line(source: &str, line: u32) -> Option<String> {
    let index = (line as usize).checked_sub(1)?;
    let text = source.split_inclusive('\n').nth(index)?;
    let text = text.trim_start_matches([' ', '\t', '\x0c']);
    Some(text.to_owned())
}

/// Whether the source may have more than `limit` tokens. Runs of letters count as one, every
/// other character but blanks as one; text in strings and comments is counted too.
fn has_more_tokens(source: &str, limit: usize) -> bool {
    let mut count = 0;
    let mut in_word = false;
    for &byte in source.as_bytes() {
        let is_word = byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80;
        if !is_word && !byte.is_ascii_whitespace() || is_word && !in_word {
            count += 1;
            if count > limit {
                return true;
            }
        }
        in_word = is_word;
    }
    false
}
