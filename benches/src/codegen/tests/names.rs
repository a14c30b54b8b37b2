//! Symbols in the newer mangling: object models, strategies that are not ours, probed forms.
//!
//! A path is `N` and a namespace, what it is in, and its last name with its length; `C` begins it with a crate; `I…E` adds arguments.

use super::*;

/// The types of object models. The third is a counting form.
pub(super) const TAGGED: &str =
    "INtNtC13ceval_objects8refcount8RefcountNtNtC13ceval_objects4repr6TaggedE";
const ARENA: &str = "INtNtC13ceval_objects5arena5ArenaNtNtC13ceval_objects4repr6TaggedE";
const COUNTED: &str = "INtNtC13ceval_objects5arena5ArenaINtNtC13ceval_objects4repr7CountedNtNtC13ceval_objects4repr6TaggedEE";

fn name(word: &str) -> String {
    format!("{}{word}", word.len())
}

/// The type of an instruction.
fn op(word: &str) -> String {
    format!("NtNtNtC13ceval_vm_core9semantics5stack{}", name(word))
}

/// A method of a strategy's implementation of `Dispatch`.
fn implementation(module: &str, of_type: &str, model: &str, method: &str) -> String {
    format!(
        "_RNvXs_{module}Nt{module}{}INtNtC13ceval_vm_core8dispatch8Dispatch{model}E{}",
        name(of_type),
        name(method)
    )
}

/// The same of a strategy in `ceval_dispatch_threaded`.
pub(super) fn dispatch(module: &str, of_type: &str, model: &str, method: &str) -> String {
    let module = format!("NtC23ceval_dispatch_threaded{}", name(module));
    implementation(&module, of_type, model, method)
}

/// A function of `tail`.
pub(super) fn of_tail(function: &str, word: &str, model: &str) -> String {
    let (function, op) = (name(function), op(word));
    format!("_RINvNtC23ceval_dispatch_threaded4tail{function}{op}{model}E")
}

/// A function of `Code<model, probed>` in the program `mine`, whose strategy `TwoStep` is.
fn of_mine(function: &str, word: &str, model: &str, probed: bool) -> String {
    let (function, op) = (name(function), op(word));
    let code = format!("INtC4mine4Code{model}Kb{}_E", u8::from(probed));
    format!("_RINvMs_C4mine{code}{function}{op}E")
}

/// The part of the one function that has this name, with these others beside it.
fn part(symbol: &str, beside: &[&str]) -> Option<(String, Option<String>, Role)> {
    let beside = beside.iter().map(|other| (0x10, *other));
    let symbols = Symbols::of(beside.chain([(0x20, symbol)]));
    let part = symbols.parts(0x20).first()?;
    Some((part.strategy.clone(), part.model.clone(), part.role))
}

/// Functions of 4 bytes, one after the other from 0x1000 on, each with one instruction.
fn functions(bodies: &[(String, &str)]) -> String {
    let one = |(number, (symbol, body)): (usize, &(String, &str))| {
        let address = 0x1000 + 4 * number;
        format!("{address:016x} <{symbol}>:\n  {address:x}:\t{body}\n\n")
    };
    bodies.iter().enumerate().map(one).collect()
}

#[test]
fn each_strategy_has_its_name_and_each_function_its_model() {
    let tail = dispatch("tail", "Tail", TAGGED, "link");
    let arena = dispatch("tail", "Tail", ARENA, "link");
    for (function, role) in [("handler", Role::Handler), ("slow", Role::Slow)] {
        for (model, called) in [(TAGGED, "refcount-tagged"), (ARENA, "arena-tagged")] {
            assert_eq!(
                part(&of_tail(function, "PopTop", model), &[&tail, &arena]),
                Some(("tail".into(), Some(called.into()), role))
            );
        }
    }
    assert_eq!(
        part(&dispatch("closure_loop", "ClosureLoop", ARENA, "run"), &[]),
        Some((
            "closure-loop".into(),
            Some("arena-tagged".into()),
            Role::Loop
        ))
    );
    let closure = format!(
        "_RNCINvNtC23ceval_dispatch_threaded7closure7code_of{}{TAGGED}E0C11ceval_cells",
        op("PopTop")
    );
    assert_eq!(
        part(&closure, &[&dispatch("closure", "Closure", TAGGED, "link")]),
        Some((
            "closure".into(),
            Some("refcount-tagged".into()),
            Role::Handler
        ))
    );
    // It is nobody's without the trait, in another module, or in a counting form; and `link` is no part.
    assert_eq!(part(&of_tail("handler", "PopTop", TAGGED), &[]), None);
    assert_eq!(part(&closure, &[&tail]), None);
    let counted = dispatch("tail", "Tail", COUNTED, "link");
    let handler = of_tail("handler", "PopTop", COUNTED);
    assert_eq!(part(&handler, &[&tail, &arena, &counted]), None);
    assert_eq!(part(&tail, &[]), None);
    let dropped = "_ZN4core3ptr64drop_in_place$LT$ceval_dispatch_threaded..tail..handler$GT$17h0011223344556677E";
    assert_eq!(part(dropped, &[&tail]), None);
}

#[test]
fn the_older_mangling_has_no_models() {
    let tail = "_ZN98_$LT$ceval_dispatch_threaded..tail..Tail$u20$as$u20$ceval_vm_core..dispatch..Dispatch$LT$M$GT$$GT$3run17h0011223344556677E";
    let handler = "_ZN23ceval_dispatch_threaded4tail7handler17h0011223344556677E";
    let closure = "_ZN23ceval_dispatch_threaded4tail7code_of28_$u7b$$u7b$closure$u7d$$u7d$17h0011223344556677E";
    for symbol in [handler, closure] {
        assert_eq!(
            part(symbol, &[tail]),
            Some(("tail".into(), None, Role::Handler))
        );
    }
    assert_eq!(part(tail, &[]), Some(("tail".into(), None, Role::Loop)));
}

#[test]
fn a_strategy_of_ones_own_is_found_by_the_trait() {
    let link = implementation("C4mine", "TwoStep", TAGGED, "link");
    let mine = |role| Some(("two-step".into(), Some("refcount-tagged".into()), role));
    // At the root of its crate, in an associated function, and below its module.
    assert_eq!(
        part(&of_mine("handler", "PopTop", TAGGED, false), &[&link]),
        mine(Role::Handler)
    );
    let below = format!("_RINvNtC4mine5parts4slow{}{TAGGED}E", op("PopTop"));
    assert_eq!(part(&below, &[&link]), mine(Role::Slow));
    // It is for one object model alone, which its functions then do not name.
    assert_eq!(part("_RNvC4mine7handler", &[&link]), mine(Role::Handler));
    let other = implementation("C4mine", "TwoStep", ARENA, "link");
    let any = Some(("two-step".into(), None, Role::Handler));
    assert_eq!(part("_RNvC4mine7handler", &[&link, &other]), any);
    // The nearest module's; two strategies in one module cannot be told apart.
    let inner = implementation("NtC4mine5parts", "Inner", TAGGED, "link");
    let inners = Some(("inner".into(), Some("refcount-tagged".into()), Role::Slow));
    assert_eq!(part(&below, &[&link, &inner]), inners);
    let twin = implementation("C4mine", "OneStep", TAGGED, "link");
    let of_both = part(&of_mine("slow", "PopTop", TAGGED, false), &[&link, &twin]);
    assert_eq!(
        of_both.map(|part| part.0).as_deref(),
        Some("two-step or one-step")
    );
}

#[test]
fn rows_are_for_models_and_folded_functions_are_in_several() {
    let (tagged, arena) = (TAGGED, ARENA);
    let text = functions(&[
        (of_tail("handler", "Op1", tagged), "jmp    *(%rdi)"),
        (of_tail("handler", "Op1", arena), "jmp    *(%rdi)"),
        (of_tail("handler", "Op2", tagged), "jmp    *(%rdi)"),
        (dispatch("tail", "Tail", tagged, "link"), "ret"),
        (dispatch("tail", "Tail", arena, "link"), "ret"),
    ]);
    let numbers = |codegen: &Codegen| {
        let of = |model| codegen.group("tail", Some(model), Role::Handler);
        [of("refcount-tagged"), of("arena-tagged")].map(|group| group.map(|g| g.functions))
    };
    let apart = witness_of(&text, &[], &Imports::default());
    assert_eq!(numbers(&apart), [Some(2), Some(1)]);
    assert!(apart.tells_models());
    // The second handler of the other model is the one at 0x1008.
    let folded = of_tail("handler", "Op2", arena);
    let folded = witness_of(&text, &[(0x1008, &folded)], &Imports::default());
    assert_eq!(numbers(&folded), [Some(2), Some(2)]);
    let text = apart.text();
    assert!(
        text.contains("\ntail          refcount-tagged  handler           2     4 B"),
        "{text}"
    );
    assert!(
        text.contains("\ntail          arena-tagged     handler           1     4 B"),
        "{text}"
    );
    assert!(
        text.contains("\ntail/arena-tagged: tail calls are jumps; 1 of 1 handlers"),
        "{text}"
    );
    assert!(!text.contains("older mangling"), "{text}");
    assert!(!folded.text().contains("tail/"), "{}", folded.text());
    let json = serde_json::to_string(&apart).expect("it is plain data");
    assert!(json.contains("\"model\":\"arena-tagged\""), "{json}");
}

#[test]
fn a_probed_form_that_differs_in_an_argument_stays_out() {
    let probe = "_RNvMNtNtC13ceval_vm_core7machine2vmINtB2_2VmpE12attend_probe";
    let call = format!("call   9000 <{probe}>");
    let mine = |word: &str, probed, body| (of_mine("handler", word, TAGGED, probed), body);
    let read = |bodies: &[(String, &str)]| {
        let link = implementation("C4mine", "TwoStep", TAGGED, "link");
        witness_of(
            &functions(bodies),
            &[(0x10, &link), (0x9000, probe)],
            &Imports::default(),
        )
    };
    let handlers = |codegen: &Codegen| {
        let found = codegen.group("two-step", Some("refcount-tagged"), Role::Handler);
        found.map(|group| (group.functions, group.probe_calls))
    };
    // The last one belongs to the probed form though it has no call.
    let good = read(&[
        mine("Op1", false, "jmp    *(%rdi)"),
        mine("Op2", false, "jmp    *(%rdi)"),
        mine("Op1", true, &call),
        mine("Op2", true, "jmp    *(%rdi)"),
    ]);
    assert_eq!((handlers(&good), good.probed), (Some((2, 0)), 1));
    // If the ordinary form calls it too, that shows.
    let bad = read(&[mine("Op1", false, &call), mine("Op1", true, &call)]);
    assert_eq!((handlers(&bad), bad.probed), (Some((2, 2)), 0));
    assert!(
        bad.text()
            .contains("2 calls of the probe where there should be none")
    );
}

#[test]
fn witnesses_without_models_load_and_are_compared_in_sums() {
    let older = "{\"groups\": [{\"strategy\": \"tail\", \"role\": \"handler\", \"functions\": 4, \"median_bytes\": 9, \
                 \"largest_bytes\": 9, \"indirect_jumps\": 4, \"indirect_calls\": 0, \"own_jump\": 4, \"only_slow\": 0, \
                 \"shared_jump\": 0, \"stack_stores\": 0, \"pushes\": 0, \"with_frame\": 0, \"stray_calls\": []}]}";
    let older: Codegen = serde_json::from_str(older).expect("it was written like this once");
    assert!(!older.tells_models());
    assert!(older.text().contains("older mangling"));
    let now = |body| {
        let handlers = ["Op1", "Op2"]
            .into_iter()
            .flat_map(|word| [TAGGED, ARENA].map(|model| (of_tail("handler", word, model), body)));
        let link = [TAGGED, ARENA].map(|model| (dispatch("tail", "Tail", model, "link"), "ret"));
        let all: Vec<(String, &str)> = handlers.chain(link).collect();
        witness_of(&functions(&all), &[], &Imports::default())
    };
    // Sizes differ by more than a fifth, but are not compared.
    let (same, merged) = (now("jmp    *(%rdi)"), now("jmp    3000 <other>"));
    assert_eq!(same.changes_since(&older), Vec::<String>::new());
    assert_eq!(older.changes_since(&same), Vec::<String>::new());
    let sums =
        "tail Handler: indirect jumps for each function, over all object models, 1.00 -> 0.00";
    assert_eq!(
        merged.changes_since(&older).first().map(String::as_str),
        Some(sums)
    );
    let rows = "tail/refcount-tagged Handler: indirect jumps 2 -> 0";
    assert!(merged.changes_since(&same).contains(&rows.to_owned()));
}

#[test]
fn a_table_of_symbols_is_read() {
    let (handler, link) = (
        of_tail("handler", "Op1", ARENA),
        dispatch("tail", "Tail", ARENA, "link"),
    );
    let table = format!(
        "\nceval:     file format elf64-x86-64\n\nSYMBOL TABLE:\n\
         0000000000000000 l    df *ABS*\t0000000000000000              ceval.ab12-cgu.0\n\
         0000000000001000 l     F .text\t00000000000002d4              {handler}\n\
         0000000000002000 g     F .text\t0000000000000010              .hidden {link}\n\
         0000000000003000 l     O .rodata\t0000000000000010              {handler}\n"
    );
    let symbols = Symbols::read(table.as_bytes()).expect("memory can be read");
    let known = [0x1000, 0x2000, 0x3000].map(|address| symbols.parts(address).len());
    assert_eq!(known, [1, 0, 0]);
}
