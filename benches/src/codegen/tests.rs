//! Listings written by hand, with known numbers.

use super::*;

const HANDLER: &str = "_ZN23ceval_dispatch_threaded4tail7handler17h00000000000000";
const SLOW: &str = "_ZN23ceval_dispatch_threaded4tail4slow17h00000000000000";

fn group<'a>(groups: &'a [Group], strategy: &str, role: Role) -> &'a Group {
    groups
        .iter()
        .find(|group| group.strategy == strategy && group.role == role)
        .expect("the listing has such functions")
}

/// A handler of 12 bytes at `address`, which ends in `last`.
fn handler(address: u64, number: u64, last: &str) -> String {
    format!(
        "{address:016x} <{HANDLER}{number:02x}E>:\n  {address:x}:\tmov    %rax,0x8(%rsp)\n  {:x}:\t{last}\n  {:x}:\tint3\n\n",
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
        0 => format!("jmp    2000 <{SLOW}00E>"),
        4 => "jmp    *0x29abfa(%rip)        # 95d260 <_DYNAMIC+0x8138>".into(),
        1 => "call   *0x8(%rcx)".into(),
        _ => "jmp    *(%rdi)".into(),
    });
    let (groups, _) = read(text.as_bytes(), &Imports::default()).expect("memory can be read");
    let found = group(&groups, "tail", Role::Handler);
    assert_eq!((found.functions, found.indirect_jumps), (5, 2));
    assert_eq!(
        (found.own_jump, found.only_slow, found.shared_jump),
        (2, 2, 0)
    );
    assert_eq!((found.stack_stores, found.with_frame), (5, 5));
    assert_eq!((found.median_bytes, found.largest_bytes), (12, 12));
    assert_eq!(found.stray_calls.len(), 1);
    assert!(found.stray_calls[0].ends_with("call   *0x8(%rcx)"));
}

#[test]
fn a_merged_dispatch_shows() {
    // LLVM 19's case: 332 dispatch jumps became 3.
    let own = listing(332, |_| "jmp    *(%rdi)".into());
    let merged = listing(332, |number| match number {
        0..3 => "jmp    *(%rdi)".into(),
        _ => format!("jmp    1008 <{HANDLER}00E+0x8>"),
    });
    let read = |text: &str| Codegen {
        groups: super::read(text.as_bytes(), &Imports::default())
            .expect("memory can be read")
            .0,
        probed: 0,
        unavailable: None,
    };
    let (own, merged) = (read(&own), read(&merged));
    let jumps = |codegen: &Codegen| {
        codegen
            .group("tail", Role::Handler)
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
    let slow = |body: &str| format!("0000000000002000 <{SLOW}00E>:\n{body}");
    let good = slow(
        "  2000:\tpush   %rbx\n  2001:\tcall   *%rax\n  2003:\tmov    %rax,%rdi\n  2006:\tpop    %rbx\n  2007:\tjmp    *(%rdi)\n",
    );
    let bad =
        slow("  2000:\tpush   %rbx\n  2001:\tcall   *%rax\n  2003:\tpop    %rbx\n  2004:\tret\n");
    let stray = |text: &str| {
        let (groups, _) = read(text.as_bytes(), &Imports::default()).expect("memory can be read");
        group(&groups, "tail", Role::Slow).stray_calls.len()
    };
    assert_eq!((stray(&good), stray(&bad)), (0, 1));
}

#[test]
fn loops_and_other_functions() {
    let text = "0000000000003000 <_ZN92_$LT$ceval_dispatch_switch..Switch$u20$as$u20$ceval_vm_core..dispatch..Dispatch$LT$M$GT$$GT$3run17h0011223344556677E>:\n\
                \x20 3000:\tnotrack jmp *%rax\n  3003:\tcall   *0x1234(%rip)        # 5000 <memcpy@GLIBC>\n  3009:\tcmp    %rax,0x10(%rsp)\n  300e:\tret\n\
                0000000000004000 <main>:\n  4000:\tjmp    *%rax\n";
    let (groups, _) = read(text.as_bytes(), &Imports::default()).expect("memory can be read");
    assert_eq!(groups.len(), 1);
    let found = group(&groups, "switch", Role::Loop);
    assert_eq!((found.indirect_jumps, found.indirect_calls), (1, 0));
    // A comparison with a stack slot stores nothing; the calls of a loop are no stray ones.
    assert_eq!((found.stack_stores, found.stray_calls.len()), (0, 0));
}

#[test]
fn both_manglings_are_known() {
    use disassembly::role_of;
    let v0 = "_RINvNtCs1234_23ceval_dispatch_threaded4tail7handlerNtNt13LoadFastE";
    assert_eq!(role_of(v0), Some(("tail", Role::Handler)));
    let v0 = "_RNvXs_Cs1234_21ceval_dispatch_switchNtCs1234_21ceval_dispatch_switch6SwitchINtNt8DispatchE3run";
    assert_eq!(role_of(v0), Some(("switch", Role::Loop)));
    let closure = "_ZN23ceval_dispatch_threaded7closure7code_of28_$u7b$$u7b$closure$u7d$$u7d$17h0E";
    assert_eq!(role_of(closure), Some(("closure", Role::Handler)));
    let boxed =
        "_ZN23ceval_dispatch_threaded12closure_loop7code_of28_$u7b$$u7b$closure$u7d$$u7d$17h0E";
    assert_eq!(role_of(boxed), Some(("closure-loop", Role::Handler)));
    assert_eq!(
        role_of("_ZN4core3ptr19drop_in_place$LT$ceval_dispatch_threaded..tail..Unit"),
        None
    );
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
    let probe = "call   9000 <_ZN4vm_core5probe12attend_probe17h00E>";
    let through = "call   *0x1ea4f1(%rip)        # b324e8 <_DYNAMIC+0x7190>";
    let text = listing(3, |number| match number {
        1 => probe.into(),
        2 => through.into(),
        _ => "jmp    *(%rdi)".into(),
    });
    let other = format!(
        "0000000000008000 <elsewhere>:\n  8000:\t{through}\n  8005:\t{probe}\n\n\
         0000000000009000 <_ZN4vm_core5probe12attend_probe17h00E>:\n  9000:\tret\n\n"
    );
    let imports = "0000000000b324e8 R_X86_64_RELATIVE  *ABS*+0x0000000000009000\n\
                   0000000000b324f0 R_X86_64_GLOB_DAT  memcpy@GLIBC_2.14\n";
    let imports = Imports::read(imports.as_bytes()).expect("memory can be read");
    let (groups, probed) = read((text + &other).as_bytes(), &imports).expect("memory can be read");
    assert_eq!(group(&groups, "tail", Role::Handler).probe_calls, 2);
    assert_eq!(probed, 1);
}
