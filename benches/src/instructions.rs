//! Instructions that a process executes, counted by valgrind: the same number at every run of one binary, whatever the machine does.
//!
//! The tool is `cachegrind` with its cache model off. It counts what `callgrind` counts (`Ir`), and keeps no stack of calls:
//! callgrind takes each jump of threaded code for a call, and its stack grows without end.
//!
//! What could make runs differ is fixed: the environment is empty but for two variables, addresses are not randomised
//! (`setarch -R`, where there is one), and the allocator gives no memory back (mimalloc does that by the clock). What is left
//! are the digits of the times that workloads print: about 0.001 %.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::BenchError;
use crate::codegen::missing;
use crate::metadata::find_program;

/// Starts commands under valgrind.
#[derive(Clone, Debug)]
pub struct Counter {
    valgrind: PathBuf,
    setarch: Option<PathBuf>,
}

/// A counted run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Instructions of the process, start and end included.
    pub instructions: u64,
    /// What it printed.
    pub output: String,
}

impl Counter {
    /// Finds the tools.
    ///
    /// # Errors
    /// [`BenchError::Tool`] if valgrind is not installed.
    pub fn find() -> Result<Counter, BenchError> {
        let not_found = std::io::ErrorKind::NotFound.into();
        let valgrind = find_program("valgrind").ok_or_else(|| BenchError::Tool {
            tool: "valgrind".into(),
            reason: missing(&not_found, "valgrind"),
        })?;
        let fixes_addresses = |path: &PathBuf| {
            let ended = Command::new(path)
                .args(["-R", "true"])
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            ended.is_ok_and(|status| status.success())
        };
        Ok(Counter {
            valgrind,
            setarch: find_program("setarch").filter(fixes_addresses),
        })
    }

    /// Runs a command in a folder to its end, with `variables` as its environment.
    ///
    /// # Errors
    /// [`BenchError::Tool`] if valgrind cannot be started or does not report; [`BenchError::Program`] if the command ends badly.
    pub fn count(
        &self,
        command: &[String],
        folder: &Path,
        variables: &[(&str, &str)],
    ) -> Result<Counted, BenchError> {
        let mut words = Vec::new();
        if let Some(setarch) = &self.setarch {
            words.extend([setarch.as_os_str().to_owned(), "-R".into()]);
        }
        words.push(self.valgrind.as_os_str().to_owned());
        words.extend(
            [
                "--tool=cachegrind",
                "--cache-sim=no",
                "--cachegrind-out-file=/dev/null",
            ]
            .map(Into::into),
        );
        words.extend(command.iter().map(Into::into));
        let mut process = Command::new(&words[0]);
        process
            .args(&words[1..])
            .current_dir(folder)
            .env_clear()
            .env("MIMALLOC_PURGE_DELAY", "-1")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .envs(variables.iter().copied())
            .stdin(Stdio::null());
        let ended = process.output().map_err(|e| BenchError::Tool {
            tool: "valgrind".into(),
            reason: missing(&e, "valgrind"),
        })?;
        let report = String::from_utf8_lossy(&ended.stderr);
        if !ended.status.success() {
            return Err(failed(command, &ended, &report));
        }
        let instructions = parse(&report).ok_or_else(|| BenchError::Tool {
            tool: "valgrind".into(),
            reason: format!("reports no instructions: {}", last_line(&report)),
        })?;
        Ok(Counted {
            instructions,
            output: String::from_utf8_lossy(&ended.stdout).into_owned(),
        })
    }
}

/// The number in cachegrind's line `==PID== I refs: 1,234`.
fn parse(report: &str) -> Option<u64> {
    let numbers = report.lines().find_map(|line| {
        let text = line.strip_prefix("==")?.split_once("== ")?.1.trim();
        text.strip_prefix('I')?.trim().strip_prefix("refs:")
    })?;
    numbers.trim().replace(',', "").parse().ok()
}

/// The last line that is the program's and not valgrind's.
fn last_line(text: &str) -> String {
    text.lines()
        .rev()
        .find(|line| !line.trim().is_empty() && !line.starts_with("=="))
        .unwrap_or("no message")
        .trim()
        .to_owned()
}

fn failed(command: &[String], ended: &Output, report: &str) -> BenchError {
    BenchError::Program {
        command: command.join(" "),
        reason: format!("{}: {}", ended.status, last_line(report)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_is_read() {
        let report = "==9== Cachegrind, a high-precision tracing profiler\nTraceback\n==9== \n==9== I refs:        1,234,567\n";
        assert_eq!(parse(report), Some(1_234_567));
        assert_eq!(
            parse("==9== I   refs:      42\n==9== I1  misses: 7\n"),
            Some(42)
        );
        assert_eq!(parse("I refs: 42"), None);
        assert_eq!(last_line(report), "Traceback");
    }

    #[test]
    fn one_binary_has_one_count() {
        let Ok(counter) = Counter::find() else {
            eprintln!("not checked: valgrind is not installed");
            return;
        };
        let command = ["sh", "-c", "i=0; while [ $i -lt 200 ]; do i=$((i+1)); done"];
        let command = command.map(|word| {
            find_program(word).map_or_else(|| word.to_owned(), |p| p.to_string_lossy().into_owned())
        });
        let count = || {
            counter
                .count(&command, Path::new("/"), &[])
                .map(|counted| counted.instructions)
                .expect("a shell counts to 200")
        };
        let (first, second) = (count(), count());
        assert!(first > 10_000, "{first}");
        assert!(first.abs_diff(second) * 10_000 <= first, "{first} {second}");
        let wrong = ["/bin/sh", "-c", "exit 3"].map(str::to_owned);
        let error = counter
            .count(&wrong, Path::new("/"), &[])
            .expect_err("it fails");
        assert!(error.to_string().contains("exit 3 failed"), "{error}");
    }
}
