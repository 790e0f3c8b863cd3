//! The half of `otel-actix` that knows no web framework. Applications use `otel-actix`; this crate is for layers of
//! other frameworks, which [`http::ServerSpan`] takes plain facts from.
//!
//! | module | one idea |
//! |---|---|
//! | [`config`] | environment variables or a configuration file → settings, and what was not understood |
//! | [`startup`] | settings → providers; flushed and shut down at the end |
//! | [`resource`] | who emits |
//! | [`propagation`] | the context that travels with a request |
//! | [`exporter`] | the console, and the reporting of failures |
//! | [`diagnostics`] | the one place that speaks to the operator |
//! | [`mod@diagnosis`] | why nothing arrives |
//! | [`logs`] | log records: `tracing` events, exceptions |
//! | [`recorder`] | spans as compact records, exported by threads of their own |
//! | [`http`] | the semantic conventions of HTTP servers |
//! | [`mod@code`], [`function`] | spans of plain functions |
//! | [`mod@carry`] | the context in other tasks and threads |
//! | [`mod@suppress`] | code that leaves no telemetry |
//! | `testing` | spans, metrics and log records in memory (feature `testing`) |

pub mod carry;
pub mod code;
pub mod config;
pub mod diagnosis;
pub mod diagnostics;
pub mod exporter;
pub mod function;
pub mod http;
pub mod logs;
#[cfg(test)]
mod noise;
pub mod propagation;
pub mod recorder;
pub mod resource;
pub mod startup;
pub mod suppress;
#[cfg(feature = "testing")]
pub mod testing;

pub use suppress::{suppress, suppress_future};
