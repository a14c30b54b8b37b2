//! Reports of small runs: complete, partial, foreign, of two machines.

use super::*;
use crate::plan::Kind;
use crate::record::tests::{Scratch, record as make_record, sample};
use crate::record::{Recorder, RunRecord, SAMPLES_FILE};

const SWITCH: &str = "switch/refcount-boxed";
const TAIL: &str = "tail/refcount-boxed";

/// A 2 × 2 design and a peer on two workloads, five blocks; `scale` multiplies all times.
fn stored(name: &str, scale: u64, change: impl Fn(&mut RunRecord)) -> Scratch {
    let scratch = Scratch::new(name);
    let cells = [
        (SWITCH, 1000),
        (TAIL, 700),
        ("switch+caches/refcount-boxed", 800),
        ("tail+caches/refcount-boxed", 500),
        ("py<3>", 900),
    ];
    let mut record = make_record(&cells.map(|(name, _)| name), &["fib", "sieve"]);
    record.complete = true;
    record.status = "complete".into();
    record.subjects[4].subject.kind = Kind::Peer;
    change(&mut record);
    let mut recorder = Recorder::open(&scratch.0, &record).expect("the folder is writable");
    for block in 0..6 {
        let recorded = |name: &str| record.subjects.iter().any(|s| s.subject.name == name);
        for (cell, time) in cells.into_iter().filter(|(name, _)| recorded(name)) {
            for workload in ["fib", "sieve"] {
                let jitter = u64::from(block * 7 % 5) + cell.len() as u64 % 3;
                let time = (time * 1000 + jitter * 1000) * scale;
                recorder
                    .add(&sample(cell, workload, block, &[time, time + 500]))
                    .expect("there is room");
            }
        }
    }
    scratch
}

fn page(folders: &[&Scratch], mix: bool) -> Result<(String, Scratch, Written), BenchError> {
    let out = Scratch::new(&format!(
        "report-of-{}",
        folders[0].0.display().to_string().replace('/', "_")
    ));
    let folders: Vec<PathBuf> = folders.iter().map(|scratch| scratch.0.clone()).collect();
    let written = write(&folders, &out.0, mix)?;
    let html = std::fs::read_to_string(out.0.join(PAGE)).expect("it was just written");
    Ok((html, out, written))
}

#[test]
fn a_page_states_the_finding_and_is_well_formed() {
    let run = stored("report", 1, |_| {});
    let (html, out, written) = page(&[&run], false).expect("the run is whole");
    assert!(
        html.contains(
            "<code>tail<wbr>+caches/<wbr>refcount-boxed</code> is the fastest cell: it takes 0.5"
        ),
        "{html}"
    );
    for id in ["finding", "heat-map", "intervals", "effects", "method"] {
        assert_eq!(html.matches(&format!(" id=\"{id}\"")).count(), 1, "{id}");
    }
    // The name of the peer is text, not a tag; nothing is fetched.
    assert!(html.contains("py&lt;3&gt;") && !html.contains("py<3>"));
    assert!(!html.contains("http:") && !html.contains("https:") && !html.contains("src="));
    for tag in [
        "section", "table", "figure", "svg", "details", "tr", "td", "ul", "li", "code",
    ] {
        let opened =
            html.matches(&format!("<{tag}>")).count() + html.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, html.matches(&format!("</{tag}>")).count(), "{tag}");
    }
    let mut ids: Vec<&str> = html
        .split(" id=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    let all = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), all, "ids repeat");
    for name in ["ratios.svg", "workloads.svg", "heat_map.svg", "effects.svg"] {
        let svg = std::fs::read_to_string(out.0.join(name)).expect("it was just written");
        assert!(
            svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\"") && svg.contains("<title>")
        );
        assert!(
            !svg.contains("var(") && !svg.contains("NaN") && !svg.contains("inf"),
            "{name}"
        );
    }
    let summary = std::fs::read_to_string(out.0.join(SUMMARY)).expect("it was just written");
    assert!(
        summary.contains("`tail+caches/refcount-boxed` is the fastest cell")
            && summary.contains("![ratios](ratios.svg)")
    );
    assert!(written.warnings.is_empty());
}

#[test]
fn partial_runs_are_marked_and_empty_ones_refused() {
    let run = stored("report-partial", 1, |record| {
        record.complete = false;
        record.status = "interrupted".into();
    });
    let (html, _out, written) = page(&[&run], false).expect("a partial run has something to say");
    assert!(html.contains("<p class=\"partial\">This run is partial: interrupted.</p>"));
    assert_eq!(written.warnings.len(), 1);
    std::fs::write(run.0.join(SAMPLES_FILE), "").expect("the folder is writable");
    let error = page(&[&run], false)
        .expect_err("nothing is left")
        .to_string();
    assert!(
        error.ends_with("holds no samples yet (interrupted): there is nothing to report"),
        "{error}"
    );
}

#[test]
fn the_pilot_alone_gives_a_page_without_intervals() {
    let run = stored("report-pilot", 1, |_| {});
    let path = run.0.join(SAMPLES_FILE);
    let text = std::fs::read_to_string(&path).expect("it was just written");
    let pilot: String = text
        .lines()
        .take(10)
        .map(|line| format!("{line}\n"))
        .collect();
    std::fs::write(&path, pilot).expect("the folder is writable");
    let (html, ..) = page(&[&run], false).expect("a pilot has something to say");
    assert!(html.contains("[no interval]") && !html.contains("NaN") && !html.contains(">inf"));
}

#[test]
fn damaged_and_foreign_files_give_one_line() {
    let run = stored("report-damaged", 1, |_| {});
    let path = run.0.join(SAMPLES_FILE);
    let text = std::fs::read_to_string(&path).expect("it was just written");
    std::fs::write(&path, text.replacen("\"wall\":[", "\"wall\":[x", 1))
        .expect("the folder is writable");
    let error = page(&[&run], false)
        .expect_err("a line is damaged")
        .to_string();
    assert!(
        error.contains("samples.jsonl, line 1, is damaged") && error.lines().count() == 1,
        "{error}"
    );
    std::fs::write(&path, text.replace("\"fib\"", "\"fob\"")).expect("the folder is writable");
    let error = page(&[&run], false)
        .expect_err("a workload is not of the run")
        .to_string();
    assert!(
        error.contains("line 1") && error.contains("'fob'"),
        "{error}"
    );
    std::fs::write(run.0.join("run.json"), "{\"format\": \"other\"}")
        .expect("the folder is writable");
    let error = page(&[&run], false)
        .expect_err("the record is foreign")
        .to_string();
    assert!(
        error.contains("is not a results file of this program"),
        "{error}"
    );
}

#[test]
fn machines_are_mixed_only_on_request() {
    let here = stored("report-here", 1, |_| {});
    let there = stored("report-there", 2, |record| {
        record.machine.host = "elsewhere".into()
    });
    let error = page(&[&here, &there], false)
        .expect_err("two machines")
        .to_string();
    assert!(error.contains("the host was"), "{error}");
    let (html, out, _) = page(&[&here, &there], true).expect("mixing was asked for");
    assert!(html.contains("id=\"run2-finding\"") && html.contains("id=\"changes\""));
    assert!(out.0.join("run2-ratios.svg").is_file());
}

#[test]
fn every_way_a_run_can_end_has_a_sentence() {
    let lead = |change: fn(&mut RunRecord)| {
        let run = stored("report-lead", 1, change);
        let source = load::load(std::slice::from_ref(&run.0), false).expect("the run is whole");
        finding::state(&source[0].report).lead
    };
    assert!(
        lead(|record| record.reference = "tail+caches/refcount-boxed".into())
            .starts_with("No cell is faster than the reference")
    );
    assert!(lead(|record| record.subjects.truncate(1)).starts_with("There is nothing to compare"));
    let peer = lead(|record| {
        record.subjects.swap(1, 4);
        record.subjects.truncate(2);
    });
    assert!(
        peer.starts_with("`py<3>` takes 0.9")
            && peer.ends_with("of `switch/refcount-boxed`: faster."),
        "{peer}"
    );
}

#[test]
fn witnesses_are_shown_where_they_are_and_missed_where_not() {
    let run = stored("report-witnesses", 1, |_| {});
    let (html, ..) = page(&[&run], false).expect("the run is whole");
    assert_eq!(html.matches("<p class=\"absent\">").count(), 5);
    let put = |name: &str, text: &str| {
        std::fs::write(run.0.join(name), text).expect("the folder is writable");
    };
    let count = |cell: &str, instructions: u64| {
        format!(
            "{{\"program\": \"fib\", \"cell\": \"{cell}\", \"instructions\": {instructions}, \"bytecodes\": 100, \
             \"counters\": {{\"dispatches\": 80, \"allocations\": 7}}, \"peak_bytes\": 1}}"
        )
    };
    put(
        "counts.json",
        &format!("[{}, {}]", count(SWITCH, 4000), count(TAIL, 3000)),
    );
    put(
        "predictors.json",
        &format!(
            "[{{\"program\": \"fib\", \"cell\": \"{TAIL}\", \"predictors\": [{{\"predictor\": \"BTB\", \"branches\": 200, \"misses\": 25}}]}}]"
        ),
    );
    put(
        "opcodes.json",
        "{\"program\": \"a/fib.py\", \"cell\": \"c\", \"ops\": [{\"name\": \"LOAD_FAST\", \"count\": 3}, {\"name\": \"POP_TOP\", \"count\": 1}]}\n\
         {\"program\": \"sieve\", \"cell\": \"c\", \"ops\": []}",
    );
    put(
        "calibration.json",
        "[{\"what\": \"x\", \"invocations\": 5, \"iterations\": 3, \"false_positives\": {\"hits\": 4, \"of\": 100}, \
          \"coverage\": {\"hits\": 95, \"of\": 100}, \"power\": [[0.01, {\"hits\": 50, \"of\": 100}]], \"half_width\": 0.01}]",
    );
    put(
        "codegen.json",
        "{\"groups\": [], \"unavailable\": \"objdump is not installed\"}",
    );
    let (html, out, _) = page(&[&run], false).expect("the run is whole");
    assert_eq!(html.matches("<p class=\"absent\">").count(), 1);
    for part in [
        "data-key=\"0.75\">0.750<",
        "data-key=\"30\">30.00<",
        "data-key=\"0.8\">0.800<",
        "data-key=\"70\">70.00<",
        "data-key=\"125\">125.0<",
        "data-key=\"0.75\">75.0<",
        "4.0 % [1.6, 9.8]",
        "objdump is not installed",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert!(out.0.join("witnesses.svg").is_file());
    let summary = std::fs::read_to_string(out.0.join(SUMMARY)).expect("it was just written");
    assert!(
        !summary.contains("Exact counts"),
        "the fastest cell was not counted"
    );
    put(
        "counts.json",
        &format!(
            "[{}, {}]",
            count(SWITCH, 4000),
            count("tail+caches/refcount-boxed", 1000)
        ),
    );
    let (_, out, _) = page(&[&run], false).expect("the run is whole");
    let summary = std::fs::read_to_string(out.0.join(SUMMARY)).expect("it was just written");
    assert!(summary.contains("executes 0.250 of the processor instructions of `switch/refcount-boxed` (geometric mean over 1 program)"), "{summary}");
    let group = |model: &str| {
        format!(
            "{{\"strategy\": \"tail\", {model}\"role\": \"handler\", \"functions\": 164, \"median_bytes\": 9, \
             \"indirect_jumps\": 179, \"indirect_calls\": 0, \"own_jump\": 110, \"with_frame\": 5, \"stack_stores\": 0}}"
        )
    };
    put(
        "codegen.json",
        &format!(
            "{{\"groups\": [{}, {}]}}",
            group("\"model\": \"arena-tagged\", "),
            group("")
        ),
    );
    let (html, ..) = page(&[&run], false).expect("the run is whole");
    // A file from before there were rows for models has rows over all of them.
    for part in ["object model", ">arena-tagged<", ">all<"] {
        assert!(html.contains(part), "{part}");
    }
    put("counts.json", "");
    let error = page(&[&run], false)
        .expect_err("the file is empty")
        .to_string();
    assert!(
        error.contains("counts.json is not a results file") && error.lines().count() == 1,
        "{error}"
    );
}
