//! What to run: subjects, workloads, how often, in which order. A plan and its seed determine the whole order of a run.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::BenchError;
use crate::layouts::Layout;
use crate::random::Random;
use crate::workloads::{Size, Workload};

/// A cell of ours, or another interpreter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// One choice of each factor; takes part in the factorial analysis.
    Cell,
    /// Another interpreter, measured and checked alike.
    Peer,
}

/// Something that runs `COMMAND… FILE SIZE ITERATIONS`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// The name in tables.
    pub name: String,
    /// Program and first arguments.
    pub command: Vec<String>,
    /// What it is.
    pub kind: Kind,
}

impl Subject {
    /// A cell, run as `PROGRAM --cell NAME`.
    pub fn cell(name: &str, program: &str) -> Subject {
        let command = vec![program.to_string(), "--cell".to_string(), name.to_string()];
        Subject {
            name: name.to_string(),
            command,
            kind: Kind::Cell,
        }
    }

    /// Reads `NAME=COMMAND,NAME=COMMAND…`; words of a command are separated by blanks.
    ///
    /// # Errors
    /// [`BenchError::Plan`] with the part that has not this form.
    pub fn peers(text: &str) -> Result<Vec<Subject>, BenchError> {
        let peer = |part: &str| {
            let (name, command) = part.split_once('=')?;
            let (name, command) = (
                name.trim(),
                command
                    .split_whitespace()
                    .map(str::to_string)
                    .collect::<Vec<_>>(),
            );
            let whole = !name.is_empty() && !command.is_empty();
            whole.then(|| Subject {
                name: name.to_string(),
                command,
                kind: Kind::Peer,
            })
        };
        text.split(',')
            .map(|part| {
                peer(part).ok_or_else(|| {
                    BenchError::Plan(format!("a peer is NAME=COMMAND, not '{part}'"))
                })
            })
            .collect()
    }
}

/// How often each pair of subject and workload runs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Schedule {
    /// Exactly so often.
    Fixed {
        /// Fresh processes a pair.
        invocations: u32,
        /// Runs in each process.
        iterations: u32,
    },
    /// As often as fits.
    Budget {
        /// Seconds for everything, the pilot included.
        seconds: f64,
        /// At least so many processes a pair, also if the time is over.
        least: u32,
        /// At most so many.
        most: u32,
        /// Runs in each process; fewer if `least` would not fit.
        iterations: u32,
    },
}

/// Which of the two clocks that every iteration is timed with the analysis uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Clock {
    /// Processor time of the process: not disturbed by what else the machine does. For programs of one thread.
    Cpu,
    /// Wall-clock time.
    Wall,
}

/// A comparison to be made.
#[derive(Clone, Debug)]
pub struct Plan {
    /// A word or two for the folder's name: `quick`, `caches`.
    pub question: String,
    /// What is compared.
    pub subjects: Vec<Subject>,
    /// The name of the subject whose time is 1.
    pub reference: String,
    /// The programs.
    pub workloads: Vec<&'static Workload>,
    /// Their size.
    pub size: Size,
    /// How often.
    pub schedule: Schedule,
    /// Determines the order and the bootstrap.
    pub seed: u64,
    /// For the analysis; both are recorded.
    pub clock: Clock,
    /// Where runs are kept; a run makes a folder of its own in it.
    pub results: PathBuf,
    /// The folder of this run, instead of a new one in `results`.
    pub folder: Option<PathBuf>,
    /// The command that repeats the run, for the record.
    pub command_line: Vec<String>,
    /// The program of the cells, linked in several ways; blocks take turns. Empty: the program as it is.
    pub layouts: Vec<Layout>,
    /// Show progress on stderr.
    pub progress: bool,
}

impl Plan {
    /// A short comparison: every pair at least three times, and within three minutes if the machine permits.
    pub fn quick() -> Schedule {
        Schedule::Budget {
            seconds: 150.0,
            least: 3,
            most: 12,
            iterations: 3,
        }
    }

    /// Checks what `compare::run` relies on.
    ///
    /// # Errors
    /// [`BenchError::Plan`] with one line of what is wrong.
    pub fn check(&self) -> Result<(), BenchError> {
        let problem = |text: String| Err(BenchError::Plan(text));
        if self.subjects.is_empty() || self.workloads.is_empty() {
            return problem(
                "nothing to compare: at least one cell and one workload are needed".into(),
            );
        }
        for (i, subject) in self.subjects.iter().enumerate() {
            if self.subjects[..i]
                .iter()
                .any(|other| other.name == subject.name)
            {
                return problem(format!("'{}' is listed twice", subject.name));
            }
        }
        if !self
            .subjects
            .iter()
            .any(|subject| subject.name == self.reference)
        {
            return problem(format!(
                "the reference '{}' is not among what is compared",
                self.reference
            ));
        }
        match self.schedule {
            Schedule::Fixed { invocations, iterations } if invocations < 1 || iterations < 1 => {
                problem("at least one invocation of one iteration is needed".into())
            }
            Schedule::Budget { seconds, least, most, iterations }
                if seconds.is_nan() || seconds <= 0.0 || least < 1 || most < least || iterations < 1 =>
            {
                problem("a time budget needs seconds above 0 and at least one invocation of one iteration".into())
            }
            _ => Ok(()),
        }
    }
}

/// The order of one block: every pair `(subject, workload)` once, shuffled. Block 0 is the pilot.
pub fn order(subjects: usize, workloads: usize, seed: u64, block: u32) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize)> = (0..subjects)
        .flat_map(|subject| (0..workloads).map(move |workload| (subject, workload)))
        .collect();
    Random::stream(seed, u64::from(block)).shuffle(&mut pairs);
    pairs
}

/// Bytes added to the environment of one invocation. The size of the environment moves the stack, which alone can change times
/// by per cents (Mytkowicz et al., ASPLOS 2009): random sizes turn that bias into noise, which intervals show.
pub fn padding(seed: u64, block: u32, position: usize) -> usize {
    Random::stream(
        seed ^ 0x5EED_0F5A_CC1D_E47A,
        (u64::from(block) << 32) | position as u64,
    )
    .below(4096)
}

/// Decides how often to run after the pilot. `costs` are `(start-up, iteration)` of each pair in seconds, `spent` the pilot's
/// seconds. Answers `(invocations, iterations)`.
pub fn decide(schedule: Schedule, costs: &[(f64, f64)], spent: f64) -> (u32, u32) {
    match schedule {
        Schedule::Fixed {
            invocations,
            iterations,
        } => (invocations, iterations),
        Schedule::Budget {
            seconds,
            least,
            most,
            iterations,
        } => {
            let left = (seconds - spent).max(0.0);
            let fitting = |iterations: u32| {
                let block: f64 = costs
                    .iter()
                    .map(|(start, run)| start + f64::from(iterations) * run)
                    .sum();
                (left / block.max(1e-6)).floor().min(f64::from(u32::MAX)) as u32
            };
            // Invocations are worth more than iterations, since they are the independent unit: five first, then iterations.
            let wanted = least.max(5).min(most);
            let iterations = (1..=iterations)
                .rev()
                .find(|&i| fitting(i) >= wanted)
                .unwrap_or(1);
            (fitting(iterations).clamp(least, most), iterations)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_hold_every_pair_in_orders_of_their_own() {
        let first = order(3, 4, 9, 1);
        assert_eq!(first, order(3, 4, 9, 1));
        assert_ne!(first, order(3, 4, 9, 2));
        assert_ne!(first, order(3, 4, 8, 1));
        let mut sorted = first;
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(sorted.len(), 12);
        assert_ne!(padding(9, 1, 0), padding(9, 1, 1));
    }

    #[test]
    fn a_budget_prefers_invocations_to_iterations() {
        let budget = Schedule::Budget {
            seconds: 100.0,
            least: 3,
            most: 12,
            iterations: 3,
        };
        // A block of 10 pairs costs 0.1 + 3 * 0.9 = 2.8 s each, 28 s: three blocks. With one iteration 10 s: nine.
        assert_eq!(decide(budget, &[(0.1, 0.9); 10], 10.0), (9, 1));
        assert_eq!(decide(budget, &[(0.1, 0.2); 10], 10.0), (12, 3));
        assert_eq!(decide(budget, &[(0.1, 9.9); 10], 10.0), (3, 1));
        assert_eq!(decide(budget, &[(0.1, 0.4); 10], 120.0), (3, 1));
        assert_eq!(
            decide(
                Schedule::Fixed {
                    invocations: 7,
                    iterations: 2
                },
                &[],
                0.0
            ),
            (7, 2)
        );
    }

    #[test]
    fn peers_are_read() {
        let peers = Subject::peers("py311=python3.11 -I,pypy=pypy3").expect("two peers");
        assert_eq!(peers[0].command, ["python3.11", "-I"]);
        assert_eq!(
            (peers[1].name.as_str(), peers[1].kind),
            ("pypy", Kind::Peer)
        );
        for wrong in ["", "py311", "=python3", "x= ", "a=b,,"] {
            assert!(Subject::peers(wrong).is_err(), "{wrong}");
        }
    }
}
