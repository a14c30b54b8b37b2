//! `ceval flamegraph`: where a program's time goes, as a picture and as files for other tools.

mod observer;
mod output;

use crate::Failure;
use crate::arguments::{Flamegraph, Frames, Python};
use crate::program::read_program;
use ceval_benches::flamegraph::{Kind, Sampled, folded, speedscope, svg, tree::Tree};
use ceval_cells::sampling::Clock;
use ceval_cells::{self as cells, Cell, Program, RunOptions, registry};
use ceval_vm_core::probe;
use observer::{Observed, Observer};
use std::io::{BufWriter, Write, stderr, stdout};
use std::sync::PoisonError;

/// `ceval flamegraph`.
pub fn flamegraph(options: &Flamegraph) -> Result<i32, Failure> {
    let cell = options.choice.cell().map_err(Failure::usage)?;
    let mut cells = vec![cell];
    if let Some(name) = &options.diff {
        cells.push(Cell::parse(name).map_err(Failure::usage)?);
    }
    if options.frames != Frames::Native {
        for cell in &cells {
            let entry = registry::find(&cell.dispatch, &cell.objects);
            if !entry.is_some_and(|e| e.has_probed) {
                let name = &cell.dispatch;
                return Err(Failure::usage(format!(
                    "strategy '{name}' has no probed form (there is --frames native)"
                )));
            }
        }
    }
    let source = read_program(&options.file)?;
    let wanted = [
        Some(&options.out),
        options.folded.as_ref(),
        options.speedscope.as_ref(),
    ];
    for path in wanted.into_iter().flatten() {
        output::check(path)?;
    }
    let mut code = 0;
    let mut found = Vec::new();
    for (index, cell) in cells.iter().enumerate() {
        let (ended, sampled) = sample(options, &source, cell, index == 0)?;
        if index == 0 {
            code = ended;
        }
        found.push((cell.to_string(), sampled));
    }
    write(options, &found)?;
    Ok(code)
}

/// Runs the program as often as the options ask for, and adds up the samples. The first run of all may print.
fn sample(
    options: &Flamegraph,
    source: &[u8],
    cell: &Cell,
    may_print: bool,
) -> Result<(i32, Sampled), Failure> {
    let mut code = 0;
    let mut all = Sampled::default();
    for run in 0..options.runs {
        let is_heard = may_print && run == 0;
        let (ended, one) = match options.frames {
            Frames::Native => native(options, source, cell, is_heard)?,
            _ => probed(options, source, cell, is_heard)?,
        };
        if run == 0 {
            code = ended;
        }
        all.stacks.merge(&one.stacks);
        all.asked = one.asked;
        all.processor += one.processor;
        all.runs += 1;
    }
    Ok((code, all))
}

/// How every run is done.
fn run_options(options: &Flamegraph, is_heard: bool) -> RunOptions {
    let (out, err): (Box<dyn Write>, Box<dyn Write>) = if is_heard {
        let out = BufWriter::with_capacity(1 << 16, stdout());
        (Box::new(out), Box::new(stderr()))
    } else {
        (Box::new(std::io::sink()), Box::new(std::io::sink()))
    };
    RunOptions {
        stdout: out,
        stderr: err,
        dialect: Python::dialect(options.python),
        ..RunOptions::default()
    }
}

fn program<'a>(options: &'a Flamegraph, source: &'a [u8]) -> Program<'a> {
    Program::Source {
        source,
        filename: &options.file,
        args: &options.args,
    }
}

/// A run of the probed form under the sampling clock.
fn probed(
    options: &Flamegraph,
    source: &[u8],
    cell: &Cell,
    is_heard: bool,
) -> Result<(i32, Sampled), Failure> {
    let observed = Observed::default();
    let with_opcodes = options.frames == Frames::Opcode;
    // Refused here, where it is one line.
    drop(Clock::start(options.hertz).map_err(Failure::usage)?);
    let code = cells::run_on_thread(cell, &program(options, source), cells::STACK_BYTES, || {
        let mut run = run_options(options, is_heard);
        match Clock::start(options.hertz) {
            Ok(clock) => {
                let ticks = clock.ticks();
                let observer = Observer::new(with_opcodes, clock, observed.clone());
                run.probe = Some(probe::Options {
                    sink: Box::new(observer),
                    ticks,
                    trace: false,
                });
            }
            // The run goes on, and its picture says that it has no samples.
            Err(message) => eprintln!("ceval: {message}"),
        }
        run
    })
    .map_err(Failure::usage)?;
    let (stacks, rate) =
        std::mem::take(&mut *observed.lock().unwrap_or_else(PoisonError::into_inner));
    let sampled = Sampled {
        stacks,
        asked: options.hertz,
        processor: rate.processor,
        runs: 1,
    };
    Ok((code, sampled))
}

/// A run of the ordinary form under pprof.
#[cfg(unix)]
fn native(
    options: &Flamegraph,
    source: &[u8],
    cell: &Cell,
    is_heard: bool,
) -> Result<(i32, Sampled), Failure> {
    use ceval_benches::flamegraph::native::Profiler;
    let profiler = Profiler::start().map_err(Failure::failed)?;
    let code = cells::run_on_thread(cell, &program(options, source), cells::STACK_BYTES, || {
        run_options(options, is_heard)
    })
    .map_err(Failure::usage)?;
    let sampled = profiler.stop().map_err(Failure::failed)?;
    Ok((code, sampled))
}

/// There is no pprof here.
#[cfg(not(unix))]
fn native(_: &Flamegraph, _: &[u8], _: &Cell, _: bool) -> Result<(i32, Sampled), Failure> {
    Err(Failure::failed(
        "native frames cannot be profiled on this system",
    ))
}

/// Writes every file that the options ask for, and tells about the samples.
fn write(options: &Flamegraph, found: &[(String, Sampled)]) -> Result<(), Failure> {
    let file = options.file.rsplit('/').next().unwrap_or(&options.file);
    let program = [&[file.to_owned()], options.args.as_slice()]
        .concat()
        .join(" ");
    let what = match options.frames {
        Frames::Python => "Python functions by running line",
        Frames::Opcode => "Python functions by running line, and instructions",
        Frames::Native => "Rust functions",
    };
    let mut caption = svg::Caption::default();
    for (cell, sampled) in found {
        let mut account = sampled.account();
        if options.frames != Frames::Native {
            let kinds: &[Kind] = match options.frames {
                Frames::Opcode => &[Kind::Opcode, Kind::Superinstruction],
                _ => &[Kind::Python],
            };
            let share = 100.0 * sampled.stacks.share_with(kinds);
            let words = match options.frames {
                Frames::Opcode => "a function and an opcode",
                _ => "a function",
            };
            account += &format!("; {share:.1} % have {words}");
        }
        eprintln!("ceval: {cell}: {account}");
        caption.account.push(match found.len() {
            1 => format!("{what}. {account}"),
            _ => format!("{cell}: {account}"),
        });
        if let Some(warning) = sampled.warning() {
            eprintln!("ceval: {cell}: {warning}");
            let of = if found.len() > 1 {
                format!("{cell}: ")
            } else {
                String::new()
            };
            caption.warnings.push(of + &warning);
        }
    }
    let tree = match found {
        [(cell, one)] => {
            caption.title = format!("{program} on {cell}");
            Tree::of(&one.stacks)
        }
        [(first, one), (second, two), ..] => {
            caption.title = format!("{program}: from {first} to {second}");
            caption.names = Some([first.clone(), second.clone()]);
            Tree::of_two(&one.stacks, &two.stacks)
        }
        [] => return Ok(()),
    };
    output::write(&options.out, &svg::draw(&tree, &caption))?;
    if let Some(path) = &options.folded {
        let text = match found {
            [(_, one)] => folded::write(&one.stacks),
            _ => folded::write_two(&tree),
        };
        output::write(path, &text)?;
    }
    if let Some(path) = &options.speedscope {
        let runs: Vec<(&str, &Sampled)> = found.iter().map(|(c, s)| (c.as_str(), s)).collect();
        output::write(path, &speedscope::write(&caption.title, &runs))?;
    }
    Ok(())
}
