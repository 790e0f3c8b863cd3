//! W3C trace context through a whole server, by the cases of the W3C's conformance suite
//! ([trace-context/test](https://github.com/w3c/trace-context/tree/main/test)): the headers that a handler sends on.

mod parent;
mod state;

use super::support::{TestServer, serve};
use actix_web::{App, web};
use opentelemetry::{Context, global};
use std::collections::HashMap;

const TRACE_ID: &str = "12345678901234567890123456789012";
const PARENT: &str = "00-12345678901234567890123456789012-1234567890123456-01";

fn server() -> TestServer {
    async fn calls_on() -> String {
        let mut carrier = HashMap::new();
        global::get_text_map_propagator(|propagator| propagator.inject_context(&Context::current(), &mut carrier));
        let state = carrier.get("tracestate").map_or("-", String::as_str);
        format!("{}\n{state}", carrier["traceparent"])
    }
    serve!(|| App::new().default_service(web::to(calls_on)))
}

/// The headers that a handler sends on.
#[derive(Debug)]
struct Sent {
    trace_id: String,
    span_id: String,
    flags: String,
    /// `None`: no such header.
    state: Option<String>,
}

impl Sent {
    /// Sends header lines as they are.
    fn with(server: &TestServer, lines: &[&str]) -> Self {
        let lines: String = lines.iter().map(|line| [line, "\r\n"].concat()).collect();
        let response =
            server.send_raw(&format!("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{lines}\r\n"));
        let (_, body) = response.split_once("\r\n\r\n").unwrap();
        let (parent, state) = body.split_once('\n').unwrap();
        let fields: Vec<&str> = parent.split('-').collect();
        let [version, trace_id, span_id, flags] = fields[..] else { panic!("{parent}") };
        assert_eq!((version, trace_id.len(), span_id.len(), flags.len()), ("00", 32, 16, 2), "{parent}");
        assert!(trace_id.bytes().any(|digit| digit != b'0') && span_id.bytes().any(|digit| digit != b'0'));
        let state = (state != "-").then(|| state.to_owned());
        Self { trace_id: trace_id.to_owned(), span_id: span_id.to_owned(), flags: flags.to_owned(), state }
    }

    fn goes_on(&self) -> bool {
        assert_ne!(self.span_id, "1234567890123456", "the server's span is the parent of what is called");
        self.trace_id == TRACE_ID
    }
}

/// The trace goes on, for each of these `traceparent`s.
fn assert_go_on(parents: &[&str]) {
    let server = server();
    for parent in parents {
        assert!(Sent::with(&server, &[&format!("traceparent: {parent}")]).goes_on(), "{parent}");
    }
}

/// A new trace begins, for each of these `traceparent`s, and their `tracestate` is lost with them.
fn assert_restart(parents: &[&str]) {
    let server = server();
    for parent in parents {
        let sent = Sent::with(&server, &[&format!("traceparent: {parent}"), "tracestate: foo=1"]);
        assert!(!sent.goes_on(), "{parent}: {sent:?}");
        assert_eq!(sent.state, None, "{parent}");
    }
}

/// The `tracestate` that is sent on for these lines. The trace goes on in any case.
fn state(server: &TestServer, lines: &[&str]) -> Option<String> {
    let lines: Vec<String> = lines.iter().map(|line| format!("tracestate: {line}")).collect();
    let mut all = vec!["traceparent: 00-12345678901234567890123456789012-1234567890123456-00"];
    all.extend(lines.iter().map(String::as_str));
    let sent = Sent::with(server, &all);
    assert!(sent.goes_on(), "{lines:?}");
    sent.state
}

fn assert_states(cases: &[(&[&str], Option<&str>)]) {
    let server = server();
    for (lines, expected) in cases {
        assert_eq!(state(&server, lines).as_deref(), *expected, "{lines:?}");
    }
}
