//! A request that is being built.

use std::borrow::Cow;
use std::fmt::Display;
use std::time::Duration;

use super::call::Call;
use super::reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use super::reqwest::{Body, Error, Request, RequestBuilder, Response, Version};

/// A request that is being built, and has a span when it is sent.
#[derive(Debug)]
#[must_use = "a request does nothing until it is sent"]
pub struct TracedRequest {
    builder: RequestBuilder,
    template: Option<Cow<'static, str>>,
}

impl TracedRequest {
    pub(super) fn new(builder: RequestBuilder) -> Self {
        Self { builder, template: None }
    }

    /// Sets `url.template`: the path with placeholders, such as `/users/{id}`. The span's name contains it.
    pub fn template(mut self, template: impl Into<Cow<'static, str>>) -> Self {
        self.template = Some(template.into());
        self
    }

    /// Changes the request with any method of `reqwest::RequestBuilder`, for example one of an optional feature.
    pub fn with(mut self, change: impl FnOnce(RequestBuilder) -> RequestBuilder) -> Self {
        self.builder = change(self.builder);
        self
    }

    /// Adds a header.
    pub fn header<K, V>(self, key: K, value: V) -> Self
    where
        HeaderName: TryFrom<K>,
        <HeaderName as TryFrom<K>>::Error: Into<http::Error>,
        HeaderValue: TryFrom<V>,
        <HeaderValue as TryFrom<V>>::Error: Into<http::Error>,
    {
        self.with(|builder| builder.header(key, value))
    }

    /// Sets headers, and replaces headers of the same name.
    pub fn headers(self, headers: HeaderMap) -> Self {
        self.with(|builder| builder.headers(headers))
    }

    /// Authenticates by user name and password.
    pub fn basic_auth(self, username: impl Display, password: Option<impl Display>) -> Self {
        self.with(|builder| builder.basic_auth(username, password))
    }

    /// Authenticates by a token.
    pub fn bearer_auth(self, token: impl Display) -> Self {
        self.with(|builder| builder.bearer_auth(token))
    }

    /// Sets the body.
    pub fn body(self, body: impl Into<Body>) -> Self {
        self.with(|builder| builder.body(body))
    }

    /// Limits the time until the end of the response's body.
    pub fn timeout(self, timeout: Duration) -> Self {
        self.with(|builder| builder.timeout(timeout))
    }

    /// Sets the protocol version.
    pub fn version(self, version: Version) -> Self {
        self.with(|builder| builder.version(version))
    }

    /// Builds the request without sending it.
    ///
    /// # Errors
    ///
    /// The errors of `reqwest::RequestBuilder::build`.
    pub fn build(self) -> Result<Request, Error> {
        self.builder.build()
    }

    /// Copies the request. `None` if its body is a stream.
    #[must_use]
    pub fn try_clone(&self) -> Option<Self> {
        Some(Self { builder: self.builder.try_clone()?, template: self.template.clone() })
    }

    /// Sends the request.
    ///
    /// # Errors
    ///
    /// The errors of `reqwest::RequestBuilder::send`.
    pub async fn send(self) -> Result<Response, Error> {
        let (client, request) = self.builder.build_split();
        Call::new(request?, self.template.as_deref(), |request| client.execute(request)).await
    }
}
