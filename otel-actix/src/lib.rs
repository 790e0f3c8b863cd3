//! One attribute gives an actix-web service its OpenTelemetry telemetry.

#[doc(hidden)]
#[path = "private/mod.rs"]
pub mod __private;
mod body;
mod extractor;
mod facts;
mod middleware;
mod request_span;
mod route;

pub use middleware::HttpTelemetry;
pub use opentelemetry;
pub use otel_core::carry::{carry, carry_fn};
#[doc = include_str!("auto_instrument.md")]
pub use otel_macros::auto_instrument;
pub use otel_core::startup::{InitBuilder, TelemetryGuard, builder, init};
