//! The half of `otel-actix` that knows no web framework. Applications use `otel-actix`; this crate is for layers of
//! other frameworks: [`server::ServerSpan`] takes plain facts from them.
//!
//! | module | one idea |
//! |---|---|
//! | [`http`] | the HTTP semantic conventions, pure: facts → attributes |
//! | [`config`] | environment variables or a configuration file → settings, and the problems found in them |
//! | [`self_log`] | messages to the operator, and only these |
//! | [`findings`] | notes for a diagnosis, taken while the process runs |
//! | [`propagation`] | the context that travels with a request |
//! | [`resource`] | the entity that emits telemetry |
//! | [`logs`] | log records: `tracing` events, exceptions |
//! | `span_facts` | facts that become attributes on the exporting thread |
//! | [`recorder`] | spans as compact records, exported by threads of their own |
//! | [`exporter`] | the console, OTLP, and reports of failed exports |
//! | [`formatted`] | the text of the application's values, which may fail to print themselves |
//! | [`panics`] | panics of the application's code, caught |
//! | [`mod@carry`] | the context in other tasks and threads |
//! | [`mod@suppress`] | code that leaves no telemetry |
//! | [`database`] | the semantic conventions of databases, pure: facts → attributes, SQL without its literals |
//! | [`server`] | the life of a request: its SERVER span and its metrics |
//! | [`client`] | the life of an outgoing call: its CLIENT span and its metrics |
//! | [`mod@code`], [`function`] | spans of plain functions |
//! | `expansion` | the names in expansions of `#[auto_instrument]` on functions |
//! | [`mod@diagnosis`] | the reasons why nothing arrives |
//! | [`startup`] | settings → providers; flushed and shut down at the end |
//! | [`direct_mapped`] | a small cache |
//! | `testing` | spans, metrics and log records in memory (feature `testing`) |

mod attribute;
pub mod carry;
pub mod client;
mod clock;
pub mod code;
pub mod config;
pub mod database;
pub mod diagnosis;
pub mod direct_mapped;
#[doc(hidden)]
pub mod expansion;
pub mod exporter;
pub mod findings;
mod fork;
pub mod formatted;
pub mod function;
mod global_probe;
pub mod http;
mod id_generator;
pub mod logs;
mod meters;
pub mod panics;
mod plain;
mod pool;
pub mod propagation;
pub mod recorder;
pub mod resource;
#[cfg(feature = "runtime-metrics")]
pub mod runtime_metrics;
pub mod self_log;
pub mod server;
mod snapshot;
mod span_facts;
mod span_ids;
#[cfg(feature = "viewer")]
mod span_watch;
pub mod startup;
pub mod suppress;
#[cfg(test)]
mod test_input;
#[cfg(feature = "testing")]
pub mod testing;

#[doc(hidden)]
pub use foldhash;
/// The OpenTelemetry API, in the version that this crate speaks.
pub use opentelemetry;
pub use opentelemetry_sdk;
pub use suppress::{suppress, suppress_future};

/// The README's example compiles and runs.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
