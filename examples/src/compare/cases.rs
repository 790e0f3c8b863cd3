//! The requests to all servers, and the known facts of each.

use std::time::Duration;

use crate::handlers::{STREAM_PAUSE, STREAM_PIECES};

/// The parent that the SERVER span must have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parent {
    /// The client's span.
    Client,
    /// None: the span starts a trace.
    None,
    /// The span in the `traceparent` of the request.
    Remote {
        /// As in the header, in hexadecimal.
        trace_id: &'static str,
        /// As in the header, in hexadecimal.
        span_id: &'static str,
    },
    /// There is no span: the client decided not to sample the trace.
    Unsampled,
}

/// A request, and the facts that hold for the span of any correct server.
#[derive(Clone, Debug)]
pub struct Case {
    /// The difference from the other requests.
    pub note: &'static str,
    /// The method.
    pub method: &'static str,
    /// Path and query.
    pub target: &'static str,
    /// More arguments for the client.
    pub arguments: Vec<&'static str>,
    /// The status of the answer.
    pub status: u16,
    /// The recorded route.
    pub route: Option<&'static str>,
    /// The parent of the span.
    pub parent: Parent,
    /// The shortest duration of the span.
    pub duration: Duration,
}

impl Case {
    fn new(method: &'static str, target: &'static str, status: u16, route: Option<&'static str>) -> Self {
        Self {
            note: "",
            method,
            target,
            arguments: Vec::new(),
            status,
            route,
            parent: Parent::Client,
            duration: Duration::ZERO,
        }
    }

    fn get(target: &'static str, status: u16, route: &'static str) -> Self {
        Self::new("GET", target, status, Some(route))
    }

    /// The request of OpenTelemetry's example.
    fn seed() -> Self {
        Self::get("/server_request?param=testing", 200, "/server_request")
    }

    fn note(mut self, note: &'static str) -> Self {
        self.note = note;
        self
    }

    fn header(self, line: &'static str) -> Self {
        self.argument("-H").argument(line)
    }

    fn json(self, body: &'static str) -> Self {
        self.header("content-type: application/json").argument("-d").argument(body)
    }

    fn argument(mut self, argument: &'static str) -> Self {
        self.arguments.push(argument);
        self
    }

    fn parent(mut self, parent: Parent) -> Self {
        self.parent = parent;
        self
    }

    fn takes(mut self, duration: Duration) -> Self {
        self.duration = duration;
        self
    }

    /// The arguments with which `client` sends it to a server on `port`.
    #[must_use]
    pub fn client_arguments(&self, port: u16) -> Vec<String> {
        let url = format!("http://localhost:{port}{}", self.target);
        let fixed = ["--url", &url, "-X", self.method];
        fixed.into_iter().chain(self.arguments.iter().copied()).map(str::to_owned).collect()
    }
}

/// All requests, in the order in which they are sent.
#[must_use]
pub fn cases() -> Vec<Case> {
    [routing(), errors_and_bodies(), methods(), headers(), trace_context()].concat()
}

fn routing() -> Vec<Case> {
    vec![
        Case::seed(),
        Case::get("/users/7", 200, "/users/{id}").note("path parameter"),
        Case::get("/users/me", 200, "/users/{id}").note("overlapping routes, guard refuses"),
        Case::get("/users/me", 200, "/users/me").header("X-Session: 42").note("overlapping routes, guard accepts"),
        Case::get("/admin/reindex", 200, "/admin/{task}").header("X-Admin: yes").note("guard accepts"),
        Case::new("GET", "/admin/reindex", 404, None).note("guard refuses: no route"),
        Case::get("/api/v1/ping/ada", 200, "/api/{version}/ping/{name}").note("nested scope"),
        Case::new("GET", "/api/v1/pong", 404, None).note("not found in a scope"),
        Case::new("GET", "/nowhere?a=1", 404, None).note("not found"),
        Case::new("GET", "/", 404, None).note("root path"),
        Case::get("/users/a%20b%2Fc%C3%A9?q=%20%41", 200, "/users/{id}").note("percent-encoded, stays as sent"),
    ]
}

fn errors_and_bodies() -> Vec<Case> {
    vec![
        Case::get("/items/12", 200, "/items/{number}").note("typed path parameter"),
        Case::get("/items/twelve", 404, "/items/{number}").note("rejected by the extractor"),
        Case::new("POST", "/orders", 201, Some("/orders")).json(r#"{"item":"tea","quantity":2}"#).note("JSON body"),
        Case::new("POST", "/orders", 400, Some("/orders")).json(r#"{"item":"tea""#).note("broken JSON body"),
        Case::get("/fail", 500, "/fail").note("the handler returns an error"),
        Case::get("/unavailable", 503, "/unavailable").note("an error status without an error"),
        Case::get("/stream", 200, "/stream").takes(STREAM_PAUSE * STREAM_PIECES).note("streamed body"),
    ]
}

fn methods() -> Vec<Case> {
    vec![
        Case::new("HEAD", "/health", 200, Some("/health")),
        Case::new("DELETE", "/health", 405, Some("/health")).note("wrong method for a resource"),
        Case::new("POST", "/server_request", 404, None).note("wrong method for a guarded route"),
        Case::new("BREW", "/health", 405, Some("/health")).note("unknown method"),
        Case::new("get", "/nowhere", 404, None).note("methods are case-sensitive"),
    ]
}

fn headers() -> Vec<Case> {
    vec![
        Case::get("/server_request?param=1&sig=s3cret&X-Amz-Signature=abc&Sig=x", 200, "/server_request")
            .note("credentials in the query"),
        Case::get("/server_request?", 200, "/server_request").note("empty query"),
        Case::seed().header("User-Agent:").note("no User-Agent"),
        Case::seed().header("User-Agent: caf\u{e9}/1.0 (\u{1f980})").note("User-Agent beyond ASCII"),
        Case::seed().argument("--http1.0").note("HTTP/1.0"),
        Case::seed().header("Host: example.com").note("Host without a port"),
        Case::seed().header("Host: example.com:9999").note("another Host"),
        Case::seed().header("Host: [::1]:8080").note("IPv6 Host"),
        Case::seed().header("Host: [::1").note("hostile Host: open bracket"),
        Case::seed().header("Host: example.com:99999").note("hostile Host: impossible port"),
        Case::seed().header("Host: user:secret@example.com").note("hostile Host: credentials"),
        Case::seed().header("Host: a b/<c>").note("hostile Host: no host at all"),
        Case::seed()
            .header("X-Forwarded-For: 192.0.2.1")
            .header("X-Forwarded-Proto: https")
            .header("X-Forwarded-Host: evil.example")
            .header("Forwarded: for=192.0.2.1;host=evil.example;proto=https")
            .note("forwarded headers are not believed"),
    ]
}

fn trace_context() -> Vec<Case> {
    const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const SPAN: &str = "00f067aa0ba902b7";
    vec![
        Case::seed().header("traceparent:").parent(Parent::None).note("no traceparent"),
        Case::seed().header("traceparent: 00-garbage").parent(Parent::None).note("garbage in traceparent"),
        Case::seed()
            .header("traceparent: 00-00000000000000000000000000000000-00f067aa0ba902b7-01")
            .parent(Parent::None)
            .note("traceparent without a trace"),
        Case::seed()
            .header("traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
            .header("tracestate: vendor=value,other=1")
            .parent(Parent::Remote { trace_id: TRACE, span_id: SPAN })
            .note("someone else's trace, with tracestate"),
        Case::seed().header("baggage: =;,%%%,key=val ue;;").note("garbage in baggage"),
        Case::seed()
            .header("traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00")
            .parent(Parent::Unsampled)
            .note("a trace that is not sampled: no span"),
    ]
}
