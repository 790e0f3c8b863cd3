//! One request has one SERVER span, with any combination of layers.

use super::support::{Trace, serve, serve_plain, text};
use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::middleware::{Next, from_fn};
use actix_web::{App, Error, HttpResponse, web};
use opentelemetry::trace::{FutureExt as _, SpanKind, TraceContextExt as _, Tracer as _};
use opentelemetry::{Context, global};
use otel_actix::__private::{CodeLocation, WholeApp, route};
use otel_actix::HttpTelemetry;

const HERE: CodeLocation = CodeLocation::new("single_span::handler", file!(), 1);

async fn ok() -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[test]
fn a_layer_within_an_instrumented_app_adds_nothing() {
    let server = serve!(|| App::new().wrap(HttpTelemetry::new()).wrap(HttpTelemetry::new()).route("/", web::to(ok)));
    let (_, span) = server.get("/");
    assert_eq!(span.name, "GET /");
}

#[test]
fn the_layer_of_a_resource_names_the_handler_on_the_apps_span() {
    let server = serve!(|| App::new().service(web::resource("/r").wrap(route(HERE)).to(ok)));
    let (_, span) = server.get("/r");
    assert_eq!(span.name, "GET /r");
    assert_eq!(text(&span, "code.function.name").as_deref(), Some("single_span::handler"));
}

#[test]
fn the_layer_of_a_resource_starts_the_span_of_an_app_that_is_not_instrumented() {
    let server = serve_plain!(|| {
        App::new().service(web::scope("/api").service(
            web::resource("/r/{id}").wrap(route(HERE)).to(|path: web::Path<u32>| async move { format!("{path}") }),
        ))
    });
    let (_, span) = server.get("/api/r/7");
    assert_eq!(span.name, "GET /api/r/{id}");
    assert_eq!(text(&span, "code.function.name").as_deref(), Some("single_span::handler"));
    assert_eq!(text(&span, "http.response.status_code").as_deref(), Some("200"));
    // A failing extractor has a span, too: the layer is around the resource, not the function.
    let (response, span) = server.get("/api/r/seven");
    assert!(response.starts_with("HTTP/1.1 404"), "{response}");
    assert_eq!(text(&span, "http.response.status_code").as_deref(), Some("404"));
}

#[test]
fn an_app_whose_type_is_spelled_out_keeps_it() {
    fn app() -> App<
        impl actix_web::dev::ServiceFactory<
            actix_web::dev::ServiceRequest,
            Config = (),
            Response = actix_web::dev::ServiceResponse<actix_web::body::BoxBody>,
            Error = actix_web::Error,
            InitError = (),
        >,
    > {
        WholeApp(App::new().route("/", web::to(ok))).instrument()
    }
    let (_, span) = serve_plain!(app).get("/");
    assert_eq!(span.name, "GET /");
    let (_, span) = serve!(app).get("/");
    assert_eq!(span.name, "GET /");
}

#[test]
fn what_is_not_an_app_is_instrumented_below_it() {
    use actix_web::dev::AppConfig;
    let server =
        serve!(|| actix_service::map_config(App::new().route("/r/{id}", web::to(ok)), |config: AppConfig| config));
    let (_, span) = server.get("/r/7");
    assert_eq!(span.name, "GET /r/{id}");
}

/// Goes on in a trace of its own.
async fn root(request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse, Error> {
    let span = global::tracer("test").start_with_context("root", &Context::new());
    next.call(request).with_context(Context::new().with_span(span)).await
}

/// Goes on in a task of its own, which a lost connection does not cancel.
async fn spawned(request: ServiceRequest, next: Next<BoxBody>) -> Result<ServiceResponse, Error> {
    actix_web::rt::spawn(async move { next.call(request).await }).await.unwrap()
}

#[test]
fn middlewares_in_between_change_nothing_about_that() {
    let server = serve!(|| {
        let handler = || web::resource("/r").wrap(route(HERE)).to(ok);
        App::new()
            .service(web::scope("/root").service(handler()).wrap(HttpTelemetry::new()).wrap(from_fn(root)))
            .service(web::scope("/spawned").service(handler()).wrap(from_fn(spawned)))
    });
    for path in ["/root/r", "/spawned/r"] {
        let trace = Trace::new();
        let response = server.send_raw(&server.head_in(trace, "GET", path, ""));
        assert!(response.starts_with("HTTP/1.1 200"), "{response}");
        let span = trace.server_span();
        assert_eq!(text(&span, "code.function.name").as_deref(), Some("single_span::handler"), "{path}");
        // A second one would be a root.
        let others = super::support::spans_with("url.path", path, 1);
        assert_eq!(others.iter().filter(|span| span.span_kind == SpanKind::Server).count(), 1, "{path}");
    }
}
