//! Attributes that a handler adds to the metrics of its request.

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage as _, HttpRequest};
use opentelemetry::{Key, KeyValue, Value};
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
    request: HttpRequest,
}

impl Labeler {
    /// The labeler of a request.
    #[must_use]
    pub fn of(request: &HttpRequest) -> Self {
        Self { request: request.clone() }
    }

    /// Adds an attribute, or replaces the one of the same name.
    pub fn add(&self, key: impl Into<Key>, value: impl Into<Value>) {
        let label = KeyValue::new(key, value);
        let mut extensions = self.request.extensions_mut();
        match extensions.get_mut::<Labels>() {
            Some(Labels(labels)) => {
                labels.retain(|other| other.key != label.key);
                labels.push(label);
            }
            None => {
                extensions.insert(Labels(vec![label]));
            }
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

/// The labels of a request, in its extensions.
pub(crate) struct Labels(Vec<KeyValue>);

impl Labels {
    pub(crate) fn into_inner(self) -> Vec<KeyValue> {
        self.0
    }
}
