//! The text of `dis.dis` and `dis.show_code` for one code object.
//!
//! Nested code objects appear as constants only, at address `0x0`; see [`crate::dump`] for a
//! whole tree. Source: CPython 3.5.1 `Lib/dis.py`.

use std::fmt::Write;

use crate::code::CodeObject;
use crate::instructions::Instructions;
use crate::repr::repr_constant;

/// What `dis.dis(code)` prints, with its line ends.
#[must_use]
pub fn dis(code: &CodeObject) -> String {
    let mut out = String::with_capacity(code.code.len() * 24);
    for instruction in Instructions::new(code) {
        let line_start = out.len();
        match instruction.starts_line {
            Some(line) => {
                if instruction.offset > 0 {
                    out.push('\n');
                }
                put(&mut out, format_args!("{line:3}"));
            }
            None => out.push_str("   "),
        }
        let marker = if instruction.is_jump_target {
            ">>"
        } else {
            "  "
        };
        put(
            &mut out,
            format_args!(
                "     {marker} {:4} {:<20}",
                instruction.offset,
                instruction.opname()
            ),
        );
        if let Some(arg) = instruction.arg {
            put(&mut out, format_args!(" {arg:5}"));
            let words = instruction.argrepr(code);
            if !words.is_empty() {
                put(&mut out, format_args!(" ({words})"));
            }
        }
        let end = out.trim_end().len().max(line_start);
        out.truncate(end);
        out.push('\n');
    }
    out
}

/// What `dis.show_code(code)` prints, with its line ends.
#[must_use]
pub fn show_code(code: &CodeObject) -> String {
    let mut out = String::new();
    put(&mut out, format_args!("Name:              {}\n", code.name));
    put(
        &mut out,
        format_args!("Filename:          {}\n", code.filename),
    );
    put(
        &mut out,
        format_args!("Argument count:    {}\n", code.argcount),
    );
    put(
        &mut out,
        format_args!("Kw-only arguments: {}\n", code.kwonlyargcount),
    );
    put(
        &mut out,
        format_args!("Number of locals:  {}\n", code.nlocals),
    );
    put(
        &mut out,
        format_args!("Stack size:        {}\n", code.stacksize),
    );
    put(
        &mut out,
        format_args!("Flags:             {}\n", pretty_flags(code.flags)),
    );
    if !code.consts.is_empty() {
        out.push_str("Constants:\n");
        for (i, constant) in code.consts.iter().enumerate() {
            put(
                &mut out,
                format_args!("{i:4}: {}\n", repr_constant(constant)),
            );
        }
    }
    for (title, list) in [
        ("Names", &code.names),
        ("Variable names", &code.varnames),
        ("Free variables", &code.freevars),
        ("Cell variables", &code.cellvars),
    ] {
        if list.is_empty() {
            continue;
        }
        put(&mut out, format_args!("{title}:\n"));
        for (i, name) in list.iter().enumerate() {
            put(&mut out, format_args!("{i:4}: {name}\n"));
        }
    }
    out
}

/// `co_flags` in words, as `dis.pretty_flags` gives them.
#[must_use]
pub fn pretty_flags(flags: u32) -> String {
    const NAMES: [&str; 9] = [
        "OPTIMIZED",
        "NEWLOCALS",
        "VARARGS",
        "VARKEYWORDS",
        "NESTED",
        "GENERATOR",
        "NOFREE",
        "COROUTINE",
        "ITERABLE_COROUTINE",
    ];
    if flags == 0 {
        return "0x0".to_owned();
    }
    let mut words = Vec::new();
    for bit in 0..32 {
        let flag = 1u32 << bit;
        if flags & flag == 0 {
            continue;
        }
        match NAMES.get(bit) {
            Some(name) => words.push((*name).to_owned()),
            None => words.push(format!("{flag:#x}")),
        }
    }
    words.join(", ")
}

fn put(out: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(arguments);
}
