//! A request that can be found among all others, on spans and in metrics, and the conditions for its end.

use super::{TestServer, Trace, attribute, metrics, text};
use opentelemetry::trace::{SpanKind, Status};
use opentelemetry_sdk::trace::SpanData;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Request methods that the servers of these tests know, one for each observed request.
pub(crate) static METHODS: LazyLock<Vec<String>> = LazyLock::new(|| (0..200).map(|n| format!("OWN{n}")).collect());

/// A request in a trace of its own and with a method of its own.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Observed {
    pub(crate) trace: Trace,
    pub(crate) method: &'static str,
}

impl Observed {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let methods: &'static [String] = &METHODS;
        Self { trace: Trace::new(), method: &methods[NEXT.fetch_add(1, Ordering::Relaxed)] }
    }

    pub(crate) fn head(self, server: &TestServer, path: &str, headers: &str) -> String {
        server.head_in(self.trace, self.method, path, headers)
    }

    pub(crate) fn send(self, server: &TestServer, path: &str) -> String {
        server.send_raw(&self.head(server, path, ""))
    }

    pub(crate) fn wait_until_active(self) {
        metrics::wait_for_active(self.method, 1);
    }

    /// Waits for the request's end: one span with this status code and `error.type`, the same two on the one recorded
    /// duration, which is the span's; and the request is no longer active.
    pub(crate) fn ended(self, status: Option<u16>, error_type: Option<&str>) -> SpanData {
        let durations = metrics::wait_for_durations(self.method);
        metrics::wait_for_active(self.method, 0);
        let span = self.trace.server_span();
        let status = status.map(|status| status.to_string());
        assert_eq!(text(&span, "http.response.status_code"), status);
        assert_eq!(text(&span, "error.type").as_deref(), error_type);
        assert_eq!(matches!(span.status, Status::Error { .. }), error_type.is_some(), "{:?}", span.status);
        assert_ne!(span.status, Status::Ok);

        assert_eq!(durations.len(), 1, "one point of the histogram");
        let [duration] = &durations[..] else { unreachable!() };
        assert_eq!(duration.count, 1, "recorded once");
        assert_eq!(duration.attribute("http.response.status_code"), status.as_deref());
        assert_eq!(duration.attribute("error.type"), error_type);
        assert_eq!(duration.attribute("http.route"), text(&span, "http.route").as_deref());
        let lasted = span.end_time.duration_since(span.start_time).unwrap().as_secs_f64();
        assert!((duration.sum - lasted).abs() < 1e-6, "{} on the metric, {lasted} on the span", duration.sum);
        assert!(attribute(&span, "http.request.method").is_some());
        for child in self.trace.spans(1).iter().filter(|child| child.span_kind == SpanKind::Internal) {
            assert!(child.end_time <= span.end_time, "{} ends after the server's span", child.name);
        }
        span
    }
}
