//! Request headers, for the propagators to read.

use actix_web::http::header::{HeaderMap, HeaderName};
use opentelemetry::propagation::Extractor;

/// The headers of a request.
#[derive(Debug)]
pub(super) struct RequestHeaders<'a>(pub(super) &'a HeaderMap);

impl Extractor for RequestHeaders<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(HeaderName::as_str).collect()
    }

    fn get_all(&self, key: &str) -> Option<Vec<&str>> {
        let values: Vec<_> = self.0.get_all(key).filter_map(|value| value.to_str().ok()).collect();
        (!values.is_empty()).then_some(values)
    }
}
