//! Signals while hundreds of requests are in flight: the collector gets the span of each request, answered or not, and
//! the process ends.

mod program;

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use examples::{compare::Failure, listen::ANNOUNCEMENT};
use rustix::process::Signal;
use serde_json::json;
use tokio::{
    io::BufReader,
    net::TcpStream,
    process::Command,
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{
    PATIENCE,
    backend::{Backend, WELL},
    load::get,
    process::Process,
};

/// The time for which the server of these tests waits for requests when it is stopped, in seconds.
const GRACE: u64 = 1;

/// The time that stopping may take beyond that: the export of the last spans, on a slow machine.
const END: Duration = Duration::from_secs(4);

/// The server, with requests in flight that record whether they were answered.
struct InFlight {
    process: Process,
    address: SocketAddr,
    backend: Backend,
    requests: JoinSet<(String, bool)>,
}

impl InFlight {
    async fn start(held: usize, stuck: usize) -> Result<Self, Failure> {
        let backend = Backend::behaving(&[WELL])?;
        let environment = [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", backend.url()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json".to_owned()),
            ("OTEL_METRICS_EXPORTER", "none".to_owned()),
            ("OTEL_LOGS_EXPORTER", "none".to_owned()),
            // Nothing is exported before the end.
            ("OTEL_BSP_SCHEDULE_DELAY", "3600000".to_owned()),
        ];
        let environment: Vec<_> = environment.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["--ignored", "--exact", "--nocapture", "--test-threads=1", "shutdown::program::program"]);
        let mut process = Process::start(&mut command, &environment)?;
        let announced = |lines: &[String]| lines.iter().find_map(|line| line.split(ANNOUNCEMENT).nth(1)?.parse().ok());
        let address = process.find(announced).await?;

        let mut requests = JoinSet::new();
        let paths = (0..held).map(|number| format!("/held/{number}"));
        for path in paths.chain((0..stuck).map(|number| format!("/stuck/{number}"))) {
            requests.spawn(async move {
                let answered = match TcpStream::connect(address).await {
                    Ok(stream) => get(&mut BufReader::new(stream), &path).await,
                    Err(error) => Err(error.into()),
                };
                (path, answered.is_ok_and(|status| status.starts_with("HTTP/1.1 200 ")))
            });
        }
        let there = |lines: &[String]| lines.iter().filter(|line| line.starts_with("holds ")).count() == held + stuck;
        process.find(|lines| there(lines).then_some(())).await?;
        Ok(Self { process, address, backend, requests })
    }

    /// Sends the signal and waits until the server accepts no more connections.
    async fn signal(&self, signal: Signal) -> Result<(), Failure> {
        self.process.signal(signal)?;
        let refused = async {
            while TcpStream::connect(self.address).await.is_ok() {
                sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(PATIENCE, refused).await.map_err(|_| "it still takes connections".into())
    }

    /// Waits for the end of the process. Returns the paths that were answered, and the backend.
    async fn end(mut self) -> Result<(Vec<String>, Backend), Failure> {
        let started = Instant::now();
        let status = timeout(PATIENCE, self.process.child.wait()).await??;
        let took = started.elapsed();
        let output = self.process.output().join("\n");
        assert!(status.success() && !output.contains("WARN"), "{status}: {output}");
        assert!(took < Duration::from_secs(GRACE) + END, "{took:?}: {output}");
        let requests = self.requests.join_all().await;
        let answered = requests.into_iter().filter(|(_, answered)| *answered).map(|(path, _)| path);
        Ok((answered.collect(), self.backend))
    }
}

fn run<T>(test: impl Future<Output = Result<T, Failure>>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(test).unwrap()
}

/// The number of spans with this path and this attribute that arrived.
fn spans(backend: &Backend, path: &str, attribute: &str, value: &serde_json::Value) -> usize {
    let exports = backend.exports();
    let spans = exports.iter().flat_map(|export| &export.spans);
    spans
        .filter(|span| span["url.path"].as_str().is_some_and(|of| of.starts_with(path)))
        .filter(|span| span.get(attribute) == Some(value))
        .count()
}

#[test]
fn sigterm_waits_for_requests_and_exports_their_spans() {
    let (answered, backend) = run(async {
        let mut server = InFlight::start(200, 0).await?;
        server.signal(Signal::TERM).await?;
        server.process.close_input();
        server.end().await
    });
    assert_eq!(answered.len(), 200);
    let kept = backend.kept();
    assert!(answered.iter().all(|path| kept[path] == 1), "{kept:?}");
    assert_eq!(spans(&backend, "/held/", "http.response.status_code", &json!(200)), 200);
}

#[test]
fn sigterm_gives_up_on_requests_that_do_not_end_and_exports_their_spans() {
    let (answered, backend) = run(async {
        let mut server = InFlight::start(100, 100).await?;
        server.signal(Signal::TERM).await?;
        server.process.close_input();
        server.end().await
    });
    assert_eq!(answered.len(), 100);
    let kept = backend.kept();
    assert!(answered.iter().all(|path| kept[path] == 1), "{kept:?}");
    assert_eq!(spans(&backend, "/held/", "http.response.status_code", &json!(200)), 100);
    assert_eq!(spans(&backend, "/stuck/", "error.type", &json!("cancelled")), 100);
    assert_eq!(kept.len(), 200);
}

#[test]
fn ctrl_c_waits_for_nobody_and_exports_all_spans() {
    let (answered, backend) = run(async {
        let server = InFlight::start(0, 200).await?;
        server.signal(Signal::INT).await?;
        server.end().await
    });
    assert_eq!(answered.len(), 0);
    assert_eq!(spans(&backend, "/stuck/", "error.type", &json!("cancelled")), 200);
    assert_eq!(backend.kept().len(), 200);
}
