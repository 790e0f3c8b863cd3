//! Lists, traces and routes as JSON.

use http::StatusCode;
use percent_encoding::percent_decode_str;

use super::Shared;
use super::answer::{Answer, json, refusal};
use crate::otlp::unhex;
use crate::store::Query;

/// `GET /api/traces`
pub(super) fn list(shared: &Shared, query: Option<&str>) -> Answer {
    let parameters = query.unwrap_or_default().split('&').filter(|part| !part.is_empty()).map(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        // A form's encoding: blanks are `+`.
        let value = value.replace('+', " ");
        (name, percent_decode_str(&value).decode_utf8_lossy().into_owned())
    });
    match Query::parse(parameters) {
        Ok(query) => json(shared.store.list(&query).to_string()),
        Err(name) => {
            refusal(StatusCode::BAD_REQUEST, &format!("the parameter `{name}` is unknown or has a wrong value"))
        }
    }
}

/// `DELETE /api/traces`
pub(super) fn clear(shared: &Shared) -> Answer {
    shared.store.clear();
    json("{}".to_owned())
}

/// `GET /api/traces/{id}`
pub(super) fn trace(shared: &Shared, id: &str) -> Answer {
    let Some(id) = unhex(id).ok().and_then(|id| id.try_into().ok()) else {
        return refusal(StatusCode::BAD_REQUEST, "the id of a trace has 32 hexadecimal digits");
    };
    match shared.store.trace(id) {
        Some(trace) => json(trace),
        None => refusal(StatusCode::NOT_FOUND, "this trace never arrived, or was dropped to make room for newer ones"),
    }
}

/// `GET /api/routes`
pub(super) fn routes(shared: &Shared) -> Answer {
    json(shared.store.routes().to_string())
}
