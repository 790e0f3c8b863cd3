//! The SERVER span as the recorder keeps it: the request's bytes, copied once, instead of attributes. What the conventions
//! make of them is worked out on the worker's thread, by the same code as anywhere else.

mod record;
mod request;
mod span;
#[cfg(all(test, any(feature = "grpc", feature = "otlp-http")))]
mod tests;

pub(crate) use record::ServerRecord;
pub(super) use record::{Answer, Ending};
pub(super) use request::RecordedRequest;
pub(super) use span::{RecordedSpan, answer, end};
