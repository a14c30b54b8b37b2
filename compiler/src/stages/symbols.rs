//! The symbol table as text: a line a block, a line a name.

use crate::interner::Interner;
use crate::symtable::uses::{
    DEF_ANNOT, DEF_FREE_CLASS, DEF_GLOBAL, DEF_IMPORT, DEF_LOCAL, DEF_NONLOCAL, DEF_PARAM, USE,
};
use crate::symtable::{Block, BlockId, BlockKind, Scope, SymbolTable};

/// The blocks as a tree. A name stands with where it lives and what is done to it.
pub(super) fn symbols(table: &SymbolTable, interner: &Interner) -> String {
    let mut out = String::new();
    block(table, interner, SymbolTable::TOP, 0, &mut out);
    out
}

fn block(table: &SymbolTable, interner: &Interner, id: BlockId, depth: usize, out: &mut String) {
    let entry = table.block(id);
    let indent = "  ".repeat(depth);
    out.push_str(&format!("{indent}{}", title(entry, interner)));
    for (is_set, word) in [
        (entry.is_nested, "nested"),
        (entry.is_generator, "generator"),
        (entry.is_coroutine, "coroutine"),
        (entry.needs_class_closure, "has __class__ cell"),
    ] {
        if is_set {
            out.push_str(&format!(", {word}"));
        }
    }
    out.push('\n');
    for (name, info) in entry.symbols.iter() {
        let scope = match info.scope {
            Scope::Unknown => "unknown",
            Scope::Local => "local",
            Scope::GlobalExplicit => "global (declared)",
            Scope::GlobalImplicit => "global",
            Scope::Free => "free",
            Scope::Cell => "cell",
        };
        let name = interner.name(name);
        out.push_str(&format!("{indent}  {name}: {scope}"));
        for (bit, word) in [
            (DEF_PARAM, "parameter"),
            (DEF_LOCAL, "bound"),
            (DEF_IMPORT, "imported"),
            (USE, "used"),
            (DEF_GLOBAL, "global statement"),
            (DEF_NONLOCAL, "nonlocal statement"),
            (DEF_ANNOT, "annotated"),
            (DEF_FREE_CLASS, "free in a method"),
        ] {
            if info.uses & bit != 0 {
                out.push_str(&format!(", {word}"));
            }
        }
        out.push('\n');
    }
    for &child in &entry.children {
        block(table, interner, child, depth + 1, out);
    }
}

fn title(entry: &Block, interner: &Interner) -> String {
    let line = entry.lineno;
    match (entry.kind, entry.name) {
        (BlockKind::Module, _) => "module".to_owned(),
        (BlockKind::Class, Some(name)) => format!("class {} (line {line})", interner.name(name)),
        (_, Some(name)) => format!("function {} (line {line})", interner.name(name)),
        (_, None) if entry.is_comprehension => format!("comprehension (line {line})"),
        (_, None) => format!("lambda (line {line})"),
    }
}
