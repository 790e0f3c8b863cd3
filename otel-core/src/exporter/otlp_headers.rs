//! The headers of OTLP requests, over HTTP and gRPC alike.

use http::header::{HeaderMap, HeaderName, HeaderValue};

use crate::config::OtlpSettings;

/// The configured headers. Their values are often keys: none of them appears in debug output.
pub(crate) fn configured(settings: &OtlpSettings) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in &settings.headers {
        // Checked by `config`; what it let through is valid here too.
        if let (Ok(name), Ok(mut value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            value.set_sensitive(true);
            headers.insert(name, value);
        }
    }
    headers
}
