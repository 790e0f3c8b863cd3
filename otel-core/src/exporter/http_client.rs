//! The HTTP client of the OTLP exporter.
//!
//! The exporter of `opentelemetry-otlp` tells neither why a connection failed nor lets code win over
//! `OTEL_EXPORTER_OTLP_HEADERS` and, where it says `none`, over `OTEL_EXPORTER_OTLP_COMPRESSION`. All is settled here,
//! where the request passes by on its way out.

use std::error::Error;
use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue, USER_AGENT};
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::ExporterBuildError;
use reqwest::blocking::Client;

use super::otlp_headers;
use super::reporting::LastError;
use crate::config::{OtlpCompression, OtlpSettings};

/// Sends with the blocking client, the configured headers and nothing else.
#[derive(Debug)]
pub(crate) struct OtlpHttpClient {
    client: Client,
    headers: HeaderMap,
    compression: OtlpCompression,
    last_error: LastError,
}

impl OtlpHttpClient {
    /// A client for these settings. Must not be called on a thread of an async runtime.
    pub(crate) fn new(settings: &OtlpSettings, timeout: Duration) -> Result<Self, ExporterBuildError> {
        let mut headers = otlp_headers::configured(settings);
        let agent = HeaderValue::from_static(concat!("otel-actix/", env!("CARGO_PKG_VERSION")));
        headers.entry(USER_AGENT).or_insert(agent);
        // A redirect would carry the headers, often keys, to another host.
        let builder = Client::builder().timeout(timeout).redirect(reqwest::redirect::Policy::none());
        #[cfg(feature = "tls")]
        let builder = {
            let (builder, problems) = super::tls::configure(builder, settings);
            for problem in problems {
                crate::diagnostics::warn_once(&problem);
            }
            builder
        };
        let client = builder.build().map_err(|error| ExporterBuildError::InternalFailure(chain(&error)))?;
        Ok(Self { client, headers, compression: settings.compression, last_error: Arc::new(Mutex::new(None)) })
    }

    /// Where the reason of the last failure is kept.
    pub(crate) fn last_error(&self) -> LastError {
        Arc::clone(&self.last_error)
    }
}

#[async_trait]
impl HttpClient for OtlpHttpClient {
    async fn send_bytes(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        if self.compression == OtlpCompression::None {
            request = plain(request)?;
        }
        let mut headers = self.headers.clone();
        for name in [CONTENT_TYPE, CONTENT_ENCODING] {
            if let Some(value) = request.headers_mut().remove(&name) {
                headers.insert(name, value);
            }
        }
        *request.headers_mut() = headers;
        let result = self.client.send_bytes(request).await;
        let reason = result.as_ref().err().map(|error| match error.downcast_ref::<reqwest::Error>() {
            Some(error) if error.is_timeout() => "no answer in time".to_owned(),
            _ => chain(error.as_ref()),
        });
        *self.last_error.lock().unwrap_or_else(PoisonError::into_inner) = reason;
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

/// The innermost cause: `Connection refused (os error 111)`, not `error sending request for url (…)`.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
