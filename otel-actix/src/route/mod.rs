//! The route that served a request, exactly.

mod known;

use actix_web::body::MessageBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use std::sync::Arc;

/// The pattern of the resource that gave `response`, from [`HttpRequest::match_pattern`](actix_web::HttpRequest::match_pattern) after routing; `None` when no
/// resource did.
///
/// `match_pattern` falls back to a guess by path when the router matched nothing, and so names a route whose guard
/// refused the request. What cannot lie is how much of the path the router consumed:
///
/// | unprocessed path | meaning |
/// |---|---|
/// | all of it | no resource and no scope matched: no route |
/// | nothing | a resource matched; or a scope did whose prefix is the whole path, and nothing in it: see [`is_scopes_own_404`] |
/// | a rest | a prefix service (`actix-files`), whose pattern is that of the part consumed; or a scope matched and nothing in it did: no route |
pub(crate) fn matched<B: MessageBody>(response: &ServiceResponse<B>) -> Option<Arc<str>> {
    let request = response.request();
    let info = request.match_info();
    let unprocessed = info.unprocessed();
    if !unprocessed.is_empty() && unprocessed.len() == info.as_str().len() {
        return None;
    }
    if unprocessed.is_empty() {
        if let Some(route) = known::find(info) {
            return (!is_scopes_own_404(response, &route)).then_some(route);
        }
    }
    let pattern = request.match_pattern().filter(|pattern| !pattern.is_empty())?;
    if unprocessed.is_empty() && is_scopes_own_404(response, &pattern) {
        return None;
    }
    let consumed = info.as_str().strip_suffix(unprocessed)?;
    // Never by a pattern made of this one: joined patterns may be none that the router would take, and it panics then.
    if !unprocessed.is_empty() && request.resource_map().match_pattern(consumed).as_ref() != Some(&pattern) {
        return None;
    }
    Some(known::keep(&pattern, info))
}

/// Whether this looks like the answer of a scope that has nothing for the request: `scope("/users").route("", get())` and
/// `POST /users`. The scope's prefix consumed the whole path, and only its answer tells that no resource ran: a 404
/// without an error and without a body. A handler can answer like that, too; so patterns with parameters, where "not
/// found" is an ordinary answer, are believed.
fn is_scopes_own_404<B: MessageBody>(response: &ServiceResponse<B>, pattern: &str) -> bool {
    response.status() == StatusCode::NOT_FOUND
        && response.response().error().is_none()
        && response.response().body().size().is_eof()
        && !pattern.contains('{')
}
