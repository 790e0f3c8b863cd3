//! Requests are answered as ever with any collector, and all spans are accounted for.

use std::time::{Duration, Instant};

use examples::compare::Failure;
use workspace_tests::with_programs;

use super::{Exporting, Settings};
use crate::backend::{Backend, Behaviour};

const REQUESTS: usize = 200;

/// Small bounds: a short outage fills the queue.
const TIGHT: Settings = Settings { protocol: "http/json", timeout: "300", queue: "64", batch: "16" };

/// Longest time from the signal to the end of the process.
const END: Duration = Duration::from_secs(4);

/// Sends requests and stops the server. Returns the number of spans that arrived, and the messages.
fn outcome(backend: impl FnOnce() -> Result<Backend, Failure>, settings: Settings) -> (usize, String) {
    with_programs(|programs| async move {
        let backend = backend()?;
        let mut server = Exporting::start(&programs.server_auto, &backend, settings).await?;
        server.requests(REQUESTS).await?;
        let ending = Instant::now();
        let output = server.stop(&backend).await?;
        if ending.elapsed() > END {
            return Err(format!("it took {:?} to end: {}", ending.elapsed(), output.stderr).into());
        }
        Ok((backend.kept().len(), output.stderr))
    })
    .unwrap()
}

fn behaving(behaviour: Behaviour) -> impl FnOnce() -> Result<Backend, Failure> {
    move || Backend::behaving(&[behaviour])
}

/// No span arrives, and the reason is reported.
fn all_is_lost(backend: impl FnOnce() -> Result<Backend, Failure>, settings: Settings, reason: &str) {
    let (kept, told) = outcome(backend, settings);
    assert_eq!(kept, 0);
    assert!(told.contains(reason), "{told}");
}

#[test]
fn absent() {
    all_is_lost(Backend::absent, TIGHT, "Connection refused");
}

#[test]
fn absent_by_grpc() {
    all_is_lost(Backend::absent, Settings { protocol: "grpc", ..TIGHT }, "Connection refused");
}

#[test]
fn silent() {
    all_is_lost(behaving(Behaviour::Silence), TIGHT, "no answer in time");
}

#[test]
fn silent_by_grpc() {
    all_is_lost(behaving(Behaviour::Silence), Settings { protocol: "grpc", ..TIGHT }, "spans lost");
}

#[test]
fn closing_connections() {
    all_is_lost(behaving(Behaviour::Close), TIGHT, "spans lost");
}

#[test]
fn refusing() {
    let refusal = Behaviour::Answer("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n");
    all_is_lost(behaving(refusal), TIGHT, "status code: 403");
}

#[test]
fn busy_for_ever() {
    let busy = "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 9\r\nContent-Length: 0\r\n\r\n";
    all_is_lost(behaving(Behaviour::Answer(busy)), TIGHT, "status code: 429");
}

#[test]
fn no_http_at_all() {
    all_is_lost(behaving(Behaviour::Answer("\u{0}\u{1} garbage\r\n\r\n")), TIGHT, "spans lost");
}

#[test]
fn an_answer_without_an_end() {
    let drops = Behaviour::Drip("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
    all_is_lost(behaving(drops), TIGHT, "spans lost");
}

#[test]
fn garbage_in_a_good_answer() {
    // The status means that the spans were accepted.
    let (kept, told) = outcome(behaving(Behaviour::Accept("]garbage[")), Settings { queue: "2048", ..TIGHT });
    assert_eq!(kept, REQUESTS);
    assert!(!told.contains("WARN"), "{told}");
}

#[test]
fn slow() {
    let roomy = Settings { timeout: "5000", queue: "2048", batch: "64", ..TIGHT };
    let (kept, told) = outcome(behaving(Behaviour::Slow(Duration::from_millis(150))), roomy);
    assert_eq!(kept, REQUESTS);
    assert!(!told.contains("WARN"), "{told}");
}

#[test]
fn too_slow_for_the_queue() {
    let (kept, told) = outcome(behaving(Behaviour::Slow(Duration::from_millis(100))), TIGHT);
    assert!((1..REQUESTS).contains(&kept), "{kept}");
    assert!(told.contains("OTEL_BSP_MAX_QUEUE_SIZE"), "{told}");
}

/// A thousand kilobytes are a fraction of what a queue without a bound would hold.
#[cfg(target_os = "linux")]
#[test]
fn memory_stays_where_the_full_queue_left_it() {
    const GROWTH: u64 = 1024;
    let resident = |id: u32| -> Result<u64, Failure> {
        let status = std::fs::read_to_string(format!("/proc/{id}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
        Ok(line.trim().trim_end_matches(" kB").parse()?)
    };
    with_programs(|programs| async move {
        let backend = behaving(Behaviour::Silence)()?;
        // One batch waits for an answer all the time.
        let settings = Settings { timeout: "60000", queue: "1000", batch: "100", ..TIGHT };
        let mut server = Exporting::start(&programs.server_auto, &backend, settings).await?;
        let id = server.server.id().ok_or("no process")?;
        server.requests(3_000).await?;
        let before = resident(id)?;
        server.requests(6_000).await?;
        let after = resident(id)?;
        if after > before + GROWTH {
            return Err(format!("{before} kB before, {after} kB after").into());
        }
        Ok(())
    })
    .unwrap();
}
