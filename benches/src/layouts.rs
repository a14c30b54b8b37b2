//! Layout as a factor: the same object code linked several times, with its functions in other orders.
//!
//! Where code lies can change times by more than what is compared (Mytkowicz et al., ASPLOS 2009; Curtsinger and Berger, ASPLOS 2013),
//! and one build is one draw of it. [`build`] compiles nothing but the few lines of `main`: cargo says which libraries the
//! program is made of, and rustc links them again with `--shuffle-sections` of LLVM's linker (`lld`), another seed
//! for each layout. A section holds a function, so every function moves.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use crate::BenchError;
use crate::codegen::missing;
use crate::metadata::fingerprint;

/// A relinked program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// Its path.
    pub program: String,
    /// SHA-256 of its file.
    pub fingerprint: String,
}

impl Layout {
    /// A program that is there.
    pub fn of(path: &Path) -> Layout {
        Layout {
            program: path.to_string_lossy().into_owned(),
            fingerprint: fingerprint(path),
        }
    }
}

/// Which layout a block runs with: all subjects the same, and each layout equally often.
pub fn of_block(layouts: usize, block: u32) -> Option<usize> {
    (layouts > 0).then(|| block as usize % layouts)
}

/// Blocks for so many layouts: whole rounds, and two at least, because one process a layout cannot tell a layout from a process.
pub fn rounds(layouts: usize, blocks: u32) -> u32 {
    match layouts as u32 {
        0 => blocks,
        n => blocks.div_ceil(n).max(2) * n,
    }
}

fn tool(reason: impl Into<String>) -> BenchError {
    BenchError::Tool {
        tool: "--layouts".into(),
        reason: reason.into(),
    }
}

/// The source tree that a program was built in: the nearest folder above it, or above the working directory, that holds one.
pub fn source_tree(program: &Path) -> Result<PathBuf, BenchError> {
    let here = std::env::current_dir().unwrap_or_default();
    program
        .ancestors()
        .chain(here.ancestors())
        .find(|folder| {
            folder.join("cli/src/main.rs").is_file() && folder.join("Cargo.toml").is_file()
        })
        .map(Path::to_path_buf)
        .ok_or_else(|| tool("needs the program's source tree around it, to link it again"))
}

/// Links the program of a source tree `count` times into `target/layouts/`, with these cargo features. `say` hears how far it is.
///
/// # Errors
/// [`BenchError::Tool`] if cargo or rustc is missing, the build fails, or the linker cannot shuffle.
pub fn build(
    tree: &Path,
    count: usize,
    features: &[&str],
    say: &dyn Fn(&str),
) -> Result<Vec<Layout>, BenchError> {
    say("asking cargo what the program is made of");
    let parts = parts(tree, features)?;
    let folder = tree.join("target/layouts");
    (1..=count)
        .map(|seed| {
            say(&format!("linking layout {seed} of {count}"));
            let own = folder.join(seed.to_string());
            std::fs::create_dir_all(&own).map_err(|source| BenchError::Write {
                path: own.clone(),
                source,
            })?;
            let program = own.join("ceval");
            link(tree, &parts, features, seed, &program)?;
            Ok(Layout::of(&program))
        })
        .collect()
}

/// Libraries of the build: `(crate name, file)` of those that `main` may name, and the folder of all of them.
struct Parts {
    libraries: Vec<(String, String)>,
    folder: PathBuf,
}

fn parts(tree: &Path, features: &[&str]) -> Result<Parts, BenchError> {
    let output = Command::new("cargo")
        .args([
            "build",
            "--release",
            "--package=ceval",
            "--bin=ceval",
            "--message-format=json",
            "--quiet",
        ])
        .arg(format!("--features={}", features.join(",")))
        .current_dir(tree)
        .stdin(Stdio::null())
        .output()
        .map_err(|e| tool(format!("needs cargo, which {}", missing(&e, "rustup"))))?;
    if !output.status.success() {
        return Err(tool(format!(
            "cannot build the program: {}",
            first_error(&output.stderr)
        )));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    parse(&text).ok_or_else(|| tool("cargo did not say which libraries the program has"))
}

/// Reads cargo's messages, a JSON object a line.
fn parse(messages: &str) -> Option<Parts> {
    let mut libraries = Vec::new();
    for line in messages.lines() {
        let Ok(message) = serde_json::from_str::<serde_json::Value>(line) else {
            continue;
        };
        if message["reason"] != "compiler-artifact" {
            continue;
        }
        let name = message["target"]["name"].as_str()?.replace('-', "_");
        let files = message["filenames"].as_array()?;
        let library = files
            .iter()
            .filter_map(|file| file.as_str())
            .find(|file| file.ends_with(".rlib"));
        // Others are build scripts, macros and the program itself.
        if let Some(file) = library
            && matches!(name.as_str(), "ceval" | "mimalloc")
        {
            libraries.push((name, file.to_owned()));
        }
    }
    let (_, file) = libraries.iter().find(|(name, _)| name == "ceval")?;
    let folder = Path::new(file).parent()?;
    // The library of a workspace's member is lifted out of the folder of dependencies.
    let folder = if folder.ends_with("deps") {
        folder.to_path_buf()
    } else {
        folder.join("deps")
    };
    Some(Parts { libraries, folder })
}

fn link(
    tree: &Path,
    parts: &Parts,
    features: &[&str],
    seed: usize,
    program: &Path,
) -> Result<(), BenchError> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let mut command = Command::new(rustc);
    command
        .args(["--crate-name=ceval", "--edition=2024", "--crate-type=bin"])
        .args(["-Copt-level=3", "-Cdebuginfo=line-tables-only"])
        .arg(format!("-Ldependency={}", parts.folder.display()))
        .arg(format!("-Clink-arg=-Wl,--shuffle-sections=.text*={seed}"));
    for (name, file) in &parts.libraries {
        command.arg(format!("--extern={name}={file}"));
    }
    for feature in features {
        command.arg(format!("--cfg=feature=\"{feature}\""));
    }
    let output = command
        .arg("-o")
        .arg(program)
        .arg("cli/src/main.rs")
        .current_dir(tree)
        .stdin(Stdio::null())
        .output()
        .map_err(|e| tool(format!("needs rustc, which {}", missing(&e, "rustup"))))?;
    if output.status.success() {
        return Ok(());
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    if errors.contains("shuffle-sections") && errors.contains("nrecognized option") {
        return Err(tool(
            "needs LLVM's linker: the system's cannot put sections in another order",
        ));
    }
    Err(tool(format!(
        "cannot link: {}",
        first_error(&output.stderr)
    )))
}

/// The first line that says what is wrong.
fn first_error(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.lines()
        .find(|line| line.contains("error"))
        .or_else(|| text.lines().next())
        .unwrap_or("no message")
        .trim()
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_take_turns() {
        assert_eq!(of_block(0, 7), None);
        let turns: Vec<_> = (0..6).map(|block| of_block(3, block)).collect();
        assert_eq!(
            turns,
            [Some(0), Some(1), Some(2), Some(0), Some(1), Some(2)]
        );
        assert_eq!(
            [rounds(0, 5), rounds(4, 3), rounds(4, 8), rounds(4, 9)],
            [5, 8, 8, 12]
        );
    }

    #[test]
    fn cargos_messages_are_read() {
        let messages = concat!(
            r#"{"reason":"compiler-artifact","target":{"name":"serde"},"filenames":["/t/release/deps/libserde-1.rlib"]}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"mimalloc"},"filenames":["/t/release/deps/libmimalloc-1.rlib"]}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"ceval"},"filenames":["/t/release/libceval.rlib"]}"#,
            "\n",
            r#"{"reason":"compiler-artifact","target":{"name":"ceval"},"filenames":["/t/release/ceval"]}"#,
            "\nno json\n",
        );
        let parts = parse(messages).expect("the library is named");
        assert_eq!(parts.libraries.len(), 2);
        assert_eq!(parts.folder, Path::new("/t/release/deps"));
        assert!(parse("").is_none());
    }

    #[test]
    fn without_a_source_tree_one_line_says_so() {
        let outside = std::env::temp_dir().join("nowhere/ceval");
        if let Err(error) = source_tree(&outside) {
            assert!(
                error
                    .to_string()
                    .starts_with("--layouts needs the program's source"),
                "{error}"
            );
        }
        let error = build(Path::new("/no/such/tree"), 2, &[], &|_| {}).err();
        let error = error.expect("there is nothing to build").to_string();
        assert!(
            error.starts_with("--layouts ") && !error.contains('\n'),
            "{error}"
        );
    }
}
