//! The requests that this thread has not answered yet, and their contexts.
//!
//! actix-web stores request data in the request's extensions. An entry there costs two allocations per request, plus a
//! third when the map grows. A request never leaves its thread, so a table per thread does the same without any.

use actix_web::dev::RequestHead;
use otel_core::direct_mapped::DirectMapped;
use otel_core::foldhash::fast::FixedState;
use otel_core::opentelemetry::{Context, KeyValue};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::ptr::NonNull;

/// Entries of the cache: a thread rarely has more requests in flight.
const CACHE_SIZE: usize = 64;

thread_local! {
    static REQUESTS: RefCell<Requests> = const { RefCell::new(Requests::NONE) };

    /// The number of the request whose code runs on this thread; zero for none.
    static CURRENT: Cell<u64> = const { Cell::new(0) };
}

/// The active requests of a thread, by the addresses of their heads.
#[derive(Debug)]
struct Requests {
    /// The contexts of most requests. Each holds the request's SERVER span, which the request's telemetry holds as well.
    cache: DirectMapped<RequestKey, Context, CACHE_SIZE>,
    /// The contexts of requests whose cache entry was occupied. No request is in both.
    overflow: HashMap<NonZeroUsize, (RequestKey, Context), FixedState>,
    /// Attributes that the application adds to the metrics of requests. Few applications use them.
    labels: Vec<(RequestKey, KeyValue)>,
    /// The number of the next request.
    next_number: u64,
}

/// Identifies a request of this thread by the address of its head and a number that is never used again.
///
/// The address alone is unique only while someone holds the request. A middleware may drop a request before it answers;
/// the next request may then have the same address, and replaces the earlier one in the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RequestKey {
    address: NonZeroUsize,
    number: u64,
}

impl Requests {
    const NONE: Self = Self {
        cache: DirectMapped::new(),
        overflow: HashMap::with_hasher(FixedState::with_seed(0)),
        labels: Vec::new(),
        next_number: 1,
    };

    /// Returns the cache entry for an address. Heads are large, so their addresses differ in the higher bits.
    #[inline]
    fn entry(&mut self, address: NonZeroUsize) -> &mut Option<(RequestKey, Context)> {
        let address = address.get();
        self.cache.entry(address >> 6 ^ address >> 12)
    }

    /// Adds a request. Returns the context of another request that had the same address.
    #[inline]
    fn insert(&mut self, address: NonZeroUsize, context: &Context) -> (RequestKey, Option<Context>) {
        let key = RequestKey { address, number: self.next_number };
        self.next_number += 1;
        if self.overflow.is_empty() {
            let entry = self.entry(address);
            if entry.is_none() {
                *entry = Some((key, context.clone()));
                return (key, None);
            }
        }
        (key, self.insert_slowly(key, context))
    }

    #[cold]
    fn insert_slowly(&mut self, key: RequestKey, context: &Context) -> Option<Context> {
        let has_overflowed = self.overflow.contains_key(&key.address);
        let request = (key, context.clone());
        let replaced = match self.entry(key.address) {
            entry if !has_overflowed && entry.as_ref().is_none_or(|(other, _)| other.address == key.address) => {
                entry.replace(request)
            }
            _ => self.overflow.insert(key.address, request),
        };
        replaced.map(|(_, context)| context)
    }

    #[inline]
    fn get(&mut self, address: NonZeroUsize) -> Option<&(RequestKey, Context)> {
        let has_overflowed = self.overflow.contains_key(&address);
        let request = if has_overflowed { self.overflow.get(&address) } else { self.entry(address).as_ref() };
        request.filter(|(key, _)| key.address == address)
    }

    /// Removes whichever request has this address, and returns its context.
    fn remove_at(&mut self, address: NonZeroUsize) -> Option<Context> {
        let (key, context) = self.get(address).cloned()?;
        self.remove(key);
        Some(context)
    }

    /// Removes a request, unless another one has replaced it.
    #[inline]
    fn remove(&mut self, key: RequestKey) {
        match self.entry(key.address) {
            entry @ Some(_) if entry.as_ref().is_some_and(|(other, _)| *other == key) => *entry = None,
            _ => self.remove_overflowed(key),
        }
    }

    #[cold]
    fn remove_overflowed(&mut self, key: RequestKey) {
        if self.overflow.get(&key.address).is_some_and(|(other, _)| *other == key) {
            self.overflow.remove(&key.address);
        }
    }

    #[cold]
    fn take_labels(&mut self, key: RequestKey) -> Vec<KeyValue> {
        self.labels.extract_if(.., |(owner, _)| *owner == key).map(|(_, label)| label).collect()
    }
}

/// A request's place in the table, which it leaves when this is [finished](Self::finish) or dropped.
#[derive(Debug)]
pub(crate) struct ActiveRequest(Option<RequestKey>);

#[inline]
fn address(head: &RequestHead) -> NonZeroUsize {
    NonNull::from(head).addr()
}

impl ActiveRequest {
    /// A request that is not in the table.
    pub(crate) const NONE: Self = Self(None);

    /// Adds a request to the table.
    #[inline]
    pub(crate) fn new(head: &RequestHead, context: &Context) -> Self {
        let inserted = REQUESTS.try_with(|requests| requests.borrow_mut().insert(address(head), context));
        let Ok((key, replaced)) = inserted else { return Self::NONE };
        // Dropped outside of the borrow: a context may hold the last reference to a span, whose end runs other code.
        drop(replaced);
        Self(Some(key))
    }

    /// Leaves a request out of the table, and removes an earlier request that had the same address.
    pub(crate) fn untracked(head: &RequestHead) -> Self {
        // Dropped outside of the borrow, as above.
        drop(REQUESTS.try_with(|requests| requests.borrow_mut().remove_at(address(head))));
        Self::NONE
    }

    /// Marks the request as the one whose code runs on this thread, as long as the result lives.
    #[inline]
    pub(crate) fn make_current(&self) -> CurrentRequest {
        CurrentRequest { previous: CURRENT.replace(self.0.map_or(0, |key| key.number)) }
    }

    /// Removes an answered request. Returns the attributes that the application added to its metrics.
    #[inline]
    pub(crate) fn finish(&mut self) -> Option<Vec<KeyValue>> {
        let key = self.0.take()?;
        let finish = |requests: &RefCell<Requests>| {
            let mut requests = requests.borrow_mut();
            requests.remove(key);
            (!requests.labels.is_empty()).then(|| requests.take_labels(key))
        };
        REQUESTS.try_with(finish).ok().flatten()
    }
}

/// See [`ActiveRequest::make_current`].
#[derive(Debug)]
#[must_use = "the request is current as long as this lives"]
pub(crate) struct CurrentRequest {
    previous: u64,
}

impl Drop for CurrentRequest {
    #[inline]
    fn drop(&mut self) {
        CURRENT.set(self.previous);
    }
}

impl Drop for ActiveRequest {
    #[inline]
    fn drop(&mut self) {
        if self.0.is_some() {
            drop(self.finish());
        }
    }
}

impl RequestKey {
    /// Returns the key of a request whose telemetry has been started: no layer starts a second span for it.
    #[inline]
    pub(crate) fn of(head: &RequestHead) -> Option<Self> {
        let find = |requests: &RefCell<Requests>| requests.borrow_mut().get(address(head)).map(|(key, _)| *key);
        REQUESTS.try_with(find).ok().flatten()
    }

    /// Returns the context that holds the request's SERVER span; `None` once the request has been answered.
    pub(crate) fn context(self) -> Option<Context> {
        let find = |requests: &mut Requests| requests.get(self.address).map(|(_, context)| context.clone());
        self.while_active(find).flatten()
    }

    /// Returns `true` if the code of this request runs on this thread; `false` for an abandoned request, even if a new
    /// request has the same address.
    #[inline]
    pub(crate) fn is_current(self) -> bool {
        CURRENT.get() == self.number
    }

    /// Adds an attribute to the request's metrics, or replaces the one of the same name.
    pub(crate) fn add_label(self, label: KeyValue) {
        let _ = self.while_active(|requests| {
            requests.labels.retain(|(owner, other)| *owner != self || other.key != label.key);
            requests.labels.push((self, label));
        });
    }

    fn while_active<T>(self, then: impl FnOnce(&mut Requests) -> T) -> Option<T> {
        let visit = |requests: &RefCell<Requests>| {
            let mut requests = requests.borrow_mut();
            requests.get(self.address).is_some_and(|(key, _)| *key == self).then(|| then(&mut requests))
        };
        REQUESTS.try_with(visit).ok().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn a_request_is_active_from_its_start_to_its_answer() {
        let request = TestRequest::default().to_http_request();
        let other = TestRequest::default().to_http_request();
        assert_eq!(RequestKey::of(request.head()), None);
        let mut active = ActiveRequest::new(request.head(), &Context::new());
        let key = RequestKey::of(request.head());
        assert!(key.is_some() && RequestKey::of(other.head()).is_none());
        let Some(key) = key else { return };
        key.add_label(KeyValue::new("a", 1));
        key.add_label(KeyValue::new("b", 2));
        key.add_label(KeyValue::new("a", 3));
        assert_eq!(active.finish(), Some(vec![KeyValue::new("b", 2), KeyValue::new("a", 3)]));
        assert_eq!(RequestKey::of(request.head()), None);
        assert!(key.context().is_none());
    }

    #[test]
    fn a_key_of_an_earlier_request_at_the_same_address_is_stale() {
        let request = TestRequest::default().to_http_request();
        let first = ActiveRequest::new(request.head(), &Context::new());
        let stale = RequestKey::of(request.head());
        let mut second = ActiveRequest::new(request.head(), &Context::new());
        drop(first);
        assert_ne!(RequestKey::of(request.head()), stale);
        if let Some(stale) = stale {
            stale.add_label(KeyValue::new("a", 1));
            assert!(stale.context().is_none());
        }
        assert_eq!(second.finish(), None);
    }

    #[test]
    fn requests_that_share_a_cache_entry_are_stale_apart() {
        let context = Context::new();
        let heads: Vec<RequestHead> = (0..300).map(|_| RequestHead::default()).collect();
        let mut active: Vec<_> = heads.iter().map(|head| Some(ActiveRequest::new(head, &context))).collect();
        let is_active = |head: &RequestHead| RequestKey::of(head).and_then(RequestKey::context).is_some();
        assert!(heads.iter().all(is_active));
        for (index, head) in heads.iter().enumerate().filter(|(index, _)| index % 3 == 0) {
            active[index] = None;
            assert!(!is_active(head));
        }
        for (index, head) in heads.iter().enumerate().filter(|(index, _)| index % 3 == 0) {
            active[index] = Some(ActiveRequest::new(head, &context));
        }
        assert!(heads.iter().all(is_active));
        active.clear();
        assert!(!heads.iter().any(is_active));
    }
}
