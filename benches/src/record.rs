//! What a run leaves on disk, and reading it back.
//!
//! `run.json` says what was run, where and how, and `"complete": false` until everything is measured; it is replaced
//! atomically. `samples.jsonl` grows by one line an invocation. So a run that is killed at any moment leaves a readable,
//! clearly partial record; a torn last line is what a crash or a full disk leaves and is passed over.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::BenchError;
use crate::layouts::Layout;
use crate::metadata::{Build, Machine};
use crate::plan::{Clock, Schedule, Subject};

/// The word that marks files of this program.
pub const FORMAT: &str = "ceval-comparison-1";
/// The name of the file that says what was run.
pub const RUN_FILE: &str = "run.json";
/// The name of the file of samples.
pub const SAMPLES_FILE: &str = "samples.jsonl";

/// A subject and what its program was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordedSubject {
    /// Name, command, kind.
    #[serde(flatten)]
    pub subject: Subject,
    /// SHA-256 of the program's file.
    pub fingerprint: String,
    /// What it says to `--version`.
    pub version: String,
}

/// The contents of `run.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunRecord {
    /// [`FORMAT`].
    pub format: String,
    /// Every planned sample was taken.
    pub complete: bool,
    /// `running`, `complete`, `interrupted`, or what stopped it.
    pub status: String,
    /// The plan's question.
    pub question: String,
    /// When it began, in UTC.
    pub started: String,
    /// When it ended, if it did.
    pub finished: Option<String>,
    /// The command that repeats it.
    pub command_line: Vec<String>,
    /// Where.
    pub machine: Machine,
    /// By which build.
    pub build: Build,
    /// Load averages at the start and, once over, at the end.
    pub load: Vec<String>,
    /// What was compared.
    pub subjects: Vec<RecordedSubject>,
    /// The subject whose time is 1.
    pub reference: String,
    /// `(name, SHA-256 of the program)` of each workload.
    pub workloads: Vec<(String, String)>,
    /// The size's word.
    pub size: String,
    /// As planned.
    pub schedule: Schedule,
    /// Determines order and bootstrap.
    pub seed: u64,
    /// The clock of the analysis.
    pub clock: Clock,
    /// Blocks after the pilot; 0 while that is not decided.
    pub blocks: u32,
    /// Iterations of each invocation after the pilot.
    pub iterations: u32,
    /// The layouts of the cells' program that blocks took turns with, if there were several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layouts: Vec<Layout>,
}

impl RunRecord {
    /// The command that repeats the run, for a POSIX shell. The program is named without the folder where it lay.
    pub fn command(&self) -> String {
        let mut words = self.command_line.iter();
        let program = words.next().map_or("ceval", |path| {
            path.rsplit('/').next().unwrap_or(path.as_str())
        });
        std::iter::once(quoted(program))
            .chain(words.map(|word| quoted(word)))
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// A word for a POSIX shell, in quotes if it must be.
fn quoted(word: &str) -> String {
    let plain = |ch: char| ch.is_ascii_alphanumeric() || "-_./,=:+@%^".contains(ch);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_string()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}

/// One invocation, a line of `samples.jsonl`. Times in nanoseconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// The block; 0 is the pilot, which only the verification and the schedule use.
    pub block: u32,
    /// The position within the block.
    pub position: u32,
    /// The subject's name.
    pub subject: String,
    /// The workload's name.
    pub workload: String,
    /// Wall-clock time of each iteration.
    pub wall: Vec<u64>,
    /// Processor time of each iteration.
    pub cpu: Vec<u64>,
    /// Start-up: the process less its iterations and checks.
    pub startup: u64,
    /// Wall-clock time of the process.
    pub process_wall: u64,
    /// Processor time of the process.
    pub process_cpu: u64,
    /// Largest resident set in bytes.
    pub peak_bytes: u64,
    /// Bytes added to the environment.
    pub padding: u32,
    /// The verified result.
    pub result: String,
}

/// A record read back.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Its folder.
    pub folder: PathBuf,
    /// What was run.
    pub record: RunRecord,
    /// All samples, in the order taken.
    pub samples: Vec<Sample>,
}

/// Writes a run.
#[derive(Debug)]
pub struct Recorder {
    folder: PathBuf,
    samples: File,
}

impl Recorder {
    /// Opens a folder for appending; `record` becomes its `run.json`.
    ///
    /// # Errors
    /// [`BenchError::Write`].
    pub fn open(folder: &Path, record: &RunRecord) -> Result<Recorder, BenchError> {
        fs::create_dir_all(folder).map_err(|source| BenchError::Write {
            path: folder.into(),
            source,
        })?;
        write_json(&folder.join(RUN_FILE), record)?;
        let path = folder.join(SAMPLES_FILE);
        let open = || {
            let file = OpenOptions::new().create(true).append(true).open(&path)?;
            mend(&path, &file)?;
            Ok(file)
        };
        match open() {
            Ok(samples) => Ok(Recorder {
                folder: folder.into(),
                samples,
            }),
            Err(source) => Err(BenchError::Write { path, source }),
        }
    }

    /// Adds a sample. It is with the system when this returns.
    ///
    /// # Errors
    /// [`BenchError::Write`], for example when the disk is full.
    pub fn add(&mut self, sample: &Sample) -> Result<(), BenchError> {
        let error = |source| BenchError::Write {
            path: self.folder.join(SAMPLES_FILE),
            source,
        };
        let mut line = serde_json::to_string(sample).map_err(|source| error(source.into()))?;
        line.push('\n');
        self.samples.write_all(line.as_bytes()).map_err(error)
    }

    /// Replaces `run.json`.
    ///
    /// # Errors
    /// [`BenchError::Write`].
    pub fn update(&self, record: &RunRecord) -> Result<(), BenchError> {
        self.samples
            .sync_all()
            .map_err(|source| BenchError::Write {
                path: self.folder.join(SAMPLES_FILE),
                source,
            })?;
        write_json(&self.folder.join(RUN_FILE), record)
    }
}

/// Cuts off a torn last line, so that what is appended starts on a line of its own.
fn mend(path: &Path, file: &File) -> io::Result<()> {
    let bytes = fs::read(path)?;
    let whole = bytes
        .iter()
        .rposition(|&byte| byte == b'\n')
        .map_or(0, |at| at + 1);
    if whole < bytes.len() {
        file.set_len(whole as u64)
    } else {
        Ok(())
    }
}

/// Writes a file as a whole or not at all: beside it first, then renamed.
///
/// # Errors
/// [`BenchError::Write`] with the path asked for.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), BenchError> {
    let beside = path.with_extension("partial");
    let write = || {
        let mut file = File::create(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&beside, path)
    };
    write().map_err(|source| {
        // Nothing useful is in it; if it cannot go either, the first error says more.
        fs::remove_file(&beside).ok();
        BenchError::Write {
            path: path.into(),
            source,
        }
    })
}

/// Writes a value as indented JSON, whole or not at all.
///
/// # Errors
/// [`BenchError::Write`].
pub fn write_json(path: &Path, value: &impl Serialize) -> Result<(), BenchError> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(|source| BenchError::Write {
        path: path.into(),
        source: source.into(),
    })?;
    bytes.push(b'\n');
    write_whole(path, &bytes)
}

/// Reads a run, complete or not.
///
/// # Errors
/// `Read` if a file is missing; `Corrupt` if one is damaged or of another program. A torn last sample is no error.
pub fn load(folder: &Path) -> Result<Run, BenchError> {
    let path = folder.join(RUN_FILE);
    let text = read(&path)?;
    let corrupt = |path: &Path, line, reason: String| BenchError::Corrupt {
        path: path.into(),
        line,
        reason,
    };
    let value: serde_json::Value =
        serde_json::from_str(&text).map_err(|e| corrupt(&path, 0, e.to_string()))?;
    if value.get("format").and_then(|format| format.as_str()) != Some(FORMAT) {
        return Err(corrupt(
            &path,
            0,
            format!("its \"format\" is not \"{FORMAT}\""),
        ));
    }
    let record: RunRecord =
        serde_json::from_value(value).map_err(|e| corrupt(&path, 0, e.to_string()))?;
    let path = folder.join(SAMPLES_FILE);
    let text = read(&path)?;
    let mut samples = Vec::new();
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    for (number, line) in lines.iter().enumerate() {
        match serde_json::from_str(line) {
            Ok(sample) if line.ends_with('\n') => match foreign(&record, &sample) {
                None => samples.push(sample),
                Some(reason) => return Err(corrupt(&path, number + 1, reason)),
            },
            _ if number + 1 == lines.len() && !line.ends_with('\n') => {}
            Ok(_) => {}
            Err(error) => return Err(corrupt(&path, number + 1, error.to_string())),
        }
    }
    Ok(Run {
        folder: folder.into(),
        record,
        samples,
    })
}

/// Why a sample is not one of this run; `None` if it is.
fn foreign(record: &RunRecord, sample: &Sample) -> Option<String> {
    let subject = |recorded: &RecordedSubject| recorded.subject.name == sample.subject;
    if !record.subjects.iter().any(subject) {
        return Some(format!("the run has no subject '{}'", sample.subject));
    }
    if !record
        .workloads
        .iter()
        .any(|(name, _)| *name == sample.workload)
    {
        return Some(format!("the run has no workload '{}'", sample.workload));
    }
    (sample.wall.len() != sample.cpu.len())
        .then(|| "its two clocks have different numbers of iterations".to_string())
}

fn read(path: &Path) -> Result<String, BenchError> {
    fs::read_to_string(path).map_err(|source| BenchError::Read {
        path: path.into(),
        source,
    })
}

/// A folder for a new run: `RESULTS/<date>-<host>-<question>`, with `-2`, `-3`… if it exists.
pub fn new_folder(results: &Path, started: &str, host: &str, question: &str) -> PathBuf {
    let plain = |text: &str| {
        let kept: String = text
            .chars()
            .map(|ch| {
                if ch.is_ascii_alphanumeric() || ch == '.' {
                    ch
                } else {
                    '-'
                }
            })
            .collect();
        kept.trim_matches('-').to_string()
    };
    let date = started.get(..10).unwrap_or(started);
    let name = format!("{}-{}-{}", plain(date), plain(host), plain(question));
    let mut folder = results.join(&name);
    let mut number = 2;
    while folder.exists() {
        folder = results.join(format!("{name}-{number}"));
        number += 1;
    }
    folder
}

#[cfg(test)]
#[path = "record/tests.rs"]
pub(crate) mod tests;
