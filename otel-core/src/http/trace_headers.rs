//! The trace headers of a request, found in one pass over the header names.

/// The headers of the W3C propagators.
///
/// ```
/// use otel_core::http::TraceHeaders;
///
/// let mut headers = TraceHeaders::default();
/// headers.note("traceparent", b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01");
/// headers.note("accept", b"*/*");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TraceHeaders<'a> {
    traceparent: Option<&'a [u8]>,
    is_repeated: bool,
    /// `true` if there is a line of `tracestate` or `baggage`.
    has_more: bool,
}

impl<'a> TraceHeaders<'a> {
    /// Notes one line of a header; `name` is in lower case.
    #[inline]
    pub fn note(&mut self, name: &str, value: &'a [u8]) {
        match name.len() {
            11 if name == "traceparent" => self.note_traceparent(value),
            10 if name == "tracestate" => self.note_more(),
            7 if name == "baggage" => self.note_more(),
            _ => {}
        }
    }

    /// Notes a line of `traceparent`.
    #[inline]
    pub fn note_traceparent(&mut self, value: &'a [u8]) {
        self.is_repeated |= self.traceparent.replace(value).is_some();
    }

    /// Notes a line of `tracestate` or `baggage`.
    #[inline]
    pub fn note_more(&mut self) {
        self.has_more = true;
    }

    /// The line of `traceparent`. `None` if there is none, or several.
    #[inline]
    pub(crate) fn traceparent(&self) -> Option<&'a [u8]> {
        self.traceparent.filter(|_| !self.is_repeated)
    }

    /// Returns `true` if there is a line of `tracestate` or `baggage`.
    #[inline]
    pub(crate) fn has_more(&self) -> bool {
        self.has_more
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &[u8] = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn noted(lines: &[(&str, &'static [u8])]) -> TraceHeaders<'static> {
        let mut headers = TraceHeaders::default();
        for (name, value) in lines {
            headers.note(name, value);
        }
        headers
    }

    #[test]
    fn one_pass_finds_what_matters() {
        let plain = noted(&[("host", b"a"), ("traceparent", PARENT), ("x-7-long", b"y"), ("user-agent", b"x")]);
        assert_eq!((plain.traceparent(), plain.has_more()), (Some(PARENT), false));
        for more in ["tracestate", "baggage"] {
            assert!(noted(&[("traceparent", PARENT), (more, b"a=1")]).has_more(), "{more}");
        }
    }

    #[test]
    fn a_traceparent_that_is_repeated_is_none() {
        for times in 2..5 {
            assert_eq!(noted(&vec![("traceparent", PARENT); times]).traceparent(), None, "{times}");
        }
    }
}
