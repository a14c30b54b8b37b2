//! `math.fsum`: the correctly rounded sum of floats.
//!
//! Keeps the sum as partial sums that do not overlap. Source: Shewchuk, "Adaptive Precision Floating-Point Arithmetic and Fast Robust
//! Geometric Predicates" (1997), with the final rounding of CPython's `math_fsum`.

use crate::text::error::{OpError, OpResult};

/// A sum in progress.
#[derive(Clone, Debug, Default)]
pub struct Fsum {
    /// In increasing size.
    partials: Vec<f64>,
    /// The sum of the terms that are not finite.
    special: f64,
    /// The sum of those that are infinite.
    infinite: f64,
}

/// `a + b` and what the addition rounded away.
fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let (large, small) = if a.abs() < b.abs() { (b, a) } else { (a, b) };
    let high = large + small;
    (high, small - (high - large))
}

impl Fsum {
    /// Adds a term.
    pub fn add(&mut self, term: f64) -> OpResult<()> {
        let mut x = term;
        let mut kept = 0;
        for i in 0..self.partials.len() {
            let (high, low) = two_sum(x, self.partials[i]);
            if low != 0.0 {
                self.partials[kept] = low;
                kept += 1;
            }
            x = high;
        }
        self.partials.truncate(kept);
        if x == 0.0 {
            return Ok(());
        }
        if x.is_finite() {
            self.partials.push(x);
            return Ok(());
        }
        if term.is_finite() {
            return Err(OpError::overflow("intermediate overflow in fsum"));
        }
        if term.is_infinite() {
            self.infinite += term;
        }
        self.special += term;
        self.partials.clear();
        Ok(())
    }

    /// The sum.
    pub fn finish(mut self) -> OpResult<f64> {
        if self.special != 0.0 {
            return if self.infinite.is_nan() {
                Err(OpError::value("-inf + inf in fsum"))
            } else {
                Ok(self.special)
            };
        }
        let mut high = self.partials.pop().unwrap_or(0.0);
        let mut low = 0.0;
        while let Some(partial) = self.partials.pop() {
            (high, low) = two_sum(high, partial);
            if low != 0.0 {
                break;
            }
        }
        // A tie was rounded to even although a smaller partial lies beyond it: round away instead.
        if let Some(&next) = self.partials.last()
            && ((low < 0.0 && next < 0.0) || (low > 0.0 && next > 0.0))
        {
            let doubled = low * 2.0;
            let moved = high + doubled;
            if moved - high == doubled {
                high = moved;
            }
        }
        Ok(high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fsum(terms: &[f64]) -> OpResult<f64> {
        let mut sum = Fsum::default();
        for &term in terms {
            sum.add(term)?;
        }
        sum.finish()
    }

    #[test]
    fn sums() {
        assert_eq!(fsum(&[0.1; 10]), Ok(1.0));
        assert_eq!(fsum(&[1.0, 1e100, 1.0, -1e100].repeat(3)), Ok(6.0));
        assert_eq!(fsum(&[]), Ok(0.0));
        assert_eq!(fsum(&[1e16, 1.0, 1e-16]), Ok(10000000000000002.0));
        assert_eq!(fsum(&[f64::INFINITY, 1.0]), Ok(f64::INFINITY));
        assert!(fsum(&[f64::NAN, 1.0]).is_ok_and(f64::is_nan));
        assert_eq!(
            fsum(&[1e308, 1e308]).unwrap_err().to_string(),
            "OverflowError: intermediate overflow in fsum"
        );
        assert_eq!(
            fsum(&[f64::INFINITY, f64::NEG_INFINITY])
                .unwrap_err()
                .to_string(),
            "ValueError: -inf + inf in fsum"
        );
    }
}
