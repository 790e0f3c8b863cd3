//! Spans of outgoing calls: `otel_core::client` behind the interface of `otel-hooks`.

use std::time::Duration;

use otel_core::client::{DatabaseSpan, HttpClientSpan, scope};
use otel_core::{client, config, database, http};
use otel_hooks::client::{Attached, DatabaseCall, HttpCall, RequestHeaders};
use otel_hooks::config::ClientLibrary;
use otel_hooks::database::DatabaseFacts;
use otel_hooks::http::{ClientRequestFacts, ClientResponseFacts, HeaderLookup, HttpVersion};

pub(crate) fn is_enabled(library: ClientLibrary) -> bool {
    let library = match library {
        ClientLibrary::Awc => config::ClientLibrary::Awc,
        ClientLibrary::Reqwest => config::ClientLibrary::Reqwest,
        ClientLibrary::Sqlx => config::ClientLibrary::Sqlx,
    };
    library.is_enabled()
}

pub(crate) fn start_http_call(facts: &ClientRequestFacts<'_>) -> Box<dyn HttpCall> {
    let headers = Headers(facts.headers);
    let mut of_core = http::ClientRequestFacts::new(facts.method, facts.scheme, facts.authority, facts.path);
    of_core.query = facts.query;
    of_core.template = facts.template;
    of_core.resend_count = facts.resend_count;
    of_core.body_size = facts.body_size;
    of_core.headers = &headers;
    Box::new(Request(HttpClientSpan::start(scope(), &of_core)))
}

pub(crate) fn start_database_call(facts: &DatabaseFacts<'_>) -> Box<dyn DatabaseCall> {
    let mut of_core = database::DatabaseFacts::new(facts.system);
    of_core.query = facts.query;
    of_core.namespace = facts.namespace;
    of_core.server_address = facts.server_address;
    of_core.server_port = facts.server_port;
    Box::new(Query(DatabaseSpan::start(scope(), &of_core)))
}

pub(crate) fn time_out(give_up: &mut dyn FnMut()) {
    client::time_out(give_up);
}

#[derive(Debug)]
struct Request(HttpClientSpan);

impl HttpCall for Request {
    fn inject(&self, headers: &mut dyn RequestHeaders) {
        self.0.inject(&mut HeadersToSet(headers));
    }

    fn attach(&self) -> Attached {
        attached(self.0.attach())
    }

    fn respond(&mut self, facts: &ClientResponseFacts<'_>) {
        let headers = Headers(facts.headers);
        let version = match facts.version {
            HttpVersion::Http09 => http::HttpVersion::Http09,
            HttpVersion::Http10 => http::HttpVersion::Http10,
            HttpVersion::Http11 => http::HttpVersion::Http11,
            HttpVersion::Http2 => http::HttpVersion::Http2,
            HttpVersion::Http3 => http::HttpVersion::Http3,
        };
        let mut of_core = http::ClientResponseFacts::new(facts.status, version);
        of_core.peer = facts.peer;
        of_core.authority = facts.authority;
        self.0.respond(&of_core.with_headers(&headers));
    }

    fn is_open(&self) -> bool {
        self.0.is_open()
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn add_response_body_size(&mut self, bytes: usize) {
        self.0.add_response_body_size(bytes);
    }

    fn end(self: Box<Self>) {
        self.0.end();
    }

    fn fail(self: Box<Self>, error_type: &'static str) {
        self.0.fail(error_type);
    }
}

/// The same guard in the type of `otel-hooks`. It is made in each poll: without an allocation.
fn attached(guard: client::Attached) -> Attached {
    guard
        .into_parts()
        .map_or(Attached::nothing(), |(context, outer)| Attached::new(context, outer, client::Attached::restore))
}

#[derive(Debug)]
struct Query(DatabaseSpan);

impl DatabaseCall for Query {
    fn attach(&self) -> Attached {
        attached(self.0.attach())
    }

    fn set_returned_rows(&mut self, rows: u64) {
        self.0.set_returned_rows(rows);
    }

    fn end(self: Box<Self>) {
        self.0.end();
    }

    fn fail(self: Box<Self>, error_type: &'static str, code: Option<&str>) {
        self.0.fail(error_type, code);
    }
}

struct Headers<'a>(&'a dyn HeaderLookup);

impl http::HeaderLookup for Headers<'_> {
    fn first(&self, name: &str) -> Option<&[u8]> {
        self.0.first(name)
    }

    fn visit<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8])) {
        self.0.visit(visitor);
    }
}

struct HeadersToSet<'a>(&'a mut dyn RequestHeaders);

impl client::RequestHeaders for HeadersToSet<'_> {
    fn set(&mut self, name: &str, value: &[u8]) {
        self.0.set(name, value);
    }

    fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }
}
