//! The requests that are being handled on this thread, and their spans.
//!
//! actix-web keeps request data in the request's extensions. An entry there costs two allocations per request, and
//! up to a third for the map; a request stays on its thread, and so do the entries here.

use actix_web::dev::RequestHead;
use otel_core::foldhash::fast::FixedState;
use otel_core::opentelemetry::{Context, KeyValue};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::ptr::NonNull;

/// Places near at hand: enough for the requests that a thread usually handles at once.
const NEAR: usize = 64;

thread_local! {
    static REQUESTS: RefCell<Requests> = const { RefCell::new(Requests::NONE) };

    /// The number of the request that the thread is at; zero for none.
    static RUNNING: Cell<u64> = const { Cell::new(0) };
}

/// The requests of a thread, by their places.
#[derive(Debug)]
struct Requests {
    /// Each place of a request leads to one of these.
    near: [Entry; NEAR],
    /// Those that found theirs taken. A request is in one of the two, never in both.
    far: HashMap<usize, Entry, FixedState>,
    /// What applications add to the metrics of their requests. Hardly any do.
    labels: Vec<(Known, KeyValue)>,
    /// The next one's number.
    count: u64,
}

/// What is kept for a request until it has been answered.
#[derive(Debug)]
struct Entry {
    /// `None`: nothing is kept.
    known: Option<Known>,
    /// Holds the request's SERVER span. Not the last to do so: the request's telemetry holds it as well.
    context: Option<Context>,
}

/// A request that has its telemetry: the place of its head, and a number that no other request of this thread ever has. The
/// place is that of no other request as long as anybody holds this one. A middleware may let go of it before it answers:
/// then the next request may come to the same place, and what is known there is replaced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    place: NonZeroUsize,
    number: u64,
}

impl Requests {
    const NONE: Self = Self {
        near: [const { Entry { known: None, context: None } }; NEAR],
        far: HashMap::with_hasher(FixedState::with_seed(0)),
        labels: Vec::new(),
        count: 1,
    };

    /// Heads are large: their places differ in bits further up.
    #[inline]
    fn near(&mut self, place: NonZeroUsize) -> Option<&mut Entry> {
        let place = place.get();
        self.near.get_mut((place >> 6 ^ place >> 12) % NEAR)
    }

    /// Keeps the request. What was kept for another one that had the same place comes back.
    #[inline]
    fn insert(&mut self, place: NonZeroUsize, context: &Context) -> (Known, Option<Context>) {
        let known = Known { place, number: self.count };
        self.count += 1;
        if self.far.is_empty() {
            if let Some(entry @ Entry { known: None, .. }) = self.near(place) {
                entry.known = Some(known);
                entry.context = Some(context.clone());
                return (known, None);
            }
        }
        (known, self.insert_far(known, context))
    }

    #[cold]
    fn insert_far(&mut self, known: Known, context: &Context) -> Option<Context> {
        let (place, entry) = (known.place, Entry { known: Some(known), context: Some(context.clone()) });
        let is_far = self.far.contains_key(&place.get());
        let replaced = match self.near(place) {
            Some(near) if !is_far && near.known.is_none_or(|other| other.place == place) => {
                Some(std::mem::replace(near, entry))
            }
            _ => self.far.insert(place.get(), entry),
        };
        replaced?.context
    }

    #[inline]
    fn get(&mut self, place: NonZeroUsize) -> Option<(Known, &Context)> {
        let is_far = self.far.contains_key(&place.get());
        let entry = if is_far { self.far.get(&place.get())? } else { &*self.near(place)? };
        let Entry { known: Some(known), context: Some(context) } = entry else { return None };
        (known.place == place).then_some((*known, context))
    }

    /// Lets go of whatever request was in this place before. Its context comes back.
    fn forget(&mut self, place: NonZeroUsize) -> Option<Context> {
        let (known, context) = self.get(place).map(|(known, context)| (known, context.clone()))?;
        self.remove(known);
        Some(context)
    }

    /// Lets go of a request, if it is still this one that is kept.
    #[inline]
    fn remove(&mut self, known: Known) {
        match self.near(known.place) {
            Some(near) if near.known == Some(known) => {
                near.known = None;
                near.context = None;
            }
            _ => self.remove_far(known),
        }
    }

    #[cold]
    fn remove_far(&mut self, known: Known) {
        let place = known.place.get();
        if self.far.get(&place).is_some_and(|entry| entry.known == Some(known)) {
            self.far.remove(&place);
        }
    }

    /// What the application added to the metrics of a request.
    #[cold]
    fn labels_of(&mut self, known: Known) -> Vec<KeyValue> {
        self.labels.extract_if(.., |(of, _)| *of == known).map(|(_, label)| label).collect()
    }
}

/// A request that is being handled.
#[derive(Debug)]
pub(crate) struct Registered(Option<Known>);

#[inline]
fn place(head: &RequestHead) -> NonZeroUsize {
    NonNull::from(head).addr()
}

impl Registered {
    /// None.
    pub(crate) const NOT: Self = Self(None);

    #[inline]
    pub(crate) fn new(head: &RequestHead, context: &Context) -> Self {
        let inserted = REQUESTS.try_with(|requests| requests.borrow_mut().insert(place(head), context));
        let Ok((known, replaced)) = inserted else { return Self::NOT };
        // Outside of the borrow: it may hold the last of a span.
        drop(replaced);
        Self(Some(known))
    }

    /// None, for a request of which nothing is to be known: also not what is known of an earlier one in its place.
    pub(crate) fn not(head: &RequestHead) -> Self {
        // Outside of the borrow: it may hold the last of a span.
        drop(REQUESTS.try_with(|requests| requests.borrow_mut().forget(place(head))));
        Self::NOT
    }

    /// The thread is at this request as long as the result lives.
    #[inline]
    pub(crate) fn run(&self) -> Running {
        Running { before: RUNNING.replace(self.0.map_or(0, |known| known.number)) }
    }

    /// The request has been answered. What the application added to its metrics, if it did.
    #[inline]
    pub(crate) fn end(&mut self) -> Option<Vec<KeyValue>> {
        let known = self.0.take()?;
        let end = |requests: &RefCell<Requests>| {
            let mut requests = requests.borrow_mut();
            requests.remove(known);
            (!requests.labels.is_empty()).then(|| requests.labels_of(known))
        };
        REQUESTS.try_with(end).ok().flatten()
    }
}

/// See [`Registered::run`].
#[derive(Debug)]
#[must_use = "the thread is at the request as long as this lives"]
pub(crate) struct Running {
    before: u64,
}

impl Drop for Running {
    #[inline]
    fn drop(&mut self) {
        RUNNING.set(self.before);
    }
}

impl Drop for Registered {
    #[inline]
    fn drop(&mut self) {
        if self.0.is_some() {
            drop(self.end());
        }
    }
}

impl Known {
    /// A request that is being handled, if it has its telemetry: no second span is started then.
    #[inline]
    pub(crate) fn of(head: &RequestHead) -> Option<Self> {
        let find = |requests: &RefCell<Requests>| requests.borrow_mut().get(place(head)).map(|(known, _)| known);
        REQUESTS.try_with(find).ok().flatten()
    }

    /// The context that holds the request's SERVER span. `None` once the request has been answered.
    pub(crate) fn context(self) -> Option<Context> {
        let find = |requests: &mut Requests| requests.get(self.place).map(|(_, context)| context.clone());
        self.while_handled(find).flatten()
    }

    /// Whether this is the request that the thread is at. An earlier one, which is still to be answered but had its place
    /// taken by another, is not.
    #[inline]
    pub(crate) fn is_running(self) -> bool {
        RUNNING.get() == self.number
    }

    /// Adds a label, or replaces the one of the same name.
    pub(crate) fn add_label(self, label: KeyValue) {
        let _ = self.while_handled(|requests| {
            requests.labels.retain(|(of, other)| *of != self || other.key != label.key);
            requests.labels.push((self, label));
        });
    }

    fn while_handled<T>(self, then: impl FnOnce(&mut Requests) -> T) -> Option<T> {
        let visit = |requests: &RefCell<Requests>| {
            let mut requests = requests.borrow_mut();
            requests.get(self.place).is_some_and(|(known, _)| known == self).then(|| then(&mut requests))
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
        let mut registered = Registered::new(request.head(), &Context::new());
        let known = Known::of(request.head());
        assert!(known.is_some() && Known::of(other.head()).is_none());
        let Some(known) = known else { return };
        known.add_label(KeyValue::new("a", 1));
        known.add_label(KeyValue::new("b", 2));
        known.add_label(KeyValue::new("a", 3));
        assert_eq!(registered.end(), Some(vec![KeyValue::new("b", 2), KeyValue::new("a", 3)]));
        assert_eq!(Known::of(request.head()), None);
        assert!(known.context().is_none());
    }

    #[test]
    fn what_was_kept_of_an_earlier_request_in_the_same_place_says_nothing() {
        let request = TestRequest::default().to_http_request();
        let first = Registered::new(request.head(), &Context::new());
        let kept = Known::of(request.head());
        let mut second = Registered::new(request.head(), &Context::new());
        drop(first);
        assert_ne!(Known::of(request.head()), kept);
        if let Some(kept) = kept {
            kept.add_label(KeyValue::new("a", 1));
            assert!(kept.context().is_none());
        }
        assert_eq!(second.end(), None);
    }

    #[test]
    fn requests_that_share_a_near_place_do_not_get_in_each_others_way() {
        let context = Context::new();
        let heads: Vec<RequestHead> = (0..300).map(|_| RequestHead::default()).collect();
        let mut registered: Vec<_> = heads.iter().map(|head| Some(Registered::new(head, &context))).collect();
        let is_known = |head: &RequestHead| Known::of(head).and_then(Known::context).is_some();
        assert!(heads.iter().all(is_known));
        for (index, head) in heads.iter().enumerate().filter(|(index, _)| index % 3 == 0) {
            registered[index] = None;
            assert!(!is_known(head));
        }
        for (index, head) in heads.iter().enumerate().filter(|(index, _)| index % 3 == 0) {
            registered[index] = Some(Registered::new(head, &context));
        }
        assert!(heads.iter().all(is_known));
        registered.clear();
        assert!(!heads.iter().any(is_known));
    }
}
