//! Selects the trampoline for `tail` where calls in tail position stay calls.

fn main() {
    println!("cargo:rustc-check-cfg=cfg(trampoline)");
    if std::env::var("OPT_LEVEL").is_ok_and(|level| level == "0") {
        println!("cargo:rustc-cfg=trampoline");
    }
}
