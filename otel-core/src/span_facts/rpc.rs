//! The facts of a remote procedure call.

use super::texts::{TextRange, Texts, TextsView};
use crate::attribute::AttributeSink;

/// Facts of a remote procedure call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RpcCallFacts {
    system: &'static str,
    method: TextRange,
    server: TextRange,
    port: Option<u16>,
    pub(super) status_code: TextRange,
    pub(super) error_type: Option<&'static str>,
}

impl RpcCallFacts {
    /// Copies the facts of a call.
    pub(super) fn new(
        system: &'static str,
        method: &str,
        server: Option<&str>,
        port: Option<u16>,
        texts: &mut Texts,
    ) -> Self {
        let method = texts.push(method);
        let server = server.map_or(TextRange::NONE, |server| texts.push(server));
        Self { system, method, server, port, status_code: TextRange::NONE, error_type: None }
    }
}

/// The facts of a remote procedure call whose span ended.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RpcView<'a> {
    facts: &'a RpcCallFacts,
    texts: TextsView<'a>,
}

impl<'a> RpcView<'a> {
    #[inline]
    pub(super) fn new(facts: &'a RpcCallFacts, texts: TextsView<'a>) -> Self {
        Self { facts, texts }
    }

    /// The method, which is the name of the span.
    pub(super) fn method(&self) -> &'a str {
        self.texts.text(self.facts.method).unwrap_or_default()
    }

    /// Visits the attributes of the request.
    pub(super) fn visit_request(&self, sink: &mut impl AttributeSink) {
        sink.literal("rpc.system.name", self.facts.system);
        sink.string("rpc.method", self.method());
        if let Some(server) = self.texts.text(self.facts.server) {
            sink.string("server.address", server);
            if let Some(port) = self.facts.port {
                sink.integer("server.port", i64::from(port));
            }
        }
    }

    /// Visits the attributes of the response.
    pub(super) fn visit_response(&self, sink: &mut impl AttributeSink) {
        if let Some(code) = self.texts.text(self.facts.status_code) {
            sink.string("rpc.response.status_code", code);
        }
        if let Some(error_type) = self.facts.error_type {
            sink.literal("error.type", error_type);
        }
    }

    /// Visits the attributes of the metric.
    pub(crate) fn visit_metric(&self, sink: &mut impl AttributeSink) {
        self.visit_request(sink);
        self.visit_response(sink);
    }
}
