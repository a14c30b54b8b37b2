//! Student's t distribution: what an interval from few invocations needs instead of the normal one.
//!
//! Distribution function by the incomplete beta function (continued fraction, DLMF 8.17.22; Lentz's method), quantile by
//! bisection. About 1e-10 exact; degrees of freedom may be fractions (Welch and Satterthwaite).

/// ln Γ(x) for x > 0: Lanczos' approximation with g = 7 (coefficients: Godfrey 2001).
fn ln_gamma(x: f64) -> f64 {
    const COEFFICIENTS: [f64; 9] = [
        0.999_999_999_999_809_9,
        676.520_368_121_885_1,
        -1_259.139_216_722_402_8,
        771.323_428_777_653_1,
        -176.615_029_162_140_6,
        12.507_343_278_686_905,
        -0.138_571_095_265_720_12,
        9.984_369_578_019_572e-6,
        1.505_632_735_149_311_6e-7,
    ];
    let x = x - 1.0;
    let sum: f64 = COEFFICIENTS[1..]
        .iter()
        .zip(1..)
        .map(|(c, i)| c / (x + f64::from(i)))
        .sum();
    let t = x + 7.5;
    0.5 * std::f64::consts::TAU.ln() + (x + 0.5) * t.ln() - t + (COEFFICIENTS[0] + sum).ln()
}

/// The regularised incomplete beta function I_x(a, b) for 0 <= x <= 1.
fn incomplete_beta(a: f64, b: f64, x: f64) -> f64 {
    if x <= 0.0 || x >= 1.0 {
        return if x <= 0.0 { 0.0 } else { 1.0 };
    }
    if x > (a + 1.0) / (a + b + 2.0) {
        return 1.0 - incomplete_beta(b, a, 1.0 - x);
    }
    let front =
        (ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (1.0 - x).ln()).exp() / a;
    let away_from_zero = |value: f64| if value.abs() < 1e-300 { 1e-300 } else { value };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for step in 1..400 {
        let m = f64::from(step);
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut change = 1.0;
        for term in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + term * d);
            c = away_from_zero(1.0 + term / c);
            change = c * d;
            fraction *= change;
        }
        if (change - 1.0).abs() < 1e-15 {
            break;
        }
    }
    front * fraction
}

/// P(T <= t) with `freedom` > 0 degrees of freedom.
pub fn distribution(t: f64, freedom: f64) -> f64 {
    let tail = 0.5 * incomplete_beta(freedom / 2.0, 0.5, freedom / (freedom + t * t));
    if t > 0.0 { 1.0 - tail } else { tail }
}

/// P(|T| >= |t|): the p-value of a two-sided test. 1 if there are no degrees of freedom.
pub fn two_sided(t: f64, freedom: f64) -> f64 {
    if freedom <= 0.0 || t.is_nan() {
        return 1.0;
    }
    incomplete_beta(freedom / 2.0, 0.5, freedom / (freedom + t * t))
}

/// The t with P(T <= t) = `probability`; infinite if there are no degrees of freedom.
pub fn quantile(probability: f64, freedom: f64) -> f64 {
    if probability < 0.5 {
        return -quantile(1.0 - probability, freedom);
    }
    if freedom <= 0.0 {
        return f64::INFINITY;
    }
    let (mut low, mut high) = (0.0, 1.0);
    while distribution(high, freedom) < probability && high < 1e12 {
        low = high;
        high *= 2.0;
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if distribution(middle, freedom) < probability {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// The standard normal quantile.
pub fn normal_quantile(probability: f64) -> f64 {
    quantile(probability, 1e9)
}

/// The degrees of freedom of a sum of independent parts, each `(variance, freedom)` (Welch 1947, Satterthwaite 1946).
/// 0 if a part with variance has none; infinite if there is no variance at all.
pub fn satterthwaite(parts: impl IntoIterator<Item = (f64, f64)>) -> f64 {
    let (mut sum, mut below) = (0.0, 0.0);
    for (variance, freedom) in parts {
        if variance > 0.0 && freedom <= 0.0 {
            return 0.0;
        }
        if variance > 0.0 {
            sum += variance;
            below += variance * variance / freedom;
        }
    }
    if below == 0.0 {
        f64::INFINITY
    } else {
        sum * sum / below
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64, within: f64) {
        assert!((a - b).abs() < within, "{a} is not {b}");
    }

    #[test]
    fn quantiles_are_those_of_the_tables() {
        close(quantile(0.975, 1.0), 12.706_204_736, 1e-6);
        close(quantile(0.975, 4.0), 2.776_445_105, 1e-8);
        close(quantile(0.95, 10.0), 1.812_461_123, 1e-8);
        close(quantile(0.8, 8.0), 0.888_889_9, 1e-4);
        close(quantile(0.025, 30.0), -2.042_272_456, 1e-8);
        close(normal_quantile(0.975), 1.959_963_985, 1e-6);
        assert!(quantile(0.975, 0.0).is_infinite());
    }

    #[test]
    fn distribution_and_p_value_agree() {
        close(distribution(0.0, 3.0), 0.5, 1e-12);
        // With one degree of freedom it is Cauchy's: 1/2 + atan(t)/pi.
        close(distribution(1.0, 1.0), 0.75, 1e-12);
        close(two_sided(2.776_445_105, 4.0), 0.05, 1e-9);
        close(two_sided(-12.706_204_736, 1.0), 0.05, 1e-9);
        assert_eq!(two_sided(5.0, 0.0), 1.0);
    }

    #[test]
    fn freedom_of_sums() {
        close(satterthwaite([(1.0, 4.0), (1.0, 4.0)]), 8.0, 1e-12);
        close(satterthwaite([(1.0, 4.0), (0.0, 4.0)]), 4.0, 1e-12);
        assert_eq!(satterthwaite([(1.0, 0.0), (1.0, 4.0)]), 0.0);
        assert!(satterthwaite([(0.0, 3.0)]).is_infinite());
    }
}
