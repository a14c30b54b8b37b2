//! Arithmetic of `range` and of slices.

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Signed, Zero};

use crate::text::error::{OpError, OpResult};

/// The number of elements of `range(start, stop, step)`; the step is not zero.
pub fn len_i64(start: i64, stop: i64, step: i64) -> u64 {
    // The distance of two i64 fits in u64. No division for the usual step.
    if step == 1 {
        if start < stop {
            stop.wrapping_sub(start) as u64
        } else {
            0
        }
    } else if step > 0 && start < stop {
        (stop.wrapping_sub(start) as u64 - 1) / step as u64 + 1
    } else if step < 0 && start > stop {
        (start.wrapping_sub(stop) as u64 - 1) / step.unsigned_abs() + 1
    } else {
        0
    }
}

/// The number of elements of `range(start, stop, step)`; the step is not zero.
pub fn len(start: &BigInt, stop: &BigInt, step: &BigInt) -> BigInt {
    let distance = if step.is_positive() {
        stop - start
    } else {
        start - stop
    };
    if distance.is_positive() {
        (distance - BigInt::one()).div_floor(&step.abs()) + BigInt::one()
    } else {
        BigInt::zero()
    }
}

/// The index of `value` in a range, if it is an element.
pub fn index_i64(start: i64, stop: i64, step: i64, value: i64) -> Option<u64> {
    let inside = if step > 0 {
        start <= value && value < stop
    } else {
        stop < value && value <= start
    };
    if !inside {
        return None;
    }
    let distance = if step > 0 {
        value.wrapping_sub(start)
    } else {
        start.wrapping_sub(value)
    } as u64;
    let step = step.unsigned_abs();
    if distance.is_multiple_of(step) {
        Some(distance / step)
    } else {
        None
    }
}

/// The index of `value` in a range, if it is an element.
pub fn index(start: &BigInt, stop: &BigInt, step: &BigInt, value: &BigInt) -> Option<BigInt> {
    let inside = if step.is_positive() {
        start <= value && value < stop
    } else {
        stop < value && value <= start
    };
    if !inside {
        return None;
    }
    let (quotient, remainder) = (value - start).div_mod_floor(step);
    if remainder.is_zero() {
        Some(quotient)
    } else {
        None
    }
}

/// Checks a range's step.
pub fn check_range_step(is_zero: bool) -> OpResult<()> {
    if is_zero {
        Err(OpError::value("range() arg 3 must not be zero"))
    } else {
        Ok(())
    }
}

/// What a slice selects of a sequence: `count` elements at `start`, `start + step`, ...
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SliceIndices {
    /// The first index; within the sequence if `count` is not zero.
    pub start: i64,
    /// Where it ends, not included: -1 for all the way down.
    pub stop: i64,
    /// Not zero.
    pub step: i64,
    /// How many elements.
    pub count: usize,
}

/// `slice(start, stop, step).indices(len)` with the number of elements. The arguments are already integers, clamped to
/// 64 bits (which changes nothing for sequences that fit in memory). A step of zero is a `ValueError`.
pub fn slice_indices(
    start: Option<i64>,
    stop: Option<i64>,
    step: Option<i64>,
    len: usize,
) -> OpResult<SliceIndices> {
    let step = step.unwrap_or(1);
    if step == 0 {
        return Err(OpError::value("slice step cannot be zero"));
    }
    let len = i64::try_from(len).unwrap_or(i64::MAX);
    // A falling slice may stop before the first element, at -1, and starts at the last one at most.
    let (lowest, highest) = if step > 0 { (0, len) } else { (-1, len - 1) };
    let clamp = |i: i64| {
        if i < 0 {
            i.saturating_add(len).max(lowest)
        } else {
            i.min(highest)
        }
    };
    let start = start.map_or(if step > 0 { 0 } else { len - 1 }, clamp);
    let stop = stop.map_or(if step > 0 { len } else { -1 }, clamp);
    let count = usize::try_from(len_i64(start, stop, step)).unwrap_or(usize::MAX);
    Ok(SliceIndices {
        start,
        stop,
        step,
        count,
    })
}

/// A subscript made positive; `None` if it is out of range.
#[inline]
pub fn subscript(i: i64, len: usize) -> Option<usize> {
    if i >= 0 {
        usize::try_from(i).ok().filter(|&i| i < len)
    } else {
        len.checked_sub(usize::try_from(i.unsigned_abs()).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths() {
        for (start, stop, step, expected) in [
            (0, 10, 3, 4),
            (0, 9, 3, 3),
            (10, 0, -3, 4),
            (0, 0, 1, 0),
            (5, 0, 1, 0),
            (0, 5, -1, 0),
            (i64::MIN, i64::MAX, 1, u64::MAX),
            (i64::MAX, i64::MIN, i64::MIN, 2),
        ] {
            assert_eq!(len_i64(start, stop, step), expected);
            assert_eq!(
                len(&start.into(), &stop.into(), &step.into()),
                BigInt::from(expected)
            );
        }
    }

    #[test]
    fn elements() {
        for (start, stop, step, value, expected) in [
            (0, 10, 3, 9, Some(3)),
            (0, 10, 3, 8, None),
            (10, 0, -3, 1, Some(3)),
            (10, 0, -3, 10, Some(0)),
            (10, 0, -3, 0, None),
            (0, 10, 1, 10, None),
        ] {
            assert_eq!(index_i64(start, stop, step, value), expected);
            assert_eq!(
                index(&start.into(), &stop.into(), &step.into(), &value.into()),
                expected.map(BigInt::from)
            );
        }
        assert_eq!(
            check_range_step(true).unwrap_err().message,
            "range() arg 3 must not be zero"
        );
    }

    #[test]
    fn slices() {
        let s = |a, b, c| slice_indices(a, b, c, 5).map(|s| (s.start, s.stop, s.step, s.count));
        assert_eq!(s(None, None, None), Ok((0, 5, 1, 5)));
        assert_eq!(s(None, None, Some(-1)), Ok((4, -1, -1, 5)));
        assert_eq!(s(Some(-2), None, None), Ok((3, 5, 1, 2)));
        assert_eq!(s(Some(10), Some(-10), Some(-2)), Ok((4, -1, -2, 3)));
        assert_eq!(s(Some(3), Some(1), None), Ok((3, 1, 1, 0)));
        assert_eq!(
            s(Some(i64::MIN), Some(i64::MAX), Some(i64::MAX)),
            Ok((0, 5, i64::MAX, 1))
        );
        assert_eq!(s(None, None, Some(i64::MIN)), Ok((4, -1, i64::MIN, 1)));
        assert_eq!(
            s(None, None, Some(0)).unwrap_err().message,
            "slice step cannot be zero"
        );
        assert_eq!(
            (
                subscript(-1, 3),
                subscript(3, 3),
                subscript(-4, 3),
                subscript(i64::MIN, 3)
            ),
            (Some(2), None, None, None)
        );
    }
}
