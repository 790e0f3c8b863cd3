//! Real servers under load: the number of requests, and the processor time for each, exporting included.
//!
//! The server has one processor for itself, for the worker that serves and for the threads that export; `wrk` and the
//! collector share the rest. So its throughput is that of one processor, exporting included, and it does not slow down
//! the measurement. Every server is a new process. All take turns, so that other work of the machine affects all of
//! them.

use std::process::{Command, Stdio};

use request_cost::measure::{Result, median, per};
use request_cost::request::TRACEPARENT;
use request_cost::variant::Variant;
use request_cost::wire::{SERVER, SINK, leave_first};

use crate::format::{grouped, markdown, more};
use crate::peer::{Peer, exporting_to};

const ROUNDS: usize = 11;
const CONNECTIONS: &str = "32";

/// The time for requests before the timed ones. Their processor time counts.
const WARM_UP: &str = "1s";
const DURATION: &str = "2s";

/// The results of one server in one round.
#[derive(Clone, Copy, Debug)]
struct Turn {
    requests_per_second: f64,
    nanoseconds_per_request: f64,
    /// Spans that arrived, per request.
    spans: f64,
}

/// Measures the variants that have `part` in their names, and prints the table.
pub(super) fn run(part: Option<&str>) -> Result<()> {
    let asked_for = |variant: &Variant| {
        *variant == Variant::Bare || (is_measured(*variant) && part.is_none_or(|part| variant.name().contains(part)))
    };
    let variants: Vec<_> = Variant::all().filter(asked_for).collect();
    leave_first()?;
    let (mut sink, collector) = Peer::start([SINK], &[])?;
    let mut turns = vec![Vec::new(); variants.len()];
    for round in 1..=ROUNDS {
        for (variant, turns) in variants.iter().zip(&mut turns) {
            turns.push(turn(*variant, collector, &mut sink)?);
        }
        eprintln!("round {round} of {ROUNDS}");
    }
    print!("{}", table(&variants, &turns));
    Ok(())
}

fn is_measured(variant: Variant) -> bool {
    variant.is_other() && variant != Variant::TracingInstrument
        || matches!(variant, Variant::BY_HAND | Variant::OURS | Variant::OURS_WITH_METRICS)
}

fn turn(variant: Variant, collector: u16, sink: &mut Peer) -> Result<Turn> {
    let (server, port) = Peer::start([SERVER, variant.name()], &exporting_to(collector))?;
    let (warm_up, _) = wrk(port, WARM_UP)?;
    let (requests, requests_per_second) = wrk(port, DURATION)?;
    let time: u64 = server.end()?.trim().parse()?;
    let spans: u64 = sink.ask()?.trim().parse()?;
    if spans == 0 && variant != Variant::Bare {
        return Err(format!("{variant} exported nothing").into());
    }
    let all = warm_up + requests;
    Ok(Turn { requests_per_second, nanoseconds_per_request: per(time, all), spans: per(spans, all) })
}

/// Requests, and requests per second.
fn wrk(port: u16, duration: &str) -> Result<(usize, f64)> {
    let output = Command::new("wrk")
        .args(["--threads", "1", "--connections", CONNECTIONS, "--duration", duration])
        .args(["--header", &format!("traceparent: {TRACEPARENT}")])
        .args(["--header", "user-agent: Mozilla/5.0 (X11; Linux x86_64) bench/1.0"])
        .arg(format!("http://127.0.0.1:{port}/users/42"))
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("wrk: {error} (`apt-get install wrk`)"))?;
    let text = String::from_utf8(output.stdout)?;
    if text.contains("Non-2xx") || text.contains("Socket errors") {
        return Err(format!("not every request was served:\n{text}").into());
    }
    let word_before = |mark: &str| text.lines().find_map(|line| line.split_once(mark)?.0.split_whitespace().last());
    let requests = word_before(" requests in ").ok_or_else(|| format!("wrk said:\n{text}"))?.parse()?;
    let rate = text.lines().find_map(|line| line.strip_prefix("Requests/sec:")).ok_or("wrk tells no rate")?;
    Ok((requests, rate.trim().parse()?))
}

fn table(variants: &[Variant], turns: &[Vec<Turn>]) -> String {
    let head = ["", "CPU per request", "requests per second", "spans per request"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    let column = |index: usize, what: fn(&Turn) -> f64| turns[index].iter().map(what).collect::<Vec<_>>();
    let (time, rate) = (|turn: &Turn| turn.nanoseconds_per_request, |turn: &Turn| turn.requests_per_second);
    let (bare_time, bare_rate) = (column(0, time), column(0, rate));
    for (index, variant) in variants.iter().enumerate() {
        let (time, rate) = (column(index, time), column(index, rate));
        let (time, rate) = if index == 0 {
            (format!("{} ns", grouped(median(time))), grouped(median(rate)))
        } else {
            // Round by round, because other work in a round affects all servers in it.
            let more_time = time.iter().zip(&bare_time).map(|(time, bare)| time - bare).collect();
            let part = rate.iter().zip(&bare_rate).map(|(rate, bare)| rate / bare - 1.0).collect();
            (format!("{} ns", more(median(more_time))), format!("{:+.0} %", median(part) * 100.0).replace('-', "−"))
        };
        let spans = median(column(index, |turn| turn.spans));
        rows.push(vec![variant.title().to_owned(), time, rate, format!("{spans:.3}")]);
    }
    markdown(&rows)
}
