//! One invocation: a fresh process, its driver lines, its resources. Any other behaviour than a right answer is an error that names the
//! subject and the workload.
//!
//! The child has a process group of its own, so that a Ctrl-C at the terminal reaches only the harness, which then ends the
//! child itself and drops the half-made sample.

use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use wait4::Wait4;

use crate::BenchError;
use crate::driver;
use crate::plan::Subject;
use crate::workloads::{Size, Workload};

/// What to run once.
#[derive(Clone, Copy, Debug)]
pub struct Invocation<'a> {
    /// The command.
    pub subject: &'a Subject,
    /// The program and its known result.
    pub workload: &'a Workload,
    /// Where the program lies.
    pub file: &'a Path,
    /// The size.
    pub size: Size,
    /// In-process runs.
    pub iterations: u32,
    /// Bytes to add to the environment.
    pub padding: usize,
    /// The process is ended after this long.
    pub limit: Duration,
}

/// What an invocation gave. Times in nanoseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Wall-clock time of each iteration.
    pub wall: Vec<u64>,
    /// Processor time of each iteration.
    pub cpu: Vec<u64>,
    /// Everything but the iterations and their checks: start the process, read, compile, decode and link the program, end.
    pub startup: u64,
    /// Wall-clock time of the process.
    pub process_wall: u64,
    /// Processor time of the process, user and system.
    pub process_cpu: u64,
    /// Largest resident set in bytes.
    pub peak_bytes: u64,
    /// The result, equal in all iterations.
    pub result: String,
}

/// Runs it.
///
/// # Errors
/// `Spawn`, `Failed`, `WrongResult`, or `Interrupted` if `interrupted` says so while the child runs.
pub fn run(
    invocation: &Invocation<'_>,
    interrupted: &dyn Fn() -> bool,
) -> Result<Outcome, BenchError> {
    let subject = invocation.subject;
    let spawn_error = |source| BenchError::Spawn {
        subject: subject.name.clone(),
        program: subject.command.join(" "),
        source,
    };
    let (program, arguments) = subject
        .command
        .split_first()
        .ok_or_else(|| BenchError::Plan(format!("'{}' has an empty command", subject.name)))?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .arg(invocation.file)
        .args([invocation.size.word(), &invocation.iterations.to_string()])
        .env("CEVAL_ENVIRONMENT_PADDING", "x".repeat(invocation.padding))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0);
    let start = Instant::now();
    let mut child = command.spawn().map_err(spawn_error)?;
    let output = collect(child.stdout.take());
    let errors = collect(child.stderr.take());
    let output = wait_for(&output, &mut child, invocation, start, interrupted)?;
    let errors = wait_for(&errors, &mut child, invocation, start, interrupted)?;
    let used = child.wait4().map_err(spawn_error)?;
    let process_wall = nanoseconds(start.elapsed());
    let failed = |reason| BenchError::Failed {
        subject: subject.name.clone(),
        workload: invocation.workload.name.to_string(),
        reason,
    };
    if !used.status.success() {
        return Err(failed(describe(used.status, &errors)));
    }
    let mut outcome = Outcome {
        wall: Vec::new(),
        cpu: Vec::new(),
        startup: 0,
        process_wall,
        process_cpu: nanoseconds(used.rusage.utime + used.rusage.stime),
        peak_bytes: used.rusage.maxrss,
        result: invocation.workload.expected(invocation.size).to_string(),
    };
    let mut inside = 0;
    for line in output.lines() {
        let iteration =
            driver::parse(line).ok_or_else(|| failed(format!("printed '{}'", shorten(line))))?;
        if iteration.result != outcome.result {
            return Err(BenchError::WrongResult {
                subject: subject.name.clone(),
                workload: invocation.workload.name.to_string(),
                expected: outcome.result,
                got: shorten(iteration.result),
            });
        }
        outcome.wall.push(iteration.wall);
        outcome.cpu.push(iteration.cpu);
        inside += iteration.wall + iteration.check;
    }
    if outcome.wall.len() != invocation.iterations as usize {
        return Err(failed(format!(
            "{} of {} iterations",
            outcome.wall.len(),
            invocation.iterations
        )));
    }
    outcome.startup = process_wall.saturating_sub(inside);
    Ok(outcome)
}

/// Reads a stream to its end in a thread of its own, so that neither stream can block the child.
pub(crate) fn collect(stream: Option<impl Read + Send + 'static>) -> Receiver<String> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut stream) = stream {
            // A stream that breaks off shows as missing lines.
            stream.read_to_end(&mut bytes).ok();
        }
        sender
            .send(String::from_utf8_lossy(&bytes).into_owned())
            .ok();
    });
    receiver
}

fn wait_for(
    receiver: &Receiver<String>,
    child: &mut Child,
    invocation: &Invocation<'_>,
    start: Instant,
    interrupted: &dyn Fn() -> bool,
) -> Result<String, BenchError> {
    loop {
        match receiver.recv_timeout(Duration::from_millis(50)) {
            Ok(text) => return Ok(text),
            Err(RecvTimeoutError::Disconnected) => return Ok(String::new()),
            Err(RecvTimeoutError::Timeout) => {}
        }
        let late = start.elapsed() > invocation.limit;
        if !late && !interrupted() {
            continue;
        }
        // The child may be gone already; then there is nothing to end.
        child.kill().ok();
        child.wait().ok();
        if !late {
            return Err(BenchError::Interrupted);
        }
        return Err(BenchError::Failed {
            subject: invocation.subject.name.clone(),
            workload: invocation.workload.name.to_string(),
            reason: format!("not finished after {} s", invocation.limit.as_secs()),
        });
    }
}

pub(crate) fn describe(status: ExitStatus, errors: &str) -> String {
    let how = match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(signal)) => format!("ended by signal {signal}"),
        (None, None) => status.to_string(),
    };
    // The last line of a traceback names the exception.
    match errors.lines().rev().find(|line| !line.trim().is_empty()) {
        Some(line) => format!("{how}: {}", shorten(line)),
        None => how,
    }
}

fn shorten(line: &str) -> String {
    if line.chars().count() <= 200 {
        line.to_string()
    } else {
        line.chars().take(200).chain(['…']).collect()
    }
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
#[path = "process/tests.rs"]
mod tests;
