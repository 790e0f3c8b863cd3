//! An HTTP client that is built when it is used first.
//!
//! By then it is on the exporter's thread, which belongs to no runtime: the blocking client could not be built on one
//! that does. And the application has started: a client reads the certificates of the system, which takes longer than
//! all the rest of starting telemetry.

use std::fmt;
use std::sync::{Mutex, OnceLock, PoisonError};

use opentelemetry_http::HttpError;
use reqwest::blocking::{Client, ClientBuilder};

use super::cause::innermost;

/// A client, or how to build it.
pub(super) struct LazyClient {
    builder: Mutex<Option<ClientBuilder>>,
    client: OnceLock<Result<Client, String>>,
}

impl LazyClient {
    pub(super) fn new(builder: ClientBuilder) -> Self {
        Self { builder: Mutex::new(Some(builder)), client: OnceLock::new() }
    }

    /// The client. Must not be called on a thread of an async runtime.
    ///
    /// # Errors
    ///
    /// It cannot be built; and so it stays.
    pub(super) fn get(&self) -> Result<&Client, HttpError> {
        let client = self.client.get_or_init(|| {
            let builder = self.builder.lock().unwrap_or_else(PoisonError::into_inner).take();
            builder.unwrap_or_default().build().map_err(|error| innermost(&error))
        });
        client.as_ref().map_err(|reason| HttpError::from(reason.as_str()))
    }
}

impl fmt::Debug for LazyClient {
    /// Without the builder, which knows keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LazyClient").field("client", &self.client).finish_non_exhaustive()
    }
}
