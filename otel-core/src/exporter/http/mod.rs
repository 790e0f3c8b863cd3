//! The HTTP client of the OTLP exporters, on [`hyper`].
//!
//! Why no ready-made client: those that are small enough either print what they send at their finest log level, keys and
//! tokens included, or bring TLS along; see "Exporters" in ARCHITECTURE.md.
//!
//! | module | one idea |
//! |---|---|
//! | `client` | configured headers, and another attempt where that may help |
//! | `connection` | one request on a connection that is kept |
//! | `connector` | a new connection: directly or by a proxy, with TLS or without |
//! | `proxy` | which proxy the environment names for an endpoint |
//! | `tls` | whom the client trusts, and as whom it presents itself |
//! | `failure` | why an attempt failed, and what to do about it |

mod client;
mod connection;
mod connector;
mod failure;
mod observed;
mod proxy;
#[cfg(feature = "_tls")]
mod tls;

pub(crate) use client::OtlpHttpClient;
