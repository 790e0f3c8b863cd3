//! `OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT`, which the SDK does not know
//! ([specification](https://opentelemetry.io/docs/specs/otel/common/#attribute-limits)).

use opentelemetry::{Array, KeyValue, StringValue, Value};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

use crate::config::SpanLimitSettings;

/// Cuts long strings on their way out, on the exporting thread: requests do not pay for it.
#[derive(Debug)]
pub(crate) struct TruncatingSpanExporter<E> {
    inner: E,
    span: Option<usize>,
    nested: Option<usize>,
}

impl<E: SpanExporter> TruncatingSpanExporter<E> {
    pub(crate) fn new(inner: E, limits: &SpanLimitSettings) -> Self {
        Self { inner, span: limits.attribute_value_length, nested: limits.nested_attribute_value_length }
    }

    fn truncate_span(&self, span: &mut SpanData) {
        truncate_all(&mut span.attributes, self.span);
        for event in &mut span.events.events {
            truncate_all(&mut event.attributes, self.nested);
        }
        for link in &mut span.links.links {
            truncate_all(&mut link.attributes, self.nested);
        }
    }
}

impl<E: SpanExporter> SpanExporter for TruncatingSpanExporter<E> {
    async fn export(&self, mut batch: Vec<SpanData>) -> OTelSdkResult {
        if self.span.is_some() || self.nested.is_some() {
            for span in &mut batch {
                self.truncate_span(span);
            }
        }
        self.inner.export(batch).await
    }

    fn shutdown(&self) -> OTelSdkResult {
        self.inner.shutdown()
    }

    fn shutdown_with_timeout(&self, timeout: std::time::Duration) -> OTelSdkResult {
        self.inner.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.inner.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.inner.set_resource(resource);
    }
}

fn truncate_all(attributes: &mut [KeyValue], limit: Option<usize>) {
    let Some(limit) = limit else { return };
    for attribute in attributes {
        match &mut attribute.value {
            Value::String(text) => truncate(text, limit),
            Value::Array(Array::String(texts)) => texts.iter_mut().for_each(|text| truncate(text, limit)),
            _ => {}
        }
    }
}

/// Keeps the first `limit` characters.
fn truncate(text: &mut StringValue, limit: usize) {
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
        truncate_all(&mut attributes, None);
        assert_ne!(attributes, cut);
        truncate_all(&mut attributes, Some(3));
        assert_eq!(attributes, cut);
        truncate_all(&mut attributes, Some(0));
        assert_eq!(attributes[0], KeyValue::new("long", ""));
    }
}
