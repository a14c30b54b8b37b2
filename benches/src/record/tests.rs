//! Records: written, read back, torn, foreign; and a disk that is full.

use super::*;
use crate::plan::Kind;

/// An empty folder of its own for one test, removed at its end.
#[derive(Debug)]
pub(crate) struct Scratch(pub PathBuf);

impl Scratch {
    pub(crate) fn new(name: &str) -> Scratch {
        let folder = std::env::temp_dir().join(format!("ceval-test-{}-{name}", std::process::id()));
        fs::remove_dir_all(&folder).ok();
        fs::create_dir_all(&folder).expect("the temporary folder is writable");
        Scratch(folder)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.0).ok();
    }
}

pub(crate) fn record(names: &[&str], workloads: &[&str]) -> RunRecord {
    let subject = |name: &&str| RecordedSubject {
        subject: Subject {
            name: name.to_string(),
            command: vec!["true".into()],
            kind: Kind::Cell,
        },
        fingerprint: "0".into(),
        version: "1".into(),
    };
    RunRecord {
        format: FORMAT.into(),
        complete: false,
        status: "running".into(),
        question: "test".into(),
        started: "2026-11-23T06:00:00Z".into(),
        finished: None,
        command_line: vec!["ceval".into(), "compare".into()],
        machine: Machine::here(),
        build: Build::here(),
        load: vec!["0 0 0".into()],
        subjects: names.iter().map(subject).collect(),
        reference: names[0].into(),
        workloads: workloads
            .iter()
            .map(|name| (name.to_string(), String::new()))
            .collect(),
        size: "test".into(),
        schedule: Schedule::Fixed {
            invocations: 2,
            iterations: 2,
        },
        seed: 1,
        clock: Clock::Cpu,
        blocks: 2,
        iterations: 2,
        layouts: Vec::new(),
    }
}

pub(crate) fn sample(subject: &str, workload: &str, block: u32, times: &[u64]) -> Sample {
    Sample {
        block,
        position: 0,
        subject: subject.into(),
        workload: workload.into(),
        wall: times.to_vec(),
        cpu: times.to_vec(),
        startup: 7_000_000,
        process_wall: 9_000_000,
        process_cpu: 9_000_000,
        peak_bytes: 8 << 20,
        padding: 0,
        result: "1".into(),
    }
}

#[test]
fn what_is_written_is_read() {
    let scratch = Scratch::new("round");
    let mut record = record(&["a", "b"], &["fib"]);
    let mut recorder = Recorder::open(&scratch.0, &record).expect("the folder is writable");
    let samples = [sample("a", "fib", 0, &[5]), sample("b", "fib", 1, &[6, 7])];
    samples
        .iter()
        .for_each(|sample| recorder.add(sample).expect("there is room"));
    record.complete = true;
    recorder.update(&record).expect("there is room");
    let run = load(&scratch.0).expect("both files are whole");
    assert_eq!((run.record, run.samples.as_slice()), (record, &samples[..]));
}

#[test]
fn a_torn_last_line_is_passed_over_and_mended() {
    let scratch = Scratch::new("torn");
    let record = record(&["a"], &["fib"]);
    let mut recorder = Recorder::open(&scratch.0, &record).expect("the folder is writable");
    recorder
        .add(&sample("a", "fib", 1, &[5]))
        .expect("there is room");
    let path = scratch.0.join(SAMPLES_FILE);
    let whole = fs::read(&path).expect("it was just written");
    fs::write(&path, [&whole[..], &whole[..20]].concat()).expect("there is room");
    assert_eq!(
        load(&scratch.0)
            .expect("a torn line is no damage")
            .samples
            .len(),
        1
    );
    let mut recorder = Recorder::open(&scratch.0, &record).expect("the folder is writable");
    recorder
        .add(&sample("a", "fib", 2, &[5]))
        .expect("there is room");
    assert_eq!(
        load(&scratch.0)
            .expect("the torn line is gone")
            .samples
            .len(),
        2
    );
}

#[test]
fn damage_and_foreign_files_are_one_line() {
    let scratch = Scratch::new("foreign");
    let message = || {
        load(&scratch.0)
            .expect_err("it is not a record")
            .to_string()
    };
    assert!(message().starts_with("cannot read "));
    fs::write(scratch.0.join(RUN_FILE), "{\"format\": \"other\"}").expect("there is room");
    assert!(message().ends_with(
        "is not a results file of this program: its \"format\" is not \"ceval-comparison-1\""
    ));
    fs::write(scratch.0.join(RUN_FILE), "not json").expect("there is room");
    assert!(message().contains("is not a results file of this program"));
    write_json(&scratch.0.join(RUN_FILE), &record(&["a"], &["fib"])).expect("there is room");
    fs::write(scratch.0.join(SAMPLES_FILE), "{}\n{}\n").expect("there is room");
    assert!(
        message().contains("samples.jsonl, line 1, is damaged: "),
        "{}",
        message()
    );
}

#[test]
fn a_full_disk_is_one_line() {
    // /dev/full takes no byte: what a full disk does.
    let samples = OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .expect("Linux has it");
    let mut recorder = Recorder {
        folder: "/results/x".into(),
        samples,
    };
    let error = recorder
        .add(&sample("a", "fib", 1, &[5]))
        .expect_err("nothing can be written")
        .to_string();
    assert_eq!(
        error,
        "cannot write /results/x/samples.jsonl: No space left on device (os error 28)"
    );
}

#[test]
fn folders_are_named_for_date_host_and_question() {
    let scratch = Scratch::new("names");
    let name = || {
        new_folder(
            &scratch.0,
            "2026-11-23T06:00:00Z",
            "box.lan",
            "quick/caches?",
        )
    };
    assert_eq!(name(), scratch.0.join("2026-11-23-box.lan-quick-caches"));
    fs::create_dir(name()).expect("the folder is writable");
    assert_eq!(name(), scratch.0.join("2026-11-23-box.lan-quick-caches-2"));
}
