//! The driver: measures, and prints.
//!
//! ```text
//! cargo run -p request-cost --release -- table
//! ```

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "prints its result")]

use std::env;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

use request_cost::app::Shape;
use request_cost::measure::allocations::{Allocations, allocations};
use request_cost::measure::{Result, callgrind};
use request_cost::subject::Subject;
use request_cost::variant::{State, Variant};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut arguments = env::args().skip(1);
    match arguments.next().as_deref() {
        Some("table") => table(arguments.next().as_deref()),
        Some(callgrind::COMMAND) => {
            let subject = Subject::from_arguments(&mut arguments)?;
            let count = arguments.next().ok_or("how many requests?")?.parse()?;
            subject.run(|load| load.send(count))
        }
        _ => Err("usage: request-cost table [PART]".into()),
    }
}

fn table(part: Option<&str>) -> Result<()> {
    let program = allocations_program()?;
    println!("{:<38} {:>16} {:>16} {:>9} {:>9}", "", "instructions", "without tp", "allocs", "bytes");
    let mut bases = Vec::new();
    for traceparent in [true, false] {
        let bare = Subject::new(Variant::Bare, traceparent);
        bases.push((callgrind::instructions(bare)?, allocations(&program, bare)?));
    }
    println!(
        "{:<38} {:>16.0} {:>16.0} {:>9.2} {:>9.0}",
        "bare", bases[0].0, bases[1].0, bases[0].1.count, bases[0].1.bytes
    );
    for &variant in Variant::ALL.iter().skip(1).filter(|variant| part.is_none_or(|part| variant.name().contains(part)))
    {
        let mut cells = Vec::new();
        for (traceparent, base) in [true, false].into_iter().zip(&bases) {
            let subject = Subject::new(variant, traceparent);
            cells.push((callgrind::instructions(subject)? - base.0, allocations(&program, subject)?.beyond(base.1)));
        }
        row(variant.title(), &cells);
        if matches!(variant, Variant::Ours(State::Spans | State::SampledOut | State::Disabled)) {
            let mut functions = Vec::new();
            for (index, traceparent) in [true, false].into_iter().enumerate() {
                let subject = Subject { shape: Shape::with_children(10), ..Subject::new(variant, traceparent) };
                let instructions = callgrind::instructions(subject)? - bases[index].0 - cells[index].0;
                let plain = cells[index].1;
                let more = allocations(&program, subject)?.beyond(bases[index].1).beyond(plain);
                functions
                    .push((instructions / 10.0, Allocations { count: more.count / 10.0, bytes: more.bytes / 10.0 }));
            }
            row("  … a function span", &functions);
        }
    }
    Ok(())
}

fn row(title: &str, cells: &[(f64, Allocations)]) {
    println!(
        "{title:<38} {:>+16.0} {:>+16.0} {:>+9.2} {:>+9.0}   without: {:>+6.2} {:>+6.0}",
        cells[0].0, cells[1].0, cells[0].1.count, cells[0].1.bytes, cells[1].1.count, cells[1].1.bytes
    );
}

/// Builds the program that counts allocations, which is not this one.
fn allocations_program() -> Result<PathBuf> {
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--release", "-p", "request-cost", "--bin", "allocations"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()?;
    if !built.success() {
        return Err("the program that counts allocations does not build".into());
    }
    Ok(env::current_exe()?.with_file_name("allocations"))
}
