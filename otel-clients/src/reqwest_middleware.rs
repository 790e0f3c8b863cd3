//! HTTP requests by `reqwest-middleware` 0.5.
//!
//! ```no_run
//! use otel_clients::reqwest_middleware::ClientTelemetry;
//! use reqwest_middleware::ClientBuilder;
//! # use reqwest_0_13 as reqwest;
//!
//! let client = ClientBuilder::new(reqwest::Client::new()).with(ClientTelemetry::new()).build();
//! ```
//!
//! Middleware that sends requests again belongs before this one: each attempt then has a span of its own, and
//! `http.request.resend_count` counts them.

use async_trait::async_trait;
use http::Extensions;
use otel_core::client::HttpClientSpan;
use otel_core::config::ClientLibrary;
use otel_core::http::ClientRequestFacts;
use reqwest_0_13::{Body, Request, Response};
use reqwest_middleware::{Error, Middleware, Next, Result};

use crate::http_span::http_span;
use crate::reqwest::reqwest_0_13::{error_type, traced};
pub use crate::url_template::UrlTemplate;

/// Middleware that gives each request a span.
#[derive(Clone, Debug, Default)]
pub struct ClientTelemetry {
    _private: (),
}

impl ClientTelemetry {
    /// Creates the middleware.
    #[must_use]
    pub const fn new() -> Self {
        Self { _private: () }
    }
}

/// The number of times that the request was sent.
#[derive(Clone, Copy, Debug)]
struct Sent(u32);

#[async_trait]
impl Middleware for ClientTelemetry {
    async fn handle(&self, mut request: Request, extensions: &mut Extensions, next: Next<'_>) -> Result<Response> {
        let span = started(&mut request, extensions);
        let result = span.run(next.run(request, extensions)).await;
        match result {
            Ok(response) => Ok(traced(response, span)),
            Err(error) => {
                if span.is_open() {
                    span.fail(match &error {
                        Error::Reqwest(error) => error_type(error),
                        Error::Middleware(_) => "middleware",
                    });
                }
                Err(error)
            }
        }
    }
}

fn started(request: &mut Request, extensions: &mut Extensions) -> HttpClientSpan {
    let sent = extensions.get::<Sent>().map_or(0, |sent| sent.0);
    extensions.insert(Sent(sent + 1));
    let url = request.url();
    let mut facts = ClientRequestFacts::new(request.method().as_str(), url.scheme(), url.authority(), url.path());
    facts.query = url.query();
    facts.template = extensions.get::<UrlTemplate>().map(|UrlTemplate(template)| &**template);
    facts.resend_count = sent;
    facts.body_size = request.body().and_then(Body::as_bytes).map(|bytes| bytes.len() as u64);
    facts.headers = request.headers();
    let span = http_span(ClientLibrary::Reqwest, &facts);
    span.inject(request.headers_mut());
    span
}
