//! The contract of a dispatch strategy: how handlers follow one another.
//!
//! A strategy turns decoded instructions into its own fixed-size units
//! ([`Dispatch::link`]) and runs them ([`Dispatch::run`]). It says nothing
//! about what an instruction does: that is an [`crate::semantics::Op`].

use crate::Vm;
use crate::instr::{Instr, Operands};
use crate::machine::regs::Regs;
use crate::object::ObjectModel;
use std::any::Any;

/// What a handler tells its dispatcher. A constant on every inlined path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Flow {
    /// Go on at `ip`.
    Next,
    /// Leave the loop: the entry frame has returned or raised.
    Stop,
    /// The fast path does not apply and has done nothing: run the full handler.
    Slow,
}

/// Layout of a strategy's units.
///
/// # Safety
/// `operands` must read the operands that `link` stored for that unit.
pub unsafe trait Encoding: 'static {
    /// Bytes of a unit.
    const SIZE: usize;

    /// The operands of the unit at `unit`.
    ///
    /// # Safety
    /// `unit` must point at a unit that [`Dispatch::link`] made.
    unsafe fn operands(unit: *const u8) -> Operands;
}

/// Linked code of some strategy: owns the units.
pub struct Units {
    base: *const u8,
    _owner: Box<dyn Any>,
}

impl Units {
    /// Takes the units over. They must not move while boxed.
    pub fn new<U: 'static>(units: Box<[U]>) -> Units {
        Units {
            base: units.as_ptr().cast(),
            _owner: Box::new(units),
        }
    }

    /// Address of the first unit.
    pub fn base(&self) -> *const u8 {
        self.base
    }
}

/// A dispatch strategy for machines with objects of model `M`.
///
/// # Safety
/// 1. `link` makes one unit of `Encoding::SIZE` bytes an instruction, in order, without gaps.
/// 2. `run` executes each unit's handler as [`crate::semantics::step`] would, starting at
///    `regs.ip`, until one gives [`Flow::Stop`]; nothing else changes the registers.
pub unsafe trait Dispatch<M: ObjectModel>: 'static {
    /// Name in a cell's name, for example `switch`.
    const NAME: &'static str;
    /// Layout of the units.
    type Encoding: Encoding;

    /// The form that calls [`Vm::record_dispatch`] before each unit, over the same handlers and with the same layout of
    /// units; what profiles run. `None`: this strategy cannot be profiled.
    const PROBED: Option<Probed<M>> = None;

    /// Makes units of instructions. The last instruction never falls through.
    fn link(instructions: &[Instr]) -> Units;

    /// Runs until the entry frame is left.
    ///
    /// # Safety
    /// `regs` must be those of a frame of `vm` whose code this strategy linked.
    unsafe fn run(vm: &mut Vm<M>, regs: Regs<M>);
}

/// The probed form of a strategy. Safety as for [`Dispatch::link`] and [`Dispatch::run`].
pub struct Probed<M: ObjectModel> {
    /// As [`Dispatch::link`].
    pub link: fn(&[Instr]) -> Units,
    /// As [`Dispatch::run`].
    pub run: unsafe fn(&mut Vm<M>, Regs<M>),
}

/// A strategy as a value: what a machine keeps of it.
pub struct Dispatcher<M: ObjectModel> {
    /// [`Dispatch::NAME`].
    pub name: &'static str,
    /// [`Encoding::SIZE`].
    pub unit_size: usize,
    /// [`Dispatch::link`].
    pub link: fn(&[Instr]) -> Units,
    /// [`Dispatch::run`].
    pub run: unsafe fn(&mut Vm<M>, Regs<M>),
}

impl<M: ObjectModel> Clone for Dispatcher<M> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<M: ObjectModel> Copy for Dispatcher<M> {}

impl<M: ObjectModel> Dispatcher<M> {
    /// The strategy `D`.
    pub fn of<D: Dispatch<M>>() -> Self {
        Dispatcher {
            name: D::NAME,
            unit_size: D::Encoding::SIZE,
            link: D::link,
            run: D::run,
        }
    }

    /// The probed form of strategy `D`, if it has one.
    pub fn probed<D: Dispatch<M>>() -> Option<Self> {
        D::PROBED.map(|probed| Dispatcher {
            name: D::NAME,
            unit_size: D::Encoding::SIZE,
            link: probed.link,
            run: probed.run,
        })
    }
}
