//! Selects the build for quick iteration.

fn main() {
    // `CEVAL_ONE_CELL=1 cargo build` makes a build with one object model and one dispatch strategy,
    // for quick iteration on everything that is the same in all cells; `CEVAL_ONE_CELL=arena` takes the other model.
    println!("cargo:rustc-check-cfg=cfg(one_cell, values(none(), \"arena\"))");
    println!("cargo:rerun-if-env-changed=CEVAL_ONE_CELL");
    println!("cargo:rerun-if-changed=build.rs");
    if let Some(model) = std::env::var_os("CEVAL_ONE_CELL") {
        println!("cargo:rustc-cfg=one_cell");
        if model == "arena" {
            println!("cargo:rustc-cfg=one_cell=\"arena\"");
        }
    }
}
