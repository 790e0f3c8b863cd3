//! Exports that failed for now are tried again
//! ([specification](https://opentelemetry.io/docs/specs/otlp/#failures)): as long as their timeout lasts, ever more
//! rarely, and not before the collector wants it.

#[cfg(feature = "otlp-http")]
mod backoff;
mod patience;
#[cfg(feature = "otlp-http")]
mod verdict;

#[cfg(feature = "otlp-http")]
pub(crate) use backoff::Backoff;
pub(crate) use patience::Patience;
#[cfg(feature = "otlp-http")]
pub(crate) use verdict::{Again, after};
