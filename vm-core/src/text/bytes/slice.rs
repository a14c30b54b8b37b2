//! Slices of `bytes` and other sequences of copyable elements.

/// `count` elements at `start`, `start + step`, ...: what `range_math::slice_indices` selects. Positions out of range end the result.
pub fn slice_step<T: Copy>(elements: &[T], start: usize, step: i64, count: usize) -> Vec<T> {
    if step == 1 {
        let end = start.saturating_add(count).min(elements.len());
        return elements.get(start..end).map_or(Vec::new(), <[T]>::to_vec);
    }
    let positions = (0..count)
        .map_while(|k| usize::try_from(i128::from(step) * k as i128 + start as i128).ok());
    positions.map_while(|p| elements.get(p).copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices() {
        assert_eq!(slice_step(b"abcdef", 1, 1, 3), b"bcd");
        assert_eq!(slice_step(b"abcdef", 5, -2, 3), b"fdb");
        assert_eq!(slice_step(b"abcdef", 0, 4, 2), b"ae");
        assert_eq!(slice_step(b"abc", 7, 1, 0), b"");
        assert_eq!(slice_step(b"abc", 0, i64::MAX, 1), b"a");
    }
}
