//! The HTTP settings of this process.

use std::sync::{LazyLock, OnceLock};

use super::Config;
use crate::http::settings::HttpSettings;

static INSTALLED: OnceLock<HttpSettings> = OnceLock::new();

/// Sets the HTTP settings of this process, once; start-up calls it. Returns `true` if these settings are in force from
/// now on, `false` if others were set before.
pub fn install_http_settings(settings: HttpSettings) -> bool {
    INSTALLED.set(settings).is_ok()
}

impl HttpSettings {
    /// The settings that start-up set, else those of the environment.
    #[must_use]
    #[inline]
    pub fn current() -> &'static Self {
        static ENVIRONMENT: LazyLock<HttpSettings> = LazyLock::new(|| Config::from_env().0.http);
        INSTALLED.get().unwrap_or_else(|| &ENVIRONMENT)
    }
}
