//! `ceval flamegraph`: whole pictures from every cell, samples that say where the program was, and one clear line for
//! what is wrong.

mod process;

use process::{Finished, ceval, finish};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Allocates, raises, recurses and calls back, for a few hundredths of a second.
const LOAD: &str = "
class Node:
    def __init__(self, left, right):
        self.left, self.right = left, right

    def total(self):
        return 1 + (self.left.total() + self.right.total() if self.left else 0)

def tree(depth):
    return Node(tree(depth - 1), tree(depth - 1)) if depth else Node(None, None)

def raises(n):
    try:
        return {}[n]
    except KeyError:
        return n

for _ in range(3):
    tree(8).total()
    words = sorted([str(raises(n)) for n in range(1000)], key=lambda w: w[::-1])
";

/// A new empty folder with the program in it, removed when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("flamegraph-{name}-{}", std::process::id()));
        // One that an earlier process of this number left behind.
        let _ = std::fs::remove_dir_all(&path);
        std::fs::create_dir_all(&path).expect("a folder for temporary files");
        std::fs::write(path.join("load.py"), LOAD).expect("a program");
        std::fs::write(path.join("nothing.py"), "pass\n").expect("a program");
        Folder(path)
    }

    fn run(&self, arguments: &[&str]) -> Finished {
        finish(ceval(&self.0, &[&["flamegraph"], arguments].concat()), b"")
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// Names of the files, without those that were there at the start.
    fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).expect("the folder");
        let names = entries.map(|e| {
            e.expect("a file")
                .file_name()
                .to_string_lossy()
                .into_owned()
        });
        names.filter(|n| !n.ends_with(".py")).collect()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // The next build's cleaning takes what stays.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn assert_picture(picture: &str) {
    assert!(picture.starts_with("<?xml"), "{picture:.100}");
    assert!(picture.ends_with("</svg>\n"));
    assert!(picture.contains("<g id=\"frames\">"));
}

fn workload(name: &str) -> String {
    format!(
        "{}/../benches/workloads/{name}.py",
        env!("CARGO_MANIFEST_DIR")
    )
}

/// About a thousand starts and stops, in one process for each cell and sort of frames.
#[test]
fn profiles_start_and_stop_in_every_cell() {
    let folder = Folder::new("cycles");
    let listed = finish(ceval(&folder.0, &["cells"]), b"");
    let cells = listed.output();
    assert!(cells.lines().count() >= 10, "{cells}");
    let runs = (1000usize.div_ceil(2 * cells.lines().count())).to_string();
    for cell in cells.lines() {
        for frames in ["opcode", "native"] {
            let ended = folder.run(&[
                "load.py", "--cell", cell, "--frames", frames, "--runs", &runs, "-o", "out.svg",
            ]);
            let told = ended.errors();
            assert_eq!(
                ended.code(),
                Some(0),
                "{cell}, {frames}: {}\n{told}",
                ended.ending()
            );
            assert!(told.contains(&format!("of {runs} runs")), "{told}");
            let picture = folder.read("out.svg");
            assert_picture(&picture);
            assert!(picture.contains(&format!("load.py on {cell}")));
            if frames == "opcode" {
                assert!(picture.contains("(load.py:"), "{cell}\n{told}");
            }
        }
    }
}

/// Nearly every sample has a function and an opcode.
#[test]
fn samples_say_where_the_program_was() {
    let folder = Folder::new("share");
    for (name, size) in [
        ("richards", "quick"),
        ("nbody", "quick"),
        ("strings", "quick"),
    ] {
        let ended = folder.run(&[
            &workload(name),
            size,
            "1",
            "--frames",
            "opcode",
            "--folded",
            "stacks.txt",
            "--runs",
            "3",
        ]);
        assert_eq!(ended.code(), Some(0), "{name}: {}", ended.errors());
        let (mut all, mut located) = (0, 0);
        for line in folder.read("stacks.txt").lines() {
            let (stack, samples) = line.rsplit_once(' ').expect("a number");
            let samples: u64 = samples.parse().expect("a number");
            all += samples;
            let mut frames = stack.rsplit(';');
            let leaf = frames.next().unwrap_or_default();
            let is_opcode = leaf.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            let function = frames.next().unwrap_or_default();
            if is_opcode && function.contains(".py:") {
                located += samples;
            }
        }
        assert!(all > 0, "{name}: {}", ended.errors());
        assert!(located * 100 >= all * 95, "{name}: {located} of {all}");
    }
}

#[test]
fn the_programs_output_and_exit_code_are_its_own() {
    let folder = Folder::new("exit");
    std::fs::write(
        folder.0.join("exits.py"),
        "import sys\nprint(sys.argv[1:])\nsys.exit(3)\n",
    )
    .expect("a program");
    let ended = folder.run(&["exits.py", "a", "b", "-o", "out.svg", "--runs", "2"]);
    assert_eq!(ended.code(), Some(3));
    assert_eq!(ended.output(), "['a', 'b']\n");
    assert_picture(&folder.read("out.svg"));
}

#[test]
fn a_run_that_is_too_short_says_so() {
    for frames in ["python", "opcode", "native"] {
        let folder = Folder::new(&format!("short-{frames}"));
        let ended = folder.run(&[
            "nothing.py",
            "--frames",
            frames,
            "--folded",
            "f.txt",
            "--speedscope",
            "s.json",
        ]);
        assert_eq!(ended.code(), Some(0), "{}", ended.errors());
        let picture = folder.read("flamegraph.svg");
        assert_picture(&picture);
        let told = ended.errors();
        let warning = ["Not one sample", "Only "]
            .into_iter()
            .find(|w| told.contains(w));
        assert!(warning.is_some_and(|w| picture.contains(w)), "{told}");
        serde_json::from_str::<Value>(&folder.read("s.json")).expect("JSON");
    }
}

#[test]
fn two_cells_are_compared() {
    let folder = Folder::new("diff");
    let ended = folder.run(&[
        "load.py",
        "--cell",
        "switch/refcount-boxed",
        "--diff",
        "tail+super+caches/refcount-tagged",
        "--frames",
        "opcode",
        "--runs",
        "3",
        "-o",
        "d.svg",
        "--folded",
        "f.txt",
        "--speedscope",
        "s.json",
    ]);
    assert_eq!(ended.code(), Some(0), "{}", ended.errors());
    let picture = folder.read("d.svg");
    assert_picture(&picture);
    assert!(picture.contains("larger share on switch/refcount-boxed"));
    assert!(picture.contains("larger share on tail+super+caches/refcount-tagged"));
    for line in folder.read("f.txt").lines() {
        let numbers = line
            .rsplitn(3, ' ')
            .take(2)
            .filter(|n| n.parse::<u64>().is_ok());
        assert_eq!(numbers.count(), 2, "{line}");
    }
    let file: Value = serde_json::from_str(&folder.read("s.json")).expect("JSON");
    let profiles = file["profiles"].as_array().expect("profiles");
    assert_eq!(profiles.len(), 2);
    for profile in profiles {
        assert_eq!(profile["type"], "sampled");
        for part in [
            "name",
            "unit",
            "startValue",
            "endValue",
            "samples",
            "weights",
        ] {
            assert!(!profile[part].is_null(), "{part}");
        }
        let count = |part: &str| profile[part].as_array().map(Vec::len);
        assert_eq!(count("samples"), count("weights"));
    }
    assert!(file["$schema"].is_string() && file["shared"]["frames"].is_array());
}

/// One line on standard error, this exit code, and no file.
#[test]
fn what_is_wrong_is_told_in_a_line() {
    let folder = Folder::new("wrong");
    let cases: [(&[&str], i32, &str); 8] = [
        (&["load.py", "--cell", "nothing/at-all"], 2, "unknown cell"),
        (&["load.py", "--diff", "switch/nothing"], 2, "unknown cell"),
        (
            &["load.py", "-o", "no/such/folder/x.svg"],
            1,
            "cannot write",
        ),
        (&["load.py", "-o", "."], 1, "folder"),
        (&["load.py", "--folded", "no/such/x"], 1, "cannot write"),
        (&["load.py", "--speedscope", "no/such/x"], 1, "cannot write"),
        (&["absent.py"], 2, "can't open file"),
        (&["load.py", "--hertz", "0"], 2, "samples a second"),
    ];
    for (arguments, code, words) in cases {
        let ended = folder.run(arguments);
        let told = ended.errors();
        assert_eq!(ended.code(), Some(code), "{arguments:?}: {told}");
        assert!(told.contains(words), "{arguments:?}: {told}");
        assert_eq!(told.lines().count(), 1, "{arguments:?}: {told}");
        assert_eq!(ended.output(), "");
        assert_eq!(folder.files(), Vec::<String>::new(), "{arguments:?}");
    }
}
