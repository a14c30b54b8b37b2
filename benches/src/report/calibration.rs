//! How honest the harness is, from `calibration.json` beside a record, as `ceval calibrate` writes it.

use std::path::Path;

use serde::Deserialize;

use super::document::Document;
use super::html::{Cell, Column, Table};
use super::load::{Source, optional_json};
use crate::BenchError;
use crate::calibrate::Share;

#[derive(Clone, Copy, Debug, Deserialize)]
struct Hits {
    hits: usize,
    of: usize,
}

impl Hits {
    fn cell(self) -> Cell {
        let share = Share {
            hits: self.hits,
            of: self.of,
        };
        Cell::number(share.to_string(), share.rate())
    }
}

#[derive(Clone, Debug, Deserialize)]
struct Calibration {
    what: String,
    invocations: usize,
    iterations: usize,
    false_positives: Hits,
    coverage: Hits,
    power: Vec<(f64, Hits)>,
    half_width: f64,
}

/// Calibrations of the harness.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct Honesty {
    calibrations: Vec<Calibration>,
}

impl Honesty {
    /// Reads it, if it is there.
    ///
    /// # Errors
    /// `Read`, `Corrupt`.
    pub fn load(folder: &Path) -> Result<Option<Honesty>, BenchError> {
        optional_json(folder, "calibration.json")
    }
}

/// Writes the part.
pub fn write(document: &mut Document, source: &Source) {
    document.part("honesty", "How honest the harness is");
    let Some(honesty) = source
        .honesty
        .as_ref()
        .filter(|honesty| !honesty.calibrations.is_empty())
    else {
        document.absent(
            "The results hold no calibration; `ceval calibrate` compares equals and leaves `calibration.json` in its folder.",
        );
        return;
    };
    document.paragraph(
        "A cell compared with itself, many times, from measured samples: how often the harness claims a difference that is not there \
         (at most 5 % is promised), how often its intervals hold an injected one (95 %), and how often it finds slowdowns of known size.",
    );
    document.table(
        "honesty",
        table(honesty),
        "The harness measured by itself; shares in per cent with 95 % intervals.",
    );
}

fn table(honesty: &Honesty) -> Table {
    let mut columns: Vec<(String, Column)> = vec![("compared".into(), Column::Words)];
    let mut number = |title: String| columns.push((title, Column::Number));
    number("a side".into());
    number("false positives".into());
    number("coverage".into());
    number("half-width".into());
    if let Some(first) = honesty.calibrations.first() {
        for (slowdown, _) in &first.power {
            number(format!("finds {} %", slowdown * 100.0));
        }
    }
    let rows = honesty.calibrations.iter().map(|calibration| {
        let side = format!("{} × {}", calibration.invocations, calibration.iterations);
        let mut row = vec![
            Cell::text(&calibration.what),
            Cell::text(&side),
            calibration.false_positives.cell(),
            calibration.coverage.cell(),
            Cell::number(
                format!("±{:.2} %", calibration.half_width * 100.0),
                calibration.half_width,
            ),
        ];
        row.extend(calibration.power.iter().map(|(_, hits)| hits.cell()));
        row
    });
    Table {
        rows: rows.collect(),
        columns,
        class: "wrapped".into(),
        ..Table::default()
    }
}
