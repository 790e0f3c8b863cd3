//! OTLP over gRPC against a small HTTP/2 server.

use std::io::Read;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use h2::server::SendResponse;
use http::{HeaderMap, HeaderValue, Response};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message as _;
use tokio::net::{TcpListener, TcpStream};

use crate::collector::{dead, silent};
use crate::process::run;

/// One call: its path, its metadata and its message as it arrived.
pub(crate) struct Call {
    pub(crate) path: String,
    pub(crate) metadata: HeaderMap,
    frame: Vec<u8>,
}

impl Call {
    pub(crate) fn spans(&self) -> usize {
        let (prefix, message) = self.frame.split_at(5);
        let mut plain = Vec::new();
        if prefix[0] == 1 {
            flate2::read::GzDecoder::new(message).read_to_end(&mut plain).unwrap();
        } else {
            plain.extend_from_slice(message);
        }
        let request = ExportTraceServiceRequest::decode(plain.as_slice()).unwrap();
        request.resource_spans[0].scope_spans[0].spans.len()
    }
}

/// A server that answers every call with this status, and the message behind it after a space. Ends with the test's
/// process.
pub(crate) fn collector(status: &'static str) -> (String, Receiver<Call>) {
    collector_in_turn(vec![status])
}

/// The last status is repeated for all further calls.
fn collector_in_turn(statuses: Vec<&'static str>) -> (String, Receiver<Call>) {
    let statuses = Arc::new(Mutex::new((statuses.into_iter(), "")));
    let (sender, calls) = mpsc::channel();
    let (address, bound) = mpsc::channel();
    thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            address.send(listener.local_addr().unwrap()).unwrap();
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, sender.clone(), Arc::clone(&statuses)));
            }
        });
    });
    (format!("http://{}", bound.recv().unwrap()), calls)
}

/// The next answers, and the last one.
type Statuses = Arc<Mutex<(std::vec::IntoIter<&'static str>, &'static str)>>;

fn next(statuses: &Statuses) -> &'static str {
    let (next, last) = &mut *statuses.lock().unwrap();
    *last = next.next().unwrap_or(last);
    last
}

async fn serve(stream: TcpStream, calls: Sender<Call>, statuses: Statuses) {
    let mut connection = h2::server::handshake(stream).await.unwrap();
    while let Some(Ok((request, respond))) = connection.accept().await {
        let calls = calls.clone();
        let status = next(&statuses);
        tokio::spawn(async move {
            let (head, mut body) = request.into_parts();
            let mut frame = Vec::new();
            while let Some(Ok(chunk)) = body.data().await {
                let _ = body.flow_control().release_capacity(chunk.len());
                frame.extend_from_slice(&chunk);
            }
            let _ = calls.send(Call { path: head.uri.path().to_owned(), metadata: head.headers, frame });
            answer(respond, status);
        });
    }
}

fn answer(mut respond: SendResponse<bytes::Bytes>, status: &'static str) {
    let head = Response::builder().header("content-type", "application/grpc").body(()).unwrap();
    let mut stream = respond.send_response(head, false).unwrap();
    let (status, message) = status.split_once(' ').unwrap_or((status, ""));
    let frame = [&[0, 0, 0, 0, u8::try_from(message.len()).unwrap()], message.as_bytes()].concat();
    stream.send_data(frame.into(), false).unwrap();
    let trailers = HeaderMap::from_iter([("grpc-status".parse().unwrap(), HeaderValue::from_static(status))]);
    stream.send_trailers(trailers).unwrap();
}

#[test]
fn spans_arrive_whatever_the_runtime() {
    for scenario in ["three_spans", "three_spans_in_a_current_thread_runtime", "three_spans_then_a_panic"] {
        for compression in ["none", "gzip"] {
            let (url, calls) = collector("0");
            let environment = [
                ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
                ("OTEL_EXPORTER_OTLP_ENDPOINT", &url),
                ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=secret"),
                ("OTEL_EXPORTER_OTLP_COMPRESSION", compression),
            ];
            let outcome = run(scenario, &environment);
            assert!(outcome.success && outcome.messages("WARN").is_empty(), "{outcome:?}");
            let call = calls.recv_timeout(Duration::from_secs(10)).unwrap();
            assert_eq!(call.path, "/opentelemetry.proto.collector.trace.v1.TraceService/Export");
            assert_eq!(call.metadata.get_all("api-key").iter().collect::<Vec<_>>(), ["secret"]);
            assert_eq!(call.frame[0], u8::from(compression == "gzip"), "the message says whether it is compressed");
            assert_eq!(call.spans(), 3);
        }
    }
}

#[test]
fn nobody_listens_or_answers() {
    let (_listener, silent) = silent();
    for (url, reason) in [(dead(), "spans lost: 3"), (silent, "spans lost: 3")] {
        let environment = [
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &url),
            ("OTEL_BSP_EXPORT_TIMEOUT", "1000"),
        ];
        let outcome = run("three_spans", &environment);
        let [warning] = outcome.messages("WARN")[..] else { panic!("{outcome:?}") };
        assert!(warning.contains(&url) && warning.contains(reason), "{warning}");
        assert!(outcome.took < Duration::from_secs(4), "{:?}", outcome.took);
    }
}

#[test]
fn a_refusal_is_told() {
    let (url, calls) = collector("7");
    let environment = [("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), ("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str())];
    let outcome = run("three_spans", &environment);
    let [warning] = outcome.messages("WARN")[..] else { panic!("{outcome:?}") };
    assert!(warning.contains("PermissionDenied; spans lost: 3"), "{warning}");
    assert!(calls.try_recv().is_ok());
}

#[test]
fn spans_that_the_server_rejects_are_told() {
    let (url, calls) = collector("0 \x0a\x0b\x08\x02\x12\x07too old");
    let environment = [("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), ("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str())];
    let outcome = run("three_spans", &environment);
    let [warning] = outcome.messages("WARN")[..] else { panic!("{outcome:?}") };
    assert!(warning.ends_with("failed: the collector rejected 2: too old; spans lost: 2"), "{warning}");
    assert_eq!(calls.try_iter().count(), 1, "what was rejected is not sent again");
}

#[test]
fn a_busy_server_is_tried_again() {
    const UNAVAILABLE: &str = "14";
    let (url, calls) = collector_in_turn(vec![UNAVAILABLE, UNAVAILABLE, "0"]);
    let environment = [("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), ("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str())];
    let outcome = run("three_spans", &environment);
    assert!(outcome.success && outcome.messages("WARN").is_empty(), "{outcome:?}");
    assert_eq!(calls.try_iter().map(|call| call.spans()).collect::<Vec<_>>(), [3, 3, 3]);
}

#[test]
fn a_server_that_stays_busy_does_not_keep_the_program() {
    const UNAVAILABLE: &str = "14";
    let (url, calls) = collector(UNAVAILABLE);
    let environment = [("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), ("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str())];
    let outcome = run("three_spans", &environment);
    let [warning] = outcome.messages("WARN")[..] else { panic!("{outcome:?}") };
    assert!(warning.contains("no success before the end; spans lost: 3"), "{warning}");
    assert!(calls.try_iter().count() > 1);
    assert!(outcome.took < Duration::from_secs(4), "{:?}", outcome.took);
}

#[test]
fn metrics_and_log_records_arrive_too() {
    for (scenario, service) in [("three_spans_and_a_metric", "metrics"), ("events_that_are_only_exported", "logs")] {
        let (url, calls) = collector("0");
        let other = if service == "metrics" { "OTEL_LOGS_EXPORTER" } else { "OTEL_METRICS_EXPORTER" };
        let environment = [
            ("OTEL_TRACES_EXPORTER", "none"),
            (other, "none"),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &url),
            ("OTEL_EXPORTER_OTLP_HEADERS", "api-key=secret"),
        ];
        let outcome = run(scenario, &environment);
        assert!(outcome.success && outcome.messages("WARN").is_empty(), "{outcome:?}");
        let call = calls.recv_timeout(Duration::from_secs(10)).unwrap();
        assert!(call.path.contains(&format!(".{service}.v1.")) && call.path.ends_with("/Export"), "{}", call.path);
        assert_eq!(call.metadata.get_all("api-key").iter().collect::<Vec<_>>(), ["secret"]);
        let text = if service == "metrics" { "things" } else { "sold" };
        assert!(String::from_utf8_lossy(&call.frame).contains(text));
    }
}
