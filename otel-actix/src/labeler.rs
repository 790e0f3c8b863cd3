//! Attributes that a handler adds to the metrics of its request.

use crate::registry::Known;
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use otel_core::opentelemetry::{Key, KeyValue, Value};
use std::convert::Infallible;
use std::future::{Ready, ready};

/// Adds attributes to `http.server.request.duration` and the body sizes of the current request.
///
/// Each distinct set of values is a time series of its own: use values of which there are few.
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
    /// `None`: the request has no telemetry.
    known: Option<Known>,
}

impl Labeler {
    /// The labeler of a request. It may be kept while the request is handed on.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        Self { known: Known::of(request.head()) }
    }

    /// Adds an attribute, or replaces the one of the same name. What is added after the response head was sent is lost.
    pub fn add(&self, key: impl Into<Key>, value: impl Into<Value>) {
        if let Some(known) = self.known {
            known.add_label(KeyValue::new(key, value));
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
