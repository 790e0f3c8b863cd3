//! The route of a request, read after routing.

mod cache;
mod resources;

use actix_web::HttpRequest;
use actix_web::body::MessageBody;
use actix_web::dev::ServiceResponse;
use actix_web::http::StatusCode;
use std::sync::Arc;

pub(crate) use resources::Resources;

/// Returns the pattern of the resource that a request was routed to, or would have been routed to if a middleware had
/// not answered it; `None` if there is no such resource, or if there are several candidates. `resources` are the
/// resources of the app; `None` if a handler has certainly answered.
///
/// [`HttpRequest::match_pattern`] alone is not enough: if the router matched nothing it looks the path up, and so names a
/// route whose guard refused the request. The part of the path that the router left unprocessed is reliable:
///
/// | unprocessed | meaning |
/// |---|---|
/// | nothing | a resource matched, or [a scope whose prefix is the whole path](is_refused_by_scope) and nothing in it |
/// | a rest | a prefix service such as `actix-files`, whose pattern is that of the part before; or a scope, and either nothing in it matched or its middleware answered |
/// | the whole path | nothing matched, or a middleware of the app answered |
pub(crate) fn of_response<B: MessageBody>(
    response: &ServiceResponse<B>,
    resources: Option<&Resources>,
) -> Option<Arc<str>> {
    let request = response.request();
    let path = request.match_info();
    let unprocessed = path.unprocessed();
    if unprocessed.is_empty() {
        let route = cache::find(path).or_else(|| Some(cache::insert(&match_pattern(request)?, path)))?;
        return (!is_refused_by_scope(response, &route, resources)).then_some(route);
    }
    if unprocessed.len() < path.as_str().len() {
        if let Some(pattern) = prefix_service(request) {
            return Some(cache::intern(&pattern));
        }
    }
    let resources = resources.filter(|resources| resources.read(request.resource_map()))?;
    of_unrouted(response.status(), path.as_str(), resources)
}

/// Returns the pattern of the resource that a request would have been routed to, if a middleware answered it with `status`.
///
/// 404 and 405 are answers of a router that found nothing for the path or the method, so a middleware with these leaves no
/// route. actix-web shows no guards, so any method counts for a resource: several resources for one path leave no route, and
/// a default service that answers where the only resource refuses the method is taken for a middleware.
pub(crate) fn of_unrouted(status: StatusCode, path: &str, resources: &Resources) -> Option<Arc<str>> {
    if matches!(status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED) {
        return None;
    }
    match &resources.matches(path)?.routes[..] {
        [route] if !route.is_empty() => Some(cache::intern(route)),
        _ => None,
    }
}

fn match_pattern(request: &HttpRequest) -> Option<String> {
    request.match_pattern().filter(|pattern| !pattern.is_empty())
}

/// Returns the pattern of the prefix service that handled a request, if one did.
fn prefix_service(request: &HttpRequest) -> Option<String> {
    let path = request.match_info();
    let pattern = match_pattern(request)?;
    // Looked up by path. A `ResourceDef` made of the pattern could panic: joined patterns may repeat a parameter.
    let consumed = path.as_str().strip_suffix(path.unprocessed())?;
    (request.resource_map().match_pattern(consumed).as_ref() == Some(&pattern)).then_some(pattern)
}

/// Returns `true` if a response may come from a scope that has nothing for the method: `POST /users` with
/// `scope("/users").route("", get())`. The scope consumed the whole path, so only its answer shows that no resource did: a
/// 404 without error and body. A handler of the scope's root can answer the same, and then loses its route. For a pattern with
/// parameters the answer usually comes from a handler, so the route is kept.
fn is_refused_by_scope<B: MessageBody>(
    response: &ServiceResponse<B>,
    route: &str,
    resources: Option<&Resources>,
) -> bool {
    let Some(resources) = resources else { return false };
    response.status() == StatusCode::NOT_FOUND
        && response.response().error().is_none()
        && response.response().body().size().is_eof()
        && !route.contains('{')
        && {
            let request = response.request();
            let is_read = resources.read(request.resource_map());
            let matches = resources.matches(request.match_info().as_str()).filter(|_| is_read);
            matches.is_none_or(|matches| matches.is_scope)
        }
}
