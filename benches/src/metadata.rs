//! Where and with what a run was made: machine, build, programs. Stored with every record, and compared before two runs are.
//!
//! Everything is read from `/proc` and `/sys`, from `git` and from the build script; what cannot be found is `unknown`, never an
//! error. Reading twice on one machine gives equal [`Machine`]s, whatever else it does.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The machine. Two runs are comparable if these are equal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// The host's name.
    pub host: String,
    /// The processor's name, as it says itself.
    pub cpu: String,
    /// Logical processors.
    pub processors: usize,
    /// The kernel's release.
    pub kernel: String,
    /// The frequency governor of the first processor.
    pub governor: String,
    /// Whether the processor says that it is virtual.
    pub virtual_machine: bool,
    /// Memory in KiB.
    pub memory_kib: u64,
    /// Address space randomisation: 0 off, 2 full.
    pub address_randomisation: String,
}

/// The build of this program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Build {
    /// The commit of the checkout; `+changes` if files differ from it.
    pub commit: String,
    /// `rustc -V`.
    pub rustc: String,
    /// The version of LLVM.
    pub llvm: String,
    /// The target triple.
    pub target: String,
    /// Cargo's profile.
    pub profile: String,
    /// Optimisation level.
    pub opt_level: String,
    /// Extra flags for rustc.
    pub flags: String,
}

impl Machine {
    /// This machine.
    pub fn here() -> Machine {
        let info = read("/proc/cpuinfo");
        let field = |name: &str| {
            let line = info.lines().find(|line| line.starts_with(name))?;
            Some(line.split_once(':')?.1.trim().to_string())
        };
        let memory = read("/proc/meminfo");
        let memory = memory
            .lines()
            .find_map(|line| line.strip_prefix("MemTotal:")?.trim().strip_suffix(" kB"));
        Machine {
            host: line("/proc/sys/kernel/hostname"),
            cpu: field("model name").unwrap_or_else(unknown),
            processors: info
                .lines()
                .filter(|line| line.starts_with("processor"))
                .count(),
            kernel: line("/proc/sys/kernel/osrelease"),
            governor: line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
            virtual_machine: field("flags")
                .is_some_and(|flags| flags.split(' ').any(|flag| flag == "hypervisor")),
            memory_kib: memory.and_then(|text| text.parse().ok()).unwrap_or(0),
            address_randomisation: line("/proc/sys/kernel/randomize_va_space"),
        }
    }
}

impl Build {
    /// The build that is running.
    pub fn here() -> Build {
        Build {
            commit: commit(),
            rustc: env!("CEVAL_RUSTC").to_string(),
            llvm: env!("CEVAL_LLVM").to_string(),
            target: env!("CEVAL_TARGET").to_string(),
            profile: env!("CEVAL_PROFILE").to_string(),
            opt_level: env!("CEVAL_OPT_LEVEL").to_string(),
            flags: env!("CEVAL_RUSTFLAGS").to_string(),
        }
    }
}

/// The load averages over 1, 5 and 15 minutes.
pub fn load() -> String {
    line("/proc/loadavg")
        .split(' ')
        .take(3)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The file that a command's first word starts, looked up in `PATH` as the system does.
pub fn find_program(word: &str) -> Option<PathBuf> {
    if word.contains('/') {
        return Path::new(word).is_file().then(|| PathBuf::from(word));
    }
    std::env::split_paths(&std::env::var_os("PATH")?)
        .map(|folder| folder.join(word))
        .find(|path| path.is_file())
}

/// SHA-256 of a file, in hex; `unknown` if it cannot be read.
///
/// Read in pieces: a child's largest resident set begins with what its parent's was when it was started (`execve` keeps the
/// mark), so a harness that once held a whole binary would show in every process that it measures.
pub fn fingerprint(path: &Path) -> String {
    let digest = || {
        let mut hasher = Sha256::new();
        std::io::copy(&mut fs::File::open(path)?, &mut hasher)?;
        Ok::<_, std::io::Error>(hex(&hasher.finalize()))
    };
    digest().unwrap_or_else(|_| unknown())
}

/// What a command says to `--version`, first line; `unknown` if nothing.
pub fn version(command: &[String]) -> String {
    let Some((program, arguments)) = command.split_first() else {
        return unknown();
    };
    let output = Command::new(program)
        .args(arguments)
        .arg("--version")
        .output();
    let text = output
        .map(|output| [output.stdout, output.stderr].concat())
        .unwrap_or_default();
    String::from_utf8_lossy(&text)
        .lines()
        .next()
        .map_or_else(unknown, str::to_string)
}

/// Bytes as lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The commit of the checkout that holds the program, or else the working directory.
fn commit() -> String {
    let program = std::env::current_exe()
        .ok()
        .and_then(|path| Some(path.parent()?.to_path_buf()));
    let folders = program.into_iter().chain(std::env::current_dir().ok());
    for folder in folders {
        let git = |arguments: &[&str]| {
            let output = Command::new("git")
                .arg("-C")
                .arg(&folder)
                .args(arguments)
                .output()
                .ok()?;
            output
                .status
                .success()
                .then(|| String::from_utf8_lossy(&output.stdout).trim().to_string())
        };
        if let Some(commit) = git(&["rev-parse", "HEAD"]) {
            let changed = git(&["status", "--porcelain", "--untracked-files=no"])
                .is_none_or(|text| !text.is_empty());
            return if changed {
                format!("{commit}+changes")
            } else {
                commit
            };
        }
    }
    unknown()
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

fn line(path: &str) -> String {
    let text = read(path);
    let text = text.trim();
    if text.is_empty() {
        unknown()
    } else {
        text.to_string()
    }
}

fn unknown() -> String {
    "unknown".to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_is_equal_to_itself() {
        assert_eq!(Machine::here(), Machine::here());
        assert!(Build::here().rustc.starts_with("rustc 1."));
        assert!(["debug", "release"].contains(&Build::here().profile.as_str()));
    }

    #[test]
    fn programs_are_found_and_identified() {
        let shell = find_program("sh").expect("every Unix has sh");
        assert_eq!(fingerprint(&shell).len(), 64);
        assert_eq!(find_program("no-such-program-anywhere"), None);
        assert_eq!(fingerprint(Path::new("/no/such/file")), "unknown");
        assert_eq!(version(&["no-such-program-anywhere".into()]), "unknown");
    }
}
