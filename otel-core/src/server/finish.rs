//! The response, and the end of the request.

use std::time::Duration;

use opentelemetry::trace::{Status, TraceContextExt as _};

use super::api_span;
use super::exception;
use super::metrics::Outcome;
use super::open_request::{OpenRequest, PooledRequest, SWITCHING_PROTOCOLS};
use crate::clock::Timestamp;
use crate::http::error_type::ErrorType;
use crate::http::settings::HttpSettings;
use crate::http::{Failure, ResponseFacts};
use crate::recorder::SpanSink;

const NO_CONTENT: u16 = 204;
const NOT_MODIFIED: u16 = 304;

/// Records the response head.
pub(super) fn respond(request: &mut OpenRequest, facts: ResponseFacts<'_>) {
    request.status = Some(facts.status);
    // https://www.rfc-editor.org/rfc/rfc9110#section-6.4.1
    request.is_bodiless |= matches!(facts.status, NO_CONTENT | NOT_MODIFIED);
    request.route = facts.route;
    request.message = facts.error;
    if !facts.labels.is_empty() {
        request.labels = facts.labels.to_vec();
    }
    let Some(settings) = request.settings else { return };
    request.is_long_lived =
        settings.exclude_long_lived_durations && is_long_lived(facts.status, facts.headers.first("content-type"));
    match request.sink {
        SpanSink::None => {}
        SpanSink::Api => api_span::respond(request, facts.headers, settings),
        SpanSink::Recorder => {
            if !settings.headers.response.is_empty() {
                settings.headers.of_response(facts.headers, &mut request.facts.rare_mut().response_headers);
            }
            let progress = request.span.app_progress();
            request.facts.set_app_attributes_before_response(progress.attributes);
            request.ended_before_response = progress.is_ended;
        }
    }
}

/// Returns `true` for a response that lasts as long as the client wants: after an upgrade, such as a WebSocket, and for
/// [server-sent events](https://html.spec.whatwg.org/multipage/server-sent-events.html).
fn is_long_lived(status: u16, content_type: Option<&[u8]>) -> bool {
    let is_event_stream = |content_type: &[u8]| {
        let media_type = content_type.split(|&byte| byte == b';').next().unwrap_or_default();
        media_type.trim_ascii().eq_ignore_ascii_case(b"text/event-stream")
    };
    status == SWITCHING_PROTOCOLS || content_type.is_some_and(is_event_stream)
}

/// Ends the span of a request that was dropped. The request counts as cancelled, unless its response has no body and was
/// recorded.
pub(super) fn finish_dropped(request: PooledRequest) {
    let failure = if std::thread::panicking() {
        Some(&Failure::Panic)
    } else {
        // HTTP/2 drops a body that is not sent without polling it.
        let is_done = request.is_bodiless && request.status.is_some();
        (!is_done).then_some(&Failure::Cancelled)
    };
    finish(request, failure);
}

/// Ends the span.
pub(super) fn finish(mut request: PooledRequest, failure: Option<&Failure>) {
    let recorded_until = request.settings.and_then(|settings| record_end(&mut request, failure, settings));
    // Before the span is exported: exporters may see the span as soon as it is in a queue, and it has ended for the
    // application by then.
    request.close();
    if let Some(end) = recorded_until {
        let OpenRequest { span, facts, .. } = &mut *request;
        span.export(end, facts);
    }
    request.recycle();
}

/// Records the end of the request. Only now it is decided if the request failed: a body may fail after a response head
/// without error. Returns the end time if our recorder has to export the span.
#[inline]
fn record_end(
    request: &mut OpenRequest,
    failure: Option<&Failure>,
    settings: &'static HttpSettings,
) -> Option<Timestamp> {
    let duration = request.started.elapsed();
    let end = request.started.after(duration);
    let error_type = ErrorType::of(request.status, failure);
    if let (Some(_), Some(message), Some(scope)) = (&error_type, &request.message, request.scope) {
        let span = request.context.span();
        exception::log(scope, span.span_context(), end.into(), message, settings);
    }
    if request.sink == SpanSink::Api {
        api_span::finish(request, error_type, end, settings);
    }
    if let Some(metrics) = request.metrics.take() {
        let outcome = Outcome {
            duration: Duration::from_nanos(duration),
            status: request.status,
            route: request.route.as_ref(),
            error_type,
            labels: &request.labels,
            request_body: request.request_body,
            response_body: request.response_body_size(settings),
        };
        if !request.is_long_lived {
            metrics.record(&outcome, &request.context);
        }
    }
    if request.sink != SpanSink::Recorder {
        return None;
    }
    request.span.close();
    complete(request, error_type, end, settings);
    Some(end)
}

/// Adds the facts of the end.
#[inline]
fn complete(request: &mut OpenRequest, error_type: Option<ErrorType>, end: Timestamp, settings: &'static HttpSettings) {
    if !request.ended_before_response {
        request.facts.set_response(request.status, request.route.as_deref());
    }
    // A span that the application ended itself has no later facts.
    if request.span.was_ended() {
        return;
    }
    if settings.body_sizes {
        let response_body = request.response_body_size(settings);
        let rare = request.facts.rare_mut();
        (rare.request_body, rare.response_body) = (request.request_body, response_body);
    }
    if error_type.is_some() {
        fail(request, error_type, end, settings);
    }
}

/// Adds the reason why the request failed.
#[cold]
fn fail(request: &mut OpenRequest, error_type: Option<ErrorType>, end: Timestamp, settings: &'static HttpSettings) {
    let message = request.message.take();
    if let Some(event) = message.as_ref().and_then(|message| exception::event(end.into(), message, settings)) {
        request.span.add_event(event);
    }
    request.facts.rare_mut().error_type = error_type;
    let app_data = &mut request.span.details_mut().app_data;
    // Without a message, an error description of the application says more.
    if message.is_some() || !matches!(app_data.status, Status::Error { .. }) {
        app_data.set_status(Status::error(message.unwrap_or_default()));
    }
}
