//! Limits of spans and log records, set in code: each method has the name of its variable and wins over it.

use super::builder::InitBuilder;

impl InitBuilder {
    /// `OTEL_ATTRIBUTE_COUNT_LIMIT`
    pub fn attribute_count_limit(self, attributes: u32) -> Self {
        self.variable("OTEL_ATTRIBUTE_COUNT_LIMIT", attributes.to_string())
    }

    /// `OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT`, in characters.
    pub fn attribute_value_length_limit(self, characters: usize) -> Self {
        self.variable("OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT", characters.to_string())
    }

    /// `OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT`
    pub fn logrecord_attribute_count_limit(self, attributes: u32) -> Self {
        self.variable("OTEL_LOGRECORD_ATTRIBUTE_COUNT_LIMIT", attributes.to_string())
    }

    /// `OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT`, in characters.
    pub fn logrecord_attribute_value_length_limit(self, characters: usize) -> Self {
        self.variable("OTEL_LOGRECORD_ATTRIBUTE_VALUE_LENGTH_LIMIT", characters.to_string())
    }

    /// `OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT`
    pub fn span_attribute_count_limit(self, attributes: u32) -> Self {
        self.variable("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", attributes.to_string())
    }

    /// `OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT`, in characters.
    pub fn span_attribute_value_length_limit(self, characters: usize) -> Self {
        self.variable("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", characters.to_string())
    }

    /// `OTEL_SPAN_EVENT_COUNT_LIMIT`
    pub fn span_event_count_limit(self, events: u32) -> Self {
        self.variable("OTEL_SPAN_EVENT_COUNT_LIMIT", events.to_string())
    }

    /// `OTEL_SPAN_LINK_COUNT_LIMIT`
    pub fn span_link_count_limit(self, links: u32) -> Self {
        self.variable("OTEL_SPAN_LINK_COUNT_LIMIT", links.to_string())
    }

    /// `OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT`
    pub fn event_attribute_count_limit(self, attributes: u32) -> Self {
        self.variable("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", attributes.to_string())
    }

    /// `OTEL_LINK_ATTRIBUTE_COUNT_LIMIT`
    pub fn link_attribute_count_limit(self, attributes: u32) -> Self {
        self.variable("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", attributes.to_string())
    }
}
