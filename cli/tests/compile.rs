//! `ceval compile`: `.pyc` files that read back as the golden code objects, stages, damaged files.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn ceval(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ceval"))
        .args(arguments)
        .output()
        .expect("the command starts")
}

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/golden")
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("ceval-compile-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for temporary files");
    folder
}

#[test]
fn pyc_files_read_back() {
    let folder = folder("pyc");
    for case in [
        "algo_sieve",
        "class_basic",
        "const_unicode",
        "const_big_ints",
        "async_with",
    ] {
        let source = golden().join(format!("cases/{case}.py"));
        let pyc = folder.join(format!("{case}.pyc"));
        let name = format!("{case}.py");
        let (source, out) = (source.to_string_lossy(), pyc.to_string_lossy());
        let made = ceval(&["compile", &source, "-o", &out, "--name", &name]);
        assert!(
            made.status.success(),
            "{case}: {}",
            String::from_utf8_lossy(&made.stderr)
        );
        let bytes = std::fs::read(&pyc).expect("the file was written");
        assert_eq!(
            bytes[..4],
            [0x16, 0x0d, b'\r', b'\n'],
            "{case}: CPython 3.5's magic number 3350"
        );
        let read = ceval(&["code", &out]);
        let expected =
            std::fs::read(golden().join(format!("expect/{case}.json"))).expect("golden file");
        assert_eq!(
            String::from_utf8_lossy(&read.stdout).trim_end(),
            String::from_utf8_lossy(&expected).trim_end(),
            "{case}"
        );
    }
    let _ = std::fs::remove_dir_all(folder);
}

#[test]
fn damaged_pyc_files_are_refused() {
    let folder = folder("damaged");
    let source = golden().join("cases/algo_sieve.py");
    let pyc = folder.join("whole.pyc");
    let (source, out) = (source.to_string_lossy(), pyc.to_string_lossy());
    assert!(ceval(&["compile", &source, "-o", &out]).status.success());
    let whole = std::fs::read(&pyc).expect("the file was written");
    for length in [0, 3, 11, 12, 40, whole.len() - 1] {
        let cut = folder.join("cut.pyc");
        std::fs::write(&cut, &whole[..length]).expect("a cut file");
        let read = ceval(&["dis", &cut.to_string_lossy()]);
        assert_eq!(read.status.code(), Some(1), "{length} bytes");
        let error = String::from_utf8_lossy(&read.stderr);
        assert_eq!(error.lines().count(), 1, "{length} bytes: {error}");
    }
    let _ = std::fs::remove_dir_all(folder);
}

#[test]
fn stages_print_what_they_made() {
    let source = golden().join("cases/class_basic.py");
    let source = source.to_string_lossy();
    let mut seen = Vec::new();
    for stage in ["tokens", "ast", "symtable", "blocks", "code"] {
        let out = ceval(&["compile", "--stage", stage, &source]);
        assert!(out.status.success(), "{stage}");
        assert!(out.stdout.len() > 500, "{stage}");
        assert!(!seen.contains(&out.stdout), "{stage} repeats another stage");
        seen.push(out.stdout);
    }
    assert_eq!(
        ceval(&["compile", "--stage", "bytes", &source])
            .status
            .code(),
        Some(2)
    );
    assert_eq!(ceval(&["compile", &source]).status.code(), Some(2));
}
