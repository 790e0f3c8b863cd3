//! One batch: an `ExportTraceServiceRequest` message
//! ([definition](https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/collector/trace/v1/trace_service.proto)).

use std::sync::Arc;

use opentelemetry::{InstrumentationScope, KeyValue};
use opentelemetry_sdk::Resource;

use super::memo::Memo;
use super::{span, value, wire};
use crate::config::SpanLimitSettings;
use crate::recorder::SpanView;

/// The most scopes that are kept from one batch to the next. An application may create tracers of any name.
const SCOPES: usize = 64;

/// Bytes that are kept for the next batch, per scope.
const KEPT: usize = 1 << 20;

/// Encodes batches. The parts that their spans share are encoded once.
#[derive(Debug, Default)]
pub(crate) struct Encoder {
    limits: SpanLimitSettings,
    memo: Memo,
    /// Fields of `ResourceSpans` that come before its spans, and after them.
    resource: Vec<u8>,
    schema_url: Vec<u8>,
    scopes: Vec<ScopeSpans>,
    /// The scopes of the batch, in the order of their first spans.
    order: Vec<usize>,
}

/// The spans of one scope.
#[derive(Debug)]
struct ScopeSpans {
    /// The scope of the last tracer that was seen.
    scope: Arc<InstrumentationScope>,
    /// Fields of `ScopeSpans` that come before its spans, and after them.
    header: Vec<u8>,
    schema_url: Vec<u8>,
    /// The encoded spans of the batch; empty if it has none of this scope.
    spans: Vec<u8>,
}

impl Encoder {
    pub(crate) fn set_limits(&mut self, limits: SpanLimitSettings) {
        self.limits = limits;
    }

    pub(crate) fn set_resource(&mut self, resource: &Resource) {
        self.resource.clear();
        resource_attributes(&mut self.resource, resource);
        self.schema_url.clear();
        wire::text(&mut self.schema_url, 3, resource.schema_url().unwrap_or_default());
    }

    /// The message that carries `batch`.
    pub(crate) fn encode<'a>(&mut self, batch: impl Iterator<Item = SpanView<'a>>) -> Vec<u8> {
        self.forget();
        for ended in batch {
            let place = self.place(ended.scope);
            if let Some(scope) = self.scopes.get_mut(place) {
                if scope.spans.is_empty() {
                    self.order.push(place);
                }
                wire::message(&mut scope.spans, 2, |out| span::write(out, &mut self.memo, ended, &self.limits));
            }
        }
        self.assemble()
    }

    /// Clears the rest of the last batch. Called at the start of the next one, because the end of the last may not have
    /// been reached.
    fn forget(&mut self) {
        self.order.clear();
        if self.scopes.len() > SCOPES {
            self.scopes.retain(|scope| !scope.spans.is_empty());
            self.scopes.truncate(SCOPES);
        }
        for scope in &mut self.scopes {
            scope.spans.clear();
            scope.spans.shrink_to(KEPT);
        }
    }

    /// The place of a tracer's spans.
    fn place(&mut self, scope: &Arc<InstrumentationScope>) -> usize {
        let same = |known: &ScopeSpans| Arc::ptr_eq(&known.scope, scope);
        if let Some(place) = self.scopes.iter().position(same) {
            return place;
        }
        // Another tracer of the same scope is the usual case: many applications ask for a tracer each time.
        if let Some((place, known)) = self.scopes.iter_mut().enumerate().find(|(_, known)| known.scope == *scope) {
            known.scope = Arc::clone(scope);
            return place;
        }
        self.scopes.push(ScopeSpans::new(scope));
        self.scopes.len() - 1
    }

    #[cfg(test)]
    pub(super) fn remembered_scopes(&self) -> usize {
        self.scopes.len()
    }

    fn assemble(&self) -> Vec<u8> {
        let scopes = || self.order.iter().filter_map(|place| self.scopes.get(*place));
        let of_scopes: usize = scopes().map(|scope| 1 + wire::delimited_length(scope.length())).sum();
        let length = self.resource.len() + of_scopes + self.schema_url.len();
        let mut out = Vec::with_capacity(1 + wire::delimited_length(length));
        wire::delimited(&mut out, 1, length);
        out.extend_from_slice(&self.resource);
        for scope in scopes() {
            wire::delimited(&mut out, 2, scope.length());
            out.extend_from_slice(&scope.header);
            out.extend_from_slice(&scope.spans);
            out.extend_from_slice(&scope.schema_url);
        }
        out.extend_from_slice(&self.schema_url);
        out
    }
}

impl ScopeSpans {
    fn new(scope: &Arc<InstrumentationScope>) -> Self {
        let (mut header, mut schema_url) = (Vec::new(), Vec::new());
        wire::message(&mut header, 1, |out| instrumentation_scope(out, scope.name(), scope));
        wire::text(&mut schema_url, 3, scope.schema_url().unwrap_or_default());
        Self { scope: Arc::clone(scope), header, schema_url, spans: Vec::new() }
    }

    fn length(&self) -> usize {
        self.header.len() + self.spans.len() + self.schema_url.len()
    }
}

/// Writes the fields of `ResourceMetrics` or `ResourceLogs`: the resource, its content by `about`, and its schema URL.
pub(super) fn resource_fields(out: &mut Vec<u8>, resource: &Resource, about: impl FnOnce(&mut Vec<u8>)) {
    resource_attributes(out, resource);
    about(out);
    wire::text(out, 3, resource.schema_url().unwrap_or_default());
}

fn resource_attributes(out: &mut Vec<u8>, resource: &Resource) {
    wire::message(out, 1, |out| {
        for (key, value) in resource {
            value::any_attribute(out, 1, key.as_str(), value, None);
        }
    });
}

/// Writes the fields of a scope under `name`: log records use their target.
pub(super) fn instrumentation_scope(out: &mut Vec<u8>, name: &str, scope: &InstrumentationScope) {
    wire::text(out, 1, name);
    wire::text(out, 2, scope.version().unwrap_or_default());
    scope.attributes().for_each(|KeyValue { key, value, .. }| {
        value::any_attribute(out, 3, key.as_str(), value, None);
    });
}
