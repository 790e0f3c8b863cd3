//! Attributes from the response.

use actix_web::{Error, dev::ServiceResponse, http::StatusCode};
use opentelemetry::{
    Context, KeyValue,
    trace::{Status, TraceContextExt as _},
};

use super::{conventions::Conventions, method::Method};

/// Records route, status and error of a response.
pub(super) fn record<B>(cx: &Context, response: &ServiceResponse<B>, method: &Method, conventions: Conventions) {
    if let Some(route) = route(response) {
        cx.span().update_name(method.span_name(Some(&route)));
        cx.span().set_attribute(KeyValue::new("http.route", route));
    }
    record_status(cx, response.status(), response.response().error(), conventions);
}

/// Records an error that a middleware returned instead of a response; actix-web turns it into one.
pub(super) fn record_error(cx: &Context, error: &Error, conventions: Conventions) {
    record_status(cx, error.as_response_error().status_code(), Some(error), conventions);
}

/// The route, which is known only now: before routing, `match_pattern` guesses by the path and ignores guards. After
/// it, it may still name a route whose guard refused. Only a route that was taken has consumed the path.
fn route<B>(response: &ServiceResponse<B>) -> Option<String> {
    let taken = response.request().match_info().unprocessed().is_empty();
    response.request().match_pattern().filter(|route| taken && !route.is_empty())
}

fn record_status(cx: &Context, status: StatusCode, error: Option<&Error>, conventions: Conventions) {
    let span = cx.span();
    if conventions.stable {
        span.set_attribute(KeyValue::new("http.response.status_code", i64::from(status.as_u16())));
    }
    if conventions.old {
        span.set_attribute(KeyValue::new("http.status_code", i64::from(status.as_u16())));
        if let Some(text) = status.canonical_reason() {
            span.set_attribute(KeyValue::new("http.status_text", text));
        }
    }
    // Mistakes of the client (4xx) are no errors of the server.
    if !status.is_server_error() {
        return;
    }
    if conventions.stable {
        span.set_attribute(KeyValue::new("error.type", status.as_str().to_owned()));
    }
    let message = error.map(ToString::to_string);
    if let Some(message) = &message {
        span.add_event("exception", vec![KeyValue::new("exception.message", message.clone())]);
    }
    span.set_status(Status::error(message.unwrap_or_default()));
}
