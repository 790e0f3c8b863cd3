//! See `README.md`.

#![cfg(test)]
#![forbid(unsafe_code)]

#[path = "../../otel-core/src/recorder/queue.rs"]
#[allow(dead_code, reason = "each model uses a part")]
mod queue;
#[path = "../../otel-core/src/recorder/wakeup.rs"]
#[allow(dead_code, reason = "each model uses a part")]
mod wakeup;

mod closing;
mod sync;
mod waking;
