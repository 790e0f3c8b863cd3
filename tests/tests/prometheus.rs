//! `OTEL_METRICS_EXPORTER=prometheus`, checked with Prometheus' own parser, and scraped by a real Prometheus.
//!
//! Both come with Debian's package `prometheus`; their tests are ignored by default.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed assumption should fail the test")]

#[path = "../../otel-viewer/tests/support/mod.rs"]
mod support;

use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};
use std::process::{Command, Stdio};

use actix_web::{App, HttpServer, get, web};
use otel_actix::auto_instrument;
use support::http::{self, Response};
use support::{Running, after, wait_for};

#[get("/items/{id}")]
async fn item(id: web::Path<String>) -> String {
    id.into_inner()
}

#[auto_instrument]
fn serve() -> std::io::Result<()> {
    let _telemetry = otel_actix::init();
    let app = || App::new().service(item).route("/metrics", web::get().to(otel_actix::prometheus::metrics));
    actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(app).workers(1).bind("127.0.0.1:0")?;
        writeln!(std::io::stdout(), "listening on {}", server.addrs()[0])?;
        server.run().await
    })
}

/// Not a test: the server that the tests start.
#[test]
#[ignore = "the server of the other tests"]
fn server() {
    serve().unwrap();
}

/// The server, its address, and the address of its metrics.
fn start(runtime_metrics: &str) -> (Running, SocketAddr, SocketAddr) {
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "server", "--ignored", "--nocapture"])
        .envs([("OTEL_TRACES_EXPORTER", "none"), ("OTEL_LOGS_EXPORTER", "none"), ("OTEL_SERVICE_NAME", "items")])
        .envs([("OTEL_METRICS_EXPORTER", "prometheus"), ("OTEL_EXPORTER_PROMETHEUS_PORT", "0")])
        .envs([("OTEL_RUST_EXCLUDED_ROUTES", "/metrics"), ("OTEL_RUST_RUNTIME_METRICS", runtime_metrics)])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (stdout, stderr) = (process.stdout.take().unwrap(), process.stderr.take().unwrap());
    let running = Running(process);
    let scraped = after("metrics for Prometheus: http://", stderr);
    let address = after("listening on ", stdout).parse().unwrap();
    (running, address, scraped.strip_suffix("/metrics").unwrap().parse().unwrap())
}

fn get(address: SocketAddr, path: &str) -> Response {
    http::send(address, &format!("GET {path}"), &[("host", "localhost")], b"")
}

#[test]
fn both_endpoints_say_the_same() {
    let (_server, app, scraped) = start("true");
    assert_eq!(get(app, "/items/7").body, "7");
    let (own, apps) = (get(scraped, "/metrics"), get(app, "/metrics"));
    for scrape in [&own, &apps] {
        assert_eq!(scrape.status, 200);
        assert_eq!(scrape.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
        assert!(scrape.body.contains("# TYPE http_server_request_duration_seconds histogram"), "{}", scrape.body);
        assert!(scrape.body.contains("service_name=\"items\""), "{}", scrape.body);
        let series = scrape.body.lines().filter(|line| line.starts_with("http_server_request_duration_seconds_count"));
        let [series] = series.collect::<Vec<_>>()[..] else { panic!("one route: {}", scrape.body) };
        assert!(series.contains("http_route=\"/items/{id}\"") && series.ends_with(" 1"), "{series}");
    }
    for metric in [
        "process_cpu_time_seconds_total{",
        "process_memory_usage_bytes{",
        "process_unix_file_descriptor_count{",
        "tokio_worker_busy_time_seconds_total{",
        "tokio_worker_unparked_time_seconds{",
    ] {
        assert!(own.body.lines().any(|line| line.starts_with(metric)), "{metric}: {}", own.body);
    }
    assert!(own.body.contains("thread_name=\"actix-rt|"), "each worker by its name: {}", own.body);
    assert_eq!(get(scraped, "/").status, 404);
    assert_eq!(http::send(scraped, "POST /metrics", &[("host", "localhost")], b"").status, 405);
}

/// Without the metrics of the process: Prometheus' linter dislikes the name of one of them.
#[test]
#[ignore = "needs prometheus"]
fn prometheus_own_parser_has_nothing_to_say() {
    let mut promtool = Command::new("promtool");
    let (_server, app, scraped) = start("false");
    get(app, "/items/7");
    let mut process = promtool
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    process.stdin.take().unwrap().write_all(get(scraped, "/metrics").body.as_bytes()).unwrap();
    let output = process.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.trim().is_empty(), "{said}");
}

#[test]
#[ignore = "needs prometheus"]
fn a_real_prometheus_scrapes_it() {
    let mut prometheus = Command::new("prometheus");
    let (_server, app, scraped) = start("false");
    get(app, "/items/7");
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("prometheus-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let config = folder.join("prometheus.yml");
    let text = format!(
        "global: {{scrape_interval: 1s}}\nscrape_configs: [{{job_name: app, static_configs: [{{targets: ['{scraped}']}}]}}]\n"
    );
    std::fs::write(&config, text).unwrap();
    // A port that was free a moment ago.
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let process = prometheus
        .arg(format!("--config.file={}", config.display()))
        .arg(format!("--storage.tsdb.path={}", folder.join("data").display()))
        .arg(format!("--web.listen-address={address}"))
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let _prometheus = Running(process);
    wait_for("Prometheus", || std::net::TcpStream::connect(address).ok());
    let query = "/api/v1/query?query=http_server_request_duration_seconds_count";
    let found = wait_for("a scrape", || {
        let answer = get(address, query);
        (answer.status == 200).then(|| answer.json()["data"]["result"][0].clone()).filter(|found| !found.is_null())
    });
    assert_eq!((&found["metric"]["http_route"], &found["value"][1]), (&"/items/{id}".into(), &"1".into()));
    std::fs::remove_dir_all(folder).unwrap();
}
