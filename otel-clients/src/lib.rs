//! Telemetry for the calls that a service makes: one CLIENT span per HTTP request, remote procedure call or query, with the
//! trace context passed on.
//!
//! Each library is behind a feature of its own, and none is on by default. Applications reach this crate as
//! `otel_actix::clients`, with the same features. A library that is not listed can be instrumented with
//! [`otel_core::client`], as all of these are.
//!
//! | feature | module | the line to write |
//! |---|---|---|
//! | `awc` | `awc` | `Client::builder().wrap(ClientTelemetry::new()).finish()` |
//! | `reqwest-0_12`, `reqwest-0_13` | `reqwest_0_12`, `reqwest_0_13` | `TracedClient::new(Client::new())`, or `.send_traced()` for one request |
//! | `reqwest-middleware-0_5` | `reqwest_middleware` | `ClientBuilder::new(client).with(ClientTelemetry::new())` |
//! | `tower` | `tower` | `HttpLayer::new()` around an HTTP client, `GrpcLayer::new()` around a `tonic` channel |
//! | `sqlx-0_8`, `sqlx-0_9` | `sqlx_0_8`, `sqlx_0_9` | `TracedPool::new(pool)` |
//! | `diesel-2` | `diesel_2` | nothing, or `install()` |
//! | `redis-1` | `redis_1` | `TracedConnection::new(connection)` |

#[cfg(feature = "awc")]
pub mod awc;
#[cfg(feature = "http-body")]
mod body;
#[cfg(any(feature = "diesel-2", feature = "sqlx-0_8", feature = "sqlx-0_9"))]
mod database_server;
#[cfg(feature = "diesel-2")]
#[path = "diesel/mod.rs"]
pub mod diesel_2;
#[cfg(any(feature = "reqwest-0_12", feature = "reqwest-0_13"))]
mod headers;
#[cfg(any(feature = "awc", feature = "http-body"))]
mod http_span;
#[cfg(feature = "http-body")]
mod http_version;
#[cfg(feature = "http-body")]
mod hyper_error;
#[cfg(feature = "redis-1")]
#[path = "redis/mod.rs"]
pub mod redis_1;
#[cfg(any(feature = "reqwest-0_12", feature = "reqwest-0_13"))]
mod reqwest;
#[cfg(feature = "reqwest-middleware-0_5")]
pub mod reqwest_middleware;
#[cfg(any(feature = "sqlx-0_8", feature = "sqlx-0_9"))]
mod sqlx;
#[cfg(feature = "tower")]
pub mod tower;
#[cfg(any(feature = "reqwest-middleware-0_5", feature = "tower"))]
mod url_template;

#[cfg(feature = "reqwest-0_12")]
pub use reqwest::reqwest_0_12;
#[cfg(feature = "reqwest-0_13")]
pub use reqwest::reqwest_0_13;
#[cfg(feature = "sqlx-0_8")]
pub use sqlx::sqlx_0_8;
#[cfg(feature = "sqlx-0_9")]
pub use sqlx::sqlx_0_9;
