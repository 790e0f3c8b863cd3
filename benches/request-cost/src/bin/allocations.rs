//! Counts what a subject allocates per request on the thread that serves it: number and bytes, on one line.
//!
//! A program of its own, since counting has a cost. Named by nobody but the driver and the tests.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "prints its result")]

use std::error::Error;
use std::process::ExitCode;

use allocation_counter::{AllocationInfo, measure};
use request_cost::measure::per;
use request_cost::subject::{Load, Subject};

/// Requests that are counted. Growing buffers, amortised, stay visible as fractions.
const COUNTED: usize = 2_000;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let subject = Subject::from_arguments(&mut std::env::args().skip(1))?;
    let counted = subject.run(|load| {
        load.send_with_pauses(subject.warm_up(), Load::send)?;
        let mut total = AllocationInfo::default();
        load.send_with_pauses(COUNTED, |load, requests| {
            let mut result = Ok(());
            total += measure(|| result = load.send(requests));
            result
        })?;
        Ok(total)
    })?;
    let per_request = |total| per(total, COUNTED);
    println!("{} {}", per_request(counted.count_total), per_request(counted.bytes_total));
    Ok(())
}
