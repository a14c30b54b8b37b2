//! A strategy that is registered from outside shows in `ceval codegen` as the built-in ones do.

use ceval_benches::codegen::{self, Role};
use std::path::Path;

#[test]
fn its_handlers_go_on_by_jumps_of_their_own() {
    let binary = env!("CARGO_BIN_EXE_example-strategy");
    let found = codegen::witness_if_possible(Path::new(binary));
    let Some(codegen) = found.unwrap_or_else(|e| panic!("{e}")) else {
        return;
    };
    println!("{}", codegen.text());
    let model = codegen.tells_models().then_some("refcount-tagged");
    for role in [Role::Handler, Role::Slow] {
        let found = codegen
            .group("token", model, role)
            .unwrap_or_else(|| panic!("{binary} has no symbol of token {role:?}"));
        assert!(found.functions >= 100, "{found:?}");
        assert!(found.indirect_jumps * 2 >= found.functions, "{found:?}");
        assert_eq!(found.stray_calls, Vec::<String>::new());
        // The probed form has functions of the same names, which are no part of it.
        assert_eq!(found.probe_calls, 0, "{found:?}");
    }
}
