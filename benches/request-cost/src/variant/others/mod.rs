//! Set-up and middleware of other libraries, as their documentation has it.

pub(super) mod fastrace;
pub(super) mod tracing_actix_web;
pub(super) mod tracing_instrument;
