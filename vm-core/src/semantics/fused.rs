//! Superinstructions: handlers composed of handlers.

use super::Op;
use crate::Vm;
use crate::dispatch::{Encoding, Flow};
use crate::instr::Operands;
use crate::machine::regs::Regs;
use crate::object::{ObjectModel, Res};
use std::marker::PhantomData;

macro_rules! compose {
    ($a:ident) => { super::$a };
    ($a:ident $($rest:ident)+) => { F2<super::$a, compose!($($rest)+)> };
}

macro_rules! make_fused {
    (
        ()
        base { $($base:tt)* }
        fused { $($snake:ident $Fused:ident = $($part:ident)+;)* }
    ) => {
        $(
            #[doc = concat!("`", stringify!($($part)+), "`.")]
            pub type $Fused = compose!($($part)+);
        )*
    };
}
crate::for_each_instr!(make_fused);

/// `A` and then `B`, whose operands are read from its own unit.
///
/// Where `A` jumps (FOR_ITER at its end or into a generator) the pair stops after `A`. When `A` succeeds
/// and `B` must take its slow path, it stops there too and dispatch goes on at `B`'s own unit.
pub struct F2<A, B>(PhantomData<(A, B)>);

impl<A: Op, B: Op> Op for F2<A, B> {
    const JUMPS: bool = A::JUMPS || B::JUMPS;

    #[inline(always)]
    fn fast<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        let next = r.ip;
        match A::fast::<M, E>(r, vm, x) {
            Flow::Next if A::JUMPS && r.ip != next => return Flow::Next,
            Flow::Next => {}
            flow => return flow,
        }
        let between = r.saved();
        let y = r.next_operands::<E>();
        match B::fast::<M, E>(r, vm, y) {
            Flow::Slow => {
                r.ip = between.ip;
                r.sp = between.sp;
                r.fp = between.fp;
                Flow::Next
            }
            flow => flow,
        }
    }

    #[inline(always)]
    fn warm<M: ObjectModel, E: Encoding>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Flow {
        A::warm::<M, E>(r, vm, x)
    }

    fn full<M: ObjectModel>(r: &mut Regs<M>, vm: &mut Vm<M>, x: Operands) -> Res<Flow> {
        A::full(r, vm, x)
    }
}
