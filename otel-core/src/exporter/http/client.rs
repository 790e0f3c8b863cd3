//! Sends OTLP messages by the settings, and retries where that may help.

use std::io::{self, Write as _};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};
use http::{Method, Request, Response, Uri};
use hyper::body::Bytes;
use tokio::runtime::{Builder, Runtime};

use super::connection::Connection;
use super::connector::Connector;
use super::failure::{AttemptFailure, advice};
use crate::config::{OtlpCompression, OtlpSettings};
use crate::exporter::otlp::json;
use crate::exporter::otlp_headers;
use crate::exporter::retry::{Backoff, RetryBudget, RetryDelay, retry_after};

/// Sends to one endpoint.
#[derive(Debug)]
pub(crate) struct OtlpHttpClient {
    headers: HeaderMap,
    timeout: Duration,
    compression: OtlpCompression,
    /// The schema of the messages if they are sent as JSON.
    json: Option<&'static json::MessageSchema>,
    budget: RetryBudget,
    connection: Connection,
    /// Made at the first request: on the exporter's thread, which belongs to no other runtime.
    runtime: OnceLock<Option<Runtime>>,
}

impl OtlpHttpClient {
    /// A client for these settings, which sends to `endpoint`. `json` is the schema of the messages if they are sent as
    /// JSON.
    pub(crate) fn new(
        endpoint: Uri,
        settings: &OtlpSettings,
        json: Option<&'static json::MessageSchema>,
        timeout: Duration,
    ) -> Self {
        let mut headers = otlp_headers::configured(settings);
        headers.entry(USER_AGENT).or_insert(HeaderValue::from_static(crate::exporter::USER_AGENT));
        let content_type = if json.is_some() { "application/json" } else { "application/x-protobuf" };
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        if settings.compression == OtlpCompression::Gzip {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        Self {
            headers,
            timeout,
            compression: settings.compression,
            json,
            budget: RetryBudget::default(),
            connection: Connection::new(Connector::new(endpoint, settings)),
            runtime: OnceLock::new(),
        }
    }

    pub(crate) fn budget(&self) -> RetryBudget {
        self.budget.clone()
    }

    /// Sends an encoded message until the answer is final or the timeout has passed. Returns the answer
    /// if its status is a success.
    ///
    /// # Errors
    ///
    /// Returns the reason if the message was refused or no answer came.
    pub(crate) fn send(&mut self, mut message: Bytes) -> Result<Response<Bytes>, String> {
        if let Some(schema) = self.json {
            let mut text = Vec::with_capacity(message.len() * 2);
            json::write(&message, schema, &mut text);
            message = text.into();
        }
        if self.compression == OtlpCompression::Gzip {
            message = gzip(&message).map_err(|error| error.to_string())?;
        }
        let mut request = Request::new(message);
        *request.method_mut() = Method::POST;
        *request.headers_mut() = self.headers.clone();
        match self.send_with_retries(&request) {
            Ok(answer) if answer.status().is_success() => Ok(answer),
            result => Err(self.reason(&result)),
        }
    }

    fn send_with_retries(&mut self, request: &Request<Bytes>) -> Result<Response<Bytes>, AttemptFailure> {
        let started = Instant::now();
        let deadline = started.checked_add(self.timeout).unwrap_or(started);
        let mut backoff = Backoff::default();
        loop {
            let result = self.attempt(request, deadline);
            let delay = match &result {
                Ok(answer) => retry_after(answer),
                Err(failure) => failure.is_temporary.then_some(RetryDelay::Backoff),
            };
            let Some(delay) = delay else { return result };
            self.budget.report_retry(&self.reason(&result), started.elapsed());
            let requested = matches!(delay, RetryDelay::Requested(_));
            if !self.budget.wait(backoff.next(delay), requested, deadline) {
                return result;
            }
        }
    }

    fn attempt(&mut self, request: &Request<Bytes>, deadline: Instant) -> Result<Response<Bytes>, AttemptFailure> {
        let runtime = self.runtime.get_or_init(|| Builder::new_current_thread().enable_all().build().ok());
        let runtime = runtime.as_ref().ok_or_else(|| AttemptFailure::lasting("no tokio runtime could be started"))?;
        runtime.block_on(async {
            let timed_out = |_| AttemptFailure::temporary("no answer in time");
            tokio::time::timeout_at(deadline.into(), self.connection.send(request)).await.map_err(timed_out)?
        })
    }

    /// The reason why a result is no success.
    fn reason(&self, result: &Result<Response<Bytes>, AttemptFailure>) -> String {
        let mut reason = match result {
            Ok(answer) => format!("status code: {}", answer.status().as_u16()),
            Err(failure) => failure.to_string(),
        };
        if let Some(variable) = self.connection.proxy() {
            reason = format!("{reason}, through the proxy of {variable}");
        }
        if let Some(advice) = result.as_ref().ok().and_then(|answer| advice(answer.status(), answer.body())) {
            reason = format!("{reason}; {advice}");
        }
        reason
    }
}

impl Drop for OtlpHttpClient {
    fn drop(&mut self) {
        // Dropping a runtime waits for its threads, and panics on a thread of another runtime.
        if let Some(runtime) = self.runtime.take().flatten() {
            runtime.shutdown_background();
        }
    }
}

fn gzip(message: &[u8]) -> io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(message.len() / 4), Compression::default());
    encoder.write_all(message)?;
    encoder.finish().map(Bytes::from)
}
