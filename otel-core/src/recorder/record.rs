//! What a span leaves behind.

use std::sync::Arc;

use opentelemetry::InstrumentationScope;
use opentelemetry::trace::{SpanId, SpanKind, TraceState};

use super::pipeline::Pipeline;
use super::told::Told;
use crate::clock::Timestamp;
use crate::code::CodeLocation;
use crate::http::ServerRest;
use crate::span_ids::Ids;

/// Who makes spans, and where they go: shared by the spans of one tracer.
#[derive(Debug)]
pub(crate) struct Origin {
    pub(crate) scope: InstrumentationScope,
    pub(crate) pipeline: Arc<Pipeline>,
}

/// What every span has: numbers, and pointers to what is part of the program. Copied as it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record {
    pub(crate) ids: Ids,
    pub(crate) parent_span_id: SpanId,
    pub(crate) parent_is_remote: bool,
    pub(crate) kind: &'static SpanKind,
    /// Unless another one was told.
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

/// The kind, as part of the program.
pub(crate) const fn kind(kind: &SpanKind) -> &'static SpanKind {
    match kind {
        SpanKind::Client => &SpanKind::Client,
        SpanKind::Server => &SpanKind::Server,
        SpanKind::Producer => &SpanKind::Producer,
        SpanKind::Consumer => &SpanKind::Consumer,
        SpanKind::Internal => &SpanKind::Internal,
    }
}

/// What few spans have: it takes memory of its own.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rest {
    pub(crate) told: Told,
    pub(crate) trace_state: TraceState,
    /// Of a request.
    pub(crate) server: ServerRest,
}

impl Rest {
    pub(crate) const NONE: Self = Self { told: Told::NONE, trace_state: TraceState::NONE, server: ServerRest::NONE };
}
