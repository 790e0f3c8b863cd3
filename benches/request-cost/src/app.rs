//! The application that is measured: `GET /users/{id}` answers small JSON.

use std::hint::black_box;
use std::sync::OnceLock;

use actix_web::dev::{ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::{App, Error, HttpResponse, web};
use opentelemetry::KeyValue;
use otel_actix::auto_instrument;
use serde::Serialize;

/// The work of the handler besides its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The number of attributes that it sets on the request's span.
    pub attributes: usize,
    /// The number of functions with a span of their own that it calls.
    pub children: usize,
    /// The number of routes of the application; the requests go to all of them in turn.
    pub routes: usize,
}

impl Shape {
    /// A handler that only answers, and no other.
    pub const PLAIN: Self = Self { attributes: 0, children: 0, routes: 1 };

    /// The plain shape with calls of functions with spans.
    #[must_use]
    pub const fn with_children(children: usize) -> Self {
        Self { children, ..Self::PLAIN }
    }

    fn is_busy(self) -> bool {
        self.attributes > 0 || self.children > 0
    }
}

/// The answer of the endpoint.
#[derive(Debug, Serialize)]
struct User {
    id: u32,
    name: &'static str,
    active: bool,
}

/// The handler that only answers.
pub(crate) async fn user(id: web::Path<u32>) -> HttpResponse {
    HttpResponse::Ok().json(User { id: *id, name: "Ada Lovelace", active: true })
}

/// A handler with the work of a [`Shape`]. It is separate, so that nothing is added to the plain one.
async fn busy_user(id: web::Path<u32>) -> HttpResponse {
    if let Some(shape) = SHAPE.get() {
        if shape.attributes > 0 {
            let span = otel_actix::span();
            for key in ATTRIBUTES.iter().take(shape.attributes) {
                span.set_attribute(KeyValue::new(*key, i64::from(*id)));
            }
        }
        for number in 0..shape.children {
            black_box(function(black_box(number)));
        }
    }
    user(id).await
}

/// A function with a span of its own, which does nothing.
#[auto_instrument]
fn function(number: usize) -> usize {
    number
}

static SHAPE: OnceLock<Shape> = OnceLock::new();

static ATTRIBUTES: [&str; 20] = [
    "app.a", "app.b", "app.c", "app.d", "app.e", "app.f", "app.g", "app.h", "app.i", "app.j", "app.k", "app.l",
    "app.m", "app.n", "app.o", "app.p", "app.q", "app.r", "app.s", "app.t",
];

/// The bare application. The shape of the first one is that of the process.
pub fn app(
    shape: Shape,
) -> App<impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse, Error = Error, InitError = ()>> {
    let shape = *SHAPE.get_or_init(|| shape);
    let route = || if shape.is_busy() { web::get().to(busy_user) } else { web::get().to(user) };
    let mut app = App::new();
    for number in 1..shape.routes {
        app = app.route(&other_route(number, "{id}"), route());
    }
    app.route("/users/{id}", route())
}

/// The path of one of the other routes.
pub(crate) fn other_route(number: usize, id: &str) -> String {
    format!("/things{number}/{id}")
}
