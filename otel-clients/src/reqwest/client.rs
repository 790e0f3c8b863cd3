//! Sends requests with a span.

use otel_core::client::HttpClientSpan;
use otel_core::config::ClientLibrary;
use otel_core::http::ClientRequestFacts;

use super::error::error_type;
use super::request::TracedRequest;
use super::reqwest::{Body, Client, Error, IntoUrl, Method, Request, RequestBuilder, Response};
use super::response::traced;
use crate::http_span::http_span;

/// A client whose requests have spans. It replaces a `reqwest::Client`.
#[derive(Clone, Debug, Default)]
pub struct TracedClient {
    client: Client,
}

impl TracedClient {
    /// Wraps a client, whose requests then have spans.
    #[must_use]
    pub fn new(client: Client) -> Self {
        Self { client }
    }

    /// The client itself, whose requests have no spans.
    #[must_use]
    pub fn inner(&self) -> &Client {
        &self.client
    }

    /// Starts to build a request.
    pub fn request(&self, method: Method, url: impl IntoUrl) -> TracedRequest {
        TracedRequest::new(self.client.request(method, url))
    }

    /// Starts to build a `GET` request.
    pub fn get(&self, url: impl IntoUrl) -> TracedRequest {
        self.request(Method::GET, url)
    }

    /// Starts to build a `POST` request.
    pub fn post(&self, url: impl IntoUrl) -> TracedRequest {
        self.request(Method::POST, url)
    }

    /// Starts to build a `PUT` request.
    pub fn put(&self, url: impl IntoUrl) -> TracedRequest {
        self.request(Method::PUT, url)
    }

    /// Starts to build a `PATCH` request.
    pub fn patch(&self, url: impl IntoUrl) -> TracedRequest {
        self.request(Method::PATCH, url)
    }

    /// Starts to build a `DELETE` request.
    pub fn delete(&self, url: impl IntoUrl) -> TracedRequest {
        self.request(Method::DELETE, url)
    }

    /// Starts to build a `HEAD` request.
    pub fn head(&self, url: impl IntoUrl) -> TracedRequest {
        self.request(Method::HEAD, url)
    }

    /// Sends a request.
    ///
    /// # Errors
    ///
    /// The errors of `reqwest::Client::execute`.
    pub async fn execute(&self, request: Request) -> Result<Response, Error> {
        execute(&self.client, request).await
    }
}

impl From<Client> for TracedClient {
    fn from(client: Client) -> Self {
        Self::new(client)
    }
}

/// Sends a request of any client with a span.
pub trait SendTraced {
    /// As `send`, with a span.
    ///
    /// # Errors
    ///
    /// The errors of `send`.
    fn send_traced(self) -> impl Future<Output = Result<Response, Error>> + Send;
}

impl SendTraced for RequestBuilder {
    async fn send_traced(self) -> Result<Response, Error> {
        let (client, request) = self.build_split();
        execute(&client, request?).await
    }
}

/// Sends a request of any client with a span.
///
/// # Errors
///
/// The errors of `reqwest::Client::execute`.
pub async fn execute(client: &Client, request: Request) -> Result<Response, Error> {
    execute_with(client, request, None).await
}

/// Sends a request. `template` is the path with its variable parts as placeholders.
pub(super) async fn execute_with(
    client: &Client,
    mut request: Request,
    template: Option<&str>,
) -> Result<Response, Error> {
    let span = started(&mut request, template);
    let result = span.run(client.execute(request)).await;
    match result {
        Ok(response) => Ok(traced(response, span)),
        Err(error) => {
            span.fail(error_type(&error));
            Err(error)
        }
    }
}

/// Starts the span of a request, and injects its context.
fn started(request: &mut Request, template: Option<&str>) -> HttpClientSpan {
    let url = request.url();
    // The URL has no credentials: `reqwest` has moved them to a header.
    let mut facts = ClientRequestFacts::new(request.method().as_str(), url.scheme(), url.authority(), url.path());
    facts.query = url.query();
    facts.template = template;
    facts.body_size = request.body().and_then(Body::as_bytes).map(|bytes| bytes.len() as u64);
    facts.headers = request.headers();
    let span = http_span(ClientLibrary::Reqwest, &facts);
    span.inject(request.headers_mut());
    span
}
