//! The time-out of one request.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use awc::SendClientRequest;
use awc::error::SendRequestError;
use otel_core::client::time_out;

/// Records the time-out of one request, whatever its length.
///
/// ```
/// use std::time::Duration;
/// use otel_clients::awc::RecordTimeOut as _;
///
/// # async fn request(client: awc::Client) -> Result<(), awc::error::SendRequestError> {
/// let request = client.get("http://localhost:8080").timeout(Duration::from_millis(200));
/// let response = request.send().record_time_out().await?;
/// # Ok(()) }
/// ```
pub trait RecordTimeOut {
    /// Returns the request, whose span has `error.type` `timeout` if it ends with [`SendRequestError::Timeout`].
    fn record_time_out(self) -> RecordedTimeOut;
}

impl RecordTimeOut for SendClientRequest {
    fn record_time_out(self) -> RecordedTimeOut {
        RecordedTimeOut { request: self }
    }
}

/// A request whose time-out is recorded. See [`RecordTimeOut`].
#[must_use = "futures do nothing unless polled"]
pub struct RecordedTimeOut {
    request: SendClientRequest,
}

impl Future for RecordedTimeOut {
    type Output = <SendClientRequest as Future>::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let result = ready!(Pin::new(&mut self.request).poll(cx));
        if matches!(result, Err(SendRequestError::Timeout)) {
            // `awc` leaves the request to be dropped later, without the reason.
            time_out(|| self.request = SendClientRequest::Err(None));
        }
        Poll::Ready(result)
    }
}

impl std::fmt::Debug for RecordedTimeOut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RecordedTimeOut").finish_non_exhaustive()
    }
}
