//! `fastrace`, wired by hand: it has no middleware for actix-web. The attributes are those of the other variants.

use std::borrow::Cow;
use std::error::Error;
use std::future::Future;

use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::http::{Version, header};
use fastrace::collector::{Config, Reporter, SpanContext, SpanRecord};
use fastrace::future::FutureExt as _;
use fastrace::local::LocalSpan;
use fastrace::{Span, set_reporter};
use fastrace_opentelemetry::OpenTelemetryReporter;
use opentelemetry::InstrumentationScope;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;

use crate::variant::manual::known;
use crate::variant::{Export, Installed};

#[derive(Debug)]
struct Nowhere;

impl Reporter for Nowhere {
    fn report(&mut self, _: Vec<SpanRecord>) {}
}

/// Installs the reporter.
pub(in crate::variant) fn install(export: Export) -> Result<Installed, Box<dyn Error>> {
    match export {
        Export::Nowhere => set_reporter(Nowhere, Config::default()),
        Export::Otlp => {
            let exporter = SpanExporter::builder().with_http().with_protocol(Protocol::HttpBinary).build()?;
            let scope = InstrumentationScope::builder("fastrace").build();
            let reporter = OpenTelemetryReporter::new(exporter, Cow::Owned(Resource::builder().build()), scope);
            set_reporter(reporter, Config::default());
        }
    }
    Ok(Installed::nothing().settles(fastrace::flush).finish(fastrace::flush))
}

type Property = (&'static str, Cow<'static, str>);

/// Middleware for `App::wrap_fn`.
pub(in crate::variant) fn server_span<S, B>(
    request: ServiceRequest,
    service: &S,
) -> impl Future<Output = Result<ServiceResponse<B>, actix_web::Error>> + use<S, B>
where
    S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = actix_web::Error>,
{
    let parent = request.headers().get("traceparent").and_then(|value| value.to_str().ok());
    let parent = parent.and_then(SpanContext::decode_w3c_traceparent).unwrap_or_else(SpanContext::random);
    // A root span keeps its name, so the route has to be known before routing.
    let route = request.match_pattern().unwrap_or_default();
    let method = known(request.method());
    let root = Span::root(format!("{method} {route}"), parent);
    let root = root.with_properties(|| properties(method, &request, route));
    let answered = {
        let _local = root.set_local_parent();
        service.call(request)
    };
    async move {
        let result = answered.await;
        let status = match &result {
            Ok(response) => response.status(),
            Err(error) => error.as_response_error().status_code(),
        };
        LocalSpan::add_property(|| ("http.response.status_code", status.as_str().to_owned()));
        if status.is_server_error() {
            LocalSpan::add_properties(|| {
                [("error.type", Cow::Owned(status.as_str().to_owned())), ("span.status_code", Cow::Borrowed("error"))]
            });
        }
        result
    }
    .in_span(root)
}

fn properties(method: &'static str, request: &ServiceRequest, route: String) -> Vec<Property> {
    let mut properties: Vec<Property> = Vec::with_capacity(14);
    properties.push(("span.kind", "server".into()));
    properties.push(("http.request.method", method.into()));
    properties.push(("http.route", route.into()));
    properties.push(("url.scheme", if request.app_config().secure() { "https" } else { "http" }.into()));
    properties.push(("url.path", request.path().to_owned().into()));
    if let Some(query) = request.uri().query() {
        properties.push(("url.query", query.to_owned().into()));
    }
    if let Some(host) = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()) {
        let (address, port) = host.rsplit_once(':').unwrap_or((host, "80"));
        properties.push(("server.address", address.to_owned().into()));
        properties.push(("server.port", port.to_owned().into()));
    }
    if let Some(peer) = request.peer_addr() {
        let address = peer.ip().to_string();
        properties.push(("client.address", address.clone().into()));
        properties.push(("network.peer.address", address.into()));
        properties.push(("network.peer.port", peer.port().to_string().into()));
    }
    match request.version() {
        Version::HTTP_10 => properties.push(("network.protocol.version", "1.0".into())),
        Version::HTTP_11 => properties.push(("network.protocol.version", "1.1".into())),
        Version::HTTP_2 => properties.push(("network.protocol.version", "2".into())),
        _ => {}
    }
    if let Some(agent) = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()) {
        properties.push(("user_agent.original", agent.to_owned().into()));
    }
    properties
}
