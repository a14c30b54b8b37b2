//! The `ceval` command as a child process with a time limit.
//!
//! Everything is tested from outside: a crash, a deadlock or an exhausted stack of one
//! program fails its own trial and no other.
#![allow(
    dead_code,
    reason = "each test binary uses its own part of this module"
)]

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

/// How long one program may take.
pub const LIMIT: Duration = Duration::from_secs(60);

/// The command under test; the examples have one of their own.
const CEVAL: Option<&str> = option_env!("CARGO_BIN_EXE_ceval");

/// The command under test, in `folder`, with these arguments.
pub fn ceval<S: AsRef<std::ffi::OsStr>>(folder: &Path, arguments: &[S]) -> Command {
    command(CEVAL.expect("a test of the package"), folder, arguments)
}

/// A program, in `folder`, with these arguments.
pub fn command<S: AsRef<std::ffi::OsStr>>(
    program: &str,
    folder: &Path,
    arguments: &[S],
) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder).args(arguments);
    command
}

/// What a finished process left behind.
pub struct Finished {
    /// How it ended; None where the time limit ended it.
    pub status: Option<ExitStatus>,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// Standard error.
    pub stderr: Vec<u8>,
}

impl Finished {
    /// The exit code; None after a signal or the time limit.
    pub fn code(&self) -> Option<i32> {
        self.status.and_then(|s| s.code())
    }

    /// Standard output as text.
    pub fn output(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Standard error as text.
    pub fn errors(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }

    /// How it ended, in words.
    pub fn ending(&self) -> String {
        match self.status {
            None => format!("still running after {} s", LIMIT.as_secs()),
            Some(status) => status.to_string(),
        }
    }
}

/// Runs a process to its end or to the time limit.
pub fn finish(mut command: Command, stdin: &[u8]) -> Finished {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.stdin(if stdin.is_empty() {
        Stdio::null()
    } else {
        Stdio::piped()
    });
    let mut child = command.spawn().expect("the command starts");
    let mut out = child.stdout.take().expect("a pipe");
    let mut err = child.stderr.take().expect("a pipe");
    let input = child.stdin.take();
    std::thread::scope(|scope| {
        let stdout = scope.spawn(move || read_all(&mut out));
        let stderr = scope.spawn(move || read_all(&mut err));
        if let Some(mut input) = input {
            // A program need not read its input.
            let _ = input.write_all(stdin);
        }
        let started = Instant::now();
        let mut pause = Duration::from_micros(200);
        let status = loop {
            match child.try_wait().expect("a child of this process") {
                Some(status) => break Some(status),
                None if started.elapsed() > LIMIT => {
                    child.kill().expect("a child of this process");
                    child.wait().expect("a child of this process");
                    break None;
                }
                None => std::thread::sleep(pause),
            }
            pause = (pause * 2).min(Duration::from_millis(10));
        };
        Finished {
            status,
            stdout: stdout.join().expect("reading does not panic"),
            stderr: stderr.join().expect("reading does not panic"),
        }
    })
}

fn read_all(from: &mut impl Read) -> Vec<u8> {
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes).expect("a pipe can be read");
    bytes
}

/// The first line in which two texts differ, as a message; None where they are equal.
pub fn first_difference(what: &str, expected: &str, got: &str) -> Option<String> {
    if expected == got {
        return None;
    }
    let (mut wanted, mut had) = (expected.split('\n'), got.split('\n'));
    for number in 1.. {
        let (wanted, had) = (wanted.next(), had.next());
        if wanted != had {
            let shown = |line: Option<&str>| line.map_or("(end)".to_owned(), shortened);
            return Some(format!(
                "{what} differs in line {number}\n  expected: {}\n  got:      {}\n",
                shown(wanted),
                shown(had)
            ));
        }
    }
    None
}

/// A line that fits a report.
fn shortened(line: &str) -> String {
    match line.char_indices().nth(300) {
        None => line.to_owned(),
        Some((end, _)) => format!("{} ... ({} bytes)", &line[..end], line.len()),
    }
}

/// The last lines of an error output.
pub fn tail(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.lines().collect();
    let shown: Vec<String> = all[all.len().saturating_sub(lines)..]
        .iter()
        .map(|l| shortened(l))
        .collect();
    shown.join("\n")
}
