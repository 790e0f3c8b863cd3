//! An application that uses OpenTelemetry and `tracing` itself: its spans and events join those of its requests.
//!
//! Compiles actix-web: run with `--ignored`.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a failed assumption should fail the test")]

mod fixture;

use fixture::server::{CONSOLE, Printed, Server};
use fixture::{Project, manifest, succeed};
use serde_json::Value;

const DEPENDENCIES: &str = r#"
actix-web = { version = "4", default-features = false, features = ["macros"] }
futures-util = { version = "0.3", default-features = false }
log = "0.4"
opentelemetry = "0.33"
opentelemetry_sdk = { version = "0.33", default-features = false, features = ["trace"] }
tokio = { version = "1", features = ["rt"] }
tracing = "0.1"
tracing-subscriber = { version = "0.3", default-features = false, features = ["fmt", "registry", "tracing-log"] }

[[bench]]
name = "served"
harness = false
"#;

const MAIN: &str = r#"
use actix_web::{App, HttpServer, get};
use opentelemetry::trace::{Span as _, Tracer as _};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};

struct Printer;

impl log::Log for Printer {
    fn enabled(&self, metadata: &log::Metadata<'_>) -> bool {
        metadata.target() == "app"
    }

    fn log(&self, record: &log::Record<'_>) {
        eprintln!("printed: {}", record.args());
    }

    fn flush(&self) {}
}

#[derive(Debug)]
struct Own;

impl SpanExporter for Own {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        for span in batch {
            println!("own exporter: {}", span.name);
        }
        Ok(())
    }
}

#[get("/work")]
async fn work() -> &'static str {
    opentelemetry::global::tracer("shop").start("own work").end();
    tracing::info!(amount = 3, "sold");
    log::warn!("of the log crate");
    "done"
}

fn own(name: &'static str) {
    opentelemetry::global::tracer("shop").start(name).end();
}

/// Spawns in each way, one after the other.
#[get("/spawned")]
async fn spawned() -> &'static str {
    tokio::spawn(async { own("tokio::spawn") }).await.unwrap();
    tokio::task::spawn_local(async { own("spawn_local") }).await.unwrap();
    actix_web::rt::spawn(async { own("rt::spawn") }).await.unwrap();
    tokio::runtime::Handle::current().spawn(async { own("Handle::spawn") }).await.unwrap();
    tokio::task::spawn_blocking(|| own("spawn_blocking")).await.unwrap();
    actix_web::web::block(|| own("web::block")).await.unwrap();
    let mut tasks = tokio::task::JoinSet::new();
    tasks.spawn(async { own("JoinSet::spawn") });
    tasks.join_next().await.unwrap().unwrap();
    tasks.spawn_blocking(|| own("JoinSet::spawn_blocking"));
    tasks.join_next().await.unwrap().unwrap();
    let task = {
        let _suppressed = opentelemetry::Context::enter_telemetry_suppressed_scope();
        tokio::spawn(async { own("suppressed") })
    };
    task.await.unwrap();
    tokio::spawn(Owner).await.unwrap();
    "done"
}

/// A future that makes a span when it is dropped.
struct Owner;

impl std::future::Future for Owner {
    type Output = ();

    fn poll(self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<()> {
        std::task::Poll::Ready(())
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        own("dropped");
    }
}

mod service {
    pub struct Card;

    impl Card {
        pub async fn charge(&self, amount: u32) -> Result<u32, String> {
            checked(amount).map(|amount| amount * 100)
        }
    }

    fn checked(amount: u32) -> Result<u32, String> {
        if amount == 0 { Err("nothing to pay".to_owned()) } else { Ok(amount) }
    }
}

#[get("/charge/{amount}")]
async fn charge(amount: actix_web::web::Path<u32>) -> actix_web::Result<String> {
    let charged = service::Card.charge(*amount).await.map_err(actix_web::error::ErrorBadRequest)?;
    Ok(charged.to_string())
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    match std::env::var("MODE").as_deref() {
        Ok("own-sdk") => {
            let provider = SdkTracerProvider::builder().with_simple_exporter(Own).build();
            opentelemetry::global::set_tracer_provider(provider);
        }
        Ok("logger") => log::set_boxed_logger(Box::new(Printer)).map(|()| log::set_max_level(log::LevelFilter::Info)).unwrap(),
        Ok("subscriber") => tracing_subscriber::fmt().with_writer(std::io::stderr).init(),
        _ => {}
    }
    let server = HttpServer::new(|| App::new().service(work).service(spawned).service(charge)).workers(1).bind("127.0.0.1:0")?;
    println!("listening on {}", server.addrs()[0]);
    server.run().await
}
"#;

/// A benchmark that measures its own server.
const BENCH: &str = r#"
use actix_web::{App, HttpServer, get, web};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

#[get("/measured")]
async fn measured() -> &'static str {
    "done"
}

#[actix_web::main]
async fn main() -> std::io::Result<()> {
    let server = HttpServer::new(|| App::new().service(measured)).workers(1).bind("127.0.0.1:0")?;
    let address = server.addrs()[0];
    let server = server.run();
    let handle = server.handle();
    let server = actix_web::rt::spawn(server);
    let answer = web::block(move || {
        let mut connection = TcpStream::connect(address)?;
        connection.write_all(b"GET /measured HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")?;
        let mut answer = String::new();
        connection.read_to_string(&mut answer).map(|_| answer)
    });
    let answer = answer.await.unwrap()?;
    handle.stop(true).await;
    server.await.unwrap()?;
    println!("{} with {:?}", answer.lines().next().unwrap(), std::env::args().nth(1));
    Ok(())
}
"#;

fn attribute<'a>(record: &'a Value, path: &[&str]) -> &'a Value {
    path.iter().fold(record, |value, name| &value[*name])
}

#[test]
#[ignore = "compiles actix-web"]
fn what_the_application_records_joins_its_requests() {
    let manifest = manifest("app", DEPENDENCIES);
    let files = [("Cargo.toml", &*manifest), ("src/main.rs", MAIN), ("benches/served.rs", BENCH)];
    let project = Project::online("joins", &files);
    succeed(project.otel(&["--strict", "build"]).env("CARGO_NET_OFFLINE", "false"));
    let program = project.folder.join("target/otel/debug/app");
    let run = |mode: &str| {
        let server = Server::start(&program, &[], &[("MODE", mode), ("OTEL_LOGS_EXPORTER", "console")]);
        assert_eq!(server.get("/work"), 200);
        server.stop()
    };
    for mode in ["nothing", "logger", "subscriber"] {
        let printed = run(mode);
        let spans = printed.spans();
        let names: Vec<&Value> = spans.iter().map(|span| &span["name"]).collect();
        assert_eq!(names, ["own work", "GET /work"], "{mode}");
        assert_eq!(spans[0]["parent_id"], spans[1]["context"]["span_id"], "{mode}");
        assert_eq!(spans[0]["context"]["trace_id"], spans[1]["context"]["trace_id"], "{mode}");

        let objects = printed.stdout.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let logs: Vec<Value> = objects.filter(|object| object.get("severity_number").is_some()).collect();
        if mode == "nothing" {
            // Without a subscriber or a logger of its own, an application has no logs.
            assert_eq!(logs, Vec::<Value>::new());
            continue;
        }
        let of_log: Vec<&Value> = logs.iter().filter(|log| log["body"] == "of the log crate").collect();
        assert_eq!(of_log.len(), 1, "{mode}: {logs:#?}");
        assert_eq!(of_log[0]["span_id"], spans[1]["context"]["span_id"], "{mode}");
        if mode == "logger" {
            assert!(printed.stderr.contains("printed: of the log crate"), "{}", printed.stderr);
            continue;
        }
        let sold = logs.iter().find(|log| log["body"] == "sold").unwrap();
        assert_eq!(attribute(sold, &["attributes", "amount"]), 3);
        assert_eq!(sold["trace_id"], spans[1]["context"]["trace_id"]);
        assert_eq!(sold["span_id"], spans[1]["context"]["span_id"]);
        assert!(printed.stderr.contains("sold"), "what is printed is still printed: {}", printed.stderr);
    }

    let server = Server::start(&program, &[], &[]);
    assert_eq!(server.get("/spawned"), 200);
    let spans = server.stop().spans();
    let names: Vec<&Value> = spans.iter().map(|span| &span["name"]).collect();
    let ways = [
        "tokio::spawn",
        "spawn_local",
        "rt::spawn",
        "Handle::spawn",
        "spawn_blocking",
        "web::block",
        "JoinSet::spawn",
        "JoinSet::spawn_blocking",
        "dropped",
        "GET /spawned",
    ];
    assert_eq!(names, ways);
    let (request, tasks) = spans.split_last().unwrap();
    for span in tasks {
        assert_eq!(span["parent_id"], request["context"]["span_id"], "{span:#?}");
    }

    // The application's own provider gets all spans, and nothing is exported beside it.
    let printed = run("own-sdk");
    assert_eq!(printed.spans(), Vec::<Value>::new());
    let own: Vec<&String> = printed.stdout.iter().filter(|line| line.starts_with("own exporter: ")).collect();
    assert_eq!(own, ["own exporter: own work", "own exporter: GET /work"]);

    // The selected functions get spans, below that of their request.
    succeed(project.otel(&["--strict", "--functions", "app::service::*", "build"]).env("CARGO_NET_OFFLINE", "false"));
    let server = Server::start(&program, &[], &[]);
    assert_eq!((server.get("/charge/2"), server.get("/charge/0")), (200, 400));
    let spans = server.stop().spans();
    for (request, status) in spans.chunks(3).zip(["UNSET", "ERROR"]) {
        let names: Vec<&Value> = request.iter().map(|span| &span["name"]).collect();
        assert_eq!(names, ["checked", "charge", "GET /charge/{amount}"]);
        let parent = |span: &Value| span["parent_id"].clone();
        assert_eq!(parent(&request[0]), request[1]["context"]["span_id"]);
        assert_eq!(parent(&request[1]), request[2]["context"]["span_id"]);
        assert_eq!(attribute(&request[1], &["status", "status_code"]), status);
        assert_eq!(attribute(&request[0], &["attributes", "code.file.path"]), "src/main.rs");
    }
    assert_eq!(spans.len(), 6);

    // A benchmark has telemetry, too. With the profile of the build, only the benchmark itself is compiled.
    let mut bench = project.otel(&["--strict", "bench", "--profile", "dev", "--bench", "served"]);
    let output = succeed(bench.envs(CONSOLE));
    let printed = Printed::of(&output.stdout, &output.stderr);
    assert!(printed.stdout.contains(&"HTTP/1.1 200 OK with Some(\"--bench\")".to_owned()), "{:?}", printed.stdout);
    let spans = printed.spans();
    assert_eq!((spans.len(), &spans[0]["name"]), (1, &Value::from("GET /measured")), "{spans:#?}");
}
