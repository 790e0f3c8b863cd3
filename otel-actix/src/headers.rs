//! actix-web's header map, as propagators and as the conventions read it.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::propagation::Extractor;
use opentelemetry::{Context, global};
use otel_core::http::HeaderLookup;

/// The headers of a message.
pub(crate) struct Headers<'a>(pub(crate) &'a HeaderMap);

impl Headers<'_> {
    /// The context that the headers carry, by the global propagator. Never a context of this process: a request that
    /// is handled while another context happens to be current must not become its child.
    pub(crate) fn parent_context(&self) -> Context {
        global::get_text_map_propagator(|propagator| propagator.extract_with_context(&Context::new(), self))
    }
}

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

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(|value| value.to_str().unwrap_or(""))
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(HeaderName::as_str).collect()
    }

    /// Every line of a header. One that is not ASCII stands as an empty string: it has to be seen as present and wrong,
    /// since leaving it out could make a forbidden repetition look valid.
    fn get_all(&self, key: &str) -> Option<Vec<&str>> {
        let lines: Vec<&str> = self.0.get_all(key).map(|value| value.to_str().unwrap_or("")).collect();
        (!lines.is_empty()).then_some(lines)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn every_line_is_seen_and_bytes_that_are_not_ascii_count_as_a_line() {
        let mut map = HeaderMap::new();
        map.append(HeaderName::from_static("tracestate"), HeaderValue::from_static("a=1"));
        map.append(HeaderName::from_static("tracestate"), HeaderValue::from_bytes(b"\xff").unwrap());
        map.append(HeaderName::from_static("tracestate"), HeaderValue::from_static("b=2"));
        let headers = Headers(&map);
        assert_eq!(headers.get("tracestate"), Some("a=1"));
        assert_eq!(headers.get_all("tracestate"), Some(vec!["a=1", "", "b=2"]));
        assert_eq!(headers.get_all("traceparent"), None);
        assert_eq!(headers.keys(), ["tracestate"]);
        assert_eq!(headers.first("tracestate"), Some(b"a=1".as_slice()));
        let mut lines = Vec::new();
        headers.visit(&mut |name, value| lines.push((name, value)));
        assert_eq!(lines.len(), 3);
    }
}
