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

/// Standard input is called what CPython calls it, in code objects and in errors.
#[test]
fn standard_input_has_a_name() {
    for (source, code, wanted) in [
        ("x = 1\n", 0, "Filename:          <stdin>\n"),
        ("x = (\n", 1, "ceval: <stdin>:1: SyntaxError: "),
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_ceval"))
            .args(["compile", "--stage", "code", "-"])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("the command starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        std::io::Write::write_all(&mut stdin, source.as_bytes()).expect("it is read");
        drop(stdin);
        let out = child.wait_with_output().expect("it ends");
        let text = [out.stdout, out.stderr].concat();
        let text = String::from_utf8_lossy(&text);
        assert_eq!(out.status.code(), Some(code), "{text}");
        assert!(text.contains(wanted), "{text}");
    }
}

/// A CPython 3.6: its `marshal` reads what 3.5's does.
fn python36() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let mut found: Vec<PathBuf> = std::env::split_paths(&path)
        .map(|folder| folder.join("python3.6"))
        .collect();
    let versions = std::env::var_os("PYENV_ROOT")
        .map(PathBuf::from)
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".pyenv")));
    if let Some(entries) = versions.and_then(|root| std::fs::read_dir(root.join("versions")).ok()) {
        found.extend(entries.flatten().map(|e| e.path().join("bin/python3.6")));
    }
    found.into_iter().find(|python| {
        let version = Command::new(python).arg("--version").output();
        version.is_ok_and(|v| String::from_utf8_lossy(&v.stdout).starts_with("Python 3.6"))
    })
}

/// Prints the code object of each `.pyc` file named, as the golden JSON has it, a line a file.
const SHOW_WITH_CPYTHON: &str = r#"
import json, marshal, sys

def constant(c):
    if c is None or c is True or c is False or c is Ellipsis:
        return [repr(c)]
    if isinstance(c, int):
        return ['int', str(c)]
    if isinstance(c, float):
        return ['float', c.hex()]
    if isinstance(c, complex):
        return ['complex', c.real.hex(), c.imag.hex()]
    if isinstance(c, str):
        try:
            c.encode('utf-8')
            return ['str', c]
        except UnicodeEncodeError:
            return ['str-surrogates', c.encode('utf-8', 'surrogatepass').hex()]
    if isinstance(c, bytes):
        return ['bytes', c.hex()]
    if isinstance(c, tuple):
        return ['tuple', [constant(i) for i in c]]
    if isinstance(c, frozenset):
        return ['frozenset', [constant(i) for i in sorted(c, key=repr)]]
    return ['code', fields(c)]

def fields(c):
    return {'name': c.co_name, 'filename': c.co_filename, 'firstlineno': c.co_firstlineno,
            'argcount': c.co_argcount, 'kwonlyargcount': c.co_kwonlyargcount,
            'nlocals': c.co_nlocals, 'stacksize': c.co_stacksize, 'flags': c.co_flags,
            'code': c.co_code.hex(), 'lnotab': c.co_lnotab.hex(),
            'consts': [constant(k) for k in c.co_consts], 'names': c.co_names,
            'varnames': c.co_varnames, 'freevars': c.co_freevars, 'cellvars': c.co_cellvars}

for name in sys.argv[1:]:
    with open(name, 'rb') as f:
        data = f.read()
    assert int.from_bytes(data[:2], 'little') == 3350 and data[2:4] == b'\r\n'
    print(json.dumps(fields(marshal.loads(data[12:]))))
"#;

/// Every golden program, written by us, read by CPython's `marshal`, compared field by field.
#[test]
fn cpython_reads_the_same_code_objects() {
    let Some(python) = python36() else {
        eprintln!("skipped: no python3.6 on PATH or under PYENV_ROOT");
        return;
    };
    let folder = folder("cpython");
    let mut names = Vec::new();
    for entry in std::fs::read_dir(golden().join("cases")).expect("the golden cases") {
        let source = entry.expect("a directory entry").path();
        if source.extension().is_none_or(|e| e != "py") {
            continue;
        }
        let name = source
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        let out = folder.join(format!("{name}.pyc"));
        let made = ceval(&[
            "compile",
            &source.to_string_lossy(),
            "-o",
            &out.to_string_lossy(),
            "--name",
            &format!("{name}.py"),
        ]);
        assert!(made.status.success(), "{name}");
        names.push(name);
    }
    assert!(names.len() > 200, "only {} programs", names.len());
    let shown = Command::new(python)
        .args(["-c", SHOW_WITH_CPYTHON])
        .args(names.iter().map(|n| folder.join(format!("{n}.pyc"))))
        .output()
        .expect("python3.6 starts");
    assert!(
        shown.status.success(),
        "{}",
        String::from_utf8_lossy(&shown.stderr)
    );
    let lines = String::from_utf8(shown.stdout).expect("JSON is ASCII");
    assert_eq!(lines.lines().count(), names.len());
    for (name, line) in names.iter().zip(lines.lines()) {
        let expected =
            std::fs::read(golden().join(format!("expect/{name}.json"))).expect("golden file");
        let expected: serde_json::Value = serde_json::from_slice(&expected).expect("JSON");
        let found: serde_json::Value = serde_json::from_str(line).expect("JSON");
        assert!(expected == found, "{name}: CPython reads another object");
    }
    let _ = std::fs::remove_dir_all(folder);
}

#[test]
fn pyc_files_run() {
    let folder = folder("run");
    for case in ["algo_sieve", "class_basic", "generator_attributes"] {
        let source = golden().join(format!("cases/{case}.py"));
        // No ending says what it is: the magic number does.
        for ending in [".pyc", ""] {
            let pyc = folder.join(format!("{case}{ending}"));
            let (source, out) = (source.to_string_lossy(), pyc.to_string_lossy());
            assert!(ceval(&["compile", &source, "-o", &out]).status.success());
            let expected =
                std::fs::read(golden().join(format!("expect/{case}.out"))).expect("golden file");
            for cell in [
                "tail+super+caches/refcount-tagged",
                "oracle/refcount-tagged",
            ] {
                let ran = ceval(&["--cell", cell, &out]);
                assert_eq!(ran.status.code(), Some(0), "{case}");
                assert!(ran.stdout == expected, "{case} on {cell}");
            }
        }
    }
    let name = folder.join("arguments.pyc");
    let source = folder.join("arguments.py");
    std::fs::write(
        &source,
        "import sys\nprint(sys.argv[1:], __name__, __file__ == sys.argv[0])\nsys.exit(7)\n",
    )
    .expect("a source");
    let (source, out) = (source.to_string_lossy(), name.to_string_lossy());
    assert!(ceval(&["compile", &source, "-o", &out]).status.success());
    let ran = ceval(&[&out, "a", "b"]);
    assert_eq!(
        String::from_utf8_lossy(&ran.stdout),
        "['a', 'b'] __main__ True\n"
    );
    assert_eq!(ran.status.code(), Some(7));
    let _ = std::fs::remove_dir_all(folder);
}

#[test]
fn pyc_files_of_other_versions_are_named() {
    let folder = folder("versions");
    let pyc = folder.join("other.pyc");
    std::fs::write(&pyc, b"\x33\x0d\r\n\0\0\0\0\0\0\0\0").expect("a file");
    let out = pyc.to_string_lossy();
    for arguments in [vec!["dis", &out], vec!["code", &out], vec![&*out]] {
        let ran = ceval(&arguments);
        assert_eq!(ran.status.code(), Some(1), "{arguments:?}");
        let error = String::from_utf8_lossy(&ran.stderr);
        assert!(
            error.ends_with(": a .pyc file of CPython 3.6, not of CPython 3.5\n"),
            "{error}"
        );
    }
    let _ = std::fs::remove_dir_all(folder);
}
