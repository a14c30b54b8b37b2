//! How far a run is: a bar with the time left on a terminal, a line a block otherwise. All on stderr, so that stdout holds only results.

use std::io::IsTerminal;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

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
            "{prefix} [{bar:32}] {percent:>3} %, {eta} left  {wide_msg}",
        );
        if let Ok(style) = style {
            bar.set_style(style.progress_chars("=> "));
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
