//! The Python programs that are measured, embedded in the binary so that a comparison needs no checkout.
//!
//! What a file promises is in `benches/workloads/README.md`. The lines `SIZES = {…}` and `RESULTS = {…}` are JSON: they are
//! read here, so a result is written down once, and checked by the program itself and again by the harness.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::BenchError;

/// One program with its sizes and known results.
#[derive(Debug)]
pub struct Workload {
    /// The file's name without `.py`.
    pub name: &'static str,
    /// The program's text.
    pub source: &'static str,
    /// In the short comparison. The rest joins the long one.
    pub core: bool,
    sizes: BTreeMap<String, u64>,
    results: BTreeMap<String, String>,
}

/// How much work a run does. The named sizes have known results.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// About 5 ms on CPython 3.11: for tests.
    Test,
    /// About 70 ms on CPython 3.11.
    Quick,
    /// About 0.7 s on CPython 3.11.
    Default,
}

impl Size {
    /// The word that the driver of a workload takes.
    pub fn word(self) -> &'static str {
        match self {
            Size::Test => "test",
            Size::Quick => "quick",
            Size::Default => "default",
        }
    }

    /// The size of that word.
    pub fn parse(word: &str) -> Option<Size> {
        [Size::Test, Size::Quick, Size::Default]
            .into_iter()
            .find(|size| size.word() == word)
    }
}

macro_rules! embed {
    ($($name:literal $core:literal)*) => {
        &[$(($name, $core, include_str!(concat!("../workloads/", $name, ".py")))),*]
    };
}

/// Name, whether it belongs to the short comparison, text; in the order of reports.
const EMBEDDED: &[(&str, bool, &str)] = embed! {
    "richards" true
    "deltablue" true
    "nbody" true
    "fannkuch" true
    "spectral_norm" true
    "nqueens" true
    "mandelbrot" true
    "binary_trees" true
    "pidigits" true
    "json_parser" true
    "sieve" true
    "fib" true
    "generators" true
    "strings" true
    "matmul" true
    "exceptions" true
    "life" false
    "closures" false
    "polymorphic" false
    "sorting" false
    "recursion" false
    "lisp" false
    "raytrace" false
    "sha256" false
};

/// All workloads, in the order of reports.
pub fn all() -> &'static [Workload] {
    static ALL: OnceLock<Vec<Workload>> = OnceLock::new();
    ALL.get_or_init(|| {
        EMBEDDED
            .iter()
            .map(|&(name, core, source)| Workload {
                name,
                source,
                core,
                sizes: numbers(source),
                results: texts(source),
            })
            .collect()
    })
}

/// The workload of that name.
pub fn get(name: &str) -> Option<&'static Workload> {
    all().iter().find(|workload| workload.name == name)
}

/// The workloads of those names, or all `core` ones if no name is given and `core` is asked for, else all.
///
/// # Errors
/// [`BenchError::UnknownWorkload`] names the first unknown one.
pub fn select(names: &[String], core: bool) -> Result<Vec<&'static Workload>, BenchError> {
    if names.is_empty() {
        return Ok(all()
            .iter()
            .filter(|workload| workload.core || !core)
            .collect());
    }
    let mut chosen: Vec<&'static Workload> = Vec::new();
    for name in names {
        let workload =
            get(name.trim_end_matches(".py")).ok_or_else(|| BenchError::UnknownWorkload {
                name: name.clone(),
                known: all().iter().map(|workload| workload.name).collect(),
            })?;
        if !chosen.iter().any(|other| other.name == workload.name) {
            chosen.push(workload);
        }
    }
    Ok(chosen)
}

impl Workload {
    /// The number that stands for a named size.
    pub fn number(&self, size: Size) -> u64 {
        self.sizes.get(size.word()).copied().unwrap_or(0)
    }

    /// The known result of a named size, as the driver prints it.
    pub fn expected(&self, size: Size) -> &str {
        self.results.get(size.word()).map_or("", String::as_str)
    }

    /// The first sentence of the program's documentation.
    pub fn title(&self) -> &'static str {
        let text = self.source.strip_prefix("\"\"\"").unwrap_or(self.source);
        text.lines().next().unwrap_or("")
    }

    /// Writes the program into a folder and answers its path. An equal file is left as it is.
    ///
    /// # Errors
    /// [`BenchError::Write`] if the folder or file cannot be made.
    pub fn write_to(&self, folder: &Path) -> Result<PathBuf, BenchError> {
        let path = folder.join(format!("{}.py", self.name));
        if std::fs::read(&path).is_ok_and(|text| text == self.source.as_bytes()) {
            return Ok(path);
        }
        let write = || {
            std::fs::create_dir_all(folder)?;
            std::fs::File::create(&path)?.write_all(self.source.as_bytes())
        };
        match write() {
            Ok(()) => Ok(path),
            Err(source) => Err(BenchError::Write { path, source }),
        }
    }
}

/// The JSON behind `PREFIX` at the start of a line; null if there is none (a unit test sees to it that there is).
fn json_line(source: &str, prefix: &str) -> serde_json::Value {
    source
        .lines()
        .find_map(|line| line.strip_prefix(prefix))
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default()
}

fn numbers(source: &str) -> BTreeMap<String, u64> {
    serde_json::from_value(json_line(source, "SIZES = ")).unwrap_or_default()
}

/// Results are ints of any length or strings; both are kept as the text that `print` would show.
fn texts(source: &str) -> BTreeMap<String, String> {
    let raw: BTreeMap<String, Box<serde_json::value::RawValue>> = source
        .lines()
        .find_map(|line| line.strip_prefix("RESULTS = "))
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    raw.into_iter()
        .map(|(name, value)| {
            let text = serde_json::from_str::<String>(value.get());
            (name, text.unwrap_or_else(|_| value.get().to_string()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZES: [Size; 3] = [Size::Test, Size::Quick, Size::Default];

    #[test]
    fn every_workload_has_growing_sizes_and_results() {
        for workload in all() {
            let numbers: Vec<u64> = SIZES.iter().map(|&size| workload.number(size)).collect();
            assert!(
                numbers[0] > 0 && numbers.is_sorted(),
                "{}: {numbers:?}",
                workload.name
            );
            assert!(
                SIZES
                    .iter()
                    .all(|&size| !workload.expected(size).is_empty()),
                "{}",
                workload.name
            );
        }
    }

    #[test]
    fn the_driver_is_the_same_in_every_file() {
        let driver = |workload: &Workload| {
            workload
                .source
                .split("\n# Driver:")
                .nth(1)
                .map(str::to_string)
        };
        let first = driver(&all()[0]);
        assert!(
            first
                .as_ref()
                .is_some_and(|text| text.contains("ITERATION %d %d %d RESULT %s"))
        );
        for workload in all() {
            assert_eq!(driver(workload), first, "{}", workload.name);
        }
    }

    #[test]
    fn every_file_of_the_folder_is_embedded() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("workloads");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .expect("the folder is part of the crate")
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter_map(|name| name.strip_suffix(".py").map(str::to_string))
            .collect();
        let mut names: Vec<String> = all()
            .iter()
            .map(|workload| workload.name.to_string())
            .collect();
        files.sort();
        names.sort();
        assert_eq!(files, names);
    }

    #[test]
    fn large_integers_keep_their_digits() {
        let lisp = get("lisp").expect("it is listed");
        assert_eq!(lisp.expected(Size::Default), "340606281144732953280");
        assert_eq!(
            get("fannkuch").map(|w| w.expected(Size::Quick)),
            Some("1616 22")
        );
    }

    #[test]
    fn selection_names_what_it_does_not_know() {
        let wrong = select(&["fib".into(), "fob".into()], true).expect_err("fob is no workload");
        assert!(
            wrong
                .to_string()
                .starts_with("no workload is called 'fob'; there are richards, ")
        );
        let chosen = select(&["fib".into(), "fib.py".into()], true).expect("both mean fib");
        assert_eq!(chosen.len(), 1);
        assert_eq!(select(&[], true).map(|chosen| chosen.len()).ok(), Some(16));
    }
}
