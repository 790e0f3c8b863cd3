//! `http.request.header.<key>` and `http.response.header.<key>`: recorded if configured, credentials never by accident.

use super::patterns::Patterns;
use super::text::text;
use super::trace_headers::TraceHeaders;
use crate::attribute::AttributeSink;
use opentelemetry::{Array, KeyValue, StringValue, Value};

/// Headers of a message, whatever type the framework keeps them in.
pub trait HeaderLookup {
    /// The first line of a header; `name` is in lower case.
    fn first(&self, name: &str) -> Option<&[u8]>;

    /// `host`, which is read from every request.
    fn host(&self) -> Option<&[u8]> {
        self.first("host")
    }

    /// `user-agent`, which is read from every request.
    fn user_agent(&self) -> Option<&[u8]> {
        self.first("user-agent")
    }

    /// The trace headers. A map that can be searched at less cost than by [`visit`](Self::visit) overrides this method.
    fn trace(&self) -> TraceHeaders<'_> {
        let mut headers = TraceHeaders::default();
        self.visit(&mut |name, value| headers.note(name, value));
        headers
    }

    /// Visits every line of every header, in the order of the message where the framework keeps it. Names are in lower
    /// case.
    fn visit<'a>(&'a self, visitor: &mut dyn FnMut(&'a str, &'a [u8]));
}

/// A message without headers.
impl HeaderLookup for () {
    fn first(&self, _: &str) -> Option<&[u8]> {
        None
    }

    fn visit<'a>(&'a self, _: &mut dyn FnMut(&'a str, &'a [u8])) {}
}

/// Headers whose values grant access. They are redacted even if they are captured, unless [`HeaderCapture::unredacted`]
/// names them.
const CREDENTIALS: [&str; 4] = ["authorization", "proxy-authorization", "cookie", "set-cookie"];

/// The most different headers that are captured of one message. More would not fit into a span (128 attributes by
/// default), and the client chooses their number.
const MOST_NAMES: usize = 128;

const REDACTED: &str = "[REDACTED]";

/// The headers that are recorded, and the headers whose values are hidden. None by default: set the fields of a
/// default.
///
/// ```
/// use otel_core::http::{HeaderCapture, Patterns};
///
/// let mut headers = HeaderCapture::default();
/// headers.request = Patterns::full_match(["accept", "x-.*"])?;
/// # Ok::<(), otel_core::http::InvalidPattern>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HeaderCapture {
    /// Request headers that are recorded: names or expressions, full match, any case.
    pub request: Patterns,
    /// Response headers that are recorded.
    pub response: Patterns,
    /// Headers whose values become `[REDACTED]`.
    pub sanitize: Patterns,
    /// Credential headers that are recorded with their values all the same.
    pub unredacted: Patterns,
}

impl HeaderCapture {
    /// Records the configured request headers.
    pub(crate) fn of_request(&self, headers: &dyn HeaderLookup, sink: &mut impl AttributeSink) {
        self.record(&self.request, "http.request.header.", headers, sink);
    }

    /// Records the configured response headers.
    pub(crate) fn of_response(&self, headers: &dyn HeaderLookup, sink: &mut impl AttributeSink) {
        self.record(&self.response, "http.response.header.", headers, sink);
    }

    fn record(
        &self,
        wanted: &Patterns,
        prefix: &'static str,
        headers: &dyn HeaderLookup,
        sink: &mut impl AttributeSink,
    ) {
        if wanted.is_empty() {
            return;
        }
        let mut captured: Vec<(&str, Vec<StringValue>)> = Vec::new();
        headers.visit(&mut |name, value| {
            if !wanted.is_match(name) {
                return;
            }
            let value = if self.is_secret(name) { REDACTED.into() } else { text(value).into_owned().into() };
            if let Some((_, lines)) = captured.iter_mut().find(|(other, _)| *other == name) {
                lines.push(value);
            } else if captured.len() < MOST_NAMES {
                captured.push((name, vec![value]));
            }
        });
        for (name, lines) in captured {
            sink.attribute(KeyValue::new([prefix, name].concat(), Value::Array(Array::String(lines))));
        }
    }

    fn is_secret(&self, name: &str) -> bool {
        self.sanitize.is_match(name) || (CREDENTIALS.contains(&name) && !self.unredacted.is_match(name))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;
    use crate::http::properties::Lines;

    fn captured(capture: &HeaderCapture, lines: &[(&str, &[u8])]) -> Vec<String> {
        let mut attributes = Vec::new();
        capture.of_request(&Lines(lines.to_vec()), &mut attributes);
        attributes.iter().map(|kv| format!("{}={}", kv.key, kv.value)).collect()
    }

    #[test]
    fn each_line_is_an_element_and_names_keep_their_dashes() {
        let capture = HeaderCapture { request: Patterns::full_match(["X-.*"]).unwrap(), ..HeaderCapture::default() };
        let lines: &[(&str, &[u8])] = &[("x-id", b"1"), ("accept", b"*/*"), ("x-id", b"\xff"), ("x-b", b"")];
        assert_eq!(
            captured(&capture, lines),
            ["http.request.header.x-id=[\"1\",\"\u{fffd}\"]", "http.request.header.x-b=[\"\"]"]
        );
    }

    #[test]
    fn credentials_are_redacted_even_where_everything_is_captured() {
        let everything = HeaderCapture { request: Patterns::full_match([".*"]).unwrap(), ..HeaderCapture::default() };
        let lines: &[(&str, &[u8])] =
            &[("authorization", b"Bearer s3cret"), ("cookie", b"a=s3cret"), ("x-token", b"t0ken")];
        assert_eq!(
            captured(&everything, lines),
            [
                "http.request.header.authorization=[\"[REDACTED]\"]",
                "http.request.header.cookie=[\"[REDACTED]\"]",
                "http.request.header.x-token=[\"t0ken\"]",
            ]
        );
        let careful = HeaderCapture {
            sanitize: Patterns::full_match([".*token.*"]).unwrap(),
            unredacted: Patterns::full_match(["cookie"]).unwrap(),
            ..everything
        };
        assert_eq!(
            captured(&careful, lines),
            [
                "http.request.header.authorization=[\"[REDACTED]\"]",
                "http.request.header.cookie=[\"a=s3cret\"]",
                "http.request.header.x-token=[\"[REDACTED]\"]",
            ]
        );
    }
}
