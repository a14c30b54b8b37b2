//! Workloads, the measuring library and the criterion benches.
