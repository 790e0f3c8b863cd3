//! The settings for HTTP clients: spans and metrics of the same request by each library.
//!
//! Settings are those of a process. Each test runs this program again, with the variables that it is about.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test fails by panicking")]
#![allow(clippy::print_stdout, reason = "read by the test that runs this program")]

mod support;

use std::process::Command;

use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioExecutor;
use otel_clients::awc::ClientTelemetry;
use otel_clients::tower::HttpLayer;
use otel_clients::{reqwest_0_12, reqwest_0_13, reqwest_middleware};
use support::{Peer, Trace, durations, response, sizes, text};
use tower_layer::Layer as _;
use tower_service::Service as _;

const LIBRARIES: [&str; 6] = ["awc", "reqwest 0.12", "reqwest 0.13", "blocking reqwest", "reqwest-middleware", "tower"];

/// Sends `PURGE` with a body of four bytes, and reads an answer of five.
async fn send(library: &str, url: String) {
    let method = || http::Method::from_bytes(b"PURGE").unwrap();
    let headers = || {
        http::HeaderMap::from_iter([
            ("x-request".parse().unwrap(), "yes".parse().unwrap()),
            ("authorization".parse().unwrap(), "secret".parse().unwrap()),
        ])
    };
    match library {
        "awc" => {
            let client = awc::Client::builder().wrap(ClientTelemetry::new()).finish();
            let request = client.request("PURGE".parse().unwrap(), url).insert_header(("x-request", "yes"));
            let request = request.insert_header(("authorization", "secret"));
            request.send_body("body").await.unwrap().body().await.unwrap();
        }
        "reqwest 0.12" => {
            let client = reqwest_0_12::TracedClient::new(::reqwest_0_12::Client::new());
            client.request(method(), url).headers(headers()).body("body").send().await.unwrap().bytes().await.unwrap();
        }
        "reqwest 0.13" => {
            let client = reqwest_0_13::TracedClient::new(::reqwest_0_13::Client::new());
            client.request(method(), url).headers(headers()).body("body").send().await.unwrap().bytes().await.unwrap();
        }
        "blocking reqwest" => {
            let context = otel_core::opentelemetry::Context::current();
            let get = move || {
                let _attached = context.attach();
                let request =
                    ::reqwest_0_13::blocking::Client::new().request(method(), url).headers(headers()).body("body");
                reqwest_0_13::blocking::SendTraced::send_traced(request).unwrap().bytes().unwrap();
            };
            tokio::task::spawn_blocking(get).await.unwrap();
        }
        "reqwest-middleware" => {
            let client = ::reqwest_middleware::ClientBuilder::new(::reqwest_0_13::Client::new());
            let client = client.with(reqwest_middleware::ClientTelemetry::new()).build();
            client.request(method(), url).headers(headers()).body("body").send().await.unwrap().bytes().await.unwrap();
        }
        _ => {
            let client = hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build_http();
            let mut request = http::Request::new(Full::<bytes::Bytes>::from("body"));
            (*request.method_mut(), *request.uri_mut()) = (method(), url.parse().unwrap());
            request.headers_mut().extend(headers());
            let response = HttpLayer::new().layer(client).call(request).await.unwrap();
            response.into_body().collect().await.unwrap();
        }
    }
}

/// Prints the attributes of the span and the series of the metrics, a line for each.
#[actix_rt::test]
#[ignore = "run by the other tests, with settings"]
async fn requests() {
    for library in LIBRARIES {
        let (trace, peer) =
            (Trace::new(), Peer::start(|_| response("200 OK", "x-answer: no\r\nset-cookie: secret\r\n", "hello")));
        trace.run(send(library, peer.url("/a?own=secret&sig=secret"))).await;
        let port = format!("server.port={}", peer.address.port());
        println!("{library}: {}", text(&trace.span()).replace(&peer.address.port().to_string(), "PORT"));
        for name in ["http.client.request.duration", "http.client.duration"] {
            for (count, series) in
                durations(name, &port).into_iter().chain(durations(name, &port.replace("server", "net.peer")))
            {
                println!("{library}: {count} {name} {}", series.replace(&peer.address.port().to_string(), "PORT"));
            }
        }
        for name in ["http.client.request.body.size", "http.client.response.body.size"] {
            for sum in sizes(name, &port) {
                println!("{library}: {sum} {name}");
            }
        }
    }
}

/// The lines of each library, without facts that only some libraries know.
fn lines(variables: &[(&str, &str)]) -> Vec<String> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "requests", "--ignored", "--nocapture"]).envs(variables.iter().copied());
    let output = command.output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{printed}{}", String::from_utf8_lossy(&output.stderr));
    let is_known_by_all = |word: &&str| !word.starts_with("network.peer.") && !word.starts_with("net.sock.");
    let of = |library| {
        let lines = printed.lines().filter_map(|line| line.strip_prefix(&format!("{library}: ")));
        let lines = lines.map(|line| line.split(' ').filter(is_known_by_all).collect::<Vec<_>>().join(" "));
        lines.collect::<Vec<_>>()
    };
    let expected = of(LIBRARIES[0]);
    for library in LIBRARIES {
        assert_eq!(of(library), expected, "{library}");
    }
    expected
}

const SPAN: &str = "http.request.method=_OTHER http.request.method_original=PURGE http.response.status_code=200 \
                    network.protocol.version=1.1 server.address=127.0.0.1 server.port=PORT \
                    url.full=http://127.0.0.1:PORT/a?own=secret&sig=REDACTED";
const DURATION: &str = "1 http.client.request.duration http.request.method=_OTHER http.response.status_code=200 \
                        network.protocol.version=1.1 server.address=127.0.0.1 server.port=PORT";
const OLD_SPAN: &str = "http.flavor=1.1 http.method=_OTHER http.status_code=200 \
                        http.url=http://127.0.0.1:PORT/a?own=secret&sig=REDACTED net.peer.name=127.0.0.1 \
                        net.peer.port=PORT";
const OLD_DURATION: &str = "1 http.client.duration http.flavor=1.1 http.method=_OTHER http.status_code=200 \
                            net.peer.name=127.0.0.1 net.peer.port=PORT";

#[test]
fn without_settings() {
    assert_eq!(lines(&[]), [SPAN, DURATION]);
}

#[test]
fn captured_headers() {
    let variables = [
        ("OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_REQUEST", "x-request,authorization,x-none"),
        ("OTEL_INSTRUMENTATION_HTTP_CAPTURE_HEADERS_CLIENT_RESPONSE", "x-answer,set-cookie"),
    ];
    let headers = "http.request.header.authorization=[\"[REDACTED]\"] http.request.header.x-request=[\"yes\"]";
    let span = SPAN.replace("http.request.method=", &format!("{headers} http.request.method="));
    let headers = "http.response.header.set-cookie=[\"[REDACTED]\"] http.response.header.x-answer=[\"no\"]";
    let span = span.replace("http.response.status_code", &format!("{headers} http.response.status_code"));
    assert_eq!(lines(&variables), [&span, DURATION]);
}

#[test]
fn sizes_of_bodies() {
    let span = SPAN.replace("http.request.method=", "http.request.body.size=4 http.request.method=");
    let span = span.replace("http.response.status_code", "http.response.body.size=5 http.response.status_code");
    assert_eq!(
        lines(&[("OTEL_RUST_HTTP_BODY_SIZES", "true")]),
        [&span, DURATION, "4 http.client.request.body.size", "5 http.client.response.body.size"]
    );
}

#[test]
fn redacted_query_keys_and_known_methods() {
    let variables =
        [("OTEL_RUST_REDACTED_QUERY_KEYS", "own"), ("OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS", "GET,PURGE")];
    let known =
        |line: &str| line.replace("_OTHER http.request.method_original=PURGE", "PURGE").replace("_OTHER", "PURGE");
    assert_eq!(lines(&variables), [known(SPAN).replace("own=secret", "own=REDACTED"), known(DURATION)]);
}

#[test]
fn generations_of_the_conventions() {
    let opt_in = |value| lines(&[("OTEL_SEMCONV_STABILITY_OPT_IN", value)]);
    assert_eq!(opt_in("http"), [SPAN, DURATION]);
    assert_eq!(opt_in("http/old"), [OLD_SPAN, OLD_DURATION]);
    let mut both: Vec<_> = SPAN.split(' ').chain(OLD_SPAN.split(' ')).collect();
    both.sort_unstable();
    assert_eq!(opt_in("http/dup"), [&both.join(" "), DURATION, OLD_DURATION]);
}
