//! The recorder: spans as compact records on the request's thread, everything else on a thread of its own.
//!
//! A [`TracerProvider`], [`Tracer`] and [`Span`] on the public traits of the `opentelemetry` API, so that whatever is
//! written against the API works with them. `opentelemetry_sdk` does on the request's thread what can wait: it builds
//! strings, vectors and hash maps there. Here a request leaves one `Record` of clock readings, ids and pointers to what is
//! known anyway, plus one copy of the bytes that will be gone.
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
//! | `sampling` | the samplers of the specification without building anything for them |
//! | `slot`, `link` | a span while it is open; how the application reaches one that its instrumentation ends |
//! | `record`, `told`, `limits` | what a span leaves behind; what of it the application told, and how much |
//! | `span`, `tracer`, `provider` | the API's traits |
//! | `current` | the tracer that is in force, without asking the API each time |
//! | `queue`, `lane` | bounded; never blocks; counts what it drops. A lane for each thread, dense, one span behind the other |
//! | `wakeup` | who wakes whom, and since when nothing is accepted; a model checker goes through it and through `queue` |
//! | `worker`, `batch`, `commands` | batches, exports, flushes, ends |
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
pub(crate) use exporter::{Received, RecordExporter, SpanDataExporter, name_of};
pub(crate) use open_span::{OpenSpan, PooledSpan};
pub(crate) use record::kind;
pub(crate) use sampling::has_custom_sampler;
#[cfg(feature = "_otlp")]
pub(crate) use view::SpanView;
