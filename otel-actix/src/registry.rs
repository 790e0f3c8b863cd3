//! The requests that are being handled on this thread, and their spans.
//!
//! actix-web keeps request data in the request's extensions. An entry there costs two allocations per request, and
//! up to a third for the map; a request stays on its thread, and so do the entries here.

use actix_web::dev::RequestHead;
use opentelemetry::{Context, KeyValue};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::collections::hash_map::Entry as MapEntry;
use std::hash::{BuildHasherDefault, Hasher};

type Requests = HashMap<usize, Entry, BuildHasherDefault<PlaceHasher>>;

thread_local! {
    static REQUESTS: RefCell<Requests> = const { RefCell::new(HashMap::with_hasher(BuildHasherDefault::new())) };
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

/// Places are all different, and chosen by nobody: spreading their bits is enough.
#[derive(Debug, Default)]
struct PlaceHasher(u64);

impl Hasher for PlaceHasher {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_usize(usize::from(byte)));
    }

    fn write_usize(&mut self, place: usize) {
        self.0 = (self.0 ^ place as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(32);
    }

    fn finish(&self) -> u64 {
        self.0
    }
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
pub(crate) struct Registered(Option<Known>);

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
        Self(Some(known))
    }

    /// The request has been answered. What the application added to its metrics.
    pub(crate) fn end(mut self) -> Vec<KeyValue> {
        self.remove().map(|entry| entry.labels).unwrap_or_default()
    }

    fn remove(&mut self) -> Option<Entry> {
        let Known { place, number } = self.0.take()?;
        let remove = |requests: &RefCell<Requests>| {
            let mut requests = requests.borrow_mut();
            match requests.entry(place) {
                MapEntry::Occupied(entry) if entry.get().number == number => Some(entry.remove()),
                _ => None,
            }
        };
        REQUESTS.try_with(remove).ok().flatten()
    }
}

impl Drop for Registered {
    fn drop(&mut self) {
        drop(self.remove());
    }
}

impl Known {
    /// A request that is being handled, if it has its telemetry: no second span is started then.
    pub(crate) fn of(head: &RequestHead) -> Option<Self> {
        let place = place(head);
        let find = |requests: &RefCell<Requests>| {
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
        let visit = |requests: &RefCell<Requests>| {
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
        assert_eq!(registered.end(), [KeyValue::new("b", 2), KeyValue::new("a", 3)]);
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
        assert_eq!(second.end(), []);
    }
}
