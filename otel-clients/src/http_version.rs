//! Protocol versions of the `http` crate.

use http::Version;
use otel_core::http::HttpVersion;

/// The protocol version.
pub(crate) fn http_version(version: Version) -> HttpVersion {
    match version {
        Version::HTTP_09 => HttpVersion::Http09,
        Version::HTTP_10 => HttpVersion::Http10,
        Version::HTTP_2 => HttpVersion::Http2,
        Version::HTTP_3 => HttpVersion::Http3,
        _ => HttpVersion::Http11,
    }
}
