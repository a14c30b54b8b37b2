//! First pass of the symbol table: walks over the statements and records every name.
//!
//! The order of the walk is CPython's, because it decides which warnings and errors come
//! first. Source: CPython 3.5 `symtable_visit_stmt` and its neighbours in `Python/symtable.c`.

use std::collections::HashMap;

use crate::ast::{Alias, Arguments, ExceptHandler, Expr, ExprKind, FunctionDef, Mod, Stmt};
use crate::ast::{StmtKind, WithItem};
use crate::error::{CompileError, ErrorKind, Warning, WarningKind};
use crate::interner::{Interner, Symbol};
use crate::mangle::mangle;
use crate::symbol_map::SymbolMap;

use super::uses::{DEF_ANNOT, DEF_GLOBAL, DEF_IMPORT, DEF_LOCAL, DEF_NONLOCAL, DEF_PARAM, USE};
use super::{Block, BlockId, BlockKind, Scope, SymbolInfo, SymbolTable, error_on_line, stmt_key};

/// How deep statements and expressions may nest: three times CPython's recursion limit.
const RECURSION_LIMIT: u32 = 3000;

/// Bytes of a warning's text that CPython keeps.
const LONGEST_WARNING: usize = 255;

pub(super) type Result<T> = std::result::Result<T, Box<CompileError>>;

/// Collects the names of all blocks.
pub(super) fn build(
    root: &Mod,
    interner: &mut Interner,
    filename: &str,
    warnings: &mut Vec<Warning>,
) -> Result<SymbolTable> {
    let well_known = WellKnown {
        super_: interner.intern("super"),
        class: interner.intern("__class__"),
        iterable: interner.intern(".0"),
        star: interner.intern("*"),
    };
    let mut builder = Builder {
        table: SymbolTable {
            blocks: Vec::new(),
            by_node: HashMap::default(),
        },
        stack: Vec::new(),
        current: SymbolTable::TOP,
        private: None,
        depth: 0,
        well_known,
        interner,
        filename,
        warnings,
    };
    builder.enter(None, BlockKind::Module, std::ptr::from_ref(root).addr(), 0);
    match root {
        Mod::Module(body) | Mod::Interactive(body) => builder.stmts(body)?,
        Mod::Expression(body) => builder.expr(body)?,
    }
    Ok(builder.table)
}

/// Identifiers that the walk itself introduces or looks for.
pub(super) struct WellKnown {
    pub(super) super_: Symbol,
    pub(super) class: Symbol,
    pub(super) iterable: Symbol,
    pub(super) star: Symbol,
}

pub(super) struct Builder<'a> {
    pub(super) table: SymbolTable,
    /// The blocks around the current one, from the module inwards.
    pub(super) stack: Vec<BlockId>,
    pub(super) current: BlockId,
    /// The class whose name mangles private names.
    pub(super) private: Option<Symbol>,
    depth: u32,
    pub(super) well_known: WellKnown,
    pub(super) interner: &'a mut Interner,
    pub(super) filename: &'a str,
    warnings: &'a mut Vec<Warning>,
}

impl Builder<'_> {
    pub(super) fn enter(&mut self, name: Option<Symbol>, kind: BlockKind, key: usize, lineno: u32) {
        // A block has at least one byte of source, so the count fits in 32 bits.
        let id = BlockId(self.table.blocks.len() as u32);
        let is_nested = id != SymbolTable::TOP && {
            let parent = self.table.block(self.current);
            parent.is_nested || parent.kind == BlockKind::Function
        };
        self.table.blocks.push(Block {
            kind,
            name,
            lineno,
            symbols: SymbolMap::default(),
            varnames: Vec::new(),
            children: Vec::new(),
            directives: Vec::new(),
            is_nested,
            is_generator: false,
            has_yield: false,
            is_coroutine: false,
            is_comprehension: false,
            has_varargs: false,
            has_varkeywords: false,
            needs_class_closure: false,
            has_annotations: false,
        });
        self.table.by_node.insert(key, id);
        if id != SymbolTable::TOP {
            self.stack.push(self.current);
            self.block().children.push(id);
        }
        self.current = id;
    }

    pub(super) fn exit(&mut self) {
        if let Some(outer) = self.stack.pop() {
            self.current = outer;
        }
    }

    pub(super) fn block(&mut self) -> &mut Block {
        self.table.block_mut(self.current)
    }

    pub(super) fn error<T>(&self, message: String, line: u32) -> Result<T> {
        Err(error_on_line(message, self.filename, line))
    }

    /// One level deeper in the tree.
    pub(super) fn descend(&mut self) -> Result<()> {
        self.depth += 1;
        if self.depth > RECURSION_LIMIT {
            return Err(Box::new(CompileError::without_position(
                ErrorKind::RecursionError,
                "maximum recursion depth exceeded during compilation",
                self.filename,
            )));
        }
        Ok(())
    }

    pub(super) fn ascend(&mut self) {
        self.depth -= 1;
    }

    /// Records a use of `name` in the current block.
    pub(super) fn add(&mut self, name: Symbol, uses: u16) -> Result<()> {
        let mangled = mangle(self.interner, self.private, name);
        let block = self.table.block_mut(self.current);
        let fresh = SymbolInfo {
            uses: 0,
            scope: Scope::Unknown,
        };
        let info = block.symbols.entry(mangled, fresh);
        if uses & DEF_PARAM != 0 {
            if info.uses & DEF_PARAM != 0 {
                let line = block.lineno;
                let name = self.interner.name(name);
                let message = format!("duplicate argument '{name}' in function definition");
                return self.error(message, line);
            }
            block.varnames.push(mangled);
        }
        info.uses |= uses;
        if uses & DEF_GLOBAL != 0 {
            // The module learns of it: its own uses of the name become explicit globals.
            let module = self.table.block_mut(SymbolTable::TOP);
            module.symbols.entry(mangled, fresh).uses |= DEF_GLOBAL;
        }
        Ok(())
    }

    /// What the current block has said of `name` so far.
    pub(super) fn lookup(&mut self, name: Symbol) -> u16 {
        let mangled = mangle(self.interner, self.private, name);
        let block = self.table.block(self.current);
        block.symbols.get(mangled).map_or(0, |info| info.uses)
    }

    fn stmts(&mut self, stmts: &[Stmt]) -> Result<()> {
        stmts.iter().try_for_each(|stmt| self.stmt(stmt))
    }

    fn stmt(&mut self, stmt: &Stmt) -> Result<()> {
        self.descend()?;
        match &stmt.kind {
            StmtKind::FunctionDef(def) => self.function(stmt, def, false)?,
            StmtKind::AsyncFunctionDef(def) => self.function(stmt, def, true)?,
            StmtKind::ClassDef(class) => {
                self.add(class.name, DEF_LOCAL)?;
                self.exprs(&class.bases)?;
                for keyword in &class.keywords {
                    self.expr(&keyword.value)?;
                }
                self.exprs(&class.decorator_list)?;
                self.enter(
                    Some(class.name),
                    BlockKind::Class,
                    stmt_key(stmt),
                    stmt.lineno,
                );
                let outer = self.private.replace(class.name);
                self.stmts(&class.body)?;
                self.private = outer;
                self.exit();
            }
            StmtKind::Return(value) => self.optional(value.as_deref())?,
            StmtKind::Delete(targets) => self.exprs(targets)?,
            StmtKind::Assign { targets, value } => {
                self.exprs(targets)?;
                self.expr(value)?;
            }
            StmtKind::AugAssign { target, value, .. } => {
                self.expr(target)?;
                self.expr(value)?;
            }
            StmtKind::AnnAssign {
                target,
                annotation,
                value,
                simple,
            } => self.annotated(stmt, target, annotation, value.as_deref(), *simple)?,
            StmtKind::For(node) | StmtKind::AsyncFor(node) => {
                self.expr(&node.target)?;
                self.expr(&node.iter)?;
                self.stmts(&node.body)?;
                self.stmts(&node.orelse)?;
            }
            StmtKind::While { test, body, orelse } | StmtKind::If { test, body, orelse } => {
                self.expr(test)?;
                self.stmts(body)?;
                self.stmts(orelse)?;
            }
            StmtKind::With { items, body } | StmtKind::AsyncWith { items, body } => {
                self.with_items(items)?;
                self.stmts(body)?;
            }
            StmtKind::Raise { exc, cause } => {
                self.optional(exc.as_deref())?;
                self.optional(cause.as_deref())?;
            }
            StmtKind::Try(node) => {
                self.stmts(&node.body)?;
                self.stmts(&node.orelse)?;
                for handler in &node.handlers {
                    self.handler(handler)?;
                }
                self.stmts(&node.finalbody)?;
            }
            StmtKind::Assert { test, msg } => {
                self.expr(test)?;
                self.optional(msg.as_deref())?;
            }
            StmtKind::Import(names) | StmtKind::ImportFrom { names, .. } => {
                for alias in names {
                    self.alias(alias)?;
                }
            }
            StmtKind::Global(names) => self.directive(stmt, names, DEF_GLOBAL, "global")?,
            StmtKind::Nonlocal(names) => self.directive(stmt, names, DEF_NONLOCAL, "nonlocal")?,
            StmtKind::Expr(value) => self.expr(value)?,
            StmtKind::Pass | StmtKind::Break | StmtKind::Continue => {}
        }
        self.ascend();
        Ok(())
    }

    fn function(&mut self, stmt: &Stmt, def: &FunctionDef, is_async: bool) -> Result<()> {
        self.add(def.name, DEF_LOCAL)?;
        self.defaults(&def.args)?;
        self.annotations(&def.args, def.returns.as_deref())?;
        self.exprs(&def.decorator_list)?;
        self.enter(
            Some(def.name),
            BlockKind::Function,
            stmt_key(stmt),
            stmt.lineno,
        );
        self.block().is_coroutine = is_async;
        self.parameters(&def.args)?;
        self.stmts(&def.body)?;
        self.exit();
        Ok(())
    }

    pub(super) fn defaults(&mut self, args: &Arguments) -> Result<()> {
        self.exprs(&args.defaults)?;
        let given = args.kw_defaults.iter().flatten();
        given.into_iter().try_for_each(|value| self.expr(value))
    }

    fn annotations(&mut self, args: &Arguments, returns: Option<&Expr>) -> Result<()> {
        let positional = args.posonlyargs.iter().chain(&args.args);
        let starred = args.vararg.iter().chain(&args.kwarg).map(|arg| &**arg);
        for arg in positional.chain(starred).chain(&args.kwonlyargs) {
            self.optional(arg.annotation.as_deref())?;
        }
        self.optional(returns)
    }

    /// Enters the parameters, in the order of their slots, into the current block.
    pub(super) fn parameters(&mut self, args: &Arguments) -> Result<()> {
        let named = args.posonlyargs.iter().chain(&args.args);
        for arg in named.chain(&args.kwonlyargs) {
            self.add(arg.arg, DEF_PARAM)?;
        }
        if let Some(arg) = &args.vararg {
            self.add(arg.arg, DEF_PARAM)?;
            self.block().has_varargs = true;
        }
        if let Some(arg) = &args.kwarg {
            self.add(arg.arg, DEF_PARAM)?;
            self.block().has_varkeywords = true;
        }
        Ok(())
    }

    fn annotated(
        &mut self,
        stmt: &Stmt,
        target: &Expr,
        annotation: &Expr,
        value: Option<&Expr>,
        simple: bool,
    ) -> Result<()> {
        self.block().has_annotations = true;
        match &target.kind {
            ExprKind::Name { id, .. } => {
                let declared = self.lookup(*id);
                if simple && declared & (DEF_GLOBAL | DEF_NONLOCAL) != 0 {
                    let kind = if declared & DEF_GLOBAL != 0 {
                        "global"
                    } else {
                        "nonlocal"
                    };
                    let name = self.interner.name(*id);
                    let message = format!("annotated name '{name}' can't be {kind}");
                    return self.error(message, stmt.lineno);
                }
                if simple {
                    self.add(*id, DEF_ANNOT | DEF_LOCAL)?;
                } else if value.is_some() {
                    self.add(*id, DEF_LOCAL)?;
                }
            }
            _ => self.expr(target)?,
        }
        self.expr(annotation)?;
        self.optional(value)
    }

    fn with_items(&mut self, items: &[WithItem]) -> Result<()> {
        for item in items {
            self.expr(&item.context_expr)?;
            self.optional(item.optional_vars.as_deref())?;
        }
        Ok(())
    }

    fn handler(&mut self, handler: &ExceptHandler) -> Result<()> {
        self.optional(handler.typ.as_deref())?;
        if let Some(name) = handler.name {
            self.add(name, DEF_LOCAL)?;
        }
        self.stmts(&handler.body)
    }

    fn alias(&mut self, alias: &Alias) -> Result<()> {
        let name = alias.asname.unwrap_or(alias.name);
        if name == self.well_known.star {
            if self.block().kind != BlockKind::Module {
                let line = self.block().lineno;
                return self.error("import * only allowed at module level".to_owned(), line);
            }
            return Ok(());
        }
        // `import a.b` binds `a`.
        let text = self.interner.name(name);
        let stored = match text.find('.') {
            Some(dot) => {
                let first = text[..dot].to_owned();
                self.interner.intern(&first)
            }
            None => name,
        };
        self.add(stored, DEF_IMPORT)
    }

    fn directive(&mut self, stmt: &Stmt, names: &[Symbol], uses: u16, word: &str) -> Result<()> {
        for &name in names {
            let so_far = self.lookup(name);
            if so_far & (DEF_LOCAL | USE) != 0 {
                let text = self.interner.name(name);
                let what = if so_far & DEF_LOCAL != 0 {
                    "assigned to before"
                } else {
                    "used prior to"
                };
                let mut message = format!("name '{text}' is {what} {word} declaration");
                message.truncate(message.floor_char_boundary(LONGEST_WARNING));
                // CPython passes the position of the block on.
                let error_line = Some(self.block().lineno);
                self.warnings.push(Warning {
                    kind: WarningKind::SyntaxWarning,
                    message,
                    filename: self.filename.to_owned(),
                    line: stmt.lineno,
                    error_line,
                });
            }
            self.add(name, uses)?;
            self.block().directives.push((name, stmt.lineno));
        }
        Ok(())
    }
}
