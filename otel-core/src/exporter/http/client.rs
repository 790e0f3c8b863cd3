//! Sends OTLP messages as the settings want it, and again where that may help.
//!
//! Beside our own exporter of spans, those of `opentelemetry-otlp` send by it. Left to themselves they do not say why a
//! connection failed, let `OTEL_EXPORTER_OTLP_HEADERS` and `…_COMPRESSION` win over settings in code, and try three times
//! without regard to the end of the process. Here is the one place that all of their requests pass.

use std::io::{self, Read as _, Write as _};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};
use http::{Method, Request, Response, Uri};
use opentelemetry_http::{Bytes, HttpClient, HttpError};
use tokio::runtime::{Builder, Runtime};

use super::connection::Connection;
use super::connector::Connector;
use super::failure::{Failure, advice};
use crate::config::{OtlpCompression, OtlpSettings};
use crate::exporter::otlp::json;
use crate::exporter::reporting::{ExportOutcome, SharedOutcome};
use crate::exporter::retry::{Backoff, RetryBudget, RetryDelay, retry_after};
use crate::exporter::{otlp_headers, partial};

/// Sends to one endpoint, from one thread at a time.
#[derive(Debug)]
pub(crate) struct OtlpHttpClient {
    headers: HeaderMap,
    timeout: Duration,
    compression: OtlpCompression,
    /// The schema of the messages if they are sent as JSON.
    json: Option<&'static json::Message>,
    outcome: SharedOutcome,
    budget: RetryBudget,
    connection: Mutex<Connection>,
    /// Made at the first request: on the exporter's thread, which belongs to no other runtime.
    runtime: OnceLock<Option<Runtime>>,
}

impl OtlpHttpClient {
    /// A client for these settings, which sends to `endpoint`. `json` is the schema of the messages if they are sent as
    /// JSON.
    pub(crate) fn new(
        endpoint: Uri,
        settings: &OtlpSettings,
        json: Option<&'static json::Message>,
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
            outcome: Arc::default(),
            budget: RetryBudget::default(),
            connection: Mutex::new(Connection::new(Connector::new(endpoint, settings))),
            runtime: OnceLock::new(),
        }
    }

    /// Returns the place where the result of the last export stands.
    pub(crate) fn outcome(&self) -> SharedOutcome {
        Arc::clone(&self.outcome)
    }

    pub(crate) fn budget(&self) -> RetryBudget {
        self.budget.clone()
    }

    /// Sends an encoded message until the answer is final or the timeout has passed.
    ///
    /// # Errors
    ///
    /// No answer came. The reason is in the outcome, too.
    pub(crate) fn send(&self, mut message: Bytes) -> Result<Response<Bytes>, HttpError> {
        if let Some(schema) = self.json {
            let mut text = Vec::with_capacity(message.len() * 2);
            json::write(&message, schema, &mut text);
            message = text.into();
        }
        if self.compression == OtlpCompression::Gzip {
            message = gzip(&message)?;
        }
        let mut request = Request::new(message);
        *request.method_mut() = Method::POST;
        *request.headers_mut() = self.headers.clone();
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        let result = self.persist(&mut connection, &request);
        let error = match &result {
            Ok(answer) if answer.status().is_success() => None,
            result => Some(reason(result, connection.proxy())),
        };
        *self.outcome.lock().unwrap_or_else(PoisonError::into_inner) =
            ExportOutcome { error, ..ExportOutcome::default() };
        Ok(result?)
    }

    fn persist(&self, connection: &mut Connection, request: &Request<Bytes>) -> Result<Response<Bytes>, Failure> {
        let started = Instant::now();
        let deadline = started.checked_add(self.timeout).unwrap_or(started);
        let mut backoff = Backoff::default();
        loop {
            let result = self.attempt(connection, request, deadline);
            let delay = match &result {
                Ok(answer) => retry_after(answer),
                Err(failure) => failure.is_temporary.then_some(RetryDelay::Backoff),
            };
            let Some(delay) = delay else { return result };
            self.budget.report_retry(&reason(&result, connection.proxy()), started.elapsed());
            let requested = matches!(delay, RetryDelay::Requested(_));
            if !self.budget.wait(backoff.next(delay), requested, deadline) {
                return result;
            }
        }
    }

    fn attempt(
        &self,
        connection: &mut Connection,
        request: &Request<Bytes>,
        deadline: Instant,
    ) -> Result<Response<Bytes>, Failure> {
        let runtime = self.runtime.get_or_init(|| Builder::new_current_thread().enable_all().build().ok());
        let runtime = runtime.as_ref().ok_or_else(|| Failure::lasting("no tokio runtime could be started"))?;
        runtime.block_on(async {
            let timed_out = |_| Failure::temporary("no answer in time");
            tokio::time::timeout_at(deadline.into(), connection.send(request)).await.map_err(timed_out)?
        })
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

#[async_trait]
impl HttpClient for OtlpHttpClient {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        // The threads that export are made for blocking.
        let answer = self.send(uncompressed(request)?)?;
        if answer.status().is_success() {
            self.outcome.lock().unwrap_or_else(PoisonError::into_inner).received = partial::received(&answer);
        }
        Ok(answer)
    }
}

/// Undoes the compression of an exporter that found it in the environment, where code may have said otherwise.
fn uncompressed(request: Request<Bytes>) -> io::Result<Bytes> {
    let is_compressed = request.headers().get(CONTENT_ENCODING).is_some_and(|encoding| encoding == "gzip");
    let message = request.into_body();
    if !is_compressed {
        return Ok(message);
    }
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(message.as_ref()).read_to_end(&mut plain)?;
    Ok(plain.into())
}

fn gzip(message: &[u8]) -> io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(message.len() / 4), Compression::default());
    encoder.write_all(message)?;
    encoder.finish().map(Bytes::from)
}

/// Says why it was no success.
fn reason(result: &Result<Response<Bytes>, Failure>, proxy: Option<&str>) -> String {
    let mut reason = match result {
        Ok(answer) => format!("status code: {}", answer.status().as_u16()),
        Err(failure) => failure.to_string(),
    };
    if let Some(variable) = proxy {
        reason = format!("{reason}, through the proxy of {variable}");
    }
    if let Some(advice) = result.as_ref().ok().and_then(|answer| advice(answer.status(), answer.body())) {
        reason = format!("{reason}; {advice}");
    }
    reason
}
