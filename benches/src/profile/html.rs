//! A profile as a page: one file that fetches nothing, light or dark as the reader likes.

use super::text::{disagreement, each, head_lines, instruction, percent, short};
use super::{Listing, Profile, Sequence};
use crate::report::document::Document;
use crate::report::html::{Cell, Column, Table, code};
use crate::report::page;
use crate::report::words::grouped;

fn share(value: f64) -> Cell {
    Cell::number(percent(value), value)
}

fn count(value: u64) -> Cell {
    Cell::number(grouped(value), value as f64)
}

fn name(name: &str, width: u32) -> Cell {
    let mark = if width > 1 {
        format!(" <abbr title=\"superinstruction of {width}\">[{width}]</abbr>")
    } else {
        String::new()
    };
    Cell::html(code(name) + &mark)
}

/// The page.
pub fn html(profile: &Profile) -> String {
    let mut document = Document::new();
    document.part("run", "The run");
    for line in head_lines(profile) {
        document.paragraph(&line);
    }
    document.close();
    ops(&mut document, profile);
    traffic(&mut document, profile);
    document.part("sequences", "Sequences");
    sequences(&mut document, "pairs", &profile.pairs, profile);
    sequences(&mut document, "triples", &profile.triples, profile);
    document.close();
    functions(&mut document, profile);
    lines(&mut document, profile);
    document.part("code", "Code");
    for (i, listing) in profile.code.iter().enumerate() {
        listed(&mut document, i, listing);
    }
    document.close();
    let title = format!("Profile of {}", short(&profile.program));
    page::html(&title, &code(&profile.cell), &document)
}

fn ops(document: &mut Document, profile: &Profile) {
    document.part("opcodes", "Opcodes");
    let rows = profile.ops.iter().map(|op| {
        let t = &op.time;
        vec![
            name(&op.name, op.width),
            count(op.count),
            share(op.count as f64 / profile.dispatches.max(1) as f64),
            share(t.share),
            share(t.error * 1.96),
            share(t.sampled),
            share(t.sampled_error * 1.96),
            Cell::number(format!("{:.1}", each(op, profile)), each(op, profile)),
            share(op.slow as f64 / op.count.max(1) as f64),
        ]
    });
    let columns = [
        ("opcode", Column::Words),
        ("executed", Column::Number),
        ("%", Column::Number),
        ("time %", Column::Number),
        ("±", Column::Number),
        ("stacks %", Column::Number),
        ("±", Column::Number),
        ("ns each", Column::Number),
        ("slow %", Column::Number),
    ];
    let distance = disagreement(profile).map_or(0.0, |apart| apart.distance);
    let caption = format!(
        "Executions are exact. Time: share of the program-counter samples. Stacks: share of the stack samples, taken at other \
         moments. They differ by at most {} points where an opcode has more than 5 %.",
        percent(distance)
    );
    document.table("opcodes", Table::of(&columns, rows), &caption);
    document.close();
}

fn traffic(document: &mut Document, profile: &Profile) {
    document.part("traffic", "References, memory, caches");
    let rows: Vec<Vec<Cell>> = profile
        .ops
        .iter()
        .filter_map(|op| {
            let t = op.traffic?;
            let per = |n: u64| n as f64 / op.count.max(1) as f64;
            let two = |n: u64| Cell::number(format!("{:.2}", per(n)), per(n));
            Some(vec![
                name(&op.name, op.width),
                count(op.count),
                two(t.increments),
                two(t.decrements),
                two(t.allocations),
                two(t.bytes),
            ])
        })
        .collect();
    if rows.is_empty() {
        document.absent("References and allocations were not counted.");
    } else {
        let columns = [
            ("opcode", Column::Words),
            ("executed", Column::Number),
            ("references added", Column::Number),
            ("given back", Column::Number),
            ("objects", Column::Number),
            ("bytes", Column::Number),
        ];
        let caption = "Per execution, exact, from a run over the counting form of the object model. An arena counts no references.";
        document.table("traffic", Table::of(&columns, rows), caption);
    }
    let rows: Vec<Vec<Cell>> = profile
        .caches
        .iter()
        .map(|row| {
            vec![
                name(&row.name, 1),
                count(row.executed),
                share(row.hit_rate()),
            ]
        })
        .collect();
    if !rows.is_empty() {
        let columns = [
            ("instruction", Column::Words),
            ("executed", Column::Number),
            ("hits %", Column::Number),
        ];
        let caption = "Inline caches, parts of superinstructions included.";
        document.table("caches", Table::of(&columns, rows), caption);
    }
    document.close();
}

fn sequences(document: &mut Document, id: &str, all: &[Sequence], profile: &Profile) {
    let rows = all.iter().map(|row| {
        vec![
            Cell::html(code(&row.names.join(" → "))),
            count(row.count),
            share(row.count as f64 / profile.dispatches.max(1) as f64),
        ]
    });
    let columns = [
        ("opcodes", Column::Words),
        ("executed", Column::Number),
        ("%", Column::Number),
    ];
    let summary = format!("The most frequent {id}");
    document.folded_table(id, &summary, Table::of(&columns, rows), &summary);
}

fn functions(document: &mut Document, profile: &Profile) {
    document.part("functions", "Functions");
    let rows = profile.functions.iter().map(|row| {
        vec![
            Cell::html(code(&row.name)),
            Cell::html(code(&format!("{}:{}", short(&row.file), row.line))),
            count(row.entered),
            count(row.dispatches),
            share(row.time),
            share(row.sampled),
            share(row.total),
        ]
    });
    let columns = [
        ("function", Column::Words),
        ("place", Column::Words),
        ("entered", Column::Number),
        ("dispatches", Column::Number),
        ("time %", Column::Number),
        ("stacks %", Column::Number),
        ("with callees %", Column::Number),
    ];
    document.table(
        "functions",
        Table::of(&columns, rows),
        "Time in each function.",
    );
    document.close();
}

fn lines(document: &mut Document, profile: &Profile) {
    document.part("lines", "Lines");
    let rows = profile.lines.iter().map(|row| {
        let place = format!("{}:{}", short(&row.file), row.line);
        vec![
            Cell::html(code(&place)),
            Cell::html(code(row.text.trim())),
            count(row.dispatches),
            share(row.time),
            share(row.sampled),
        ]
    });
    let columns = [
        ("line", Column::Words),
        ("source", Column::Words),
        ("dispatches", Column::Number),
        ("time %", Column::Number),
        ("stacks %", Column::Number),
    ];
    document.table(
        "lines",
        Table::of(&columns, rows),
        "Time of each source line.",
    );
    document.close();
}

fn listed(document: &mut Document, i: usize, listing: &Listing) {
    let rows = listing.instructions.iter().map(|row| {
        vec![
            Cell::number(row.offset.to_string(), f64::from(row.offset)),
            Cell::number(row.line.to_string(), f64::from(row.line)),
            Cell::html(code(&instruction(row))),
            count(row.count),
            share(row.time),
            share(row.sampled),
        ]
    });
    let columns = [
        ("offset", Column::Number),
        ("line", Column::Number),
        ("instruction", Column::Words),
        ("executed", Column::Number),
        ("time %", Column::Number),
        ("stacks %", Column::Number),
    ];
    let place = format!(
        "{} ({}:{})",
        listing.name,
        short(&listing.file),
        listing.line
    );
    let caption = format!(
        "`{}`. A superinstruction has the number of its parts behind its name; the slots that it covers run only when a part takes \
         its slow path or is jumped to.",
        place
    );
    document.folded_table(
        &format!("code-{i}"),
        &place,
        Table::of(&columns, rows),
        &caption,
    );
}
