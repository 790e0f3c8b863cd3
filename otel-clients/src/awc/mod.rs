//! HTTP requests by `awc`.
//!
//! ```
//! use otel_clients::awc::ClientTelemetry;
//!
//! # let _ = actix_rt::System::new();
//! let client = awc::Client::builder().wrap(ClientTelemetry::new()).finish();
//! # drop(client);
//! ```
//! Redirects are followed outside of this layer: each attempt has a span of its own, and `http.request.resend_count`
//! counts them.
//!
//! `awc` enforces its time-out outside as well, by dropping the request, and a layer can neither see nor read it. It takes a
//! request without a response that is dropped after 5 seconds, the default, for one that timed out. A client with another
//! time-out names it in [`ClientTelemetry::timeout`] as well, and a request with one of its own has
//! [`record_time_out`](RecordTimeOut::record_time_out). Any other dropped request is no error.

mod body;
pub(crate) mod call;
mod error;
mod future;
mod head;
mod resend;
mod time_out;

use std::time::Duration;

use actix_service::{Service, forward_ready};
use awc::error::SendRequestError;
use awc::middleware::Transform;
use awc::{ConnectRequest, ConnectResponse};

use call::Call;
pub use future::ClientFuture;
pub use time_out::{RecordTimeOut, RecordedTimeOut};

/// A layer of an `awc` client: a CLIENT span for each request, and the trace context in its headers.
#[derive(Clone, Debug)]
pub struct ClientTelemetry {
    /// `None` for a client without a time-out.
    timeout: Option<Duration>,
}

impl ClientTelemetry {
    /// A layer for a client with the default time-out, which is 5 seconds.
    #[must_use]
    pub const fn new() -> Self {
        Self { timeout: Some(Duration::from_secs(5)) }
    }

    /// Sets the time-out of the client, which `awc::ClientBuilder::timeout` sets: a request without a response that is dropped
    /// later has timed out.
    ///
    /// ```
    /// use std::time::Duration;
    /// use otel_clients::awc::ClientTelemetry;
    ///
    /// # let _ = actix_rt::System::new();
    /// let limit = Duration::from_secs(1);
    /// let client = awc::Client::builder().timeout(limit).wrap(ClientTelemetry::new().timeout(limit)).finish();
    /// # drop(client);
    /// ```
    #[must_use]
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// The client has no time-out: `awc::ClientBuilder::disable_timeout`.
    #[must_use]
    pub const fn disable_timeout(mut self) -> Self {
        self.timeout = None;
        self
    }
}

impl Default for ClientTelemetry {
    fn default() -> Self {
        Self::new()
    }
}

impl<S> Transform<S, ConnectRequest> for ClientTelemetry
where
    S: Service<ConnectRequest, Response = ConnectResponse, Error = SendRequestError>,
{
    type Transform = ClientService<S>;

    fn new_transform(self, service: S) -> ClientService<S> {
        ClientService { service, timeout: self.timeout }
    }
}

/// The service that [`ClientTelemetry`] makes.
#[derive(Debug)]
pub struct ClientService<S> {
    service: S,
    timeout: Option<Duration>,
}

impl<S> Service<ConnectRequest> for ClientService<S>
where
    S: Service<ConnectRequest, Response = ConnectResponse, Error = SendRequestError>,
{
    type Response = ConnectResponse;
    type Error = SendRequestError;
    type Future = ClientFuture<S::Future>;

    forward_ready!(service);

    fn call(&self, mut request: ConnectRequest) -> Self::Future {
        let call = Call::start(&mut request);
        let future = {
            let _attached = call.attach();
            self.service.call(request)
        };
        call.run(future, self.timeout)
    }
}
