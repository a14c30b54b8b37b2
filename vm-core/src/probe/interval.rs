//! Timing single dispatches.
//!
//! After a gap drawn at random the probe reads a clock, lets the machine execute one unit, and reads it again. So
//! every dispatch is as likely to be timed as any other, and the mean of a kind's times is an estimate of what the
//! kind costs. A clock is read at the end of one visit to the probe and at the beginning of the next, so that the probe's
//! own work lies between intervals.

use std::time::Instant;

/// The processor's time-stamp counter, after all that came before it has been executed.
#[cfg(all(target_arch = "x86_64", not(miri)))]
pub fn now() -> u64 {
    use std::arch::x86_64::{_mm_lfence, _rdtsc};
    // SAFETY: both instructions belong to the base of x86-64.
    unsafe {
        _mm_lfence();
        let clocks = _rdtsc();
        _mm_lfence();
        clocks
    }
}

/// Nanoseconds since the first call.
#[cfg(not(all(target_arch = "x86_64", not(miri))))]
pub fn now() -> u64 {
    use std::sync::OnceLock;
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed().as_nanos() as u64
}

/// What the clock has said of a whole run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clocks {
    /// Clocks a nanosecond.
    pub per_ns: f64,
    /// Clocks from the first dispatch to the end.
    pub whole: u64,
    /// Clocks of these that the probe and its sink needed for themselves, without what each dispatch pays to be recorded.
    pub own: u64,
    /// Clocks of an interval in which nothing is executed.
    pub empty: u64,
}

/// Chooses the dispatches that are timed, and measures the probe's own time.
pub struct Timer {
    random: u64,
    /// When the running interval began.
    pub started: Option<u64>,
    first: Option<(u64, Instant)>,
    own: u64,
    empty: u64,
}

impl Timer {
    /// A timer; measures an empty interval, which takes a few microseconds.
    pub fn calibrated() -> Timer {
        Timer {
            random: now() | 1,
            started: None,
            first: None,
            own: 0,
            empty: empty_interval(),
        }
    }

    /// Dispatches until the next interval: uniform from 1 to `most`.
    pub fn gap(&mut self, most: usize) -> usize {
        // xorshift64 (Marsaglia, 2003).
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        1 + (self.random >> 16) as usize % most
    }

    /// The first dispatch comes.
    pub fn begin(&mut self) {
        self.first.get_or_insert_with(|| (now(), Instant::now()));
    }

    /// The probe has worked since this reading of the clock.
    pub fn add_own(&mut self, since: u64) {
        self.own += now().saturating_sub(since);
    }

    /// As [`Timer::add_own`], within an interval, which is to be as if that had not been.
    pub fn exclude(&mut self, since: u64) {
        let spent = now().saturating_sub(since);
        self.own += spent;
        self.started = self.started.map(|started| started + spent);
    }

    /// The whole run, which ends here.
    pub fn clocks(&self) -> Option<Clocks> {
        let (clocks, instant) = self.first?;
        let whole = now().saturating_sub(clocks);
        let ns = instant.elapsed().as_nanos().max(1) as f64;
        Some(Clocks {
            per_ns: (whole as f64 / ns).max(f64::MIN_POSITIVE),
            whole,
            own: self.own,
            empty: self.empty,
        })
    }
}

/// Clocks of an interval with a call that does nothing: the median of a thousand.
fn empty_interval() -> u64 {
    #[inline(never)]
    fn nothing(x: u64) -> u64 {
        std::hint::black_box(x)
    }
    let mut found: Vec<u64> = (0..1001)
        .map(|i| {
            let start = now();
            nothing(i);
            now().saturating_sub(start)
        })
        .collect();
    found.sort_unstable();
    found[500]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gaps_are_in_range_and_spread() {
        let mut timer = Timer::calibrated();
        let gaps: Vec<usize> = (0..10_000).map(|_| timer.gap(100)).collect();
        assert!(gaps.iter().all(|g| (1..=100).contains(g)));
        let mean = gaps.iter().sum::<usize>() as f64 / 10_000.0;
        assert!((mean - 50.5).abs() < 2.0, "{mean}");
    }

    #[test]
    fn own_time_is_part_of_the_whole() {
        let mut timer = Timer::calibrated();
        assert!(timer.clocks().is_none());
        timer.begin();
        timer.add_own(now());
        let clocks = timer.clocks().expect("it has begun");
        assert!(clocks.own <= clocks.whole && clocks.per_ns > 0.0);
    }
}
