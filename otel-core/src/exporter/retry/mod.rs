//! Retries of failed exports ([specification](https://opentelemetry.io/docs/specs/otlp/#failures)): until the export's
//! timeout, ever more rarely, and not before the time that the collector requests.
//!
//! | module | one idea |
//! |---|---|
//! | `classify`, `classify_grpc` | which answers allow another attempt |
//! | `backoff` | how long to wait before it |
//! | `budget` | until when attempts may be made, above all while telemetry is shut down |

#[cfg(feature = "_otlp")]
mod backoff;
mod budget;
#[cfg(feature = "otlp-http")]
mod classify;
#[cfg(feature = "otlp-grpc")]
mod classify_grpc;

#[cfg(feature = "_otlp")]
pub(crate) use backoff::{Backoff, RetryDelay};
pub(crate) use budget::RetryBudget;
#[cfg(feature = "otlp-http")]
pub(crate) use classify::retry_after;
#[cfg(feature = "otlp-grpc")]
pub(crate) use classify_grpc::retry_after_status;
