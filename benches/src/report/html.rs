//! HTML as text: escaping, tables with captions and sortable columns. Every text of a record passes through [`escape`].

/// Text as the contents of an element or of an attribute in double quotes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for ch in text.chars() {
        match ch {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // Control characters are not allowed in XML at all, not even as references.
            ch if ch.is_control() && ch != '\n' && ch != '\t' => out.push('\u{FFFD}'),
            ch => out.push(ch),
        }
    }
    out
}

/// Text in the typeface of code, breakable after the signs that join the parts of a cell's name.
pub fn code(text: &str) -> String {
    let broken = escape(text).replace('/', "/<wbr>").replace('+', "<wbr>+");
    format!("<code>{broken}</code>")
}

/// What a column holds, which decides its alignment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// Words, to the left.
    Words,
    /// Numbers, to the right.
    Number,
    /// Numbers in coloured fields, centred.
    Field,
}

/// A cell of a table.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// Its contents, HTML.
    pub html: String,
    /// What it is sorted by, if that is not its text.
    pub key: Option<f64>,
    /// Classes, separated by blanks.
    pub class: String,
}

impl Cell {
    /// A cell of HTML.
    pub fn html(html: impl Into<String>) -> Cell {
        Cell {
            html: html.into(),
            ..Cell::default()
        }
    }

    /// A cell of plain text.
    pub fn text(text: &str) -> Cell {
        Cell::html(escape(text))
    }

    /// A number as it is shown and as it is.
    pub fn number(shown: impl Into<String>, value: f64) -> Cell {
        Cell {
            html: shown.into(),
            key: Some(value),
            class: String::new(),
        }
    }
}

/// A table. The first column heads its rows.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Name for links; also the prefix of ids.
    pub id: String,
    /// The columns: heading (HTML), what it holds.
    pub columns: Vec<(String, Column)>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// Rows below that stay where they are when the table is sorted.
    pub summary: Vec<Vec<Cell>>,
    /// May be sorted by its columns.
    pub sortable: bool,
    /// Classes of the table.
    pub class: String,
}

impl Table {
    /// A table that can be sorted by each of its columns: headings (text) with what they head, then the rows.
    pub fn of(columns: &[(&str, Column)], rows: impl IntoIterator<Item = Vec<Cell>>) -> Table {
        Table {
            columns: columns
                .iter()
                .map(|(title, column)| (escape(title), *column))
                .collect(),
            rows: rows.into_iter().collect(),
            sortable: true,
            ..Table::default()
        }
    }

    /// The table with its caption (HTML).
    pub fn html(&self, caption: &str) -> String {
        let sortable = if self.sortable { " data-sortable" } else { "" };
        let mut out = format!(
            "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"{0}-caption\"><table id=\"{0}\" class=\"{1}\"{sortable}>\
             <caption id=\"{0}-caption\"><span>{caption}</span></caption>\n<thead><tr>",
            self.id, self.class
        );
        for (title, column) in &self.columns {
            out += &format!(
                "<th scope=\"col\" class=\"{}\">{title}</th>",
                alignment(*column)
            );
        }
        out += "</tr></thead>\n<tbody>\n";
        self.rows.iter().for_each(|row| self.row(&mut out, row));
        out += "</tbody>\n";
        if !self.summary.is_empty() {
            out += "<tfoot>\n";
            self.summary.iter().for_each(|row| self.row(&mut out, row));
            out += "</tfoot>\n";
        }
        out + "</table></div>\n"
    }

    fn row(&self, out: &mut String, row: &[Cell]) {
        *out += "<tr>";
        for (i, (cell, (_, column))) in row.iter().zip(&self.columns).enumerate() {
            let key = cell
                .key
                .filter(|key| key.is_finite())
                .map_or_else(String::new, |key| format!(" data-key=\"{key}\""));
            let class = format!("{} {}", alignment(*column), cell.class);
            let (tag, scope) = if i == 0 {
                ("th", " scope=\"row\"")
            } else {
                ("td", "")
            };
            *out += &format!(
                "<{tag}{scope} class=\"{}\"{key}>{}</{tag}>",
                class.trim(),
                cell.html
            );
        }
        *out += "</tr>\n";
    }
}

fn alignment(column: Column) -> &'static str {
    match column {
        Column::Words => "words",
        Column::Number => "number",
        Column::Field => "field",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gets_through_unescaped() {
        assert_eq!(
            escape("<a href=\"x\">&\u{1b}[0m"),
            "&lt;a href=&quot;x&quot;&gt;&amp;\u{FFFD}[0m"
        );
        assert_eq!(code("a+b/c<"), "<code>a<wbr>+b/<wbr>c&lt;</code>");
    }

    #[test]
    fn a_table_has_a_caption_scopes_and_keys() {
        let table = Table {
            id: "t".into(),
            columns: vec![("name".into(), Column::Words), ("x".into(), Column::Number)],
            rows: vec![vec![Cell::text("a"), Cell::number("1 %", 0.01)]],
            summary: vec![vec![Cell::text("all"), Cell::number("none", f64::INFINITY)]],
            sortable: true,
            class: String::new(),
        };
        let html = table.html("Caption");
        for part in [
            "<caption id=\"t-caption\"><span>Caption</span></caption>",
            "<th scope=\"row\" class=\"words\">a</th><td class=\"number\" data-key=\"0.01\">1 %</td>",
            "<tfoot>\n<tr><th scope=\"row\" class=\"words\">all</th><td class=\"number\">none</td>",
        ] {
            assert!(html.contains(part), "{html}");
        }
    }
}
