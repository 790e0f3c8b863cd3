//! Outgoing HTTP requests by the conventions: facts of a request and its response → attributes.
//!
//! [`client`](crate::client) is where these facts become the CLIENT span of a call.
//!
//! Source: [HTTP client span](https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span), stable.

pub(crate) mod attributes;
mod body_size;
mod error;
mod facts;
mod url;

pub(crate) use body_size::BodySize;
pub(crate) use error::call_error;
pub use error::{error_type_of, io_error_type};
pub use facts::{ClientRequestFacts, ClientResponseFacts};
