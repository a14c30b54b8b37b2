//! The arithmetic of ranges of any size.

use crate::number::range_math;
use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};

/// An arithmetic progression; the step is not zero.
pub(super) struct Progression {
    pub(super) start: BigInt,
    pub(super) stop: BigInt,
    pub(super) step: BigInt,
}

impl Progression {
    pub(super) fn new(start: BigInt, stop: BigInt, step: BigInt) -> Self {
        Progression { start, stop, step }
    }

    pub(super) fn len(&self) -> BigInt {
        range_math::len(&self.start, &self.stop, &self.step)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.len().is_zero()
    }

    pub(super) fn repr(&self) -> String {
        if self.step.is_one() {
            return format!("range({}, {})", self.start, self.stop);
        }
        format!("range({}, {}, {})", self.start, self.stop, self.step)
    }

    /// The value at an index, which may count from the end.
    pub(super) fn item(&self, index: BigInt) -> Option<BigInt> {
        let len = self.len();
        let i = if index.is_negative() {
            index + &len
        } else {
            index
        };
        (!i.is_negative() && i < len).then(|| &self.start + i * &self.step)
    }

    pub(super) fn index(&self, value: &BigInt) -> Option<BigInt> {
        range_math::index(&self.start, &self.stop, &self.step, value)
    }

    /// The part that a slice's indices (start, stop, step) select.
    pub(super) fn slice(&self, [start, stop, step]: [BigInt; 3]) -> Progression {
        Progression {
            start: &self.start + start * &self.step,
            stop: &self.start + stop * &self.step,
            step: step * &self.step,
        }
    }

    /// The same values from the last to the first.
    pub(super) fn reversed(&self) -> Progression {
        let start = &self.start + (self.len() - 1) * &self.step;
        Progression {
            start,
            stop: &self.start - &self.step,
            step: -&self.step,
        }
    }

    /// Equality of ranges: that of the sequences of values.
    pub(super) fn same_values(&self, other: &Progression) -> bool {
        let n = self.len();
        n == other.len()
            && (n.is_zero() || self.start == other.start && (n.is_one() || self.step == other.step))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(start: i64, stop: i64, step: i64) -> Progression {
        Progression::new(start.into(), stop.into(), step.into())
    }

    #[test]
    fn slices_and_items() {
        let r = p(0, 20, 3);
        assert_eq!(
            r.slice([1.into(), 7.into(), 2.into()]).repr(),
            "range(3, 21, 6)"
        );
        assert_eq!(r.reversed().repr(), "range(18, -3, -3)");
        assert_eq!(r.item((-1).into()), Some(18.into()));
        assert_eq!(r.item(7.into()), None);
        assert!(p(0, 3, 5).same_values(&p(0, 1, 2)));
        assert!(p(0, 0, 5).same_values(&p(3, 1, 2)));
        assert!(!p(0, 3, 1).same_values(&p(0, 3, 2)));
    }
}
