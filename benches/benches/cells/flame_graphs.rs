//! criterion's profiler hook: a flame graph of Rust frames for each benchmark, as `ceval flamegraph --frames native` draws them.
//!
//! pprof's own adapter is tied to criterion 0.5, so this is another.

use std::fs;
use std::path::Path;

use ceval_benches::flamegraph::native::Profiler as Native;
use ceval_benches::flamegraph::{svg, tree::Tree};
use criterion::profiler::Profiler;

/// Starts and stops pprof around each benchmark.
#[derive(Default)]
pub struct FlameGraphs {
    running: Option<Native>,
}

impl Profiler for FlameGraphs {
    fn start_profiling(&mut self, benchmark: &str, _folder: &Path) {
        match Native::start() {
            Ok(profiler) => self.running = Some(profiler),
            Err(error) => eprintln!("{benchmark}: no flame graph: {error}"),
        }
    }

    fn stop_profiling(&mut self, benchmark: &str, folder: &Path) {
        let Some(profiler) = self.running.take() else {
            return;
        };
        let sampled = match profiler.stop() {
            Ok(sampled) => sampled,
            Err(error) => return eprintln!("{benchmark}: no flame graph: {error}"),
        };
        let caption = svg::Caption {
            title: benchmark.to_owned(),
            account: vec![format!("Rust functions. {}", sampled.account())],
            warnings: sampled.warning().into_iter().collect(),
            names: None,
        };
        let path = folder.join("flamegraph.svg");
        let picture = svg::draw(&Tree::of(&sampled.stacks), &caption);
        match fs::create_dir_all(folder).and_then(|()| fs::write(&path, picture)) {
            Ok(()) => println!("{benchmark}: {}: {}", sampled.account(), path.display()),
            Err(error) => eprintln!("{benchmark}: cannot write {}: {error}", path.display()),
        }
    }
}
