//! Exports that failed for now are tried again
//! ([specification](https://opentelemetry.io/docs/specs/otlp/#failures)): as long as their timeout lasts, ever more
//! rarely, and not before the collector wants it.

#[cfg(any(feature = "grpc", feature = "otlp-http"))]
mod backoff;
mod patience;
#[cfg(feature = "otlp-http")]
mod verdict;
#[cfg(feature = "grpc")]
mod verdict_grpc;

#[cfg(any(feature = "grpc", feature = "otlp-http"))]
pub(crate) use backoff::{Again, Backoff};
pub(crate) use patience::Patience;
#[cfg(feature = "otlp-http")]
pub(crate) use verdict::after;
#[cfg(feature = "grpc")]
pub(crate) use verdict_grpc::after_status;
