//! Ordering and equality of `str` and `bytes`, and the outcome of the six comparison operators.

use std::cmp::Ordering;

use rustpython_wtf8::Wtf8;

/// Orders by code point, which is the order of the WTF-8 bytes.
pub fn cmp_str(a: &Wtf8, b: &Wtf8) -> Ordering {
    a.as_bytes().cmp(b.as_bytes())
}

/// A rich comparison, in CPython's order (`Py_LT` is 0).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RichCompare {
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `==`
    Eq,
    /// `!=`
    Ne,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

impl RichCompare {
    /// Whether the comparison holds, given how the left operand lies to the right one.
    #[inline]
    pub fn holds(self, ordering: Ordering) -> bool {
        match self {
            RichCompare::Lt => ordering.is_lt(),
            RichCompare::Le => ordering.is_le(),
            RichCompare::Eq => ordering.is_eq(),
            RichCompare::Ne => ordering.is_ne(),
            RichCompare::Gt => ordering.is_gt(),
            RichCompare::Ge => ordering.is_ge(),
        }
    }

    /// Whether the comparison holds; `None` stands for a NaN, which is only unequal.
    #[inline]
    pub fn holds_partial(self, ordering: Option<Ordering>) -> bool {
        match ordering {
            Some(ordering) => self.holds(ordering),
            None => self == RichCompare::Ne,
        }
    }

    /// The comparison with its operands exchanged.
    pub fn reflected(self) -> Self {
        match self {
            RichCompare::Lt => RichCompare::Gt,
            RichCompare::Le => RichCompare::Ge,
            RichCompare::Gt => RichCompare::Lt,
            RichCompare::Ge => RichCompare::Le,
            same => same,
        }
    }

    /// The operator as it is written.
    pub fn symbol(self) -> &'static str {
        match self {
            RichCompare::Lt => "<",
            RichCompare::Le => "<=",
            RichCompare::Eq => "==",
            RichCompare::Ne => "!=",
            RichCompare::Gt => ">",
            RichCompare::Ge => ">=",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustpython_wtf8::{CodePoint, Wtf8Buf};

    #[test]
    fn surrogates_sort_below_private_use() {
        let lone = Wtf8Buf::from_iter(CodePoint::from_u32(0xDFFF));
        assert!(cmp_str(&lone, Wtf8::new("\u{e000}")).is_lt());
        assert!(cmp_str(&lone, Wtf8::new("\u{d7ff}")).is_gt());
        assert!(cmp_str(Wtf8::new("\u{ffff}"), Wtf8::new("\u{10000}")).is_lt());
        assert!(cmp_str(Wtf8::new("ab"), Wtf8::new("abc")).is_lt());
    }

    #[test]
    fn operators() {
        assert!(RichCompare::Le.holds(Ordering::Equal) && !RichCompare::Lt.holds(Ordering::Equal));
        assert!(RichCompare::Ne.holds_partial(None) && !RichCompare::Eq.holds_partial(None));
        assert_eq!(RichCompare::Ge.reflected(), RichCompare::Le);
        assert_eq!(RichCompare::Gt.symbol(), ">");
    }
}
