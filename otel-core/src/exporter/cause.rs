//! The reason of an error, in a few words.

use std::error::Error;

/// The innermost cause: `Connection refused (os error 111)`, not `error sending request for url (…)`.
pub(crate) fn innermost(error: &(dyn Error + 'static)) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
