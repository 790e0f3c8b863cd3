//! actix-web's header map as a [`HeaderLookup`].

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use otel_core::http::{HeaderLookup, TraceHeaders};

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
const TRACESTATE: HeaderName = HeaderName::from_static("tracestate");
const BAGGAGE: HeaderName = HeaderName::from_static("baggage");

/// The headers of a message.
pub(crate) struct Headers<'a>(pub(crate) &'a HeaderMap);

impl HeaderLookup for Headers<'_> {
    fn first(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name).map(HeaderValue::as_bytes)
    }

    #[inline]
    fn host(&self) -> Option<&[u8]> {
        self.0.get(header::HOST).map(HeaderValue::as_bytes)
    }

    #[inline]
    fn user_agent(&self) -> Option<&[u8]> {
        self.0.get(header::USER_AGENT).map(HeaderValue::as_bytes)
    }

    fn trace(&self) -> TraceHeaders<'_> {
        let mut headers = TraceHeaders::default();
        // Comparing twenty names costs less than three look-ups in the map.
        for name in self.0.keys() {
            if *name == TRACEPARENT {
                self.0.get_all(name).for_each(|line| headers.note_traceparent(line.as_bytes()));
            } else if *name == TRACESTATE || *name == BAGGAGE {
                headers.note_more();
            }
        }
        headers
    }

    fn visit<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8])) {
        for (name, value) in self.0 {
            visitor(name.as_str(), value.as_bytes());
        }
    }
}
