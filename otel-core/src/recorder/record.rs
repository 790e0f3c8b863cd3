//! What a span leaves behind.

use std::borrow::Cow;
use std::sync::Arc;

use opentelemetry::trace::{Event, Link, SpanContext, SpanId, SpanKind, Status};
use opentelemetry::{InstrumentationScope, KeyValue};

use super::clock::Timestamp;
use super::pipeline::Pipeline;
use crate::code::CodeLocation;
use crate::config::SpanLimitSettings;
use crate::http::ServerRecord;

/// Who makes spans, and where they go: shared by the spans of one tracer.
#[derive(Debug)]
pub(crate) struct Origin {
    pub(crate) scope: InstrumentationScope,
    pub(crate) pipeline: Arc<Pipeline>,
}

/// One span: what was told through the API, and pointers to what is known anyway.
#[derive(Clone, Debug)]
pub(crate) struct SpanRecord {
    pub(crate) origin: Arc<Origin>,
    pub(crate) context: SpanContext,
    pub(crate) parent_span_id: SpanId,
    pub(crate) parent_is_remote: bool,
    pub(crate) kind: SpanKind,
    pub(crate) name: Cow<'static, str>,
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    /// The function that the span is about: its `code.*` attributes come first.
    pub(crate) code: Option<&'static CodeLocation>,
    /// As they were set; a key may occur more than once.
    pub(crate) attributes: Vec<KeyValue>,
    pub(crate) dropped_attributes: u32,
    pub(crate) events: Option<Box<Bounded<Event>>>,
    pub(crate) links: Option<Box<Bounded<Link>>>,
    pub(crate) status: Status,
}

impl SpanRecord {
    /// How much the span may hold.
    pub(crate) fn limits(&self) -> SpanLimitSettings {
        self.origin.pipeline.limits
    }

    /// `Ok` is final, and `Unset` says nothing
    /// ([specification](https://opentelemetry.io/docs/specs/otel/trace/api/#set-status)).
    pub(crate) fn set_status(&mut self, status: Status) {
        if status != Status::Unset && self.status != Status::Ok {
            self.status = status;
        }
    }
}

/// A list of limited length.
#[derive(Clone, Debug)]
pub(crate) struct Bounded<T> {
    pub(crate) items: Vec<T>,
    /// Those that found no place.
    pub(crate) dropped: u32,
}

impl<T> Default for Bounded<T> {
    fn default() -> Self {
        Self { items: Vec::new(), dropped: 0 }
    }
}

/// What is kept of a span, while it is open and on its way to the worker.
#[derive(Clone, Debug)]
pub(crate) struct Finished {
    pub(crate) span: SpanRecord,
    pub(crate) facts: Facts,
}

/// A span in a box, which is used again when the span was exported.
pub(crate) type Place = Box<Option<Finished>>;

/// What a finished span knows besides, in a form that is cheap to carry.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "it is in a box already, which is used again")]
pub(crate) enum Facts {
    /// Nothing.
    None,
    /// The request that a SERVER span is about.
    Server(ServerRecord),
}
