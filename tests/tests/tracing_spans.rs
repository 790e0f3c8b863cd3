//! Spans of `tracing` nest below ours and ours below them, through `tracing-opentelemetry`: one program with a real
//! server, whose output holds its spans and log records.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

use std::collections::BTreeMap;
use std::process::Command;
use std::sync::LazyLock;

use serde_json::Value;

/// The requests: their paths, whether the caller's trace is sampled, and the expected tree of spans.
const REQUESTS: [(&str, bool, &str); 8] = [
    (
        "/nested",
        true,
        "\
GET /nested
  outer (tracing)
    ours
      inner (tracing)
        deepest
    ours
      inner (tracing)
        deepest
  ours
    inner (tracing)
      deepest
",
    ),
    (
        "/interleaved",
        true,
        "\
GET /interleaved
  left (tracing)
    leaf
    leaf
  right (tracing)
    leaf
    leaf
",
    ),
    (
        "/synchronous",
        true,
        "\
GET /synchronous
  sync_outer (tracing)
    sync_ours
      sync_inner (tracing)
",
    ),
    (
        "/elsewhere",
        true,
        "\
GET /elsewhere
  parent (tracing)
    leaf
    sync_outer (tracing)
      sync_ours
        sync_inner (tracing)
",
    ),
    (
        "/stacked",
        true,
        "\
GET /stacked
  above (tracing)
    above
  below
    below (tracing)
",
    ),
    ("/suppressed", true, "GET /suppressed\n"),
    ("/nested", false, ""),
    ("/excluded", true, ""),
];

/// Objects that the program printed, by trace.
static PRINTED: LazyLock<BTreeMap<String, Vec<Value>>> = LazyLock::new(|| {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", "--test-threads=1", "program::program"])
        .env("OTEL_TRACES_EXPORTER", "console")
        .env("OTEL_LOGS_EXPORTER", "console")
        .env("OTEL_METRICS_EXPORTER", "none")
        .env("OTEL_RUST_EXCLUDED_URLS", "^/excluded$")
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{printed}\n{}", String::from_utf8_lossy(&output.stderr));
    let mut traces: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for line in printed.lines().filter_map(|line| line.get(line.find('{')?..)) {
        let object: Value = serde_json::from_str(line).unwrap();
        let trace = object["context"]["trace_id"].as_str().or_else(|| object["trace_id"].as_str()).unwrap();
        traces.entry(trace.to_owned()).or_default().push(object.clone());
    }
    traces
});

fn trace(index: usize) -> String {
    format!("{:032x}", index + 1)
}

fn is_span(object: &Value) -> bool {
    object["context"].is_object()
}

/// The objects of a trace.
fn objects(index: usize) -> &'static [Value] {
    PRINTED.get(&format!("0x{}", trace(index))).map_or(&[], Vec::as_slice)
}

/// The spans below `parent`, in the order of their start.
fn tree(spans: &[Value], parent: &str, depth: usize) -> String {
    let mut children: Vec<_> =
        spans.iter().filter(|span| is_span(span) && span["parent_id"].as_str() == Some(parent)).collect();
    children.sort_by_key(|span| span["start_time"].as_str());
    let line = |span: &&Value| {
        let name = span["name"].as_str().unwrap();
        // Only the layer of `tracing` records the place of a span in this way.
        let tracing = if span["attributes"]["target"].is_string() { " (tracing)" } else { "" };
        let below = tree(spans, span["context"]["span_id"].as_str().unwrap(), depth + 1);
        format!("{}{name}{tracing}\n{below}", "  ".repeat(depth))
    };
    children.iter().map(line).collect()
}

#[test]
fn each_span_has_the_right_parent() {
    for (index, (path, sampled, expected)) in REQUESTS.iter().enumerate() {
        let spans = objects(index);
        assert_eq!(tree(spans, "0x00f067aa0ba902b7", 0), *expected, "{path}, sampled: {sampled}");
        let count = spans.iter().filter(|object| is_span(object)).count();
        assert_eq!(count, expected.lines().count(), "{path}: no span has another parent");
    }
    assert!(PRINTED.len() <= REQUESTS.len(), "no trace began here: {:?}", PRINTED.keys());
}

/// An event belongs to the innermost span of either library.
#[test]
fn log_records_have_the_ids_of_the_innermost_span() {
    let nested = objects(0);
    let name_of = |id: &Value| nested.iter().find(|span| span["context"]["span_id"] == *id).map(|span| &span["name"]);
    let records: Vec<_> = nested.iter().filter(|object| !is_span(object)).collect();
    assert_eq!(records.len(), 6, "{records:?}");
    for record in records {
        assert_eq!(name_of(&record["span_id"]), Some(&record["body"]), "{record}");
    }
    // Log records of a trace that is not sampled are exported; those of suppressed code are not.
    assert_eq!(objects(6).len(), 6);
    assert_eq!(objects(5).iter().filter(|object| !is_span(object)).count(), 0);
}

/// The server.
mod program {
    use std::io::{Read as _, Write as _};
    use std::net::{SocketAddr, TcpStream};

    use actix_web::{App, HttpServer, Responder, get, rt, web};
    use futures_util::future::join;
    use otel_actix::auto_instrument;
    use tracing::Instrument as _;
    use tracing_subscriber::layer::SubscriberExt as _;

    use super::trace;

    /// Not ready when it is polled first.
    async fn later() {
        tokio::task::yield_now().await;
    }

    #[tracing::instrument]
    async fn outer() {
        later().await;
        ours().await;
        later().await;
        ours().await;
    }

    #[auto_instrument]
    async fn ours() {
        later().await;
        inner().await;
        tracing::info!("ours");
    }

    #[tracing::instrument]
    async fn inner() {
        later().await;
        tracing::info!("inner");
        deepest().await;
    }

    #[auto_instrument]
    async fn deepest() {
        later().await;
    }

    #[auto_instrument]
    #[get("/nested")]
    async fn nested() -> impl Responder {
        outer().await;
        ours().await;
        "served"
    }

    #[tracing::instrument]
    async fn left() {
        leaf().await;
        later().await;
        leaf().await;
    }

    #[tracing::instrument]
    async fn right() {
        later().await;
        leaf().await;
        leaf().await;
    }

    #[auto_instrument]
    async fn leaf() {
        later().await;
        later().await;
    }

    #[get("/interleaved")]
    async fn interleaved() -> impl Responder {
        join(left(), right()).await;
        "served"
    }

    #[tracing::instrument]
    fn sync_outer() {
        sync_ours();
    }

    #[auto_instrument]
    fn sync_ours() {
        sync_inner();
    }

    #[tracing::instrument]
    fn sync_inner() {}

    #[get("/synchronous")]
    async fn synchronous() -> impl Responder {
        sync_outer();
        "served"
    }

    /// In another task, through `tracing` and through our `carry`, and in another thread.
    #[tracing::instrument]
    async fn parent() {
        rt::spawn(leaf().in_current_span()).await.unwrap();
        web::block(otel_actix::carry_fn(sync_outer)).await.unwrap();
    }

    #[get("/elsewhere")]
    async fn elsewhere() -> impl Responder {
        parent().await;
        "served"
    }

    #[auto_instrument]
    #[tracing::instrument]
    async fn above() {
        later().await;
    }

    #[tracing::instrument]
    #[auto_instrument]
    async fn below() {
        later().await;
    }

    #[get("/stacked")]
    async fn stacked() -> impl Responder {
        above().await;
        below().await;
        "served"
    }

    #[get("/suppressed")]
    async fn suppressed() -> impl Responder {
        otel_actix::suppress_future(outer()).await;
        otel_actix::suppress(sync_outer);
        "served"
    }

    #[get("/excluded")]
    async fn excluded() -> impl Responder {
        outer().await;
        "served"
    }

    #[auto_instrument]
    #[actix_web::main]
    async fn main() -> std::io::Result<()> {
        // After the start, so that the tracer belongs to our provider.
        let spans = tracing_opentelemetry::layer().with_tracer(opentelemetry::global::tracer("tracing"));
        let subscriber = tracing_subscriber::registry()
            .with(tracing_subscriber::filter::LevelFilter::INFO)
            .with(spans)
            .with(otel_actix::logs::layer());
        tracing::subscriber::set_global_default(subscriber).unwrap();
        let app = || {
            App::new().service((nested, interleaved, synchronous, elsewhere)).service((stacked, suppressed, excluded))
        };
        let server = HttpServer::new(app).workers(1).bind("127.0.0.1:0")?;
        let address = server.addrs()[0];
        let server = server.run();
        let handle = server.handle();
        std::thread::spawn(move || {
            for (index, (path, sampled, _)) in super::REQUESTS.into_iter().enumerate() {
                request(address, path, &format!("00-{}-00f067aa0ba902b7-0{}", trace(index), u8::from(sampled)));
            }
            rt::System::new().block_on(handle.stop(true));
        });
        server.await
    }

    fn request(address: SocketAddr, path: &str, traceparent: &str) {
        let mut stream = TcpStream::connect(address).unwrap();
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\ntraceparent: {traceparent}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }

    #[test]
    #[ignore = "a program"]
    fn program() {
        main().unwrap();
    }
}
