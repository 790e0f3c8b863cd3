//! Attributes that a handler adds to the metrics of its request.

use crate::active_requests::RequestKey;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use otel_core::opentelemetry::{Key, KeyValue, Value};
use std::convert::Infallible;
use std::future::{Ready, ready};

/// Adds attributes to `http.server.request.duration` and the body sizes of the current request.
///
/// Each distinct set of values is a time series of its own, so use attributes that have few values.
///
/// ```
/// use actix_web::{HttpResponse, get};
/// use otel_actix::Labeler;
///
/// #[get("/checkout")]
/// async fn checkout(labeler: Labeler) -> HttpResponse {
///     labeler.add("app.plan", "free");
///     HttpResponse::Ok().finish()
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Labeler {
    /// `None` if the request has no telemetry.
    request: Option<RequestKey>,
}

impl Labeler {
    /// Returns the labeler of a request. Code that passes the request on may keep it.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        Self { request: RequestKey::of(request.head()) }
    }

    /// Adds an attribute, or replaces the one of the same name. Attributes that are added after the response head was sent
    /// are lost.
    pub fn add(&self, key: impl Into<Key>, value: impl Into<Value>) {
        if let Some(request) = self.request {
            request.add_label(KeyValue::new(key, value));
        }
    }
}

impl FromRequest for Labeler {
    type Error = Infallible;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}
