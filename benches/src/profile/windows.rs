//! Timed stretches of dispatches, and the times of instructions that explain them best.
//!
//! A window of known instructions took so many clocks: a linear equation for their mean times, and for what a window
//! costs itself. Windows begin anywhere and have many lengths, so there are enough different ones even in a loop. Each
//! hot instruction of the program is an unknown of its own: executions of one opcode differ, and what they cost goes with
//! where they stand (a subscript that follows BUILD_SLICE is a slow one). The others are one unknown an opcode. The
//! solution is that of weighted least squares: first all windows alike, then each by the inverse of the variance that
//! its first prediction makes likely, since the time of a long instruction varies more. Errors are those that hold
//! whatever the variances are (White: "A heteroskedasticity-consistent covariance matrix", Econometrica 48(4), 1980).

/// Clocks above which a window is a long one whatever it holds: tens of microseconds.
const LONG: f64 = 100_000.0;

/// A window is a long one too if it takes so many times what is predicted for it.
const SURPRISE: f64 = 10.0;

/// Windows that are kept at most; then only every second, every fourth ... is.
const MOST: usize = 1 << 17;

/// Instructions that are unknowns of their own at most.
const HOT: usize = 300;

/// The windows of a run.
#[derive(Clone, Debug)]
pub struct Windows {
    /// Instructions of all windows, one behind the other, each with its number of executions in the window.
    parts: Vec<(u32, u16)>,
    /// Where a window's instructions end.
    ends: Vec<usize>,
    clocks: Vec<f64>,
    /// Dispatches for which a window stands.
    gaps: Vec<u32>,
    /// Every so many windows one is kept.
    stride: u64,
    timed: u64,
    most: usize,
}

impl Default for Windows {
    fn default() -> Self {
        Windows::of_at_most(MOST)
    }
}

/// What is known of all executions of an opcode, in clocks.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OpFit {
    /// What they took together.
    pub clocks: f64,
    /// The standard error of that.
    pub error: f64,
    /// Executions in windows.
    pub seen: u64,
}

/// The times that explain the windows best.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fit {
    /// By opcode; `None` for those that no window had.
    pub ops: Vec<Option<OpFit>>,
    /// Clocks of one execution, by instruction; 0 where the opcode has none.
    pub instructions: Vec<f64>,
    /// Clocks that a window costs itself.
    pub cost: f64,
}

/// What windows are explained by: the instructions of the run.
#[derive(Clone, Copy, Debug)]
pub struct Executed<'a> {
    /// Number of opcodes.
    pub opcodes: usize,
    /// The opcode of each instruction.
    pub ops: &'a [u16],
    /// How often each instruction was executed.
    pub counts: &'a [u64],
}

impl Windows {
    /// Keeps at most so many windows, two at least.
    fn of_at_most(most: usize) -> Windows {
        Windows {
            parts: Vec::new(),
            ends: Vec::new(),
            clocks: Vec::new(),
            gaps: Vec::new(),
            stride: 1,
            timed: 0,
            most: most.max(2),
        }
    }

    /// Windows that were timed, kept or not.
    pub fn timed(&self) -> u64 {
        self.timed
    }

    /// One more window: its instructions, the dispatches for which it stands (where dispatches take long there may be
    /// more windows, which must not count for more), and how many clocks it took.
    pub fn add(&mut self, instructions: impl Iterator<Item = u32>, gap: u32, clocks: u64) {
        self.timed += 1;
        if !self.timed.is_multiple_of(self.stride) {
            return;
        }
        if self.clocks.len() >= self.most {
            self.thin_out();
        }
        let start = self.parts.len();
        for part in instructions {
            match self.parts[start..].iter_mut().find(|(p, _)| *p == part) {
                Some((_, n)) => *n += 1,
                None => self.parts.push((part, 1)),
            }
        }
        if self.parts.len() > start {
            self.ends.push(self.parts.len());
            self.clocks.push(clocks as f64);
            self.gaps.push(gap);
        }
    }

    /// Drops every second window.
    fn thin_out(&mut self) {
        let mut thinner = Windows::of_at_most(self.most);
        for row in self.rows().skip(1).step_by(2) {
            thinner.parts.extend_from_slice(row.parts);
            thinner.ends.push(thinner.parts.len());
            thinner.clocks.push(row.clocks);
            thinner.gaps.push(row.gap as u32);
        }
        thinner.stride = self.stride * 2;
        thinner.timed = self.timed;
        *self = thinner;
    }

    fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        let row = |(i, (start, &end)): (usize, (usize, &usize))| Row {
            parts: &self.parts[start..end],
            clocks: self.clocks[i],
            gap: f64::from(self.gaps[i]),
            weight: f64::from(self.gaps[i]),
        };
        starts.zip(&self.ends).enumerate().map(row)
    }

    /// The times, none below zero, by least squares.
    pub fn fit(&self, executed: Executed<'_>) -> Fit {
        let windows = without_surprises(self.rows().collect(), executed, |row| row.clocks > LONG);
        let unknowns = Unknowns::of(&windows, executed);
        if unknowns.number == 1 {
            return Fit {
                ops: vec![None; executed.opcodes],
                instructions: vec![0.0; executed.ops.len()],
                cost: 0.0,
            };
        }
        let squares = Squares {
            windows,
            executed,
            columns: &unknowns.columns,
            size: unknowns.number,
        };
        unknowns.explained(squares.solve_again(), executed)
    }
}

/// Which unknown each instruction's time is. Unknown 0 is what a window costs itself.
struct Unknowns {
    /// By instruction; 0: no window had it, nor another of its opcode that is no unknown of its own.
    columns: Vec<usize>,
    number: usize,
    /// Executions in windows, by opcode.
    seen: Vec<u64>,
}

impl Unknowns {
    fn of(windows: &[Row<'_>], executed: Executed<'_>) -> Unknowns {
        let mut by_instruction = vec![0u64; executed.ops.len()];
        for &(part, n) in windows.iter().flat_map(|row| row.parts) {
            by_instruction[part as usize] += u64::from(n);
        }
        let mut hot: Vec<usize> = (0..executed.ops.len())
            .filter(|&i| by_instruction[i] != 0)
            .collect();
        hot.sort_by_key(|&i| std::cmp::Reverse(by_instruction[i]));
        let rest = hot.split_off(hot.len().min(HOT));
        let mut columns = vec![0; executed.ops.len()];
        let mut number = 1;
        for &i in &hot {
            columns[i] = number;
            number += 1;
        }
        let mut of_opcode = vec![0; executed.opcodes];
        for &i in &rest {
            let column = &mut of_opcode[executed.ops[i] as usize];
            if *column == 0 {
                *column = number;
                number += 1;
            }
        }
        let mut seen = vec![0; executed.opcodes];
        for (i, &op) in executed.ops.iter().enumerate() {
            seen[op as usize] += by_instruction[i];
            if columns[i] == 0 {
                columns[i] = of_opcode[op as usize];
            }
        }
        Unknowns {
            columns,
            number,
            seen,
        }
    }

    /// What the solution says of opcodes and instructions.
    fn explained(&self, solved: Solved, executed: Executed<'_>) -> Fit {
        // Executions by unknown, of each opcode, and those of instructions that no window had.
        let mut by_unknown = vec![vec![]; executed.opcodes];
        let mut unseen = vec![0.0; executed.opcodes];
        for (i, &op) in executed.ops.iter().enumerate() {
            let count = executed.counts[i] as f64;
            match self.columns[i] {
                0 => unseen[op as usize] += count,
                column => by_unknown[op as usize].push((column, count)),
            }
        }
        let mut means = vec![0.0; executed.opcodes];
        let ops = (0..executed.opcodes).map(|op| {
            let parts = &mut by_unknown[op];
            let count: f64 = parts.iter().map(|p| p.1).sum();
            if self.seen[op] == 0 || count == 0.0 {
                return None;
            }
            // Those that no window had are like the others of their opcode.
            let scale = (count + unseen[op]) / count;
            parts.iter_mut().for_each(|p| p.1 *= scale);
            let clocks: f64 = parts.iter().map(|&(c, n)| n * solved.times[c]).sum();
            means[op] = clocks / (count + unseen[op]);
            Some(OpFit {
                clocks,
                error: solved.error(parts),
                seen: self.seen[op],
            })
        });
        let ops = ops.collect();
        let instruction = |(i, &op): (usize, &u16)| match self.columns[i] {
            0 => means[op as usize],
            column => solved.times[column],
        };
        Fit {
            ops,
            instructions: executed.ops.iter().enumerate().map(instruction).collect(),
            cost: solved.times[0],
        }
    }
}

/// The solution of the equations.
struct Solved {
    /// By unknown.
    times: Vec<f64>,
    /// The inverse of the normal equations' matrix, and what stands between it and itself in the solution's covariance.
    inverse: Matrix,
    middle: Matrix,
}

impl Solved {
    /// The standard error of a weighted sum of unknowns.
    fn error(&self, parts: &[(usize, f64)]) -> f64 {
        let mut weights = vec![0.0; self.times.len()];
        for &(column, n) in parts {
            weights[column] += n;
        }
        let through = self.inverse.times(&weights);
        let middle = self.middle.times(&through);
        let variance: f64 = through.iter().zip(middle).map(|(a, b)| a * b).sum();
        variance.max(0.0).sqrt()
    }
}

/// The windows that count. Those that are far too long do only if that is the habit of one of their instructions, in a
/// hundredth of its windows and more: others are the system's, that took the processor away.
fn without_surprises<'a>(
    mut windows: Vec<Row<'a>>,
    executed: Executed<'_>,
    is_long: impl Fn(&Row<'_>) -> bool,
) -> Vec<Row<'a>> {
    let mut seen = vec![(0u64, 0u64); executed.ops.len()];
    for row in &windows {
        let is_long = is_long(row);
        for &(part, _) in row.parts {
            let (all, long) = &mut seen[part as usize];
            *all += 1;
            *long += u64::from(is_long);
        }
    }
    let is_habit = |&(part, _): &(u32, u16)| {
        let (all, long) = seen[part as usize];
        long > 3 && long * 100 > all
    };
    windows.retain(|row| !is_long(row) || row.parts.iter().any(is_habit));
    windows
}

/// A window as an equation.
#[derive(Clone, Copy)]
struct Row<'a> {
    parts: &'a [(u32, u16)],
    clocks: f64,
    /// Dispatches for which it stands.
    gap: f64,
    weight: f64,
}

/// The equations of all windows.
struct Squares<'a> {
    windows: Vec<Row<'a>>,
    executed: Executed<'a>,
    columns: &'a [usize],
    size: usize,
}

impl Squares<'_> {
    /// The row's entries: column and number.
    fn entries<'a>(&'a self, row: &'a Row<'_>) -> impl Iterator<Item = (usize, f64)> + Clone + 'a {
        let part = |&(part, n): &(u32, u16)| (self.columns[part as usize], f64::from(n));
        std::iter::once((0, 1.0)).chain(row.parts.iter().map(part))
    }

    fn predicted(&self, row: &Row<'_>, times: &[f64]) -> f64 {
        self.entries(row).map(|(c, n)| n * times[c]).sum()
    }

    /// The solution. After a first one come better ones, without what surprises the last one and with weights that it gives.
    fn solve_again(&self) -> Solved {
        let first = self.solve();
        let second = self.improved(&first).solve();
        let last = self.improved(&second);
        let times = last.solve();
        Solved {
            middle: last.middle(&times),
            inverse: last.normal(&vec![true; last.size]).0.inverse(),
            times,
        }
    }

    /// The same equations in the light of a solution.
    fn improved(&self, times: &[f64]) -> Squares<'_> {
        let predicted = |row: &Row<'_>| self.predicted(row, times).max(0.0);
        let mut residuals: Vec<f64> = self
            .windows
            .iter()
            .map(|row| (row.clocks - predicted(row)).abs())
            .collect();
        let middle = residuals.len() / 2;
        let (_, &mut typical, _) = residuals.select_nth_unstable_by(middle, f64::total_cmp);
        // The spread of a window is about a third of its length, and never less than what is typical.
        let weight =
            |predicted: f64| 1.0 / (typical * typical + predicted * predicted / 9.0).max(1.0);
        let weighted = self.windows.iter().map(|row| Row {
            weight: row.gap * weight(predicted(row)),
            ..*row
        });
        let windows = without_surprises(weighted.collect(), self.executed, |row| {
            row.clocks > SURPRISE * (predicted(row) + typical)
        });
        Squares { windows, ..*self }
    }

    /// The times. Those that would be below zero are zero.
    fn solve(&self) -> Vec<f64> {
        let mut active = vec![true; self.size];
        loop {
            let (matrix, right) = self.normal(&active);
            let times = matrix.inverse().times(&right);
            let negative: Vec<usize> = (0..self.size).filter(|&c| times[c] < 0.0).collect();
            if negative.is_empty() {
                return times;
            }
            for column in negative {
                active[column] = false;
            }
        }
    }

    /// The normal equations. Each instruction is drawn to the mean of all as if by one more of its windows: that decides nothing
    /// but for those that hardly any window had, whose equations would be fulfilled exactly.
    fn normal(&self, active: &[bool]) -> (Matrix, Vec<f64>) {
        let mut matrix = Matrix::zero(self.size);
        let mut right = vec![0.0; self.size];
        let mut windows = vec![0.0; self.size];
        let (mut clocks, mut executions) = (0.0, 0.0);
        for row in &self.windows {
            for (c, n) in self.entries(row) {
                windows[c] += 1.0;
                right[c] += row.weight * n * row.clocks;
                for (d, m) in self.entries(row) {
                    *matrix.at(c, d) += row.weight * n * m;
                }
            }
            let length: f64 = row.parts.iter().map(|&(_, n)| f64::from(n)).sum();
            clocks += row.weight * row.clocks;
            executions += row.weight * length;
        }
        let mean = clocks / executions;
        for c in 0..self.size {
            if !active[c] {
                right[c] = 0.0;
                for d in 0..self.size {
                    *matrix.at(c, d) = 0.0;
                    *matrix.at(d, c) = 0.0;
                }
                *matrix.at(c, c) = 1.0;
            } else if c != 0 {
                let one = *matrix.at(c, c) / windows[c];
                *matrix.at(c, c) += one;
                right[c] += one * mean;
            }
        }
        (matrix, right)
    }

    /// The sum of the windows' squared residuals, each with its place in the equations.
    fn middle(&self, times: &[f64]) -> Matrix {
        let mut middle = Matrix::zero(self.size);
        for row in &self.windows {
            let residual = row.clocks - self.predicted(row, times);
            let weight = (row.weight * residual).powi(2);
            for (c, n) in self.entries(row) {
                for (d, m) in self.entries(row) {
                    *middle.at(c, d) += weight * n * m;
                }
            }
        }
        middle
    }
}

/// A square matrix, row by row.
#[derive(Clone)]
struct Matrix {
    size: usize,
    cells: Vec<f64>,
}

impl Matrix {
    fn zero(size: usize) -> Matrix {
        Matrix {
            size,
            cells: vec![0.0; size * size],
        }
    }

    fn at(&mut self, row: usize, column: usize) -> &mut f64 {
        &mut self.cells[row * self.size + column]
    }

    fn row(&self, row: usize) -> &[f64] {
        &self.cells[row * self.size..(row + 1) * self.size]
    }

    fn times(&self, vector: &[f64]) -> Vec<f64> {
        let product = |row| {
            let pairs = self.row(row).iter().zip(vector);
            pairs.map(|(a, b)| a * b).sum()
        };
        (0..self.size).map(product).collect()
    }

    /// The inverse of a positive definite matrix, by Gauss and Jordan with pivots on the diagonal. A column without
    /// information of its own gets none.
    fn inverse(mut self) -> Matrix {
        let size = self.size;
        let mut out = Matrix::zero(size);
        for i in 0..size {
            *out.at(i, i) = 1.0;
        }
        let scale: Vec<f64> = (0..size).map(|i| *self.at(i, i)).collect();
        for (pivot, scale) in scale.into_iter().enumerate() {
            let value = *self.at(pivot, pivot);
            if value <= scale * 1e-12 {
                for i in 0..size {
                    *self.at(pivot, i) = 0.0;
                    *out.at(pivot, i) = 0.0;
                }
                continue;
            }
            for i in 0..size {
                *self.at(pivot, i) /= value;
                *out.at(pivot, i) /= value;
            }
            let (source, inverse) = (self.row(pivot).to_vec(), out.row(pivot).to_vec());
            for row in (0..size).filter(|&row| row != pivot) {
                let factor = *self.at(row, pivot);
                if factor == 0.0 {
                    continue;
                }
                for i in 0..size {
                    *self.at(row, i) -= factor * source[i];
                    *out.at(row, i) -= factor * inverse[i];
                }
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Random(u64);

    impl Random {
        fn below(&mut self, n: u64) -> u64 {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (self.0 >> 33) % n
        }
    }

    /// Windows of a loop of instructions whose executions take `times` clocks, up to a half more or less.
    fn of_a_loop(times: &[f64], cost: f64, windows: usize) -> Windows {
        let mut random = Random(9);
        let mut out = Windows::default();
        for _ in 0..windows {
            let (start, length) = (random.below(times.len() as u64), 1 + random.below(24));
            let parts: Vec<u32> = (start..start + length)
                .map(|i| (i % times.len() as u64) as u32)
                .collect();
            let spent: f64 = parts
                .iter()
                .map(|&part| times[part as usize] * (0.5 + random.below(1001) as f64 / 1000.0))
                .sum();
            out.add(parts.into_iter(), 1, (spent + cost) as u64);
        }
        out
    }

    /// Each of these opcodes once, executed a thousand times.
    fn executed(ops: &[u16]) -> Executed<'_> {
        const COUNTS: [u64; 16] = [1000; 16];
        Executed {
            opcodes: 8,
            ops,
            counts: &COUNTS[..ops.len()],
        }
    }

    #[test]
    fn times_are_found_within_their_errors() {
        // Opcode 1 is a slow one behind opcode 2, and opcode 3 takes no time at all.
        let (ops, times) = (
            [0, 1, 0, 2, 1, 3, 0],
            [4.0, 9.0, 4.0, 30.0, 200.0, 0.0, 4.0],
        );
        let fit = of_a_loop(&times, 70.0, 20_000).fit(executed(&ops));
        assert!((fit.cost - 70.0).abs() < 3.0, "{fit:?}");
        assert_eq!(fit.ops[5], None);
        for (op, expected) in [12_000.0, 209_000.0, 30_000.0, 0.0].into_iter().enumerate() {
            let found = fit.ops[op].expect("it is in the loop");
            // Clocks are whole numbers, which shortens each window by a half.
            let off = (found.clocks - expected).abs();
            assert!(off < 4.0 * found.error + 600.0, "{op}: {found:?}");
            assert!(found.error < 4000.0 && found.seen > 1000);
        }
        assert!((fit.instructions[4] - 200.0).abs() < 5.0);
    }

    #[test]
    fn what_no_window_had_is_like_its_opcode() {
        let windows = of_a_loop(&[10.0, 20.0], 50.0, 5000);
        let fit = windows.fit(executed(&[0, 1, 0, 2]));
        let (first, more) = (fit.instructions[0], fit.ops[0].expect("seen"));
        assert!((more.clocks - 2000.0 * first).abs() < 1.0);
        assert_eq!((fit.instructions[2], fit.instructions[3]), (first, 0.0));
        assert_eq!(fit.ops[2], None);
    }

    #[test]
    fn instructions_beyond_the_hot_ones_share_the_unknown_of_their_opcode() {
        let mut windows = Windows::default();
        let mut random = Random(3);
        for _ in 0..60_000 {
            let part = random.below(400);
            windows.add(
                std::iter::repeat_n(part as u32, 1 + random.below(3) as usize),
                1,
                50 + 100 * (part / 200),
            );
        }
        let ops: Vec<u16> = (0..400).map(|i| i / 200).collect();
        let unknowns = Unknowns::of(
            &windows.rows().collect::<Vec<_>>(),
            Executed {
                opcodes: 2,
                ops: &ops,
                counts: &[1; 400],
            },
        );
        assert_eq!(unknowns.number, 1 + HOT + 2);
        assert!(unknowns.columns.iter().all(|&c| c != 0));
    }

    #[test]
    fn long_windows_are_the_systems_unless_they_are_a_habit() {
        let ops = [0, 1, 2];
        let mut windows = of_a_loop(&[10.0, 20.0], 50.0, 5000);
        windows.add([0].into_iter(), 1, 8_000_000);
        let fit = windows.fit(executed(&ops));
        assert!(fit.instructions[0] < 12.0);
        for _ in 0..5 {
            windows.add([2].into_iter(), 1, 1_000_050);
        }
        let fit = windows.fit(executed(&ops));
        let habit = fit.instructions[2];
        assert!((500_000.0..1_000_100.0).contains(&habit), "{habit}");
        assert!(fit.instructions[0] < 12.0);
    }

    #[test]
    fn few_are_kept_and_all_are_counted() {
        let mut windows = Windows::of_at_most(100);
        for i in 0..1000 {
            windows.add([0, 0].into_iter(), 1, i);
        }
        assert_eq!(windows.timed(), 1000);
        assert!(windows.clocks.len() <= 100 && windows.clocks.len() >= 40);
        assert!(windows.stride.is_power_of_two() && windows.stride > 4);
        let nothing = Windows::default().fit(executed(&[0, 1]));
        assert!(nothing.ops.iter().all(Option::is_none));
    }

    #[test]
    fn inverses() {
        let mut m = Matrix::zero(3);
        for (i, v) in [4.0, 1.0, 0.5, 1.0, 3.0, 0.25, 0.5, 0.25, 2.0]
            .into_iter()
            .enumerate()
        {
            m.cells[i] = v;
        }
        let inverse = m.clone().inverse();
        for i in 0..3 {
            let unit = m.times(inverse.row(i));
            for (j, v) in unit.iter().enumerate() {
                assert!((v - f64::from(u8::from(i == j))).abs() < 1e-12);
            }
        }
    }
}
