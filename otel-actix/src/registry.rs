//! The requests that are being handled on this thread, and their spans.
//!
//! actix-web keeps request data in the request's extensions. An entry there costs two allocations per request, and
//! up to a third for the map; a request stays on its thread, and so do the entries here.

use actix_web::dev::RequestHead;
use foldhash::fast::FixedState;
use opentelemetry::{Context, KeyValue};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

thread_local! {
    static REQUESTS: RefCell<HashMap<usize, Entry, FixedState>> = const { RefCell::new(HashMap::with_hasher(FixedState::with_seed(0))) };
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

/// What is kept for a request until it has been answered.
#[derive(Debug)]
struct Entry {
    number: u64,
    /// Holds the request's SERVER span.
    context: Context,
    /// What the application adds to the request's metrics.
    labels: Vec<KeyValue>,
}

/// A request that has its telemetry: the place of its head, which is that of no other request as long as this one is being
/// handled, and a number that no other request of this thread ever has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    place: usize,
    number: u64,
}

/// A request that is being handled.
#[derive(Debug)]
pub(crate) struct Registered(Known);

fn place(head: &RequestHead) -> usize {
    std::ptr::from_ref(head).addr()
}

impl Registered {
    pub(crate) fn new(head: &RequestHead, context: Context) -> Self {
        let known = Known { place: place(head), number: COUNT.get() };
        COUNT.set(known.number + 1);
        let entry = Entry { number: known.number, context, labels: Vec::new() };
        // The replaced entry, if there is one, is dropped outside of the borrow: it may hold the last of a span.
        let replaced = REQUESTS.try_with(|requests| requests.borrow_mut().insert(known.place, entry));
        drop(replaced);
        Self(known)
    }

    /// What the application added to the metrics.
    pub(crate) fn take_labels(&self) -> Vec<KeyValue> {
        self.0.with(|entry| std::mem::take(&mut entry.labels)).unwrap_or_default()
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        let Known { place, number } = self.0;
        let removed = REQUESTS.try_with(|requests| {
            let mut requests = requests.borrow_mut();
            let is_ours = requests.get(&place).is_some_and(|entry| entry.number == number);
            is_ours.then(|| requests.remove(&place))
        });
        drop(removed);
    }
}

impl Known {
    /// A request that is being handled, if it has its telemetry: no second span is started then.
    pub(crate) fn of(head: &RequestHead) -> Option<Self> {
        let place = place(head);
        let find = |requests: &RefCell<HashMap<usize, Entry, FixedState>>| {
            requests.borrow().get(&place).map(|entry| Self { place, number: entry.number })
        };
        REQUESTS.try_with(find).ok().flatten()
    }

    /// The context that holds the request's SERVER span. `None` once the request has been answered.
    pub(crate) fn context(self) -> Option<Context> {
        self.with(|entry| entry.context.clone())
    }

    /// Adds a label, or replaces the one of the same name.
    pub(crate) fn add_label(self, label: KeyValue) {
        self.with(|entry| {
            entry.labels.retain(|other| other.key != label.key);
            entry.labels.push(label);
        });
    }

    fn with<T>(self, then: impl FnOnce(&mut Entry) -> T) -> Option<T> {
        let visit = |requests: &RefCell<HashMap<usize, Entry, FixedState>>| {
            let mut requests = requests.borrow_mut();
            let entry = requests.get_mut(&self.place).filter(|entry| entry.number == self.number)?;
            Some(then(entry))
        };
        REQUESTS.try_with(visit).ok().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn a_request_is_known_from_its_start_to_its_answer() {
        let request = TestRequest::default().to_http_request();
        let other = TestRequest::default().to_http_request();
        assert_eq!(Known::of(request.head()), None);
        let registered = Registered::new(request.head(), Context::new());
        let known = Known::of(request.head());
        assert!(known.is_some() && Known::of(other.head()).is_none());
        let Some(known) = known else { return };
        known.add_label(KeyValue::new("a", 1));
        known.add_label(KeyValue::new("b", 2));
        known.add_label(KeyValue::new("a", 3));
        assert_eq!(registered.take_labels(), [KeyValue::new("b", 2), KeyValue::new("a", 3)]);
        drop(registered);
        assert_eq!(Known::of(request.head()), None);
        assert!(known.context().is_none());
    }

    #[test]
    fn what_was_kept_of_an_earlier_request_in_the_same_place_says_nothing() {
        let request = TestRequest::default().to_http_request();
        let first = Registered::new(request.head(), Context::new());
        let kept = Known::of(request.head());
        let second = Registered::new(request.head(), Context::new());
        drop(first);
        assert_ne!(Known::of(request.head()), kept);
        if let Some(kept) = kept {
            kept.add_label(KeyValue::new("a", 1));
            assert!(kept.context().is_none());
        }
        assert_eq!(second.take_labels(), []);
    }
}
