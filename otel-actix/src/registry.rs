//! The requests that are being handled on this thread, and their spans.
//!
//! actix-web keeps request data in the request's extensions. An entry there costs two allocations per request, and
//! up to a third for the map; a request stays on its thread, and so do the entries here.

use actix_web::dev::RequestHead;
use opentelemetry::{Context, KeyValue};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;

/// Places near at hand: enough for the requests that a thread usually handles at once.
const NEAR: usize = 64;

thread_local! {
    static REQUESTS: RefCell<Requests> = const { RefCell::new(Requests { near: [const { None }; NEAR], far: None }) };
    static COUNT: Cell<u64> = const { Cell::new(0) };
}

/// The requests of a thread, by their places.
#[derive(Debug)]
struct Requests {
    /// Each place of a request leads to one of these.
    near: [Option<Entry>; NEAR],
    /// Those that found theirs taken.
    far: Option<HashMap<usize, Entry>>,
}

impl Requests {
    /// Heads are large: their places differ in bits further up.
    fn near(&mut self, place: usize) -> Option<&mut Option<Entry>> {
        self.near.get_mut((place >> 6 ^ place >> 12) % NEAR)
    }

    fn insert(&mut self, entry: Entry) -> Option<Entry> {
        let place = entry.known.place;
        let is_far = self.far.as_ref().is_some_and(|far| far.contains_key(&place));
        match self.near(place) {
            Some(near) if !is_far && near.as_ref().is_none_or(|other| other.known.place == place) => {
                near.replace(entry)
            }
            _ => self.far.get_or_insert_default().insert(place, entry),
        }
    }

    fn get(&mut self, place: usize) -> Option<&mut Entry> {
        // In one of the two, never in both.
        if self.far.as_ref().is_some_and(|far| far.contains_key(&place)) {
            return self.far.as_mut()?.get_mut(&place);
        }
        self.near(place)?.as_mut().filter(|entry| entry.known.place == place)
    }

    fn remove(&mut self, known: Known) -> Option<Entry> {
        let near = self.near(known.place)?;
        if near.as_ref().is_some_and(|entry| entry.known == known) {
            return near.take();
        }
        let far = self.far.as_mut()?;
        if far.get(&known.place).is_some_and(|entry| entry.known == known) { far.remove(&known.place) } else { None }
    }
}

/// What is kept for a request until it has been answered.
#[derive(Debug)]
struct Entry {
    known: Known,
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
        let entry = Entry { known, context, labels: Vec::new() };
        // The replaced entry, if there is one, is dropped outside of the borrow: it may hold the last of a span.
        let replaced = REQUESTS.try_with(|requests| requests.borrow_mut().insert(entry));
        drop(replaced);
        Self(Some(known))
    }

    /// The request has been answered. What the application added to its metrics.
    pub(crate) fn end(mut self) -> Vec<KeyValue> {
        self.remove().map(|entry| entry.labels).unwrap_or_default()
    }

    fn remove(&mut self) -> Option<Entry> {
        let known = self.0.take()?;
        REQUESTS.try_with(|requests| requests.borrow_mut().remove(known)).ok().flatten()
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
        let find = |requests: &RefCell<Requests>| requests.borrow_mut().get(place).map(|entry| entry.known);
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
            requests.get(self.place).filter(|entry| entry.known == self).map(then)
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

    #[test]
    fn requests_that_share_a_near_place_do_not_get_in_each_others_way() {
        let context = Context::new();
        let heads: Vec<RequestHead> = (0..300).map(|_| RequestHead::default()).collect();
        let mut registered: Vec<_> = heads.iter().map(|head| Some(Registered::new(head, context.clone()))).collect();
        let is_known = |head: &RequestHead| Known::of(head).and_then(Known::context).is_some();
        assert!(heads.iter().all(is_known));
        for (index, head) in heads.iter().enumerate().filter(|(index, _)| index % 3 == 0) {
            registered[index] = None;
            assert!(!is_known(head));
        }
        for (index, head) in heads.iter().enumerate().filter(|(index, _)| index % 3 == 0) {
            registered[index] = Some(Registered::new(head, context.clone()));
        }
        assert!(heads.iter().all(is_known));
        registered.clear();
        assert!(!heads.iter().any(is_known));
    }
}
