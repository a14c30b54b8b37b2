//! What the compiler made of each dispatch strategy: jumps, calls, sizes and spills, read from a disassembly.
//!
//! A time without this is hard to trust: LLVM 19 once merged the 332 dispatch jumps of an interpreter into 3 and made it
//! 9 % slower, and nothing in the timings said why (llvm-project#106846). [`witness`] reads a binary through
//! `objdump`; [`Codegen`] is stored beside each comparison, and the test that guards the tail calls reads the same numbers.
//!
//! Functions are recognised by their symbols, so a stripped binary shows nothing. The compiler's default mangling does not say for
//! which object model a function was made: numbers are over all models of the build.

mod disassembly;

use std::fmt::Write as _;
use std::io::{self, BufReader};
use std::path::Path;
use std::process::{ChildStdout, Command, Stdio};

use serde::{Deserialize, Serialize};

use crate::BenchError;
pub use disassembly::{Imports, read};

/// The file beside `run.json`.
pub const FILE: &str = "codegen.json";

/// What a function of a strategy is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Fetches and calls or jumps until told to stop; the `switch` has its handlers inside.
    Loop,
    /// One instruction.
    Handler,
    /// Goes on after an instruction's out-of-line part.
    Slow,
}

/// All functions of one strategy and role. Counts are of machine instructions unless said otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The strategy's name in a cell.
    pub strategy: String,
    /// What the functions are for.
    pub role: Role,
    /// Functions; equal ones may have been folded into one.
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
    /// By strategy, then role.
    pub groups: Vec<Group>,
    /// Functions that call the probe: the forms of the strategies that profiles run, which are no part of the groups.
    #[serde(default)]
    pub probed: usize,
    /// Why there is nothing, if there is nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unavailable: Option<String>,
}

impl Codegen {
    /// The functions of that strategy and role.
    pub fn group(&self, strategy: &str, role: Role) -> Option<&Group> {
        self.groups
            .iter()
            .find(|group| group.strategy == strategy && group.role == role)
    }

    /// A witness of nothing, with the reason.
    pub fn unavailable(reason: impl Into<String>) -> Codegen {
        Codegen {
            groups: Vec::new(),
            probed: 0,
            unavailable: Some(reason.into()),
        }
    }

    /// A table for a terminal, and what it proves.
    pub fn text(&self) -> String {
        if let Some(reason) = &self.unavailable {
            return format!("no code-generation witness: {reason}\n");
        }
        let mut out = format!(
            "{:<14}{:<9}{:>10}{:>8}{:>9}{:>10}{:>10}{:>11}{:>9}{:>8}\n",
            "strategy",
            "role",
            "functions",
            "median",
            "largest",
            "ind.jumps",
            "ind.calls",
            "own jump",
            "spills",
            "pushes"
        );
        for group in &self.groups {
            let role = match group.role {
                Role::Loop => "loop",
                Role::Handler => "handler",
                Role::Slow => "slow",
            };
            // Writing into a string cannot fail.
            let _ = writeln!(
                out,
                "{:<14}{role:<9}{:>10}{:>6} B{:>7} B{:>10}{:>10}{:>11}{:>9}{:>8}",
                group.strategy,
                group.functions,
                group.median_bytes,
                group.largest_bytes,
                group.indirect_jumps,
                group.indirect_calls,
                group.own_jump,
                group.stack_stores,
                group.pushes
            );
        }
        for group in &self.groups {
            out += &group.verdict();
        }
        let calls: usize = self.groups.iter().map(|group| group.probe_calls).sum();
        let _ = match calls {
            0 => writeln!(
                out,
                "the probe is called by {} functions of profiled forms, and by none of these",
                self.probed
            ),
            _ => writeln!(out, "{calls} calls of the probe where there should be none"),
        };
        out
    }

    /// What a reader of two runs' times must know: numbers of dispatch places that differ by more than a fifth.
    pub fn changes_since(&self, earlier: &Codegen) -> Vec<String> {
        let mut lines = Vec::new();
        for now in &self.groups {
            let Some(was) = earlier.group(&now.strategy, now.role) else {
                continue;
            };
            let numbers = [
                ("indirect jumps", was.indirect_jumps, now.indirect_jumps),
                ("indirect calls", was.indirect_calls, now.indirect_calls),
                (
                    "functions with a jump of their own",
                    was.own_jump,
                    now.own_jump,
                ),
                (
                    "median bytes",
                    was.median_bytes as usize,
                    now.median_bytes as usize,
                ),
                ("spills", was.stack_stores, now.stack_stores),
            ];
            for (what, was, is) in numbers {
                if was.abs_diff(is) * 5 > was.max(is) {
                    lines.push(format!(
                        "{} {:?}: {what} {was} -> {is}",
                        now.strategy, now.role
                    ));
                }
            }
        }
        lines
    }
}

impl Group {
    /// A sentence where the numbers say something, with its line end; empty otherwise.
    fn verdict(&self) -> String {
        let name = &self.strategy;
        match self.role {
            Role::Loop if self.indirect_jumps + self.indirect_calls > 0 => {
                let places = self.indirect_jumps + self.indirect_calls;
                format!(
                    "{name}: dispatch places {places}, loops {}: {}\n",
                    self.functions,
                    if places <= self.functions {
                        "every instruction goes through one"
                    } else {
                        "the compiler has copied the dispatch"
                    }
                )
            }
            Role::Handler | Role::Slow if !self.stray_calls.is_empty() => format!(
                "{name}: {} calls where jumps should be, first: {}\n",
                self.stray_calls.len(),
                self.stray_calls[0]
            ),
            Role::Handler if self.indirect_jumps > 0 || self.shared_jump > 0 => {
                let leaving = self.own_jump + self.shared_jump;
                let merged = if self.shared_jump * 10 > leaving {
                    format!(
                        "; {} share another function's: the dispatch has been MERGED",
                        self.shared_jump
                    )
                } else {
                    String::new()
                };
                format!(
                    "{name}: tail calls are jumps; {} of {leaving} handlers that go on by themselves have their own{merged}\n",
                    self.own_jump
                )
            }
            _ => String::new(),
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
    let what = [
        "--disassemble",
        "--no-show-raw-insn",
        "--section=.text",
        "--wide",
    ];
    let (groups, probed) = objdump(binary, &what, |listing| read(listing, &imports))?;
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
