//! The cost of a request with telemetry.
//!
//! ```text
//! cargo run -p request-cost --release --features others -- table       # instructions, allocations, time; and the plot
//! cargo run -p request-cost --release --features others -- wire        # CPU and throughput of real servers, with wrk
//! cargo run -p request-cost --release --features viewer -- viewer      # 10,000 requests a second into the viewer
//! cargo run -p request-cost --release -- scale                         # growth with attributes, routes, time, threads
//! cargo run -p request-cost --release -- check                         # instructions against the budgets
//! cargo run -p request-cost -- built PROGRAM…                          # instructions of servers that are built already
//! ```
//!
//! Instructions need `valgrind`, the run over the wire needs `wrk` (`apt-get install valgrind wrk`). `table PART` and
//! `wire PART` measure only variants with `PART` in their name, and the variants to compare them with. Without the
//! cargo feature `others`, other libraries are left out, and the build takes two minutes instead of five.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "prints its result")]

mod built;
mod check;
mod format;
mod peer;
mod programs;
mod scale;
mod svg;
mod table;
#[cfg(feature = "viewer")]
mod viewer;
mod wire;

use std::env;
use std::process::ExitCode;

use request_cost::measure::{Result, callgrind, time};
use request_cost::subject::Subject;
use request_cost::variant::Export;
use request_cost::wire::{SERVER, SINK, serve, sink};

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
    let command = arguments.next().unwrap_or_default();
    match command.as_str() {
        "table" => table::run(arguments.next().as_deref()),
        "wire" => wire::run(arguments.next().as_deref()),
        #[cfg(feature = "viewer")]
        "viewer" => viewer::run(),
        "scale" => scale::run(),
        "check" => check::run(),
        "built" => built::run(arguments),
        // Processes that the driver starts.
        callgrind::COMMAND => callgrind::serve(&mut arguments),
        time::COMMAND => time::serve_rounds(Subject::from_arguments(&mut arguments)?),
        scale::WORKERS => scale::serve_on_threads(&mut arguments),
        SERVER => serve(arguments.next().ok_or("which variant?")?.parse()?, Export::Otlp),
        SINK => sink(),
        _ => Err("usage: request-cost table [PART] | wire [PART] | viewer | scale | check | built PROGRAM…".into()),
    }
}
