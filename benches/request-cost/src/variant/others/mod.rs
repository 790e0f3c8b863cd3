//! Set-up and middleware of other libraries, by their documentation.

pub(super) mod fastrace;
pub(super) mod tracing_actix_web;
pub(super) mod tracing_instrument;
