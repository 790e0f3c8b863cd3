//! The data that a span leaves behind.

use opentelemetry::trace::{SpanId, SpanKind, TraceState};

use super::app_data::AppData;
use crate::clock::Timestamp;
use crate::code::CodeLocation;
use crate::span_ids::Ids;

/// The data of every span: numbers, and pointers to static data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record {
    pub(crate) ids: Ids,
    pub(crate) parent_span_id: SpanId,
    pub(crate) parent_is_remote: bool,
    pub(crate) kind: &'static SpanKind,
    /// The name, unless [`AppData`] or facts have another one.
    pub(crate) name: &'static str,
    pub(crate) start: Timestamp,
    pub(crate) end: Timestamp,
    /// The function that the span is about: its `code.*` attributes come first.
    pub(crate) code: Option<&'static CodeLocation>,
}

impl Default for Record {
    fn default() -> Self {
        Self {
            ids: Ids::INVALID,
            parent_span_id: SpanId::INVALID,
            parent_is_remote: false,
            kind: &SpanKind::Internal,
            name: "",
            start: Timestamp::default(),
            end: Timestamp::default(),
            code: None,
        }
    }
}

/// The same kind as static data.
pub(crate) const fn kind(kind: &SpanKind) -> &'static SpanKind {
    match kind {
        SpanKind::Client => &SpanKind::Client,
        SpanKind::Server => &SpanKind::Server,
        SpanKind::Producer => &SpanKind::Producer,
        SpanKind::Consumer => &SpanKind::Consumer,
        SpanKind::Internal => &SpanKind::Internal,
    }
}

/// The data of few spans: it owns heap memory.
#[derive(Clone, Debug, Default)]
pub(crate) struct Details {
    pub(crate) app_data: AppData,
    pub(crate) trace_state: TraceState,
}

impl Details {
    pub(crate) const NONE: Self = Self { app_data: AppData::NONE, trace_state: TraceState::NONE };
}
