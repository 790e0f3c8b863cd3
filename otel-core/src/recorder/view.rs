//! A span that ended, as exporters see it: as a view of its record, or as [`SpanData`].

use std::borrow::Cow;
use std::sync::Arc;

use opentelemetry::{Array, KeyValue, StringValue, Value};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};

use super::limits::{deduplicate, truncate};
use super::record::{Origin, Record, Rest};
use crate::attribute::AttributeSink;
use crate::config::SpanLimitSettings;
use crate::http::{ServerFacts, ServerView, Texts};

/// A span that ended, wherever its parts are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SpanView<'a> {
    pub(crate) origin: &'a Arc<Origin>,
    pub(crate) record: &'a Record,
    /// The request that a SERVER span is about …
    pub(super) server: Option<&'a ServerFacts>,
    /// … and what it is made of.
    pub(super) texts: &'a Texts,
    pub(crate) rest: &'a Rest,
}

impl<'a> SpanView<'a> {
    fn server(&self) -> Option<ServerView<'a>> {
        ServerView::new(self.server?, self.texts, &self.rest.server)
    }

    /// Visits the attributes in the order in which they came to be. A key may occur more than once: the last one counts.
    pub(crate) fn visit_attributes(&self, sink: &mut impl AttributeSink) {
        let (server, mut late) = (self.server(), self.rest.told.attributes.as_slice());
        if let Some(server) = &server {
            server.request_attributes(sink);
        }
        if let Some(code) = self.record.code {
            code.visit_attributes(sink);
        }
        if let Some(server) = &server {
            let early;
            (early, late) = late.split_at(server.attributes_before_answer(late.len()));
            for attribute in early {
                sink.kept(attribute);
            }
            server.response_attributes(sink);
        }
        for attribute in late {
            sink.kept(attribute);
        }
        if let Some(server) = &server {
            server.final_attributes(sink);
        }
    }

    /// The name: for a SERVER span what its route says, unless the application chose one after that.
    pub(crate) fn name(&self) -> Cow<'static, str> {
        match self.name_parts() {
            (method, Some(route)) => Cow::Owned([method, " ", route].concat()),
            (_, None) => self.rest.told.name.clone().unwrap_or(Cow::Borrowed(self.record.name)),
        }
    }

    /// The name, and what follows it after a space.
    pub(crate) fn name_parts(&self) -> (&'a str, Option<&'a str>) {
        let told = &self.rest.told;
        match self.server().filter(|_| !told.is_renamed).and_then(|server| server.name_parts()) {
            Some((method, route)) => (method, Some(route)),
            None => (told.name.as_deref().unwrap_or(self.record.name), None),
        }
    }

    /// The attributes as they are exported, and how many did not fit.
    pub(crate) fn attributes(&self, limits: &SpanLimitSettings) -> (Vec<KeyValue>, u32) {
        let mut attributes = Vec::with_capacity(16 + self.rest.told.attributes.len());
        self.visit_attributes(&mut attributes);
        deduplicate(&mut attributes);
        let dropped = truncate(&mut attributes, limits.attributes);
        shorten(&mut attributes, limits.attribute_value_length);
        (attributes, self.rest.told.dropped_attributes.saturating_add(dropped))
    }

    /// The span as exporters of `opentelemetry_sdk` take it.
    pub(crate) fn to_span_data(self, limits: &SpanLimitSettings) -> SpanData {
        let (attributes, dropped_attributes_count) = self.attributes(limits);
        let (record, told) = (self.record, &self.rest.told);
        let (mut events, mut links) = (SpanEvents::default(), SpanLinks::default());
        if let Some(recorded) = &told.events {
            (events.events, events.dropped_count) = (recorded.items.clone(), recorded.dropped);
            events
                .events
                .iter_mut()
                .for_each(|event| shorten(&mut event.attributes, limits.nested_attribute_value_length));
        }
        if let Some(recorded) = &told.links {
            (links.links, links.dropped_count) = (recorded.items.clone(), recorded.dropped);
            links.links.iter_mut().for_each(|link| shorten(&mut link.attributes, limits.nested_attribute_value_length));
        }
        SpanData {
            span_context: record.ids.context(false, self.rest.trace_state.clone()),
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
            status: told.status.clone(),
            instrumentation_scope: self.origin.scope.clone(),
        }
    }
}

/// Cuts strings that are longer than `limit` characters
/// ([specification](https://opentelemetry.io/docs/specs/otel/common/#attribute-limits)).
pub(crate) fn shorten(attributes: &mut [KeyValue], limit: Option<usize>) {
    let Some(limit) = limit else { return };
    for attribute in attributes {
        match &mut attribute.value {
            Value::String(text) => shorten_text(text, limit),
            Value::Array(Array::String(texts)) => texts.iter_mut().for_each(|text| shorten_text(text, limit)),
            _ => {}
        }
    }
}

/// Keeps the first `limit` characters.
fn shorten_text(text: &mut StringValue, limit: usize) {
    if let Some((end, _)) = text.as_str().char_indices().nth(limit) {
        *text = text.as_str().get(..end).unwrap_or_default().to_owned().into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_cut_at_characters_and_the_rest_is_left_alone() {
        let mut attributes = [
            KeyValue::new("long", "äöüß"),
            KeyValue::new("fits", "äöü"),
            KeyValue::new("list", Value::Array(vec![StringValue::from("abcd"), StringValue::from("e")].into())),
            KeyValue::new("number", 12345),
        ];
        let cut = [
            KeyValue::new("long", "äöü"),
            KeyValue::new("fits", "äöü"),
            KeyValue::new("list", Value::Array(vec![StringValue::from("abc"), StringValue::from("e")].into())),
            KeyValue::new("number", 12345),
        ];
        shorten(&mut attributes, None);
        assert_ne!(attributes, cut);
        shorten(&mut attributes, Some(3));
        assert_eq!(attributes, cut);
        shorten(&mut attributes, Some(0));
        assert_eq!(attributes[0], KeyValue::new("long", ""));
    }
}
