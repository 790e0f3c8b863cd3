//! The viewer in this process, as the destination of all signals.

use std::sync::Arc;

use bytes::Bytes;
use opentelemetry::trace::SpanId;
use opentelemetry_sdk::error::OTelSdkError;
use otel_viewer::{Malformed, RunningSpan, Viewer};

use super::otlp::OtlpService;
use crate::recorder::Received;
use crate::span_watch::{SpanWatch, StartedSpan};

/// Takes the requests of one signal.
#[derive(Debug)]
pub(crate) struct ViewerService {
    viewer: Arc<Viewer>,
    receive: fn(&Viewer, &[u8]) -> Result<(), Malformed>,
}

impl ViewerService {
    pub(crate) fn of_spans(viewer: &Arc<Viewer>) -> Box<dyn OtlpService> {
        Self::boxed(viewer, Viewer::receive_spans)
    }

    pub(crate) fn of_logs(viewer: &Arc<Viewer>) -> Box<dyn OtlpService> {
        Self::boxed(viewer, Viewer::receive_logs)
    }

    pub(crate) fn of_metrics(viewer: &Arc<Viewer>) -> Box<dyn OtlpService> {
        Self::boxed(viewer, Viewer::receive_metrics)
    }

    fn boxed(viewer: &Arc<Viewer>, receive: fn(&Viewer, &[u8]) -> Result<(), Malformed>) -> Box<dyn OtlpService> {
        Box::new(Self { viewer: Arc::clone(viewer), receive })
    }
}

impl OtlpService for ViewerService {
    fn export(&mut self, request: Bytes) -> Result<Received, OTelSdkError> {
        (self.receive)(&self.viewer, &request)
            .map(|()| Received::default())
            .map_err(|error| OTelSdkError::InternalFailure(error.to_string()))
    }
}

/// Shows spans in the viewer while they are open.
#[derive(Debug)]
pub(crate) struct ViewerWatch(pub(crate) Arc<Viewer>);

impl SpanWatch for ViewerWatch {
    fn started(&self, span: StartedSpan<'_>) {
        let StartedSpan { ids, parent, name, path, start } = span;
        let mut running = RunningSpan::new(ids.trace_id.to_bytes(), ids.span_id.to_bytes(), name, start.unix_nanos());
        running.parent = (parent != SpanId::INVALID).then(|| parent.to_bytes());
        running.path = path.map(str::to_owned);
        self.0.span_started(running);
    }

    fn ended(&self, id: SpanId) {
        self.0.span_ended(id.to_bytes());
    }
}
