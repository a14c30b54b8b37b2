//! The command line: what `python` does with files, `-c`, `-` and arguments, the subcommands that
//! look into code, and one clear line for everything that is wrong.

mod corpus;
mod process;

use process::{Finished, ceval, finish, first_difference};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// A new empty folder, removed when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("command-{name}-{}", std::process::id()));
        // One that an earlier process of this number left behind.
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder for temporary files");
        Folder(path)
    }

    fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        std::fs::write(self.0.join(name), contents).expect("a temporary file");
    }

    fn run(&self, arguments: &[&str]) -> Finished {
        finish(ceval(&self.0, arguments), b"")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // The next build's cleaning takes what stays.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run(arguments: &[&str]) -> Finished {
    run_with(arguments, b"")
}

fn run_with(arguments: &[&str], stdin: &[u8]) -> Finished {
    finish(
        ceval(Path::new(env!("CARGO_TARGET_TMPDIR")), arguments),
        stdin,
    )
}

/// Checks an ending: exit code, standard output, standard error.
#[track_caller]
fn expect(ended: &Finished, code: i32, stdout: &str, stderr: &str) {
    let got = (ended.code(), ended.output(), ended.errors());
    assert_eq!(
        got,
        (Some(code), stdout.into(), stderr.into()),
        "{}",
        ended.ending()
    );
}

/// Checks a failure of the command itself: exit code 2 or as given, nothing on standard output, one line
/// on standard error in which the words stand.
#[track_caller]
fn expect_one_line(ended: &Finished, code: i32, words: &[&str]) {
    let errors = ended.errors();
    assert_eq!(ended.code(), Some(code), "{}: {errors}", ended.ending());
    assert_eq!(ended.output(), "");
    assert_eq!(errors.lines().count(), 1, "{errors}");
    for word in words {
        assert!(errors.contains(word), "'{word}' is not in: {errors}");
    }
}

#[test]
fn a_command_and_its_arguments() {
    expect(&run(&["-c", "print(6 * 7)"]), 0, "42\n", "");
    expect(
        &run(&["-c", "import sys; print(sys.argv)", "a", "-b", "--cell"]),
        0,
        "['-c', 'a', '-b', '--cell']\n",
        "",
    );
    expect(&run(&["-c", "print(__name__)"]), 0, "__main__\n", "");
    expect(&run(&["-c", ""]), 0, "", "");
    let traceback = "Traceback (most recent call last):\n  File \"<string>\", line 1, in <module>\n\
                     ZeroDivisionError: division by zero\n";
    expect(&run(&["-c", "1 / 0"]), 1, "", traceback);
    let error =
        "  File \"<string>\", line 1\n    x = = 1\n        ^\nSyntaxError: invalid syntax\n";
    expect(&run(&["-c", "x = = 1"]), 1, "", error);
}

#[test]
fn a_file_and_its_arguments() {
    let folder = Folder::new("file");
    folder.write(
        "show.py",
        "import sys\nprint(sys.argv, __name__, __file__)\n",
    );
    expect(
        &folder.run(&["show.py"]),
        0,
        "['show.py'] __main__ show.py\n",
        "",
    );
    let shown = "['show.py', '-c', '--cell', 'x'] __main__ show.py\n";
    expect(&folder.run(&["show.py", "-c", "--cell", "x"]), 0, shown, "");
    expect(
        &folder.run(&["--cell", "switch/refcount-boxed", "show.py", "a"]),
        0,
        "['show.py', 'a'] __main__ show.py\n",
        "",
    );
    folder.write("empty.py", "");
    expect(&folder.run(&["empty.py"]), 0, "", "");
    folder.write("mark.py", b"\xef\xbb\xbfprint('marked')\n");
    expect(&folder.run(&["mark.py"]), 0, "marked\n", "");
    folder.write("crlf.py", "if 1:\r\n    print('''a\r\nb''')");
    expect(&folder.run(&["crlf.py"]), 0, "a\nb\n", "");
    folder.write("other.py", "value = 5\nprint(__name__)\n");
    folder.write("importing.py", "import other\nprint(other.value)\n");
    expect(&folder.run(&["importing.py"]), 0, "other\n5\n", "");
}

#[test]
fn a_program_on_standard_input() {
    expect(
        &run_with(&["-"], b"print('from a pipe')\n"),
        0,
        "from a pipe\n",
        "",
    );
    expect(
        &run_with(&["-", "a"], b"import sys; print(sys.argv)\n"),
        0,
        "['-', 'a']\n",
        "",
    );
    let traceback = "Traceback (most recent call last):\n  File \"<stdin>\", line 2, in <module>\n\
                     NameError: name 'missing' is not defined\n";
    expect(
        &run_with(&["-"], b"print(1)\nmissing\n"),
        1,
        "1\n",
        traceback,
    );
}

#[test]
fn standard_input_of_a_program() {
    let twice = "print(input() + '|' + input('? '))";
    expect(
        &run_with(&["-c", twice], b"one\ntwo\n"),
        0,
        "? one|two\n",
        "",
    );
    let ended = run(&["-c", "input()"]);
    assert_eq!(ended.code(), Some(1));
    assert!(
        ended
            .errors()
            .ends_with("EOFError: EOF when reading a line\n"),
        "{}",
        ended.errors()
    );
}

#[test]
fn exit_codes() {
    for (program, code, stderr) in [
        ("import sys; sys.exit()", 0, ""),
        ("import sys; sys.exit(7)", 7, ""),
        ("import sys; sys.exit(True)", 1, ""),
        ("import sys; sys.exit(-1)", 255, ""),
        ("import sys; sys.exit(300)", 44, ""),
        ("import sys; sys.exit('no more')", 1, "no more\n"),
        ("import sys; sys.exit((1, 2))", 1, "(1, 2)\n"),
        ("raise SystemExit", 0, ""),
        ("raise SystemExit(3)", 3, ""),
        ("raise SystemExit(1.5)", 1, "1.5\n"),
        ("exit(4)", 4, ""),
        (
            "def f():\n try: raise SystemExit(5)\n finally: print(end='')\nf()",
            5,
            "",
        ),
    ] {
        let ended = run(&["-c", program]);
        assert_eq!(
            (ended.code(), ended.errors().as_str()),
            (Some(code), stderr),
            "{program}"
        );
    }
}

#[test]
fn output_stands_before_the_traceback_that_follows_it() {
    let ended = run(&["-c", "print('first')\nraise KeyError('k')"]);
    assert_eq!(
        (ended.code(), ended.output().as_str()),
        (Some(1), "first\n")
    );
    assert!(
        ended.errors().ends_with("KeyError: 'k'\n"),
        "{}",
        ended.errors()
    );
}

#[test]
fn dialects() {
    let program = "if (n := 10_000) > 9: print(f'{n}')";
    expect(&run(&["-c", program]), 0, "10000\n", "");
    let ended = run(&["--python", "3.5", "-c", program]);
    assert_eq!(ended.code(), Some(1));
    assert!(
        ended.errors().ends_with("SyntaxError: invalid syntax\n"),
        "{}",
        ended.errors()
    );
    expect_usage(&["--python", "2.7", "-c", ""], "2.7");
}

#[test]
fn files_that_cannot_be_run() {
    let folder = Folder::new("bad");
    let missing = ["can't open file 'missing.py': [Errno 2] No such file or directory"];
    expect_one_line(&folder.run(&["missing.py"]), 2, &missing);
    std::fs::create_dir(folder.0.join("folder")).expect("a temporary folder");
    expect_one_line(
        &folder.run(&["folder"]),
        1,
        &["can't find '__main__' module in 'folder'"],
    );
    expect_one_line(
        &folder.run(&["missing/x.py"]),
        2,
        &["can't open file 'missing/x.py'"],
    );
    folder.write("latin.py", b"# caf\xe9\n");
    let words = "SyntaxError: Non-UTF-8 code starting with '\\xe9' in file latin.py on line 1";
    let ended = folder.run(&["latin.py"]);
    assert_eq!(ended.code(), Some(1));
    assert!(ended.errors().contains(words), "{}", ended.errors());
    folder.write("quoted.py", b"x = 'caf\xe9'\n");
    for subcommand in ["dis", "code"] {
        expect_one_line(
            &folder.run(&[subcommand, "missing.py"]),
            2,
            &["missing.py", "No such file"],
        );
        expect_one_line(&folder.run(&[subcommand, "folder"]), 2, &["folder"]);
        expect_one_line(
            &folder.run(&[subcommand, "quoted.py"]),
            1,
            &["quoted.py", "SyntaxError"],
        );
    }
    for source in [
        &b"print(1)\0\n"[..],
        b"\xff\xfe\x00",
        b"\0",
        b"# coding: no-such\n",
        b"x = '\xf0\x28'",
        b"\x80",
    ] {
        folder.write("odd.py", source);
        let ended = folder.run(&["odd.py"]);
        assert_eq!(ended.code(), Some(1), "{source:?}: {}", ended.ending());
        assert!(
            ended.errors().contains("Error: "),
            "{source:?}: {}",
            ended.errors()
        );
        assert!(
            !ended.errors().contains("panicked"),
            "{source:?}: {}",
            ended.errors()
        );
    }
}

/// Wrong usage: exit code 2, nothing on standard output, the word on standard error.
#[track_caller]
fn expect_usage(arguments: &[&str], word: &str) {
    let ended = run(arguments);
    let errors = ended.errors();
    assert_eq!(
        (ended.code(), ended.output().as_str()),
        (Some(2), ""),
        "{errors}"
    );
    assert!(
        errors.contains(word) && !errors.contains("panicked"),
        "'{word}' is not in: {errors}"
    );
}

#[test]
fn wrong_usage() {
    for cell in [
        "nonsense",
        "switch",
        "switch/",
        "/",
        "",
        "tail+caches+super/refcount-tagged",
        "switch/refcount-odd",
    ] {
        let ended = run(&["--cell", cell, "-c", "print(1)"]);
        expect_one_line(&ended, 2, &[&format!("unknown cell '{cell}'")]);
    }
    expect_one_line(
        &run(&["--dispatch", "jit", "-c", ""]),
        2,
        &["unknown dispatch strategy 'jit'", "tail"],
    );
    expect_one_line(&run(&["--objects", "regions", "-c", ""]), 2, &["regions"]);
    expect_one_line(
        &run(&["compare", "no_such_workload"]),
        2,
        &["no_such_workload"],
    );
    expect_one_line(
        &run(&["compare", "--cells", "no-such-cell"]),
        2,
        &["no-such-cell"],
    );
    expect_one_line(&run(&[]), 2, &["FILE"]);
    expect_usage(&["--no-such-option", "x.py"], "--no-such-option");
    expect_usage(&["--caches", "maybe", "x.py"], "maybe");
    expect_usage(
        &["--cell", "tail/refcount-tagged", "--caches", "on", "-c", ""],
        "--caches",
    );
    expect_usage(&["digest"], "FILE");
}

#[test]
fn help_and_version() {
    for option in ["--help", "--version"] {
        let ended = run(&[option]);
        assert_eq!((ended.code(), ended.errors().as_str()), (Some(0), ""));
        assert!(ended.output().contains("ceval"), "{}", ended.output());
    }
}

#[test]
fn factors_choose_a_cell() {
    for arguments in [
        &[
            "--dispatch",
            "switch",
            "--superinstructions",
            "off",
            "--caches",
            "off",
            "--values",
            "boxed",
        ][..],
        &["--dispatch", "closure", "--objects", "arena"],
        &["--superinstructions", "on", "--caches", "on"],
        &["--collect", "off", "--objects", "arena"],
    ] {
        let arguments = [arguments, &["-c", "print(sum(range(10)))"]].concat();
        expect(&run(&arguments), 0, "45\n", "");
    }
}

#[test]
fn cells_are_listed() {
    let lines = run(&["cells"]);
    assert_eq!(lines.code(), Some(0));
    let names: Vec<String> = lines.output().lines().map(str::to_owned).collect();
    let mut unlike = names.clone();
    unlike.sort();
    unlike.dedup();
    assert_eq!(unlike.len(), names.len(), "a cell is listed twice");
    assert_eq!(names[0], "switch/refcount-boxed");
    // Both models, both value forms, every strategy with both passes on and off.
    for dispatch in ["switch", "call", "closure", "closure-loop", "tail"] {
        for passes in ["", "+super", "+caches", "+super+caches"] {
            for objects in ["refcount-tagged", "refcount-boxed", "arena-tagged"] {
                let name = format!("{dispatch}{passes}/{objects}");
                assert!(names.contains(&name), "{name} is not listed");
            }
        }
    }
    let json = run(&["cells", "--json"]);
    assert_eq!(json.code(), Some(0));
    let listed: Vec<String> =
        serde_json::from_str(&json.output()).expect("a JSON array of strings");
    assert_eq!(listed, names);
}

#[test]
fn code_is_printed_as_in_the_corpus() {
    let cases = corpus::folder("cases");
    let expected = corpus::folder("expect");
    for name in corpus::programs(&cases) {
        let file = format!("{name}.py");
        let wanted = corpus::text(&expected.join(format!("{name}.json")));
        let ended = finish(ceval(&cases, &["code", "--python", "3.5", &file]), b"");
        if let Some(difference) = first_difference(&name, &wanted, &ended.output()) {
            panic!("{difference}{}", ended.errors());
        }
        assert_eq!(ended.code(), Some(0), "{name}");
    }
    // The name that is recorded need not be the file's.
    let folder = Folder::new("code");
    let source = std::fs::read(cases.join("closure_recursive.py")).expect("a case");
    folder.write("moved.py", source);
    let wanted = corpus::text(&expected.join("closure_recursive.json"));
    expect(
        &folder.run(&["code", "moved.py", "--name", "closure_recursive.py"]),
        0,
        &wanted,
        "",
    );
}

#[test]
fn disassembly_is_printed_as_in_the_corpus() {
    let cases = corpus::folder("cases");
    let expected = corpus::folder("expect");
    let mut whole = 0;
    for name in corpus::programs(&cases) {
        let wanted = corpus::text(&expected.join(format!("{name}.dis")));
        if wanted.contains(" lines left out, sha256 of this part: ") {
            continue;
        }
        whole += 1;
        let file = format!("{name}.py");
        let ended = finish(ceval(&cases, &["dis", &file, "--name", &file]), b"");
        if let Some(difference) = first_difference(&name, &wanted, &ended.output()) {
            panic!("{difference}{}", ended.errors());
        }
        assert_eq!(ended.code(), Some(0), "{name}");
    }
    assert!(whole > 250, "only {whole} disassemblies are whole");
}

#[test]
fn digests_are_json_lines() {
    let folder = Folder::new("digest");
    folder.write("pair.py", "x = (1, 2.5)\n");
    folder.write(
        "nested.py",
        "class C:\n    def f(self):\n        return lambda: 1\n",
    );
    folder.write("wrong.py", "x = 1\nreturn\n");
    let ended = folder.run(&["digest", "pair.py", "nested.py"]);
    assert_eq!((ended.code(), ended.errors().as_str()), (Some(0), ""));
    let lines: Vec<Value> = ended
        .output()
        .lines()
        .map(|l| serde_json::from_str(l).expect("a JSON object a line"))
        .collect();
    assert_eq!(lines.len(), 2);
    let digest = "ba070c1e6cab039879b5a0c56974fd069a8928eebaeea4b5462b513032b4179a";
    assert_eq!(
        lines[0],
        serde_json::json!({"file": "pair.py", "codes": [["<module>", 1, digest]]})
    );
    let nested = lines[1]["codes"]
        .as_array()
        .expect("a list of code objects");
    let paths: Vec<(&str, i64)> = nested
        .iter()
        .filter_map(|c| Some((c[0].as_str()?, c[1].as_i64()?)))
        .collect();
    let f = "<module>.C.f";
    assert_eq!(
        paths,
        [
            ("<module>", 1),
            ("<module>.C", 1),
            (f, 2),
            (&format!("{f}.<lambda>"), 3)
        ]
    );
    let ended = folder.run(&["digest", "wrong.py", "missing.py", "pair.py"]);
    let lines: Vec<Value> = ended
        .output()
        .lines()
        .map(|l| serde_json::from_str(l).expect("a JSON object a line"))
        .collect();
    assert_eq!(
        lines.len(),
        3,
        "a file that does not compile has its line, and so have the others"
    );
    assert_eq!(lines[0]["file"], "wrong.py");
    assert_eq!(lines[0]["line"], 2);
    assert!(
        lines[0]["error"]
            .as_str()
            .is_some_and(|e| e.contains("'return' outside function"))
    );
    assert!(
        lines[1]["error"]
            .as_str()
            .is_some_and(|e| e.contains("No such file")),
        "{}",
        lines[1]
    );
    assert_eq!(lines[2]["codes"][0][2], digest);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_reported() {
    let programs: [&[&str]; 4] = [
        &["-c", "print('x' * 100000)"],
        &["-c", "print('x')"],
        &["cells"],
        &["cells", "--json"],
    ];
    for arguments in programs {
        let full = std::fs::OpenOptions::new()
            .write(true)
            .open("/dev/full")
            .expect("/dev/full");
        let mut command = ceval(Path::new(env!("CARGO_TARGET_TMPDIR")), arguments);
        let ended = command.stdout(full).output().expect("the command starts");
        let errors = String::from_utf8_lossy(&ended.stderr);
        assert!(
            ended.status.code().is_some_and(|c| c != 0),
            "{arguments:?}: {}",
            ended.status
        );
        assert!(
            errors.contains("No space left on device"),
            "{arguments:?}: {errors}"
        );
        assert!(!errors.contains("panicked"), "{arguments:?}: {errors}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn results_that_cannot_be_written_are_reported() {
    let cells = "switch/refcount-boxed,tail/refcount-tagged";
    let ended = run(&[
        "compare",
        "--quick",
        "sieve",
        "--cells",
        cells,
        "--out",
        "/dev/null/results",
    ]);
    let errors = ended.errors();
    assert!(
        ended.code().is_some_and(|c| c == 1 || c == 2),
        "{}: {errors}",
        ended.ending()
    );
    assert!(
        errors.contains("/dev/null/results") && !errors.contains("panicked"),
        "{errors}"
    );
}

#[test]
fn arguments_that_are_not_text() {
    use std::os::unix::ffi::OsStrExt;
    let odd = std::ffi::OsStr::from_bytes(b"\xff\xfe.py");
    let ended = finish(ceval(Path::new(env!("CARGO_TARGET_TMPDIR")), &[odd]), b"");
    let errors = ended.errors();
    assert_eq!(ended.code(), Some(2), "{errors}");
    assert!(
        !errors.is_empty() && !errors.contains("panicked"),
        "{errors}"
    );
}

#[test]
fn recursion_ends_in_an_exception_on_every_model() {
    let programs = [
        "def f(): f()\nf()",
        "class C:\n def __repr__(self): return repr(self)\nrepr(C())",
        "class C:\n def __getattr__(self, name): return getattr(self, name)\nC().x",
        "class C:\n def __eq__(self, other): return self == other\nC() == C()",
        "def f(x): return sorted([1], key=f)\nf(1)",
        "def f(): return max(map(lambda x: f(), [1]))\nf()",
        "class C:\n def __add__(self, other): return self + other\nC() + 1",
        "def f(n): return [f(n + 1) for i in range(1)]\nf(0)",
        "def g(): yield from g()\nlist(g())",
        "import functools\nf = functools.partial(lambda: f())\nf()",
    ];
    for cell in corpus::FEW_CELLS {
        for program in programs {
            let ended = run(&["--cell", cell, "-c", program]);
            let errors = ended.errors();
            assert_eq!(
                ended.code(),
                Some(1),
                "{cell}: {program}: {} {}",
                ended.ending(),
                process::tail(&errors, 3)
            );
            let last = errors.lines().last().unwrap_or_default();
            assert!(
                last.starts_with("RecursionError: maximum recursion depth exceeded"),
                "{cell}: {program}: {last}"
            );
        }
    }
}

#[test]
fn deep_values_and_sources_do_not_crash() {
    let folder = Folder::new("deep");
    for (name, source, codes) in [
        ("brackets.py", "(".repeat(100_000) + "1" + &")".repeat(100_000), &[1][..]),
        ("minus.py", "-".repeat(100_000) + "1", &[0, 1]),
        ("attributes.py", "a".to_owned() + &".b".repeat(100_000), &[1]),
        ("sum.py", "x = 1\nprint(".to_owned() + &"x+".repeat(50_000) + "x)", &[0, 1]),
        ("freed.py", "x = None\nfor i in range(300000): x = [x]\nprint('made')\ndel x\nprint('freed')".into(), &[0]),
        ("printed.py", "x = []\nfor i in range(100000): x = [x]\nprint(x)".into(), &[1]),
        ("equal.py", "x, y = [], []\nfor i in range(100000): x, y = [x], [y]\nprint(x == y)".into(), &[1]),
        ("chain.py", "e = None\nfor i in range(100000):\n try:\n  raise KeyError(i) from e\n except KeyError as k: e = k\nprint(1)".into(), &[0]),
    ] {
        folder.write(name, source);
        for cell in corpus::FEW_CELLS {
            let ended = folder.run(&["--cell", cell, name]);
            let errors = ended.errors();
            let ended_well = ended.code().is_some_and(|c| codes.contains(&c));
            assert!(ended_well, "{name} on {cell}: {} {}", ended.ending(), process::tail(&errors, 3));
            assert!(!errors.contains("panicked"), "{name} on {cell}: {errors}");
        }
    }
}
