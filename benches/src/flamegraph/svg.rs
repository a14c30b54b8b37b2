//! The picture: one SVG file with its own style and script, complete in itself.
//!
//! The root is at the bottom; a box is as wide as its frame's share of the samples, and the widest of siblings stands left.
//! Without its script (as an image in a page) it is a picture that can be read; opened in a browser it zooms at a
//! click, tells about the box under the pointer, and searches. It follows the reader's choice of light or dark.

use super::stacks::Kind;
use super::thousands;
use super::tree::Tree;
use std::fmt::Write;

const STYLE: &str = include_str!("svg/style.css");
const SCRIPT: &str = include_str!("svg/script.js");

/// Units of the picture, which are pixels where it is shown in its own size.
const WIDTH: f64 = 1200.0;
const MARGIN: f64 = 12.0;
const ROW: f64 = 17.0;
/// Width of a character of a label.
const CHARACTER: f64 = 6.7;
/// What is narrower is not drawn.
const NARROWEST: f64 = 0.15;
/// Steps of colour on each side of "no difference".
const STEPS: f64 = 6.0;

/// What is written around the boxes.
#[derive(Clone, Debug, Default)]
pub struct Caption {
    /// Program and cell.
    pub title: String,
    /// How the samples were had; a line each.
    pub account: Vec<String>,
    /// What the reader has to know before anything else; a line each.
    pub warnings: Vec<String>,
    /// Names of the two runs of a difference.
    pub names: Option<[String; 2]>,
}

/// A box.
struct Place {
    node: usize,
    x: f64,
    width: f64,
}

/// Draws a tree. The result is a valid picture whatever the tree holds.
pub fn draw(tree: &Tree, caption: &Caption) -> String {
    let places = layout(tree);
    let deepest = places
        .iter()
        .map(|p| tree.nodes[p.node].depth)
        .max()
        .unwrap_or(0);
    let mut out = String::new();
    let mut y = 30.0;
    text(&mut out, "title", MARGIN, y, &caption.title);
    for line in &caption.account {
        y += 19.0;
        text(&mut out, "account", MARGIN, y, line);
    }
    for line in &caption.warnings {
        y += 20.0;
        text(&mut out, "warning", MARGIN, y, line);
    }
    y += 24.0;
    legend(&mut out, tree, caption, &places, y);
    y += 20.0;
    let _ = writeln!(
        out,
        "<text id=\"told\" class=\"account\" x=\"{MARGIN}\" y=\"{y}\"></text>\
         <text id=\"reset\" class=\"control\" x=\"{}\" y=\"30\">Reset zoom</text>\
         <text id=\"search\" class=\"control\" x=\"{}\" y=\"30\">Search</text>",
        WIDTH - MARGIN - 70.0,
        WIDTH - MARGIN,
    );
    y += 10.0;
    let bottom = y + (deepest + 1) as f64 * ROW;
    out.push_str("<g id=\"frames\">\n");
    let largest = largest_difference(tree, &places);
    for place in &places {
        frame(&mut out, tree, place, bottom, largest);
    }
    out.push_str("</g>\n");
    let height = bottom + MARGIN;
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" \
         role=\"img\" aria-label=\"{}\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n\
         <rect class=\"page\" width=\"100%\" height=\"100%\"/>\n{out}\
         <script><![CDATA[\n{SCRIPT}]]></script>\n</svg>\n",
        escape(&caption.title),
        escape(&caption.title),
    )
}

/// Boxes that are wide enough to be seen, parents before their children.
fn layout(tree: &Tree) -> Vec<Place> {
    let whole = WIDTH - 2.0 * MARGIN;
    let mut places = Vec::new();
    let mut open = vec![Place {
        node: 0,
        x: MARGIN,
        width: whole,
    }];
    while let Some(place) = open.pop() {
        let mut children: Vec<(f64, String, usize)> = tree.nodes[place.node]
            .children
            .iter()
            .map(|&c| {
                let label = tree.frames[tree.nodes[c].frame].label();
                (tree.width(c) * whole, label, c)
            })
            .collect();
        children.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        let mut x = place.x;
        let first = open.len();
        for (width, _, node) in children {
            if width >= NARROWEST {
                open.push(Place { node, x, width });
            }
            x += width;
        }
        // The leftmost is taken next.
        open[first..].reverse();
        places.push(place);
    }
    places
}

/// The largest difference of shares that is more than chance.
fn largest_difference(tree: &Tree, places: &[Place]) -> f64 {
    places
        .iter()
        .map(|p| tree.difference(p.node))
        .filter(|(_, is_real)| *is_real)
        .map(|(d, _)| d.abs())
        .fold(0.0, f64::max)
}

/// The class of a box, which is its colour.
fn colour(tree: &Tree, node: usize, largest: f64) -> String {
    if node == 0 {
        return "all".into();
    }
    if tree.is_difference {
        let (difference, is_real) = tree.difference(node);
        if !is_real || largest == 0.0 {
            return "same".into();
        }
        let step = (difference.abs() / largest * STEPS)
            .ceil()
            .clamp(1.0, STEPS);
        let side = if difference > 0.0 { "more" } else { "less" };
        return format!("{side}{step}");
    }
    let frame = &tree.frames[tree.nodes[node].frame];
    // Shades tell neighbours apart; a function has one shade at all its lines.
    let shade = frame
        .name
        .bytes()
        .fold(7u32, |h, b| h.wrapping_mul(31).wrapping_add(b.into()))
        % 4;
    match frame.kind {
        Kind::Python => format!("py{shade}"),
        Kind::Opcode => format!("op{shade}"),
        Kind::Superinstruction => format!("su{shade}"),
        Kind::Native => format!("rs{shade}"),
        Kind::Outside => "all".into(),
    }
}

fn frame(out: &mut String, tree: &Tree, place: &Place, bottom: f64, largest: f64) {
    let node = &tree.nodes[place.node];
    let label = match place.node {
        0 => "all".to_owned(),
        _ => tree.frames[node.frame].label(),
    };
    let y = bottom - (node.depth + 1) as f64 * ROW;
    let _ = writeln!(
        out,
        "<g class=\"{}\"><title>{}\n{}</title><rect x=\"{:.2}\" y=\"{y}\" width=\"{:.2}\" height=\"{}\" rx=\"1.5\"/>\
         <text x=\"{:.2}\" y=\"{}\">{}</text></g>",
        colour(tree, place.node, largest),
        escape(&label),
        about(tree, place.node),
        place.x,
        place.width,
        ROW - 1.0,
        place.x + 3.0,
        y + 12.0,
        escape(&fit(&label, place.width)),
    );
}

/// What a box says of its frame.
fn about(tree: &Tree, node: usize) -> String {
    let [first, second] = tree.shares(node).map(|s| 100.0 * s);
    let samples = tree.nodes[node].samples;
    if !tree.is_difference {
        return format!("{first:.1} %, {} of all samples", thousands(samples[0]));
    }
    let (difference, is_real) = tree.difference(node);
    let chance = if is_real || node == 0 {
        ""
    } else {
        " (within chance)"
    };
    format!(
        "{first:.1} % → {second:.1} %: {:+.1} points{chance}",
        100.0 * difference
    )
}

/// As much of a label as a box of this width holds.
fn fit(label: &str, width: f64) -> String {
    let room = ((width - 6.0) / CHARACTER) as usize;
    if label.chars().count() <= room {
        return label.to_owned();
    }
    if room < 3 {
        return String::new();
    }
    let start: String = label.chars().take(room - 1).collect();
    format!("{start}…")
}

fn text(out: &mut String, class: &str, x: f64, y: f64, words: &str) {
    let _ = writeln!(
        out,
        "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{}</text>",
        escape(words)
    );
}

/// A square of each colour with its meaning.
fn legend(out: &mut String, tree: &Tree, caption: &Caption, places: &[Place], y: f64) {
    let mut x = MARGIN;
    let mut entry = |classes: &[String], words: &str| {
        for class in classes {
            let _ = write!(
                out,
                "<g class=\"{class}\"><rect x=\"{x}\" y=\"{}\" width=\"11\" height=\"11\" rx=\"1.5\"/></g>",
                y - 10.0
            );
            x += 12.0;
        }
        x += 3.0;
        text(out, "account", x, y, words);
        x += words.chars().count() as f64 * 6.6 + 18.0;
    };
    if let Some([first, second]) = &caption.names {
        let side = |word: &str| (1..=6).map(|s| format!("{word}{s}")).collect::<Vec<_>>();
        let mut less = side("less");
        less.reverse();
        entry(&less, &format!("larger share on {first}"));
        entry(&["same".into()], "within chance");
        entry(&side("more"), &format!("larger share on {second}"));
        return;
    }
    for kind in Kind::ALL {
        let has = |p: &&Place| p.node != 0 && tree.frames[tree.nodes[p.node].frame].kind == kind;
        if let Some(place) = places.iter().find(has) {
            entry(&[colour(tree, place.node, 0.0)], kind.word());
        }
    }
}

/// Text as XML has it. Characters that XML cannot hold become a mark.
fn escape(words: &str) -> String {
    let mut out = String::with_capacity(words.len());
    for c in words.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
