//! The size of a response body: the bytes that were sent, compressed if the body was.
//!
//! Source: [`http.response.body.size`](https://opentelemetry.io/docs/specs/semconv/registry/attributes/http/).

use super::facts::ClientResponseFacts;

const NO_CONTENT: u16 = 204;
const NOT_MODIFIED: u16 = 304;

/// The size of a response body in bytes, as far as it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum BodySize {
    #[default]
    Unknown,
    /// The head has the size, or it is that of a response without a body.
    Declared(u64),
    /// The bytes that were read so far.
    Counted(u64),
}

impl BodySize {
    /// The size that follows from the head of the response to a request with this method.
    pub(crate) fn of_head(method: &str, response: &ClientResponseFacts<'_>) -> Self {
        if method == "HEAD" || matches!(response.status, NO_CONTENT | NOT_MODIFIED) {
            return Self::Declared(0);
        }
        let length = response.headers.first("content-length").and_then(|length| str::from_utf8(length).ok());
        length.and_then(|length| length.parse().ok()).map_or(Self::Unknown, Self::Declared)
    }

    /// Some more bytes were read.
    #[inline]
    pub(crate) fn add(&mut self, bytes: u64) {
        *self = match *self {
            Self::Unknown => Self::Counted(bytes),
            Self::Declared(size) => Self::Declared(size),
            Self::Counted(read) => Self::Counted(read.saturating_add(bytes)),
        };
    }

    /// The size after only a part of the body was read, because it broke off or was given up.
    pub(crate) fn of_part(self, is_broken: bool) -> Self {
        if is_broken || matches!(self, Self::Counted(_)) { Self::Unknown } else { self }
    }

    /// The number of bytes, if it is known.
    #[inline]
    pub(crate) fn bytes(self) -> Option<u64> {
        match self {
            Self::Declared(bytes) | Self::Counted(bytes) => Some(bytes),
            Self::Unknown => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::{HttpVersion, properties::Lines};

    fn of_head(method: &str, status: u16, headers: Vec<(&'static str, &'static [u8])>) -> BodySize {
        let headers = Lines(headers);
        BodySize::of_head(method, &ClientResponseFacts::new(status, HttpVersion::Http11).with_headers(&headers))
    }

    #[test]
    fn the_head_has_the_size_or_shows_that_there_is_no_body() {
        let five = || vec![("content-length", &b"5"[..])];
        assert_eq!(of_head("GET", 200, five()), BodySize::Declared(5));
        assert_eq!(of_head("HEAD", 200, five()), BodySize::Declared(0));
        assert_eq!(of_head("GET", 304, five()), BodySize::Declared(0));
        assert_eq!(of_head("GET", 200, vec![("content-length", b"5, 5")]), BodySize::Unknown);
        assert_eq!(of_head("GET", 200, vec![]), BodySize::Unknown);
    }

    #[test]
    fn bytes_are_counted_where_the_head_has_no_size() {
        let (mut counted, mut declared) = (BodySize::Unknown, BodySize::Declared(5));
        for size in [&mut counted, &mut declared] {
            size.add(2);
            size.add(1);
        }
        assert_eq!(
            [counted, counted.of_part(false), counted.of_part(true)].map(BodySize::bytes),
            [Some(3), None, None]
        );
        assert_eq!(
            [declared, declared.of_part(false), declared.of_part(true)].map(BodySize::bytes),
            [Some(5), Some(5), None]
        );
    }
}
