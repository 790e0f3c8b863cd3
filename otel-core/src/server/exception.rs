//! The error of a failed request: an event of its span, a log record, or both
//! (`OTEL_SEMCONV_EXCEPTION_SIGNAL_OPT_IN`).
//!
//! `exception.type` is not recorded: the type of a boxed error is unknown.

use std::time::SystemTime;

use opentelemetry::logs::{LogRecord as _, Logger as _, LoggerProvider as _, Severity};
use opentelemetry::trace::{Event, SpanContext};
use opentelemetry::{InstrumentationScope, KeyValue};

use crate::http::settings::{ExceptionSignal, HttpSettings};
use crate::logs::GlobalLoggerProvider;

const EXCEPTION: &str = "exception";
const MESSAGE: &str = "exception.message";

/// The event of the span, if the settings ask for it.
///
/// Source: [exceptions on spans](https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-spans/).
pub(super) fn event(at: SystemTime, message: &str, settings: &HttpSettings) -> Option<Event> {
    (settings.exception_signal != ExceptionSignal::Log)
        .then(|| Event::new(EXCEPTION, at, vec![KeyValue::new(MESSAGE, message.to_owned())], 0))
}

/// Emits the log record, if the settings ask for it. It does not matter if the trace is sampled.
///
/// Source: [exceptions in logs](https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-logs/).
pub(super) fn log(
    scope: &InstrumentationScope,
    context: &SpanContext,
    at: SystemTime,
    message: &str,
    settings: &HttpSettings,
) {
    if settings.exception_signal == ExceptionSignal::SpanEvent {
        return;
    }
    let logger = GlobalLoggerProvider.logger_with_scope(scope.clone());
    if !logger.event_enabled(Severity::Error, scope.name(), Some(EXCEPTION)) {
        return;
    }
    let mut record = logger.create_log_record();
    record.set_event_name(EXCEPTION);
    record.set_severity_number(Severity::Error);
    record.set_severity_text("ERROR");
    record.set_timestamp(at);
    record.add_attribute(MESSAGE, message.to_owned());
    if context.is_valid() {
        record.set_trace_context(context.trace_id(), context.span_id(), Some(context.trace_flags()));
    }
    logger.emit(record);
}
