//! Timsort over positions, with a comparison that can fail.
//!
//! The comparisons are those of CPython's `list.sort`, in number and order,
//! since programs can watch them (`__lt__` that counts or prints). Algorithm:
//! Tim Peters, CPython `Objects/listsort.txt`: natural runs, extended by
//! binary insertion to a minimum length, merged pairwise with galloping.

use crate::object::{Raised, Res};

/// `less(i, j)`: whether position `i`'s key is below position `j`'s.
type Less<'a> = dyn FnMut(u32, u32) -> Res<bool> + 'a;

/// Wins in a row after which a merge starts to gallop.
const MIN_GALLOP: usize = 7;

/// A run waiting to be merged.
#[derive(Clone, Copy)]
struct Run {
    start: usize,
    len: usize,
}

struct Sorter<'a, 'b> {
    order: &'a mut [u32],
    less: &'a mut Less<'b>,
    runs: Vec<Run>,
    min_gallop: usize,
}

/// Sorts `order` stably. After an error it holds the same positions in some order.
pub fn timsort(order: &mut [u32], less: &mut Less<'_>) -> Res<()> {
    let n = order.len();
    if n < 2 {
        return Ok(());
    }
    let min_run = min_run(n);
    let mut s = Sorter {
        order,
        less,
        runs: Vec::new(),
        min_gallop: MIN_GALLOP,
    };
    let mut start = 0;
    while start < n {
        let mut len = s.count_run(start, n)?;
        if len < min_run {
            let forced = min_run.min(n - start);
            s.binary_insertion(start, start + forced, start + len)?;
            len = forced;
        }
        s.runs.push(Run { start, len });
        s.collapse()?;
        start += len;
    }
    s.collapse_all()
}

/// Between 32 and 64, such that `n` divided by it is a power of two or slightly less.
fn min_run(mut n: usize) -> usize {
    let mut any = 0;
    while n >= 64 {
        any |= n & 1;
        n >>= 1;
    }
    n + any
}

impl Sorter<'_, '_> {
    fn lt(&mut self, a: u32, b: u32) -> Res<bool> {
        (self.less)(a, b)
    }

    /// The length of the run at `low`; a strictly falling one is reversed.
    fn count_run(&mut self, low: usize, high: usize) -> Res<usize> {
        if low + 1 == high {
            return Ok(1);
        }
        let falling = self.lt(self.order[low + 1], self.order[low])?;
        let mut end = low + 2;
        while end < high && self.lt(self.order[end], self.order[end - 1])? == falling {
            end += 1;
        }
        if falling {
            self.order[low..end].reverse();
        }
        Ok(end - low)
    }

    /// Inserts `order[start..high]` one by one into the sorted `order[low..start]`.
    fn binary_insertion(&mut self, low: usize, high: usize, start: usize) -> Res<()> {
        for at in start.max(low + 1)..high {
            let pivot = self.order[at];
            let (mut left, mut right) = (low, at);
            while left < right {
                let middle = left + (right - left) / 2;
                if self.lt(pivot, self.order[middle])? {
                    right = middle;
                } else {
                    left = middle + 1;
                }
            }
            self.order[left..=at].rotate_right(1);
        }
        Ok(())
    }

    /// Merges until the lengths on the stack fall at least as Fibonacci numbers do.
    fn collapse(&mut self) -> Res<()> {
        while self.runs.len() > 1 {
            let r = &self.runs;
            let n = r.len() - 2;
            let too_long = (n > 0 && r[n - 1].len <= r[n].len + r[n + 1].len)
                || (n > 1 && r[n - 2].len <= r[n - 1].len + r[n].len);
            if too_long {
                let at = if r[n - 1].len < r[n + 1].len {
                    n - 1
                } else {
                    n
                };
                self.merge_at(at)?;
            } else if r[n].len <= r[n + 1].len {
                self.merge_at(n)?;
            } else {
                break;
            }
        }
        Ok(())
    }

    fn collapse_all(&mut self) -> Res<()> {
        while self.runs.len() > 1 {
            let n = self.runs.len() - 2;
            let at = if n > 0 && self.runs[n - 1].len < self.runs[n + 1].len {
                n - 1
            } else {
                n
            };
            self.merge_at(at)?;
        }
        Ok(())
    }

    fn merge_at(&mut self, at: usize) -> Res<()> {
        let (a, b) = (self.runs[at], self.runs[at + 1]);
        self.runs[at].len = a.len + b.len;
        self.runs.remove(at + 1);
        // What already stands below all of `b`, or above all of `a`, need not move.
        let key = self.order[b.start];
        let skip = self.gallop_right(key, a.start, a.len, 0)?;
        let (a_start, a_len) = (a.start + skip, a.len - skip);
        if a_len == 0 {
            return Ok(());
        }
        let key = self.order[a_start + a_len - 1];
        let b_len = self.gallop_left(key, b.start, b.len, b.len - 1)?;
        if b_len == 0 {
            return Ok(());
        }
        if a_len <= b_len {
            self.merge_low(a_start, a_len, b.start, b_len)
        } else {
            self.merge_high(a_start, a_len, b.start, b_len)
        }
    }

    fn gallop_left(&mut self, key: u32, base: usize, len: usize, hint: usize) -> Res<usize> {
        let (order, less) = (&*self.order, &mut *self.less);
        gallop_left(&order[base..base + len], key, hint, less)
    }

    fn gallop_right(&mut self, key: u32, base: usize, len: usize, hint: usize) -> Res<usize> {
        let (order, less) = (&*self.order, &mut *self.less);
        gallop_right(&order[base..base + len], key, hint, less)
    }

    /// Merges neighbours from the left; `a` (the shorter) is moved out first.
    fn merge_low(&mut self, a_start: usize, a_len: usize, b_start: usize, b_len: usize) -> Res<()> {
        let a: Vec<u32> = self.order[a_start..a_start + a_len].to_vec();
        let b_end = b_start + b_len;
        // Next of `a`, next of `b`, next place to fill.
        let mut m = Merge {
            i: 0,
            j: b_start + 1,
            to: a_start + 1,
        };
        self.order[a_start] = self.order[b_start];
        let result = self.merge_low_steps(&a, b_end, &mut m);
        // What is left of `a` goes before what is left of `b`; after an error the same
        // keeps every position.
        if result.is_ok() && a_len - m.i == 1 && m.j < b_end {
            self.order.copy_within(m.j..b_end, m.to);
            self.order[m.to + (b_end - m.j)] = a[m.i];
        } else {
            let left = &a[m.i..];
            self.order[m.to..m.to + left.len()].copy_from_slice(left);
        }
        result
    }

    /// Steps until `a` has one element left (which belongs after all of `b`), or `b` none.
    fn merge_low_steps(&mut self, a: &[u32], b_end: usize, m: &mut Merge) -> Res<()> {
        if m.j == b_end || a.len() == 1 {
            return Ok(());
        }
        let mut min_gallop = self.min_gallop;
        loop {
            let (mut a_wins, mut b_wins) = (0, 0);
            loop {
                if self.lt(self.order[m.j], a[m.i])? {
                    self.order[m.to] = self.order[m.j];
                    m.to += 1;
                    m.j += 1;
                    b_wins += 1;
                    a_wins = 0;
                    if m.j == b_end {
                        return Ok(());
                    }
                    if b_wins >= min_gallop {
                        break;
                    }
                } else {
                    self.order[m.to] = a[m.i];
                    m.to += 1;
                    m.i += 1;
                    a_wins += 1;
                    b_wins = 0;
                    if a.len() - m.i == 1 {
                        return Ok(());
                    }
                    if a_wins >= min_gallop {
                        break;
                    }
                }
            }
            min_gallop += 1;
            loop {
                min_gallop -= usize::from(min_gallop > 1);
                self.min_gallop = min_gallop;
                let key = self.order[m.j];
                let k = gallop_right(&a[m.i..], key, 0, self.less)?;
                a_wins = k;
                if k > 0 {
                    self.order[m.to..m.to + k].copy_from_slice(&a[m.i..m.i + k]);
                    m.to += k;
                    m.i += k;
                    // Zero only if the comparison is inconsistent.
                    if a.len() - m.i <= 1 {
                        return Ok(());
                    }
                }
                self.order[m.to] = self.order[m.j];
                m.to += 1;
                m.j += 1;
                if m.j == b_end {
                    return Ok(());
                }
                let k = self.gallop_left(a[m.i], m.j, b_end - m.j, 0)?;
                b_wins = k;
                if k > 0 {
                    self.order.copy_within(m.j..m.j + k, m.to);
                    m.to += k;
                    m.j += k;
                    if m.j == b_end {
                        return Ok(());
                    }
                }
                self.order[m.to] = a[m.i];
                m.to += 1;
                m.i += 1;
                if a.len() - m.i == 1 {
                    return Ok(());
                }
                if a_wins < MIN_GALLOP && b_wins < MIN_GALLOP {
                    break;
                }
            }
            min_gallop += 1;
            self.min_gallop = min_gallop;
        }
    }

    /// Merges neighbours from the right; `b` (the shorter) is moved out first.
    fn merge_high(
        &mut self,
        a_start: usize,
        a_len: usize,
        b_start: usize,
        b_len: usize,
    ) -> Res<()> {
        let b: Vec<u32> = self.order[b_start..b_start + b_len].to_vec();
        // All three are one past the next element or place.
        let mut m = Merge {
            i: a_start + a_len - 1,
            j: b_len,
            to: b_start + b_len - 1,
        };
        self.order[b_start + b_len - 1] = self.order[a_start + a_len - 1];
        let result = self.merge_high_steps(a_start, &b, &mut m);
        if result.is_ok() && m.j == 1 && m.i > a_start {
            let left = m.i - a_start;
            self.order.copy_within(a_start..m.i, m.to - left);
            self.order[m.to - left - 1] = b[0];
        } else {
            let left = &b[..m.j];
            self.order[m.to - left.len()..m.to].copy_from_slice(left);
        }
        result
    }

    /// Steps until `b` has one element left (which belongs before all of `a`), or `a` none.
    fn merge_high_steps(&mut self, a_start: usize, b: &[u32], m: &mut Merge) -> Res<()> {
        if m.i == a_start || m.j == 1 {
            return Ok(());
        }
        let mut min_gallop = self.min_gallop;
        loop {
            let (mut a_wins, mut b_wins) = (0, 0);
            loop {
                if self.lt(b[m.j - 1], self.order[m.i - 1])? {
                    self.order[m.to - 1] = self.order[m.i - 1];
                    m.to -= 1;
                    m.i -= 1;
                    a_wins += 1;
                    b_wins = 0;
                    if m.i == a_start {
                        return Ok(());
                    }
                    if a_wins >= min_gallop {
                        break;
                    }
                } else {
                    self.order[m.to - 1] = b[m.j - 1];
                    m.to -= 1;
                    m.j -= 1;
                    b_wins += 1;
                    a_wins = 0;
                    if m.j == 1 {
                        return Ok(());
                    }
                    if b_wins >= min_gallop {
                        break;
                    }
                }
            }
            min_gallop += 1;
            loop {
                min_gallop -= usize::from(min_gallop > 1);
                self.min_gallop = min_gallop;
                let a_len = m.i - a_start;
                let k = self.gallop_right(b[m.j - 1], a_start, a_len, a_len - 1)?;
                let k = a_len - k;
                a_wins = k;
                if k > 0 {
                    self.order.copy_within(m.i - k..m.i, m.to - k);
                    m.to -= k;
                    m.i -= k;
                    if m.i == a_start {
                        return Ok(());
                    }
                }
                self.order[m.to - 1] = b[m.j - 1];
                m.to -= 1;
                m.j -= 1;
                if m.j == 1 {
                    return Ok(());
                }
                let key = self.order[m.i - 1];
                let k = gallop_left(&b[..m.j], key, m.j - 1, self.less)?;
                let k = m.j - k;
                b_wins = k;
                if k > 0 {
                    self.order[m.to - k..m.to].copy_from_slice(&b[m.j - k..m.j]);
                    m.to -= k;
                    m.j -= k;
                    if m.j <= 1 {
                        return Ok(());
                    }
                }
                self.order[m.to - 1] = self.order[m.i - 1];
                m.to -= 1;
                m.i -= 1;
                if m.i == a_start {
                    return Ok(());
                }
                if a_wins < MIN_GALLOP && b_wins < MIN_GALLOP {
                    break;
                }
            }
            min_gallop += 1;
            self.min_gallop = min_gallop;
        }
    }
}

/// How far a merge has come.
struct Merge {
    i: usize,
    j: usize,
    to: usize,
}

/// The number of elements of the sorted `run` that are below `key`, searched from `hint`.
fn gallop_left(run: &[u32], key: u32, hint: usize, less: &mut Less<'_>) -> Result<usize, Raised> {
    let (mut last, mut offset) = (0, 1);
    let (mut low, mut high);
    if less(run[hint], key)? {
        let most = run.len() - hint;
        while offset < most && less(run[hint + offset], key)? {
            last = offset;
            offset = offset * 2 + 1;
        }
        (low, high) = (hint + last + 1, hint + offset.min(most));
    } else {
        let most = hint + 1;
        while offset < most && !less(run[hint - offset], key)? {
            last = offset;
            offset = offset * 2 + 1;
        }
        (low, high) = (hint + 1 - offset.min(most), hint - last);
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if less(run[middle], key)? {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    Ok(high)
}

/// The number of elements of the sorted `run` that are not above `key`, searched from `hint`.
fn gallop_right(run: &[u32], key: u32, hint: usize, less: &mut Less<'_>) -> Result<usize, Raised> {
    let (mut last, mut offset) = (0, 1);
    let (mut low, mut high);
    if less(key, run[hint])? {
        let most = hint + 1;
        while offset < most && less(key, run[hint - offset])? {
            last = offset;
            offset = offset * 2 + 1;
        }
        (low, high) = (hint + 1 - offset.min(most), hint - last);
    } else {
        let most = run.len() - hint;
        while offset < most && !less(key, run[hint + offset])? {
            last = offset;
            offset = offset * 2 + 1;
        }
        (low, high) = (hint + last + 1, hint + offset.min(most));
    }
    while low < high {
        let middle = low + (high - low) / 2;
        if less(key, run[middle])? {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    Ok(high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A small generator of test data (a linear congruence).
    fn numbers(n: usize, seed: u64, modulus: u64) -> Vec<u64> {
        let mut x = seed;
        (0..n)
            .map(|_| {
                x = x
                    .wrapping_mul(6364136223846793005)
                    .wrapping_add(1442695040888963407);
                (x >> 33) % modulus
            })
            .collect()
    }

    #[test]
    fn sorts_stably() {
        for n in [0, 1, 2, 3, 31, 64, 65, 100, 1000, 5000] {
            for modulus in [2, 10, 1 << 30] {
                let mut keys = numbers(n, 7 + n as u64, modulus);
                if n > 100 {
                    // Long runs, so that merges gallop.
                    keys[..n / 3].sort();
                    keys[n / 2..].sort_by(|a, b| b.cmp(a));
                }
                let mut order: Vec<u32> = (0..n as u32).collect();
                let done = timsort(&mut order, &mut |i, j| {
                    Ok(keys[i as usize] < keys[j as usize])
                });
                assert!(done.is_ok());
                let mut expected: Vec<u32> = (0..n as u32).collect();
                expected.sort_by_key(|&i| keys[i as usize]);
                assert_eq!(order, expected);
            }
        }
    }

    #[test]
    fn keeps_every_position_after_an_error() {
        let keys = numbers(400, 3, 1000);
        for limit in (0..3000).step_by(37) {
            let mut order: Vec<u32> = (0..400).collect();
            let mut calls = 0;
            let done = timsort(&mut order, &mut |i, j| {
                calls += 1;
                if calls > limit {
                    return Err(Raised);
                }
                Ok(keys[i as usize] < keys[j as usize])
            });
            assert_eq!(done.is_err(), calls > limit);
            order.sort();
            assert!(order.iter().copied().eq(0..400));
        }
    }
}
