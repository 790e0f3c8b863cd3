//! Settings of outgoing calls, under the names that they have in `otel_core::config`.

use crate::hooks;

/// A client library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientLibrary {
    /// `awc`
    Awc,
    /// `reqwest`, of any version.
    Reqwest,
    /// `sqlx`, of any version.
    Sqlx,
}

impl ClientLibrary {
    /// Returns `true` if the program has a runtime, in which the instrumentation of this library is not turned off.
    #[must_use]
    pub fn is_enabled(self) -> bool {
        hooks::get().is_some_and(|hooks| (hooks.is_enabled)(self))
    }
}
