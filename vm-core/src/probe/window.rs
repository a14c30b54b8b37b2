//! Timing stretches of dispatches.
//!
//! After a gap drawn at random the probe reads a clock, lets the machine execute a few units, as many as chance says, and reads
//! it again. So every dispatch is as likely to be timed as any other, and since windows of many lengths begin
//! anywhere, the same instructions stand in ever other company: what a kind costs follows by least squares. (Single
//! dispatches would be a simpler choice, but a clock that is read before and after one keeps it from
//! overlapping with its neighbours, and so is longer than most of them.) A clock is read at the end of one visit to the
//! probe and at the beginning of the next, so that the probe's own work lies between windows.

use std::time::{Duration, Instant};

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
    /// The thread's processor time from the first dispatch to the end, in clocks.
    pub whole: u64,
    /// Clocks of these that the probe and its sink needed for themselves, without what each dispatch pays to be recorded.
    /// What may have been waiting counts as an ordinary visit.
    pub own: u64,
}

/// A stretch of dispatches that was timed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Index in its batch of the first dispatch.
    pub start: u32,
    /// Number of dispatches; at least 1.
    pub length: u32,
    /// For so many dispatches this is the one window, on average.
    pub gap: u32,
    /// From the first one's beginning to the last one's end, with what reading the clock costs.
    pub clocks: u64,
}

/// Dispatches of the longest window.
const LONGEST: usize = 24;

/// Mean number of dispatches between two windows, if they are short.
const GAP: usize = 2000;

/// Clocks between two windows on average, if a dispatch takes long. Timing a window takes about a thousand.
const PAUSE: f64 = 20_000.0;

/// Chooses the dispatches that are timed, and measures the probe's own time.
pub struct Timer {
    random: u64,
    /// Clocks of a dispatch, of late.
    pace: f64,
    /// Mean number of dispatches until the next window.
    mean: usize,
    /// When and with which dispatch of the batch the open window began.
    open: Option<(u64, usize)>,
    first: Option<Start>,
    own: Own,
    /// Clocks of a window in which nothing is executed.
    empty: u64,
}

/// The first dispatch.
#[derive(Clone, Copy)]
struct Start {
    clock: u64,
    instant: Instant,
    processor: Duration,
}

/// Time of the probe's visits.
#[derive(Clone, Copy, Default)]
struct Own {
    clocks: u64,
    visits: u64,
    long: u64,
}

/// Clocks of the longest visit that is believed. A longer one has waited for its sink, or was interrupted.
const LONG_VISIT: u64 = 50_000;

impl Own {
    fn add(&mut self, clocks: u64) {
        if clocks > LONG_VISIT {
            self.long += 1;
        } else {
            self.clocks += clocks;
            self.visits += 1;
        }
    }

    fn total(&self) -> u64 {
        self.clocks + self.clocks / self.visits.max(1) * self.long
    }
}

/// Processor time of this thread; elapsed time where there is no such clock.
fn processor_time() -> Duration {
    #[cfg(unix)]
    {
        let t = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::new(t.tv_sec as u64, t.tv_nsec as u32)
    }
    #[cfg(not(unix))]
    {
        use std::sync::OnceLock;
        static START: OnceLock<Instant> = OnceLock::new();
        START.get_or_init(Instant::now).elapsed()
    }
}

impl Timer {
    /// A timer; measures an empty window, which takes a few microseconds.
    pub fn calibrated() -> Timer {
        Timer {
            random: now() | 1,
            pace: 0.0,
            mean: GAP,
            open: None,
            first: None,
            own: Own::default(),
            empty: empty_window(),
        }
    }

    /// Uniform from 1 to `most`.
    fn uniform(&mut self, most: usize) -> usize {
        // xorshift64 (Marsaglia, 2003).
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        1 + (self.random >> 16) as usize % most
    }

    /// Dispatches until the next window; `None` if `room` dispatches have none.
    pub fn gap(&mut self, room: usize) -> Option<usize> {
        self.mean = (PAUSE / self.pace).clamp(20.0, GAP as f64) as usize;
        Some(self.uniform(2 * self.mean)).filter(|gap| gap + LONGEST <= room)
    }

    /// Dispatches of the next window.
    pub fn length(&mut self) -> usize {
        self.uniform(LONGEST)
    }

    /// Whether a window is open.
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// A window begins with this dispatch of the batch. The last thing that a visit to the probe does.
    pub fn start(&mut self, dispatch: usize) {
        self.open = Some((now(), dispatch));
    }

    /// The open window has ended at this time, before this dispatch.
    pub fn end(&mut self, at: u64, dispatch: usize) -> Option<Window> {
        let (started, first) = self.open.take()?;
        let window = Window {
            start: first as u32,
            length: (dispatch - first) as u32,
            gap: self.mean as u32,
            clocks: at.saturating_sub(started),
        };
        let spent = window.clocks.saturating_sub(self.empty) as f64;
        let pace = spent / f64::from(window.length.max(1));
        self.pace += (pace - self.pace) / 16.0;
        Some(window)
    }

    /// The open window is given up.
    pub fn close(&mut self) {
        self.open = None;
    }

    /// The first dispatch comes.
    pub fn begin(&mut self) {
        self.first.get_or_insert_with(|| Start {
            clock: now(),
            instant: Instant::now(),
            processor: processor_time(),
        });
    }

    /// The probe has worked since this reading of the clock.
    pub fn add_own(&mut self, since: u64) {
        self.own.add(now().saturating_sub(since));
    }

    /// As [`Timer::add_own`], maybe within a window, which is to be as if that had not been.
    pub fn exclude(&mut self, since: u64) {
        let spent = now().saturating_sub(since);
        self.own.add(spent);
        self.open = self.open.map(|(started, first)| (started + spent, first));
    }

    /// The whole run, which ends here.
    pub fn clocks(&self) -> Option<Clocks> {
        let first = self.first?;
        let elapsed = now().saturating_sub(first.clock);
        let ns = first.instant.elapsed().as_nanos().max(1) as f64;
        let per_ns = (elapsed as f64 / ns).max(f64::MIN_POSITIVE);
        let processor = processor_time().saturating_sub(first.processor);
        Some(Clocks {
            per_ns,
            whole: (processor.as_nanos() as f64 * per_ns) as u64,
            own: self.own.total(),
        })
    }
}

/// Clocks of a window with a call that does nothing: the median of a thousand.
fn empty_window() -> u64 {
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
    fn gaps_and_lengths_are_in_range_and_spread() {
        let mut timer = Timer::calibrated();
        let lengths: Vec<usize> = (0..10_000).map(|_| timer.length()).collect();
        assert!(lengths.iter().all(|n| (1..=LONGEST).contains(n)));
        let mean = lengths.iter().sum::<usize>() as f64 / 10_000.0;
        assert!((mean - (LONGEST + 1) as f64 / 2.0).abs() < 0.5, "{mean}");
        for room in [0, LONGEST, 3 * GAP] {
            let gaps = (0..100).map(|_| timer.gap(room));
            assert!(gaps.flatten().all(|gap| gap + LONGEST <= room));
        }
        assert!((0..100).all(|_| timer.gap(2 * GAP + LONGEST).is_some()));
    }

    #[test]
    fn a_window_is_without_what_was_excluded() {
        let mut timer = Timer::calibrated();
        timer.start(3);
        let since = now();
        std::thread::sleep(std::time::Duration::from_millis(5));
        timer.exclude(since);
        let end = now();
        let window = timer.end(end, 7).expect("it is open");
        assert_eq!((window.start, window.length), (3, 4));
        assert!(window.clocks < end - since);
        assert!(!timer.is_open() && timer.end(end, 7).is_none());
    }

    #[test]
    fn own_time_is_part_of_the_whole() {
        let mut timer = Timer::calibrated();
        assert!(timer.clocks().is_none());
        timer.begin();
        let since = now();
        let mut clocks = timer.clocks().expect("it has begun");
        while clocks.whole < 100_000 {
            clocks = timer.clocks().expect("it has begun");
        }
        timer.add_own(since);
        assert!(timer.own.visits + timer.own.long == 1);
        assert!(clocks.own <= clocks.whole && clocks.per_ns > 0.0);
    }
}
