//! One attribute gives an actix-web service its OpenTelemetry telemetry.

#[doc(hidden)]
#[path = "private/mod.rs"]
pub mod __private;
mod body;
mod facts;
mod headers;
mod hooks;
mod labeler;
mod middleware;
mod route;
mod span;
mod telemetry;

pub use hooks::Hooks;
pub use labeler::Labeler;
pub use middleware::HttpTelemetry;
pub use opentelemetry;
pub use otel_core::carry::{carry, carry_fn};
pub use otel_core::config;
pub use otel_core::http::settings::HttpSettings;
pub use otel_core::startup::{InitBuilder, TelemetryGuard, builder, init};
#[cfg(feature = "testing")]
pub use otel_core::testing;
#[doc = include_str!("auto_instrument.md")]
pub use otel_macros::auto_instrument;
pub use span::{ActiveSpan, request_span, span};
