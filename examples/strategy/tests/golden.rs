//! Every golden program on the example's cells, as `cli/tests/golden_cells.rs` has it for the others, and
//! its length.

#[path = "../../../cli/tests/corpus/mod.rs"]
mod corpus;
#[path = "../../../cli/tests/gaps/mod.rs"]
mod gaps;
#[path = "../../../cli/tests/golden/mod.rs"]
mod golden;
#[path = "../../../cli/tests/process/mod.rs"]
mod process;

const CELLS: [&str; 4] = [
    "token/refcount-tagged",
    "token+super/refcount-tagged",
    "token+caches/refcount-tagged",
    "token+super+caches/refcount-tagged",
];

fn main() {
    let lines = include_str!("../src/main.rs").lines().count();
    assert!(
        lines < 100,
        "a strategy takes less than 100 lines, not {lines}"
    );
    let program = env!("CARGO_BIN_EXE_example-strategy");
    let names = corpus::programs(&corpus::folder("cases"));
    let run = move |case: &str, cell: &str| golden::run(program, case, cell);
    gaps::run_trials(
        "known_gaps_token.txt",
        &names,
        &CELLS.map(String::from),
        run,
    )
    .exit();
}
