//! The client libraries whose instrumentation is turned off in this process.

use std::sync::{LazyLock, OnceLock};

use super::{ClientLibrary, Config};

static INSTALLED: OnceLock<Vec<ClientLibrary>> = OnceLock::new();

/// Turns the instrumentation of these libraries off, once; start-up calls it.
pub(crate) fn install_disabled_libraries(libraries: Vec<ClientLibrary>) {
    // A second start-up does nothing.
    let _ = INSTALLED.set(libraries);
}

impl ClientLibrary {
    /// Returns `true` unless start-up, or else the environment, turned the instrumentation of this library off. A call is
    /// then sent as it is: without a span, and without a trace context.
    #[must_use]
    #[inline]
    pub fn is_enabled(self) -> bool {
        static ENVIRONMENT: LazyLock<Vec<ClientLibrary>> = LazyLock::new(|| Config::from_env().0.disabled_libraries);
        !INSTALLED.get().unwrap_or_else(|| &ENVIRONMENT).contains(&self)
    }
}
