//! The runtime that `cargo otel` links into an application whose sources contain no telemetry.
//!
//! Nobody depends on this crate in a manifest. `cargo otel` builds it once per toolchain and target, and gives it to the
//! crates that it weaves: their copies call [`start`] and [`record_event`]. The application's own copies of the crates
//! in [`shared`] become re-exports of these, so that there is one global tracer provider, one `tracing` dispatcher and
//! one logger in the process.
//!
//! | module | one idea |
//! |---|---|
//! | `start` | telemetry starts at the first use and is flushed when the process exits |
//! | [`global`] | `opentelemetry::global`, which notices providers that the application sets |
//! | `events` | events of the application's own `tracing` subscriber, exported as log records |

mod events;
pub mod global;
mod start;

pub use events::record_event;
pub use otel_core;
pub use start::start;

/// The crates that the application shares with the runtime.
#[doc(hidden)]
pub mod shared {
    pub use {log, opentelemetry, tracing_core};
}
