//! Sends requests with a span.

use std::future::Future;

use super::call::Call;
use super::request::TracedRequest;
use super::reqwest::{Client, Error, IntoUrl, Method, Request, RequestBuilder, Response};

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
    Call::new(request, None, |request| client.execute(request)).await
}
