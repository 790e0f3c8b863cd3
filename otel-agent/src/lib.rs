//! The runtime that `cargo otel` links into an application whose sources contain no telemetry.
//!
//! Nobody depends on this crate in a manifest. `cargo otel` builds it once per toolchain and target, and gives it to the
//! copy of `actix-web`, which calls [`start`], and to crates with functions that `--functions` selects. Other crates of the
//! application call it through `otel-hooks`.
//!
//! | module | one idea |
//! |---|---|
//! | `start` | telemetry starts at the first use and is flushed when the process exits |
//! | `logs` | events of the application's own `tracing` subscriber and records of its logger, exported as log records |
//! | `clients` | spans of outgoing calls |
//! | `install` | before `main`, `otel-hooks` gets the functions of the others |

mod clients;
mod install;
mod logs;
mod start;

/// The names in expansions of [`auto_instrument`] on functions, as `otel_actix` has them.
#[doc(hidden)]
pub use otel_core::expansion as __private;

pub use otel_core;
pub use otel_macros::auto_instrument;
pub use start::start;
