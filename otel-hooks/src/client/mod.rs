//! Outgoing calls. The application's copies of `awc`, `reqwest` and `sqlx-core` contain the files of `otel-clients`, which
//! use these types under the names that they have in `otel_core::client`.

mod database;
mod http;

use opentelemetry::ContextGuard;

use crate::hooks;

pub use database::{DatabaseCall, DatabaseSpan, within_query};
pub use http::{HttpCall, HttpClientSpan, RequestHeaders};

/// The call that a thread ran before another one: the id of its span, and `true` if it is a query.
pub type OuterCall = ([u8; 8], bool);

/// While it lives, the span of a call is current on this thread.
#[derive(Debug)]
#[must_use = "the span is current until this is dropped"]
pub struct Attached {
    _call: Option<AttachedCall>,
}

#[derive(Debug)]
struct AttachedCall {
    outer: OuterCall,
    restore: fn(OuterCall),
    _context: ContextGuard,
}

impl Attached {
    /// Wraps the guard of the call's context. `restore` gets the call that the thread ran before.
    pub const fn new(context: ContextGuard, outer: OuterCall, restore: fn(OuterCall)) -> Self {
        Self { _call: Some(AttachedCall { outer, restore, _context: context }) }
    }

    /// Changes nothing.
    pub const fn nothing() -> Self {
        Self { _call: None }
    }
}

impl Drop for AttachedCall {
    fn drop(&mut self) {
        (self.restore)(self.outer);
    }
}

/// Gives up calls whose time is over: the spans that end meanwhile have `error.type` `timeout`.
pub fn time_out(give_up: impl FnOnce()) {
    let Some(hooks) = hooks::get() else { return give_up() };
    let mut give_up = Some(give_up);
    (hooks.time_out)(&mut || {
        if let Some(give_up) = give_up.take() {
            give_up();
        }
    });
}

/// The instrumentation scope of the runtime.
#[derive(Clone, Copy, Debug)]
pub struct Scope;

/// The instrumentation scope of the runtime.
#[must_use]
pub const fn scope() -> Scope {
    Scope
}
