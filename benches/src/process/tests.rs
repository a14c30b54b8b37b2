//! Invocations of small shell scripts that behave well and badly: no interpreter is needed.

use super::*;
use crate::plan::Kind;
use crate::workloads;

/// A subject whose "interpreter" is a shell script; `$2` is the size and `$3` the iterations.
fn shell(script: &str) -> Subject {
    let command = ["sh", "-c", script].map(str::to_string).to_vec();
    Subject {
        name: "shell".into(),
        command,
        kind: Kind::Peer,
    }
}

fn attempt(script: &str, limit: Duration, interrupted: bool) -> Result<Outcome, BenchError> {
    let subject = shell(script);
    let workload = workloads::get("fib").expect("it is listed");
    let invocation = Invocation {
        subject: &subject,
        workload,
        file: Path::new("fib.py"),
        size: Size::Test,
        iterations: 2,
        padding: 100,
        limit,
    };
    run(&invocation, &|| interrupted)
}

fn message(script: &str) -> String {
    attempt(script, Duration::from_secs(20), false)
        .expect_err("the script misbehaves")
        .to_string()
}

const LINE: &str = "echo ITERATION 1500 1200 300 RESULT 46368;";

#[test]
fn a_right_answer_is_an_outcome() {
    let outcome =
        attempt(&format!("{LINE}{LINE}"), Duration::from_secs(20), false).expect("right twice");
    assert_eq!((outcome.wall, outcome.cpu), (vec![1500; 2], vec![1200; 2]));
    assert_eq!(outcome.startup, outcome.process_wall - 3600);
    assert_eq!(outcome.result, "46368");
    assert!(outcome.peak_bytes > 100_000, "{}", outcome.peak_bytes);
}

#[test]
fn the_environment_is_padded() {
    let script = format!("[ ${{#CEVAL_ENVIRONMENT_PADDING}} = 100 ] && {LINE}{LINE}");
    assert!(attempt(&script, Duration::from_secs(20), false).is_ok());
}

#[test]
fn wrong_answers_name_subject_and_workload() {
    let wrong = message(&format!("{LINE} echo ITERATION 1 1 1 RESULT 46369"));
    assert_eq!(
        wrong,
        "shell gave a wrong answer on fib: expected '46368', got '46369'"
    );
}

#[test]
fn other_failures_are_one_line() {
    assert_eq!(
        message("echo Traceback >&2; echo 'ValueError: no' >&2; exit 1"),
        "shell failed on fib: exit code 1: ValueError: no"
    );
    assert_eq!(
        message("kill -SEGV $$"),
        "shell failed on fib: ended by signal 11"
    );
    assert_eq!(message(LINE), "shell failed on fib: 1 of 2 iterations");
    assert_eq!(
        message("echo ITERATION 1 2 RESULT 46368"),
        "shell failed on fib: printed 'ITERATION 1 2 RESULT 46368'"
    );
    let missing = Subject {
        command: vec!["/no/such/program".into()],
        ..shell("")
    };
    let workload = workloads::get("fib").expect("it is listed");
    let invocation = Invocation {
        subject: &missing,
        workload,
        file: Path::new("fib.py"),
        size: Size::Test,
        iterations: 1,
        padding: 0,
        limit: Duration::from_secs(1),
    };
    let error = run(&invocation, &|| false)
        .expect_err("there is no such program")
        .to_string();
    assert!(
        error.starts_with("shell: cannot start /no/such/program: "),
        "{error}"
    );
}

#[test]
fn slow_and_interrupted_children_are_ended() {
    let start = Instant::now();
    let late = attempt("exec sleep 60", Duration::from_millis(200), false).expect_err("it is slow");
    assert_eq!(
        late.to_string(),
        "shell failed on fib: not finished after 0 s"
    );
    let stopped =
        attempt("exec sleep 60", Duration::from_secs(20), true).expect_err("it is interrupted");
    assert!(matches!(stopped, BenchError::Interrupted));
    assert!(start.elapsed() < Duration::from_secs(20));
}
