//! The number of times that a request was sent before.
//!
//! The layer that follows redirects is outside, and passes no information to the layers inside. But it sends the next
//! request directly after the response with the redirect, before anything else runs on the thread.

use std::cell::RefCell;
use std::time::Duration;

use actix_http::header::{HeaderValue, LOCATION};
use actix_http::{RequestHead, ResponseHead, Uri};
use otel_core::opentelemetry::Context;
use otel_core::opentelemetry::trace::{SpanId, TraceContextExt as _};

thread_local! {
    /// The redirect that the thread received last, until the next request.
    static REDIRECT: RefCell<Option<Redirect>> = const { RefCell::new(None) };
}

/// A response that asks for another request.
#[derive(Debug)]
struct Redirect {
    location: HeaderValue,
    /// The span that was current then, outside of the request.
    caller: SpanId,
    count: u32,
    elapsed: Duration,
}

/// The number of times that a request was sent before.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resend {
    count: u32,
    elapsed: Duration,
}

impl Resend {
    /// Counts a request that is about to be sent.
    pub(super) fn of(head: &RequestHead) -> Self {
        // Refused only while the thread ends.
        let redirect = REDIRECT.try_with(|redirect| redirect.borrow_mut().take()).ok().flatten();
        let is_redirected =
            |redirect: &Redirect| leads_to(&redirect.location, &head.uri) && redirect.caller == current_span();
        match redirect.filter(is_redirected) {
            Some(Redirect { count, elapsed, .. }) => Self { count: count.saturating_add(1), elapsed },
            None => Self { count: 0, elapsed: Duration::ZERO },
        }
    }

    /// `http.request.resend_count`
    pub(super) fn count(self) -> u32 {
        self.count
    }

    /// The time from the first sending to this one.
    pub(super) fn elapsed(self) -> Duration {
        self.elapsed
    }

    /// Records a response that asks for another request. It came after `elapsed`. The request's own span is not current any
    /// more.
    pub(super) fn responded(self, head: &ResponseHead, elapsed: impl FnOnce() -> Duration) {
        if !head.status.is_redirection() {
            return;
        }
        if let Some(location) = head.headers.get(LOCATION) {
            let (caller, count, elapsed) = (current_span(), self.count, self.elapsed + elapsed());
            let redirect = Redirect { location: location.clone(), caller, count, elapsed };
            let _ = REDIRECT.try_with(|place| place.replace(Some(redirect)));
        }
    }
}

/// Returns `true` if `awc` follows this `Location` to `target`.
///
/// It takes a location without a host for a path from the root: `next` is `/next`, whatever the path of the redirect.
fn leads_to(location: &HeaderValue, target: &Uri) -> bool {
    let Ok(location) = location.to_str() else { return false };
    match location.parse::<Uri>() {
        Ok(location) if location.scheme().is_some() && location.authority().is_some() => location == *target,
        _ if location.starts_with("//") => {
            let scheme = target.scheme_str().unwrap_or_default();
            [scheme, ":", location].concat().parse::<Uri>().is_ok_and(|location| location == *target)
        }
        _ => {
            let slash = if location.starts_with('/') { "" } else { "/" };
            let path = [slash, location].concat().parse::<Uri>();
            path.is_ok_and(|path| path.path_and_query() == target.path_and_query())
        }
    }
}

fn current_span() -> SpanId {
    Context::map_current(|current| current.span().span_context().span_id())
}
