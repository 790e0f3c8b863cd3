//! The cost of telemetry per outgoing request on the thread that sends it: instructions, as valgrind's callgrind counts
//! them, and heap allocations.
//!
//! The innermost layer answers each request: nothing goes through a socket, whose cost would hide the difference. Each way
//! runs in a process of its own, because providers are global. Exporters take everything, and drop it.

mod by_awc;
mod by_reqwest;
mod providers;

use std::io::{Error, Result};
use std::process::{Command, Output};
use std::{env, fs};

/// Requests before the first one that is counted: caches are full, and lists have their size.
const WARM_UP: usize = 5_000;
/// Requests that are counted.
const COUNTED: usize = 1_000;
/// Runs of each way. `malloc` takes some hundred instructions more or less, as its free memory happens to lie.
const RUNS: usize = 5;

/// All ways, and the one without telemetry that each is compared with.
const WAYS: [(&str, &str); 7] = [
    ("awc", "awc"),
    ("awc, otel-clients", "awc"),
    ("awc, by hand with the SDK", "awc"),
    ("awc, opentelemetry-instrumentation-actix-web", "awc"),
    ("reqwest-middleware", "reqwest-middleware"),
    ("reqwest-middleware, otel-clients", "reqwest-middleware"),
    ("reqwest-middleware, reqwest-tracing", "reqwest-middleware"),
];

fn main() -> Result<()> {
    if let Some(way) = env::args().nth(1) {
        run(&way);
        return Ok(());
    }
    println!("| | instructions | allocations |\n|---|---|---|");
    for (way, plain) in WAYS {
        let (instructions, allocations) = cost(way)?;
        if way == plain {
            println!("| {way} | {instructions} | {allocations} |");
        } else {
            let base = cost(plain)?;
            println!("| {way} | +{} | +{} |", instructions - base.0, allocations - base.1);
        }
    }
    Ok(())
}

fn run(way: &str) {
    match way {
        "awc" => by_awc::plain(),
        "awc, otel-clients" => by_awc::ours(),
        "awc, by hand with the SDK" => by_awc::by_hand(),
        "awc, opentelemetry-instrumentation-actix-web" => by_awc::others(),
        "reqwest-middleware" => by_reqwest::plain(),
        "reqwest-middleware, otel-clients" => by_reqwest::ours(),
        "reqwest-middleware, reqwest-tracing" => by_reqwest::others(),
        other => panic!("unknown: {other}"),
    }
}

/// Instructions per request, the median of all runs, and allocations per request.
fn cost(way: &str) -> Result<(i64, i64)> {
    let mut instructions = (0..RUNS).map(|_| instructions(way)).collect::<Result<Vec<_>>>()?;
    instructions.sort_unstable();
    let allocations = text(&Command::new(env::current_exe()?).args([way, "allocations"]).output()?, way)?;
    Ok((instructions[RUNS / 2], per_request(&allocations)?))
}

fn instructions(way: &str) -> Result<i64> {
    let folder = env::temp_dir().join(format!("call-cost-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let counted = Command::new("valgrind")
        .args([
            "--tool=callgrind",
            "--separate-threads=yes",
            "--fair-sched=yes",
            "--toggle-collect=*call_cost::counted*",
        ])
        .arg(format!("--callgrind-out-file={}", folder.join("out").display()))
        .arg(env::current_exe()?)
        .arg(way)
        .output()?;
    text(&counted, way)?;
    // The main thread, which sends the requests.
    let totals = fs::read_to_string(folder.join("out-01"))?;
    fs::remove_dir_all(folder)?;
    let total = totals.lines().find_map(|line| line.strip_prefix("totals: "));
    per_request(total.ok_or_else(|| Error::other("no total"))?)
}

fn per_request(total: &str) -> Result<i64> {
    let total: i64 = total.trim().parse().map_err(Error::other)?;
    Ok(total / i64::try_from(COUNTED).unwrap())
}

fn text(output: &Output, way: &str) -> Result<String> {
    if !output.status.success() {
        return Err(Error::other(format!("{way}: {}", String::from_utf8_lossy(&output.stderr))));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Sends requests: some that are not counted, and then those that are. Prints the number of allocations if it is asked
/// for them.
fn measure(mut send: impl FnMut()) {
    for _ in 0..WARM_UP {
        send();
    }
    if env::args().nth(2).is_some() {
        println!("{}", allocation_counter::measure(|| counted(&mut send)).count_total);
    } else {
        // Counting allocations has a cost.
        counted(&mut send);
    }
}

/// The function that callgrind looks for.
#[inline(never)]
fn counted(send: &mut dyn FnMut()) {
    for _ in 0..COUNTED {
        send();
    }
}
