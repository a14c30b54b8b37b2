//! Lists of known gaps: what is known to fail, and why.
//!
//! A line is `case cell reason`; `*` in the first two stands for any characters, `#` begins a
//! comment. A trial that is listed has to fail: one that passes is reported, so that the list
//! never outlives its reasons, and so is a line that names no trial.

use libtest_mimic::{Arguments, Conclusion, Failed, Trial};
use std::sync::Arc;

/// One line of a list.
struct Gap {
    case: String,
    cell: String,
    reason: String,
    line: usize,
}

/// A list of known gaps.
pub struct Gaps {
    file: String,
    gaps: Vec<Gap>,
}

impl Gaps {
    /// Reads `tests/NAME` of the repository; a missing file is an empty list.
    pub fn read(name: &str) -> Gaps {
        let path = crate::corpus::repository().join("tests").join(name);
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(e) => panic!("{}: {e}", path.display()),
        };
        let gaps = text.lines().enumerate().filter_map(|(at, line)| {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                return None;
            }
            let (case, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            let (cell, reason) = rest
                .trim_start()
                .split_once(char::is_whitespace)
                .unwrap_or((rest.trim(), ""));
            assert!(
                !reason.trim().is_empty(),
                "tests/{name}:{}: no reason is given",
                at + 1
            );
            Some(Gap {
                case: case.into(),
                cell: cell.into(),
                reason: reason.trim().into(),
                line: at + 1,
            })
        });
        Gaps {
            file: format!("tests/{name}"),
            gaps: gaps.collect(),
        }
    }

    fn find(&self, case: &str, cell: &str) -> Option<&Gap> {
        self.gaps
            .iter()
            .find(|g| matches(&g.case, case) && matches(&g.cell, cell))
    }
}

/// Whether a text fits a pattern in which `*` stands for any characters.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, rest)) => text.strip_prefix(head).is_some_and(|text| {
            (0..=text.len()).any(|i| text.is_char_boundary(i) && matches(rest, &text[i..]))
        }),
    }
}

/// Runs one trial for each case on each cell, and one for the list itself.
pub fn run_trials(
    list: &str,
    cases: &[String],
    cells: &[String],
    run: impl Fn(&str, &str) -> Result<(), String> + Send + Sync + 'static,
) -> Conclusion {
    let gaps = Arc::new(Gaps::read(list));
    let run = Arc::new(run);
    let mut trials = Vec::with_capacity(cases.len() * cells.len() + 1);
    let mut used = vec![false; gaps.gaps.len()];
    for case in cases {
        for cell in cells {
            for (gap, used) in gaps.gaps.iter().zip(&mut used) {
                *used |= matches(&gap.case, case) && matches(&gap.cell, cell);
            }
            let (case, cell, gaps, run) = (case.clone(), cell.clone(), gaps.clone(), run.clone());
            let trial = Trial::test(format!("{case} @ {cell}"), move || {
                judge(&gaps, &case, &cell, &*run)
            });
            trials.push(trial);
        }
    }
    let stale: Vec<String> = gaps
        .gaps
        .iter()
        .zip(used)
        .filter(|(_, used)| !used)
        .map(|(g, _)| g.line.to_string())
        .collect();
    let file = gaps.file.clone();
    trials.push(Trial::test(
        "every known gap names a trial",
        move || match stale.as_slice() {
            [] => Ok(()),
            lines => Err(format!("{file}: no trial fits line {}", lines.join(", ")).into()),
        },
    ));
    let mut arguments = Arguments::from_args();
    // Thousands of lines say less than one with dots; `-- --format pretty` gives them.
    if arguments.format.is_none() && trials.len() > 1000 {
        arguments.quiet = true;
    }
    libtest_mimic::run(&arguments, trials)
}

fn judge(
    gaps: &Gaps,
    case: &str,
    cell: &str,
    run: &dyn Fn(&str, &str) -> Result<(), String>,
) -> Result<(), Failed> {
    match (run(case, cell), gaps.find(case, cell)) {
        (Ok(()), None) | (Err(_), Some(_)) => Ok(()),
        (Err(message), None) => Err(message.into()),
        (Ok(()), Some(gap)) => Err(format!(
            "unexpected pass: {}:{} lists it: {}",
            gaps.file, gap.line, gap.reason
        )
        .into()),
    }
}
