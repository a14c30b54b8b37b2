//! The sampling clock: adds ticks for the probe to answer ([`ceval_vm_core::probe::Options::ticks`]), and if it is asked
//! to, looks in between at where the machine is, far more often. A [`Clock`] has a thread of its own; a [`Watch`] is for a thread that
//! has other work too, which it need not be preempted from.
//!
//! Ticks follow the *processor time* of the machine's thread, so that a machine that waits or is descheduled is not
//! sampled. Each interval is drawn anew, uniformly from half to one and a half of the period: samples at a fixed
//! period beat with periodic work and are not random samples of it (Mytkowicz et al., PLDI 2010). The
//! clock's thread is late under load; the ticks that it then owes are added at once, and none is lost.
//!
//! Ticks and looks have moments of their own, so what is concluded from them is independent, as far as the thread is in time. A
//! look reads a word that the machine has written, and costs it no more than giving up a cache line for a moment.

use ceval_vm_core::probe::{Look, Spot, Ticks};
use std::collections::HashMap;
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

/// Most looks a second.
pub const MOST_LOOKS: u32 = 50_000;

/// The shortest wait of the clock's thread.
const SHORTEST_WAIT: Duration = Duration::from_micros(5);

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

/// Where the machine was when the clock looked. A look stands for the time since the one before: if the clock's thread was late,
/// for more than one.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Looks {
    /// Looks a second of processor time that were asked for.
    pub asked: u32,
    /// By place, what the looks stand for together.
    pub spots: HashMap<Spot, u64>,
    /// What those stand for that found the probe at work.
    pub own: u64,
    /// Looks that were made.
    pub made: u64,
    /// The sum of the squares of what each stood for: with [`Looks::total`] the number of equal ones that would say as much.
    pub squares: u64,
}

impl Looks {
    /// What all looks stand for together.
    pub fn total(&self) -> u64 {
        self.own + self.spots.values().sum::<u64>()
    }

    fn add(&mut self, look: Look, times: u64) {
        match look {
            Look::At(spot) => *self.spots.entry(spot).or_default() += times,
            Look::Own => self.own += times,
        }
        self.made += 1;
        self.squares += times * times;
    }
}

/// A clock for somebody to [poll](Watch::poll).
pub struct Watch {
    shared: Arc<Ticks>,
    hertz: u32,
    ticks: Schedule,
    looks: Schedule,
    found: Looks,
    source: TimeSource,
    started: Instant,
    /// Processor time at the start; none where the thread was gone already.
    first: Option<Duration>,
    /// Processor time since.
    processor: Duration,
    wait: Duration,
    /// Before this there is nothing to do.
    due: Instant,
}

impl Watch {
    /// A watch over the *calling* thread, which has to be the machine's and to outlive the watch, with so many ticks a second of
    /// its processor time and so many looks, or [`MOST_LOOKS`] if that is less.
    ///
    /// # Errors
    /// A rate of ticks of zero or above [`MOST_HERTZ`].
    pub fn of_this_thread(hertz: u32, looks: u32) -> Result<Watch, String> {
        if hertz == 0 || hertz > MOST_HERTZ {
            return Err(format!(
                "{hertz} samples a second (there can be 1 to {MOST_HERTZ})"
            ));
        }
        let looks = looks.min(MOST_LOOKS);
        let source = TimeSource::of_this_thread();
        let (started, first) = (Instant::now(), source.now());
        Ok(Watch {
            shared: Arc::default(),
            hertz,
            ticks: Schedule::of(hertz),
            looks: Schedule::of(looks),
            found: Looks {
                asked: looks,
                ..Looks::default()
            },
            source,
            started,
            first,
            processor: Duration::ZERO,
            wait: Duration::ZERO,
            due: started,
        })
    }

    /// The ticks that wait for an answer; for the probe's options.
    pub fn ticks(&self) -> Arc<Ticks> {
        Arc::clone(&self.shared)
    }

    /// Ticks and looks, as many as are due. Gives how long there will be none. Cheap if there are none yet.
    pub fn poll(&mut self) -> Duration {
        let elapsed = Instant::now();
        if elapsed < self.due {
            return self.due - elapsed;
        }
        let before = self.processor;
        self.processor = self.now();
        let looks = self.looks.due(self.processor);
        if looks != 0 {
            self.found.add(self.shared.look(), u64::from(looks));
        }
        let ticks = self.ticks.due(self.processor);
        if ticks != 0 {
            self.shared.tick(ticks);
        }
        // Processor time never runs ahead of elapsed time, so this is not too long; a machine that did not run
        // at all since the last look is looked at less and less often.
        self.wait = if self.processor == before {
            (self.wait * 2).clamp(SHORTEST_WAIT, LONGEST_WAIT.max(self.ticks.period / 2))
        } else {
            (self.ticks.next.min(self.looks.next) - self.processor).max(SHORTEST_WAIT)
        };
        self.due = elapsed + self.wait;
        self.wait
    }

    /// Processor time until now. A thread that is gone needs no more.
    fn now(&self) -> Duration {
        match (self.first, self.source.now()) {
            (Some(first), Some(now)) => now.saturating_sub(first),
            _ => self.processor,
        }
    }

    /// The account of everything.
    pub fn stop(self) -> (Rate, Looks) {
        let rate = Rate {
            asked: self.hertz,
            ticks: self.ticks.made,
            processor: self.now(),
            elapsed: self.started.elapsed(),
        };
        (rate, self.found)
    }
}

/// A watch that a thread of its own polls. Dropping it stops it.
pub struct Clock {
    ticks: Arc<Ticks>,
    stopped: Arc<AtomicBool>,
    thread: Option<JoinHandle<(Rate, Looks)>>,
}

impl Clock {
    /// Starts a clock over the calling thread that ticks and does not look.
    ///
    /// # Errors
    /// As [`Watch::of_this_thread`], or where no thread could be started.
    pub fn start(hertz: u32) -> Result<Clock, String> {
        Clock::polling(Watch::of_this_thread(hertz, 0)?)
    }

    /// Starts a thread that polls a watch.
    ///
    /// # Errors
    /// Where no thread could be started.
    pub fn polling(mut watch: Watch) -> Result<Clock, String> {
        let ticks = watch.ticks();
        let stopped = Arc::new(AtomicBool::new(false));
        let thread = std::thread::Builder::new()
            .name("sampling clock".into())
            .stack_size(64 << 10)
            .spawn({
                let stopped = Arc::clone(&stopped);
                move || {
                    sleep_exactly();
                    while !stopped.load(Ordering::Relaxed) {
                        std::thread::park_timeout(watch.poll());
                    }
                    watch.stop()
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
        self.join().0
    }

    /// As [`Clock::stop`], with what the looks have found.
    pub fn stop_looking(mut self) -> (Rate, Looks) {
        self.join()
    }

    fn join(&mut self) -> (Rate, Looks) {
        self.stopped.store(true, Ordering::Relaxed);
        let Some(thread) = self.thread.take() else {
            return Default::default();
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

/// Moments at random intervals.
struct Schedule {
    /// Zero: there are none.
    period: Duration,
    random: u64,
    next: Duration,
    made: u64,
}

impl Schedule {
    /// So many a second. The first one is anywhere in the first period.
    fn of(hertz: u32) -> Schedule {
        let mut random = RandomState::new().hash_one(hertz) | 1;
        let period = Duration::from_secs(1)
            .checked_div(hertz)
            .unwrap_or_default();
        Schedule {
            period,
            next: match hertz {
                0 => Duration::MAX,
                _ => period.mul_f64(uniform(&mut random)),
            },
            random,
            made: 0,
        }
    }

    /// How many moments have come until `now` and were not told of yet.
    fn due(&mut self, now: Duration) -> u32 {
        let mut due = 0;
        while self.next <= now {
            due += 1;
            self.next += self.period.mul_f64(0.5 + uniform(&mut self.random));
        }
        self.made += u64::from(due);
        due
    }
}

/// Waits of the calling thread end when they should, and not up to 50 µs later so that several threads can be woken at once.
pub fn sleep_exactly() {
    // Refused: the rate is lower than it was asked to be, which is reported.
    #[cfg(target_os = "linux")]
    nix::sys::prctl::set_timerslack(1).ok();
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
    fn looks_stand_for_the_time_between_them() {
        let clock = Clock::polling(Watch::of_this_thread(100, MOST_LOOKS).unwrap()).unwrap();
        spin_until(&clock, 3);
        let (rate, looks) = clock.stop_looking();
        // A machine that has not begun is nowhere.
        let nowhere = Spot {
            address: 0,
            linked: 0,
        };
        assert_eq!(looks.spots.keys().collect::<Vec<_>>(), [&nowhere]);
        let most = rate.processor.as_secs_f64() * f64::from(MOST_LOOKS);
        let total = looks.total() as f64;
        // Intervals are at least half a period.
        assert!(total > 0.0 && total <= 2.0 * most + 1.0, "{looks:?}");
        assert!(looks.made <= looks.total() && looks.squares >= looks.total());
        assert_eq!(Clock::start(100).unwrap().stop_looking().1.total(), 0);
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
