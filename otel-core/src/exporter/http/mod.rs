//! The HTTP client of the OTLP exporters, on [`hyper`].
//!
//! There is no ready-made client: the small ones either print all that they send at their finest log level, keys and
//! tokens included, or bring TLS along; see "Exporters" in ARCHITECTURE.md.
//!
//! | module | one idea |
//! |---|---|
//! | `client` | configured headers, and retries where they may help |
//! | `connection` | one request on a connection that is kept |
//! | `connector` | a new connection: directly or by a proxy, with TLS or without |
//! | `stream` | the bytes of a connection |
//! | `proxy` | the proxy that the environment names for an endpoint |
//! | `tls` | the authorities that the client trusts, and the certificate that it presents |
//! | `failure` | the reason why an attempt failed, and a remedy |

mod client;
mod connection;
mod connector;
mod failure;
mod observed;
mod proxy;
mod stream;
#[cfg(feature = "_tls")]
mod tls;

pub(crate) use client::OtlpHttpClient;
