//! The sampling clock: a thread that adds ticks for the probe to answer ([`ceval_vm_core::probe::Options::ticks`]).
//!
//! Ticks follow the *processor time* of the machine's thread, so that a machine that waits or is descheduled is not
//! sampled. Each interval is drawn anew, uniformly from half to one and a half of the period: samples at a fixed
//! period beat with periodic work and are not random samples of it (Mytkowicz et al., PLDI 2010). The
//! clock's own thread wakes late under load; the ticks that it then owes are added at once, and none is lost.
//!
//! The clock only counts. Where the machine was is the probe's to say, on the machine's own thread.

use ceval_vm_core::probe::Ticks;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Ticks a second where nobody asks for another number.
pub const DEFAULT_HERTZ: u32 = 1000;

/// Most ticks a second that can be asked for.
pub const MOST_HERTZ: u32 = 10_000;

/// The longest wait of the clock's thread: how late it notices that a waiting machine goes on.
const LONGEST_WAIT: Duration = Duration::from_millis(10);

/// What a clock has done.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Rate {
    /// Ticks a second of processor time that were asked for.
    pub asked: u32,
    /// Ticks that were added.
    pub ticks: u64,
    /// Processor time of the machine's thread while the clock ran; elapsed time where the system
    /// cannot tell another thread's.
    pub processor: Duration,
    /// Elapsed time while the clock ran.
    pub elapsed: Duration,
}

impl Rate {
    /// Ticks a second of processor time that were had.
    pub fn achieved(&self) -> f64 {
        let seconds = self.processor.as_secs_f64();
        if seconds > 0.0 {
            self.ticks as f64 / seconds
        } else {
            0.0
        }
    }
}

/// A running clock. Dropping it stops it.
pub struct Clock {
    ticks: Arc<Ticks>,
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<Rate>>,
}

impl Clock {
    /// Starts a clock that follows the processor time of the *calling* thread, which has to be the machine's
    /// and to outlive the clock.
    ///
    /// # Errors
    /// A rate of zero or above [`MOST_HERTZ`], or where no thread could be started.
    pub fn start(hertz: u32) -> Result<Clock, String> {
        if hertz == 0 || hertz > MOST_HERTZ {
            return Err(format!(
                "{hertz} samples a second (there can be 1 to {MOST_HERTZ})"
            ));
        }
        let ticks = Arc::<Ticks>::default();
        let stopped = Arc::new(AtomicBool::new(false));
        let source = TimeSource::of_this_thread();
        // Read here and not by the clock's thread, which the system may let wait before its first instruction.
        let (started, first) = (Instant::now(), source.now());
        let thread = std::thread::Builder::new()
            .name("sampling clock".into())
            .stack_size(64 << 10)
            .spawn({
                let (ticks, stopped) = (Arc::clone(&ticks), Arc::clone(&stopped));
                move || {
                    let (ticks, processor) = tick(&source, first, hertz, &ticks, &stopped);
                    Rate {
                        asked: hertz,
                        ticks,
                        processor,
                        elapsed: started.elapsed(),
                    }
                }
            })
            .map_err(|e| format!("cannot start the sampling clock: {e}"))?;
        Ok(Clock {
            ticks,
            stopped,
            thread: Some(thread),
        })
    }

    /// The ticks that wait for an answer; for the probe's options.
    pub fn ticks(&self) -> Arc<Ticks> {
        Arc::clone(&self.ticks)
    }

    /// Stops the clock; no tick is added after this.
    pub fn stop(mut self) -> Rate {
        self.join()
    }

    fn join(&mut self) -> Rate {
        self.stopped.store(true, Ordering::Relaxed);
        let Some(thread) = self.thread.take() else {
            return Rate::default();
        };
        thread.thread().unpark();
        // The thread has nothing that panics.
        thread.join().unwrap_or_default()
    }
}

impl Drop for Clock {
    fn drop(&mut self) {
        self.join();
    }
}

/// What the clock's thread does until it is stopped: the ticks it made, and the processor time since `first`.
fn tick(
    source: &TimeSource,
    first: Option<Duration>,
    hertz: u32,
    ticks: &Ticks,
    stopped: &AtomicBool,
) -> (u64, Duration) {
    let mut random = RandomState::new().hash_one(hertz) | 1;
    let period = Duration::from_secs(1) / hertz;
    let mut processor = Duration::ZERO;
    // The first tick anywhere in the first period.
    let mut next = period.mul_f64(uniform(&mut random));
    let mut total = 0;
    let mut wait = next;
    loop {
        std::thread::park_timeout(wait);
        if stopped.load(Ordering::Relaxed) {
            break;
        }
        let before = processor;
        // A thread that is gone has no time any more.
        let (Some(first), Some(now)) = (first, source.now()) else {
            break;
        };
        processor = now.saturating_sub(first);
        let mut due = 0;
        while next <= processor {
            due += 1;
            next += period.mul_f64(0.5 + uniform(&mut random));
        }
        if due != 0 {
            total += u64::from(due);
            ticks.tick(due);
        }
        // Processor time never runs ahead of elapsed time, so this is not too long; a machine that did not run
        // at all since the last look is looked at less and less often.
        wait = if processor == before {
            (wait * 2).min(LONGEST_WAIT.max(period / 2))
        } else {
            (next - processor).max(Duration::from_micros(20))
        };
    }
    if let (Some(first), Some(now)) = (first, source.now()) {
        processor = now.saturating_sub(first);
    }
    (total, processor)
}

/// The next number in [0, 1): xorshift64* (Vigna, 2016). Good enough to break periods.
fn uniform(state: &mut u64) -> f64 {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    (state.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 11) as f64 / (1u64 << 53) as f64
}

/// Where processor time is read.
#[cfg(target_os = "linux")]
struct TimeSource(nix::time::ClockId);

#[cfg(target_os = "linux")]
impl TimeSource {
    fn of_this_thread() -> TimeSource {
        // The number of a thread's clock, as the kernel's `include/linux/posix-timers.h` builds it: the
        // complement of the thread's id, then "of one thread" and "what the scheduler has counted".
        let thread = nix::unistd::gettid().as_raw();
        TimeSource(nix::time::ClockId::from_raw((!thread << 3) | 4 | 2))
    }

    /// `None` when the thread is gone.
    fn now(&self) -> Option<Duration> {
        self.0.now().ok().map(Duration::from)
    }
}

/// Where processor time is read: here elapsed time stands for it.
#[cfg(not(target_os = "linux"))]
struct TimeSource(Instant);

#[cfg(not(target_os = "linux"))]
impl TimeSource {
    fn of_this_thread() -> TimeSource {
        TimeSource(Instant::now())
    }

    fn now(&self) -> Option<Duration> {
        Some(self.0.elapsed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Processor time of this thread is spent until the clock has ticked so often.
    fn spin_until(clock: &Clock, wanted: u32) {
        while clock.ticks().waiting() < wanted {
            std::hint::spin_loop();
        }
    }

    #[test]
    fn ticks_come_and_are_counted() {
        let clock = Clock::start(2000).unwrap();
        spin_until(&clock, 20);
        let ticks = clock.ticks();
        let rate = clock.stop();
        assert_eq!(u64::from(ticks.waiting()), rate.ticks);
        assert_eq!(rate.asked, 2000);
        // Intervals are at least half a period.
        assert!(rate.processor >= Duration::from_micros(500) * 9, "{rate:?}");
        assert!(rate.achieved() <= 4500.0, "{rate:?}");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_waiting_thread_is_not_sampled() {
        let clock = Clock::start(1000).unwrap();
        std::thread::sleep(Duration::from_millis(60));
        let rate = clock.stop();
        assert!(rate.elapsed >= Duration::from_millis(60), "{rate:?}");
        // Waiting takes no processor time to speak of, and so few ticks.
        assert!(rate.ticks <= 10, "{rate:?}");
    }

    #[test]
    fn the_machine_may_end_first() {
        let clock = std::thread::spawn(|| Clock::start(1000).unwrap())
            .join()
            .unwrap();
        std::thread::sleep(Duration::from_millis(5));
        assert!(clock.stop().ticks <= 2);
    }

    #[test]
    fn many_starts_and_stops() {
        for _ in 0..200 {
            drop(Clock::start(MOST_HERTZ).unwrap());
        }
    }

    #[test]
    fn absurd_rates_are_refused() {
        assert!(Clock::start(0).is_err());
        assert!(Clock::start(MOST_HERTZ + 1).is_err());
    }

    #[test]
    fn numbers_are_uniform() {
        let mut state = 12345;
        let numbers: Vec<f64> = (0..10_000).map(|_| uniform(&mut state)).collect();
        let mean = numbers.iter().sum::<f64>() / 10_000.0;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
        assert!(numbers.iter().all(|n| (0.0..1.0).contains(n)));
    }
}
