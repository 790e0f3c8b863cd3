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
//! counts them. `awc` enforces its time-out outside as well, by dropping the request; a dropped request is no error. A
//! [time-out of the layer](ClientTelemetry::timeout) is recorded as an error.

mod body;
pub(crate) mod call;
mod error;
mod future;
mod head;
mod resend;

use std::time::Duration;

use actix_service::{Service, forward_ready};
use awc::error::SendRequestError;
use awc::middleware::Transform;
use awc::{ConnectRequest, ConnectResponse};

use call::Call;
pub use future::ClientFuture;

/// A layer of an `awc` client: a CLIENT span for each request, and the trace context in its headers.
#[derive(Clone, Debug, Default)]
pub struct ClientTelemetry {
    timeout: Option<Duration>,
}

impl ClientTelemetry {
    /// A layer without a time-out of its own.
    #[must_use]
    pub const fn new() -> Self {
        Self { timeout: None }
    }

    /// Ends requests whose response head has not come after this time, with [`SendRequestError::Timeout`]. It should be
    /// shorter than the client's own time-out, which is 5 seconds by default.
    #[must_use]
    pub const fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
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
