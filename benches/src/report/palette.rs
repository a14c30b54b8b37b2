//! Colours: each with its light and its dark form, and the contrast that text on it must have.
//!
//! Blue and orange differ for every kind of colour vision. A field's darkness (on paper) says how far it is from 1, so the scale
//! survives greyscale; on which side of 1 it is, its frame says.

/// A named colour: class in figures and pages, on light and on dark ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour {
    /// The CSS class and variable.
    pub name: &'static str,
    /// On white; what figures in files of their own have.
    pub light: &'static str,
    /// On the dark ground.
    pub dark: &'static str,
}

const fn colour(name: &'static str, light: &'static str, dark: &'static str) -> Colour {
    Colour { name, light, dark }
}

/// The ground.
pub const PAPER: Colour = colour("paper", "#ffffff", "#16181b");
/// Text and marks.
pub const INK: Colour = colour("ink", "#1b1b1b", "#e8e6e1");
/// Secondary text.
pub const MUTED: Colour = colour("muted", "#595959", "#a6a49f");
/// Rules and grids.
pub const RULE: Colour = colour("rule", "#d9d9d9", "#3a3d42");
/// Links, focus, points.
pub const ACCENT: Colour = colour("accent", "#1f5d92", "#8ab8e0");
/// Ground of captions and code.
pub const SHADE: Colour = colour("shade", "#f5f5f3", "#1f2226");
/// What asks for care.
pub const WARN: Colour = colour("warn", "#8a4208", "#f0a868");

/// Fields of the heat map below 1, from near to far.
pub const FASTER: [Colour; 6] = [
    colour("f0", "#f1f5f9", "#1f262d"),
    colour("f1", "#d6e5f2", "#21384c"),
    colour("f2", "#b0cfe6", "#255070"),
    colour("f3", "#83b3d8", "#2f6a94"),
    colour("f4", "#2f6fa6", "#79b4e0"),
    colour("f5", "#17466f", "#b9dcf5"),
];
/// Fields above 1.
pub const SLOWER: [Colour; 6] = [
    colour("s0", "#fbf4ee", "#2b251f"),
    colour("s1", "#f9e0ca", "#4a3320"),
    colour("s2", "#f3c295", "#6b4520"),
    colour("s3", "#e59e5f", "#8a5720"),
    colour("s4", "#a8560f", "#e8a45c"),
    colour("s5", "#703607", "#f8d3a8"),
];

/// The ratios at which a field's colour changes; above 1 their reciprocals.
pub const EDGES: [f64; 5] = [0.95, 0.8, 0.65, 0.5, 0.35];

/// All colours, for the style sheet.
pub fn all() -> impl Iterator<Item = Colour> {
    [PAPER, INK, MUTED, RULE, ACCENT, SHADE, WARN]
        .into_iter()
        .chain(FASTER)
        .chain(SLOWER)
}

/// The field of a ratio.
pub fn field(ratio: f64) -> Colour {
    let distance = if ratio > 1.0 { 1.0 / ratio } else { ratio };
    let level = EDGES.iter().filter(|&&edge| distance < edge).count();
    if ratio > 1.0 {
        SLOWER[level]
    } else {
        FASTER[level]
    }
}

/// Text on a field: ink, or the ground's colour where the field is far from the ground.
pub fn text_on(field: Colour) -> Colour {
    if field.name.ends_with(['4', '5']) {
        PAPER
    } else {
        INK
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance and contrast as in the Web Content Accessibility Guidelines 2.2.
    fn luminance(colour: &str) -> f64 {
        let channel = |at: usize| {
            let value = u8::from_str_radix(&colour[at..at + 2], 16).expect("two hex digits");
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
    }

    fn contrast(a: &str, b: &str) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn text_is_legible_everywhere() {
        let mut pairs = vec![
            (INK, PAPER),
            (MUTED, PAPER),
            (ACCENT, PAPER),
            (INK, SHADE),
            (MUTED, SHADE),
            (WARN, PAPER),
            (ACCENT, SHADE),
        ];
        pairs.extend(
            FASTER
                .into_iter()
                .chain(SLOWER)
                .map(|field| (text_on(field), field)),
        );
        for (text, ground) in pairs {
            let (light, dark) = (
                contrast(text.light, ground.light),
                contrast(text.dark, ground.dark),
            );
            assert!(
                light >= 4.5 && dark >= 4.5,
                "{} on {}: {light:.2} light, {dark:.2} dark",
                text.name,
                ground.name
            );
        }
    }

    #[test]
    fn darkness_says_how_far() {
        for scale in [FASTER, SLOWER] {
            let light: Vec<f64> = scale
                .iter()
                .map(|colour| -luminance(colour.light))
                .collect();
            let dark: Vec<f64> = scale.iter().map(|colour| luminance(colour.dark)).collect();
            assert!(light.is_sorted() && dark.is_sorted());
        }
        assert_eq!(
            [0.97, 1.0, 1.02, 0.3, 3.0, 0.5].map(|ratio| field(ratio).name),
            ["f0", "f0", "s0", "f5", "s5", "f3"]
        );
    }
}
