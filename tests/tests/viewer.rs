//! `OTEL_TRACES_EXPORTER=viewer`: a server shows its own requests, while they run and afterwards.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed assumption should fail the test")]

#[path = "../../otel-viewer/tests/support/mod.rs"]
mod support;

use std::io::Write as _;
use std::net::SocketAddr;
use std::process::{Command, Stdio};

use actix_web::web::{Data, Path};
use actix_web::{App, HttpServer, get};
use otel_actix::auto_instrument;
use serde_json::Value;
use support::browser::{Browser, ESCAPE};
use support::http::{self, Response};
use support::{Running, after, wait_for};
use tokio::sync::Semaphore;
use tracing_subscriber::prelude::*;

/// Answers after a request of `GET /go`.
#[get("/reports/{id}")]
async fn report(id: Path<String>, gate: Data<Semaphore>) -> String {
    tracing::info!("a report is wanted");
    build_report(&gate).await;
    format!("report {id}")
}

#[auto_instrument]
async fn build_report(gate: &Semaphore) {
    gate.acquire().await.unwrap().forget();
}

#[get("/go")]
async fn go(gate: Data<Semaphore>) -> &'static str {
    gate.add_permits(1);
    "gone"
}

#[get("/fail")]
async fn fail() -> actix_web::Result<&'static str> {
    Err(actix_web::error::ErrorServiceUnavailable("the till is jammed"))
}

#[auto_instrument]
fn serve() -> std::io::Result<()> {
    let _telemetry = otel_actix::init();
    tracing_subscriber::registry().with(otel_actix::logs::layer()).init();
    let gate = Data::new(Semaphore::new(0));
    let app = move || App::new().app_data(gate.clone()).service(report).service(go).service(fail);
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

/// The server in a process of its own, which ends when this is dropped.
struct Server {
    _process: Running,
    address: SocketAddr,
    /// The page's link.
    link: String,
    viewer: SocketAddr,
}

impl Server {
    fn start() -> Self {
        let mut process = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "server", "--ignored", "--nocapture"])
            .env("OTEL_TRACES_EXPORTER", "viewer")
            .env("OTEL_SERVICE_NAME", "reports")
            .env("OTEL_RUST_VIEWER_PORT", "0")
            .env("OTEL_RUST_VIEWER_TOKEN", "secret")
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let link = after("viewer: ", process.stderr.take().unwrap());
        let address = after("listening on ", process.stdout.take().unwrap()).parse().unwrap();
        let host = link.strip_prefix("http://").and_then(|rest| rest.split('/').next()).unwrap();
        let viewer = host.parse().unwrap();
        Self { _process: Running(process), address, link, viewer }
    }

    fn get(&self, path: &str) -> Response {
        http::send(self.address, &format!("GET {path}"), &[("host", "localhost")], b"")
    }

    fn ask(&self, path: &str) -> Value {
        let headers = [("host", "localhost"), ("authorization", "Bearer secret")];
        http::send(self.viewer, &format!("GET {path}"), &headers, b"").json()
    }
}

/// The spans of a trace, by their names.
fn spans(document: &Value) -> Vec<(String, &Value)> {
    let resources = document["resourceSpans"].as_array().unwrap().iter();
    let scopes = resources.flat_map(|resource| resource["scopeSpans"].as_array().unwrap());
    let spans = scopes.flat_map(|scope| scope["spans"].as_array().unwrap());
    spans.map(|span| (span["name"].as_str().unwrap().to_owned(), span)).collect()
}

#[test]
fn a_request_is_seen_while_it_runs_and_when_it_has_ended() {
    let server = Server::start();
    std::thread::scope(|scope| {
        let answer = scope.spawn(|| server.get("/reports/7"));
        let running = wait_for("the request", || {
            let list = server.ask("/api/traces");
            (list["runningCount"] == 1).then(|| list["running"][0].clone())
        });
        assert_eq!((&running["method"], &running["path"]), (&"GET".into(), &"/reports/7".into()));
        assert_eq!(running["services"], serde_json::json!(["reports"]));
        let path = format!("/api/traces/{}", running["traceId"].as_str().unwrap());
        let document = server.ask(&path);
        let open = spans(&document);
        assert_eq!(open.len(), 2, "the request and the function it waits in: {document}");
        for (name, span) in open {
            assert!(["GET", "build_report"].contains(&name.as_str()), "{name}");
            assert_eq!(span["endTimeUnixNano"], Value::Null, "{name} is running");
        }

        assert_eq!(server.get("/go").status, 200);
        assert_eq!(answer.join().unwrap().body, "report 7");
        let document = wait_for("the whole trace", || {
            let document = server.ask(&path);
            let is_whole = spans(&document).iter().filter(|(_, span)| span["endTimeUnixNano"].is_string()).count() == 2;
            (is_whole && document["resourceLogs"].is_array()).then_some(document)
        });
        let mut names: Vec<_> = spans(&document).into_iter().map(|(name, _)| name).collect();
        names.sort();
        assert_eq!(names, ["GET /reports/{id}", "build_report"]);
        let record = &document["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0];
        assert_eq!(record["body"]["stringValue"], "a report is wanted");
        wait_for("nothing runs", || (server.ask("/api/traces")["runningCount"] == 0).then_some(()));
    });
    let rows = wait_for("metrics", || {
        let rows = server.ask("/api/routes")["routes"].take();
        (rows.as_array().unwrap().len() == 2).then_some(rows)
    });
    assert_eq!(
        (&rows[1]["route"], &rows[1]["count"], &rows[1]["errors"]),
        (&"/reports/{id}".into(), &1.into(), &0.into())
    );
    let list = server.ask("/api/traces?order=newest");
    assert_eq!(list["kept"], 2, "no question to the viewer is traced: {list}");
}

#[test]
#[ignore = "needs chromium and chromedriver"]
fn the_page_of_a_server_shows_its_requests() {
    let browser = Browser::start();
    let server = Server::start();
    browser.open(&server.link);
    std::thread::scope(|scope| {
        let answer = scope.spawn(|| server.get("/reports/7"));
        browser.text_with("tr.running", "GET /reports/7");
        browser.click("tr.running");
        browser.wait_until("document.querySelectorAll('.bar.running').length === 2");
        browser.screenshot("running");
        server.get("/go");
        answer.join().unwrap();
    });
    browser.wait_until("document.querySelector('h1').innerText === 'GET /reports/{id}'");
    assert_eq!(server.get("/fail").status, 503);
    browser.press(&[ESCAPE]);
    browser.text_with(".traces tbody tr", "503");
    browser.click("#tab-routes");
    browser.wait_until("document.querySelectorAll('tbody tr').length === 3");
    browser.text_with("tr.error", "/fail");
    browser.screenshot("routes");
    let complaints = browser.complaints();
    assert_eq!(complaints, Vec::<String>::new());
}
