//! Special methods written in Python, entered in the running loop: operators, `__call__`, `with`, properties.
//!
//! What a slot would do by a nested run of the loop is done by pushing a frame wherever that means the same; [`OnReturn`]
//! says how the instruction is completed. In every other case these give `None` and the slot is called.

use super::frame::{BlockKind, OnReturn};
use super::operators::BinaryOp;
use super::regs::Regs;
use super::vm::Vm;
use crate::dispatch::Flow;
use crate::object::attrs::Attrs;
use crate::object::{CompareOp, Kind, ObjectModel, Res, Slot, V, Value};
use crate::types::class::slot_dispatch::{at, generic};
use crate::types::function::Function;
use crate::types::property::Property;
use ceval_bytecode::flags;

/// Row of an operator's method in the table of special methods.
const fn method_row(op: BinaryOp) -> usize {
    match op {
        BinaryOp::Add => const { at("__add__") },
        BinaryOp::Subtract => const { at("__sub__") },
        BinaryOp::Multiply => const { at("__mul__") },
        BinaryOp::MatrixMultiply => const { at("__matmul__") },
        BinaryOp::TrueDivide => const { at("__truediv__") },
        BinaryOp::FloorDivide => const { at("__floordiv__") },
        BinaryOp::Remainder => const { at("__mod__") },
        BinaryOp::Power => const { at("__pow__") },
        BinaryOp::Lshift => const { at("__lshift__") },
        BinaryOp::Rshift => const { at("__rshift__") },
        BinaryOp::And => const { at("__and__") },
        BinaryOp::Xor => const { at("__xor__") },
        BinaryOp::Or => const { at("__or__") },
        BinaryOp::Divmod => const { at("__divmod__") },
    }
}

/// Bit of `resume_arg` that says: an in-place operator.
const INPLACE: u32 = 1 << 8;

/// Bit of `resume_arg` that says: a comparison, whose number stands in its place.
const COMPARISON: u32 = 1 << 9;

/// The operators whose number is in a frame's `resume_arg`.
const OPERATORS: [BinaryOp; 14] = [
    BinaryOp::Add,
    BinaryOp::Subtract,
    BinaryOp::Multiply,
    BinaryOp::MatrixMultiply,
    BinaryOp::TrueDivide,
    BinaryOp::FloorDivide,
    BinaryOp::Remainder,
    BinaryOp::Power,
    BinaryOp::Lshift,
    BinaryOp::Rshift,
    BinaryOp::And,
    BinaryOp::Xor,
    BinaryOp::Or,
    BinaryOp::Divmod,
];

impl<M: ObjectModel> Vm<M> {
    /// The special method of a row on the class of `v`, if it is a Python function that runs when it
    /// is called.
    fn plain_special(&mut self, v: &V<M>, row: usize) -> Option<V<M>> {
        let f = self.special_attr(v, row)?;
        self.runs_when_called(&f).then_some(f)
    }

    /// Whether a value is a Python function, and no generator's or coroutine's.
    fn runs_when_called(&mut self, f: &V<M>) -> bool {
        const LATER: u32 = flags::CO_GENERATOR | flags::CO_COROUTINE | flags::CO_ASYNC_GENERATOR;
        let Some(function) = f.get_exact::<Function<M>>() else {
            return false;
        };
        match self.link_function(function) {
            // SAFETY: just given by `link_function`; the function owns it.
            Ok(linked) => unsafe { (*linked).flags & LATER == 0 },
            Err(_) => {
                drop(self.take_raised());
                false
            }
        }
    }

    /// `a op b` for the two top values where `a`'s class has the method in Python and `b`'s neither goes
    /// first nor has one too. The operands stay on the stack until the method has answered.
    pub fn enter_binary(
        &mut self,
        r: &mut Regs<M>,
        op: BinaryOp,
        inplace: bool,
    ) -> Res<Option<Flow>> {
        if r.peek(1).get::<Attrs<M>>().is_none() || op == BinaryOp::Power {
            return Ok(None);
        }
        let (a, b) = (r.peek(1).clone(), r.peek(0).clone());
        let slot = op.slot();
        let by_method = generic::<M>(slot).map(|f| f.address());
        let (ta, tb) = (a.tag().class(), b.tag().class());
        if self.slots(&a).get(slot).map(|f| f.address()) != by_method {
            return Ok(None);
        }
        if ta != tb
            && let Some(f) = self.slots(&b).get(slot)
            && (Some(f.address()) == by_method || self.class_is_subclass(tb, ta))
        {
            return Ok(None);
        }
        if inplace {
            let slots = self.slots(&a);
            let own = op.inplace_slot().and_then(|s| slots.get(s));
            if own.is_some() || slots.inplace_concat.is_some() || slots.inplace_repeat.is_some() {
                return Ok(None);
            }
        }
        let Some(method) = self.plain_special(&a, method_row(op)) else {
            return Ok(None);
        };
        r.push(method);
        r.push(a);
        r.push(b);
        let flow = self.enter_function(r, 2, 0, OnReturn::Binary)?;
        self.frame_mut().resume_arg = op as u32 | if inplace { INPLACE } else { 0 };
        Ok(Some(flow))
    }

    /// `a op b` for the two top values where `a`'s class has the comparison in Python and `b`'s does not go first.
    pub fn enter_compare(&mut self, r: &mut Regs<M>, op: CompareOp) -> Res<Option<Flow>> {
        if r.peek(1).get::<Attrs<M>>().is_none() {
            return Ok(None);
        }
        let (a, b) = (r.peek(1).clone(), r.peek(0).clone());
        let by_method = generic::<M>(Slot::Richcompare).map(|f| f.address());
        if self.slots(&a).richcompare.map(|f| f as usize) != by_method {
            return Ok(None);
        }
        let (ta, tb) = (a.tag().class(), b.tag().class());
        if ta != tb && self.class_is_subclass(tb, ta) {
            return Ok(None);
        }
        let row = const { at("__lt__") } + op as usize;
        let Some(method) = self.plain_special(&a, row) else {
            return Ok(None);
        };
        r.push(method);
        r.push(a);
        r.push(b);
        let flow = self.enter_function(r, 2, 0, OnReturn::Binary)?;
        self.frame_mut().resume_arg = op as u32 | COMPARISON;
        Ok(Some(flow))
    }

    /// `a[b]` for the two top values where `a`'s class has `__getitem__` in Python.
    pub fn enter_subscript(&mut self, r: &mut Regs<M>) -> Res<Option<Flow>> {
        if r.peek(1).get::<Attrs<M>>().is_none() {
            return Ok(None);
        }
        let a = r.peek(1).clone();
        let by_method = generic::<M>(Slot::Getitem).map(|f| f.address());
        if self.slots(&a).getitem.map(|f| f as usize) != by_method {
            return Ok(None);
        }
        let Some(method) = self.plain_special(&a, const { at("__getitem__") }) else {
            return Ok(None);
        };
        r.open_gap(2, method);
        self.enter_function(r, 2, 0, OnReturn::Push).map(Some)
    }

    /// The method of [`Vm::enter_binary`] or [`Vm::enter_compare`] has answered `v`; its operands are the two top values.
    pub fn finish_binary(&mut self, r: &mut Regs<M>, resume_arg: u32, v: V<M>) -> Res<()> {
        let mut result = v;
        if result.is_not_implemented() {
            self.save(r);
            let (a, b) = (r.peek(1).clone(), r.peek(0).clone());
            let number = (resume_arg & (INPLACE - 1)) as usize;
            result = if resume_arg & COMPARISON != 0 {
                self.compare_after_left(CompareOp::ALL[number], &a, &b)?
            } else {
                self.binary_after_left(OPERATORS[number], resume_arg & INPLACE != 0, &a, &b)?
            };
        }
        drop(r.pop());
        drop(r.swap(0, result));
        Ok(())
    }

    /// `-a` and its kin for the top value where its class has the method in Python.
    pub fn enter_unary(&mut self, r: &mut Regs<M>, slot: Slot, row: usize) -> Res<Option<Flow>> {
        if r.peek(0).get::<Attrs<M>>().is_none() {
            return Ok(None);
        }
        let v = r.peek(0).clone();
        let by_method = generic::<M>(slot).map(|f| f.address());
        if self.slots(&v).get(slot).map(|f| f.address()) != by_method {
            return Ok(None);
        }
        let Some(method) = self.plain_special(&v, row) else {
            return Ok(None);
        };
        drop(r.swap(0, method));
        r.push(v);
        self.enter_function(r, 1, 0, OnReturn::Push).map(Some)
    }

    /// The `__call__` of an instance whose class has it in Python.
    pub fn call_method_of(&mut self, callee: &V<M>) -> Option<V<M>> {
        let by_method = generic::<M>(Slot::Call).map(|f| f.address());
        let f = self.slots(callee).call?;
        if Some(f as usize) != by_method {
            return None;
        }
        let method = self.special_attr(callee, const { at("__call__") })?;
        (method.kind() == Kind::Function).then_some(method)
    }

    /// `v.name` where the class has a property of that name whose getter is a Python function.
    /// `v` is not on the stack.
    pub fn enter_getter(&mut self, r: &mut Regs<M>, v: &V<M>, name: &V<M>) -> Res<Option<Flow>> {
        if v.attrs().is_none() {
            return Ok(None);
        }
        let class = v.tag().class();
        let Some(attr) = self.lookup_class_attr(class, name) else {
            return Ok(None);
        };
        let Some(property) = attr.get_exact::<Property<M>>() else {
            return Ok(None);
        };
        let getter = property.get.load();
        // A `__getattr__` has a say in what a getter raises.
        if getter.kind() != Kind::Function || self.class_entry(class).slots.getattro.is_some() {
            return Ok(None);
        }
        r.push(getter);
        r.push(v.clone());
        self.enter_function(r, 1, 0, OnReturn::Push).map(Some)
    }

    /// SETUP_WITH: pushes `__exit__`, calls `__enter__`, pushes the block and what `__enter__` gave.
    pub fn setup_with(&mut self, r: &mut Regs<M>, displacement: u32) -> Res<Flow> {
        let manager = r.pop();
        let names = (self.names_once.exit.clone(), self.names_once.enter.clone());
        let exit = self.with_special(&manager, &names.0)?;
        let class = manager.tag().class();
        if let Some(f) = self.lookup_class_attr(class, &names.1)
            && self.runs_when_called(&f)
        {
            r.push(exit);
            r.push(f);
            r.push(manager);
            let flow = self.enter_function(r, 1, 0, OnReturn::With)?;
            self.frame_mut().resume_arg = displacement;
            return Ok(flow);
        }
        let enter = self.with_special(&manager, &names.1)?;
        r.push(exit);
        let entered = self.call_values(&enter, &[])?;
        self.push_block(r, BlockKind::Finally, displacement);
        r.push(entered);
        Ok(Flow::Next)
    }
}
