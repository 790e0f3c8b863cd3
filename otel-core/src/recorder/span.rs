//! A span of the application's own: recorded, or only a context.

use std::borrow::Cow;
use std::time::SystemTime;

use opentelemetry::KeyValue;
use opentelemetry::trace::{Event, Link, SpanContext, Status};

use super::slot::Place;
use super::told::Told;
use crate::clock::Timestamp;
use crate::config::SpanLimitSettings;

/// A span of the [`TracerProvider`](super::TracerProvider). Ends when it is dropped, if not before.
#[derive(Debug)]
pub struct Span {
    context: SpanContext,
    /// `None`: not recorded, or ended.
    place: Option<Place>,
}

impl Span {
    /// A span that nobody will see.
    pub(super) const fn not_recorded(context: SpanContext) -> Self {
        Self { context, place: None }
    }

    /// A span that has started.
    pub(super) fn recorded(place: Place) -> Self {
        Self { context: place.span_context(), place: Some(place) }
    }

    fn tell(&mut self, tell: impl FnOnce(&mut Told, &SpanLimitSettings)) {
        if let Some(slot) = &mut self.place
            && let Some(origin) = &slot.origin
        {
            let limits = origin.pipeline.limits;
            tell(&mut slot.rest_mut().told, &limits);
        }
    }

    /// Ends the span, now or then.
    fn finish(&mut self, end: Option<Timestamp>) {
        if let Some(place) = self.place.take() {
            let now = || place.started.map_or_else(Timestamp::now, |started| started.after(started.elapsed()));
            let end = end.unwrap_or_else(now);
            place.hand_over(end);
        }
    }
}

impl opentelemetry::trace::Span for Span {
    fn add_event_with_timestamp<T>(&mut self, name: T, timestamp: SystemTime, attributes: Vec<KeyValue>)
    where
        T: Into<Cow<'static, str>>,
    {
        self.tell(|told, limits| told.add_event(Event::new(name, timestamp, attributes, 0), limits));
    }

    fn span_context(&self) -> &SpanContext {
        &self.context
    }

    fn is_recording(&self) -> bool {
        self.place.is_some()
    }

    fn set_attribute(&mut self, attribute: KeyValue) {
        self.tell(|told, limits| told.set_attribute(attribute, limits));
    }

    fn set_status(&mut self, status: Status) {
        self.tell(|told, _| told.set_status(status));
    }

    fn update_name<T>(&mut self, new_name: T)
    where
        T: Into<Cow<'static, str>>,
    {
        self.tell(|told, _| told.update_name(new_name.into()));
    }

    fn add_link(&mut self, span_context: SpanContext, attributes: Vec<KeyValue>) {
        self.tell(|told, limits| told.add_link(Link::new(span_context, attributes, 0), limits));
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

    use super::super::slot::Slot;
    use super::super::{TracerProvider, kind};
    use super::*;
    use crate::clock::Moment;
    use crate::span_ids::Ids;
    use opentelemetry::trace::SpanKind;
    use opentelemetry_sdk::trace::InMemorySpanExporter;
    use std::time::Duration;

    #[test]
    fn a_clock_that_is_set_while_a_span_is_open_does_not_change_how_long_it_was() {
        const HOUR: Duration = Duration::from_secs(3600);
        let exporter = InMemorySpanExporter::default();
        let provider = TracerProvider::builder().with_exporter(exporter.clone()).build();
        let tracer = provider.tracer("test");
        let ids = Ids { flags: opentelemetry::trace::TraceFlags::SAMPLED, ..Ids::INVALID };
        let mut slot = Slot::vacant();
        slot.start(&tracer.origin, ids, None, Moment::now().set_back(u64::try_from(HOUR.as_nanos()).unwrap_or(0)));
        slot.record.kind = kind(&SpanKind::Internal);
        drop(Span::recorded(slot));
        assert!(provider.force_flush().is_ok());
        let spans = exporter.get_finished_spans().unwrap_or_default();
        let lasted: Vec<_> = spans.iter().map(|span| span.end_time.duration_since(span.start_time)).collect();
        assert!(matches!(lasted.as_slice(), [Ok(lasted)] if *lasted < HOUR / 2), "{lasted:?}");
    }
}
