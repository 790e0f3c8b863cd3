//! Records → [`SpanData`], what exporters of `opentelemetry_sdk` take.

use std::borrow::Cow;

use opentelemetry::{Array, KeyValue, StringValue, Value};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};

use super::attribute::AttributeSink;
use super::limits::{deduplicate, truncate};
use super::record::{Facts, Finished};
use crate::config::SpanLimitSettings;

impl Finished {
    /// Visits the attributes in the order in which they came to be. A key may occur more than once: the last one counts.
    pub(crate) fn visit_attributes(&self, sink: &mut impl AttributeSink) {
        let (early, late) = match &self.facts {
            Facts::None => (self.span.attributes.as_slice(), &[][..]),
            Facts::Server(server) => {
                server.request_attributes(sink);
                self.span.attributes.split_at(server.attributes_before_answer(self.span.attributes.len()))
            }
        };
        if let Some(code) = self.span.code {
            code.visit_attributes(sink);
        }
        for attribute in early {
            sink.kept(attribute);
        }
        if let Facts::Server(server) = &self.facts {
            server.response_attributes(sink);
        }
        for attribute in late {
            sink.kept(attribute);
        }
        if let Facts::Server(server) = &self.facts {
            server.final_attributes(sink);
        }
    }

    /// The name: for a SERVER span what its route says, unless the application chose one after that.
    pub(crate) fn name(&self) -> Cow<'static, str> {
        match self.name_parts() {
            (method, Some(route)) => Cow::Owned([method, " ", route].concat()),
            (_, None) => self.span.name.clone(),
        }
    }

    /// The name, and what follows it after a space.
    pub(crate) fn name_parts(&self) -> (&str, Option<&str>) {
        let parts = match &self.facts {
            Facts::Server(server) => server.name_parts(),
            Facts::None => None,
        };
        parts.map_or((&self.span.name, None), |(method, route)| (method, Some(route)))
    }

    /// The attributes as they are exported, and how many did not fit.
    pub(crate) fn attributes(&self, limits: &SpanLimitSettings) -> (Vec<KeyValue>, u32) {
        let mut attributes = Vec::with_capacity(16 + self.span.attributes.len());
        self.visit_attributes(&mut attributes);
        deduplicate(&mut attributes);
        let dropped = truncate(&mut attributes, limits.attributes);
        shorten(&mut attributes, limits.attribute_value_length);
        (attributes, self.span.dropped_attributes.saturating_add(dropped))
    }

    /// The span as exporters of `opentelemetry_sdk` take it.
    pub(crate) fn into_span_data(self, limits: &SpanLimitSettings) -> SpanData {
        let (attributes, dropped_attributes_count) = self.attributes(limits);
        let name = self.name();
        let span = self.span;
        let (mut events, mut links) = (SpanEvents::default(), SpanLinks::default());
        if let Some(recorded) = span.events {
            (events.events, events.dropped_count) = (recorded.items, recorded.dropped);
            events
                .events
                .iter_mut()
                .for_each(|event| shorten(&mut event.attributes, limits.nested_attribute_value_length));
        }
        if let Some(recorded) = span.links {
            (links.links, links.dropped_count) = (recorded.items, recorded.dropped);
            links.links.iter_mut().for_each(|link| shorten(&mut link.attributes, limits.nested_attribute_value_length));
        }
        SpanData {
            span_context: span.context,
            parent_span_id: span.parent_span_id,
            parent_span_is_remote: span.parent_is_remote,
            span_kind: span.kind,
            name,
            start_time: span.start.into(),
            end_time: span.end.into(),
            attributes,
            dropped_attributes_count,
            events,
            links,
            status: span.status,
            instrumentation_scope: span.origin.scope.clone(),
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
