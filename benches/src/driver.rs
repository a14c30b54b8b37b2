//! The lines that the driver at the end of each workload prints, one an iteration:
//! `ITERATION wall-ns cpu-ns check-ns RESULT text`.

/// One iteration. Times in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Iteration<'a> {
    /// Wall-clock time of `run`, at least 1: a clock too coarse to see it still ran forwards.
    pub wall: u64,
    /// Processor time of `run`, at least 1.
    pub cpu: u64,
    /// Wall-clock time of `verify`.
    pub check: u64,
    /// What `run` answered, as printed.
    pub result: &'a str,
}

/// Reads one line; `None` if it is not the driver's.
pub fn parse(line: &str) -> Option<Iteration<'_>> {
    let (numbers, result) = line.strip_prefix("ITERATION ")?.split_once(" RESULT ")?;
    let mut numbers = numbers.split(' ').map(|number| number.parse::<u64>().ok());
    let (wall, cpu, check) = (numbers.next()??, numbers.next()??, numbers.next()??);
    let whole = numbers.next().is_none();
    whole.then_some(Iteration {
        wall: wall.max(1),
        cpu: cpu.max(1),
        check,
        result,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_lines_are_read() {
        let expected = Iteration {
            wall: 5,
            cpu: 1,
            check: 0,
            result: "a RESULT b",
        };
        assert_eq!(parse("ITERATION 5 0 0 RESULT a RESULT b"), Some(expected));
        for line in [
            "",
            "ITERATION",
            "ITERATION 1 2 RESULT x",
            "ITERATION 1 2 3 4 RESULT x",
            "ITERATION 1 2 -3 RESULT x",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
