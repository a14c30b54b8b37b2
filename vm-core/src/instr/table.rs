//! The table of internal instructions: one row each.
//!
//! ```text
//! /// meaning
//! snake_name CamelName: family, Operand, (pops -> pushes), next | jump;
//! ```
//! `pops` and `pushes` are functions of the operand. `jump` rows may change
//! `ip` in their fast path (jumps, calls, returns); only they end a
//! superinstruction early. A row's handler is the type of its Camel name in
//! `semantics/<family>.rs`. A fused row names the handlers that it is made of.
//!
//! The enum, names, stack effects, decoder checks, disassembly, `match` arms
//! and threaded binders all expand from here.

/// Calls `$callback! { ($($extra)*) base { rows } fused { rows } }` with the whole table.
#[macro_export]
macro_rules! for_each_instr {
    ($callback:ident $(, $($extra:tt)*)?) => {
        $callback! {
            ($($($extra)*)?)
            base {
                #[doc = "Does nothing."]
                nop Nop: stack, NoOperand, (|_| 0 => |_| 0), next;
                #[doc = "Drops the top."]
                pop_top PopTop: stack, NoOperand, (|_| 1 => |_| 0), next;
                #[doc = "Exchanges the top two."]
                rot_two RotTwo: stack, NoOperand, (|_| 2 => |_| 2), next;
                #[doc = "Moves the top below the next two."]
                rot_three RotThree: stack, NoOperand, (|_| 3 => |_| 3), next;
                #[doc = "Pushes the top again."]
                dup_top DupTop: stack, NoOperand, (|_| 1 => |_| 2), next;
                #[doc = "Pushes the top two again."]
                dup_top_two DupTopTwo: stack, NoOperand, (|_| 2 => |_| 4), next;
                #[doc = "Pushes a constant."]
                load_const LoadConst: stack, ConstIndex, (|_| 0 => |_| 1), next;
                #[doc = "Pushes a local; UnboundLocalError if absent."]
                load_fast LoadFast: locals, LocalSlot, (|_| 0 => |_| 1), next;
                #[doc = "Pops into a local."]
                store_fast StoreFast: locals, LocalSlot, (|_| 1 => |_| 0), next;
                #[doc = "Empties a local; UnboundLocalError if absent."]
                delete_fast DeleteFast: locals, LocalSlot, (|_| 0 => |_| 0), next;
                #[doc = "Pushes the contents of a cell."]
                load_deref LoadDeref: locals, DerefSlot, (|_| 0 => |_| 1), next;
                #[doc = "Pops into a cell."]
                store_deref StoreDeref: locals, DerefSlot, (|_| 1 => |_| 0), next;
                #[doc = "Empties a cell."]
                delete_deref DeleteDeref: locals, DerefSlot, (|_| 0 => |_| 0), next;
                #[doc = "Pushes a cell itself."]
                load_closure LoadClosure: locals, DerefSlot, (|_| 0 => |_| 1), next;
                #[doc = "Pushes a class namespace's entry, else a cell's contents."]
                load_classderef LoadClassderef: locals, DerefSlot, (|_| 0 => |_| 1), next;
                #[doc = "Pushes a name from namespace, globals or builtins."]
                load_name LoadName: names, NameIndex, (|_| 0 => |_| 1), next;
                #[doc = "Pops into the namespace."]
                store_name StoreName: names, NameIndex, (|_| 1 => |_| 0), next;
                #[doc = "Removes a name from the namespace."]
                delete_name DeleteName: names, NameIndex, (|_| 0 => |_| 0), next;
                #[doc = "Pushes a name from globals or builtins."]
                load_global LoadGlobal: names, NameIndex, (|_| 0 => |_| 1), next;
                #[doc = "Pops into globals."]
                store_global StoreGlobal: names, NameIndex, (|_| 1 => |_| 0), next;
                #[doc = "Removes a global."]
                delete_global DeleteGlobal: names, NameIndex, (|_| 0 => |_| 0), next;
                #[doc = "`+x`."]
                unary_positive UnaryPositive: arith, NoOperand, (|_| 1 => |_| 1), next;
                #[doc = "`-x`."]
                unary_negative UnaryNegative: arith, NoOperand, (|_| 1 => |_| 1), next;
                #[doc = "`not x`."]
                unary_not UnaryNot: arith, NoOperand, (|_| 1 => |_| 1), next;
                #[doc = "`~x`."]
                unary_invert UnaryInvert: arith, NoOperand, (|_| 1 => |_| 1), next;
                #[doc = "`a ** b`."]
                binary_power BinaryPower: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a * b`."]
                binary_multiply BinaryMultiply: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a @ b`."]
                binary_matrix_multiply BinaryMatrixMultiply: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a % b`."]
                binary_modulo BinaryModulo: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a + b`."]
                binary_add BinaryAdd: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a - b`."]
                binary_subtract BinarySubtract: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a // b`."]
                binary_floor_divide BinaryFloorDivide: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a / b`."]
                binary_true_divide BinaryTrueDivide: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a << b`."]
                binary_lshift BinaryLshift: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a >> b`."]
                binary_rshift BinaryRshift: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a & b`."]
                binary_and BinaryAnd: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a ^ b`."]
                binary_xor BinaryXor: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a | b`."]
                binary_or BinaryOr: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a **= b`."]
                inplace_power InplacePower: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a *= b`."]
                inplace_multiply InplaceMultiply: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a @= b`."]
                inplace_matrix_multiply InplaceMatrixMultiply: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a %= b`."]
                inplace_modulo InplaceModulo: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a += b`."]
                inplace_add InplaceAdd: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a -= b`."]
                inplace_subtract InplaceSubtract: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a //= b`."]
                inplace_floor_divide InplaceFloorDivide: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a /= b`."]
                inplace_true_divide InplaceTrueDivide: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a <<= b`."]
                inplace_lshift InplaceLshift: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a >>= b`."]
                inplace_rshift InplaceRshift: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a &= b`."]
                inplace_and InplaceAnd: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a ^= b`."]
                inplace_xor InplaceXor: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a |= b`."]
                inplace_or InplaceOr: arith, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a[b]`."]
                binary_subscr BinarySubscr: container, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a[b] = c`; stack c, a, b."]
                store_subscr StoreSubscr: container, NoOperand, (|_| 3 => |_| 0), next;
                #[doc = "`del a[b]`."]
                delete_subscr DeleteSubscr: container, NoOperand, (|_| 2 => |_| 0), next;
                #[doc = "`a < b`."]
                compare_lt CompareLt: compare, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a <= b`."]
                compare_le CompareLe: compare, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a == b`."]
                compare_eq CompareEq: compare, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a != b`."]
                compare_ne CompareNe: compare, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a > b`."]
                compare_gt CompareGt: compare, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a >= b`."]
                compare_ge CompareGe: compare, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a in b`."]
                compare_in CompareIn: compare, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a not in b`."]
                compare_not_in CompareNotIn: compare, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a is b`."]
                compare_is CompareIs: compare, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "`a is not b`."]
                compare_is_not CompareIsNot: compare, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "Whether exception (class) a is caught by `except b`."]
                compare_exception_match CompareExceptionMatch: compare, NoOperand, (|_| 2 => |_| 1), next;
                #[doc = "Jumps forward."]
                jump_forward JumpForward: control, Displacement, (|_| 0 => |_| 0), jump;
                #[doc = "Jumps; backwards it is a safepoint."]
                jump_absolute JumpAbsolute: control, Displacement, (|_| 0 => |_| 0), jump;
                #[doc = "Pops, jumps if false."]
                pop_jump_if_false PopJumpIfFalse: control, Displacement, (|_| 1 => |_| 0), jump;
                #[doc = "Pops, jumps if true."]
                pop_jump_if_true PopJumpIfTrue: control, Displacement, (|_| 1 => |_| 0), jump;
                #[doc = "Jumps if the top is false, else pops it."]
                jump_if_false_or_pop JumpIfFalseOrPop: control, Displacement, (|_| 1 => |_| 1), jump;
                #[doc = "Jumps if the top is true, else pops it."]
                jump_if_true_or_pop JumpIfTrueOrPop: control, Displacement, (|_| 1 => |_| 1), jump;
                #[doc = "Pushes a loop block."]
                setup_loop SetupLoop: control, Displacement, (|_| 0 => |_| 0), next;
                #[doc = "Leaves the innermost loop."]
                break_loop BreakLoop: control, NoOperand, (|_| 0 => |_| 0), jump;
                #[doc = "Continues a loop from inside a `try`."]
                continue_loop ContinueLoop: control, Displacement, (|_| 0 => |_| 0), jump;
                #[doc = "Pops a block."]
                pop_block PopBlock: control, NoOperand, (|_| 0 => |_| 0), next;
                #[doc = "Pushes an `except` block."]
                setup_except SetupExcept: exception, Displacement, (|_| 0 => |_| 0), next;
                #[doc = "Pushes a `finally` block."]
                setup_finally SetupFinally: exception, Displacement, (|_| 0 => |_| 0), next;
                #[doc = "Goes on with what a `finally` interrupted."]
                end_finally EndFinally: exception, NoOperand, (|_| 1 => |_| 0), jump;
                #[doc = "Ends an `except` clause: restores the handled exception."]
                pop_except PopExcept: exception, NoOperand, (|_| 3 => |_| 0), next;
                #[doc = "`raise`."]
                raise_varargs RaiseVarargs: exception, Count, (|a| a => |_| 0), jump;
                #[doc = "Enters a context manager."]
                setup_with SetupWith: exception, Displacement, (|_| 1 => |_| 2), next;
                #[doc = "Calls `__exit__`."]
                with_cleanup_start WithCleanupStart: exception, NoOperand, (|_| 1 => |_| 3), next;
                #[doc = "Swallows the exception if `__exit__` says so."]
                with_cleanup_finish WithCleanupFinish: exception, NoOperand, (|_| 2 => |_| 0), next;
                #[doc = "Calls `__aenter__`, keeps `__aexit__`."]
                before_async_with BeforeAsyncWith: exception, NoOperand, (|_| 1 => |_| 2), next;
                #[doc = "Pushes the block of an `async with`."]
                setup_async_with SetupAsyncWith: exception, Displacement, (|_| 1 => |_| 1), next;
                #[doc = "`iter(x)`."]
                get_iter GetIter: iteration, NoOperand, (|_| 1 => |_| 1), next;
                #[doc = "Pushes the next value, or pops the iterator and jumps."]
                for_iter ForIter: iteration, Displacement, (|_| 1 => |_| 2), jump;
                #[doc = "`iter(x)` for `yield from`: generators stay."]
                get_yield_from_iter GetYieldFromIter: iteration, NoOperand, (|_| 1 => |_| 1), next;
                #[doc = "The awaitable's iterator."]
                get_awaitable GetAwaitable: iteration, NoOperand, (|_| 1 => |_| 1), next;
                #[doc = "`type(x).__aiter__(x)`."]
                get_aiter GetAiter: iteration, NoOperand, (|_| 1 => |_| 1), next;
                #[doc = "Pushes the awaitable of `type(x).__anext__(x)`."]
                get_anext GetAnext: iteration, NoOperand, (|_| 1 => |_| 2), next;
                #[doc = "Suspends the generator with a value."]
                yield_value YieldValue: iteration, NoOperand, (|_| 1 => |_| 1), jump;
                #[doc = "Delegates to a subiterator."]
                yield_from YieldFrom: iteration, NoOperand, (|_| 2 => |_| 1), jump;
                #[doc = "Calls with positional and keyword arguments."]
                call_function CallFunction: call, CallShape, (|a| a => |_| 1), jump;
                #[doc = "As CALL_FUNCTION, with `*args`."]
                call_function_var CallFunctionVar: call, CallShape, (|a| a+1 => |_| 1), jump;
                #[doc = "As CALL_FUNCTION, with `**kwargs`."]
                call_function_kw CallFunctionKw: call, CallShape, (|a| a+1 => |_| 1), jump;
                #[doc = "As CALL_FUNCTION, with both."]
                call_function_var_kw CallFunctionVarKw: call, CallShape, (|a| a+2 => |_| 1), jump;
                #[doc = "Returns to the caller."]
                return_value ReturnValue: call, NoOperand, (|_| 1 => |_| 0), jump;
                #[doc = "Makes a function."]
                make_function MakeFunction: call, FunctionShape, (|a| a => |_| 1), next;
                #[doc = "Makes a function with a closure."]
                make_closure MakeClosure: call, FunctionShape, (|a| a+1 => |_| 1), next;
                #[doc = "Pushes `builtins.__build_class__`."]
                load_build_class LoadBuildClass: call, NoOperand, (|_| 0 => |_| 1), next;
                #[doc = "`x.name`."]
                load_attr LoadAttr: attribute, NameIndex, (|_| 1 => |_| 1), next;
                #[doc = "`x.name = value`; stack value, x."]
                store_attr StoreAttr: attribute, NameIndex, (|_| 2 => |_| 0), next;
                #[doc = "`del x.name`."]
                delete_attr DeleteAttr: attribute, NameIndex, (|_| 1 => |_| 0), next;
                #[doc = "`import`."]
                import_name ImportName: names, NameIndex, (|_| 2 => |_| 1), next;
                #[doc = "`from module import name`."]
                import_from ImportFrom: names, NameIndex, (|_| 1 => |_| 2), next;
                #[doc = "`from module import *`."]
                import_star ImportStar: names, NoOperand, (|_| 1 => |_| 0), next;
                #[doc = "Makes `__annotations__` in the namespace."]
                setup_annotations SetupAnnotations: names, NoOperand, (|_| 0 => |_| 0), next;
                #[doc = "A tuple of the top values."]
                build_tuple BuildTuple: container, Count, (|a| a => |_| 1), next;
                #[doc = "A list of the top values."]
                build_list BuildList: container, Count, (|a| a => |_| 1), next;
                #[doc = "A set of the top values."]
                build_set BuildSet: container, Count, (|a| a => |_| 1), next;
                #[doc = "A dict of the top pairs."]
                build_map BuildMap: container, Count, (|a| 2*a => |_| 1), next;
                #[doc = "A slice of the top two or three."]
                build_slice BuildSlice: container, Count, (|a| a => |_| 1), next;
                #[doc = "Joins strings."]
                build_string BuildString: container, Count, (|a| a => |_| 1), next;
                #[doc = "Formats a value as an f-string does."]
                format_value FormatValue: container, FormatFlags, (|a| a => |_| 1), next;
                #[doc = "Joins iterables into a list."]
                build_list_unpack BuildListUnpack: container, Count, (|a| a => |_| 1), next;
                #[doc = "Joins iterables into a tuple."]
                build_tuple_unpack BuildTupleUnpack: container, Count, (|a| a => |_| 1), next;
                #[doc = "Joins iterables into a set."]
                build_set_unpack BuildSetUnpack: container, Count, (|a| a => |_| 1), next;
                #[doc = "Joins mappings into a dict."]
                build_map_unpack BuildMapUnpack: container, Count, (|a| a => |_| 1), next;
                #[doc = "Joins `**` arguments of a call."]
                build_map_unpack_with_call BuildMapUnpackWithCall: container, UnpackCount, (|a| a => |_| 1), next;
                #[doc = "Appends to a list deeper on the stack."]
                list_append ListAppend: container, Depth, (|_| 1 => |_| 0), next;
                #[doc = "Adds to a set deeper on the stack."]
                set_add SetAdd: container, Depth, (|_| 1 => |_| 0), next;
                #[doc = "Sets an entry of a dict deeper on the stack."]
                map_add MapAdd: container, Depth, (|_| 2 => |_| 0), next;
                #[doc = "Pushes the items, the first on top."]
                unpack_sequence UnpackSequence: container, Count, (|_| 1 => |a| a), next;
                #[doc = "Unpacks with a starred target."]
                unpack_ex UnpackEx: container, UnpackShape, (|_| 1 => |a| a), next;
                #[doc = "`sys.displayhook(x)`."]
                print_expr PrintExpr: container, NoOperand, (|_| 1 => |_| 0), next;
                #[doc = "LOAD_GLOBAL through a cache of dict positions."]
                load_global_cached LoadGlobalCached: names, NameIndex, (|_| 0 => |_| 1), next;
                #[doc = "LOAD_NAME through a cache of dict positions."]
                load_name_cached LoadNameCached: names, NameIndex, (|_| 0 => |_| 1), next;
                #[doc = "LOAD_ATTR through a shape cache."]
                load_attr_cached LoadAttrCached: attribute, NameIndex, (|_| 1 => |_| 1), next;
                #[doc = "STORE_ATTR through a shape cache."]
                store_attr_cached StoreAttrCached: attribute, NameIndex, (|_| 2 => |_| 0), next;
                #[doc = "Pushes function and receiver, or absent and bound method."]
                load_method LoadMethod: attribute, NameIndex, (|_| 1 => |_| 2), next;
                #[doc = "Calls what LOAD_METHOD pushed."]
                call_method CallMethod: call, CallShape, (|a| a+1 => |_| 1), jump;
            }
            fused {
                load_fast_load_const LoadFastLoadConst = LoadFast LoadConst;
                load_fast_load_fast LoadFastLoadFast = LoadFast LoadFast;
                store_fast_load_fast_load_fast StoreFastLoadFastLoadFast = StoreFast LoadFast LoadFast;
                load_fast_load_attr_cached LoadFastLoadAttrCached = LoadFast LoadAttrCached;
                load_fast_binary_subscr LoadFastBinarySubscr = LoadFast BinarySubscr;
                compare_eq_pop_jump_if_false CompareEqPopJumpIfFalse = CompareEq PopJumpIfFalse;
                compare_lt_pop_jump_if_false_load_fast CompareLtPopJumpIfFalseLoadFast = CompareLt PopJumpIfFalse LoadFast;
                load_fast_load_method LoadFastLoadMethod = LoadFast LoadMethod;
                pop_top_jump_absolute PopTopJumpAbsolute = PopTop JumpAbsolute;
                load_global_cached_load_fast LoadGlobalCachedLoadFast = LoadGlobalCached LoadFast;
                for_iter_store_fast ForIterStoreFast = ForIter StoreFast;
                store_fast_load_fast_load_const StoreFastLoadFastLoadConst = StoreFast LoadFast LoadConst;
                load_fast_load_fast_binary_subscr LoadFastLoadFastBinarySubscr = LoadFast LoadFast BinarySubscr;
                inplace_add_store_fast_jump_absolute InplaceAddStoreFastJumpAbsolute = InplaceAdd StoreFast JumpAbsolute;
                load_const_binary_subtract LoadConstBinarySubtract = LoadConst BinarySubtract;
                for_iter_store_fast_load_fast_load_fast ForIterStoreFastLoadFastLoadFast = ForIter StoreFast LoadFast LoadFast;
                binary_modulo_load_const_compare_eq_pop_jump_if_false BinaryModuloLoadConstCompareEqPopJumpIfFalse = BinaryModulo LoadConst CompareEq PopJumpIfFalse;
                load_const_binary_add LoadConstBinaryAdd = LoadConst BinaryAdd;
                store_fast_jump_absolute StoreFastJumpAbsolute = StoreFast JumpAbsolute;
                load_fast_dup_top_load_attr_cached LoadFastDupTopLoadAttrCached = LoadFast DupTop LoadAttrCached;
                load_const_return_value LoadConstReturnValue = LoadConst ReturnValue;
                dup_top_rot_three_compare_le_jump_if_false_or_pop DupTopRotThreeCompareLeJumpIfFalseOrPop = DupTop RotThree CompareLe JumpIfFalseOrPop;
                pop_jump_if_false_load_fast_load_fast PopJumpIfFalseLoadFastLoadFast = PopJumpIfFalse LoadFast LoadFast;
                load_fast_load_method_load_fast_call_method LoadFastLoadMethodLoadFastCallMethod = LoadFast LoadMethod LoadFast CallMethod;
                load_fast_load_attr_cached_load_fast_load_attr_cached LoadFastLoadAttrCachedLoadFastLoadAttrCached = LoadFast LoadAttrCached LoadFast LoadAttrCached;
                load_const_binary_modulo LoadConstBinaryModulo = LoadConst BinaryModulo;
                compare_gt_pop_jump_if_false CompareGtPopJumpIfFalse = CompareGt PopJumpIfFalse;
                load_fast_load_global_cached_load_fast LoadFastLoadGlobalCachedLoadFast = LoadFast LoadGlobalCached LoadFast;
                rot_two_store_fast_store_fast RotTwoStoreFastStoreFast = RotTwo StoreFast StoreFast;
                inplace_add_rot_two_store_attr_cached InplaceAddRotTwoStoreAttrCached = InplaceAdd RotTwo StoreAttrCached;
                load_const_load_fast LoadConstLoadFast = LoadConst LoadFast;
                store_subscr_jump_absolute StoreSubscrJumpAbsolute = StoreSubscr JumpAbsolute;
            }
        }
    };
}

macro_rules! operands { ($($(#[$doc:meta])* $name:ident,)*) => {
    /// What an operand means.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub enum OperandKind { $($(#[$doc])* $name,)* }
} }
operands! {
    /// No operand.
    NoOperand,
    /// Index of a constant.
    ConstIndex,
    /// Index of a name.
    NameIndex,
    /// Slot of a local variable.
    LocalSlot,
    /// Slot of a cell or free variable, counted from the first cell.
    DerefSlot,
    /// Distance in units from the next instruction to the target, signed.
    Displacement,
    /// A number of values.
    Count,
    /// Distance of a container from the top of the stack.
    Depth,
    /// Positional arguments in the low byte, keyword arguments in the next.
    CallShape,
    /// Defaults, keyword defaults and annotations as `MAKE_FUNCTION` packs them.
    FunctionShape,
    /// Targets before the starred one in the low byte, after it above.
    UnpackShape,
    /// A number of values in the low byte; how far below them the function stands above.
    UnpackCount,
    /// Conversion and "has a format spec" of an f-string field.
    FormatFlags,
}

macro_rules! make_enum {
    (
        ()
        base { $(#[doc = $doc:literal] $snake:ident $Camel:ident: $family:ident, $operand:ident, ($pops:expr => $pushes:expr), $flow:ident;)* }
        fused { $($fsnake:ident $Fused:ident = $($part:ident)+;)* }
    ) => {
        /// Which instruction. Numbered densely from 0.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u16)]
        pub enum InstrOp {
            $(#[doc = $doc] $Camel,)*
            $(#[doc = concat!("Superinstruction `", stringify!($($part)+), "`.")] $Fused,)*
        }

        impl InstrOp {
            /// Every instruction, by number.
            pub const ALL: &'static [InstrOp] = &[$(InstrOp::$Camel,)* $(InstrOp::$Fused,)*];

            /// Name in CPython's style, for example `load_fast`.
            pub const fn name(self) -> &'static str {
                match self {
                    $(InstrOp::$Camel => stringify!($snake),)*
                    $(InstrOp::$Fused => stringify!($fsnake),)*
                }
            }

            /// Meaning of the operand; of the first part for a superinstruction.
            pub fn operand(self) -> OperandKind {
                match self {
                    $(InstrOp::$Camel => OperandKind::$operand,)*
                    _ => self.parts()[0].operand(),
                }
            }

            /// Source file of the handler, below `semantics/`.
            pub fn family(self) -> &'static str {
                match self {
                    $(InstrOp::$Camel => stringify!($family),)*
                    _ => "fused",
                }
            }

            /// The instructions that a superinstruction stands for; empty for others.
            pub fn parts(self) -> &'static [InstrOp] {
                match self {
                    $(InstrOp::$Fused => &[$(InstrOp::$part,)+],)*
                    _ => &[],
                }
            }

            /// Whether the handler may change `ip` other than to the next unit.
            pub fn is_jump(self) -> bool {
                match self {
                    $(InstrOp::$Camel => is_jump(stringify!($flow)),)*
                    _ => self.parts().iter().any(|p| p.is_jump()),
                }
            }

            /// Words popped and pushed when the instruction does not jump, raise or unwind.
            pub fn stack_effect(self, arg: u32) -> (u32, u32) {
                let count = count_operand(self, arg);
                match self {
                    $(InstrOp::$Camel => {
                        let pops: fn(u32) -> u32 = $pops;
                        let pushes: fn(u32) -> u32 = $pushes;
                        (pops(count), pushes(count))
                    })*
                    _ => self.parts()[0].stack_effect(arg),
                }
            }
        }

        /// The superinstructions: each with its parts, longest first within one first part.
        pub const FUSED: &[(InstrOp, &[InstrOp])] = &[$((InstrOp::$Fused, &[$(InstrOp::$part,)+]),)*];

        // A row without its handler, or a handler that is no `Op`, does not compile.
        const _: fn() = || {
            fn is_op<O: $crate::semantics::Op>() {}
            $(is_op::<$crate::semantics::$Camel>();)*
            $(is_op::<$crate::semantics::fused::$Fused>();)*
        };
    };
}
for_each_instr!(make_enum);

fn is_jump(flow: &str) -> bool {
    flow == "jump"
}

/// The number that a row's stack effect is a function of.
fn count_operand(op: InstrOp, arg: u32) -> u32 {
    match op.operand() {
        OperandKind::CallShape => (arg & 0xff) + 2 * (arg >> 8 & 0xff) + 1,
        OperandKind::FunctionShape => {
            (arg & 0xff) + 2 * (arg >> 8 & 0xff) + (arg >> 16 & 0x7fff) + 2
        }
        OperandKind::UnpackCount => arg & 0xff,
        OperandKind::UnpackShape => (arg & 0xff) + (arg >> 8) + 1,
        OperandKind::FormatFlags => 1 + u32::from(arg & 4 != 0),
        _ => arg,
    }
}
