//! Operators: what `+`, `-x`, `+=`, `<` and their kin do with any two values.
//!
//! The rules are CPython's (`Objects/abstract.c`, `binary_op1`, `do_richcompare`):
//! the right operand goes first if its class is a subclass of the left's and
//! has its own slot; `NotImplemented` passes the turn.

use super::vm::Vm;
use crate::object::slots::{CompareOp, Slot, SlotFn};
use crate::object::{ObjectModel, Res, V, Value};

/// The binary operators: symbol, slot, in-place slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
#[allow(missing_docs)]
pub enum BinaryOp {
    Add,
    Subtract,
    Multiply,
    MatrixMultiply,
    TrueDivide,
    FloorDivide,
    Remainder,
    Power,
    Lshift,
    Rshift,
    And,
    Xor,
    Or,
    Divmod,
}

impl BinaryOp {
    /// As messages show it.
    pub fn symbol(self) -> &'static str {
        [
            "+",
            "-",
            "*",
            "@",
            "/",
            "//",
            "%",
            "** or pow()",
            "<<",
            ">>",
            "&",
            "^",
            "|",
            "divmod()",
        ][self as usize]
    }

    /// The slot of the operator.
    pub fn slot(self) -> Slot {
        use BinaryOp::*;
        match self {
            Add => Slot::Add,
            Subtract => Slot::Subtract,
            Multiply => Slot::Multiply,
            MatrixMultiply => Slot::MatrixMultiply,
            TrueDivide => Slot::TrueDivide,
            FloorDivide => Slot::FloorDivide,
            Remainder => Slot::Remainder,
            Power => Slot::Power,
            Lshift => Slot::Lshift,
            Rshift => Slot::Rshift,
            And => Slot::And,
            Xor => Slot::Xor,
            Or => Slot::Or,
            Divmod => Slot::Divmod,
        }
    }

    /// The slot of the in-place form.
    pub fn inplace_slot(self) -> Option<Slot> {
        use BinaryOp::*;
        Some(match self {
            Add => Slot::InplaceAdd,
            Subtract => Slot::InplaceSubtract,
            Multiply => Slot::InplaceMultiply,
            MatrixMultiply => Slot::InplaceMatrixMultiply,
            TrueDivide => Slot::InplaceTrueDivide,
            FloorDivide => Slot::InplaceFloorDivide,
            Remainder => Slot::InplaceRemainder,
            Power => Slot::InplacePower,
            Lshift => Slot::InplaceLshift,
            Rshift => Slot::InplaceRshift,
            And => Slot::InplaceAnd,
            Xor => Slot::InplaceXor,
            Or => Slot::InplaceOr,
            Divmod => return None,
        })
    }

    fn inplace_symbol(self) -> &'static str {
        [
            "+=",
            "-=",
            "*=",
            "@=",
            "/=",
            "//=",
            "%=",
            "** or pow()",
            "<<=",
            ">>=",
            "&=",
            "^=",
            "|=",
            "",
        ][self as usize]
    }
}

impl<M: ObjectModel> Vm<M> {
    /// The slots of a value's class.
    #[inline(always)]
    pub fn slots(&self, v: &V<M>) -> &crate::object::Slots<M> {
        &self.class_entry(v.tag().class()).slots
    }

    fn call_operator(&mut self, f: SlotFn<M>, a: &V<M>, b: &V<M>) -> Res<V<M>> {
        match f {
            SlotFn::Binary(f) => f(self, a, b),
            SlotFn::Ternary(f) => f(self, a, b, &V::<M>::none()),
            _ => Ok(V::<M>::not_implemented()),
        }
    }

    /// Tries both operands' slots; NotImplemented if neither has an answer.
    fn binary_slots(&mut self, slot: Slot, a: &V<M>, b: &V<M>) -> Res<V<M>> {
        let (ta, tb) = (a.tag().class(), b.tag().class());
        let fa = self.slots(a).get(slot);
        let mut fb = if ta == tb {
            None
        } else {
            self.slots(b).get(slot)
        };
        if let (Some(x), Some(y)) = (fa, fb)
            && x.address() == y.address()
        {
            fb = None;
        }
        if let Some(fa) = fa {
            if let Some(f) = fb
                && self.class_is_subclass(tb, ta)
            {
                let r = self.call_operator(f, a, b)?;
                if !r.is_not_implemented() {
                    return Ok(r);
                }
                fb = None;
            }
            let r = self.call_operator(fa, a, b)?;
            if !r.is_not_implemented() {
                return Ok(r);
            }
        }
        match fb {
            Some(f) => self.call_operator(f, a, b),
            None => Ok(V::<M>::not_implemented()),
        }
    }

    /// `a op b`, NotImplemented if no operand knows.
    pub fn binary_or_not_implemented(&mut self, op: BinaryOp, a: &V<M>, b: &V<M>) -> Res<V<M>> {
        let r = self.binary_slots(op.slot(), a, b)?;
        if !r.is_not_implemented() {
            return Ok(r);
        }
        self.sequence_form(op, a, b)
    }

    /// `+` and `*` of sequences, which come after the number slots.
    fn sequence_form(&mut self, op: BinaryOp, a: &V<M>, b: &V<M>) -> Res<V<M>> {
        match op {
            BinaryOp::Add => {
                if let Some(f) = self.slots(a).concat {
                    return f(self, a, b);
                }
            }
            BinaryOp::Multiply => {
                if let Some(f) = self.slots(a).repeat {
                    return self.repeat_by(f, a, b);
                }
                if let Some(f) = self.slots(b).repeat {
                    return self.repeat_by(f, b, a);
                }
            }
            _ => {}
        }
        Ok(V::<M>::not_implemented())
    }

    fn repeat_by(
        &mut self,
        f: crate::object::slots::Repeat<M>,
        sequence: &V<M>,
        n: &V<M>,
    ) -> Res<V<M>> {
        if !self.has_index(n) {
            let m = format!(
                "can't multiply sequence by non-int of type '{}'",
                self.type_name(n)
            );
            return Err(self.raise_type_error(m));
        }
        let n = self.index_as_isize(n, super::errors::Exc::OverflowError)?;
        f(self, sequence, n)
    }

    /// `a op b`.
    pub fn binary(&mut self, op: BinaryOp, a: &V<M>, b: &V<M>) -> Res<V<M>> {
        let r = self.binary_or_not_implemented(op, a, b)?;
        if r.is_not_implemented() {
            return Err(self.raise_operands(op.symbol(), a, b));
        }
        Ok(r)
    }

    /// `a op b` or `a op= b` after the method of `a` has given NotImplemented; `b` has none in Python.
    pub fn binary_after_left(
        &mut self,
        op: BinaryOp,
        inplace: bool,
        a: &V<M>,
        b: &V<M>,
    ) -> Res<V<M>> {
        let mut r = V::<M>::not_implemented();
        if a.tag().class() != b.tag().class()
            && let Some(f) = self.slots(b).get(op.slot())
        {
            r = self.call_operator(f, a, b)?;
        }
        if r.is_not_implemented() {
            r = self.sequence_form(op, a, b)?;
        }
        if r.is_not_implemented() {
            let symbol = if inplace {
                op.inplace_symbol()
            } else {
                op.symbol()
            };
            return Err(self.raise_operands(symbol, a, b));
        }
        Ok(r)
    }

    /// `pow(a, b, modulus)`; `modulus` None: `a ** b`.
    pub fn power(&mut self, a: &V<M>, b: &V<M>, modulus: &V<M>) -> Res<V<M>> {
        if modulus.is_none() {
            return self.binary(BinaryOp::Power, a, b);
        }
        let candidates = [a, b, modulus];
        for i in 0..3 {
            let class = candidates[i].tag().class();
            if candidates[..i].iter().any(|c| c.tag().class() == class) {
                continue;
            }
            if let Some(f) = self.slots(candidates[i]).power {
                let r = f(self, a, b, modulus)?;
                if !r.is_not_implemented() {
                    return Ok(r);
                }
            }
        }
        let (x, y, z) = (
            self.type_name(a),
            self.type_name(b),
            self.type_name(modulus),
        );
        Err(self.raise_type_error(format!(
            "unsupported operand type(s) for pow(): '{x}', '{y}', '{z}'"
        )))
    }

    /// `a op= b`.
    pub fn inplace(&mut self, op: BinaryOp, a: &V<M>, b: &V<M>) -> Res<V<M>> {
        if let Some(slot) = op.inplace_slot()
            && let Some(f) = self.slots(a).get(slot)
        {
            let r = self.call_operator(f, a, b)?;
            if !r.is_not_implemented() {
                return Ok(r);
            }
        }
        // A sequence's own in-place form comes after both operands' number slots.
        if op == BinaryOp::Add
            && let Some(f) = self.slots(a).inplace_concat
        {
            let r = self.binary_slots(Slot::Add, a, b)?;
            return if r.is_not_implemented() {
                f(self, a, b)
            } else {
                Ok(r)
            };
        }
        if op == BinaryOp::Multiply
            && let Some(f) = self.slots(a).inplace_repeat
        {
            let r = self.binary_slots(Slot::Multiply, a, b)?;
            return if r.is_not_implemented() {
                self.repeat_by(f, a, b)
            } else {
                Ok(r)
            };
        }
        let r = self.binary_or_not_implemented(op, a, b)?;
        if r.is_not_implemented() {
            return Err(self.raise_operands(op.inplace_symbol(), a, b));
        }
        Ok(r)
    }

    #[cold]
    fn raise_operands(&mut self, symbol: &str, a: &V<M>, b: &V<M>) -> crate::object::Raised {
        let (x, y) = (self.type_name(a), self.type_name(b));
        self.raise_type_error(format!(
            "unsupported operand type(s) for {symbol}: '{x}' and '{y}'"
        ))
    }

    /// `-x`, `+x`, `~x`, `abs(x)` by slot and the words of its error.
    pub fn unary(&mut self, slot: Slot, x: &V<M>) -> Res<V<M>> {
        match self.slots(x).get(slot) {
            Some(SlotFn::Unary(f)) => f(self, x),
            _ => {
                let what = match slot {
                    Slot::Negative => "unary -",
                    Slot::Positive => "unary +",
                    Slot::Invert => "unary ~",
                    _ => "abs()",
                };
                let m = format!("bad operand type for {what}: '{}'", self.type_name(x));
                Err(self.raise_type_error(m))
            }
        }
    }

    /// `a op b` for the six comparisons, any result type.
    pub fn compare(&mut self, op: CompareOp, a: &V<M>, b: &V<M>) -> Res<V<M>> {
        self.enter_native(" in comparison")?;
        let r = self.compare_inner(op, a, b);
        self.leave_native();
        r
    }

    fn compare_inner(&mut self, op: CompareOp, a: &V<M>, b: &V<M>) -> Res<V<M>> {
        let (ta, tb) = (a.tag().class(), b.tag().class());
        let mut tried_right = false;
        if ta != tb
            && self.class_is_subclass(tb, ta)
            && let Some(f) = self.slots(b).richcompare
        {
            tried_right = true;
            let r = f(self, b, a, op.swapped())?;
            if !r.is_not_implemented() {
                return Ok(r);
            }
        }
        if let Some(f) = self.slots(a).richcompare {
            let r = f(self, a, b, op)?;
            if !r.is_not_implemented() {
                return Ok(r);
            }
        }
        match tried_right {
            true => self.compare_identity(op, a, b),
            false => self.compare_after_left(op, a, b),
        }
    }

    /// The rest of `a op b` where `a` does not know the answer and `b` has not been asked.
    pub fn compare_after_left(&mut self, op: CompareOp, a: &V<M>, b: &V<M>) -> Res<V<M>> {
        if let Some(f) = self.slots(b).richcompare {
            let r = f(self, b, a, op.swapped())?;
            if !r.is_not_implemented() {
                return Ok(r);
            }
        }
        self.compare_identity(op, a, b)
    }

    /// `a op b` where neither knows the answer.
    fn compare_identity(&mut self, op: CompareOp, a: &V<M>, b: &V<M>) -> Res<V<M>> {
        match op {
            CompareOp::Eq => Ok(V::<M>::bool(a.is(b))),
            CompareOp::Ne => Ok(V::<M>::bool(!a.is(b))),
            _ => {
                let (x, y) = (self.type_name(a), self.type_name(b));
                Err(self
                    .raise_type_error(format!("unorderable types: {x}() {} {y}()", op.symbol())))
            }
        }
    }

    /// The truth of `a op b`; identity counts as equality (`PyObject_RichCompareBool`).
    pub fn compare_bool(&mut self, op: CompareOp, a: &V<M>, b: &V<M>) -> Res<bool> {
        if a.is(b) {
            match op {
                CompareOp::Eq => return Ok(true),
                CompareOp::Ne => return Ok(false),
                _ => {}
            }
        }
        let r = self.compare(op, a, b)?;
        self.is_true(&r)
    }

    /// `a is b or a == b`.
    pub fn is_equal(&mut self, a: &V<M>, b: &V<M>) -> Res<bool> {
        self.compare_bool(CompareOp::Eq, a, b)
    }
}
