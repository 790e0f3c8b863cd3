//! The settings of client libraries in this process.

use std::sync::{LazyLock, OnceLock};

use super::{ClientLibrary, Config};

static INSTALLED: OnceLock<ClientSwitches> = OnceLock::new();

/// The settings of client libraries.
#[derive(Debug)]
struct ClientSwitches {
    disabled: Vec<ClientLibrary>,
    returned_rows: bool,
}

impl ClientSwitches {
    fn of(config: &Config) -> Self {
        Self { disabled: config.disabled_libraries.clone(), returned_rows: config.returned_rows }
    }

    #[inline]
    fn current() -> &'static Self {
        static ENVIRONMENT: LazyLock<ClientSwitches> = LazyLock::new(|| ClientSwitches::of(&Config::from_env().0));
        INSTALLED.get().unwrap_or_else(|| &ENVIRONMENT)
    }
}

/// Sets the settings of client libraries, once; start-up calls it.
pub(crate) fn install_client_switches(config: &Config) {
    // A second start-up does nothing.
    let _ = INSTALLED.set(ClientSwitches::of(config));
}

/// Returns `true` if the number of rows that a query returned is recorded.
#[inline]
pub(crate) fn records_returned_rows() -> bool {
    ClientSwitches::current().returned_rows
}

impl ClientLibrary {
    /// Returns `true` unless start-up, or else the environment, turned the instrumentation of this library off. A call is
    /// then sent as it is: without a span, and without a trace context.
    #[must_use]
    #[inline]
    pub fn is_enabled(self) -> bool {
        !ClientSwitches::current().disabled.contains(&self)
    }
}
