//! OTLP over gRPC ([specification](https://opentelemetry.io/docs/specs/otlp/#otlpgrpc)).

use std::error::Error as _;
use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use http::uri::PathAndQuery;
use opentelemetry_sdk::error::OTelSdkError;
use prost::bytes::Bytes;
use tokio::runtime::Runtime;
use tonic::client::Grpc;
use tonic::codec::CompressionEncoding;
use tonic::metadata::MetadataMap;
use tonic::transport::Channel;
use tonic::{Request, Status};

use super::TraceService;
use super::codec::Raw;
use crate::config::OtlpCompression;
use crate::exporter::cause::innermost;
use crate::exporter::partial;
use crate::exporter::retry::{Backoff, RetryBudget, RetryDelay, retry_after_status};
use crate::recorder::Received;

const EXPORT: &str = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

/// A collector that is reached by gRPC, from a runtime of its own.
pub(crate) struct GrpcTraceService {
    client: Grpc<Channel>,
    runtime: Runtime,
    metadata: MetadataMap,
    timeout: Duration,
    budget: RetryBudget,
}

impl GrpcTraceService {
    /// `channel` was made inside `runtime`.
    pub(crate) fn new(
        channel: Channel,
        runtime: Runtime,
        metadata: MetadataMap,
        compression: OtlpCompression,
        timeout: Duration,
    ) -> Self {
        let mut client = Grpc::new(channel);
        if compression == OtlpCompression::Gzip {
            client = client.send_compressed(CompressionEncoding::Gzip).accept_compressed(CompressionEncoding::Gzip);
        }
        Self { client, runtime, metadata, timeout, budget: RetryBudget::default() }
    }

    /// How long it tries again.
    pub(crate) fn budget(&self) -> RetryBudget {
        self.budget.clone()
    }

    /// One call. `None`: there was no time for its answer.
    fn attempt(&mut self, message: Bytes, deadline: Instant) -> Option<Result<Bytes, Status>> {
        let Self { client, runtime, metadata, budget, .. } = self;
        let mut request = Request::new(message);
        *request.metadata_mut() = metadata.clone();
        runtime.block_on(async {
            let call = async {
                client.ready().await.map_err(|error| Status::from_error(Box::new(error)))?;
                client.unary(request, PathAndQuery::from_static(EXPORT), Raw).await.map(tonic::Response::into_inner)
            };
            let (mut call, mut over) = (pin!(call), pin!(budget.ended()));
            let call = poll_fn(|cx| match call.as_mut().poll(cx) {
                Poll::Ready(answer) => Poll::Ready(Some(answer)),
                Poll::Pending => over.as_mut().poll(cx).map(|()| None),
            });
            tokio::time::timeout_at(deadline.into(), call).await.ok().flatten()
        })
    }

    /// Why there will be no other attempt.
    fn given_up(&self) -> &'static str {
        if self.budget.is_shutting_down() { "no success before the end" } else { "no success in time" }
    }
}

impl TraceService for GrpcTraceService {
    fn export(&mut self, message: Bytes) -> Result<Received, OTelSdkError> {
        let started = Instant::now();
        let deadline = started.checked_add(self.timeout).unwrap_or(started);
        let mut backoff = Backoff::default();
        let mut last = None;
        loop {
            let status = match self.attempt(message.clone(), deadline) {
                Some(Ok(answer)) => return Ok(partial::of_protobuf(&answer)),
                Some(Err(status)) => status,
                None => return Err(failure(last.as_ref(), self.given_up())),
            };
            let Some(again) = retry_after_status(&status) else { return Err(failure(Some(&status), "")) };
            self.budget.report_retry(&reason(Some(&status), ""), started.elapsed());
            let asked = matches!(again, RetryDelay::Requested(_));
            if !self.budget.wait(backoff.next(again), asked, deadline) {
                return Err(failure(Some(&status), self.given_up()));
            }
            last = Some(status);
        }
    }
}

/// The code, and what our side knows besides. The collector's words are left out: they may repeat credentials.
fn reason(status: Option<&Status>, end: &str) -> String {
    let mut reason = String::new();
    if let Some(status) = status {
        reason = format!("gRPC export failed with code: {:?}", status.code());
        if let Some(source) = status.source() {
            reason.push_str(", ");
            reason.push_str(&innermost(source));
        }
    }
    if !(reason.is_empty() || end.is_empty()) {
        reason.push_str("; ");
    }
    reason.push_str(end);
    reason
}

fn failure(status: Option<&Status>, end: &str) -> OTelSdkError {
    OTelSdkError::InternalFailure(reason(status, end))
}

impl fmt::Debug for GrpcTraceService {
    /// Without metadata, which is often secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GrpcTraceService").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}
