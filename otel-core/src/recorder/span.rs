//! A span of the application's own: recorded, or only a context.

use std::borrow::Cow;
use std::time::SystemTime;

use opentelemetry::KeyValue;
use opentelemetry::trace::{Event, Link, SpanContext, Status};

use super::app_data::AppData;
use super::open_span::PooledSpan;
use crate::clock::Timestamp;
use crate::config::SpanLimitSettings;

/// A span of the [`TracerProvider`](super::TracerProvider). Ends when it is dropped, if not before.
#[derive(Debug)]
pub struct Span {
    context: SpanContext,
    /// `None` if the span is not recorded, or has ended.
    open: Option<PooledSpan>,
}

impl Span {
    /// A span that is not recorded.
    pub(super) const fn not_recorded(context: SpanContext) -> Self {
        Self { context, open: None }
    }

    /// A span that has started.
    pub(super) fn recorded(span: PooledSpan) -> Self {
        Self { context: span.span_context(), open: Some(span) }
    }

    /// Calls `change` with the data, unless the span ended.
    fn change(&mut self, change: impl FnOnce(&mut AppData, &SpanLimitSettings)) {
        if let Some(span) = &mut self.open
            && let Some(tracer) = &span.tracer
        {
            let limits = tracer.provider.limits;
            change(&mut span.details_mut().app_data, &limits);
        }
    }

    /// Ends the span, at `end` or now.
    fn finish(&mut self, end: Option<Timestamp>) {
        if let Some(span) = self.open.take() {
            let now = || span.started.map_or_else(Timestamp::now, |started| started.after(started.elapsed()));
            let end = end.unwrap_or_else(now);
            span.finish(end);
        }
    }
}

impl opentelemetry::trace::Span for Span {
    fn add_event_with_timestamp<T>(&mut self, name: T, timestamp: SystemTime, attributes: Vec<KeyValue>)
    where
        T: Into<Cow<'static, str>>,
    {
        self.change(|data, limits| data.add_event(Event::new(name, timestamp, attributes, 0), limits));
    }

    fn span_context(&self) -> &SpanContext {
        &self.context
    }

    fn is_recording(&self) -> bool {
        self.open.is_some()
    }

    fn set_attribute(&mut self, attribute: KeyValue) {
        self.change(|data, limits| data.set_attribute(attribute, limits));
    }

    fn set_status(&mut self, status: Status) {
        self.change(|data, _| data.set_status(status));
    }

    fn update_name<T>(&mut self, new_name: T)
    where
        T: Into<Cow<'static, str>>,
    {
        self.change(|data, _| data.update_name(new_name.into()));
    }

    fn add_link(&mut self, span_context: SpanContext, attributes: Vec<KeyValue>) {
        self.change(|data, limits| data.add_link(Link::new(span_context, attributes, 0), limits));
    }

    fn end_with_timestamp(&mut self, timestamp: SystemTime) {
        self.finish(Some(timestamp.into()));
    }
}

impl Drop for Span {
    fn drop(&mut self) {
        self.finish(None);
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::trace::TracerProvider as _;

    use super::super::TracerProvider;
    use super::super::open_span::OpenSpan;
    use super::*;
    use crate::clock::Moment;
    use crate::span_ids::Ids;
    use opentelemetry_sdk::trace::InMemorySpanExporter;
    use std::time::Duration;

    #[test]
    fn a_clock_that_is_set_while_a_span_is_open_does_not_change_how_long_it_was() {
        const HOUR: Duration = Duration::from_secs(3600);
        let exporter = InMemorySpanExporter::default();
        let provider = TracerProvider::builder().with_exporter(exporter.clone()).build();
        let tracer = provider.tracer("test");
        let ids = Ids { flags: opentelemetry::trace::TraceFlags::SAMPLED, ..Ids::INVALID };
        let mut span = OpenSpan::pooled();
        span.start(&tracer.core, ids, None, Moment::now().set_back(u64::try_from(HOUR.as_nanos()).unwrap_or(0)));
        drop(Span::recorded(span));
        assert!(provider.force_flush().is_ok());
        let spans = exporter.get_finished_spans().unwrap_or_default();
        let lasted: Vec<_> = spans.iter().map(|span| span.end_time.duration_since(span.start_time)).collect();
        assert!(matches!(lasted.as_slice(), [Ok(lasted)] if *lasted < HOUR / 2), "{lasted:?}");
    }
}
