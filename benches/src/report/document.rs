//! The body of a page as it grows: parts with headings, numbered figures and tables. Parts write here and know nothing of each other.

use super::html::{Table, escape};
use super::svg::Svg;

/// A page's body, its contents, and the figures that are kept as files too.
#[derive(Debug, Default)]
pub struct Document {
    /// HTML.
    pub body: String,
    /// `(level, id, title)` of headings.
    pub contents: Vec<(u8, String, String)>,
    /// `(file name, SVG)`.
    pub files: Vec<(String, String)>,
    /// Stands before ids and file names, so that several runs fit on a page.
    prefix: String,
    /// The level of a part's heading.
    level: u8,
    open: bool,
    figures: usize,
    tables: usize,
}

impl Document {
    /// An empty document of one run, or of several that are announced by [`Document::run`].
    pub fn new() -> Document {
        Document {
            level: 2,
            ..Document::default()
        }
    }

    /// Starts the next of several runs: a heading above those of its parts.
    pub fn run(&mut self, number: usize, title: &str) {
        self.close();
        self.prefix = format!("run{number}-");
        self.level = 3;
        let id = format!("run{number}");
        self.body += &format!("<h2 id=\"{id}\" class=\"run\">{}</h2>\n", escape(title));
        self.contents.push((2, id, title.to_string()));
    }

    /// Starts a part that stands beside runs, such as a comparison of them.
    pub fn beside(&mut self, id: &str, title: &str) {
        self.close();
        (self.prefix, self.level) = (String::new(), 2);
        self.part(id, title);
    }

    /// Starts a part.
    pub fn part(&mut self, id: &str, title: &str) {
        self.close();
        let (id, level) = (format!("{}{id}", self.prefix), self.level);
        let title_html = escape(title);
        self.body += &format!(
            "<section aria-labelledby=\"{id}\">\n<h{level} id=\"{id}\">{title_html}</h{level}>\n"
        );
        self.contents.push((level, id, title.to_string()));
        self.open = true;
    }

    /// Ends the part that is open, if one is.
    pub fn close(&mut self) {
        if self.open {
            self.body += "</section>\n";
        }
        self.open = false;
    }

    /// A heading within a part.
    pub fn heading(&mut self, title: &str) {
        let level = self.level + 1;
        self.body += &format!("<h{level}>{}</h{level}>\n", escape(title));
    }

    /// A paragraph of text in which `code` stands between backquotes.
    pub fn paragraph(&mut self, text: &str) {
        self.body += &format!("<p>{}</p>\n", marked(text));
    }

    /// A paragraph that opens a part, set larger.
    pub fn lead(&mut self, text: &str) {
        self.body += &format!("<p class=\"lead\">{}</p>\n", marked(text));
    }

    /// A list of such texts; nothing if there are none.
    pub fn list(&mut self, texts: &[String]) {
        if texts.is_empty() {
            return;
        }
        self.body += "<ul>\n";
        for text in texts {
            self.body += &format!("<li>{}</li>\n", marked(text));
        }
        self.body += "</ul>\n";
    }

    /// What was looked for and is not there.
    pub fn absent(&mut self, text: &str) {
        self.body += &format!("<p class=\"absent\">{}</p>\n", marked(text));
    }

    /// A figure with its caption; it becomes a file of this name (without `.svg`).
    pub fn figure(&mut self, name: &str, svg: &Svg, caption: &str) {
        self.figures += 1;
        let file = format!("{}{name}.svg", self.prefix);
        let id = format!("{}figure-{name}", self.prefix);
        self.body += &format!(
            "<figure>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Figure {0}\">{1}</div>\n<figcaption><b>Figure {0}.</b> {2} \
             <span class=\"file\">File: {3}</span></figcaption>\n</figure>\n",
            self.figures,
            svg.inline(&id),
            marked(caption),
            escape(&file),
        );
        self.files.push((file, svg.file()));
    }

    /// A figure that is a file alone, since the page shows the same as a table.
    pub fn files_only(&mut self, name: &str, svg: &Svg) {
        self.files
            .push((format!("{}{name}.svg", self.prefix), svg.file()));
    }

    /// A table with its caption.
    pub fn table(&mut self, name: &str, mut table: Table, caption: &str) {
        self.tables += 1;
        table.id = format!("{}table-{name}", self.prefix);
        let caption = format!("<b>Table {}.</b> {}", self.tables, marked(caption));
        self.body += &table.html(&caption);
    }

    /// A table that is folded away until it is asked for.
    pub fn folded_table(&mut self, name: &str, summary: &str, table: Table, caption: &str) {
        self.body += &format!("<details><summary>{}</summary>\n", escape(summary));
        self.table(name, table, caption);
        self.body += "</details>\n";
    }
}

/// Text to HTML: what stands between backquotes becomes code.
pub fn marked(text: &str) -> String {
    text.split('`')
        .enumerate()
        .map(|(i, part)| {
            if i % 2 == 1 {
                super::html::code(part)
            } else {
                // A number stays with its sign of per cent.
                escape(part).replace(" %", "\u{A0}%")
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_numbers_are_unique_over_runs() {
        let mut document = Document::new();
        for number in 1..=2 {
            document.run(number, "a <run>");
            document.part("finding", "Finding");
            document.figure("ratios", &Svg::new(1.0, 1.0, "t", "d"), "`x` < 1");
        }
        document.close();
        let body = &document.body;
        assert!(body.contains("<h2 id=\"run1\" class=\"run\">a &lt;run&gt;</h2>"));
        assert!(
            body.contains("<h3 id=\"run2-finding\">")
                && body.contains("<b>Figure 2.</b> <code>x</code> &lt; 1")
        );
        assert_eq!(document.files[1].0, "run2-ratios.svg");
        assert_eq!(
            body.matches("<section").count(),
            body.matches("</section>").count()
        );
    }
}
