//! The response of a request, and its body.

use otel_core::client::HttpClientSpan;
use otel_core::http::ClientResponseFacts;

use super::error::error_type;
use super::reqwest::{Body, Response, ResponseBuilderExt as _};
use crate::body::ClientBody;
use crate::headers::Headers;
use crate::http_version::http_version;

/// Returns the response with a body that ends the span when it ends, fails, or is dropped.
pub(crate) fn traced(response: Response, mut span: HttpClientSpan) -> Response {
    let mut facts = ClientResponseFacts::new(response.status().as_u16(), http_version(response.version()));
    facts.peer = response.remote_addr();
    facts.authority = Some(response.url().authority());
    span.respond(&facts.with_headers(&Headers(response.headers())));
    if !span.is_open() || response.content_length() == Some(0) {
        span.end();
        return response;
    }
    let url = response.url().clone();
    let (mut parts, body) = http::Response::<Body>::from(response).into_parts();
    // Converting back loses the URL unless it is among the extensions, in a type that only this builder makes.
    if let Ok(carrier) = http::Response::builder().url(url).body(()) {
        parts.extensions.extend(carrier.into_parts().0.extensions);
    }
    // The client may have decompressed the body, so its size is not the one that was sent.
    let body = ClientBody::new(body, span, false, error_type);
    Response::from(http::Response::from_parts(parts, Body::wrap(body)))
}
