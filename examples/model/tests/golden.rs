//! Every golden program on the example's cells, as `cli/tests/golden_cells.rs` has it for the others, once with a
//! collection at every safepoint; and its length.

#[path = "../../../cli/tests/corpus/mod.rs"]
mod corpus;
#[path = "../../../cli/tests/gaps/mod.rs"]
mod gaps;
#[path = "../../../cli/tests/golden/mod.rs"]
mod golden;
#[path = "../../../cli/tests/process/mod.rs"]
mod process;

const CELLS: [&str; 4] = [
    "switch/marksweep-tagged",
    "tail+super+caches/marksweep-tagged",
    "oracle/marksweep-tagged",
    "tail+super+caches/marksweep-tagged --gc-stress",
];

fn main() {
    let lines = include_str!("../src/main.rs").lines().count();
    assert!(
        lines < 250,
        "an object model takes less than 250 lines, not {lines}"
    );
    let program = env!("CARGO_BIN_EXE_example-model");
    let names = corpus::programs(&corpus::folder("cases"));
    let run = move |case: &str, cell: &str| golden::run(program, case, cell);
    gaps::run_trials(
        "known_gaps_marksweep.txt",
        &names,
        &CELLS.map(String::from),
        run,
    )
    .exit();
}
