//! Small dense linear algebra: the pseudo-inverse of a symmetric matrix, for least squares with more terms than the data can tell apart.
//!
//! Jacobi's eigenvalue method (1846), which is exact enough and simple for the few dozen columns of a factorial design.

/// A square matrix, rows in order.
pub type Matrix = Vec<Vec<f64>>;

/// Eigenvalues below this share of the largest count as zero.
const RANK_TOLERANCE: f64 = 1e-9;

/// a x.
pub fn apply(a: &Matrix, x: &[f64]) -> Vec<f64> {
    a.iter().map(|row| dot(row, x)).collect()
}

/// The scalar product.
pub fn dot(x: &[f64], y: &[f64]) -> f64 {
    x.iter().zip(y).map(|(x, y)| x * y).sum()
}

/// Xᵀ X for a matrix given by its rows, all of one length.
pub fn gram(rows: &[Vec<f64>]) -> Matrix {
    let width = rows.first().map_or(0, Vec::len);
    (0..width)
        .map(|i| {
            (0..width)
                .map(|j| rows.iter().map(|row| row[i] * row[j]).sum())
                .collect()
        })
        .collect()
}

/// The Moore-Penrose inverse of a symmetric matrix. O(n³) times some ten sweeps.
pub fn pseudo_inverse(symmetric: &Matrix) -> Matrix {
    let size = symmetric.len();
    let mut a = symmetric.clone();
    let mut vectors: Matrix = (0..size)
        .map(|i| (0..size).map(|j| f64::from(u8::from(i == j))).collect())
        .collect();
    for _ in 0..100 {
        let off: f64 = (0..size)
            .flat_map(|i| (0..i).map(move |j| (i, j)))
            .map(|(i, j)| a[i][j] * a[i][j])
            .sum();
        let diagonal: f64 = (0..size).map(|i| a[i][i] * a[i][i]).sum();
        if off <= 1e-28 * diagonal {
            break;
        }
        for p in 0..size {
            for q in p + 1..size {
                rotate(&mut a, &mut vectors, p, q);
            }
        }
    }
    let largest = (0..size).map(|i| a[i][i].abs()).fold(0.0, f64::max);
    let mut inverse = vec![vec![0.0; size]; size];
    for k in (0..size).filter(|&k| a[k][k].abs() > RANK_TOLERANCE * largest) {
        for i in 0..size {
            for j in 0..size {
                inverse[i][j] += vectors[i][k] * vectors[j][k] / a[k][k];
            }
        }
    }
    inverse
}

/// One Jacobi rotation, which makes `a[p][q]` zero.
fn rotate(a: &mut Matrix, vectors: &mut Matrix, p: usize, q: usize) {
    if a[p][q] == 0.0 {
        return;
    }
    let theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let c = 1.0 / (t * t + 1.0).sqrt();
    let s = t * c;
    for row in a.iter_mut() {
        (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
    }
    // Rows p and q; p < q.
    let (above, below) = a.split_at_mut(q);
    for (x, y) in above[p].iter_mut().zip(&mut below[0]) {
        (*x, *y) = (c * *x - s * *y, s * *x + c * *y);
    }
    for row in vectors.iter_mut() {
        (row[p], row[q]) = (c * row[p] - s * row[q], s * row[p] + c * row[q]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_close(a: &Matrix, b: &Matrix) {
        let close = a
            .iter()
            .flatten()
            .zip(b.iter().flatten())
            .all(|(a, b)| (a - b).abs() < 1e-9);
        assert!(close, "{a:?} is not {b:?}");
    }

    #[test]
    fn inverse_of_a_regular_matrix() {
        let inverse = pseudo_inverse(&vec![vec![4.0, 1.0], vec![1.0, 3.0]]);
        assert_close(
            &inverse,
            &vec![vec![3.0 / 11.0, -1.0 / 11.0], vec![-1.0 / 11.0, 4.0 / 11.0]],
        );
    }

    #[test]
    fn a_repeated_column_is_shared() {
        // x = y always: the least-norm solution gives each half of the slope.
        let rows = vec![vec![1.0, 1.0], vec![2.0, 2.0], vec![3.0, 3.0]];
        let solution = apply(&pseudo_inverse(&gram(&rows)), &[14.0 * 3.0, 14.0 * 3.0]);
        assert!(
            solution.iter().all(|x| (x - 1.5).abs() < 1e-9),
            "{solution:?}"
        );
    }

    #[test]
    fn zero_and_empty() {
        assert_close(&pseudo_inverse(&vec![vec![0.0]]), &vec![vec![0.0]]);
        assert!(pseudo_inverse(&Vec::new()).is_empty());
    }
}
