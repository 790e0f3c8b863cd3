//! The queries of a connection that run.

use std::time::{Duration, Instant};

/// The most queries that are kept. `diesel` runs the queries of a connection one after the other; `diesel-async` can send
/// several before the first one is answered.
const MOST: usize = 64;

/// The time after which a query has no end any more.
const LONGEST: Duration = Duration::from_secs(600);

/// The queries of a connection that run, each with its span.
///
/// `diesel` reports no end of some queries: their future is dropped, or they fail before they are sent. They are kept until they
/// are too old or too many, or the connection ends.
#[derive(Debug)]
pub(super) struct OpenQueries<S> {
    queries: Vec<OpenQuery<S>>,
}

#[derive(Debug)]
struct OpenQuery<S> {
    text: String,
    started: Instant,
    span: S,
}

impl<S> Default for OpenQueries<S> {
    fn default() -> Self {
        Self { queries: Vec::new() }
    }
}

impl<S> OpenQueries<S> {
    pub(super) fn is_empty(&self) -> bool {
        self.queries.is_empty()
    }

    /// Adds a query that starts now. Returns the spans of older ones that have no end.
    pub(super) fn push(&mut self, text: String, span: S, now: Instant) -> impl Iterator<Item = S> + '_ {
        // The oldest query is the first one.
        let is_too_old = |query: &OpenQuery<S>| now.saturating_duration_since(query.started) >= LONGEST;
        let too_old = self.queries.partition_point(is_too_old);
        let too_many = (self.queries.len() + 1).saturating_sub(MOST);
        self.queries.push(OpenQuery { text, started: now, span });
        self.queries.drain(..too_old.max(too_many)).map(|query| query.span)
    }

    /// Removes all queries.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = S> + '_ {
        self.queries.drain(..).map(|query| query.span)
    }

    /// Removes the newest query with this text: an older one may never have ended.
    pub(super) fn remove(&mut self, text: &str) -> Option<S> {
        let index = self.queries.iter().rposition(|query| query.text == text)?;
        Some(self.queries.remove(index).span)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Adds a query, and returns the ones that have no end.
    fn push<S>(open: &mut OpenQueries<S>, text: &str, span: S, now: Instant) -> Vec<S> {
        open.push(text.to_owned(), span, now).collect()
    }

    #[test]
    fn a_query_without_an_end_ends_no_other_query() {
        let (mut open, now) = (OpenQueries::default(), Instant::now());
        push(&mut open, "SELECT 1", "dropped", now);
        assert_eq!(open.remove("SELECT 2"), None);
        for span in ["first", "second"] {
            assert!(push(&mut open, "SELECT 1", span, now).is_empty());
            assert_eq!(open.remove("SELECT 1"), Some(span));
        }
        assert!(!open.is_empty());
        assert_eq!(open.drain().collect::<Vec<_>>(), ["dropped"]);
        assert!(open.is_empty());
    }

    #[test]
    fn queries_that_are_sent_together_end_by_their_text() {
        let (mut open, now) = (OpenQueries::default(), Instant::now());
        push(&mut open, "SELECT 1", 1, now);
        push(&mut open, "SELECT 2", 2, now);
        assert_eq!((open.remove("SELECT 1"), open.remove("SELECT 2")), (Some(1), Some(2)));
        assert!(open.is_empty());
    }

    #[test]
    fn queries_that_are_too_old_or_too_many_have_no_end() {
        let (mut open, now) = (OpenQueries::default(), Instant::now());
        for number in 0..MOST {
            assert!(push(&mut open, &number.to_string(), number, now).is_empty());
        }
        assert_eq!(push(&mut open, "one more", MOST, now), [0]);
        assert_eq!((open.remove("0"), open.remove("1")), (None, Some(1)));
        assert_eq!(push(&mut open, "last", MOST + 1, now + LONGEST).len(), MOST - 1);
        assert_eq!((open.remove("2"), open.remove("last")), (None, Some(MOST + 1)));
        assert!(open.is_empty());
    }
}
