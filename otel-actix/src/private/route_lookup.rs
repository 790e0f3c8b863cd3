//! The route of a request before routing, for services that are no `App` by their type.
//!
//! Only actix-web can look up a route before routing. The copy of actix-web that `cargo otel` builds does so, and
//! reports each app that it builds. Excluded routes need the answer; every other route is read after routing.

use std::cell::RefCell;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::rc::Rc;

/// Looks up the route pattern of a path.
pub type RouteLookup = Rc<dyn Fn(&str) -> Option<String>>;

thread_local! {
    /// The lookup of the app that this thread built last.
    static LAST_BUILT: RefCell<Option<RouteLookup>> = const { RefCell::new(None) };
}

/// Reports the lookup of an app that has just been built.
pub fn app_built(lookup: RouteLookup) {
    LAST_BUILT.set(Some(lookup));
}

/// Builds a service. Returns the lookup of its app with it, if that was reported.
pub(super) async fn build_with_lookup<F: Future>(building: F) -> (F::Output, Option<RouteLookup>) {
    let mut building = pin!(building);
    poll_fn(|cx| {
        // Another service may have been built between two polls.
        LAST_BUILT.set(None);
        building.as_mut().poll(cx).map(|built| (built, LAST_BUILT.take()))
    })
    .await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "a failed assumption should fail the test")]

    use super::*;
    use std::future::ready;
    use std::task::{Context, Poll, Waker};

    #[test]
    fn a_lookup_belongs_to_the_service_that_reported_it() {
        let poll = |building: std::pin::Pin<&mut dyn Future<Output = ((), Option<RouteLookup>)>>| {
            building.poll(&mut Context::from_waker(Waker::noop()))
        };
        app_built(Rc::new(|_| Some("/of-another".to_owned())));
        let Poll::Ready(((), lookup)) = poll(pin!(build_with_lookup(ready(())))) else { panic!("not ready") };
        assert!(lookup.is_none());

        let app = async { app_built(Rc::new(|path| Some(format!("{path}/{{id}}")))) };
        let Poll::Ready(((), lookup)) = poll(pin!(build_with_lookup(app))) else { panic!("not ready") };
        assert_eq!(lookup.and_then(|lookup| lookup("/users")).as_deref(), Some("/users/{id}"));
    }
}
