//! How far a run is: a bar with the time left on a terminal, a line a block otherwise. All on stderr, so that stdout holds only results.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// The time left: what is still expected, stretched as what is over was. Before anything is over, as expected.
fn left(over: u64, all: u64, elapsed: Duration) -> HumanDuration {
    let rest = Duration::from_millis(all.saturating_sub(over));
    let stretched = match over {
        0 => rest,
        over => rest.mul_f64(elapsed.as_secs_f64() * 1000.0 / over as f64),
    };
    HumanDuration(stretched)
}

/// Counts expected milliseconds, so that the time left is right although subjects differ in speed.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    lines: bool,
}

impl Progress {
    /// Shows nothing if `wanted` is false.
    pub fn new(wanted: bool) -> Progress {
        let terminal = std::io::stderr().is_terminal();
        let target = if wanted && terminal {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        let bar = ProgressBar::with_draw_target(Some(1), target);
        let style = ProgressStyle::with_template(
            "{prefix} [{bar:32}] {percent:>3} %, {left} left  {wide_msg}",
        );
        if let Ok(style) = style {
            let left = |state: &ProgressState, out: &mut dyn std::fmt::Write| {
                let left = left(state.pos(), state.len().unwrap_or(0), state.elapsed());
                // A bar that cannot be drawn says nothing.
                let _ = write!(out, "{left:#}");
            };
            bar.set_style(style.progress_chars("=> ").with_key("left", left));
        }
        Progress {
            bar,
            lines: wanted && !terminal,
        }
    }

    /// Starts a phase of so many milliseconds; `prefix` stands before the bar.
    pub fn phase(&self, prefix: &str, milliseconds: u64) {
        self.bar.set_prefix(prefix.to_string());
        self.bar.set_length(milliseconds.max(1));
        self.bar.reset();
        self.bar.enable_steady_tick(Duration::from_millis(500));
        self.line(&format!(
            "{prefix}: about {} s",
            milliseconds.div_ceil(1000)
        ));
    }

    /// Says what runs now.
    pub fn now(&self, what: &str) {
        self.bar.set_message(what.to_string());
    }

    /// Adds what was expected of a part that is over.
    pub fn add(&self, milliseconds: u64) {
        self.bar.inc(milliseconds);
    }

    /// A line for logs; nothing on a terminal.
    pub fn line(&self, text: &str) {
        if self.lines {
            eprintln!("{text}");
        }
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_follows_the_pace() {
        let text =
            |over, all, seconds| format!("{:#}", left(over, all, Duration::from_secs(seconds)));
        assert_eq!(text(0, 45_000, 0), "45s");
        // 15 s of work took 30 s, so the 20 s that are left will take 40 s.
        assert_eq!(text(15_000, 35_000, 30), "40s");
        assert_eq!(text(90_000, 90_000, 60), "0s");
    }
}
