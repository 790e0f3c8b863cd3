//! Checks that costs do not grow with the number of routes, with time, or with threads.

use std::env;
use std::process::{Command, Stdio};
use std::sync::Barrier;
use std::thread;

use request_cost::app::Shape;
use request_cost::clock::thread_time;
use request_cost::cost::{Costs, Measured, Meters};
use request_cost::measure::callgrind::{self, instructions_after};
use request_cost::measure::{Result, median, per};
use request_cost::subject::Subject;
use request_cost::variant::{Export, Installed, Variant};

use crate::format::{grouped, more};
use crate::programs;

/// The first argument of a process that serves on several threads.
pub(super) const WORKERS: &str = "workers";

/// Requests per thread, and as many before them to warm up.
const REQUESTS: usize = 10_000;

const ROUNDS: usize = 7;

/// Measures, and prints the results.
pub(super) fn run() -> Result<()> {
    if !callgrind::is_available() {
        return Err("instructions are counted by valgrind, which is not installed".into());
    }
    let mut costs = Costs::new(Meters { instructions: true, allocations: Some(programs::allocations()?) });
    println!("Instructions and allocations of telemetry per request, with a sampled `traceparent`\n");
    each(&mut costs, "attribute", |attributes| Shape { attributes, ..Shape::PLAIN }, [0, 10, 20])?;
    each(&mut costs, "function span", Shape::with_children, [0, 5, 10])?;
    routes(&mut costs)?;
    uptime()?;
    workers()
}

/// Checks that the cost of `shape` grows evenly with its count.
fn each(costs: &mut Costs, what: &str, shape: fn(usize) -> Shape, counts: [usize; 3]) -> Result<()> {
    let mut before: Option<(usize, Measured)> = None;
    for count in counts {
        // Beyond the plain handler: attributes and functions have a cost even without telemetry.
        let subject = Subject { shape: shape(count), ..Subject::new(Variant::OURS, true) };
        let bare = Subject::new(Variant::Bare, true);
        let measured = costs.of_request(subject)?.beyond(costs.of_request(bare)?);
        let (instructions, allocations) = (measured.instructions, measured.allocations.count);
        let growth = before.and_then(|(fewer, before)| {
            let number = u32::try_from(count - fewer).ok()?;
            let each = measured.beyond(before).divided_by(number);
            Some(format!("{} and {:+.1} for each", more(each.instructions), each.allocations.count))
        });
        let instructions = grouped(instructions);
        println!("{count:>7} × {what:<14} {instructions:>8} {allocations:>7.1}   {}", growth.unwrap_or_default());
        before = Some((count, measured));
    }
    println!();
    Ok(())
}

/// Sends requests to all routes in turn. The cost of routing itself is subtracted.
fn routes(costs: &mut Costs) -> Result<()> {
    for routes in [1, 1_000] {
        let subject = |variant| Subject { shape: Shape { routes, ..Shape::PLAIN }, ..Subject::new(variant, true) };
        let telemetry = costs.of_request(subject(Variant::OURS_WITH_METRICS))?;
        let measured = telemetry.beyond(costs.of_request(subject(Variant::Bare))?);
        let instructions = grouped(measured.instructions);
        println!("{routes:>7} routes           {instructions:>8} {:>7.1}", measured.allocations.count);
    }
    println!();
    Ok(())
}

/// Compares requests early and late in the life of a process.
fn uptime() -> Result<()> {
    for served in [1_000, 200_000] {
        let subject = |variant| Subject::new(variant, true);
        let cost = |variant| instructions_after(subject(variant), served);
        let difference = cost(Variant::OURS_WITH_METRICS)? - cost(Variant::Bare)?;
        println!("{served:>7} requests before  {:>8}", grouped(difference));
    }
    println!();
    Ok(())
}

/// Measures the time that threads ran per request, because instructions do not show how long one waits for another.
fn workers() -> Result<()> {
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let mut differences = Vec::new();
        for workers in [1, 8] {
            let telemetry = nanoseconds(Variant::OURS_WITH_METRICS, workers)?;
            differences.push(telemetry - nanoseconds(Variant::Bare, workers)?);
        }
        rounds.push(differences);
    }
    for (index, workers) in [1, 8].into_iter().enumerate() {
        let column = rounds.iter().filter_map(|round| round.get(index).copied()).collect();
        println!("{workers:>7} workers          {:>8} ns of processor time", grouped(median(column)));
    }
    Ok(())
}

fn nanoseconds(variant: Variant, workers: usize) -> Result<f64> {
    let output = Command::new(env::current_exe()?)
        .arg(WORKERS)
        .args(Subject::new(variant, true).to_arguments())
        .arg(workers.to_string())
        .stderr(Stdio::inherit())
        .output()?;
    Ok(String::from_utf8(output.stdout)?.trim().parse()?)
}

/// Serves on as many threads as the last argument says; prints processor time per request in nanoseconds.
pub(super) fn serve_on_threads(arguments: &mut impl Iterator<Item = String>) -> Result<()> {
    let subject = Subject::from_arguments(arguments)?;
    let workers = arguments.next().ok_or("how many workers?")?.parse::<usize>()?;
    let _installed = subject.variant.install(Export::Nowhere)?;
    let ready = Barrier::new(workers);
    let work = || {
        // Another thread has installed it.
        let installed = Installed::nothing();
        let served = subject.run_installed(&installed, |load| {
            let (warm_up, requests) = (load.requests(REQUESTS), load.requests(REQUESTS));
            let warmed_up = load.send(warm_up);
            // Even after a failure: the others wait.
            ready.wait();
            warmed_up?;
            let start = thread_time();
            load.send(requests)?;
            Ok(thread_time() - start)
        });
        served.map_err(|error| error.to_string())
    };
    let times = thread::scope(|scope| {
        let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().map_err(|_| "a worker panicked".to_owned())?).collect::<Vec<_>>()
    });
    let total: u64 = times.into_iter().sum::<std::result::Result<u64, String>>()?;
    println!("{}", per(total, workers * REQUESTS));
    Ok(())
}
