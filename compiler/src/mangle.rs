//! Private name mangling: `__spam` inside `class Ham` becomes `_Ham__spam`.
//!
//! Independent of how a name is used. Names that end in `__` or hold a dot are left alone,
//! and so is everything in a class whose name is only underscores.
//! Source: CPython 3.5 `_Py_Mangle` in `Python/compile.c`.

use crate::interner::{Interner, Symbol};

/// `name` as it is seen inside the class `private`.
pub(crate) fn mangle(interner: &mut Interner, private: Option<Symbol>, name: Symbol) -> Symbol {
    let Some(private) = private else {
        return name;
    };
    let text = interner.name(name);
    if !text.starts_with("__") || text.ends_with("__") || text.contains('.') {
        return name;
    }
    let class = interner.name(private).trim_start_matches('_');
    if class.is_empty() {
        return name;
    }
    let mangled = format!("_{class}{text}");
    interner.intern(&mangled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples() {
        let mut interner = Interner::new();
        for (class, name, expected) in [
            ("Ham", "__spam", "_Ham__spam"),
            ("__Ham", "__spam", "_Ham__spam"),
            ("Ham", "__spam__", "__spam__"),
            ("Ham", "_spam", "_spam"),
            ("Ham", "__a.b", "__a.b"),
            ("__", "__spam", "__spam"),
            ("Ham", "__", "__"),
            ("Ham", "___", "___"),
        ] {
            let class = interner.intern(class);
            let name = interner.intern(name);
            let mangled = mangle(&mut interner, Some(class), name);
            assert_eq!(interner.name(mangled), expected);
            assert_eq!(mangle(&mut interner, None, name), name);
        }
    }
}
