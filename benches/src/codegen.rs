//! What the compiler made of each dispatch strategy: jumps, calls, sizes and spills, read from a disassembly.
//!
//! A time without this is hard to trust: LLVM 19 once merged the 332 dispatch jumps of an interpreter into 3 and made it
//! 9 % slower, and nothing in the timings said why (llvm-project#106846). [`witness`] reads a binary through
//! `objdump`; [`Codegen`] is stored beside each comparison, and the test that guards the tail calls reads the same numbers.
//!
//! Functions are recognised by their symbols (`symbols.rs`), so a stripped binary shows nothing, and one that was built with the
//! compiler's older mangling does not say for which object model a function was made: its numbers are over all models.
//! Forms over counting models are left out. The passes have no part in it: a cell's `+super` and `+caches` choose other instructions at
//! run time, and all of them have their handlers in every cell.

mod changes;
mod disassembly;
mod path;
mod symbols;
mod text;

use std::io::{self, BufRead, BufReader};
use std::path::Path;
use std::process::{ChildStdout, Command, Stdio};

use serde::{Deserialize, Serialize};

use crate::BenchError;
pub use disassembly::{Imports, read};
pub use symbols::Symbols;

/// The file beside `run.json`.
pub const FILE: &str = "codegen.json";

/// What a function of a strategy is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Fetches and calls or jumps until told to stop; the `switch` has its handlers inside. Threaded code has none.
    Loop,
    /// One instruction.
    Handler,
    /// Goes on after an instruction's out-of-line part.
    Slow,
}

/// All functions of one strategy, object model and role. Counts are of machine instructions unless said otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The strategy's name in a cell.
    pub strategy: String,
    /// The object model's name in a cell. `None`: over all models, because the symbols do not name them or the functions are the
    /// same for all.
    #[serde(default)]
    pub model: Option<String>,
    /// What the functions are for.
    pub role: Role,
    /// Functions. Equal ones may have been folded into one, which counts with each object model that it serves.
    pub functions: usize,
    /// Median size in bytes, padding left out.
    pub median_bytes: u64,
    /// Largest size in bytes.
    pub largest_bytes: u64,
    /// Jumps through a register or memory: places that dispatch.
    pub indirect_jumps: usize,
    /// Calls through a register or memory, those through the table of imported functions left out.
    pub indirect_calls: usize,
    /// Functions with an indirect jump of their own.
    pub own_jump: usize,
    /// Functions without one that jump to their slow path and nowhere else.
    pub only_slow: usize,
    /// Functions without one that jump directly into some other function: a merged dispatch looks like this.
    pub shared_jump: usize,
    /// Stores into the stack frame: spills.
    pub stack_stores: usize,
    /// Registers saved by `push`.
    pub pushes: usize,
    /// Functions with either.
    pub with_frame: usize,
    /// Calls where a tail call should be a jump, with the functions they are in.
    pub stray_calls: Vec<String>,
    /// Calls of the probe: a run that is not profiled has no part of it, so there are none.
    #[serde(default)]
    pub probe_calls: usize,
}

/// The witness of one binary.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Codegen {
    /// By strategy, then object model, then role.
    pub groups: Vec<Group>,
    /// Functions that call the probe: the forms of the strategies that profiles run, which are no part of the groups.
    #[serde(default)]
    pub probed: usize,
    /// Why there is nothing, if there is nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unavailable: Option<String>,
}

impl Codegen {
    /// The functions of that strategy, object model and role.
    pub fn group(&self, strategy: &str, model: Option<&str>, role: Role) -> Option<&Group> {
        self.groups.iter().find(|group| {
            (group.strategy.as_str(), group.model.as_deref(), group.role) == (strategy, model, role)
        })
    }

    /// Whether the binary's symbols name object models.
    pub fn tells_models(&self) -> bool {
        self.groups.iter().any(|group| group.model.is_some())
    }

    /// A witness of nothing, with the reason.
    pub fn unavailable(reason: impl Into<String>) -> Codegen {
        Codegen {
            groups: Vec::new(),
            probed: 0,
            unavailable: Some(reason.into()),
        }
    }
}

/// Disassembles a binary and looks at its strategies.
///
/// # Errors
/// [`BenchError::Tool`] if `objdump` is missing or fails; [`BenchError::Read`] if the binary is not there.
pub fn witness(binary: &Path) -> Result<Codegen, BenchError> {
    // objdump reports a missing file in its own words and a code that says nothing.
    std::fs::metadata(binary).map_err(|source| BenchError::Read {
        path: binary.into(),
        source,
    })?;
    let imports = objdump(binary, &["--dynamic-reloc"], |listing| {
        Imports::read(listing)
    })?;
    let symbols = objdump(binary, &["--syms", "--wide"], |listing| {
        Symbols::read(listing)
    })?;
    let what = [
        "--disassemble",
        "--no-show-raw-insn",
        "--section=.text",
        "--wide",
    ];
    let (groups, probed) = objdump(binary, &what, |listing| read(listing, &symbols, &imports))?;
    if groups.is_empty() {
        return Ok(Codegen::unavailable(format!(
            "{} has no symbols of dispatch strategies (stripped, or another program)",
            binary.display()
        )));
    }
    Ok(Codegen {
        groups,
        probed,
        unavailable: None,
    })
}

/// Runs `objdump` on a binary and reads what it prints.
fn objdump<T>(
    binary: &Path,
    what: &[&str],
    read: impl FnOnce(BufReader<ChildStdout>) -> io::Result<T>,
) -> Result<T, BenchError> {
    let tool = |reason: String| BenchError::Tool {
        tool: "objdump".into(),
        reason,
    };
    let mut objdump = Command::new("objdump")
        .args(what)
        .arg(binary)
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|e| tool(missing(&e, "binutils")))?;
    let Some(output) = objdump.stdout.take() else {
        return Err(tool("has no output".into()));
    };
    let found = read(BufReader::with_capacity(1 << 20, output));
    let status = objdump.wait().map_err(|e| tool(e.to_string()))?;
    let found = found.map_err(|e| tool(e.to_string()))?;
    if !status.success() {
        return Err(tool(format!("cannot read {}", binary.display())));
    }
    Ok(found)
}

/// Reads the witness in a comparison's folder.
///
/// # Errors
/// `Read` if there is none, `Corrupt` if it is damaged.
pub fn load(folder: &Path) -> Result<Codegen, BenchError> {
    let path = folder.join(FILE);
    let text = std::fs::read_to_string(&path).map_err(|source| BenchError::Read {
        path: path.clone(),
        source,
    })?;
    serde_json::from_str(&text).map_err(|e| BenchError::Corrupt {
        path,
        line: 0,
        reason: e.to_string(),
    })
}

/// [`witness`]; `None`, with a word on standard error, where `objdump` is not installed: for checks that are passed over then.
///
/// # Errors
/// As [`witness`] otherwise.
pub fn witness_if_possible(binary: &Path) -> Result<Option<Codegen>, BenchError> {
    match witness(binary) {
        Err(BenchError::Tool { reason, .. }) if reason.contains("is not installed") => {
            eprintln!("not checked: objdump (binutils) {reason}");
            Ok(None)
        }
        found => found.map(Some),
    }
}

/// Calls `f` with each line of a listing, without its end. Symbols of other languages may be no text.
fn each_line(mut listing: impl BufRead, mut f: impl FnMut(&str)) -> io::Result<()> {
    let mut bytes = Vec::new();
    while listing.read_until(b'\n', &mut bytes)? != 0 {
        f(String::from_utf8_lossy(&bytes).trim_end());
        bytes.clear();
    }
    Ok(())
}

fn hexadecimal(word: &str) -> Option<u64> {
    u64::from_str_radix(word, 16).ok()
}

/// Why a tool did not start, with the package that has it.
pub fn missing(error: &std::io::Error, package: &str) -> String {
    if error.kind() == std::io::ErrorKind::NotFound {
        format!("is not installed (package {package})")
    } else {
        error.to_string()
    }
}

/// [`witness`], with a reason in place of an error: for records that must be made either way.
pub fn witness_or_reason(binary: &Path) -> Codegen {
    witness(binary).unwrap_or_else(|error| Codegen::unavailable(error.to_string()))
}

#[cfg(test)]
mod tests;
