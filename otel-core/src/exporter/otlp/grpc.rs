//! OTLP over gRPC ([specification](https://opentelemetry.io/docs/specs/otlp/#otlpgrpc)).

use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::uri::PathAndQuery;
use opentelemetry_sdk::error::OTelSdkError;
use tokio::runtime::{Handle, Runtime};
use tonic::client::Grpc;
use tonic::codec::CompressionEncoding;
use tonic::metadata::MetadataMap;
use tonic::transport::Channel;
use tonic::{Request, Status};

use super::codec::Raw;
use super::partial;
use super::service::OtlpService;
use crate::config::OtlpCompression;
use crate::exporter::cause::innermost;
use crate::exporter::retry::{Backoff, RetryBudget, RetryDelay, retry_after_status};
use crate::recorder::Received;

/// A service that is reached by gRPC, from a runtime of its own.
pub(crate) struct OtlpGrpcService {
    /// The method that is called: `/package.Service/Method`.
    method: PathAndQuery,
    client: Grpc<Channel>,
    /// `None` once the service is dropped.
    runtime: Option<Runtime>,
    handle: Handle,
    metadata: MetadataMap,
    timeout: Duration,
    budget: RetryBudget,
}

impl OtlpGrpcService {
    /// Creates the service. `channel` was made inside `runtime`.
    pub(crate) fn new(
        method: PathAndQuery,
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
        let handle = runtime.handle().clone();
        let budget = RetryBudget::default();
        Self { method, client, runtime: Some(runtime), handle, metadata, timeout, budget }
    }

    /// The time for retries.
    pub(crate) fn budget(&self) -> RetryBudget {
        self.budget.clone()
    }

    /// Makes one call. Returns `None` if there was no time for its answer.
    fn attempt(&mut self, message: Bytes, deadline: Instant) -> Option<Result<Bytes, Status>> {
        let Self { method, client, handle, metadata, budget, .. } = self;
        let mut request = Request::new(message);
        *request.metadata_mut() = metadata.clone();
        handle.block_on(async {
            let call = async {
                client.ready().await.map_err(|error| Status::from_error(Box::new(error)))?;
                client.unary(request, method.clone(), Raw).await.map(tonic::Response::into_inner)
            };
            let (mut call, mut over) = (pin!(call), pin!(budget.ended()));
            let call = poll_fn(|cx| match call.as_mut().poll(cx) {
                Poll::Ready(answer) => Poll::Ready(Some(answer)),
                Poll::Pending => over.as_mut().poll(cx).map(|()| None),
            });
            tokio::time::timeout_at(deadline.into(), call).await.ok().flatten()
        })
    }

    /// The reason why there is no further attempt.
    fn given_up(&self) -> &'static str {
        if self.budget.is_shutting_down() { "no success before the end" } else { "no success in time" }
    }
}

impl OtlpService for OtlpGrpcService {
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

/// The status code, and facts of our side. The collector's message is left out: it may repeat credentials.
fn reason(status: Option<&Status>, end: &str) -> String {
    let mut reason = String::new();
    if let Some(status) = status {
        reason = format!("gRPC export failed with code: {:?}", status.code());
        if let Some(source) = status.source() {
            let cause = ended_by_server(source).unwrap_or_else(|| innermost(source));
            let mistake = mistaken_protocol(source, &cause);
            reason.push_str(", ");
            reason.push_str(mistake.unwrap_or(&cause));
        }
    }
    if !(reason.is_empty() || end.is_empty()) {
        reason.push_str("; ");
    }
    reason.push_str(end);
    reason
}

/// The reason of an HTTP/2 connection that the server ended, without its words, which may repeat credentials.
fn ended_by_server(error: &(dyn Error + 'static)) -> Option<String> {
    let mut errors = std::iter::successors(Some(error), |error| (*error).source());
    let ended = errors.find_map(|error| error.downcast_ref().filter(|error: &&h2::Error| error.is_go_away()))?;
    let reason = ended.reason().filter(|_| ended.is_remote())?;
    Some(format!("the server ended the connection: {reason}"))
}

/// Recognises a server of another protocol by the error that its answer makes.
fn mistaken_protocol(error: &(dyn Error + 'static), cause: &str) -> Option<&'static str> {
    let mut errors = std::iter::successors(Some(error), |error| (*error).source());
    let is_foreign = errors.any(|error| {
        let reason = error.downcast_ref().filter(|error: &&h2::Error| !error.is_remote()).and_then(h2::Error::reason);
        matches!(reason, Some(h2::Reason::FRAME_SIZE_ERROR | h2::Reason::PROTOCOL_ERROR))
    });
    if is_foreign {
        return Some(
            "HTTP/2 is not spoken there: set OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf, or the port of gRPC, usually \
             4317; or, if it wants TLS, an endpoint that starts with https://",
        );
    }
    // The message of rustls about bytes that are no TLS record.
    cause.contains("corrupt message").then_some("TLS is not spoken there: set an endpoint that starts with http://")
}

fn failure(status: Option<&Status>, end: &str) -> OTelSdkError {
    OTelSdkError::InternalFailure(reason(status, end))
}

impl Drop for OtlpGrpcService {
    fn drop(&mut self) {
        // Dropping a runtime waits for its threads, and panics on a thread of another runtime.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

impl fmt::Debug for OtlpGrpcService {
    /// Leaves out metadata, which is often secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OtlpGrpcService").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}
