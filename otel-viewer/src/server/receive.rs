//! OTLP/HTTP ([specification](https://opentelemetry.io/docs/specs/otlp/#otlphttp)).

use std::io::Read as _;

use flate2::read::MultiGzDecoder;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderValue, ORIGIN};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::{Bytes, Incoming};

use super::answer::{Answer, answer, refusal, whole};
use crate::otlp::{Malformed, from_json, schema};
use crate::store::Store;

/// The most bytes of one export, as they are sent and after decompression.
const LONGEST: usize = 64 << 20;

/// The encoding of an export, and of its answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Protobuf,
    Json,
}

/// `POST /v1/traces`, `/v1/logs`, `/v1/metrics`. They need no token: exporters of other languages do not know it, and
/// they can only add. No page may post here, not even ours.
pub(super) async fn receive(request: Request<Incoming>, store: &Store) -> Answer {
    let (head, body) = request.into_parts();
    if head.method != Method::POST {
        return refusal(StatusCode::METHOD_NOT_ALLOWED, "exports are posted");
    }
    if head.headers.contains_key(ORIGIN) {
        return refusal(StatusCode::FORBIDDEN, "the viewer takes no exports from pages");
    }
    let Some(encoding) = Encoding::of(&head.headers) else {
        let reason = "the content type is neither application/x-protobuf nor application/json";
        return refusal(StatusCode::UNSUPPORTED_MEDIA_TYPE, reason);
    };
    let Ok(body) = Limited::new(body, LONGEST).collect().await else {
        return refusal(StatusCode::PAYLOAD_TOO_LARGE, "the export is too long, or was cut short");
    };
    let message = match decompressed(&head.headers, body.to_bytes()) {
        Ok(message) => message,
        Err((status, reason)) => return refusal(status, reason),
    };
    let kept = match head.uri.path() {
        "/v1/traces" => encoding.decode(&schema::TRACES, message).and_then(|message| store.add_spans(&message)),
        "/v1/logs" => encoding.decode(&schema::LOGS, message).and_then(|message| store.add_logs(&message)),
        "/v1/metrics" => encoding.decode(&schema::METRICS, message).and_then(|message| store.add_metrics(&message)),
        _ => return refusal(StatusCode::NOT_FOUND, "there is no such signal"),
    };
    match kept {
        Ok(()) => encoding.success(),
        Err(error) => refusal(StatusCode::BAD_REQUEST, &error.to_string()),
    }
}

impl Encoding {
    /// The encoding that the content type names, whatever its parameters. `None` for any other type.
    fn of(headers: &HeaderMap) -> Option<Self> {
        let content_type = headers.get(CONTENT_TYPE)?.to_str().ok()?;
        match content_type.split(';').next()?.trim() {
            "application/x-protobuf" => Some(Self::Protobuf),
            "application/json" => Some(Self::Json),
            _ => None,
        }
    }

    fn decode(self, message: &'static schema::Message, body: Bytes) -> Result<Bytes, Malformed> {
        match self {
            Self::Protobuf => Ok(body),
            Self::Json => from_json(message, &body).map(Bytes::from),
        }
    }

    /// An `Export…ServiceResponse` without anything in it.
    fn success(self) -> Answer {
        match self {
            Self::Protobuf => answer(StatusCode::OK, "application/x-protobuf", whole("")),
            Self::Json => answer(StatusCode::OK, "application/json", whole("{}")),
        }
    }
}

fn decompressed(headers: &HeaderMap, body: Bytes) -> Result<Bytes, (StatusCode, &'static str)> {
    match headers.get(CONTENT_ENCODING).map(HeaderValue::as_bytes) {
        None | Some(b"identity") => Ok(body),
        Some(b"gzip") => {
            let mut message = Vec::new();
            let mut decoder = MultiGzDecoder::new(&body[..]).take(LONGEST as u64 + 1);
            decoder.read_to_end(&mut message).map_err(|_| (StatusCode::BAD_REQUEST, "this is not gzip"))?;
            if message.len() > LONGEST {
                return Err((StatusCode::PAYLOAD_TOO_LARGE, "the export is too long"));
            }
            Ok(message.into())
        }
        Some(_) => Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "the content encoding is neither gzip nor identity")),
    }
}
