//! Responses and their headers.

use std::convert::Infallible;

use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderValue, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use http::{Response, StatusCode};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use serde_json::Value;

/// A response.
pub(super) type Answer = Response<BoxBody<Bytes, Infallible>>;

/// A response with the headers that all responses have: nothing is cached, guessed or passed on.
pub(super) fn answer(status: StatusCode, content_type: &'static str, body: BoxBody<Bytes, Infallible>) -> Answer {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    let headers = [
        (CONTENT_TYPE, content_type),
        (CACHE_CONTROL, "no-store"),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
    ];
    for (name, value) in headers {
        answer.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    answer
}

/// A whole body.
pub(super) fn whole(body: impl Into<Bytes>) -> BoxBody<Bytes, Infallible> {
    Full::new(body.into()).boxed()
}

pub(super) fn json(body: String) -> Answer {
    answer(StatusCode::OK, "application/json", whole(body))
}

/// A response with the reason of a refusal.
pub(super) fn refusal(status: StatusCode, reason: &str) -> Answer {
    let body = Value::from_iter([("error", reason)]).to_string();
    answer(status, "application/json", whole(body))
}
