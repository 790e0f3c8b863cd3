//! The queries of a connection that run.

use std::time::{Duration, Instant};

/// The most queries that are kept. `diesel` runs the queries of a connection one after the other; `diesel-async` can send
/// several before the first one is answered.
const MOST: usize = 64;

/// The time after which a query has no end any more.
const LONGEST: Duration = Duration::from_secs(600);

/// The queries of a connection that run, each with its span.
///
/// Some queries never end for the library: their future is dropped, or they fail before they are sent. They are kept until
/// they are too old or too many.
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

    /// Adds a query that starts now.
    pub(super) fn push(&mut self, text: String, span: S, now: Instant) {
        self.queries.retain(|query| now.saturating_duration_since(query.started) < LONGEST);
        if self.queries.len() == MOST {
            self.queries.remove(0);
        }
        self.queries.push(OpenQuery { text, started: now, span });
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

    #[test]
    fn a_query_without_an_end_ends_no_other_query() {
        let (mut open, now) = (OpenQueries::default(), Instant::now());
        open.push("SELECT 1".to_owned(), "dropped", now);
        assert_eq!(open.remove("SELECT 2"), None);
        for span in ["first", "second"] {
            open.push("SELECT 1".to_owned(), span, now);
            assert_eq!(open.remove("SELECT 1"), Some(span));
        }
        assert!(!open.is_empty());
    }

    #[test]
    fn queries_that_are_sent_together_end_by_their_text() {
        let (mut open, now) = (OpenQueries::default(), Instant::now());
        open.push("SELECT 1".to_owned(), 1, now);
        open.push("SELECT 2".to_owned(), 2, now);
        assert_eq!((open.remove("SELECT 1"), open.remove("SELECT 2")), (Some(1), Some(2)));
        assert!(open.is_empty());
    }

    #[test]
    fn queries_that_are_too_old_or_too_many_are_dropped() {
        let (mut open, now) = (OpenQueries::default(), Instant::now());
        for number in 0..=MOST {
            open.push(number.to_string(), number, now);
        }
        assert_eq!((open.remove("0"), open.remove("1")), (None, Some(1)));
        open.push("last".to_owned(), MOST + 1, now + LONGEST);
        assert_eq!((open.remove("2"), open.remove("last")), (None, Some(MOST + 1)));
        assert!(open.is_empty());
    }
}
