//! The symbol table: for every name in every block, how it is bound and where it lives.
//!
//! Two passes, as in CPython: [`build`] collects what the source says of each name (parameter,
//! assigned, used, declared global ...), [`analyze`] decides the scopes. A block is a module,
//! class body, function, lambda or comprehension.
//! Source: CPython 3.5 `Python/symtable.c`, `Include/symtable.h`.

mod analyze;
mod build;
mod visit_expr;

use std::collections::HashMap;

use crate::ast::{Expr, Mod, Stmt};
use crate::error::{CompileError, ErrorKind, Warning};
use crate::interner::{FoldHashBuilder, Interner, Symbol};
use crate::symbol_map::SymbolMap;

/// What a block says of one name; a set of bits.
pub(crate) mod uses {
    /// Named in a `global` statement.
    pub(crate) const DEF_GLOBAL: u16 = 1;
    /// Bound in the block.
    pub(crate) const DEF_LOCAL: u16 = 1 << 1;
    /// A parameter.
    pub(crate) const DEF_PARAM: u16 = 1 << 2;
    /// Named in a `nonlocal` statement.
    pub(crate) const DEF_NONLOCAL: u16 = 1 << 3;
    /// Read.
    pub(crate) const USE: u16 = 1 << 4;
    /// A class's own name that a method uses as a free variable of an outer function.
    pub(crate) const DEF_FREE_CLASS: u16 = 1 << 6;
    /// Bound by an import.
    pub(crate) const DEF_IMPORT: u16 = 1 << 7;
    /// Target of a variable annotation (newer dialect).
    pub(crate) const DEF_ANNOT: u16 = 1 << 8;
    /// Iteration variable of a comprehension (newer dialect: `:=` may not rebind it).
    pub(crate) const DEF_COMP_ITER: u16 = 1 << 9;
    /// Any kind of binding.
    pub(crate) const DEF_BOUND: u16 = DEF_LOCAL | DEF_PARAM | DEF_IMPORT;
}

/// Where a name lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Not decided yet.
    Unknown,
    /// In this block only.
    Local,
    /// Global by a `global` statement.
    GlobalExplicit,
    /// Global or builtin, for want of another binding.
    GlobalImplicit,
    /// In a cell of an enclosing function.
    Free,
    /// In a cell of this function, because an inner block uses it.
    Cell,
}

/// One name in one block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SymbolInfo {
    /// [`uses`] bits.
    pub(crate) uses: u16,
    /// Where it lives.
    pub(crate) scope: Scope,
}

/// The kinds of blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BlockKind {
    /// A whole source.
    Module,
    /// A class body.
    Class,
    /// A function, lambda or comprehension.
    Function,
}

/// A block's number in its [`SymbolTable`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BlockId(u32);

/// One block.
#[derive(Debug)]
pub(crate) struct Block {
    pub(crate) kind: BlockKind,
    /// Of a function or class.
    pub(crate) name: Option<Symbol>,
    /// Line of its definition, 0 for a module.
    pub(crate) lineno: u32,
    /// Every name that occurs, mangled, in order of first occurrence.
    pub(crate) symbols: SymbolMap<SymbolInfo>,
    /// The parameters, in the order of their slots.
    pub(crate) varnames: Vec<Symbol>,
    /// The blocks directly inside.
    pub(crate) children: Vec<BlockId>,
    /// Names of `global` and `nonlocal` statements with their lines.
    directives: Vec<(Symbol, u32)>,
    /// Inside a function.
    pub(crate) is_nested: bool,
    /// Has `yield` or `await`, or is a generator expression.
    pub(crate) is_generator: bool,
    /// Has `yield` itself.
    pub(crate) has_yield: bool,
    /// Is an `async def`, or a comprehension with `async for` or `await`.
    pub(crate) is_coroutine: bool,
    /// Is a comprehension.
    pub(crate) is_comprehension: bool,
    pub(crate) has_varargs: bool,
    pub(crate) has_varkeywords: bool,
    /// A class body whose methods use `__class__` or `super`.
    pub(crate) needs_class_closure: bool,
    /// Has a variable annotation in itself.
    pub(crate) has_annotations: bool,
}

/// All blocks of a source.
#[derive(Debug)]
pub(crate) struct SymbolTable {
    blocks: Vec<Block>,
    /// Blocks by the address of their node; the tree does not move while both live.
    by_node: HashMap<usize, BlockId, FoldHashBuilder>,
}

/// The key of a statement that makes a block.
pub(crate) fn stmt_key(stmt: &Stmt) -> usize {
    std::ptr::from_ref(stmt).addr()
}

/// The key of an expression that makes a block.
pub(crate) fn expr_key(expr: &Expr) -> usize {
    std::ptr::from_ref(expr).addr()
}

impl SymbolTable {
    /// The block of the whole source.
    pub(crate) const TOP: BlockId = BlockId(0);

    /// Builds and analyses the table.
    ///
    /// # Errors
    /// Names that are declared in contradictory ways, duplicate parameters, `import *` inside
    /// a function; too deep nesting is a `RecursionError`.
    pub(crate) fn new(
        root: &Mod,
        interner: &mut Interner,
        filename: &str,
        warnings: &mut Vec<Warning>,
    ) -> Result<SymbolTable, Box<CompileError>> {
        let mut table = build::build(root, interner, filename, warnings)?;
        analyze::analyze(&mut table, interner, filename)?;
        Ok(table)
    }

    pub(crate) fn block(&self, id: BlockId) -> &Block {
        &self.blocks[id.0 as usize]
    }

    fn block_mut(&mut self, id: BlockId) -> &mut Block {
        &mut self.blocks[id.0 as usize]
    }

    /// The block that a node makes; see [`stmt_key`] and [`expr_key`].
    pub(crate) fn find(&self, key: usize) -> Option<BlockId> {
        self.by_node.get(&key).copied()
    }
}

impl Block {
    /// Where `name` (mangled) lives, if it occurs in the block.
    pub(crate) fn scope(&self, name: Symbol) -> Option<Scope> {
        self.symbols.get(name).map(|info| info.scope)
    }
}

/// A syntax error on a line, without a column: CPython 3.5 loses the column of the errors that
/// its symbol table raises.
fn error_on_line(message: String, filename: &str, line: u32) -> Box<CompileError> {
    Box::new(CompileError {
        line: Some(line),
        ..CompileError::without_position(ErrorKind::SyntaxError, message, filename)
    })
}
