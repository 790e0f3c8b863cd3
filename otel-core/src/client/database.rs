//! The span of a call to a database.

use std::time::Duration;

use opentelemetry::{Context, InstrumentationScope};

use super::nested::{Attached, is_within_query};
use super::open_call::{OpenCall, PooledCall};
use super::running::RunningCall;
use super::time_out::error_of_given_up_call;
use crate::config::records_returned_rows;
use crate::database::{DatabaseFacts, Statement};
use crate::suppress::is_disabled;

/// The CLIENT span of one call to a database.
///
/// If it is dropped without [`end`](Self::end), the caller gave the call up, which is no error.
///
/// ```
/// use otel_core::client::{self, DatabaseSpan};
/// use otel_core::database::DatabaseFacts;
///
/// # fn query(sql: &str) -> Result<Vec<u32>, &'static str> { Ok(vec![1, 2]) }
/// let sql = "SELECT id FROM users WHERE age > 30";
/// let mut facts = DatabaseFacts::new("sqlite");
/// facts.query = Some(sql);
/// let mut span = DatabaseSpan::start(client::scope(), &facts);
/// let rows = {
///     let _attached = span.attach();
///     query(sql)
/// };
/// match rows {
///     Ok(rows) => {
///         span.set_returned_rows(rows.len() as u64);
///         span.end();
///     }
///     Err(code) => span.fail("database", Some(code)),
/// }
/// ```
#[derive(Debug)]
pub struct DatabaseSpan {
    /// `None` where no telemetry is recorded, and once the span ended.
    open: Option<PooledCall>,
}

impl DatabaseSpan {
    /// Starts the span below the current one, unless telemetry is suppressed or disabled, or the current span is that of a
    /// query which runs on this thread: one library sends its query through another then.
    ///
    /// `scope` names the instrumentation library.
    #[must_use]
    #[inline]
    pub fn start(scope: &'static InstrumentationScope, facts: &DatabaseFacts<'_>) -> Self {
        if !Self::is_enabled() || is_within_query() {
            return Self::none();
        }
        let call = OpenCall::start(scope, facts.system, |open_facts| {
            let statement = facts.query.and_then(|query| Statement::remembered(query, facts.system));
            open_facts.start_database(facts, statement.as_deref());
        });
        Self { open: Some(call) }
    }

    /// Returns `true` unless telemetry is suppressed or disabled: [`start`](Self::start) makes no span then. For callers
    /// whose facts are costly.
    #[must_use]
    #[inline]
    pub fn is_enabled() -> bool {
        !is_disabled() && !Context::map_current(Context::is_telemetry_suppressed)
    }

    /// No span: the call leaves no telemetry.
    #[must_use]
    pub const fn none() -> Self {
        Self { open: None }
    }

    /// Makes the span current until the guard is dropped. A future attaches the span in each poll.
    #[inline]
    pub fn attach(&self) -> Attached {
        self.open.as_ref().map_or_else(Attached::nothing, |call| Attached::query(&call.context))
    }

    /// Runs the future with the span current in each poll.
    pub fn run<F: Future>(&self, future: F) -> RunningCall<'_, F> {
        RunningCall::query(future, self.open.as_ref().map(|call| &call.context))
    }

    /// Returns `true` if there is a span to end.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Sets the number of rows that the database returned. It is recorded if `OTEL_RUST_DB_RETURNED_ROWS` is `true`: the
    /// attribute is opt-in by the conventions.
    pub fn set_returned_rows(&mut self, rows: u64) {
        if let Some(call) = self.open.as_mut().filter(|_| records_returned_rows()) {
            call.facts.set_returned_rows(rows);
        }
    }

    /// Ends the span now.
    #[inline]
    pub fn end(mut self) {
        self.finish(false, true);
    }

    /// Ends the span now, as failed. `status_code` is the database's own code of the error, if there is one. `error_type`
    /// is one word of low cardinality, used for errors without a code.
    pub fn fail(mut self, error_type: &'static str, status_code: Option<&str>) {
        if let Some(call) = &mut self.open {
            call.facts.set_database_error(error_type, status_code);
        }
        self.finish(true, true);
    }

    /// Ends the span now, as failed, because nothing shows when the call ended: its duration is not measured.
    pub fn fail_unmeasured(mut self, error_type: &'static str) {
        if let Some(call) = &mut self.open {
            call.facts.set_database_error(error_type, None);
        }
        self.finish(true, false);
    }

    fn finish(&mut self, is_failed: bool, is_measured: bool) {
        let Some(call) = self.open.take() else { return };
        let (duration, end) = call.end_now();
        if let (true, Some(instruments), Some(view)) = (is_measured, &call.instruments, call.facts.database()) {
            instruments.record_database(&view, Duration::from_nanos(duration), &call.context);
        }
        call.finish(end, is_failed);
    }
}

impl Drop for DatabaseSpan {
    #[inline]
    fn drop(&mut self) {
        let error_type = error_of_given_up_call();
        if let (Some(call), Some(error_type)) = (&mut self.open, error_type) {
            call.facts.set_database_error(error_type, None);
        }
        self.finish(error_type.is_some(), true);
    }
}
