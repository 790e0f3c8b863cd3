//! A service behind a type of one size.

use std::fmt;
use std::future::poll_fn;
use std::pin::pin;

use actix_http::Request;
use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::{Service, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::{App, Error, test};
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;

use crate::variant::AppUser;

/// The reason why a request was not served.
type Failure = &'static str;

/// Serves one request from its head to the end of its body, on this thread.
pub struct Serve(Box<dyn Fn(Request) -> Result<(), Failure>>);

/// Starts the application in this process.
#[derive(Clone, Copy, Debug)]
pub struct InProcess;

impl AppUser for InProcess {
    type Output = LocalBoxFuture<'static, Serve>;

    fn with<F, T, B>(self, factory: F) -> Self::Output
    where
        F: Fn() -> App<T> + Clone + Send + 'static,
        T: ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<B>, Error = Error, InitError = ()>
            + 'static,
        B: MessageBody + 'static,
    {
        async move {
            let service = test::init_service(factory()).await;
            Serve(Box::new(move |request| {
                // Nothing here waits, so polling once is all that a runtime would do.
                let response = service.call(request).now_or_never().ok_or("the handler waits")?;
                let response = response.map_err(|_| "the service failed")?;
                if response.status() != StatusCode::OK {
                    return Err("the answer is not 200");
                }
                // The request goes back into its pool after the body was sent, as in a real server.
                let (_request, response) = response.into_parts();
                send(response.into_body())
            }))
        }
        .boxed_local()
    }
}

impl Serve {
    /// Serves a request.
    ///
    /// # Errors
    ///
    /// Returns the fault if the response is not as expected: then a measurement makes no sense.
    pub fn serve(&self, request: Request) -> Result<(), Failure> {
        (self.0)(request)
    }
}

/// Polls a body to its end as `actix-http` does: an empty one is not polled.
fn send(body: impl MessageBody) -> Result<(), Failure> {
    if matches!(body.size(), BodySize::None | BodySize::Sized(0)) {
        return Err("the answer has no body");
    }
    let mut body = pin!(body);
    while let Some(piece) = poll_fn(|task| body.as_mut().poll_next(task)).now_or_never().ok_or("the body waits")? {
        piece.map_err(|_| "the body failed")?;
    }
    Ok(())
}

impl fmt::Debug for Serve {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Serve").finish_non_exhaustive()
    }
}
