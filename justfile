# The recipes that continuous integration runs are those that people run.

set shell := ["bash", "-euc"]

# All that a change must pass, in the order of cost.
check: fmt lint test docs

# Formatting.
fmt:
    cargo fmt --all --check

# Lints, warnings are errors.
lint:
    cargo clippy --workspace --all-targets -- -D warnings

# Unit tests, the golden corpus on every cell, the workloads.
test:
    cargo test --workspace --release

# Documentation without a broken link.
docs:
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# Undefined behaviour in the object models and the machine.
miri:
    cargo +nightly miri test -p ceval-objects -p ceval-vm-core

# The command, optimised.
build:
    cargo build --release

# Times of all cells on the short workloads, within three minutes.
compare *ARGS: build
    target/release/ceval compare --quick {{ARGS}}

# The reference run, its report and the pictures of the README, anew: for a quiet machine.
remake *ARGS:
    docs/remake {{ARGS}}

# Every workload on every cell once, small: right results, no times.
bench-smoke: build
    cargo bench -p ceval-benches --bench cells -- --test

# The matrix through criterion.
bench *ARGS:
    cargo bench -p ceval-benches --bench cells -- {{ARGS}}

# A flame graph for each benchmark, under target/criterion.
flamegraphs SECONDS="10" *FILTER:
    cargo bench -p ceval-benches --bench cells -- --profile-time {{SECONDS}} {{FILTER}}

# The workloads on an installed interpreter, every size: are the stored results still what it computes?
workloads PYTHON="python3":
    for file in benches/workloads/*.py; do for size in test quick default; do {{PYTHON}} -B "$file" "$size" 1 >/dev/null || echo "$file $size"; done; done
