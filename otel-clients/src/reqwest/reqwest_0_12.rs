//! HTTP requests by `reqwest` 0.12.
//!
//! ```no_run
//! use otel_clients::reqwest_0_12::{SendTraced as _, TracedClient};
//! # use reqwest_0_12 as reqwest;
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

use ::reqwest_0_12 as reqwest;

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
