//! The notebook in which the project began: its 39 cells, run in order in one namespace as a notebook runs them,
//! print and display what CPython 3.5.1 does, among it every `dis`, `show_code` and `print_code`.

mod corpus;
mod process;

use std::path::Path;

/// Runs the cells of the JSON file named, and prints what each gives, as one JSON list. A last line that is an
/// expression is displayed as a notebook displays it.
const SESSION: &str = r#"
import contextlib, io, json, sys

def split(source):
    """What comes before a last expression, and that expression under its line number."""
    lines = source.rstrip('\n').split('\n')
    for start in range(len(lines) - 1, -1, -1):
        last = '\n'.join(lines[start:])
        if last[:1].isspace():
            continue
        try:
            compile(last.strip(), '<cell>', 'eval')
            compile('\n'.join(lines[:start]), '<cell>', 'exec')
        except SyntaxError:
            continue
        return '\n'.join(lines[:start]) + '\n', '\n' * start + last + '\n'
    return source, None

def display(value):
    if value is not None:
        print(value.__name__ if isinstance(value, type) else repr(value))

with open(sys.argv[1]) as f:
    cells = json.load(f)['cells']
namespace = {'__name__': '__main__'}
results = []
sys.displayhook = display
for cell in cells:
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            body, last = split(cell['source'])
            exec(compile(body, '<cell>', 'exec'), namespace)
            if last is not None:
                exec(compile(last, '<cell>', 'single'), namespace)
        except Exception as e:
            print(type(e).__name__ + ': ' + str(e))
    results.append(out.getvalue())
json.dump(results, sys.stdout)
"#;

/// Addresses as `0x0`, trailing empty lines away, the items of dicts on one line in order where `sorts`.
fn normal(text: &str, sorts: bool) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("0x") {
        let digits = rest[at + 2..].bytes().take_while(u8::is_ascii_hexdigit);
        let end = at + 2 + digits.count();
        out.push_str(&rest[..at + 2]);
        out.push('0');
        rest = &rest[end..];
    }
    out.push_str(rest);
    let lines: Vec<String> = out
        .trim_end_matches('\n')
        .split('\n')
        .map(|line| if sorts { sorted(line) } else { line.to_owned() })
        .collect();
    lines.join("\n")
}

/// A line with the items of its dict, if it shows one, in order.
fn sorted(line: &str) -> String {
    match (line.find("{'"), line.rfind('}')) {
        (Some(open), Some(close)) if open < close => {
            let mut items: Vec<&str> = line[open + 1..close].split(", ").collect();
            items.sort_unstable();
            format!("{}{}{}", &line[..=open], items.join(", "), &line[close..])
        }
        _ => line.to_owned(),
    }
}

#[test]
fn every_cell_of_the_seed() {
    let seed = corpus::repository().join("tests/golden/seed.json");
    let document: serde_json::Value = serde_json::from_str(&corpus::text(&seed)).expect("JSON");
    let cells = document["cells"].as_array().expect("a list");
    assert_eq!(cells.len(), 39);
    let folder = std::env::temp_dir().join(format!("ceval-seed-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder for temporary files");
    std::fs::write(folder.join("session.py"), SESSION).expect("a program");
    for cell in corpus::FEW_CELLS {
        check(&folder, &seed, cells, cell);
    }
    let _ = std::fs::remove_dir_all(folder);
}

fn check(folder: &Path, seed: &Path, cells: &[serde_json::Value], cell: &str) {
    let arguments = ["--cell", cell, "session.py", &seed.to_string_lossy()];
    let ended = process::finish(process::ceval(folder, &arguments), b"");
    assert_eq!(ended.code(), Some(0), "{cell}: {}", ended.errors());
    let results: Vec<String> = serde_json::from_str(&ended.output()).expect("a list of texts");
    assert_eq!(results.len(), cells.len());
    let mut checked = 0;
    for (i, (wanted, found)) in cells.iter().zip(&results).enumerate() {
        let sorts = wanted["check"] == "runtime";
        let wanted = normal(wanted["now"].as_str().expect("a text"), sorts);
        let found = normal(found, sorts);
        if let Some(difference) = process::first_difference("the output", &wanted, &found) {
            panic!("seed cell {i} on {cell}: {difference}");
        }
        checked += 1;
    }
    assert_eq!(checked, 39);
}
