//! Strategies in which instructions carry their handlers.
//!
//! | name | a unit holds | who dispatches |
//! |---|---|---|
//! | [`call::Call`] | a function pointer | a loop |
//! | [`closure_loop::ClosureLoop`] | a boxed closure | a loop |
//! | [`closure::Closure`] | a boxed closure with its operands | each closure calls the next |
//! | [`tail::Tail`] | a function pointer | each handler calls the next in tail position |

#![cfg_attr(
    feature = "nightly",
    feature(explicit_tail_calls, rust_preserve_none_cc),
    allow(incomplete_features)
)]

pub mod call;
#[cfg_attr(trampoline, path = "closure_trampoline.rs")]
pub mod closure;
pub mod closure_loop;
#[cfg_attr(feature = "nightly", path = "tail_become.rs")]
#[cfg_attr(all(trampoline, not(feature = "nightly")), path = "tail_trampoline.rs")]
pub mod tail;
pub mod unit;

/// Expands to a `match` from an instruction's number to `$bind::<Handler, M>(args)`.
macro_rules! bind {
    (
        ($op:expr, $bind:ident, $M:ident $(, $arg:expr)*)
        base { $(#[doc = $doc:literal] $snake:ident $Camel:ident: $family:ident, $operand:ident, ($pops:expr => $pushes:expr), $flow:ident;)* }
        fused { $($fsnake:ident $Fused:ident = $($part:ident)+;)* }
    ) => {
        bind!(@ $op, $bind, $M, ($($arg),*), $($Camel)*, $($Fused)*)
    };
    (@ $op:expr, $bind:ident, $M:ident, $args:tt, $($Camel:ident)*, $($Fused:ident)*) => {
        match $op {
            $(ceval_vm_core::instr::InstrOp::$Camel => bind!(# $bind, ceval_vm_core::semantics::$Camel, $M, $args),)*
            $(ceval_vm_core::instr::InstrOp::$Fused => bind!(# $bind, ceval_vm_core::semantics::fused::$Fused, $M, $args),)*
        }
    };
    (# $bind:ident, $Op:ty, $M:ident, ($($arg:expr),*)) => { $bind::<$Op, $M>($($arg),*) };
}
pub(crate) use bind;
