//! The signals that are exported.

/// Spans, log records or metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Signal {
    Spans,
    Logs,
    Metrics,
}

impl Signal {
    pub(super) const ALL: [Self; 3] = [Self::Spans, Self::Logs, Self::Metrics];

    /// The variable that turns the signal off.
    pub(super) fn variable(self) -> &'static str {
        match self {
            Self::Spans => "OTEL_TRACES_EXPORTER",
            Self::Logs => "OTEL_LOGS_EXPORTER",
            Self::Metrics => "OTEL_METRICS_EXPORTER",
        }
    }

    /// The name of the items that a failed export loses. Metrics lose an export; the next one makes up for it, unless
    /// temporality is delta.
    pub(super) fn items(self) -> &'static str {
        match self {
            Self::Spans => "spans",
            Self::Logs => "log records",
            Self::Metrics => "exports of metrics",
        }
    }
}
