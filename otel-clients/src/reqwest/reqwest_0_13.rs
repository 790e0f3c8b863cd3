//! HTTP requests by `reqwest` 0.13.
//!
//! ```no_run
//! use otel_clients::reqwest_0_13::{SendTraced as _, TracedClient};
//! # use reqwest_0_13 as reqwest;
//!
//! # async fn requests() -> Result<(), reqwest::Error> {
//! // Every request of a client …
//! let client = TracedClient::new(reqwest::Client::new());
//! let user = client.get("http://example.com/users/42").template("/users/{id}").send().await?;
//!
//! // … or one request.
//! let orders = reqwest::Client::new().get("http://example.com/orders").send_traced().await?;
//! # Ok(()) }
//! ```
//!
//! `reqwest` follows redirects inside, and so does its `retry`: a request has one span for all attempts.

use ::reqwest_0_13 as reqwest;

#[path = "blocking.rs"]
pub mod blocking;
#[path = "call.rs"]
mod call;
#[path = "client.rs"]
mod client;
#[path = "error.rs"]
mod error;
#[path = "request.rs"]
mod request;
#[path = "response.rs"]
mod response;

pub use client::{SendTraced, TracedClient, execute};
pub use request::TracedRequest;

#[cfg(feature = "reqwest-middleware-0_5")]
pub(crate) use {error::error_type, response::traced};
