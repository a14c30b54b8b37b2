//! SyntaxWarnings through the command, as CPython 3.5.1 writes them: of files, imports, `-c`, standard input, `exec` and
//! `compile`, and through the filters of module `warnings`.

mod process;

use process::{Finished, ceval, finish};
use std::path::{Path, PathBuf};

const ALWAYS_TRUE: &str = "SyntaxWarning: assertion is always true, perhaps remove parentheses?\n";

/// A new empty folder, removed when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("warnings-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder for temporary files");
        Folder(path)
    }

    fn write(&self, name: &str, contents: &str) {
        std::fs::write(self.0.join(name), contents).expect("a temporary file");
    }

    fn run(&self, arguments: &[&str], stdin: &str) -> Finished {
        finish(ceval(&self.0, arguments), stdin.as_bytes())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[track_caller]
fn expect(ended: &Finished, stdout: &str, stderr: &str) {
    assert_eq!(ended.errors(), stderr);
    assert_eq!(ended.output(), stdout);
    assert_eq!(ended.code(), Some(0), "{}", ended.ending());
}

#[test]
fn each_text_with_its_source_line() {
    let folder = Folder::new("texts");
    folder.write(
        "all.py",
        "\
def f(x):
    a = b
    global a, b
    def c(): pass
    class d: pass
    import e
    global c, d, e, fresh
    def g():
        h = x
        nonlocal h, x
    h = 1
if 1:
\tassert (f, 'told')  \t
assert ()
",
    );
    let name = |n: &str, what: &str| format!("SyntaxWarning: name '{n}' is {what} declaration\n");
    let expected = [
        (3, name("a", "assigned to before global"), "global a, b"),
        (3, name("b", "used prior to global"), "global a, b"),
        (
            7,
            name("c", "assigned to before global"),
            "global c, d, e, fresh",
        ),
        (
            7,
            name("d", "assigned to before global"),
            "global c, d, e, fresh",
        ),
        (
            10,
            name("h", "assigned to before nonlocal"),
            "nonlocal h, x",
        ),
        (10, name("x", "used prior to nonlocal"), "nonlocal h, x"),
        (13, ALWAYS_TRUE.to_owned(), "assert (f, 'told')  \t"),
    ];
    let mut expected: String = expected
        .iter()
        .map(|(line, text, source)| format!("all.py:{line}: {text}  {source}\n"))
        .collect();
    expected
        .push_str("Traceback (most recent call last):\n  File \"all.py\", line 14, in <module>\n");
    expected.push_str("    assert ()\nAssertionError\n");
    let ended = folder.run(&["all.py"], "");
    assert_eq!(ended.errors(), expected);
    assert_eq!(ended.code(), Some(1));
}

#[test]
fn every_way_to_compile() {
    let folder = Folder::new("ways");
    let source = "assert (1, 2)\n";
    let without_line = |name: &str| format!("{name}:1: {ALWAYS_TRUE}");
    expect(
        &folder.run(&["-c", source], ""),
        "",
        &without_line("<string>"),
    );
    expect(&folder.run(&["-"], source), "", &without_line("<stdin>"));
    // Nothing remembers that it was told.
    let twice = "for i in range(2): exec('assert (1, 2)')";
    let told = without_line("<string>").repeat(2);
    expect(&folder.run(&["-c", twice], ""), "", &told);
    folder.write("told.py", source);
    let ended = folder.run(&["-c", "import told; import told"], "");
    let file = folder.0.canonicalize().expect("a folder").join("told.py");
    let told = format!("{}:1: {ALWAYS_TRUE}  assert (1, 2)\n", file.display());
    expect(&ended, "", &told);
    folder.write("teller.py", "import told");
    expect(&folder.run(&["teller.py"], ""), "", &told);
    // The line is looked for where modules are, as in a traceback.
    let named = "compile('assert (1, 2)', 'elsewhere/told.py', 'exec')";
    folder.write("named.py", named);
    let line = "  assert (1, 2)\n";
    let told = format!("elsewhere/told.py:1: {ALWAYS_TRUE}{line}");
    expect(&folder.run(&["named.py"], ""), "", &told);
    expect(
        &folder.run(
            &["-c", "compile('assert (1, 2)', 'f', 'exec', optimize=1)"],
            "",
        ),
        "",
        "",
    );
    let out = folder.run(&["compile", "told.py", "-o", "told.pyc"], "");
    expect(&out, "", &format!("told.py:1: {ALWAYS_TRUE}{line}"));
    expect(&folder.run(&["told.pyc"], ""), "", "");
}

#[test]
fn standard_error_of_the_program() {
    let folder = Folder::new("stderr");
    let program = "\
import sys, io
sys.stderr = io.StringIO()
exec('assert (1, 2)')
print(repr(sys.stderr.getvalue()))
";
    let text = format!("'<string>:1: {}\\n'\n", ALWAYS_TRUE.trim_end());
    expect(&folder.run(&["-c", program], ""), &text, "");
}

#[test]
fn filters() {
    let folder = Folder::new("filters");
    folder.write(
        "filters.py",
        "\
import warnings
source = '''def f():
  x = 1
  global x
assert (x, 2)
'''
with warnings.catch_warnings(record=True) as seen:
    warnings.simplefilter('always')
    compile(source, 'none.py', 'exec')
for w in seen:
    print(w.category.__name__, w.filename, w.lineno, w.message)
warnings.simplefilter('error')
for s in source, 'x = 1\\nglobal x', 'assert (1, 2)', 'assert ()':
    try:
        compile(s, 'none.py', 'exec')
    except SyntaxError as e:
        print(repr(e.msg), e.filename, e.lineno, e.offset, e.text)
    except SyntaxWarning as e:
        print(repr(e))
    else:
        print('fine')
warnings.simplefilter('ignore')
compile(source, 'none.py', 'exec')
warnings.simplefilter('default')
def show(message, category, filename, lineno, file=None, line=None):
    raise KeyError(filename)
warnings.showwarning = show
try:
    exec('assert (1, 2)')
except KeyError as e:
    print(repr(e))
",
    );
    let output = "\
SyntaxWarning none.py 3 name 'x' is assigned to before global declaration
SyntaxWarning none.py 4 assertion is always true, perhaps remove parentheses?
\"name 'x' is assigned to before global declaration\" none.py 1 None None
\"name 'x' is assigned to before global declaration\" none.py 0 None None
SyntaxWarning('assertion is always true, perhaps remove parentheses?',)
fine
KeyError('<string>',)
";
    expect(&folder.run(&["filters.py"], ""), output, "");
}
