//! The report's summary in Markdown: the finding, the notes, the figures' files, the tables, the commands.

use std::fmt::Write as _;

use super::document::Document;
use super::finding;
use super::load::Source;
use super::method;
use crate::export;

/// The whole text.
pub fn text(sources: &[Source], document: &Document) -> String {
    let mut out = String::new();
    for (i, source) in sources.iter().enumerate() {
        let report = &source.report;
        let record = &report.record;
        let prefix = if sources.len() > 1 {
            format!("run{}-", i + 1)
        } else {
            String::new()
        };
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(out, "# {}\n", super::name(source));
        if !record.complete {
            let _ = writeln!(out, "**Partial: {}.**\n", record.status);
        }
        let found = finding::of(source);
        let _ = writeln!(out, "{}\n", found.lead);
        for sentence in &found.more {
            let _ = writeln!(out, "- {sentence}");
        }
        let _ = writeln!(out, "\nTo repeat it:\n");
        for command in method::commands(report) {
            let _ = writeln!(out, "    {command}");
        }
        out.push('\n');
        let own = document
            .files
            .iter()
            .filter(|(file, _)| sources.len() == 1 || file.starts_with(&prefix));
        for (file, _) in own {
            let name = file.strip_prefix(&prefix).unwrap_or(file);
            let name = name.trim_end_matches(".svg").replace('_', " ");
            let _ = writeln!(out, "![{name}]({file})\n");
        }
        // The tables of the results folder's README, below its title.
        for line in export::markdown::text(report).lines().skip(2) {
            let _ = writeln!(out, "{line}");
        }
        out.push('\n');
    }
    out
}
