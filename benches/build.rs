//! Hands the compiler's version and the build's settings to `metadata`, which stores them beside each measurement.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let output = Command::new(variable("RUSTC")).arg("-vV").output();
    let text = output
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .unwrap_or_default();
    let field = |prefix: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(prefix))
            .unwrap_or("unknown")
            .to_string()
    };
    println!(
        "cargo::rustc-env=CEVAL_RUSTC={}",
        text.lines().next().unwrap_or("unknown")
    );
    println!("cargo::rustc-env=CEVAL_LLVM={}", field("LLVM version: "));
    println!("cargo::rustc-env=CEVAL_TARGET={}", variable("TARGET"));
    println!("cargo::rustc-env=CEVAL_PROFILE={}", variable("PROFILE"));
    println!("cargo::rustc-env=CEVAL_OPT_LEVEL={}", variable("OPT_LEVEL"));
    println!(
        "cargo::rustc-env=CEVAL_RUSTFLAGS={}",
        variable("CARGO_ENCODED_RUSTFLAGS").replace('\u{1f}', " ")
    );
}
