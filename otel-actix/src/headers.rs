//! actix-web's header map, as the conventions read it.

use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use otel_core::http::HeaderLookup;

/// The headers of a message.
pub(crate) struct Headers<'a>(pub(crate) &'a HeaderMap);

const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

impl HeaderLookup for Headers<'_> {
    fn first(&self, name: &str) -> Option<&[u8]> {
        // Names that are known need not be made of text: that costs more than the look-up.
        let value = match name {
            "traceparent" => self.0.get(TRACEPARENT),
            "user-agent" => self.0.get(header::USER_AGENT),
            "content-length" => self.0.get(header::CONTENT_LENGTH),
            _ => self.0.get(name),
        };
        value.map(HeaderValue::as_bytes)
    }

    fn visit_names(&self, visitor: &mut dyn FnMut(&str)) {
        self.0.keys().for_each(|name| visitor(name.as_str()));
    }

    fn only(&self, name: &str) -> Option<&[u8]> {
        let mut lines = match name {
            "traceparent" => self.0.get_all(TRACEPARENT),
            _ => self.0.get_all(name),
        };
        let line = lines.next()?;
        lines.next().is_none().then(|| line.as_bytes())
    }

    fn visit<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8])) {
        for (name, value) in self.0 {
            visitor(name.as_str(), value.as_bytes());
        }
    }
}
