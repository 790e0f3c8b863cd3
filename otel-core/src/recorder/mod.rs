//! The recorder: spans as compact records on the request's thread, everything else on a thread of its own.
//!
//! A [`TracerProvider`], [`Tracer`] and [`Span`] on the public traits of the `opentelemetry` API, so that whatever is
//! written against the API works with them. `opentelemetry_sdk` does on the request's thread what can wait: it builds
//! strings, vectors and hash maps there. Here a request leaves one `SpanRecord` of clock readings, ids and
//! pointers to what is known anyway, plus one copy of the bytes that will be gone.
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
//! | `clock` | one source of time: monotonic, calibrated against the wall clock |
//! | `id` | ids from a generator of the thread |
//! | `sampling` | the samplers of the specification without building anything for them |
//! | `record`, `limits` | what a span leaves behind, and how much of it |
//! | `span`, `tracer`, `provider` | the API's traits |
//! | `current`, `probe` | the tracer that is in force, without asking the API each time |
//! | `queue` | bounded; never blocks; counts what it drops |
//! | `wakeup` | who wakes whom, and who counts what comes too late: a model checker goes through it |
//! | `worker` | batches, exports, flushes, ends |
//! | `span_data`, `exporter` | records → `SpanData` → exporters of `opentelemetry_sdk` |

mod attribute;
mod clock;
mod current;
mod exporter;
mod id;
mod limits;
mod pipeline;
pub(crate) mod probe;
mod provider;
mod queue;
mod record;
mod sampling;
mod span;
mod span_data;
mod sync;
mod tracer;
mod wakeup;
mod worker;

pub use provider::{TracerProvider, TracerProviderBuilder};
pub use span::Span;
pub use tracer::Tracer;

pub(crate) use attribute::AttributeSink;
pub(crate) use clock::{Moment, Timestamp};
pub(crate) use current::{CurrentTracer, REFRESH, global_pipeline};
pub(crate) use exporter::{Received, RecordExporter, SpanDataExporter};
pub(crate) use id::{span_id as new_span_id, trace_id as new_trace_id};
#[cfg(any(feature = "grpc", feature = "otlp-http"))]
pub(crate) use record::Origin;
pub(crate) use record::{Facts, Finished, SpanRecord};
