//! The span of a call to a database.
//!
//! A library sends queries of its own by the functions that applications use: `PRAGMA` when it opens a connection, a look-up
//! of types within another query. They are no calls of the application, and have no spans.

use std::cell::Cell;
use std::fmt::Debug;
use std::future::poll_fn;
use std::pin::pin;

use super::{Attached, Scope};
use crate::database::DatabaseFacts;
use crate::hooks;

/// The runtime's part of a query. Dropped, the query was given up.
pub trait DatabaseCall: Debug + Send + Sync {
    /// Makes the span current until the guard is dropped.
    fn attach(&self) -> Attached;

    /// Records the number of rows.
    fn set_returned_rows(&mut self, rows: u64);

    /// Ends the span.
    fn end(self: Box<Self>);

    /// Ends the span: the query failed.
    fn fail(self: Box<Self>, error_type: &'static str, code: Option<&str>);
}

/// The CLIENT span of one call to a database.
#[derive(Debug)]
pub struct DatabaseSpan(Option<Box<dyn DatabaseCall>>);

impl DatabaseSpan {
    /// Starts the span below the current one.
    #[must_use]
    pub fn start(_: Scope, facts: &DatabaseFacts<'_>) -> Self {
        if is_within_query() {
            return Self(None);
        }
        Self(hooks::started(|hooks| (hooks.start_database_call)(facts)))
    }

    /// No span: the call leaves no telemetry.
    #[must_use]
    pub const fn none() -> Self {
        Self(None)
    }

    /// Makes the span current. A future does so in each poll.
    #[must_use = "the span is current until this is dropped"]
    pub fn attach(&self) -> impl Sized + use<> {
        self.0.as_ref().map(|call| (call.attach(), WithinQuery::enter()))
    }

    /// Runs the future with the span current in each poll.
    pub async fn run<F: Future>(&self, future: F) -> F::Output {
        let mut future = pin!(future);
        std::future::poll_fn(|cx| {
            let _attached = self.attach();
            future.as_mut().poll(cx)
        })
        .await
    }

    /// Records the number of rows that the database returned.
    pub fn set_returned_rows(&mut self, rows: u64) {
        if let Some(call) = &mut self.0 {
            call.set_returned_rows(rows);
        }
    }

    /// Ends the span now: the call succeeded.
    pub fn end(self) {
        if let Some(call) = self.0 {
            call.end();
        }
    }

    /// Ends the span now: the call failed. `code` is the database's own.
    pub fn fail(self, error_type: &'static str, code: Option<&str>) {
        if let Some(call) = self.0 {
            call.fail(error_type, code);
        }
    }
}

/// Runs a future whose queries have no spans.
pub async fn within_query<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    poll_fn(|cx| {
        let _within = WithinQuery::enter();
        future.as_mut().poll(cx)
    })
    .await
}

thread_local! {
    /// `true` while the thread runs a query.
    static WITHIN_QUERY: Cell<bool> = const { Cell::new(false) };
}

fn is_within_query() -> bool {
    // Refused only while the thread ends.
    WITHIN_QUERY.try_with(Cell::get).unwrap_or_default()
}

/// While it lives, queries of this thread have no spans.
struct WithinQuery {
    outer: bool,
}

impl WithinQuery {
    fn enter() -> Self {
        Self { outer: WITHIN_QUERY.try_with(|within| within.replace(true)).unwrap_or_default() }
    }
}

impl Drop for WithinQuery {
    fn drop(&mut self) {
        let _ = WITHIN_QUERY.try_with(|within| within.set(self.outer));
    }
}
