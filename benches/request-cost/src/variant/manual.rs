//! Spans written by hand on the OpenTelemetry API, with the attributes that the conventions require or recommend.
//!
//! The code of an experienced author for one application: straight, and cheaper than [the
//! example](../../../../../examples/src/manual), which handles the corner cases too. The span ends with the head of the
//! response.

use std::future::Future;
use std::sync::OnceLock;

use actix_web::Error;
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap};
use actix_web::http::{Method, Version};
use opentelemetry::global::BoxedTracer;
use opentelemetry::propagation::Extractor;
use opentelemetry::trace::{FutureExt as _, SpanKind, Status, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, KeyValue, global};

/// Middleware for `App::wrap_fn`.
pub(super) fn server_span<S, B>(
    request: ServiceRequest,
    service: &S,
) -> impl Future<Output = Result<ServiceResponse<B>, Error>> + use<S, B>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error>,
{
    let method = known(request.method());
    let parent = global::get_text_map_propagator(|propagator| propagator.extract(&Headers(request.headers())));
    let tracer = tracer();
    let span = tracer
        .span_builder(method)
        .with_kind(SpanKind::Server)
        .with_attributes(attributes(method, &request))
        .start_with_context(tracer, &parent);
    let context = parent.with_span(span);
    let answered = {
        let _current = context.clone().attach();
        service.call(request)
    };
    async move {
        let result = answered.with_context(context.clone()).await;
        match &result {
            Ok(response) => record_response(&context, method, response),
            Err(error) => record_error(&context, error),
        }
        context.span().end();
        result
    }
}

/// The tracer, created once, as OpenTelemetry's documentation recommends.
fn tracer() -> &'static BoxedTracer {
    static TRACER: OnceLock<BoxedTracer> = OnceLock::new();
    TRACER.get_or_init(|| global::tracer("by hand"))
}

/// The attribute of a method. An unknown one is text of the client.
pub(super) fn known(method: &Method) -> &'static str {
    match *method {
        Method::CONNECT => "CONNECT",
        Method::DELETE => "DELETE",
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::TRACE => "TRACE",
        _ => "_OTHER",
    }
}

/// The attributes that are known when the span starts.
fn attributes(method: &'static str, request: &ServiceRequest) -> Vec<KeyValue> {
    let mut attributes = Vec::with_capacity(14);
    attributes.push(KeyValue::new("http.request.method", method));
    attributes.push(KeyValue::new("url.scheme", if request.app_config().secure() { "https" } else { "http" }));
    attributes.push(KeyValue::new("url.path", request.path().to_owned()));
    if let Some(query) = request.uri().query() {
        attributes.push(KeyValue::new("url.query", query.to_owned()));
    }
    if let Some(host) = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()) {
        let (address, port) = host.rsplit_once(':').unwrap_or((host, "80"));
        attributes.push(KeyValue::new("server.address", address.to_owned()));
        attributes.push(KeyValue::new("server.port", port.parse::<i64>().unwrap_or(80)));
    }
    if let Some(peer) = request.peer_addr() {
        let address = peer.ip().to_string();
        attributes.push(KeyValue::new("client.address", address.clone()));
        attributes.push(KeyValue::new("network.peer.address", address));
        attributes.push(KeyValue::new("network.peer.port", i64::from(peer.port())));
    }
    match request.version() {
        Version::HTTP_10 => attributes.push(KeyValue::new("network.protocol.version", "1.0")),
        Version::HTTP_11 => attributes.push(KeyValue::new("network.protocol.version", "1.1")),
        Version::HTTP_2 => attributes.push(KeyValue::new("network.protocol.version", "2")),
        _ => {}
    }
    if let Some(agent) = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()) {
        attributes.push(KeyValue::new("user_agent.original", agent.to_owned()));
    }
    attributes
}

fn record_response<B>(context: &Context, method: &str, response: &ServiceResponse<B>) {
    let span = context.span();
    if let Some(route) = response.request().match_pattern() {
        span.update_name(format!("{method} {route}"));
        span.set_attribute(KeyValue::new("http.route", route));
    }
    let status = response.status();
    span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status.as_u16())));
    if status.is_server_error() {
        span.set_attribute(KeyValue::new("error.type", status.as_str().to_owned()));
        span.set_status(Status::error(""));
    }
}

fn record_error(context: &Context, error: &Error) {
    let span = context.span();
    let status = error.as_response_error().status_code();
    span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status.as_u16())));
    if status.is_server_error() {
        span.set_attribute(KeyValue::new("error.type", status.as_str().to_owned()));
        span.set_status(Status::error(error.to_string()));
    }
}

struct Headers<'a>(&'a HeaderMap);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(header::HeaderName::as_str).collect()
    }
}
