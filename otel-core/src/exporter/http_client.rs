//! The HTTP client of the OTLP exporter.
//!
//! The exporter of `opentelemetry-otlp` tells neither why a connection failed nor lets code win over
//! `OTEL_EXPORTER_OTLP_HEADERS` and, where it says `none`, over `OTEL_EXPORTER_OTLP_COMPRESSION`; and it tries again
//! three times, without looking at the end of the process. All of it is settled here, where the request passes by on its
//! way out.

use std::error::Error;
use std::io::{self, Read as _};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response, ResponseBodyTooLarge};
use reqwest::blocking::Client;

use super::cause::innermost;
use super::lazy_client::LazyClient;
use super::otlp_headers;
use super::partial;
use super::reporting::{Aftermath, SharedAftermath};
use super::retry::{self, Again, Backoff, Patience};
use crate::config::{OtlpCompression, OtlpSettings};

/// Most bytes of an answer that are read, as the specification
/// [limits](https://opentelemetry.io/docs/specs/otlp/#otlphttp-response) them.
const LONGEST_ANSWER: u64 = 4 * 1024 * 1024;

/// Sends with the blocking client, the configured headers and nothing else.
#[derive(Debug)]
pub(crate) struct OtlpHttpClient {
    client: LazyClient,
    headers: HeaderMap,
    timeout: Duration,
    compression: OtlpCompression,
    aftermath: SharedAftermath,
    patience: Patience,
}

impl OtlpHttpClient {
    /// A client for these settings.
    pub(crate) fn new(settings: &OtlpSettings, timeout: Duration) -> Self {
        let mut headers = otlp_headers::configured(settings);
        let agent = HeaderValue::from_static(super::USER_AGENT);
        headers.entry(USER_AGENT).or_insert(agent);
        // A redirect would carry the headers, often keys, to another host.
        let builder = Client::builder().redirect(reqwest::redirect::Policy::none());
        #[cfg(feature = "tls")]
        let builder = {
            let (builder, problems) = super::tls::configure(builder, settings);
            for problem in problems {
                crate::self_log::warn_once(&problem);
            }
            builder
        };
        Self {
            client: LazyClient::new(builder),
            headers,
            timeout,
            compression: settings.compression,
            aftermath: Arc::default(),
            patience: Patience::default(),
        }
    }

    /// Where is kept what became of the last export.
    pub(crate) fn aftermath(&self) -> SharedAftermath {
        Arc::clone(&self.aftermath)
    }

    /// How long it tries again.
    pub(crate) fn patience(&self) -> Patience {
        self.patience.clone()
    }

    /// Sends until there is a final answer or the timeout has passed; then the last one counts.
    fn persist(&self, request: &Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let started = Instant::now();
        let deadline = started.checked_add(self.timeout).unwrap_or(started);
        let mut backoff = Backoff::default();
        loop {
            let result = self.attempt(request, deadline.saturating_duration_since(Instant::now()));
            let again = match &result {
                Ok(answer) => retry::after(answer),
                Err(error) => is_passing(error.as_ref()).then_some(Again::Later),
            };
            let Some(again) = again else { return result };
            self.patience.worry(&reason(&result), started.elapsed());
            let asked = matches!(again, Again::After(_));
            if !self.patience.wait(backoff.next(again), asked, deadline) {
                return result;
            }
        }
    }

    /// Sends once, and reads the answer to its end.
    fn attempt(&self, request: &Request<Bytes>, allowed: Duration) -> Result<Response<Bytes>, HttpError> {
        let mut request = reqwest::blocking::Request::try_from(request.clone())?;
        *request.timeout_mut() = Some(allowed);
        let mut answer = self.client.get()?.execute(request)?;
        let (status, headers) = (answer.status(), std::mem::take(answer.headers_mut()));
        let mut body = Vec::new();
        if answer.take(LONGEST_ANSWER + 1).read_to_end(&mut body)? as u64 > LONGEST_ANSWER {
            return Err(Box::new(ResponseBodyTooLarge::new()));
        }
        let mut answer = Response::new(body.into());
        (*answer.status_mut(), *answer.headers_mut()) = (status, headers);
        Ok(answer)
    }
}

/// Whether it may be different next time: nobody was reached, or the connection broke.
fn is_passing(error: &(dyn Error + 'static)) -> bool {
    match error.downcast_ref::<reqwest::Error>() {
        Some(error) => !error.is_builder() && !error.is_redirect(),
        None => error.is::<io::Error>(),
    }
}

#[async_trait]
impl HttpClient for OtlpHttpClient {
    async fn send_bytes(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        if self.compression == OtlpCompression::None {
            request = plain(request)?;
        }
        // The exporter's threads are made for blocking.
        let answer = self.send(request)?;
        if answer.status().is_success() {
            self.aftermath.lock().unwrap_or_else(PoisonError::into_inner).received = partial::received(&answer);
        }
        Ok(answer)
    }
}

impl OtlpHttpClient {
    /// Sends with the configured headers. Why nobody answered is kept.
    pub(crate) fn send(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let mut headers = self.headers.clone();
        for name in [CONTENT_TYPE, CONTENT_ENCODING] {
            if let Some(value) = request.headers_mut().remove(&name) {
                headers.insert(name, value);
            }
        }
        *request.headers_mut() = headers;
        let result = self.persist(&request);
        let error = result.is_err().then(|| reason(&result));
        *self.aftermath.lock().unwrap_or_else(PoisonError::into_inner) = Aftermath { error, ..Aftermath::default() };
        result
    }
}

/// Undoes a compression that only the environment asked for.
fn plain(mut request: Request<Bytes>) -> Result<Request<Bytes>, HttpError> {
    if request.headers().get(CONTENT_ENCODING).is_some_and(|encoding| encoding == "gzip") {
        let mut body = Vec::new();
        flate2::read::GzDecoder::new(request.body().as_ref()).read_to_end(&mut body)?;
        *request.body_mut() = body.into();
        request.headers_mut().remove(CONTENT_ENCODING);
    }
    Ok(request)
}

/// Why it was not a success.
fn reason(result: &Result<Response<Bytes>, HttpError>) -> String {
    match result {
        Ok(answer) => format!("status code: {}", answer.status().as_u16()),
        Err(error) => match error.downcast_ref::<reqwest::Error>() {
            Some(error) if error.is_timeout() => "no answer in time".to_owned(),
            _ => innermost(error.as_ref()),
        },
    }
}
