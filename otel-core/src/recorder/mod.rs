//! The recorder: spans are compact records on the thread that makes them; a thread per exporter does the rest.
//!
//! [`TracerProvider`], [`Tracer`] and [`Span`] implement the traits of the `opentelemetry` API, so that code written against
//! the API works with them. `opentelemetry_sdk` builds strings, vectors and hash maps on the thread of a request. Here, a
//! span leaves one `Record` of clock readings, ids and pointers to static data. Instrumentation may add facts and a copy of
//! the bytes to which they refer; attributes are derived from them on the exporting thread.
//!
//! ```text
//! Tracer::build ── sampler ──► Span (one record) ── end ──► queue ──► worker thread ──► SpanData ──► any SpanExporter
//!                    │ no                                   │ full                 └──► OTLP bytes ──► transport
//!                    ▼                                      ▼
//!                 a context, nothing else                counted
//! ```
//!
//! | module | one idea |
//! |---|---|
//! | `sampling` | the samplers of the specification decide before anything is built |
//! | `open_span`, `span_handle` | a span while it is open; the application's way to a span that its instrumentation ends |
//! | `record`, `app_data`, `limits` | the data of a span; the part that the application set, and its limits |
//! | `span`, `tracer`, `provider` | the API's traits |
//! | `provider_core` | the parts of a provider and a tracer that their spans share |
//! | `active_tracer` | our provider behind the API's global |
//! | `queue`, `shard` | bounded, never blocks, counts drops; one dense shard per thread |
//! | `wakeup` | how the worker is woken, and how the queue closes; a model checker tests it and `queue` |
//! | `worker`, `batch`, `commands` | exports, flushes, shutdown |
//! | `view`, `exporter` | records → `SpanData` → exporters of `opentelemetry_sdk` |

mod active_tracer;
mod app_data;
mod batch;
mod commands;
mod exporter;
mod limits;
mod open_span;
mod provider;
mod provider_core;
mod queue;
#[cfg(test)]
mod queue_tests;
mod record;
mod sampling;
mod shard;
mod span;
mod span_handle;
mod sync;
mod tracer;
mod view;
mod wakeup;
mod worker;

pub use provider::{TracerProvider, TracerProviderBuilder};
pub use span::Span;
pub use tracer::Tracer;

pub(crate) use active_tracer::{active_tracer, global_provider, providers_made};
pub(crate) use batch::Batch;
pub(crate) use exporter::{Received, RecordExporter, SpanDataExporter, name_of, panicked};
#[cfg(feature = "_otlp")]
pub(crate) use limits::cut;
pub(crate) use open_span::{OpenSpan, PooledSpan, SpanSink};
pub(crate) use record::kind;
pub(crate) use sampling::has_custom_sampler;
pub(crate) use span_handle::SpanHandle;
#[cfg(feature = "_otlp")]
pub(crate) use view::SpanView;
