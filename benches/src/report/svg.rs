//! Figures: a small canvas whose drawings stand in a page (colours follow its theme) or in a file of their own (for a paper).
//!
//! Marks carry light colours as attributes and a class that the page's style sheet overrides. So a file needs no style, no
//! variables and no fonts, and programs with little CSS draw it right.

use std::fmt::Write as _;

use super::html::escape;
use super::palette::{Colour, PAPER};

/// Height of the letters of most text, in pixels.
pub const SIZE: f64 = 12.0;
/// Width of a letter of code at [`SIZE`].
pub const CODE_WIDTH: f64 = 7.3;
/// Width of a common letter of sans-serif text at [`SIZE`].
pub const WORD_WIDTH: f64 = 6.6;

/// Where a text's position is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// At its beginning.
    Start,
    /// In its middle.
    Middle,
    /// At its end.
    End,
}

/// How a text looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Type {
    /// Colour.
    pub colour: Colour,
    /// Pixels.
    pub size: f64,
    /// The typeface of code.
    pub code: bool,
    /// Heavier.
    pub bold: bool,
}

impl Type {
    /// Plain text.
    pub fn plain(colour: Colour) -> Type {
        Type {
            colour,
            size: SIZE,
            code: false,
            bold: false,
        }
    }

    /// The names of cells and workloads.
    pub fn code(colour: Colour) -> Type {
        Type {
            code: true,
            ..Type::plain(colour)
        }
    }

    /// Smaller.
    pub fn small(self) -> Type {
        Type {
            size: SIZE - 1.5,
            ..self
        }
    }

    /// Heavier.
    pub fn bold(self) -> Type {
        Type { bold: true, ..self }
    }
}

/// A drawing. Coordinates in pixels from the upper left corner.
#[derive(Clone, Debug)]
pub struct Svg {
    width: f64,
    height: f64,
    title: String,
    description: String,
    body: String,
}

impl Svg {
    /// An empty canvas. The title and the description are what a reader hears who does not see it.
    pub fn new(width: f64, height: f64, title: &str, description: &str) -> Svg {
        Svg {
            width,
            height,
            title: title.into(),
            description: description.into(),
            body: String::new(),
        }
    }

    /// A straight line of so many pixels' width.
    pub fn line(&mut self, from: (f64, f64), to: (f64, f64), colour: Colour, width: f64) {
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(
            self.body,
            "<line class=\"line-{}\" x1=\"{:.1}\" y1=\"{:.1}\" x2=\"{:.1}\" y2=\"{:.1}\" stroke=\"{}\" stroke-width=\"{width}\"/>",
            colour.name, from.0, from.1, to.0, to.1, colour.light
        );
    }

    /// A filled rectangle, from its upper left corner.
    pub fn rect(&mut self, at: (f64, f64), size: (f64, f64), fill: Colour) {
        let _ = writeln!(
            self.body,
            "<rect class=\"fill-{}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"{}\"/>",
            fill.name, at.0, at.1, size.0, size.1, fill.light
        );
    }

    /// The outline of a rectangle.
    pub fn frame(&mut self, at: (f64, f64), size: (f64, f64), colour: Colour) {
        let _ = writeln!(
            self.body,
            "<rect class=\"line-{}\" x=\"{:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{:.1}\" fill=\"none\" stroke=\"{}\" stroke-width=\"1\"/>",
            colour.name, at.0, at.1, size.0, size.1, colour.light
        );
    }

    /// A point: filled, or hollow for what is not resolved.
    pub fn point(&mut self, at: (f64, f64), radius: f64, colour: Colour, filled: bool) {
        let fill = if filled { colour } else { PAPER };
        let _ = writeln!(
            self.body,
            "<circle class=\"line-{} fill-{}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"{radius}\" fill=\"{}\" stroke=\"{}\" stroke-width=\"1.4\"/>",
            colour.name, fill.name, at.0, at.1, fill.light, colour.light
        );
    }

    /// An interval from `x.0` to `x.1` with short ends, open (an arrow's place) where it leaves the plot.
    pub fn interval(&mut self, x: (f64, f64), y: f64, limits: (f64, f64), colour: Colour) {
        let (low, high) = (x.0.max(limits.0), x.1.min(limits.1));
        if low > high {
            return;
        }
        self.line((low, y), (high, y), colour, 1.4);
        for (end, inside) in [(low, x.0 >= limits.0), (high, x.1 <= limits.1)] {
            if inside {
                self.line((end, y - 3.5), (end, y + 3.5), colour, 1.4);
            }
        }
    }

    /// A text on its base line.
    pub fn text(&mut self, at: (f64, f64), anchor: Anchor, kind: Type, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let family = if kind.code {
            " font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\""
        } else {
            ""
        };
        // The monospaced faces are wide; a smaller size has the same height of letters.
        let size = if kind.code {
            kind.size - 0.5
        } else {
            kind.size
        };
        let weight = if kind.bold {
            " font-weight=\"600\""
        } else {
            ""
        };
        let _ = writeln!(
            self.body,
            "<text class=\"fill-{}\" x=\"{:.1}\" y=\"{:.1}\"{anchor}{family} font-size=\"{size}\"{weight} fill=\"{}\">{}</text>",
            kind.colour.name,
            at.0,
            at.1,
            kind.colour.light,
            escape(text)
        );
    }

    /// For a page; `id` must be its own there.
    pub fn inline(&self, id: &str) -> String {
        format!(
            "<svg id=\"{id}\" role=\"img\" aria-labelledby=\"{id}-title {id}-description\" width=\"{0:.0}\" height=\"{1:.0}\" viewBox=\"0 0 {0:.0} {1:.0}\" \
             font-family=\"Helvetica, Arial, sans-serif\">\n<title id=\"{id}-title\">{2}</title>\n<desc id=\"{id}-description\">{3}</desc>\n{4}</svg>\n",
            self.width,
            self.height,
            escape(&self.title),
            escape(&self.description),
            self.body
        )
    }

    /// For a file.
    pub fn file(&self) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{0:.0}\" height=\"{1:.0}\" viewBox=\"0 0 {0:.0} {1:.0}\" \
             font-family=\"Helvetica, Arial, sans-serif\">\n<title>{2}</title>\n<desc>{3}</desc>\n\
             <rect width=\"{0:.0}\" height=\"{1:.0}\" fill=\"{4}\"/>\n{5}</svg>\n",
            self.width,
            self.height,
            escape(&self.title),
            escape(&self.description),
            PAPER.light,
            self.body
        )
    }
}
