//! Second pass of the symbol table: decides where each name lives.
//!
//! A block first classifies its own names by its declarations and by what enclosing functions
//! bind; then its inner blocks report which names they leave free, which turns locals into
//! cells. Source: CPython 3.5 `analyze_block` and its neighbours in `Python/symtable.c`.
//!
//! CPython copies the set of visible bindings for each block. Here one table over all symbols
//! holds it, and each block undoes its changes when it ends. CPython's second set, of names
//! declared global by enclosing blocks, never changes an outcome and is left out.

use crate::error::CompileError;
use crate::interner::{Interner, Symbol};

use super::uses::{DEF_BOUND, DEF_FREE_CLASS, DEF_GLOBAL, DEF_NONLOCAL, DEF_PARAM};
use super::{Block, BlockId, BlockKind, Scope, SymbolInfo, SymbolTable, error_on_line};

/// Decides the scopes of all names in `table`.
pub(super) fn analyze(
    table: &mut SymbolTable,
    interner: &mut Interner,
    filename: &str,
) -> Result<(), Box<CompileError>> {
    let class_cell = interner.intern("__class__");
    let mut analyzer = Analyzer {
        bound: vec![false; interner.len()],
        seen: vec![0; interner.len()],
        round: 0,
        class_cell,
        interner,
        filename,
    };
    analyzer.block(table, SymbolTable::TOP)?;
    Ok(())
}

struct Analyzer<'a> {
    /// By symbol: whether an enclosing function binds it, as the current block sees it.
    bound: Vec<bool>,
    /// By symbol: the last round of [`Analyzer::keep_first`] that met it.
    seen: Vec<u32>,
    round: u32,
    class_cell: Symbol,
    interner: &'a Interner,
    filename: &'a str,
}

impl Analyzer<'_> {
    /// Analyses a block and gives the names that it leaves free.
    fn block(
        &mut self,
        table: &mut SymbolTable,
        id: BlockId,
    ) -> Result<Vec<Symbol>, Box<CompileError>> {
        let block = table.block_mut(id);
        let kind = block.kind;
        let mut free = Vec::new();
        let mut undo = Vec::new();
        let mut symbols = std::mem::take(&mut block.symbols);
        for (name, info) in symbols.iter_mut() {
            info.scope = self.name_scope(block, name, info.uses)?;
            if info.scope == Scope::Free {
                free.push(name);
            }
            // What inner blocks see of this name. A class body's own bindings and global
            // declarations mean nothing to them.
            let visible = match info.scope {
                Scope::GlobalExplicit => false,
                Scope::Local => true,
                _ => continue,
            };
            if kind == BlockKind::Function {
                self.set_bound(name, visible, &mut undo);
            }
        }
        if kind == BlockKind::Class {
            self.set_bound(self.class_cell, true, &mut undo);
        }
        block.symbols = symbols;

        let mut inner_free: Vec<Symbol> = Vec::new();
        for place in 0..table.block(id).children.len() {
            let child = table.block(id).children[place];
            inner_free.append(&mut self.block(table, child)?);
        }
        self.keep_first(&mut inner_free);

        let block = table.block_mut(id);
        match kind {
            BlockKind::Function => inner_free.retain(|&name| {
                let Some(info) = block.symbols.get_mut(name) else {
                    return true;
                };
                if info.scope == Scope::Local {
                    info.scope = Scope::Cell;
                    return false;
                }
                true
            }),
            BlockKind::Class => {
                let before = inner_free.len();
                inner_free.retain(|&name| name != self.class_cell);
                block.needs_class_closure = inner_free.len() < before;
            }
            BlockKind::Module => {}
        }
        // From here on the block's own view counts again.
        for (name, was_bound) in undo.into_iter().rev() {
            self.bound[name.0 as usize] = was_bound;
        }
        for &name in &inner_free {
            match block.symbols.get_mut(name) {
                // A method uses an outer function's variable that the class body binds too: the
                // class has to pass the cell on.
                Some(info)
                    if kind == BlockKind::Class && info.uses & (DEF_BOUND | DEF_GLOBAL) != 0 =>
                {
                    info.uses |= DEF_FREE_CLASS;
                }
                None if self.bound[name.0 as usize] => {
                    let info = SymbolInfo {
                        uses: 0,
                        scope: Scope::Free,
                    };
                    block.symbols.insert_position(name, info);
                }
                _ => {}
            }
        }
        free.append(&mut inner_free);
        self.keep_first(&mut free);
        Ok(free)
    }

    /// Takes out what stands further up already.
    fn keep_first(&mut self, names: &mut Vec<Symbol>) {
        if names.len() < 2 {
            return;
        }
        // There are two rounds a block, and a block has at least one byte of source.
        self.round += 1;
        names.retain(|name| {
            std::mem::replace(&mut self.seen[name.0 as usize], self.round) != self.round
        });
    }

    fn set_bound(&mut self, name: Symbol, visible: bool, undo: &mut Vec<(Symbol, bool)>) {
        let entry = &mut self.bound[name.0 as usize];
        undo.push((name, *entry));
        *entry = visible;
    }

    fn name_scope(
        &self,
        block: &Block,
        name: Symbol,
        uses: u16,
    ) -> Result<Scope, Box<CompileError>> {
        let is_bound = self.bound[name.0 as usize];
        let text = self.interner.name(name);
        let fail = |message: String| {
            let directive = block.directives.iter().find(|entry| entry.0 == name);
            let line = directive.map_or(block.lineno, |entry| entry.1);
            Err(error_on_line(message, self.filename, line))
        };
        if uses & DEF_GLOBAL != 0 {
            if uses & DEF_PARAM != 0 {
                return fail(format!("name '{text}' is parameter and global"));
            }
            if uses & DEF_NONLOCAL != 0 {
                return fail(format!("name '{text}' is nonlocal and global"));
            }
            return Ok(Scope::GlobalExplicit);
        }
        if uses & DEF_NONLOCAL != 0 {
            if uses & DEF_PARAM != 0 {
                return fail(format!("name '{text}' is parameter and nonlocal"));
            }
            if block.kind == BlockKind::Module {
                return fail("nonlocal declaration not allowed at module level".to_owned());
            }
            if !is_bound {
                return fail(format!("no binding for nonlocal '{text}' found"));
            }
            return Ok(Scope::Free);
        }
        if uses & DEF_BOUND != 0 {
            return Ok(Scope::Local);
        }
        if is_bound {
            return Ok(Scope::Free);
        }
        Ok(Scope::GlobalImplicit)
    }
}
