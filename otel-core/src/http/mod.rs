//! The HTTP semantic conventions, pure: facts of a request and its response → attributes. No web framework, no recorder,
//! no global is named here.
//!
//! [`server`](crate::server) is where these facts become the SERVER span of a request.
//!
//! Source: [HTTP spans](https://opentelemetry.io/docs/specs/semconv/http/http-spans/), stable; the older conventions
//! by [`SemconvMode`](settings::SemconvMode).

mod address;
pub(crate) mod attributes;
mod authority;
pub(crate) mod client;
pub(crate) mod error_type;
mod forwarded;
mod headers;

pub(crate) mod method;
mod patterns;
mod plain_pattern;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod properties;
mod redaction;
mod request;
mod response;
pub mod settings;
mod synthetic;
mod text;
mod trace_headers;

pub use client::{ClientRequestFacts, ClientResponseFacts, error_type_of, io_error_type};
pub use forwarded::{Network, ParseNetworkError, TrustedProxies};
pub use headers::{HeaderCapture, HeaderLookup};
pub use patterns::{InvalidPattern, Patterns};
pub use request::{HttpVersion, RequestFacts};
pub use response::{Failure, ResponseFacts};
pub use trace_headers::TraceHeaders;
