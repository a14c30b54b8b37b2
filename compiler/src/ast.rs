//! The abstract syntax tree: CPython 3.5's `Parser/Python.asdl` by name, plus the newer
//! nodes that the default dialect accepts.
//!
//! The parser makes it, the syntax checks, symbol table and code generator read it. Line
//! numbers are CPython 3.5's own (they reach `co_lnotab`), from 1; `col_offset` counts UTF-8
//! bytes from 0, as CPython's does. Identifiers are [`Symbol`]s *before* name mangling.
//! Deep trees recurse in `Drop`: drop them on the thread that compiled them.

use num_bigint::BigInt;
use rustpython_wtf8::Wtf8Buf;

use crate::interner::{Interner, Symbol};

/// A parsed source: the tree and the identifiers in it.
#[derive(Debug)]
pub struct Ast {
    /// The tree.
    pub root: Mod,
    /// The identifiers.
    pub interner: Interner,
}

/// The root of a tree, by compilation mode.
#[derive(Debug)]
pub enum Mod {
    /// `exec`: a file.
    Module(Vec<Stmt>),
    /// `single`: one interactive statement.
    Interactive(Vec<Stmt>),
    /// `eval`: one expression.
    Expression(Box<Expr>),
}

/// A statement.
#[derive(Debug)]
pub struct Stmt {
    /// What it is.
    pub kind: StmtKind,
    /// Its line, from 1.
    pub lineno: u32,
    /// Its first column, in bytes from 0.
    pub col_offset: u32,
}

/// What a statement is. The fields are those of `Python.asdl`.
#[derive(Debug)]
pub enum StmtKind {
    /// `def`
    FunctionDef(Box<FunctionDef>),
    /// `async def`
    AsyncFunctionDef(Box<FunctionDef>),
    /// `class`
    ClassDef(Box<ClassDef>),
    /// `return`
    Return(Option<Box<Expr>>),
    /// `del`
    Delete(Vec<Expr>),
    /// `a = b = value`
    Assign {
        /// One for each `=`, from the left.
        targets: Vec<Expr>,
        /// The right-hand side.
        value: Box<Expr>,
    },
    /// `target op= value`
    AugAssign {
        /// Always with a `Store` context.
        target: Box<Expr>,
        /// The binary operator.
        op: Operator,
        /// The right-hand side.
        value: Box<Expr>,
    },
    /// `target: annotation = value` (newer dialect)
    AnnAssign {
        /// A name, attribute or subscript, with a `Store` context.
        target: Box<Expr>,
        /// The annotation.
        annotation: Box<Expr>,
        /// The value, if any.
        value: Option<Box<Expr>>,
        /// Whether the target is a bare name without parentheses.
        simple: bool,
    },
    /// `for`
    For(Box<For>),
    /// `async for`
    AsyncFor(Box<For>),
    /// `while`
    While {
        /// The condition.
        test: Box<Expr>,
        /// The body.
        body: Vec<Stmt>,
        /// The `else` part, or empty.
        orelse: Vec<Stmt>,
    },
    /// `if`; an `elif` is an `If` alone in `orelse`.
    If {
        /// The condition.
        test: Box<Expr>,
        /// The body.
        body: Vec<Stmt>,
        /// The `else` part, or empty.
        orelse: Vec<Stmt>,
    },
    /// `with`
    With {
        /// At least one item.
        items: Vec<WithItem>,
        /// The body.
        body: Vec<Stmt>,
    },
    /// `async with`
    AsyncWith {
        /// At least one item.
        items: Vec<WithItem>,
        /// The body.
        body: Vec<Stmt>,
    },
    /// `raise exc from cause`
    Raise {
        /// The exception.
        exc: Option<Box<Expr>>,
        /// The cause.
        cause: Option<Box<Expr>>,
    },
    /// `try`
    Try(Box<Try>),
    /// `assert test, msg`
    Assert {
        /// The condition.
        test: Box<Expr>,
        /// The message.
        msg: Option<Box<Expr>>,
    },
    /// `import a.b as c`
    Import(Vec<Alias>),
    /// `from module import names`
    ImportFrom {
        /// The dotted module name; `None` in `from . import x`.
        module: Option<Symbol>,
        /// What to import; `*` is the single name `*`.
        names: Vec<Alias>,
        /// How many leading dots.
        level: u32,
    },
    /// `global`
    Global(Vec<Symbol>),
    /// `nonlocal`
    Nonlocal(Vec<Symbol>),
    /// An expression as a statement.
    Expr(Box<Expr>),
    /// `pass`
    Pass,
    /// `break`
    Break,
    /// `continue`
    Continue,
}

/// `def` and `async def`.
#[derive(Debug)]
pub struct FunctionDef {
    /// The function's name.
    pub name: Symbol,
    /// The parameters.
    pub args: Arguments,
    /// The body, docstring included.
    pub body: Vec<Stmt>,
    /// From the outermost.
    pub decorator_list: Vec<Expr>,
    /// The `->` annotation.
    pub returns: Option<Box<Expr>>,
}

/// `class`.
#[derive(Debug)]
pub struct ClassDef {
    /// The class's name.
    pub name: Symbol,
    /// Positional bases; `*x` is a `Starred`.
    pub bases: Vec<Expr>,
    /// Keyword arguments; `**x` has no name.
    pub keywords: Vec<Keyword>,
    /// The body, docstring included.
    pub body: Vec<Stmt>,
    /// From the outermost.
    pub decorator_list: Vec<Expr>,
}

/// `for` and `async for`.
#[derive(Debug)]
pub struct For {
    /// The loop variable, with a `Store` context.
    pub target: Expr,
    /// What is iterated over.
    pub iter: Expr,
    /// The body.
    pub body: Vec<Stmt>,
    /// The `else` part, or empty.
    pub orelse: Vec<Stmt>,
}

/// `try`.
#[derive(Debug)]
pub struct Try {
    /// The body.
    pub body: Vec<Stmt>,
    /// The `except` clauses.
    pub handlers: Vec<ExceptHandler>,
    /// The `else` part, or empty.
    pub orelse: Vec<Stmt>,
    /// The `finally` part, or empty.
    pub finalbody: Vec<Stmt>,
}

/// `except type as name:`
#[derive(Debug)]
pub struct ExceptHandler {
    /// The class or classes; `None` catches all.
    pub typ: Option<Box<Expr>>,
    /// The name that is bound.
    pub name: Option<Symbol>,
    /// The body.
    pub body: Vec<Stmt>,
    /// The line of `except`.
    pub lineno: u32,
    /// The column of `except`.
    pub col_offset: u32,
}

/// `context_expr as optional_vars`
#[derive(Debug)]
pub struct WithItem {
    /// The context manager.
    pub context_expr: Expr,
    /// What `__enter__`'s result is stored to.
    pub optional_vars: Option<Box<Expr>>,
}

/// `name as asname`; `name` may be dotted, or `*`.
#[derive(Debug)]
pub struct Alias {
    /// What is imported.
    pub name: Symbol,
    /// The name it is bound to, if given.
    pub asname: Option<Symbol>,
}

/// Parameters of a function or lambda.
#[derive(Debug, Default)]
pub struct Arguments {
    /// Positional-only parameters (newer dialect).
    pub posonlyargs: Vec<Arg>,
    /// Positional parameters.
    pub args: Vec<Arg>,
    /// `*args`
    pub vararg: Option<Box<Arg>>,
    /// Keyword-only parameters.
    pub kwonlyargs: Vec<Arg>,
    /// One for each keyword-only parameter.
    pub kw_defaults: Vec<Option<Expr>>,
    /// `**kwargs`
    pub kwarg: Option<Box<Arg>>,
    /// Defaults of the last positional parameters.
    pub defaults: Vec<Expr>,
}

/// One parameter.
#[derive(Debug)]
pub struct Arg {
    /// The parameter's name.
    pub arg: Symbol,
    /// Its annotation.
    pub annotation: Option<Box<Expr>>,
    /// Its line.
    pub lineno: u32,
    /// Its column.
    pub col_offset: u32,
}

/// `arg=value`, or `**value` without a name.
#[derive(Debug)]
pub struct Keyword {
    /// The keyword.
    pub arg: Option<Symbol>,
    /// The value.
    pub value: Expr,
}

/// `for target in iter if ...` inside a comprehension.
#[derive(Debug)]
pub struct Comprehension {
    /// With a `Store` context.
    pub target: Expr,
    /// What is iterated over.
    pub iter: Expr,
    /// The conditions.
    pub ifs: Vec<Expr>,
    /// `async for` (newer dialect).
    pub is_async: bool,
}

/// An expression.
#[derive(Debug)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Its line, from 1, as CPython 3.5 counts.
    pub lineno: u32,
    /// Its column, in bytes from 0.
    pub col_offset: u32,
}

/// What an expression is. The fields are those of `Python.asdl`.
#[derive(Debug)]
pub enum ExprKind {
    /// `a and b and c`: at least two values.
    BoolOp {
        /// `and` or `or`.
        op: BoolOp,
        /// The operands.
        values: Vec<Expr>,
    },
    /// `target := value` (newer dialect)
    NamedExpr {
        /// A name with a `Store` context.
        target: Box<Expr>,
        /// The value.
        value: Box<Expr>,
    },
    /// `left op right`
    BinOp {
        /// The left operand.
        left: Box<Expr>,
        /// The operator.
        op: Operator,
        /// The right operand.
        right: Box<Expr>,
    },
    /// `op operand`
    UnaryOp {
        /// The operator.
        op: UnaryOp,
        /// The operand.
        operand: Box<Expr>,
    },
    /// `lambda args: body`
    Lambda {
        /// The parameters.
        args: Box<Arguments>,
        /// The result.
        body: Box<Expr>,
    },
    /// `body if test else orelse`
    IfExp {
        /// The condition.
        test: Box<Expr>,
        /// If true.
        body: Box<Expr>,
        /// If false.
        orelse: Box<Expr>,
    },
    /// `{k: v, **mapping}`
    Dict {
        /// `None` stands for `**` before the value.
        keys: Vec<Option<Expr>>,
        /// As many as keys.
        values: Vec<Expr>,
    },
    /// `{a, b}`
    Set(Vec<Expr>),
    /// `[elt for ...]`
    ListComp {
        /// The element.
        elt: Box<Expr>,
        /// From the outermost loop; at least one.
        generators: Vec<Comprehension>,
    },
    /// `{elt for ...}`
    SetComp {
        /// The element.
        elt: Box<Expr>,
        /// From the outermost loop; at least one.
        generators: Vec<Comprehension>,
    },
    /// `{key: value for ...}`
    DictComp {
        /// The key.
        key: Box<Expr>,
        /// The value.
        value: Box<Expr>,
        /// From the outermost loop; at least one.
        generators: Vec<Comprehension>,
    },
    /// `(elt for ...)`
    GeneratorExp {
        /// The element.
        elt: Box<Expr>,
        /// From the outermost loop; at least one.
        generators: Vec<Comprehension>,
    },
    /// `await value`
    Await(Box<Expr>),
    /// `yield value`
    Yield(Option<Box<Expr>>),
    /// `yield from value`
    YieldFrom(Box<Expr>),
    /// `left op comparator op comparator ...`
    Compare {
        /// The first operand.
        left: Box<Expr>,
        /// The operators.
        ops: Vec<CmpOp>,
        /// As many as operators.
        comparators: Vec<Expr>,
    },
    /// `func(args, keywords)`
    Call {
        /// What is called.
        func: Box<Expr>,
        /// Positional arguments; `*x` is a `Starred`.
        args: Vec<Expr>,
        /// Keyword arguments; `**x` has no name.
        keywords: Vec<Keyword>,
    },
    /// A numeric literal.
    Num(Number),
    /// A string literal, or several in a row.
    Str(Wtf8Buf),
    /// `f'{a}b'` (newer dialect): `Str` and `FormattedValue` parts.
    JoinedStr(Vec<Expr>),
    /// `{value!r:spec}` inside a `JoinedStr` (newer dialect).
    FormattedValue {
        /// The expression.
        value: Box<Expr>,
        /// `!s`, `!r`, `!a` or nothing.
        conversion: Conversion,
        /// A `JoinedStr` or `Str`.
        format_spec: Option<Box<Expr>>,
    },
    /// A bytes literal, or several in a row.
    Bytes(Vec<u8>),
    /// `None`, `True` or `False`.
    NameConstant(NameConstant),
    /// `...`
    Ellipsis,
    /// `value.attr`
    Attribute {
        /// The object.
        value: Box<Expr>,
        /// The attribute's name.
        attr: Symbol,
        /// How it is used.
        ctx: ExprContext,
    },
    /// `value[slice]`
    Subscript {
        /// The object.
        value: Box<Expr>,
        /// The index.
        slice: Box<Slice>,
        /// How it is used.
        ctx: ExprContext,
    },
    /// `*value`
    Starred {
        /// The iterable or the target.
        value: Box<Expr>,
        /// How it is used.
        ctx: ExprContext,
    },
    /// An identifier.
    Name {
        /// The identifier.
        id: Symbol,
        /// How it is used.
        ctx: ExprContext,
    },
    /// `[a, b]`
    List {
        /// The items.
        elts: Vec<Expr>,
        /// How it is used.
        ctx: ExprContext,
    },
    /// `(a, b)`
    Tuple {
        /// The items.
        elts: Vec<Expr>,
        /// How it is used.
        ctx: ExprContext,
    },
}

/// A numeric literal's value.
#[derive(Debug, Clone, PartialEq)]
pub enum Number {
    /// `int`
    Int(BigInt),
    /// `float`
    Float(f64),
    /// An imaginary literal: its imaginary part.
    Imaginary(f64),
}

/// `None`, `True` or `False`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameConstant {
    /// `None`
    None,
    /// `True`
    True,
    /// `False`
    False,
}

/// The conversion of a replacement field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conversion {
    /// Nothing given.
    None,
    /// `!s`
    Str,
    /// `!r`
    Repr,
    /// `!a`
    Ascii,
}

/// How a name, attribute, subscript, list, tuple or starred expression is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExprContext {
    /// Its value is taken.
    Load,
    /// It is assigned to.
    Store,
    /// It is deleted.
    Del,
}

/// What stands between the brackets of a subscript.
#[derive(Debug)]
pub enum Slice {
    /// `lower:upper:step`
    Slice {
        /// Start.
        lower: Option<Expr>,
        /// End.
        upper: Option<Expr>,
        /// Step.
        step: Option<Expr>,
    },
    /// Several dimensions of which at least one is a `Slice`.
    ExtSlice(Vec<Slice>),
    /// A plain expression.
    Index(Expr),
}

/// `and`, `or`
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoolOp {
    /// `and`
    And,
    /// `or`
    Or,
}

/// Binary operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Sub,
    /// `*`
    Mult,
    /// `@`
    MatMult,
    /// `/`
    Div,
    /// `%`
    Mod,
    /// `**`
    Pow,
    /// `<<`
    LShift,
    /// `>>`
    RShift,
    /// `|`
    BitOr,
    /// `^`
    BitXor,
    /// `&`
    BitAnd,
    /// `//`
    FloorDiv,
}

/// Unary operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnaryOp {
    /// `~`
    Invert,
    /// `not`
    Not,
    /// `+`
    UAdd,
    /// `-`
    USub,
}

/// Comparison operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CmpOp {
    /// `==`
    Eq,
    /// `!=`
    NotEq,
    /// `<`
    Lt,
    /// `<=`
    LtE,
    /// `>`
    Gt,
    /// `>=`
    GtE,
    /// `is`
    Is,
    /// `is not`
    IsNot,
    /// `in`
    In,
    /// `not in`
    NotIn,
}
