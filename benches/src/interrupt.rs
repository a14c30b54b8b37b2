//! Ctrl-C (and SIGTERM, SIGHUP) as a question to ask between two steps. The second one ends the program at once.

use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

static REQUESTED: AtomicBool = AtomicBool::new(false);

/// The exit code of a program that a Ctrl-C ended.
pub const EXIT_CODE: i32 = 130;

/// From now on signals are only noted. Without effect if the program has a handler of its own.
pub fn install() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let handler = || {
            if REQUESTED.swap(true, Ordering::SeqCst) {
                std::process::exit(EXIT_CODE);
            }
        };
        // A second handler in one program is refused; then the first one decides.
        ctrlc::set_handler(handler).ok();
    });
}

/// Whether a signal came.
pub fn requested() -> bool {
    REQUESTED.load(Ordering::SeqCst)
}
