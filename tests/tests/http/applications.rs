//! Applications that a layer could break, and answers that it could misread.

use super::support::{attribute, serve, serve_plain, text};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::middleware::{Logger, Next, from_fn};
use actix_web::{App, Error, HttpMessage as _, HttpRequest, HttpResponse, ResponseError, web};
use opentelemetry::trace::Status;
use otel_actix::{Hooks, HttpTelemetry, Labeler};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

async fn ok() -> HttpResponse {
    HttpResponse::Ok().finish()
}

/// An error whose response has more than its status code.
#[derive(Debug)]
struct Unauthorized;

impl fmt::Display for Unauthorized {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("who are you?")
    }
}

impl ResponseError for Unauthorized {
    fn error_response(&self) -> HttpResponse {
        HttpResponse::Unauthorized().body("who are you?")
    }
}

async fn refuse(_: ServiceRequest, _: Next<actix_web::body::BoxBody>) -> Result<ServiceResponse, Error> {
    Err(Unauthorized.into())
}

#[test]
fn the_status_of_a_middlewares_error_is_the_one_that_is_sent() {
    let server = serve!(|| App::new().wrap(from_fn(refuse)).route("/", web::to(ok)));
    let (response, span) = server.get("/");
    assert!(response.starts_with("HTTP/1.1 401"), "{response}");
    assert_eq!(text(&span, "http.response.status_code").as_deref(), Some("401"));
    assert_eq!((span.status.clone(), attribute(&span, "error.type")), (Status::Unset, None));
}

async fn redirect(_: ServiceRequest, _: Next<actix_web::body::BoxBody>) -> Result<ServiceResponse, Error> {
    let response = HttpResponse::SeeOther().insert_header(("location", "/login")).finish();
    Err(InternalError::from_response("not logged in", response).into())
}

#[test]
fn a_response_within_an_error_reaches_the_client_also_with_hooks() {
    let server = serve_plain!(|| {
        let hooks = Hooks::new().with_response(|span, head| span.update_name(format!("{}", head.status.as_u16())));
        App::new()
            .wrap(from_fn(redirect))
            .route("/", web::to(ok))
            .wrap(HttpTelemetry::new().with_hooks(Arc::new(hooks)))
    });
    let (response, span) = server.get("/");
    assert!(response.starts_with("HTTP/1.1 303") && response.contains("location: /login"), "{response}");
    assert_eq!(span.name, "303");
}

async fn label(
    labeler: Labeler,
    request: ServiceRequest,
    next: Next<actix_web::body::BoxBody>,
) -> Result<ServiceResponse, Error> {
    labeler.add("app.tenant", "acme");
    next.call(request).await
}

#[test]
fn a_labeler_may_be_kept_while_a_request_is_routed() {
    let server = serve!(|| App::new().wrap(from_fn(label)).route("/kept/{id}", web::to(ok)));
    let (response, _) = server.get("/kept/7");
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    let points = super::support::metrics::durations_of("/kept/{id}");
    assert!(points[0].attributes.contains(&"app.tenant=acme".to_owned()), "{:?}", points[0].attributes);
}

#[test]
#[expect(clippy::await_holding_refcell_ref, reason = "this is what a layer has to survive")]
fn the_applications_own_borrow_of_extensions_is_respected() {
    async fn handler(request: HttpRequest, labeler: Labeler) -> HttpResponse {
        request.extensions_mut().insert(7_i64);
        {
            let extensions = request.extensions();
            labeler.add("app.number", extensions.get::<i64>().copied().unwrap_or_default());
        }
        let held = request.clone();
        actix_web::rt::spawn(async move {
            let _extensions = held.extensions();
            actix_web::rt::time::sleep(Duration::from_millis(50)).await;
        });
        actix_web::rt::task::yield_now().await;
        HttpResponse::Ok().finish()
    }
    let server = serve!(|| App::new().route("/", web::to(handler)));
    let (response, _) = server.get("/");
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
}

#[test]
fn a_scope_that_has_nothing_for_a_request_is_no_route() {
    let server = serve!(|| {
        App::new().service(
            web::scope("/users").route("", web::get().to(ok)).route("/{id}", web::get().to(HttpResponse::NotFound)),
        )
    });
    let (response, span) = server.request("POST", "/users", "Content-Length: 0\r\n");
    assert!(response.starts_with("HTTP/1.1 404"), "{response}");
    assert_eq!((span.name.as_ref(), text(&span, "http.route")), ("POST", None));
    let (_, span) = server.get("/users");
    assert_eq!(span.name, "GET /users");
    let (_, span) = server.get("/users/7");
    assert_eq!(span.name, "GET /users/{id}", "a handler that found nothing is still the route");
}

#[test]
fn a_span_lasts_to_the_end_of_a_body_that_a_logger_watches() {
    const PAUSE: Duration = Duration::from_millis(60);
    async fn slow() -> HttpResponse {
        let chunks = futures_util::stream::once(async {
            actix_web::rt::time::sleep(PAUSE).await;
            Ok::<_, Error>(web::Bytes::from_static(b"late"))
        });
        HttpResponse::build(StatusCode::OK).streaming(chunks)
    }
    let server = serve_plain!(|| {
        App::new().route("/", web::to(slow)).wrap(Logger::default()).wrap(HttpTelemetry::new().wrapping_bodies())
    });
    let (_, span) = server.get("/");
    assert!(span.end_time.duration_since(span.start_time).unwrap() >= PAUSE);
}

#[test]
fn spans_and_metrics_agree_on_the_scheme_that_a_trusted_proxy_tells() {
    let server = serve_plain!(|| {
        let mut settings = otel_actix::HttpSettings::default();
        settings.trusted_proxies = otel_actix::TrustedProxies::any();
        App::new().route("/behind-a-proxy", web::to(ok)).wrap(HttpTelemetry::new().with_settings(settings))
    });
    let (_, span) = server.request("GET", "/behind-a-proxy", "X-Forwarded-Proto: https\r\n");
    assert_eq!(text(&span, "url.scheme").as_deref(), Some("https"));
    let points = super::support::metrics::durations_of("/behind-a-proxy");
    assert!(points[0].attributes.contains(&"url.scheme=https".to_owned()), "{:?}", points[0].attributes);
}
