//! OTLP, as far as the viewer reads it: requests → spans, log records and request metrics; kept spans → OTLP/JSON.
//!
//! | module | one idea |
//! |---|---|
//! | `wire` | protobuf's wire format |
//! | `schema` | the messages as tables |
//! | `to_json`, `from_json` | wire format ↔ OTLP/JSON, by the tables |
//! | `request` | an export → its items, each with its resource and scope |
//! | `span`, `log`, `metric` | the parts of an item for lists and tables |

mod from_json;
mod log;
mod metric;
mod request;
pub(crate) mod schema;
mod span;
mod to_json;
mod wire;

#[cfg(test)]
mod tests;

pub(crate) use from_json::{from_json, unhex};
pub(crate) use log::trace_of_log;
pub(crate) use metric::{HistogramPoint, RouteKey, duration_points};
pub(crate) use request::{Origin, items};
pub(crate) use span::{SpanHead, SpanId, TextRange, TraceId};
pub(crate) use to_json::{AsJson, hex};
pub use wire::Malformed;
pub(crate) use wire::{Wire, put, put_bytes};
