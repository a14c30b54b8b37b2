//! The golden corpus: what CPython 3.5.1 makes of many sources, compared byte for byte.
//!
//! Sources and results are in `tests/golden` at the top of the repository; its README says how
//! they were made. Sources where we differ are listed with the reason in `known_gaps.txt`; one
//! that is listed and passes is a failure too.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ceval_bytecode::digest::{digest_list, hex};
use ceval_bytecode::marshal::{dumps, loads};
use ceval_bytecode::verify::verify;
use ceval_bytecode::{CodeObject, dump, json};
use ceval_compiler::{CompileError, Dialect, Mode, Options, compile};
use serde_json::Value;

const OPTIONS: Options = Options {
    dialect: Dialect::Python35,
    flags: 0,
    optimize: 0,
};

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden")
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read_text(path: &Path) -> String {
    String::from_utf8(read(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The `.py` files of a folder, by name.
fn sources(folder: &str) -> Vec<PathBuf> {
    let folder = golden().join(folder);
    let entries =
        std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a directory entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .collect();
    paths.sort();
    assert!(!paths.is_empty(), "no sources in {}", folder.display());
    paths
}

fn stem(path: &Path) -> String {
    let stem = path.file_stem().expect("a file name");
    stem.to_str().expect("a name in UTF-8").to_owned()
}

/// The gaps of one kind: names and reasons.
fn known_gaps(kind: &str) -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/known_gaps.txt");
    read_text(&path)
        .lines()
        .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
        .map(|line| {
            let mut words = line.splitn(3, ' ');
            let mut next = || words.next().unwrap_or_default().to_owned();
            (next(), next(), next())
        })
        .filter(|(line_kind, _, _)| line_kind == kind)
        .map(|(_, name, reason)| {
            assert!(!reason.is_empty(), "{name} is listed without a reason");
            (name, reason)
        })
        .collect()
}

/// Collects failures, less those that are known.
struct Report {
    gaps: BTreeMap<String, String>,
    failures: Vec<String>,
    count: usize,
}

impl Report {
    fn new(kind: &str) -> Report {
        Report {
            gaps: known_gaps(kind),
            failures: Vec::new(),
            count: 0,
        }
    }

    fn add(&mut self, name: &str, failure: Option<String>) {
        self.count += 1;
        match (self.gaps.get(name), failure) {
            (None, Some(failure)) => self.failures.push(format!("{name}: {failure}")),
            (Some(_), None) => self
                .failures
                .push(format!("{name}: passes, but is listed as a known gap")),
            _ => {}
        }
    }

    fn finish(self) {
        assert!(
            self.failures.is_empty(),
            "{} of {} fail\n{}",
            self.failures.len(),
            self.count,
            self.failures.join("\n")
        );
    }
}

/// The first line in which two texts differ.
fn difference(expected: &str, found: &str) -> Option<String> {
    if expected == found {
        return None;
    }
    let mut lines = expected.lines().zip(found.lines()).enumerate();
    Some(match lines.find(|(_, (a, b))| a != b) {
        Some((i, (a, b))) => format!("line {}\n  expected {a}\n  found    {b}", i + 1),
        None => format!("{} bytes expected, {} found", expected.len(), found.len()),
    })
}

/// Whether a code object passes the verifier and survives marshalling.
fn unsound(code: &CodeObject) -> Option<String> {
    if let Err(error) = verify(code) {
        return Some(error.to_string());
    }
    let again = dumps(code).and_then(|bytes| loads(&bytes));
    let is_same = again.is_ok_and(|again| {
        again.filename == code.filename
            && ceval_bytecode::digest::digest(&again) == ceval_bytecode::digest::digest(code)
    });
    (!is_same).then(|| "marshalling changes it".to_owned())
}

#[test]
fn cases() {
    let mut report = Report::new("case");
    for path in sources("cases") {
        let name = stem(&path);
        let filename = format!("{name}.py");
        let failure = match compile(&read(&path), &filename, Mode::Exec, &OPTIONS) {
            Err(error) => Some(format!("does not compile: {error}")),
            Ok(compiled) => {
                let expect = golden().join("expect");
                let dis = read_text(&expect.join(format!("{name}.dis")));
                let wanted = read_text(&expect.join(format!("{name}.json")));
                difference(&dis, &dump::dump(&compiled.code)).or_else(|| {
                    let found = json::to_json(&compiled.code) + "\n";
                    difference(&wanted, &found)
                        .map(|_| "the JSON differs".to_owned())
                        .or_else(|| unsound(&compiled.code))
                })
            }
        };
        report.add(&name, failure);
    }
    report.finish();
}

#[test]
fn snippets() {
    let mut report = Report::new("snippet");
    let document: Value =
        serde_json::from_slice(&read(&golden().join("snippets.json"))).expect("JSON");
    for (i, snippet) in document["snippets"]
        .as_array()
        .expect("a list")
        .iter()
        .enumerate()
    {
        let text = |key: &str| snippet[key].as_str().expect("a text").to_owned();
        let mode = match text("mode").as_str() {
            "exec" => Mode::Exec,
            "eval" => Mode::Eval,
            _ => Mode::Single,
        };
        let filename = format!("<{}>", text("mode"));
        let failure = match compile(text("source").as_bytes(), &filename, mode, &OPTIONS) {
            Err(error) => Some(format!("does not compile: {error}")),
            Ok(compiled) => difference(&text("dis"), &dump::dump(&compiled.code)).or_else(|| {
                let found: Value =
                    serde_json::from_str(&json::to_json(&compiled.code)).expect("JSON");
                (found != snippet["code"]).then(|| "the JSON differs".to_owned())
            }),
        };
        report.add(
            &i.to_string(),
            failure.map(|f| format!("{:?} {f}", text("source"))),
        );
    }
    report.finish();
}

fn error_header(error: &CompileError) -> String {
    let or_none = |value: Option<u32>| value.map_or("None".to_owned(), |value| value.to_string());
    format!(
        "class: {}\nmessage: {}\nline: {}\noffset: {}\n",
        error.kind.class_name(),
        error.message,
        or_none(error.line),
        or_none(error.offset)
    )
}

#[test]
fn errors() {
    let mut report = Report::new("error");
    for path in sources("errors") {
        let name = stem(&path);
        let expected = read_text(&path.with_extension("txt"));
        let header: String = expected.split_inclusive('\n').take(4).collect();
        let failure = match compile(&read(&path), &format!("{name}.py"), Mode::Exec, &OPTIONS) {
            Ok(_) => Some("compiles".to_owned()),
            Err(error) => difference(&header, &error_header(&error)),
        };
        report.add(&name, failure);
    }
    report.finish();
}

/// The folder `lib/python3.6` of an installed CPython 3.6, if there is one.
fn library() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("CEVAL_STDLIB36") {
        return Some(path.into());
    }
    let path = std::env::var_os("PATH")?;
    let mut prefixes: Vec<PathBuf> = std::env::split_paths(&path)
        .filter_map(|folder| Some(folder.parent()?.to_owned()))
        .collect();
    let versions = std::env::var_os("PYENV_ROOT")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".pyenv")));
    if let Some(entries) = versions.and_then(|root| std::fs::read_dir(root.join("versions")).ok()) {
        prefixes.extend(entries.flatten().map(|entry| entry.path()));
    }
    let mut folders = prefixes.iter().map(|prefix| prefix.join("lib/python3.6"));
    folders.find(|folder| folder.join("os.py").exists())
}

#[test]
fn standard_library() {
    let digests = golden().join("stdlib36-digests.json");
    let (Some(library), true) = (library(), digests.exists()) else {
        eprintln!("skipped: no CPython 3.6 library (set CEVAL_STDLIB36) or no digests");
        return;
    };
    let document: Value = serde_json::from_slice(&read(&digests)).expect("JSON");
    let mut report = Report::new("library");
    let mut objects = 0;
    for (name, entry) in document["files"].as_object().expect("an object") {
        let Ok(source) = std::fs::read(library.join(name)) else {
            continue;
        };
        use sha2::Digest as _;
        if hex(&sha2::Sha256::digest(&source)) != entry[0].as_str().expect("a digest") {
            continue;
        }
        let failure = match compile(&source, name, Mode::Exec, &OPTIONS) {
            Err(error) => Some(format!("does not compile: {error}")),
            Ok(compiled) => {
                let expected = entry[1].as_array().expect("a list");
                let found = digest_list(&compiled.code);
                objects += expected.len();
                // The deepest object that differs: the last one before its parents end.
                let differing = expected.iter().zip(&found).rfind(|(wanted, found)| {
                    wanted[0] != found.path.as_str() || wanted[2] != hex(&found.digest).as_str()
                });
                match differing {
                    Some((wanted, _)) => Some(format!("{} line {}", wanted[0], wanted[1])),
                    None if expected.len() != found.len() => {
                        Some(format!("{} objects, not {}", found.len(), expected.len()))
                    }
                    None => unsound(&compiled.code),
                }
            }
        };
        report.add(name, failure);
    }
    eprintln!("{} files, {objects} code objects compared", report.count);
    report.finish();
}
