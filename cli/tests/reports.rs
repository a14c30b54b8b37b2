//! `ceval compare` and `ceval report` from outside: a small comparison, saved under a name, compared with, exported and
//! reported; and one clear line for what cannot be. Cells that every build has.

mod process;

use process::{Finished, ceval, finish};
use std::path::{Path, PathBuf};

/// A new empty folder, removed when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("reports-{name}-{}", std::process::id()));
        // One that an earlier process of this number left behind.
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder for temporary files");
        Folder(path)
    }

    fn run(&self, words: &[&str]) -> Finished {
        finish(ceval(&self.0, words), b"")
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name))
            .unwrap_or_else(|error| panic!("{name} should be there: {error}"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // The next build's cleaning takes what stays.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

const COMPARE: [&str; 10] = [
    "compare",
    "fib",
    "--quick",
    "--reference",
    "tail/refcount-tagged",
    "--cells=tail/refcount-tagged,tail+ca*/refcount-tagged",
    "--invocations",
    "3",
    "--iterations",
    "1",
];

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    COMPARE
        .iter()
        .copied()
        .chain(more.iter().copied())
        .collect()
}

#[track_caller]
fn expect_one_line(ended: &Finished, code: i32, words: &[&str]) {
    let errors = ended.errors();
    assert_eq!(ended.code(), Some(code), "{}: {errors}", ended.ending());
    assert_eq!(
        (ended.output().as_str(), errors.lines().count()),
        ("", 1),
        "{errors}"
    );
    for word in words {
        assert!(errors.contains(word), "'{word}' is not in: {errors}");
    }
}

#[test]
fn a_comparison_is_saved_compared_exported_and_reported() {
    let folder = Folder::new("whole");
    let first = folder.run(&with(&[
        "--out",
        "one",
        "--save-baseline",
        "main",
        "--export",
        "pyperf",
    ]));
    assert_eq!(first.code(), Some(0), "{}", first.errors());
    assert!(first.output().contains("tail+caches/refcount-tagged"));
    assert!(first.output().ends_with("Saved as the baseline main\n"));
    assert!(
        folder
            .read("one/pyperf-tail+caches_refcount-tagged.json")
            .contains("\"fib\"")
    );

    // A slowdown of a thousand per cent would be one of the program, not of the noise.
    let second = folder.run(&with(&[
        "--out",
        "two",
        "--baseline",
        "main",
        "--fail-above",
        "1000%",
    ]));
    assert_eq!(second.code(), Some(0), "{}", second.errors());
    assert!(
        second.output().contains(" of the earlier time, "),
        "{}",
        second.output()
    );

    let report = folder.run(&["report", "one", "two", "-o", "page"]);
    assert_eq!(report.code(), Some(0), "{}", report.errors());
    assert!(report.output().starts_with("page/report.html\n"));
    let page = folder.read("page/report.html");
    assert!(
        page.contains("id=\"run2-finding\"")
            && page.contains("tail<wbr>+caches/<wbr>refcount-tagged")
    );
    assert!(folder.read("page/run1-ratios.svg").starts_with("<svg "));
    assert!(folder.read("page/summary.md").starts_with("# quick, "));

    let record = folder.read("two/run.json");
    let (before, after) = record
        .split_once("\"host\": \"")
        .expect("a record has a host");
    std::fs::write(
        folder.0.join("two/run.json"),
        format!("{before}\"host\": \"not-{after}"),
    )
    .expect("a temporary file");
    let mixed = folder.run(&["report", "one", "two", "-o", "mixed"]);
    expect_one_line(
        &mixed,
        1,
        &["the runs do not fit together: the host", "--mix"],
    );
    let mixed = folder.run(&["report", "one", "two", "-o", "mixed", "--mix"]);
    assert_eq!(mixed.code(), Some(0), "{}", mixed.errors());
}

#[test]
fn what_cannot_be_is_said_before_anything_is_measured() {
    let folder = Folder::new("wrong");
    for (more, words) in [
        (
            &["--baseline", "nobody"][..],
            "no baseline is called 'nobody'",
        ),
        (
            &["--save-baseline", "../x"],
            "'../x' is no name for a baseline",
        ),
        (&["--against", "nowhere"], "cannot read nowhere/run.json"),
        (&["--export", "xml"], "unknown form 'xml'"),
    ] {
        let ended = folder.run(&with(more));
        let code = if more[0] == "--against" { 1 } else { 2 };
        expect_one_line(&ended, code, &[words]);
    }
    let ended = folder.run(&["compare", "--cells", "no*such"]);
    expect_one_line(&ended, 2, &["no cell of this build fits 'no*such'"]);
    let ended = folder.run(&["report", "nowhere", "-o", "page"]);
    expect_one_line(&ended, 1, &["cannot read nowhere/run.json"]);
    std::fs::create_dir(folder.0.join("foreign")).expect("a temporary folder");
    std::fs::write(folder.0.join("foreign/run.json"), "{}").expect("a temporary file");
    let ended = folder.run(&["report", "foreign", "-o", "page"]);
    expect_one_line(
        &ended,
        1,
        &["foreign/run.json is not a results file of this program"],
    );
    assert!(!folder.0.join("results").exists() && !folder.0.join("page").exists());
}
