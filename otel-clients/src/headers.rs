//! Headers in the type of the `http` crate. `cargo otel` compiles these files against its own interface, which does not
//! know that type.

use std::borrow::Cow;

use http::header::{HeaderMap, HeaderName, HeaderValue};
use otel_core::client::RequestHeaders;
use otel_core::http::HeaderLookup;

/// Headers to read.
pub(crate) struct Headers<'a>(pub(crate) &'a HeaderMap);

impl HeaderLookup for Headers<'_> {
    fn first(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name).map(HeaderValue::as_bytes)
    }

    fn visit<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8])) {
        for (name, value) in self.0 {
            visitor(name.as_str(), value.as_bytes());
        }
    }
}

/// Headers of a request that is about to be sent.
pub(crate) struct HeadersToSend<'a>(pub(crate) &'a mut HeaderMap);

impl RequestHeaders for HeadersToSend<'_> {
    fn set(&mut self, name: &str, value: &[u8]) {
        if let (Some(name), Ok(value)) = (header_name(name), HeaderValue::from_bytes(value)) {
            self.0.insert(name.into_owned(), value);
        }
    }

    fn remove(&mut self, name: &str) {
        if let Some(name) = header_name(name) {
            self.0.remove(&*name);
        }
    }
}

/// The name of a header. Those that each request sets or removes are not parsed each time.
fn header_name(name: &str) -> Option<Cow<'static, HeaderName>> {
    static TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
    static TRACESTATE: HeaderName = HeaderName::from_static("tracestate");
    match name {
        "traceparent" => Some(Cow::Borrowed(&TRACEPARENT)),
        "tracestate" => Some(Cow::Borrowed(&TRACESTATE)),
        _ => name.parse().ok().map(Cow::Owned),
    }
}
