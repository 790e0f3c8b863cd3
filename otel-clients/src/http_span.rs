//! The span of an HTTP request, unless the instrumentation of its library is turned off.

use otel_core::client::{HttpClientSpan, scope};
use otel_core::config::ClientLibrary;
use otel_core::http::ClientRequestFacts;

pub(crate) fn http_span(library: ClientLibrary, facts: &ClientRequestFacts<'_>) -> HttpClientSpan {
    if library.is_enabled() { HttpClientSpan::start(scope(), facts) } else { HttpClientSpan::none() }
}
