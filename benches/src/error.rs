//! Why a comparison stopped. Each variant prints as one line that names the file, cell or workload at fault.

use std::fmt;
use std::io;
use std::path::PathBuf;

/// A failure of the harness or of a command under test. `Display` is one line without the word "error".
#[derive(Debug)]
pub enum BenchError {
    /// No workload has this name.
    UnknownWorkload {
        /// What was asked for.
        name: String,
        /// All names, for the message.
        known: Vec<&'static str>,
    },
    /// The plan contradicts itself; the text says how.
    Plan(String),
    /// A results file could not be written: a full disk, a missing permission.
    Write {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A results file could not be read.
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A results file is not what this program writes.
    Corrupt {
        /// The file.
        path: PathBuf,
        /// The line, from 1; 0 if the whole file is meant.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The command could not be started.
    Spawn {
        /// The subject's name.
        subject: String,
        /// The program that was tried.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// The command ended badly or printed something else than the driver's lines.
    Failed {
        /// The subject's name.
        subject: String,
        /// The workload's name.
        workload: String,
        /// What happened, in one line.
        reason: String,
    },
    /// The command ran to its end and its answer is wrong.
    WrongResult {
        /// The subject's name.
        subject: String,
        /// The workload's name.
        workload: String,
        /// The known result.
        expected: String,
        /// What was printed.
        got: String,
    },
    /// Two runs, or a run and this machine, do not fit together.
    Mismatch {
        /// What differs: `cpu`, `host`, `program of cell X`.
        what: String,
        /// The recorded value.
        recorded: String,
        /// The other value.
        found: String,
    },
    /// A program of the machine's that a witness needs is missing or failed.
    Tool {
        /// Its name.
        tool: String,
        /// What is wrong, as the rest of a sentence: `is not installed`.
        reason: String,
    },
    /// A command that was counted ended badly.
    Program {
        /// Its words.
        command: String,
        /// What happened, in one line.
        reason: String,
    },
    /// Ctrl-C. The samples so far are on disk.
    Interrupted,
}

impl fmt::Display for BenchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BenchError::UnknownWorkload { name, known } => {
                write!(
                    f,
                    "no workload is called '{name}'; there are {}",
                    known.join(", ")
                )
            }
            BenchError::Plan(text) => f.write_str(text),
            BenchError::Write { path, source } => {
                write!(f, "cannot write {}: {source}", path.display())
            }
            BenchError::Read { path, source } => {
                write!(f, "cannot read {}: {source}", path.display())
            }
            BenchError::Corrupt {
                path,
                line: 0,
                reason,
            } => {
                write!(
                    f,
                    "{} is not a results file of this program: {reason}",
                    path.display()
                )
            }
            BenchError::Corrupt { path, line, reason } => {
                write!(f, "{}, line {line}, is damaged: {reason}", path.display())
            }
            BenchError::Spawn {
                subject,
                program,
                source,
            } => {
                write!(f, "{subject}: cannot start {program}: {source}")
            }
            BenchError::Failed {
                subject,
                workload,
                reason,
            } => {
                write!(f, "{subject} failed on {workload}: {reason}")
            }
            BenchError::WrongResult {
                subject,
                workload,
                expected,
                got,
            } => {
                write!(
                    f,
                    "{subject} gave a wrong answer on {workload}: expected '{expected}', got '{got}'"
                )
            }
            BenchError::Mismatch {
                what,
                recorded,
                found,
            } => {
                write!(
                    f,
                    "the runs do not fit together: {what} was '{recorded}' and is '{found}'"
                )
            }
            BenchError::Program { command, reason } => write!(f, "{command} failed: {reason}"),
            BenchError::Tool { tool, reason } => write!(f, "{tool} {reason}"),
            BenchError::Interrupted => f.write_str("interrupted"),
        }
    }
}

impl std::error::Error for BenchError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            BenchError::Write { source, .. }
            | BenchError::Read { source, .. }
            | BenchError::Spawn { source, .. } => Some(source),
            _ => None,
        }
    }
}
