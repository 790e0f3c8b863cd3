//! Endpoints with credentials, and the usual mistakes with them.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use crate::collector::Collector;
use crate::process::{Outcome, run};

pub(crate) const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

/// `user:p^ss`
pub(crate) const BASIC: &str = "Basic dXNlcjpwXnNz";

pub(crate) fn warning(outcome: &Outcome) -> &str {
    assert!(outcome.success, "{outcome:?}");
    let [warning] = outcome.messages("WARN")[..] else { panic!("{outcome:?}") };
    warning
}

#[test]
fn user_info_is_sent_as_basic_authentication() {
    for user_info in ["user:p^ss", "user:p%5Ess"] {
        for variable in ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] {
            let collector = Collector::answering(OK);
            let url = collector.url().replace("http://", &format!("http://{user_info}@"));
            let outcome = run("three_spans", &[(variable, url.as_str())]);
            assert!(outcome.messages("WARN").is_empty(), "{outcome:?}");
            let request = collector.next();
            assert_eq!(request.header("authorization"), Some(BASIC));
            assert_eq!(request.header("host"), Some(collector.url().trim_start_matches("http://")));
        }
    }
}

#[test]
fn a_header_that_is_set_wins_over_user_info() {
    let collector = Collector::answering(OK);
    let url = collector.url().replace("http://", "http://user:p^ss@");
    let headers = ("OTEL_EXPORTER_OTLP_HEADERS", "Authorization=Bearer%20x");
    run("three_spans", &[("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str()), headers]);
    assert_eq!(collector.next().header("authorization"), Some("Bearer x"));
}

#[cfg(feature = "otlp-grpc")]
#[test]
fn user_info_is_sent_over_grpc() {
    let (url, calls) = crate::grpc::collector("0");
    let url = url.replace("http://", "http://user:p^ss@");
    let environment = [("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), ("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str())];
    let outcome = run("three_spans_and_a_metric", &environment);
    assert!(outcome.messages("WARN").is_empty(), "{outcome:?}");
    for _ in ["spans", "metrics"] {
        let call = calls.recv_timeout(std::time::Duration::from_secs(10)).unwrap();
        assert_eq!(call.metadata.get("authorization").unwrap(), BASIC, "{}", call.path);
    }
}

/// A server that answers the first bytes of each connection with these bytes, and closes it.
pub(crate) fn answering_raw(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    // Ends with the test's process.
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            thread::spawn(move || {
                let mut request = [0; 4096];
                let _ = stream.read(&mut request);
                let _ = stream.write_all(answer);
                // Reading to the end lets the client read the answer before the connection is reset.
                let _ = stream.shutdown(std::net::Shutdown::Write);
                while stream.read(&mut request).is_ok_and(|read| read > 0) {}
            });
        }
    });
    format!("http://{address}")
}

#[test]
fn requests_by_http_to_a_server_of_grpc() {
    // SETTINGS, and a GOAWAY with a reason.
    let url = answering_raw(b"\0\0\0\x04\0\0\0\0\0\0\0\x08\x07\0\0\0\0\0\0\0\0\0\0\0\0\x01");
    let outcome = run("three_spans", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &url)]);
    let warning = warning(&outcome);
    assert!(
        warning.contains("HTTP/2 is spoken there") && warning.contains("OTEL_EXPORTER_OTLP_PROTOCOL=grpc"),
        "{warning}"
    );
}

#[test]
fn requests_without_tls_to_a_server_of_tls() {
    let alert = answering_raw(b"\x15\x03\x01\0\x02\x02\x46");
    let words = answering_raw(b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n");
    for url in [alert, words] {
        let outcome = run("three_spans", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &url)]);
        assert!(warning(&outcome).contains("set an endpoint that starts with https://"), "{outcome:?}");
    }
}

#[test]
fn requests_by_tls_to_a_server_without() {
    let url = answering_raw(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").replace("http://", "https://");
    let outcome = run("three_spans", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &url)]);
    assert!(warning(&outcome).contains("set an endpoint that starts with http://"), "{outcome:?}");
}

#[test]
fn a_path_that_nobody_serves() {
    let collector = Collector::answering("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
    let url = format!("{}/v1/traces", collector.url());
    let outcome = run("three_spans", &[("OTEL_EXPORTER_OTLP_ENDPOINT", &url)]);
    assert!(warning(&outcome).contains("gets the path of each signal appended"), "{outcome:?}");
}

#[cfg(feature = "otlp-grpc")]
#[test]
fn calls_of_grpc_to_a_server_of_something_else() {
    let http = answering_raw(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    let tls = answering_raw(b"\x15\x03\x01\0\x02\x02\x46");
    for (url, advice) in [(http, "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"), (tls, "https://")] {
        let environment = [("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), ("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str())];
        let outcome = run("three_spans", &environment);
        let warning = warning(&outcome);
        assert!(warning.contains("HTTP/2 is not spoken there") && warning.contains(advice), "{warning}");
    }
}
