//! A request while it is open.

use std::sync::Arc;

use opentelemetry::{Context, InstrumentationScope, KeyValue};

use super::metrics::RequestMetrics;
use crate::clock::Moment;
use crate::http::RequestFacts;
use crate::http::method::RequestMethod;
use crate::http::settings::HttpSettings;
use crate::pool::Pool;
use crate::recorder::{OpenSpan, SpanSink};
use crate::span_facts::OpenServerFacts;

pub(super) const SWITCHING_PROTOCOLS: u16 = 101;

/// The longest path that is kept, in bytes: boxes of requests are used again, and keep their memory.
const MAX_PATH: usize = 512;

thread_local! {
    static POOL: Pool<OpenRequest> = const { Pool::new() };
}

/// A request that arrived and has no span yet.
#[derive(Clone, Copy)]
pub(super) struct IncomingRequest<'a> {
    pub(super) facts: &'a RequestFacts<'a>,
    pub(super) method: RequestMethod<'a>,
    pub(super) settings: &'static HttpSettings,
    pub(super) scope: &'static InstrumentationScope,
    pub(super) now: Moment,
}

/// An open request in a box that its thread uses again.
pub(super) type PooledRequest = Box<OpenRequest>;

/// A request while it is open: its span, the facts for the span's attributes, and the state for its end.
#[derive(Debug)]
pub(super) struct OpenRequest {
    /// The span and its facts, if our recorder is the [sink](SpanSink).
    pub(super) span: OpenSpan,
    pub(super) facts: OpenServerFacts,
    pub(super) sink: SpanSink,
    /// `true` if the application ended the span before there was a response.
    pub(super) ended_before_response: bool,
    pub(super) context: Context,
    /// The path of the request target, unless `facts` have it; empty if it is longer than [`MAX_PATH`].
    path: String,
    /// The `{method}` of the span name.
    pub(super) method: &'static str,
    /// `None` if the request leaves no telemetry.
    pub(super) settings: Option<&'static HttpSettings>,
    pub(super) started: Moment,
    pub(super) scope: Option<&'static InstrumentationScope>,
    /// `None` if metrics are not exported.
    pub(super) metrics: Option<RequestMetrics>,
    /// Size of the request body in bytes, if it is known and the settings ask for it.
    pub(super) request_body: Option<u64>,
    /// Bytes of the response body that were sent; `None` if they are not counted.
    pub(super) response_body: Option<u64>,
    /// `true` if no body is sent, whatever the response holds: for a HEAD request, or a status without content.
    pub(super) is_bodiless: bool,
    /// `true` if the metrics of durations leave the request out: an upgraded connection, or a stream of events.
    pub(super) is_long_lived: bool,
    pub(super) status: Option<u16>,
    pub(super) route: Option<Arc<str>>,
    /// Attributes that the application adds to the metrics.
    pub(super) labels: Vec<KeyValue>,
    /// The message of the error that became the response.
    pub(super) message: Option<String>,
}

impl Default for OpenRequest {
    fn default() -> Self {
        Self {
            span: OpenSpan::default(),
            facts: OpenServerFacts::default(),
            sink: SpanSink::None,
            ended_before_response: false,
            context: Context::new(),
            path: String::new(),
            method: "",
            settings: None,
            started: Moment::UNKNOWN,
            scope: None,
            metrics: None,
            request_body: None,
            response_body: None,
            is_bodiless: false,
            is_long_lived: false,
            status: None,
            route: None,
            labels: Vec::new(),
            message: None,
        }
    }
}

impl OpenRequest {
    /// A request that leaves no telemetry, until it is opened.
    #[inline]
    pub(super) fn pooled() -> PooledRequest {
        Pool::take(&POOL)
    }

    /// Sets the state of a request that arrived.
    #[inline]
    pub(super) fn open(&mut self, incoming: &IncomingRequest<'_>, context: Context, sink: SpanSink) {
        let IncomingRequest { facts, method, settings, scope, now } = incoming;
        self.context = context;
        self.sink = sink;
        self.method = method.in_span_name();
        self.path.clear();
        if sink != SpanSink::Recorder && facts.path.len() <= MAX_PATH {
            self.path.push_str(facts.path);
        }
        self.settings = Some(settings);
        self.started = *now;
        self.scope = Some(scope);
        self.is_bodiless = facts.method == "HEAD";
        self.request_body = if settings.body_sizes { facts.body_size() } else { None };
    }

    /// The path of the request target. Empty for a request without telemetry. Also empty for a path longer than [`MAX_PATH`]
    /// if the span is not recorded.
    pub(super) fn path(&self) -> &str {
        if self.sink == SpanSink::Recorder { self.facts.path() } else { &self.path }
    }

    /// The number of bytes of the response body that were sent, if the settings ask for it. HTTP/1.1 reads a body even if
    /// it sends nothing of it, and the bytes after an upgrade are no body.
    #[inline]
    pub(super) fn response_body_size(&self, settings: &HttpSettings) -> Option<u64> {
        if !settings.body_sizes {
            return None;
        }
        let has_no_body = self.is_bodiless || self.status == Some(SWITCHING_PROTOCOLS);
        if has_no_body && self.status.is_some() { Some(0) } else { self.response_body }
    }

    /// Frees the data of the request, its context first: the span must not be exported while the context is held.
    #[inline]
    pub(super) fn close(&mut self) {
        self.context = Context::new();
        self.settings = None;
        self.route = None;
        self.message = None;
        if !self.labels.is_empty() {
            self.labels.clear();
        }
    }

    /// Keeps the box of a request that was [closed](Self::close).
    #[inline]
    pub(super) fn recycle(mut self: Box<Self>) {
        self.span.reset();
        self.facts.clear();
        self.sink = SpanSink::None;
        self.ended_before_response = false;
        self.response_body = None;
        self.is_bodiless = false;
        self.is_long_lived = false;
        self.status = None;
        Pool::put(&POOL, self);
    }
}
