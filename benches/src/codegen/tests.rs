//! Listings written by hand, with known numbers.

use super::*;

mod names;

use names::{TAGGED, dispatch, of_tail};

/// A handler of `tail` in the older mangling, to which a number is appended.
const HANDLER: &str = "_ZN23ceval_dispatch_threaded4tail7handler17h0000000000000";
const SLOW: &str = "_ZN23ceval_dispatch_threaded4tail4slow17h0000000000000";

/// What makes a strategy of `tail`, in the older mangling.
const TAIL: &str = "_ZN98_$LT$ceval_dispatch_threaded..tail..Tail$u20$as$u20$ceval_vm_core..dispatch..Dispatch$LT$M$GT$$GT$4link17h0011223344556677E";

/// The probe, in the older mangling.
const PROBE: &str = "_ZN13ceval_vm_core7machine2vm11Vm$LT$M$GT$12attend_probe17h0011223344556677E";

fn group<'a>(groups: &'a [Group], strategy: &str, role: Role) -> &'a Group {
    groups
        .iter()
        .find(|group| group.strategy == strategy && group.role == role)
        .expect("the listing has such functions")
}

/// Reads a listing. The symbols are those that it shows and these.
fn witness_of(text: &str, more: &[(u64, &str)], imports: &Imports) -> Codegen {
    let shown = text.lines().filter_map(|line| {
        let (address, symbol) = line.strip_suffix(">:")?.split_once(" <")?;
        Some((u64::from_str_radix(address, 16).ok()?, symbol))
    });
    let symbols = Symbols::of(shown.chain(more.iter().copied()));
    let (groups, probed) = read(text.as_bytes(), &symbols, imports).expect("memory can be read");
    Codegen {
        groups,
        probed,
        unavailable: None,
    }
}

/// Reads a listing of `tail` in the older mangling.
fn witness_of_tail(text: &str) -> Codegen {
    witness_of(
        text,
        &[(0x10, TAIL), (0x2000, &format!("{SLOW}000E"))],
        &Imports::default(),
    )
}

/// A handler of 12 bytes at `address`, which ends in `last`.
fn handler(address: u64, number: u64, last: &str) -> String {
    format!(
        "{address:016x} <{HANDLER}{number:03x}E>:\n  {address:x}:\tmov    %rax,0x8(%rsp)\n  {:x}:\t{last}\n  {:x}:\tint3\n\n",
        address + 8,
        address + 12
    )
}

fn listing(handlers: u64, last: impl Fn(u64) -> String) -> String {
    (0..handlers)
        .map(|number| handler(0x1000 + 16 * number, number, &last(number)))
        .collect()
}

#[test]
fn jumps_sizes_and_spills_of_handlers() {
    let text = listing(5, |number| match number {
        0 => format!("jmp    2000 <{SLOW}000E>"),
        4 => "jmp    *0x29abfa(%rip)        # 95d260 <_DYNAMIC+0x8138>".into(),
        1 => "call   *0x8(%rcx)".into(),
        _ => "jmp    *(%rdi)".into(),
    });
    let codegen = witness_of_tail(&text);
    let found = group(&codegen.groups, "tail", Role::Handler);
    assert_eq!((found.functions, found.indirect_jumps), (5, 2));
    assert_eq!(
        (found.own_jump, found.only_slow, found.shared_jump),
        (2, 2, 0)
    );
    assert_eq!((found.stack_stores, found.with_frame), (5, 5));
    assert_eq!((found.median_bytes, found.largest_bytes), (12, 12));
    assert_eq!(
        found.stray_calls,
        ["ceval_dispatch_threaded::tail::handler: call   *0x8(%rcx)"]
    );
}

#[test]
fn a_merged_dispatch_shows() {
    // LLVM 19's case: 332 dispatch jumps became 3.
    let own = witness_of_tail(&listing(332, |_| "jmp    *(%rdi)".into()));
    let merged = witness_of_tail(&listing(332, |number| match number {
        0..3 => "jmp    *(%rdi)".into(),
        _ => format!("jmp    1008 <{HANDLER}000E+0x8>"),
    }));
    let jumps = |codegen: &Codegen| {
        codegen
            .group("tail", None, Role::Handler)
            .map(|group| (group.indirect_jumps, group.shared_jump))
    };
    assert_eq!(
        (jumps(&own), jumps(&merged)),
        (Some((332, 0)), Some((3, 329)))
    );
    assert!(!own.text().contains("MERGED") && merged.text().contains("MERGED"));
    assert!(
        merged
            .changes_since(&own)
            .contains(&"tail Handler: indirect jumps 332 -> 3".to_owned())
    );
    assert!(own.changes_since(&own).is_empty());
}

#[test]
fn a_slow_path_may_call_but_must_not_end_with_a_call() {
    let slow = |body: &str| format!("0000000000002000 <{SLOW}000E>:\n{body}");
    let good = slow(
        "  2000:\tpush   %rbx\n  2001:\tcall   *%rax\n  2003:\tmov    %rax,%rdi\n  2006:\tpop    %rbx\n  2007:\tjmp    *(%rdi)\n",
    );
    let bad =
        slow("  2000:\tpush   %rbx\n  2001:\tcall   *%rax\n  2003:\tpop    %rbx\n  2004:\tret\n");
    let stray = |text: &str| {
        group(&witness_of_tail(text).groups, "tail", Role::Slow)
            .stray_calls
            .len()
    };
    assert_eq!((stray(&good), stray(&bad)), (0, 1));
}

#[test]
fn loops_and_other_functions() {
    let text = "0000000000003000 <_ZN92_$LT$ceval_dispatch_switch..Switch$u20$as$u20$ceval_vm_core..dispatch..Dispatch$LT$M$GT$$GT$3run17h0011223344556677E>:\n\
                \x20 3000:\tnotrack jmp *%rax\n  3003:\tcall   *0x1234(%rip)        # 5000 <memcpy@GLIBC>\n  3009:\tcmp    %rax,0x10(%rsp)\n\
                \x20 300e:\tjmp    3000 <_ZN92_$LT$ceval_dispatch_switch..Switch$u20$as$u20$ceval_vm_core..dispatch..Dispatch$LT$M$GT$$GT$3run17h0011223344556677E>\n\
                0000000000004000 <main>:\n  4000:\tjmp    *%rax\n";
    let groups = witness_of(text, &[], &Imports::default()).groups;
    assert_eq!(groups.len(), 1);
    let found = group(&groups, "switch", Role::Loop);
    assert_eq!((found.indirect_jumps, found.indirect_calls), (1, 0));
    // A comparison with a stack slot stores nothing; the calls of a loop are no stray ones.
    assert_eq!((found.stack_stores, found.stray_calls.len()), (0, 0));
}

#[test]
fn the_run_of_threaded_code_is_no_loop_and_its_handlers_must_not_call() {
    // Both go to the first handler; the second comes back for the next one.
    let run = dispatch("tail", "Tail", TAGGED, "run");
    let enter = format!("0000000000003000 <{run}>:\n  3000:\tjmp    *(%rsi)\n");
    let again = format!(
        "0000000000003000 <{run}>:\n  3000:\tcall   *(%rsi)\n  3002:\ttest   %al,%al\n  3004:\tjne    3000 <{run}>\n  3006:\tret\n"
    );
    let handler = format!(
        "0000000000004000 <{}>:\n  4000:\tcall   *(%rdi)\n  4002:\tret\n",
        of_tail("handler", "Op1", TAGGED)
    );
    let strays = |run: &str| {
        let codegen = witness_of(&(run.to_owned() + &handler), &[], &Imports::default());
        let found = codegen.group("tail", Some("refcount-tagged"), Role::Handler);
        let stray = found.map(|found| found.stray_calls.len());
        (codegen.groups.len(), stray)
    };
    assert_eq!(strays(&enter), (1, Some(1)));
    assert_eq!(strays(&again), (2, Some(0)));
}

#[test]
fn a_missing_binary_is_named() {
    let error = witness(Path::new("/no/such/binary")).expect_err("it does not exist");
    assert!(error.to_string().contains("/no/such/binary"), "{error}");
    let reason = witness_or_reason(Path::new("/no/such/binary"));
    assert!(reason.text().starts_with("no code-generation witness: "));
}

#[test]
fn calls_of_the_probe_show() {
    let probe = format!("call   9000 <{PROBE}>");
    let through = "call   *0x1ea4f1(%rip)        # b324e8 <_DYNAMIC+0x7190>";
    let text = listing(3, |number| match number {
        1 => probe.clone(),
        2 => through.into(),
        _ => "jmp    *(%rdi)".into(),
    });
    let other = format!(
        "0000000000008000 <elsewhere>:\n  8000:\t{through}\n  8005:\t{probe}\n\n\
         0000000000009000 <{PROBE}>:\n  9000:\tret\n\n"
    );
    let imports = "0000000000b324e8 R_X86_64_RELATIVE  *ABS*+0x0000000000009000\n\
                   0000000000b324f0 R_X86_64_GLOB_DAT  memcpy@GLIBC_2.14\n";
    let imports = Imports::read(imports.as_bytes()).expect("memory can be read");
    let codegen = witness_of(&(text + &other), &[(0x10, TAIL)], &imports);
    let found = group(&codegen.groups, "tail", Role::Handler);
    assert_eq!((found.probe_calls, codegen.probed), (2, 1));
}
