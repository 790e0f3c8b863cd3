//! The fields of an event → body and attributes of its log record.

use std::error::Error;
use std::fmt::Debug;

use opentelemetry::logs::{AnyValue, LogRecord as _};
use tracing::field::{Field, Visit};

use super::limits::LimitedLogRecord;
use crate::formatted::{debugged, displayed};

/// The name of the field that is the text of an event.
const MESSAGE: &str = "message";

/// The attribute for an error
/// ([specification](https://opentelemetry.io/docs/specs/semconv/registry/attributes/exception/)). Its type is not recorded,
/// because a `dyn Error` does not have it any more.
const EXCEPTION_MESSAGE: &str = "exception.message";

/// Copies the fields of an event, each in its own type if log records have that type, else as text.
///
/// Names and types are those of `opentelemetry-appender-tracing` without its experimental features. That crate formats values so that the application
/// panics if their `Display` or `Debug` fails.
pub(super) struct EventFields<'a>(pub(super) &'a mut LimitedLogRecord);

impl EventFields<'_> {
    fn add_attribute(&mut self, field: &Field, value: impl Into<AnyValue>) {
        self.0.add_attribute(field.name(), value);
    }

    fn add_integer<N: TryInto<i64> + ToString + Copy>(&mut self, field: &Field, value: N) {
        match value.try_into() {
            Ok(value) => self.add_attribute(field, value),
            Err(_) => self.add_attribute(field, value.to_string()),
        }
    }
}

impl Visit for EventFields<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        match field.name() {
            MESSAGE => self.0.set_body(debugged(value).into()),
            _ => self.add_attribute(field, debugged(value)),
        }
    }

    fn record_error(&mut self, _: &Field, value: &(dyn Error + 'static)) {
        self.0.add_attribute(EXCEPTION_MESSAGE, displayed(value));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            MESSAGE => self.0.set_body(value.to_owned().into()),
            _ => self.add_attribute(field, value.to_owned()),
        }
    }

    fn record_bytes(&mut self, field: &Field, value: &[u8]) {
        self.add_attribute(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.add_attribute(field, value);
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.add_attribute(field, value);
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.add_attribute(field, value);
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.add_integer(field, value);
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.add_integer(field, value);
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.add_integer(field, value);
    }
}

/// Copies the message of an event that was a record of the `log` crate. Its other fields only repeat the metadata.
pub(super) struct LogMessage<'a>(pub(super) &'a mut LimitedLogRecord);

impl Visit for LogMessage<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == MESSAGE {
            self.0.set_body(debugged(value).into());
        }
    }
}
