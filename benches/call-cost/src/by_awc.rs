//! Requests by `awc`.

use std::future::{Ready, ready};

use actix_service::Service;
use awc::error::SendRequestError;
use awc::http::header::{HeaderName, HeaderValue};
use awc::middleware::Transform;
use awc::test::TestResponse;
use awc::{Client, ConnectRequest, ConnectResponse};
use opentelemetry::propagation::Injector;
use opentelemetry::trace::{SpanKind, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, KeyValue, global};
use opentelemetry_instrumentation_actix_web::ClientExt as _;
use otel_clients::awc::ClientTelemetry;

use crate::{measure, providers};

const URL: &str = "http://example.com:8080/users/42?verbose=1";

/// The innermost layer: it answers instead of sending.
struct Answer;

impl<S: 'static> Transform<S, ConnectRequest> for Answer {
    type Transform = Answer;

    fn new_transform(self, _: S) -> Answer {
        self
    }
}

impl Service<ConnectRequest> for Answer {
    type Response = ConnectResponse;
    type Error = SendRequestError;
    type Future = Ready<Result<ConnectResponse, SendRequestError>>;

    actix_service::always_ready!();

    fn call(&self, _: ConnectRequest) -> Self::Future {
        ready(Ok(ConnectResponse::Client(TestResponse::default().finish())))
    }
}

fn run(client: impl FnOnce() -> Client, call: impl AsyncFn(&Client)) {
    let system = actix_rt::System::new();
    let client = system.block_on(async { client() });
    measure(|| system.block_on(call(&client)));
}

async fn send(client: &Client) {
    drop(client.get(URL).send().await.unwrap());
}

pub(crate) fn plain() {
    run(|| Client::builder().wrap(Answer).finish(), send);
}

pub(crate) fn ours() {
    providers::ours();
    run(|| Client::builder().wrap(Answer).wrap(ClientTelemetry::new()).finish(), send);
}

pub(crate) fn others() {
    providers::sdk();
    run(
        || Client::builder().wrap(Answer).finish(),
        async |client| drop(client.get(URL).trace_request().send().await.unwrap()),
    );
}

pub(crate) fn by_hand() {
    struct Headers<'a>(&'a mut awc::http::header::HeaderMap);

    impl Injector for Headers<'_> {
        fn set(&mut self, key: &str, value: String) {
            self.0.insert(HeaderName::try_from(key).unwrap(), HeaderValue::try_from(value).unwrap());
        }
    }

    providers::sdk();
    let tracer = global::tracer("bench");
    run(
        || Client::builder().wrap(Answer).finish(),
        async |client| {
            let span = tracer
                .span_builder("GET")
                .with_kind(SpanKind::Client)
                .with_attributes([
                    KeyValue::new("http.request.method", "GET"),
                    KeyValue::new("server.address", "example.com"),
                    KeyValue::new("server.port", 8080),
                    KeyValue::new("url.full", URL),
                ])
                .start(&tracer);
            let context = Context::current_with_span(span);
            let mut request = client.get(URL);
            global::get_text_map_propagator(|propagator| {
                propagator.inject_context(&context, &mut Headers(request.headers_mut()));
            });
            let response = request.send().await.unwrap();
            let span = context.span();
            span.set_attribute(KeyValue::new("http.response.status_code", i64::from(response.status().as_u16())));
            span.set_attribute(KeyValue::new("network.protocol.version", "1.1"));
            span.end();
        },
    );
}
