//! The page of `ceval report` in headless Chromium: it renders without an error, sorts, and changes its theme.
//!
//! A script beside the page's own does what a reader would and writes what it saw into the page, which the browser then
//! prints. Where no browser is installed, or none starts, the test says so and has nothing to check.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use ceval_benches::metadata::{Build, Machine, find_program};
use ceval_benches::record::{FORMAT, Recorder, RunRecord, Sample};
use ceval_benches::report;
use serde_json::json;

/// A folder of its own, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("ceval-{name}-{}", std::process::id()));
        std::fs::remove_dir_all(&path).ok();
        std::fs::create_dir_all(&path).expect("the temporary folder is writable");
        Folder(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

const CELLS: [(&str, u64); 4] = [
    ("switch/refcount-boxed", 1000),
    ("tail/refcount-boxed", 700),
    ("switch+caches/refcount-boxed", 1200),
    ("tail+caches/refcount-boxed", 500),
];
const WORKLOADS: [&str; 3] = ["richards", "fib", "sieve"];

/// A small run.
fn stored(folder: &Path) {
    // As JSON, since what later versions add has defaults there.
    let subject = |(name, _): &(&str, u64)| {
        json!({
            "name": name, "command": ["ceval"], "kind": "cell", "fingerprint": "0", "version": "ceval",
        })
    };
    let record: RunRecord = serde_json::from_value(json!({
        "format": FORMAT, "complete": true, "status": "complete", "question": "fixture",
        "started": "2026-11-23T06:00:00Z", "finished": "2026-11-23T06:01:00Z",
        "command_line": ["ceval", "compare"], "machine": Machine::here(), "build": Build::here(), "load": ["0 0 0"],
        "subjects": CELLS.iter().map(subject).collect::<Vec<_>>(),
        "reference": CELLS[0].0,
        "workloads": WORKLOADS.map(|name| (name, "")),
        "size": "quick", "schedule": {"fixed": {"invocations": 5, "iterations": 2}}, "seed": 1, "clock": "cpu",
        "blocks": 5, "iterations": 2,
    }))
    .expect("it is a record");
    let mut recorder = Recorder::open(folder, &record).expect("the folder is writable");
    for block in 0..6 {
        for (i, (cell, time)) in CELLS.iter().enumerate() {
            for (j, workload) in WORKLOADS.iter().enumerate() {
                let time =
                    time * 1000 * (10 + j as u64 * (i as u64 % 3)) + u64::from(block * 7 % 5) * 900;
                recorder
                    .add(&Sample {
                        block,
                        position: (i * WORKLOADS.len() + j) as u32,
                        subject: cell.to_string(),
                        workload: workload.to_string(),
                        wall: vec![time, time + 300],
                        cpu: vec![time, time + 300],
                        startup: 7_000_000,
                        process_wall: 9_000_000,
                        process_cpu: 9_000_000,
                        peak_bytes: 8 << 20,
                        padding: 0,
                        result: "1".into(),
                    })
                    .expect("there is room");
            }
        }
    }
}

/// A browser that starts here.
fn browser() -> Option<PathBuf> {
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let found = names.into_iter().find_map(find_program)?;
    let (dom, _) = open(&found, "about:blank")?;
    dom.contains("<html").then_some(found)
}

/// Loads a page and answers its elements after its scripts ran, and what the browser logged. None if it gave nothing in time.
fn open(browser: &Path, address: &str) -> Option<(String, String)> {
    let profile = Folder::new(&format!("browser-{}", address.len()));
    let mut child = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ])
        .args([
            "--disable-dev-shm-usage",
            "--enable-logging=stderr",
            "--window-size=1200,900",
        ])
        .arg(format!("--user-data-dir={}", profile.0.display()))
        .args(["--dump-dom", address])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    let (mut out, mut err) = (child.stdout.take()?, child.stderr.take()?);
    let read = |stream: &mut dyn Read| {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).ok();
        String::from_utf8_lossy(&bytes).into_owned()
    };
    std::thread::scope(|scope| {
        let dom = scope.spawn(move || read(&mut out));
        let log = scope.spawn(move || read(&mut err));
        let start = Instant::now();
        while let Ok(None) = child.try_wait() {
            if start.elapsed() > Duration::from_secs(240) {
                child.kill().ok();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Some((dom.join().ok()?, log.join().ok()?)).filter(|(dom, _)| !dom.is_empty())
    })
}

/// What a reader does, and what has to come of it; sentences that are not true are collected.
const READER: &str = r#"
addEventListener("load", function () {
  var wrong = window.wrong;
  function must(truth, sentence) { if (!truth) { wrong.push(sentence); } }
  function keys(table, column) {
    return Array.from(table.tBodies[0].rows).map(function (row) { return Number(row.cells[column].dataset.key); });
  }
  function sorted(numbers) { return numbers.every(function (x, i) { return i === 0 || numbers[i - 1] <= x; }); }
  var tables = document.querySelectorAll("table[data-sortable]");
  must(tables.length >= 4, "there are tables to sort");
  var table = document.getElementById("table-means"), heading = table.tHead.rows[0].cells[1];
  heading.querySelector("button").click();
  must(heading.getAttribute("aria-sort") === "ascending" && sorted(keys(table, 1)), "a click sorts upwards");
  must(keys(table, 1)[0] < 1, "numbers are sorted as numbers");
  heading.querySelector("button").click();
  must(heading.getAttribute("aria-sort") === "descending" && sorted(keys(table, 1).reverse()), "a second click sorts downwards");
  table.tHead.rows[0].cells[0].querySelector("button").click();
  must(!heading.hasAttribute("aria-sort") && table.tBodies[0].rows[0].cells[0].textContent.indexOf("switch/") === 0, "words are sorted as words");
  must(document.getElementById("status").textContent.indexOf("Sorted by subject") === 0, "sorting is announced");
  var button = document.getElementById("theme"), root = document.documentElement;
  function ground() { return getComputedStyle(document.body).backgroundColor; }
  var before = ground();
  must(!button.hidden && button.getAttribute("aria-label"), "the theme has a button with a label");
  button.click();
  must(ground() !== before && root.dataset.theme, "the theme changes");
  must(getComputedStyle(document.querySelector("svg text")).fill !== ground(), "figures follow the theme");
  button.click();
  must(ground() === before, "the theme changes back");
  document.querySelectorAll("svg").forEach(function (svg) {
    must(svg.getAttribute("role") === "img" && svg.querySelector("title").textContent, "figures have text in their place");
    must(svg.getBoundingClientRect().width > 200, "figures have a size");
  });
  document.querySelectorAll("table").forEach(function (table) { must(table.caption, "tables have captions"); });
  document.querySelectorAll("a").forEach(function (link) {
    must(document.getElementById(link.getAttribute("href").slice(1)), "links lead somewhere: " + link.getAttribute("href"));
  });
  must(performance.getEntriesByType("resource").length === 0, "nothing is fetched");
  must(document.documentElement.scrollWidth <= innerWidth, "the page is not wider than its window");
  dispatchEvent(new Event("beforeprint"));
  must(document.querySelector("details").open, "print unfolds everything");
  var outcome = document.createElement("pre");
  outcome.id = "outcome";
  outcome.textContent = wrong.length ? wrong.join("; ") : "all is well";
  document.body.append(outcome);
});
"#;

#[test]
fn the_page_renders_sorts_and_changes_its_theme() {
    let (run, out) = (Folder::new("report-run"), Folder::new("report-page"));
    stored(&run.0);
    report::write(std::slice::from_ref(&run.0), &out.0, false).expect("the run is whole");
    let Some(browser) = browser() else {
        eprintln!("not checked: no Chromium is installed that starts here");
        return;
    };
    let path = out.0.join(report::PAGE);
    let page = std::fs::read_to_string(&path).expect("it was just written");
    let early = "<head>\n<script>window.wrong = []; addEventListener(\"error\", function (e) { wrong.push(e.message); });</script>";
    let page = page.replacen("<head>", early, 1).replacen(
        "</body>",
        &format!("<script>{READER}</script>\n</body>"),
        1,
    );
    std::fs::write(&path, page).expect("the folder is writable");
    let (dom, log) = open(&browser, &format!("file://{}", path.display()))
        .expect("a browser that shows an empty page shows this one");
    let console: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("CONSOLE"))
        .collect();
    assert!(console.is_empty(), "{console:?}");
    let outcome = dom
        .split_once("<pre id=\"outcome\">")
        .and_then(|(_, rest)| rest.split_once("</pre>"))
        .map(|(outcome, _)| outcome);
    assert_eq!(outcome, Some("all is well"));
}
