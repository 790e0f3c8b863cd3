//! Errors of the client of `hyper-util`, which `reqwest`, `tonic` and other libraries wrap.

use std::error::Error;

use otel_core::formatted::displayed;

/// The most sources that are looked at: an error can be its own source.
const MOST_SOURCES: usize = 32;

/// Returns `true` if a name was not resolved. Only the message of the error shows this, because its type is private.
pub(crate) fn is_resolver_error(error: &(dyn Error + 'static)) -> bool {
    sources(error).any(|error| displayed(error).starts_with("dns error"))
}

/// The error, and its sources.
pub(crate) fn sources<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source()).take(MOST_SOURCES)
}
