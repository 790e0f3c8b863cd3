//! A span that ended, for exporters: as a view of its parts, or as [`SpanData`].

use std::borrow::Cow;
use std::sync::Arc;

use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};

use super::limits::{deduplicate, shorten, truncate};
use super::record::{Details, Record};
use crate::attribute::AttributeSink;
use crate::config::SpanLimitSettings;
use crate::span_facts::FactsView;

/// A span that ended, as references to its parts.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SpanView<'a> {
    pub(crate) scope: &'a Arc<InstrumentationScope>,
    pub(crate) record: &'a Record,
    pub(crate) details: &'a Details,
    pub(super) facts: Option<FactsView<'a>>,
}

impl<'a> SpanView<'a> {
    /// Visits the attributes in the order in which they were set. A key may occur more than once: the last value counts.
    pub(crate) fn visit_attributes(&self, sink: &mut impl AttributeSink) {
        let mut app = self.details.app_data.attributes.as_slice();
        if let Some(facts) = &self.facts {
            facts.visit_start(sink);
        }
        if let Some(code) = self.record.code {
            code.visit_attributes(sink);
        }
        if let Some(facts) = &self.facts {
            let before;
            (before, app) = app.split_at(facts.app_attributes_before_response(app.len()));
            for attribute in before {
                sink.borrowed(attribute);
            }
            facts.visit_response(sink);
        }
        for attribute in app {
            sink.borrowed(attribute);
        }
        if let Some(facts) = &self.facts {
            facts.visit_end(sink);
        }
    }

    /// The name: the one that follows from the facts, unless the application chose another one later.
    pub(crate) fn name(&self) -> Cow<'static, str> {
        match self.facts_name() {
            Some((first, Some(second))) => Cow::Owned([first, " ", second].concat()),
            Some((only, None)) => Cow::Owned(only.to_owned()),
            None => self.details.app_data.name.clone().unwrap_or(Cow::Borrowed(self.record.name)),
        }
    }

    /// The name, or its two parts, which a space separates.
    #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
    #[inline]
    pub(crate) fn name_parts(&self) -> (&'a str, Option<&'a str>) {
        let app_name = self.details.app_data.name.as_deref();
        self.facts_name().unwrap_or_else(|| (app_name.unwrap_or(self.record.name), None))
    }

    /// The name that follows from the facts, unless the application chose another one later.
    #[inline]
    fn facts_name(&self) -> Option<(&'a str, Option<&'a str>)> {
        self.facts.filter(|_| !self.details.app_data.is_renamed)?.name_parts()
    }

    /// The attributes to export, and the number of attributes that did not fit.
    pub(crate) fn attributes(&self, limits: &SpanLimitSettings) -> (Vec<KeyValue>, u32) {
        let mut attributes = Vec::with_capacity(16 + self.details.app_data.attributes.len());
        self.visit_attributes(&mut attributes);
        deduplicate(&mut attributes);
        let dropped = truncate(&mut attributes, limits.attributes);
        shorten(&mut attributes, limits.attribute_value_length);
        (attributes, self.details.app_data.dropped_attributes.saturating_add(dropped))
    }

    /// The span for exporters of `opentelemetry_sdk`.
    pub(crate) fn to_span_data(self, limits: &SpanLimitSettings) -> SpanData {
        let (attributes, dropped_attributes_count) = self.attributes(limits);
        let (record, app_data) = (self.record, &self.details.app_data);
        let (mut events, mut links) = (SpanEvents::default(), SpanLinks::default());
        if let Some(recorded) = &app_data.events {
            (events.events, events.dropped_count) = (recorded.items.clone(), recorded.dropped);
            events
                .events
                .iter_mut()
                .for_each(|event| shorten(&mut event.attributes, limits.nested_attribute_value_length));
        }
        if let Some(recorded) = &app_data.links {
            (links.links, links.dropped_count) = (recorded.items.clone(), recorded.dropped);
            links.links.iter_mut().for_each(|link| shorten(&mut link.attributes, limits.nested_attribute_value_length));
        }
        SpanData {
            span_context: record.ids.context(false, self.details.trace_state.clone()),
            parent_span_id: record.parent_span_id,
            parent_span_is_remote: record.parent_is_remote,
            span_kind: record.kind.clone(),
            name: self.name(),
            start_time: record.start.into(),
            end_time: record.end.into(),
            attributes,
            dropped_attributes_count,
            events,
            links,
            status: app_data.status.clone(),
            instrumentation_scope: InstrumentationScope::clone(self.scope),
        }
    }
}
