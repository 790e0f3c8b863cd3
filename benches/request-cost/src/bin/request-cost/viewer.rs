//! 10,000 requests a second into the viewer: are they as fast as without it, and does the viewer keep its bound?
//!
//! As in `wire`, a server has one processor for itself, and so requests, exports and the viewer share it. Servers take
//! turns.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::{fs, thread};

use request_cost::measure::{Result, median, per};
use request_cost::variant::Variant;
use request_cost::wire::{SERVER, SINK, Steady, leave_first, send_steadily};
use serde_json::Value;

use crate::format::{grouped, markdown};
use crate::peer::{Peer, exporting_to};

const ROUNDS: usize = 5;

/// 10,000 requests a second, for one second and then for six.
const LOAD: Steady = Steady { connections: 10, warm_up: 1_000, volleys: 6_000 };

/// MiB. The load is more than fits.
const MEMORY: usize = 32;

const TOKEN: &str = "bench";

/// A server, and what looks at it.
struct Setup {
    title: &'static str,
    variant: Variant,
    has_page: bool,
}

const SETUPS: [Setup; 4] = [
    Setup { title: "no telemetry", variant: Variant::Bare, has_page: false },
    Setup { title: "to a collector", variant: Variant::OURS_WITH_METRICS, has_page: false },
    Setup { title: "into the viewer", variant: Variant::VIEWER, has_page: false },
    Setup { title: "into the viewer, page open", variant: Variant::VIEWER, has_page: true },
];

/// The measurements of one server in one round.
struct Turn {
    /// Microseconds.
    median: f64,
    /// Microseconds that 99 of 100 answers kept.
    percentile_99: f64,
    requests_per_second: f64,
    nanoseconds_per_request: f64,
    /// MiB of the process at the end.
    resident: f64,
}

/// Measures, and prints the table. Fails if the viewer kept more than its bound or lost a span.
pub(super) fn run() -> Result<()> {
    leave_first()?;
    let (_sink, collector) = Peer::start([SINK], &[])?;
    let mut turns: [Vec<Turn>; SETUPS.len()] = Default::default();
    for round in 1..=ROUNDS {
        for (setup, turns) in SETUPS.iter().zip(&mut turns) {
            turns.push(turn(setup, collector)?);
        }
        eprintln!("round {round} of {ROUNDS}");
    }
    let column = |turns: &[Turn], what: fn(&Turn) -> f64| median(turns.iter().map(what).collect());
    let head = ["", "requests per second", "median", "99 of 100 within", "CPU per request", "memory of the process"];
    let mut rows = vec![head.map(str::to_owned).to_vec()];
    for (setup, turns) in SETUPS.iter().zip(&turns) {
        rows.push(vec![
            setup.title.to_owned(),
            grouped(column(turns, |turn| turn.requests_per_second)),
            format!("{} µs", grouped(column(turns, |turn| turn.median))),
            format!("{} µs", grouped(column(turns, |turn| turn.percentile_99))),
            format!("{} ns", grouped(column(turns, |turn| turn.nanoseconds_per_request))),
            format!("{} MiB", grouped(column(turns, |turn| turn.resident))),
        ]);
    }
    print!("{}", markdown(&rows));
    Ok(())
}

fn turn(setup: &Setup, collector: u16) -> Result<Turn> {
    let viewer = free_port()?;
    let mut variables = exporting_to(collector).to_vec();
    variables.extend([
        ("OTEL_RUST_VIEWER_PORT", viewer.to_string()),
        ("OTEL_RUST_VIEWER_MEMORY", MEMORY.to_string()),
        ("OTEL_RUST_VIEWER_TOKEN", TOKEN.to_owned()),
    ]);
    let (server, port) = Peer::start([SERVER, setup.variant.name()], &variables)?;
    let is_over = AtomicBool::new(false);
    let answers = thread::scope(|scope| {
        let page = setup.has_page.then(|| scope.spawn(|| watch(viewer, &is_over).map_err(|error| error.to_string())));
        let answers = send_steadily(port, LOAD);
        is_over.store(true, Ordering::Relaxed);
        if let Some(page) = page {
            page.join().map_err(|_| "the page panicked")??;
        }
        answers
    })?;
    if setup.variant == Variant::VIEWER {
        check(viewer)?;
    }
    let resident = resident(server.id())?;
    let time: u64 = server.end()?.trim().parse()?;
    let at = |part: usize| answers.times.get(answers.times.len() * part / 100).copied().unwrap_or(f64::NAN);
    let requests = LOAD.connections * (LOAD.warm_up + LOAD.volleys);
    Ok(Turn {
        median: at(50),
        percentile_99: at(99),
        requests_per_second: answers.rate,
        nanoseconds_per_request: per(time, requests),
        resident,
    })
}

/// A port that was free a moment ago.
fn free_port() -> Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// All requests are in the viewer, or made room for newer ones.
fn check(viewer: u16) -> Result<()> {
    let requests = LOAD.connections * (LOAD.warm_up + LOAD.volleys);
    let mut list = Value::Null;
    // The last spans wait for 100 ms.
    for _ in 0..100 {
        list = serde_json::from_str(&get(viewer, "/api/traces?limit=0")?)?;
        let number = |name: &str| list[name].as_u64().unwrap_or_default();
        if number("bytes") > number("limitBytes") || number("evicted") == 0 {
            return Err(format!("the bound was not kept, or not reached: {list}").into());
        }
        if number("kept") + number("evicted") == requests as u64 {
            return Ok(());
        }
        thread::sleep(std::time::Duration::from_millis(20));
    }
    Err(format!("spans are missing: {list}").into())
}

/// Does what the page does: asks for the list whenever something has changed.
fn watch(viewer: u16, is_over: &AtomicBool) -> Result<()> {
    let mut events = open(viewer, "/api/events")?;
    let mut line = String::new();
    let mut looks = 0;
    while !is_over.load(Ordering::Relaxed) {
        line.clear();
        if events.read_line(&mut line)? == 0 {
            return Err("the viewer has gone".into());
        }
        if line.starts_with("data: ") {
            get(viewer, "/api/traces")?;
            looks += 1;
        }
    }
    if looks < 10 { Err(format!("the page has changed {looks} times").into()) } else { Ok(()) }
}

fn open(viewer: u16, path: &str) -> Result<BufReader<TcpStream>> {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, viewer))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer {TOKEN}\r\nconnection: close\r\n\r\n"
    )?;
    Ok(BufReader::new(stream))
}

/// The body of an answer.
fn get(viewer: u16, path: &str) -> Result<String> {
    let mut answer = String::new();
    open(viewer, path)?.read_to_string(&mut answer)?;
    match answer.split_once("\r\n\r\n") {
        Some((head, body)) if head.starts_with("HTTP/1.1 200 ") => Ok(body.to_owned()),
        _ => Err(format!("the viewer answers {answer}").into()),
    }
}

/// MiB of a process that are in memory.
fn resident(process: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let kibibytes = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    let kibibytes: f64 = kibibytes.trim().trim_end_matches(" kB").parse()?;
    Ok(kibibytes / 1024.0)
}
