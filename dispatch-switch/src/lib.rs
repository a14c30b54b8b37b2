//! The match-loop and call-loop dispatch strategies.
