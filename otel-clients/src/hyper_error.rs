//! Errors of the client of `hyper-util`, which `reqwest`, `tonic` and other libraries wrap.

use std::error::Error;

/// Returns `true` if a name was not resolved. Only the message of the error shows this, because its type is private.
pub(crate) fn is_resolver_error(error: &(dyn Error + 'static)) -> bool {
    sources(error).any(|error| error.to_string().starts_with("dns error"))
}

/// The error, and its sources.
pub(crate) fn sources<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    let mut next = Some(error);
    std::iter::from_fn(move || {
        let error = next?;
        next = error.source();
        Some(error)
    })
}
