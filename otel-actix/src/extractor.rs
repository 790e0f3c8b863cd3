//! Request headers as the carrier that propagators read.

use actix_web::http::header::{HeaderMap, HeaderName};
use opentelemetry::propagation::Extractor;
use opentelemetry::{Context, global};

/// The context that a request's headers carry, by the global propagator. Never a context of this process: a request
/// that is handled while another context happens to be current must not become its child.
pub(crate) fn parent_context(headers: &HeaderMap) -> Context {
    global::get_text_map_propagator(|propagator| {
        propagator.extract_with_context(&Context::new(), &HeaderExtractor(headers))
    })
}

struct HeaderExtractor<'a>(&'a HeaderMap);

impl Extractor for HeaderExtractor<'_> {
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
    use actix_web::http::header::HeaderValue;

    #[test]
    fn every_line_is_seen_and_bytes_that_are_not_ascii_count_as_a_line() {
        let mut headers = HeaderMap::new();
        headers.append(HeaderName::from_static("tracestate"), HeaderValue::from_static("a=1"));
        headers.append(HeaderName::from_static("tracestate"), HeaderValue::from_bytes(b"\xff").unwrap());
        headers.append(HeaderName::from_static("tracestate"), HeaderValue::from_static("b=2"));
        let extractor = HeaderExtractor(&headers);
        assert_eq!(extractor.get("tracestate"), Some("a=1"));
        assert_eq!(extractor.get_all("tracestate"), Some(vec!["a=1", "", "b=2"]));
        assert_eq!(extractor.get_all("traceparent"), None);
        assert_eq!(extractor.keys(), ["tracestate"]);
    }
}
