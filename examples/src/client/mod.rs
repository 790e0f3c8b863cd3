//! An HTTP client whose requests carry the trace: the other end of the example servers.

mod args;
mod send;
mod telemetry;

pub use args::{Args, Usage};
pub use send::{Answer, send};
pub use telemetry::Telemetry;
