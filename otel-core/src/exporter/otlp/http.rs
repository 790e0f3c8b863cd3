//! OTLP over HTTP ([specification](https://opentelemetry.io/docs/specs/otlp/#otlphttp)).

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use http::{Method, Request, Uri};
use opentelemetry_sdk::error::OTelSdkError;
use prost::bytes::Bytes;

use super::TraceService;
use crate::config::OtlpCompression;
use crate::exporter::http_client::OtlpHttpClient;
use crate::exporter::partial;
use crate::recorder::Received;

/// A collector that is reached by HTTP.
#[derive(Debug)]
pub(crate) struct HttpTraceService {
    client: OtlpHttpClient,
    endpoint: Uri,
    compression: OtlpCompression,
}

impl HttpTraceService {
    pub(crate) const fn new(client: OtlpHttpClient, endpoint: Uri, compression: OtlpCompression) -> Self {
        Self { client, endpoint, compression }
    }
}

impl TraceService for HttpTraceService {
    fn export(&mut self, message: Bytes) -> Result<Received, OTelSdkError> {
        let mut request = Request::new(message);
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.endpoint.clone();
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/x-protobuf"));
        if self.compression == OtlpCompression::Gzip {
            let compressed = gzip(request.body()).map_err(|error| failure(error.to_string()))?;
            *request.body_mut() = compressed;
            request.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        // The client keeps what happened on the network, for the report.
        let answer = self.client.send(request).map_err(|error| failure(format!("HTTP export failed: {error}")))?;
        if answer.status().is_success() {
            Ok(partial::received(&answer))
        } else {
            Err(failure(format!("HTTP export failed with status code: {}", answer.status().as_u16())))
        }
    }
}

fn gzip(message: &[u8]) -> std::io::Result<Bytes> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(message.len() / 4), Compression::default());
    encoder.write_all(message)?;
    encoder.finish().map(Bytes::from)
}

fn failure(reason: String) -> OTelSdkError {
    OTelSdkError::InternalFailure(reason)
}
