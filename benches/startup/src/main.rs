//! The time that telemetry adds to the first answer.
//!
//! Starts `server_auto` and the same server without the attribute, in turn, and measures from the start of the process
//! to its first answer. Prints medians, and fails if telemetry on the console adds 20 ms or more. The programs are built
//! in the profile of this one, so `--release` measures release builds.
//!
//! ```text
//! cargo run -p startup [-- <repetitions>]
//! ```
#![allow(clippy::print_stdout, reason = "prints its result")]

use std::{
    error::Error,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    path::Path,
    process::{Child, Command, ExitCode, Stdio},
    time::{Duration, Instant},
};

use examples::{
    compare::executables,
    listen::{ADDRESS_VARIABLE, ANNOUNCEMENT},
};

const REPETITIONS: usize = 31;

/// The most time that telemetry on the console may add.
const BOUND: Duration = Duration::from_millis(20);

/// A server, and the destination of its telemetry. The others are compared with the first one.
struct Variant {
    name: &'static str,
    program: &'static str,
    exporters: &'static str,
}

const VARIANTS: [Variant; 4] = [
    Variant { name: "uninstrumented", program: "uninstrumented", exporters: "none" },
    Variant { name: "to nowhere", program: "server_auto", exporters: "none" },
    Variant { name: "to the console", program: "server_auto", exporters: "console" },
    Variant { name: "to a collector", program: "server_auto", exporters: "otlp" },
];

/// The variant with the bound.
const BOUNDED: usize = 2;

fn main() -> ExitCode {
    let repetitions = std::env::args().nth(1).and_then(|argument| argument.parse().ok()).unwrap_or(REPETITIONS);
    match run(repetitions) {
        Ok(added) if added < BOUND => ExitCode::SUCCESS,
        Ok(added) => {
            println!("{added:?} is more than {BOUND:?}");
            ExitCode::FAILURE
        }
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// Measures and prints. Returns the time that the bounded variant adds.
fn run(repetitions: usize) -> Result<Duration, Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let names = VARIANTS.map(|variant| variant.program);
    let programs = runtime.block_on(executables(&names)).map_err(|failure| failure.to_string())?;
    let mut times: [Vec<Duration>; VARIANTS.len()] = Default::default();
    // The first round fills the caches of the system and does not count.
    for round in 0..=repetitions.max(1) {
        for ((variant, program), times) in VARIANTS.iter().zip(&programs).zip(&mut times) {
            let time = first_answer(program, variant.exporters)?;
            if round > 0 {
                times.push(time);
            }
        }
    }
    let medians = times.map(median);
    println!("time to the first answer, median of {repetitions}");
    for (variant, time) in VARIANTS.iter().zip(medians) {
        let (time, added) = (milliseconds(time), milliseconds(time) - milliseconds(medians[0]));
        println!("{:<16}{time:>8.2} ms {added:>+8.2} ms", variant.name);
    }
    Ok(medians[BOUNDED].saturating_sub(medians[0]))
}

/// From the start of the process to the end of its answer.
fn first_answer(program: &Path, exporters: &str) -> Result<Duration, Box<dyn Error>> {
    let started = Instant::now();
    let mut command = Command::new(program);
    command
        .env_clear()
        .env(ADDRESS_VARIABLE, "127.0.0.1:0")
        .envs(["OTEL_TRACES_EXPORTER", "OTEL_METRICS_EXPORTER", "OTEL_LOGS_EXPORTER"].map(|name| (name, exporters)))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut server = Running(command.spawn()?);
    let output = server.0.stdout.take().ok_or("no standard output")?;
    let mut lines = BufReader::new(output).lines().map_while(Result::ok);
    let address = lines.find_map(|line| line.strip_prefix(ANNOUNCEMENT).map(str::to_owned));
    let mut stream = TcpStream::connect(address.ok_or("the server does not listen")?)?;
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let time = started.elapsed();
    if answer.starts_with("HTTP/1.1 200 ") { Ok(time) } else { Err(answer.into()) }
}

/// A process that is killed when this is dropped: its end is not measured.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // Fails only if the process has ended already.
        let _: io::Result<_> = self.0.kill().and_then(|()| self.0.wait());
    }
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
