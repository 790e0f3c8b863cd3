//! The route that served a request, exactly.

use actix_web::HttpRequest;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// The pattern of the resource that served `request`, from [`HttpRequest::match_pattern`] after routing; `None` when no
/// resource did.
///
/// `match_pattern` falls back to a guess by path when the router matched nothing, and so names a route whose guard
/// refused the request. What cannot lie is how much of the path the router consumed:
///
/// | unprocessed path | meaning |
/// |---|---|
/// | all of it | no resource and no scope matched: no route |
/// | nothing | a resource matched |
/// | a rest | a prefix service (`actix-files`), whose pattern is that of the part consumed; or a scope matched and nothing in it did: no route |
pub(crate) fn matched(request: &HttpRequest) -> Option<Arc<str>> {
    let info = request.match_info();
    let unprocessed = info.unprocessed();
    if !unprocessed.is_empty() && unprocessed.len() == info.as_str().len() {
        return None;
    }
    let pattern = request.match_pattern().filter(|pattern| !pattern.is_empty())?;
    let consumed = info.as_str().strip_suffix(unprocessed)?;
    // Never by a pattern made of this one: joined patterns may be none that the router would take, and it panics then.
    if !unprocessed.is_empty() && request.resource_map().match_pattern(consumed).as_ref() != Some(&pattern) {
        return None;
    }
    Some(interned(pattern))
}

/// One shared string per route and worker, since spans of the same route outlive the request together. There are as
/// many as the application has routes, so the cache is bounded.
fn interned(pattern: String) -> Arc<str> {
    thread_local! {
        static ROUTES: RefCell<HashMap<String, Arc<str>>> = RefCell::default();
    }
    ROUTES.with_borrow_mut(|routes| match routes.get(pattern.as_str()) {
        Some(route) => Arc::clone(route),
        None => Arc::clone(routes.entry(pattern).or_insert_with_key(|pattern| Arc::from(pattern.as_str()))),
    })
}
