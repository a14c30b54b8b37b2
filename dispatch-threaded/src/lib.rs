//! The closure and tail-threaded dispatch strategies.
