//! Counts the allocations of a subject per request on the thread that serves it: number and bytes, on one line.
//!
//! A separate program, because counting has a cost. Only the driver and the tests run it.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "prints its result")]

use std::error::Error;
use std::process::ExitCode;

use allocation_counter::{AllocationInfo, measure};
use request_cost::measure::per;
use request_cost::subject::{Load, Subject};

/// The number of counted requests. The amortised growth of buffers stays visible as fractions.
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
