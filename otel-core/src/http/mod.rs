//! The HTTP server semantic conventions on plain types: no web framework is named here.
//!
//! A framework's layer gathers [`RequestFacts`] from the request head, starts a [`ServerSpan`] with them, makes its
//! [context](ServerSpan::context) current while the request is handled, reports [`ResponseFacts`] once the response
//! head is known, and ends the span when the body ended.
//!
//! Source: [HTTP spans](https://opentelemetry.io/docs/specs/semconv/http/http-spans/), stable; the older conventions
//! by [`SemconvMode`](settings::SemconvMode).

mod address;
mod attributes;
mod authority;
mod caller;
mod current;
mod error_type;
mod exception;
mod excluded;
mod forwarded;
mod headers;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod invariants;
mod literal;
mod method;
mod metrics;
mod patterns;
mod recorded;
mod redaction;
mod request;
mod response;
mod server_span;
pub mod settings;
mod synthetic;
mod trace_headers;

pub(crate) use excluded::silenced;
pub use excluded::{excluded_context, passing_context};
pub use forwarded::{Network, TrustedProxies};
pub use headers::{HeaderCapture, HeaderLookup};
pub use patterns::Patterns;
pub use request::{HttpVersion, RequestFacts};
pub use response::{Failure, ResponseFacts};
pub use server_span::{ServerSpan, set_code};
pub use trace_headers::TraceHeaders;

pub(crate) use recorded::{ServerFacts, ServerRecord, ServerRest, ServerView, Texts};
pub(crate) use server_span::OpenRequest;
