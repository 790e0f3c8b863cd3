//! The settings of operators and applications.

use super::support::{Trace, attribute, metrics, serve_plain, text};
use actix_web::{App, HttpRequest, HttpResponse, error, web};
use opentelemetry::trace::{Status, Tracer as _};
use opentelemetry::{Array, KeyValue, Value, global};
use opentelemetry_sdk::trace::SpanData;
use otel_actix::{Hooks, HttpSettings, HttpTelemetry, Labeler};
use otel_core::http::{Patterns, TrustedProxies};
use std::sync::Arc;

async fn ok() -> HttpResponse {
    HttpResponse::Ok().insert_header(("x-answer", "42")).finish()
}

fn layer(change: impl FnOnce(&mut HttpSettings)) -> HttpTelemetry {
    let mut settings = HttpSettings::default();
    change(&mut settings);
    HttpTelemetry::new().with_settings(settings)
}

fn array(span: &SpanData, key: &str) -> Vec<String> {
    match attribute(span, key) {
        Some(Value::Array(Array::String(values))) => values.iter().map(ToString::to_string).collect(),
        other => panic!("{key} is {other:?}"),
    }
}

#[test]
fn an_excluded_request_leaves_nothing_and_starts_nothing() {
    async fn calls_on() -> String {
        let child = global::tracer("test").start("child of an excluded request");
        drop(child);
        let mut carrier = std::collections::HashMap::new();
        let context = opentelemetry::Context::current();
        global::get_text_map_propagator(|propagator| propagator.inject_context(&context, &mut carrier));
        carrier.remove("traceparent").unwrap_or_default()
    }
    let server = serve_plain!(|| {
        App::new()
            .route("/health/{x}", web::to(calls_on))
            .route("/ready/{x}", web::to(calls_on))
            .route("/seen", web::to(ok))
            .wrap(layer(|settings| {
                settings.excluded_urls = Patterns::search(["^/health"]).unwrap();
                settings.excluded_routes = vec!["/ready/{x}".to_owned()];
            }))
    });
    let trace = Trace::new();
    for path in ["/health/1", "/ready/1", "/seen?/health", "/seen"] {
        let response = server.send_raw(&server.head_in(trace, "GET", path, ""));
        if !path.starts_with("/seen") {
            // The trace goes on, unsampled, in the services that are called.
            assert!(response.ends_with("-00") && response.contains(&trace.id().to_string()), "{response}");
        }
    }
    let spans = trace.spans(2);
    assert_eq!(spans.len(), 2, "{spans:?}");
    assert!(spans.iter().all(|span| span.name == "GET /seen"));
    assert_eq!(metrics::durations_of("/health/{x}").len(), 0);
}

#[test]
fn headers_are_captured_on_request_and_credentials_redacted() {
    let server = serve_plain!(|| {
        App::new().route("/", web::to(ok)).wrap(layer(|settings| {
            settings.headers.request = Patterns::full_match(["x-.*", "Authorization"]).unwrap();
            settings.headers.response = Patterns::full_match(["X-Answer"]).unwrap();
        }))
    });
    let headers = "X-Request-ID: a\r\nAuthorization: Bearer s3cret\r\nx-request-id: b\r\nAccept: */*\r\n";
    let (_, span) = server.request("GET", "/", headers);
    assert_eq!(array(&span, "http.request.header.x-request-id"), ["a", "b"]);
    assert_eq!(array(&span, "http.request.header.authorization"), ["[REDACTED]"]);
    assert_eq!(array(&span, "http.response.header.x-answer"), ["42"]);
    assert_eq!(attribute(&span, "http.request.header.accept"), None);
}

#[test]
fn forwarded_headers_count_where_the_proxy_is_trusted() {
    let server = serve_plain!(|| {
        App::new().route("/forwarded", web::to(ok)).wrap(layer(|settings| {
            settings.trusted_proxies = TrustedProxies::networks(["127.0.0.0/8".parse().unwrap()]);
        }))
    });
    let headers = "Forwarded: for=\"[2001:db8::7]:4711\";proto=https;host=pub.example.com\r\n";
    let (_, span) = server.request("GET", "/forwarded", headers);
    assert_eq!(text(&span, "client.address").as_deref(), Some("2001:db8::7"));
    assert_eq!(text(&span, "url.scheme").as_deref(), Some("https"));
    assert_eq!(text(&span, "server.address").as_deref(), Some("pub.example.com"));
    assert_eq!(text(&span, "server.port").as_deref(), Some("443"));
    assert_eq!(text(&span, "network.peer.address").as_deref(), Some("127.0.0.1"));
    let points = metrics::wait_for_durations_of("/forwarded");
    assert_eq!(points[0].attribute("url.scheme"), Some("https"), "the same on span and metric");
    // The client's own line, whose quote stays open, before the line of the proxy.
    let headers = format!("Forwarded: for=6.6.6.6;host=evil.example;by=\"\r\n{headers}");
    let (_, span) = server.request("GET", "/forwarded", &headers);
    assert_eq!(text(&span, "client.address").as_deref(), Some("2001:db8::7"));
    assert_eq!(text(&span, "server.address").as_deref(), Some("pub.example.com"));
}

#[test]
fn a_response_tells_its_trace_also_where_it_is_an_error() {
    let server = serve_plain!(|| {
        App::new()
            .route("/", web::to(ok))
            .route("/error", web::to(|| async { Err::<HttpResponse, _>(error::ErrorInternalServerError("no")) }))
            .service(web::scope("/middleware").wrap(actix_web::middleware::from_fn(
                |_: actix_web::dev::ServiceRequest, _: actix_web::middleware::Next<actix_web::body::BoxBody>| async {
                    Err::<actix_web::dev::ServiceResponse<actix_web::body::BoxBody>, _>(error::ErrorBadGateway("no"))
                },
            )))
            .wrap(layer(|settings| settings.trace_response_header = true))
    });
    for path in ["/", "/error", "/middleware/x", "/nope"] {
        let (response, span) = server.get(path);
        let expected = format!("traceresponse: 00-{}-{}-01", span.span_context.trace_id(), span.span_context.span_id());
        assert!(response.contains(&expected), "{path}: {response}");
    }
}

#[test]
fn hooks_set_attributes_and_rename_and_their_panics_break_nothing() {
    /// The payload of a panic, which panics again when it is dropped.
    struct Payload;

    impl Drop for Payload {
        fn drop(&mut self) {
            panic!("the payload, too");
        }
    }

    let server = serve_plain!(|| {
        let hooks = Hooks::new()
            .with_request(|span, head| {
                span.set_attribute(KeyValue::new("app.path_length", i64::try_from(head.uri.path().len()).unwrap()));
                if head.uri.path() == "/panic" {
                    std::panic::panic_any(Payload);
                }
            })
            .with_response(|span, head| span.update_name(format!("answered {}", head.status.as_u16())));
        App::new().route("/{any}", web::to(ok)).wrap(HttpTelemetry::new().with_hooks(Arc::new(hooks)))
    });
    for path in ["/abc", "/panic"] {
        let (response, span) = server.get(path);
        assert!(response.starts_with("HTTP/1.1 200"), "{response}");
        assert_eq!(span.name, "answered 200");
        assert!(attribute(&span, "app.path_length").is_some());
        assert_eq!(span.status, Status::Unset);
    }
}

#[test]
fn a_handler_labels_the_metrics_of_its_request() {
    async fn labelled(labeler: Labeler) -> HttpResponse {
        labeler.add("app.plan", "paid");
        labeler.add("app.plan", "free");
        HttpResponse::Ok().finish()
    }
    let server = serve_plain!(|| App::new().route("/labelled", web::to(labelled)).wrap(HttpTelemetry::new()));
    let (_, span) = server.get("/labelled");
    assert_eq!(attribute(&span, "app.plan"), None, "a label is for metrics");
    let points = metrics::durations_of("/labelled");
    assert_eq!(points.len(), 1);
    assert!(points[0].attributes.contains(&"app.plan=free".to_owned()), "{:?}", points[0].attributes);
}

#[test]
fn handlers_reach_their_span() {
    async fn handler(request: HttpRequest) -> HttpResponse {
        otel_actix::span().set_attribute(KeyValue::new("app.current", true));
        let server_span = otel_actix::request_span(&request);
        assert_eq!(server_span.span_context(), otel_actix::span().span_context());
        server_span.set_attribute(KeyValue::new("app.request", true));
        HttpResponse::Ok().finish()
    }
    let server = serve_plain!(|| App::new().route("/", web::to(handler)).wrap(HttpTelemetry::new()));
    let (_, span) = server.get("/");
    assert!(attribute(&span, "app.current").is_some() && attribute(&span, "app.request").is_some());
}

#[test]
fn sizes_of_bodies_are_recorded_on_request() {
    let server = serve_plain!(|| {
        App::new()
            .route("/sizes", web::to(|body: web::Bytes| async move { [body, "more".into()].concat() }))
            .route(
                "/stream",
                web::to(|| async {
                    let chunks =
                        futures_util::stream::iter(["one", "three"].map(|chunk| Ok::<_, error::Error>(chunk.into())));
                    HttpResponse::Ok().streaming(chunks)
                }),
            )
            .wrap(layer(|settings| settings.body_sizes = true))
    });
    let trace = Trace::new();
    let head = server.head_in(trace, "POST", "/sizes", "Content-Length: 3\r\n");
    server.send_raw(&(head + "abc"));
    let span = trace.server_span();
    assert_eq!(text(&span, "http.request.body.size").as_deref(), Some("3"));
    assert_eq!(text(&span, "http.response.body.size").as_deref(), Some("7"));
    let (_, span) = server.get("/stream");
    assert_eq!(attribute(&span, "http.request.body.size"), None);
    assert_eq!(text(&span, "http.response.body.size").as_deref(), Some("8"));
}

#[test]
fn bots_are_told_on_request_and_query_keys_redacted() {
    let server = serve_plain!(|| {
        App::new().route("/", web::to(ok)).wrap(layer(|settings| {
            settings.synthetic_user_agents = true;
            settings.redacted_query_keys.push("token".to_owned());
        }))
    });
    let (_, span) = server.request("GET", "/?token=s3cret&a=b", "User-Agent: Googlebot/2.1\r\n");
    assert_eq!(text(&span, "user_agent.synthetic.type").as_deref(), Some("bot"));
    assert_eq!(text(&span, "url.query").as_deref(), Some("token=REDACTED&a=b"));
}
