//! The viewer over real sockets: exports, the interface for tools, and refusals.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failed assumption should fail the test")]

mod support;

use std::io::{BufRead as _, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;
use opentelemetry_proto::tonic::trace::v1::TracesData;
use otel_viewer::{Settings, Viewer};
use prost::Message as _;
use serde_json::json;
use support::http::{Response, open, read_head, send};
use support::{spans, wait_for};

const PROTOBUF: (&str, &str) = ("content-type", "application/x-protobuf");
const JSON: (&str, &str) = ("content-type", "application/json");
const HOST: (&str, &str) = ("host", "localhost");

fn viewer() -> Viewer {
    Viewer::start(Settings::default().with_port(0).with_token("secret")).unwrap()
}

fn get(viewer: &Viewer, path: &str) -> Response {
    send(viewer.address(), &format!("GET {path}"), &[HOST, ("authorization", "Bearer secret")], b"")
}

fn post(viewer: &Viewer, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Response {
    let headers: Vec<_> = headers.iter().copied().chain([HOST]).collect();
    send(viewer.address(), &format!("POST {path}"), &headers, body)
}

#[test]
fn services_send_in_every_encoding_and_meet_in_one_trace() {
    let viewer = viewer();
    let root = spans::request(1, "/checkout");
    let child = |id, name| spans::child(&root, id, name);
    let one = spans::traces("python", vec![child(2, "charge")]).encode_to_vec();
    let two = serde_json::to_vec(&spans::traces("javascript", vec![child(3, "render")])).unwrap();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(&spans::traces("rust", vec![root.clone()]).encode_to_vec()).unwrap();

    let answer = post(&viewer, "/v1/traces", &[PROTOBUF], &one);
    assert_eq!((answer.status, answer.body.as_str(), answer.header("content-type")), (200, "", Some(PROTOBUF.1)));
    let answer = post(&viewer, "/v1/traces", &[("content-type", "application/json; charset=utf-8")], &two);
    assert_eq!((answer.status, answer.body.as_str(), answer.header("content-type")), (200, "{}", Some(JSON.1)));
    let answer = post(&viewer, "/v1/traces", &[PROTOBUF, ("content-encoding", "gzip")], &gzip.finish().unwrap());
    assert_eq!(answer.status, 200);
    let record = spans::log("rust", &root, "sold out").encode_to_vec();
    assert_eq!(post(&viewer, "/v1/logs", &[PROTOBUF], &record).status, 200);

    let list = get(&viewer, "/api/traces?route=/checkout&status=ok").json();
    let [row] = &list["traces"].as_array().unwrap()[..] else { panic!("one trace: {list}") };
    assert_eq!(
        (&row["name"], &row["status"], &row["spans"], &row["logs"]),
        (&json!("GET /checkout"), &json!(200), &json!(3), &json!(1))
    );
    let answer = get(&viewer, &format!("/api/traces/{}", row["traceId"].as_str().unwrap()));
    let document: TracesData = serde_json::from_str(&answer.body).unwrap();
    let names: Vec<_> =
        document.resource_spans.iter().map(|spans| spans.scope_spans[0].spans[0].name.as_str()).collect();
    assert_eq!(names, ["charge", "render", "GET /checkout"]);
    assert_eq!(answer.json()["resourceLogs"][0]["scopeLogs"][0]["logRecords"][0]["body"]["stringValue"], "sold out");
}

#[test]
fn exports_that_are_no_exports_are_refused() {
    let viewer = viewer();
    let body = spans::traces("shop", vec![spans::request(1, "/")]).encode_to_vec();
    let status = |path: &str, headers: &[(&str, &str)], body: &[u8]| post(&viewer, path, headers, body).status;
    assert_eq!(status("/v1/traces", &[PROTOBUF], &body[..body.len() - 1]), 400);
    assert_eq!(status("/v1/traces", &[JSON], b"{"), 400);
    assert_eq!(status("/v1/traces", &[], &body), 415);
    assert_eq!(status("/v1/traces", &[("content-type", "text/plain")], &body), 415);
    assert_eq!(status("/v1/traces", &[PROTOBUF, ("content-encoding", "br")], &body), 415);
    assert_eq!(status("/v1/traces", &[PROTOBUF, ("content-encoding", "gzip")], &body), 400);
    assert_eq!(status("/v1/profiles", &[PROTOBUF], &body), 404);
    assert_eq!(send(viewer.address(), "PUT /v1/traces", &[HOST, PROTOBUF], &body).status, 405);
    assert_eq!(get(&viewer, "/api/traces").json()["kept"], 0);
}

#[test]
fn a_bomb_is_refused_before_it_goes_off() {
    let viewer = viewer();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    let zeros = vec![0; 1 << 20];
    (0..80).for_each(|_| gzip.write_all(&zeros).unwrap());
    let answer = post(&viewer, "/v1/traces", &[PROTOBUF, ("content-encoding", "gzip")], &gzip.finish().unwrap());
    assert_eq!(answer.status, 413);
}

#[test]
fn other_origins_other_hosts_and_requests_without_the_token_are_refused() {
    let viewer = viewer();
    let address = viewer.address();
    let body = spans::traces("shop", vec![spans::request(1, "/")]).encode_to_vec();
    assert_eq!(post(&viewer, "/v1/traces", &[PROTOBUF], &body).status, 200);
    let trace = format!("/api/traces/{}", "01".repeat(16));
    for path in ["/", "/trace/1", "/api/traces", &trace, "/api/routes", "/api/events"] {
        let status = |headers: &[(&str, &str)]| send(address, &format!("GET {path}"), headers, b"").status;
        let token = ("authorization", "Bearer secret");
        assert_eq!(status(&[HOST]), 401, "{path} without a token");
        assert_eq!(status(&[HOST, ("authorization", "Bearer secre7")]), 401, "{path} with a wrong token");
        assert_eq!(status(&[token]), 403, "{path} without a host");
        assert_eq!(status(&[("host", "evil.example"), token]), 403, "{path} of a name that was rebound");
        assert_eq!(
            status(&[HOST, token, ("origin", "http://evil.example")]),
            403,
            "{path} for a page of another origin"
        );
        assert_eq!(status(&[HOST, token, ("origin", "null")]), 403, "{path} for a sandboxed page");
    }
    for origin in ["http://evil.example", "http://localhost"] {
        assert_eq!(post(&viewer, "/v1/traces", &[PROTOBUF, ("origin", origin)], &body).status, 403, "{origin}");
    }
    let other = Viewer::start(Settings::default().with_port(0)).unwrap();
    assert_eq!(other.token().len(), 32);
    assert_ne!(other.token(), Viewer::start(Settings::default().with_port(0)).unwrap().token());
}

#[test]
fn the_page_lets_no_text_become_a_script() {
    let page = get(&viewer(), "/");
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'nonce-"), "{policy}");
    let nonce = policy.split('\'').find_map(|part| part.strip_prefix("nonce-")).unwrap();
    assert_eq!(page.body.matches(&format!("<script nonce=\"{nonce}\">")).count(), 1);
    assert_eq!(page.header("referrer-policy"), Some("no-referrer"));
    assert!(page.body.len() < 100_000 && !page.body.contains("{{"));
}

#[test]
fn wrong_questions_get_reasons() {
    let viewer = viewer();
    let ask = |path: &str| {
        let answer = get(&viewer, path);
        (answer.status, answer.json()["error"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(
        ask("/api/traces?status=bad"),
        (400, "the parameter `status` is unknown or has a wrong value".to_owned())
    );
    assert_eq!(ask("/api/traces/xyz").0, 400);
    assert_eq!(ask(&format!("/api/traces/{}", "ab".repeat(16))).0, 404);
    assert_eq!(ask("/elsewhere").0, 404);
    assert_eq!(send(viewer.address(), "DELETE /api/routes?token=secret", &[HOST], b"").status, 405);
}

#[test]
fn changes_are_announced_and_everything_can_be_forgotten() {
    let viewer = viewer();
    let mut events = open(viewer.address(), "GET /api/events?token=secret", &[HOST], b"");
    let head = read_head(&mut events);
    assert_eq!((head.status, head.header("content-type")), (200, Some("text/event-stream")));
    let mut next = || {
        let mut line = String::new();
        while !line.starts_with("data: ") {
            line.clear();
            assert!(events.read_line(&mut line).unwrap() > 0, "the connection ended");
        }
        line.trim_end()["data: ".len()..].parse::<u64>().unwrap()
    };
    assert_eq!(next(), 0, "where things stand");
    let body = spans::traces("shop", vec![spans::request(1, "/")]).encode_to_vec();
    post(&viewer, "/v1/traces", &[PROTOBUF], &body);
    assert_eq!(next(), 1);
    assert_eq!(get(&viewer, "/api/traces").json()["kept"], 1);
    assert_eq!(send(viewer.address(), "DELETE /api/traces?token=secret", &[HOST], b"").status, 200);
    assert_eq!(next(), 2);
    assert_eq!(get(&viewer, "/api/traces").json()["kept"], 0);
}

#[test]
fn the_port_is_free_again_when_the_viewer_is_gone() {
    let viewer = viewer();
    let address = viewer.address();
    let taken = Viewer::start(Settings::default().with_port(address.port()));
    assert!(taken.is_err_and(|error| error.kind() == std::io::ErrorKind::AddrInUse));
    let open_page = open(address, "GET /api/events?token=secret", &[HOST], b"");
    drop(viewer);
    drop(open_page);
    wait_for("the port", || Viewer::start(Settings::default().with_port(address.port())).ok());
}
