//! The headers of OTLP requests, for HTTP and gRPC.

use http::header::{HeaderMap, HeaderName, HeaderValue};

use crate::config::OtlpSettings;

/// The configured headers. Their values are often keys, so debug output shows none of them.
pub(crate) fn configured(settings: &OtlpSettings) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in &settings.headers {
        // `config` has checked them, and accepts only valid ones.
        if let (Ok(name), Ok(mut value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            value.set_sensitive(true);
            headers.insert(name, value);
        }
    }
    headers
}
