//! `ceval codegen`: what the compiler made of each strategy in this binary.

use crate::Failure;
use crate::count::this_program;
use crate::program::print;
use ceval_benches::codegen::{self, Codegen as Witness};
use clap::Args;
use std::path::PathBuf;

/// `ceval codegen`.
#[derive(Args)]
pub struct Codegen {
    /// Another binary of this program
    #[arg(long, value_name = "FILE")]
    pub binary: Option<PathBuf>,
    /// Also say what has changed since a comparison, from the witness in its folder
    #[arg(long, value_name = "DIR")]
    pub against: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// Disassembles, prints, compares.
pub fn codegen(options: &Codegen) -> Result<i32, Failure> {
    let earlier: Option<Witness> = match &options.against {
        Some(folder) => Some(codegen::load(folder)?),
        None => None,
    };
    let binary = match &options.binary {
        Some(file) => file.clone(),
        None => this_program()?,
    };
    let witness = codegen::witness(&binary)?;
    if options.json {
        let text = serde_json::to_string_pretty(&witness);
        print(&(text.map_err(|e| Failure::failed(e.to_string()))? + "\n"))?;
    } else {
        print(&witness.text())?;
    }
    if let Some(earlier) = earlier {
        let mut lines = witness.changes_since(&earlier);
        if lines.is_empty() {
            lines.push("nothing has changed by more than a fifth".into());
        }
        for line in &lines {
            // JSON stays alone on standard output.
            if options.json {
                eprintln!("{line}");
            } else {
                print(&format!("{line}\n"))?;
            }
        }
    }
    Ok(i32::from(witness.unavailable.is_some()))
}
