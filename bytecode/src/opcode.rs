//! The opcode table: numbers, names, operand kinds and stack effects of CPython 3.5.
//!
//! One row an opcode; the enum, the names and the categories all expand from it. The last
//! rows are an extension: opcodes of CPython 3.6 that the default dialect needs, under
//! CPython 3.6's numbers, which are free in 3.5. The 3.5 dialect never emits them.
//! Source: CPython 3.5.1 `Lib/opcode.py`, `PyCompile_OpcodeStackEffect` in `Python/compile.c`.

/// Opcodes from this number on have a two-byte operand.
pub const HAVE_ARGUMENT: u8 = 90;

/// What the operand of an opcode means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operand {
    /// There is none.
    None,
    /// A plain number.
    Number,
    /// An index into `co_consts`.
    Const,
    /// An index into `co_names`.
    Name,
    /// An index into `co_varnames`.
    Local,
    /// An index into `co_cellvars` followed by `co_freevars`.
    Free,
    /// A distance in bytes from the next instruction.
    JumpRelative,
    /// A byte offset in the code.
    JumpAbsolute,
    /// An index into [`COMPARE_OPERATORS`].
    Compare,
    /// Low byte: positional arguments; high byte: keyword pairs.
    ArgCount,
}

/// The operators of `COMPARE_OP`, by operand.
pub const COMPARE_OPERATORS: [&str; 12] = [
    "<",
    "<=",
    "==",
    "!=",
    ">",
    ">=",
    "in",
    "not in",
    "is",
    "is not",
    "exception match",
    "BAD",
];

macro_rules! opcodes {
    ($($(#[$doc:meta])* $number:literal $name:ident $variant:ident $operand:ident;)*) => {
        /// An opcode; the discriminant is its byte in `co_code`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum Opcode {
            $($(#[$doc])* $variant = $number,)*
        }

        impl Opcode {
            /// Every opcode, by number.
            pub const ALL: &'static [Opcode] = &[$(Opcode::$variant,)*];

            /// The opcode with this byte, if there is one.
            #[inline]
            #[must_use]
            pub const fn from_u8(byte: u8) -> Option<Opcode> {
                match byte {
                    $($number => Some(Opcode::$variant),)*
                    _ => None,
                }
            }

            /// CPython's name, such as `LOAD_FAST`.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $(Opcode::$variant => stringify!($name),)*
                }
            }

            /// What the operand means.
            #[inline]
            #[must_use]
            pub const fn operand(self) -> Operand {
                match self {
                    $(Opcode::$variant => Operand::$operand,)*
                }
            }
        }
    };
}

opcodes! {
    /// Drops the top.
    1 POP_TOP PopTop None;
    /// Swaps the two topmost values.
    2 ROT_TWO RotTwo None;
    /// Moves the top below the two values under it.
    3 ROT_THREE RotThree None;
    /// Pushes the top again.
    4 DUP_TOP DupTop None;
    /// Pushes the two topmost values again.
    5 DUP_TOP_TWO DupTopTwo None;
    /// Does nothing.
    9 NOP Nop None;
    /// `+x`
    10 UNARY_POSITIVE UnaryPositive None;
    /// `-x`
    11 UNARY_NEGATIVE UnaryNegative None;
    /// `not x`
    12 UNARY_NOT UnaryNot None;
    /// `~x`
    15 UNARY_INVERT UnaryInvert None;
    /// `x @ y`
    16 BINARY_MATRIX_MULTIPLY BinaryMatrixMultiply None;
    /// `x @= y`
    17 INPLACE_MATRIX_MULTIPLY InplaceMatrixMultiply None;
    /// `x ** y`
    19 BINARY_POWER BinaryPower None;
    /// `x * y`
    20 BINARY_MULTIPLY BinaryMultiply None;
    /// `x % y`
    22 BINARY_MODULO BinaryModulo None;
    /// `x + y`
    23 BINARY_ADD BinaryAdd None;
    /// `x - y`
    24 BINARY_SUBTRACT BinarySubtract None;
    /// `x[y]`
    25 BINARY_SUBSCR BinarySubscr None;
    /// `x // y`
    26 BINARY_FLOOR_DIVIDE BinaryFloorDivide None;
    /// `x / y`
    27 BINARY_TRUE_DIVIDE BinaryTrueDivide None;
    /// `x //= y`
    28 INPLACE_FLOOR_DIVIDE InplaceFloorDivide None;
    /// `x /= y`
    29 INPLACE_TRUE_DIVIDE InplaceTrueDivide None;
    /// Replaces an asynchronous iterable by what its `__aiter__` gives.
    50 GET_AITER GetAiter None;
    /// Pushes the awaitable of the next item of an asynchronous iterator.
    51 GET_ANEXT GetAnext None;
    /// Pushes `__aexit__` and calls `__aenter__`.
    52 BEFORE_ASYNC_WITH BeforeAsyncWith None;
    /// `x += y`
    55 INPLACE_ADD InplaceAdd None;
    /// `x -= y`
    56 INPLACE_SUBTRACT InplaceSubtract None;
    /// `x *= y`
    57 INPLACE_MULTIPLY InplaceMultiply None;
    /// `x %= y`
    59 INPLACE_MODULO InplaceModulo None;
    /// `x[y] = z`
    60 STORE_SUBSCR StoreSubscr None;
    /// `del x[y]`
    61 DELETE_SUBSCR DeleteSubscr None;
    /// `x << y`
    62 BINARY_LSHIFT BinaryLshift None;
    /// `x >> y`
    63 BINARY_RSHIFT BinaryRshift None;
    /// `x & y`
    64 BINARY_AND BinaryAnd None;
    /// `x ^ y`
    65 BINARY_XOR BinaryXor None;
    /// `x | y`
    66 BINARY_OR BinaryOr None;
    /// `x **= y`
    67 INPLACE_POWER InplacePower None;
    /// `iter(x)`
    68 GET_ITER GetIter None;
    /// The iterator that `yield from` delegates to.
    69 GET_YIELD_FROM_ITER GetYieldFromIter None;
    /// Shows an expression statement's value (interactive mode).
    70 PRINT_EXPR PrintExpr None;
    /// Pushes `builtins.__build_class__`.
    71 LOAD_BUILD_CLASS LoadBuildClass None;
    /// Sends the top to the iterator below until that ends.
    72 YIELD_FROM YieldFrom None;
    /// Replaces the top by its awaitable iterator.
    73 GET_AWAITABLE GetAwaitable None;
    /// `x <<= y`
    75 INPLACE_LSHIFT InplaceLshift None;
    /// `x >>= y`
    76 INPLACE_RSHIFT InplaceRshift None;
    /// `x &= y`
    77 INPLACE_AND InplaceAnd None;
    /// `x ^= y`
    78 INPLACE_XOR InplaceXor None;
    /// `x |= y`
    79 INPLACE_OR InplaceOr None;
    /// Leaves the innermost loop.
    80 BREAK_LOOP BreakLoop None;
    /// Calls `__exit__` at the end of a `with` statement.
    81 WITH_CLEANUP_START WithCleanupStart None;
    /// Looks at what `__exit__` gave.
    82 WITH_CLEANUP_FINISH WithCleanupFinish None;
    /// Returns the top to the caller.
    83 RETURN_VALUE ReturnValue None;
    /// `from x import *`
    84 IMPORT_STAR ImportStar None;
    /// Extension (3.6): makes `__annotations__` in the local namespace if it is missing.
    85 SETUP_ANNOTATIONS SetupAnnotations None;
    /// Hands the top to the caller of a generator.
    86 YIELD_VALUE YieldValue None;
    /// Removes the innermost block.
    87 POP_BLOCK PopBlock None;
    /// Ends a `finally` clause: goes on with what was interrupted.
    88 END_FINALLY EndFinally None;
    /// Ends an `except` clause: restores the previous exception.
    89 POP_EXCEPT PopExcept None;
    /// Binds a name in the local namespace.
    90 STORE_NAME StoreName Name;
    /// Unbinds a name in the local namespace.
    91 DELETE_NAME DeleteName Name;
    /// Unpacks an iterable into exactly so many values.
    92 UNPACK_SEQUENCE UnpackSequence Number;
    /// Pushes the next item or pops the iterator and jumps.
    93 FOR_ITER ForIter JumpRelative;
    /// Unpacks with a starred target: low byte before it, rest after it.
    94 UNPACK_EX UnpackEx Number;
    /// `x.name = y`
    95 STORE_ATTR StoreAttr Name;
    /// `del x.name`
    96 DELETE_ATTR DeleteAttr Name;
    /// Binds a global name.
    97 STORE_GLOBAL StoreGlobal Name;
    /// Unbinds a global name.
    98 DELETE_GLOBAL DeleteGlobal Name;
    /// Pushes a constant.
    100 LOAD_CONST LoadConst Const;
    /// Pushes the value of a name: local, global or builtin.
    101 LOAD_NAME LoadName Name;
    /// Makes a tuple.
    102 BUILD_TUPLE BuildTuple Number;
    /// Makes a list.
    103 BUILD_LIST BuildList Number;
    /// Makes a set.
    104 BUILD_SET BuildSet Number;
    /// Makes a dict of so many pairs.
    105 BUILD_MAP BuildMap Number;
    /// `x.name`
    106 LOAD_ATTR LoadAttr Name;
    /// Compares.
    107 COMPARE_OP CompareOp Compare;
    /// Imports a module.
    108 IMPORT_NAME ImportName Name;
    /// Gets a name from the module on the top.
    109 IMPORT_FROM ImportFrom Name;
    /// Jumps forward.
    110 JUMP_FORWARD JumpForward JumpRelative;
    /// Jumps if the top is false, else pops it.
    111 JUMP_IF_FALSE_OR_POP JumpIfFalseOrPop JumpAbsolute;
    /// Jumps if the top is true, else pops it.
    112 JUMP_IF_TRUE_OR_POP JumpIfTrueOrPop JumpAbsolute;
    /// Jumps.
    113 JUMP_ABSOLUTE JumpAbsolute JumpAbsolute;
    /// Pops; jumps if it was false.
    114 POP_JUMP_IF_FALSE PopJumpIfFalse JumpAbsolute;
    /// Pops; jumps if it was true.
    115 POP_JUMP_IF_TRUE PopJumpIfTrue JumpAbsolute;
    /// Pushes the value of a global or builtin name.
    116 LOAD_GLOBAL LoadGlobal Name;
    /// Goes on with a loop from inside a `try`.
    119 CONTINUE_LOOP ContinueLoop JumpAbsolute;
    /// Pushes a loop block.
    120 SETUP_LOOP SetupLoop JumpRelative;
    /// Pushes a block for `except` clauses.
    121 SETUP_EXCEPT SetupExcept JumpRelative;
    /// Pushes a block for a `finally` clause.
    122 SETUP_FINALLY SetupFinally JumpRelative;
    /// Pushes a local.
    124 LOAD_FAST LoadFast Local;
    /// Binds a local.
    125 STORE_FAST StoreFast Local;
    /// Unbinds a local.
    126 DELETE_FAST DeleteFast Local;
    /// `raise` with 0, 1 or 2 values.
    130 RAISE_VARARGS RaiseVarargs Number;
    /// Calls a function.
    131 CALL_FUNCTION CallFunction ArgCount;
    /// Makes a function: defaults, keyword-only defaults (8 bits each), annotations (upper 16).
    132 MAKE_FUNCTION MakeFunction Number;
    /// Makes a slice of two or three values.
    133 BUILD_SLICE BuildSlice Number;
    /// As `MAKE_FUNCTION`, with a tuple of cells.
    134 MAKE_CLOSURE MakeClosure Number;
    /// Pushes a cell.
    135 LOAD_CLOSURE LoadClosure Free;
    /// Pushes the contents of a cell.
    136 LOAD_DEREF LoadDeref Free;
    /// Fills a cell.
    137 STORE_DEREF StoreDeref Free;
    /// Empties a cell.
    138 DELETE_DEREF DeleteDeref Free;
    /// Calls with `*args`.
    140 CALL_FUNCTION_VAR CallFunctionVar ArgCount;
    /// Calls with `**kwargs`.
    141 CALL_FUNCTION_KW CallFunctionKw ArgCount;
    /// Calls with both.
    142 CALL_FUNCTION_VAR_KW CallFunctionVarKw ArgCount;
    /// Enters a `with` statement.
    143 SETUP_WITH SetupWith JumpRelative;
    /// Gives the next instruction its upper 16 operand bits.
    144 EXTENDED_ARG ExtendedArg Number;
    /// Appends to the list so deep in the stack.
    145 LIST_APPEND ListAppend Number;
    /// Adds to the set so deep in the stack.
    146 SET_ADD SetAdd Number;
    /// Adds a pair to the dict so deep in the stack.
    147 MAP_ADD MapAdd Number;
    /// Pushes a name of a class body: local namespace first, then the cell.
    148 LOAD_CLASSDEREF LoadClassderef Free;
    /// Joins iterables into a list.
    149 BUILD_LIST_UNPACK BuildListUnpack Number;
    /// Joins mappings into a dict.
    150 BUILD_MAP_UNPACK BuildMapUnpack Number;
    /// Joins mappings for a call: low byte how many, next byte the function's depth.
    151 BUILD_MAP_UNPACK_WITH_CALL BuildMapUnpackWithCall Number;
    /// Joins iterables into a tuple.
    152 BUILD_TUPLE_UNPACK BuildTupleUnpack Number;
    /// Joins iterables into a set.
    153 BUILD_SET_UNPACK BuildSetUnpack Number;
    /// Pushes the block of an `async with` statement.
    154 SETUP_ASYNC_WITH SetupAsyncWith JumpRelative;
    /// Extension (3.6): formats a value; bits 0-1 the conversion (`!s`, `!r`, `!a`), bit 2 a
    /// format specification on the top.
    155 FORMAT_VALUE FormatValue Number;
    /// Extension (3.6): joins so many strings.
    157 BUILD_STRING BuildString Number;
}

impl Opcode {
    /// Whether a two-byte operand follows.
    #[inline]
    #[must_use]
    pub const fn has_argument(self) -> bool {
        self as u8 >= HAVE_ARGUMENT
    }

    /// Whether the operand is a jump target, relative or absolute.
    #[inline]
    #[must_use]
    pub const fn is_jump(self) -> bool {
        matches!(
            self.operand(),
            Operand::JumpRelative | Operand::JumpAbsolute
        )
    }

    /// Whether the opcode belongs to the extension beyond CPython 3.5.
    #[must_use]
    pub const fn is_extension(self) -> bool {
        matches!(
            self,
            Opcode::SetupAnnotations | Opcode::FormatValue | Opcode::BuildString
        )
    }

    /// How many values the instruction adds to the stack, as CPython's compiler counts: an
    /// estimate for opcodes whose effect depends on the path taken.
    ///
    /// `None` for `NOP` and `EXTENDED_ARG`, which the compiler never counts.
    #[inline]
    #[must_use]
    pub const fn stack_effect(self, arg: u32) -> Option<i32> {
        use Opcode::*;
        // Operands reach 2^32 only in damaged code, where any number will do.
        let n = arg as i32;
        Some(match self {
            PopTop => -1,
            RotTwo | RotThree => 0,
            DupTop => 1,
            DupTopTwo => 2,
            UnaryPositive | UnaryNegative | UnaryNot | UnaryInvert => 0,
            SetAdd | ListAppend => -1,
            MapAdd => -2,
            BinaryPower | BinaryMultiply | BinaryMatrixMultiply | BinaryModulo | BinaryAdd
            | BinarySubtract | BinarySubscr | BinaryFloorDivide | BinaryTrueDivide
            | BinaryLshift | BinaryRshift | BinaryAnd | BinaryXor | BinaryOr => -1,
            InplaceFloorDivide
            | InplaceTrueDivide
            | InplaceAdd
            | InplaceSubtract
            | InplaceMultiply
            | InplaceMatrixMultiply
            | InplaceModulo
            | InplacePower
            | InplaceLshift
            | InplaceRshift
            | InplaceAnd
            | InplaceXor
            | InplaceOr => -1,
            StoreSubscr => -3,
            DeleteSubscr => -2,
            GetIter => 0,
            PrintExpr => -1,
            LoadBuildClass => 1,
            BreakLoop => 0,
            SetupWith => 7,
            WithCleanupStart => 1,
            WithCleanupFinish => -1,
            ReturnValue | ImportStar => -1,
            YieldValue => 0,
            YieldFrom => -1,
            PopBlock | PopExcept => 0,
            EndFinally => -1,
            StoreName => -1,
            DeleteName => 0,
            UnpackSequence => n.wrapping_sub(1),
            UnpackEx => ((arg & 0xff) + (arg >> 8)) as i32,
            ForIter => 1,
            StoreAttr => -2,
            DeleteAttr => -1,
            StoreGlobal => -1,
            DeleteGlobal => 0,
            LoadConst | LoadName => 1,
            BuildTuple | BuildList | BuildSet | BuildString => 1i32.wrapping_sub(n),
            BuildListUnpack | BuildTupleUnpack | BuildSetUnpack | BuildMapUnpack => {
                1i32.wrapping_sub(n)
            }
            BuildMapUnpackWithCall => 1 - (arg & 0xff) as i32,
            BuildMap => 1i32.wrapping_sub(n.wrapping_mul(2)),
            LoadAttr => 0,
            CompareOp | ImportName => -1,
            ImportFrom => 1,
            JumpForward | JumpIfTrueOrPop | JumpIfFalseOrPop | JumpAbsolute => 0,
            PopJumpIfFalse | PopJumpIfTrue => -1,
            LoadGlobal => 1,
            ContinueLoop | SetupLoop => 0,
            SetupExcept | SetupFinally => 6,
            LoadFast => 1,
            StoreFast => -1,
            DeleteFast => 0,
            RaiseVarargs => 0i32.wrapping_sub(n),
            CallFunction => -call_arguments(arg),
            CallFunctionVar | CallFunctionKw => -call_arguments(arg) - 1,
            CallFunctionVarKw => -call_arguments(arg) - 2,
            MakeFunction => -1 - call_arguments(arg) - (arg >> 16) as i32,
            MakeClosure => -2 - call_arguments(arg) - (arg >> 16) as i32,
            BuildSlice => {
                if arg == 3 {
                    -2
                } else {
                    -1
                }
            }
            LoadClosure | LoadDeref | LoadClassderef => 1,
            StoreDeref => -1,
            DeleteDeref => 0,
            GetAwaitable => 0,
            SetupAsyncWith => 6,
            BeforeAsyncWith => 1,
            GetAiter => 0,
            GetAnext => 1,
            GetYieldFromIter => 0,
            SetupAnnotations => 0,
            FormatValue => {
                if arg & 4 != 0 {
                    -1
                } else {
                    0
                }
            }
            Nop | ExtendedArg => return None,
        })
    }
}

/// Stack slots of the arguments of a call or the defaults of a function: one for each
/// positional one, two for each keyword.
const fn call_arguments(arg: u32) -> i32 {
    (arg % 256 + 2 * (arg / 256 % 256)) as i32
}

/// The name of an opcode byte as `dis` shows it: `<7>` if there is no such opcode.
#[must_use]
pub fn opname(byte: u8) -> std::borrow::Cow<'static, str> {
    match Opcode::from_u8(byte) {
        Some(opcode) => opcode.name().into(),
        None => format!("<{byte}>").into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_operands_agree() {
        for &opcode in Opcode::ALL {
            assert_eq!(Opcode::from_u8(opcode as u8), Some(opcode));
            assert_eq!(opcode.has_argument(), opcode.operand() != Operand::None);
        }
        assert_eq!(Opcode::from_u8(0), None);
        assert_eq!(opname(7), "<7>");
        assert_eq!(opname(124), "LOAD_FAST");
    }

    #[test]
    fn the_table_is_sorted() {
        assert!(Opcode::ALL.is_sorted());
        assert_eq!(
            Opcode::ALL.iter().filter(|o| !o.is_extension()).count(),
            114
        );
    }

    #[test]
    fn stack_effects() {
        assert_eq!(Opcode::CallFunction.stack_effect(0x0102), Some(-4));
        assert_eq!(Opcode::MakeClosure.stack_effect(0x3_0001), Some(-6));
        assert_eq!(Opcode::BuildMap.stack_effect(2), Some(-3));
        assert_eq!(Opcode::Nop.stack_effect(0), None);
    }
}
