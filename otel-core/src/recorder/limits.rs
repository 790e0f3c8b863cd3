//! How much data one span may hold ([specification](https://opentelemetry.io/docs/specs/otel/trace/sdk/#span-limits)).

use std::collections::HashMap;

use opentelemetry::trace::{Event, Link};
use opentelemetry::{Array, Key, KeyValue, StringValue, Value};

use super::app_data::AppData;
use crate::config::SpanLimitSettings;

/// Up to this number of attributes, comparing costs less than hashing.
const FEW: usize = 16;

impl AppData {
    /// Sets an attribute. Duplicates are removed later, unless there is no room left.
    pub(crate) fn set_attribute(&mut self, attribute: KeyValue, limits: &SpanLimitSettings) {
        let limit = limits.attributes as usize;
        if self.attributes.len() >= limit {
            deduplicate(&mut self.attributes);
            if self.attributes.len() >= limit {
                match self.attributes.iter_mut().find(|other| other.key == attribute.key) {
                    Some(other) => other.value = attribute.value,
                    None => self.dropped_attributes = self.dropped_attributes.saturating_add(1),
                }
                return;
            }
        }
        self.attributes.push(attribute);
    }

    /// Adds an event.
    pub(crate) fn add_event(&mut self, mut event: Event, limits: &SpanLimitSettings) {
        deduplicate(&mut event.attributes);
        let dropped = truncate(&mut event.attributes, limits.attributes_per_event);
        event.dropped_attributes_count = event.dropped_attributes_count.saturating_add(dropped);
        let events = self.events.get_or_insert_default();
        if events.items.len() < limits.events as usize {
            events.items.push(event);
        } else {
            events.dropped = events.dropped.saturating_add(1);
        }
    }

    /// Adds a link.
    pub(crate) fn add_link(&mut self, mut link: Link, limits: &SpanLimitSettings) {
        deduplicate(&mut link.attributes);
        let dropped = truncate(&mut link.attributes, limits.attributes_per_link);
        link.dropped_attributes_count = link.dropped_attributes_count.saturating_add(dropped);
        let links = self.links.get_or_insert_default();
        if links.items.len() < limits.links as usize {
            links.items.push(link);
        } else {
            links.dropped = links.dropped.saturating_add(1);
        }
    }
}

/// Keeps the first attributes, and returns how many were removed.
pub(super) fn truncate(attributes: &mut Vec<KeyValue>, limit: u32) -> u32 {
    let dropped = attributes.len().saturating_sub(limit as usize);
    attributes.truncate(limit as usize);
    u32::try_from(dropped).unwrap_or(u32::MAX)
}

/// Keeps the last value of each key, at the place where the key was set first
/// ([specification](https://opentelemetry.io/docs/specs/otel/trace/api/#set-attributes)).
pub(super) fn deduplicate(attributes: &mut Vec<KeyValue>) {
    if attributes.len() <= FEW {
        let mut kept = 0;
        for index in 0..attributes.len() {
            let (known, rest) = attributes.split_at_mut(index);
            let [attribute, ..] = rest else { break };
            if let Some(other) = known.iter_mut().take(kept).find(|other| other.key == attribute.key) {
                std::mem::swap(other, attribute);
            } else {
                attributes.swap(kept, index);
                kept += 1;
            }
        }
        attributes.truncate(kept);
        return;
    }
    let mut places: HashMap<Key, usize> = HashMap::with_capacity(attributes.len());
    let mut kept: Vec<KeyValue> = Vec::with_capacity(attributes.len());
    for attribute in attributes.drain(..) {
        if let Some(other) = places.get(&attribute.key).and_then(|&place| kept.get_mut(place)) {
            *other = attribute;
        } else {
            places.insert(attribute.key.clone(), kept.len());
            kept.push(attribute);
        }
    }
    *attributes = kept;
}

/// Cuts texts that are longer than `limit` characters
/// ([specification](https://opentelemetry.io/docs/specs/otel/common/#attribute-limits)).
pub(super) fn shorten(attributes: &mut [KeyValue], limit: Option<usize>) {
    let shorten = |text: &mut StringValue| {
        let short = cut(text.as_str(), limit);
        if short.len() < text.as_str().len() {
            *text = short.to_owned().into();
        }
    };
    for attribute in attributes {
        match &mut attribute.value {
            Value::String(text) => shorten(text),
            Value::Array(Array::String(texts)) => texts.iter_mut().for_each(shorten),
            _ => {}
        }
    }
}

/// Returns the first `limit` characters of a text.
#[inline]
pub(crate) fn cut(text: &str, limit: Option<usize>) -> &str {
    match limit {
        // Each character has at least one byte.
        Some(limit) if text.len() > limit => match text.char_indices().nth(limit) {
            Some((end, _)) => text.get(..end).unwrap_or(text),
            None => text,
        },
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(keys: impl IntoIterator<Item = usize>) -> Vec<KeyValue> {
        keys.into_iter().zip(0_i64..).map(|(key, value)| KeyValue::new(format!("key{key}"), value)).collect()
    }

    #[test]
    fn the_last_value_stands_where_its_key_stood_first() {
        for keys in [vec![1, 2, 1, 3, 2, 1], (0..40).chain([3, 3, 39]).chain(0..2).collect::<Vec<_>>(), vec![], vec![1]]
        {
            let mut attributes = numbered(keys.iter().copied());
            deduplicate(&mut attributes);
            let mut expected: Vec<KeyValue> = Vec::new();
            for attribute in numbered(keys) {
                match expected.iter_mut().find(|other| other.key == attribute.key) {
                    Some(other) => *other = attribute,
                    None => expected.push(attribute),
                }
            }
            assert_eq!(attributes, expected);
        }
    }

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
