//! The attributes of an ordinary request.

use super::support::{TestServer, Trace, attribute, instrumented, serve, serve_plain, text};
use actix_web::{App, HttpResponse, HttpServer, web};
use opentelemetry::Value;
use opentelemetry::trace::{SpanKind, Status};
use otel_actix::{HttpSettings, HttpTelemetry};
use otel_core::http::settings::SemconvMode;
use std::net::TcpListener;

#[test]
fn the_stable_set_is_complete_and_nothing_else_is_there() {
    let server = serve!(|| App::new().route("/users/{id}", web::get().to(HttpResponse::Ok)));
    let (response, span) = server.request("GET", "/users/42?verbose=1", "User-Agent: test/1.0\r\n");
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");

    assert_eq!(span.name, "GET /users/{id}");
    assert_eq!(span.span_kind, SpanKind::Server);
    assert_eq!(span.status, Status::Unset);
    assert_eq!(span.parent_span_id.to_string(), format!("{:016x}", Trace::PARENT));
    assert!(span.parent_span_is_remote);
    assert_eq!(span.instrumentation_scope.name(), "otel-actix");
    assert_eq!(span.instrumentation_scope.schema_url(), Some("https://opentelemetry.io/schemas/1.44.0"));

    let mut recorded: Vec<_> = span
        .attributes
        .iter()
        .filter(|kv| kv.key.as_str() != "network.peer.port")
        .map(|kv| match &kv.value {
            Value::String(text) => format!("{} = {:?}", kv.key, text.as_str()),
            other => format!("{} = {other:?}", kv.key),
        })
        .collect();
    recorded.sort();
    let port = server.address.port();
    assert_eq!(
        recorded,
        [
            r#"client.address = "127.0.0.1""#.to_owned(),
            r#"http.request.method = "GET""#.to_owned(),
            "http.response.status_code = I64(200)".to_owned(),
            r#"http.route = "/users/{id}""#.to_owned(),
            r#"network.peer.address = "127.0.0.1""#.to_owned(),
            r#"network.protocol.version = "1.1""#.to_owned(),
            r#"server.address = "127.0.0.1""#.to_owned(),
            format!("server.port = I64({port})"),
            r#"url.path = "/users/42""#.to_owned(),
            r#"url.query = "verbose=1""#.to_owned(),
            r#"url.scheme = "http""#.to_owned(),
            r#"user_agent.original = "test/1.0""#.to_owned(),
        ]
    );
    assert!(matches!(attribute(&span, "network.peer.port"), Some(Value::I64(1..=65535))));
}

#[test]
fn the_root_path_is_recorded_too() {
    let server = serve!(|| App::new().route("/", web::get().to(HttpResponse::Ok)));
    let (_, span) = server.get("/");
    assert_eq!(span.name, "GET /");
    assert_eq!(text(&span, "url.path").as_deref(), Some("/"));
    assert_eq!(attribute(&span, "url.query"), None);
}

#[test]
fn the_path_stays_as_it_was_sent() {
    let server = serve!(App::new);
    let (_, span) = server.get("/a%20b/%2Fc?d=%20e");
    assert_eq!(text(&span, "url.path").as_deref(), Some("/a%20b/%2Fc"));
    assert_eq!(text(&span, "url.query").as_deref(), Some("d=%20e"));
}

#[test]
fn an_ipv6_host_is_split_right() {
    let server = serve!(|| App::new().route("/", web::get().to(HttpResponse::Ok)));
    let trace = Trace::new();
    let traceparent = trace.traceparent();
    server.send_raw(&format!(
        "GET / HTTP/1.1\r\nHost: [::1]:8080\r\nConnection: close\r\ntraceparent: {traceparent}\r\n\r\n"
    ));
    let span = trace.server_span();
    assert_eq!(text(&span, "server.address").as_deref(), Some("::1"));
    assert_eq!(text(&span, "server.port").as_deref(), Some("8080"));
}

/// A socket of IPv6 that also takes connections of IPv4 reports their addresses as those of IPv6.
#[test]
fn an_ipv4_client_of_a_dual_stack_socket_keeps_its_address() {
    let Ok(listener) = TcpListener::bind("[::]:0") else {
        eprintln!("skipped: this machine has no IPv6");
        return;
    };
    let server = TestServer::start_on(listener, |listener| {
        let app = instrumented!(|| App::new().route("/", web::get().to(HttpResponse::Ok)));
        HttpServer::new(app).workers(1).listen(listener).unwrap().run()
    });
    let (_, span) = server.get("/");
    for key in ["client.address", "network.peer.address"] {
        assert_eq!(text(&span, key).as_deref(), Some("127.0.0.1"), "{key}");
    }
}

#[test]
fn a_password_in_the_authority_is_not_recorded() {
    let server = serve_plain!(|| {
        let mut settings = HttpSettings::default();
        settings.semconv = SemconvMode::Dup;
        App::new().route("/", web::get().to(HttpResponse::Ok)).wrap(HttpTelemetry::new().with_settings(settings))
    });
    for (target, host) in [
        ("/", "user:s3cret@pub.example.com:81"),
        ("http://user:s3cret@pub.example.com:81/", "other.example.com"),
        ("/", "user:s3cret@[2001:db8::1]:81"),
    ] {
        let trace = Trace::new();
        let traceparent = trace.traceparent();
        server.send_raw(&format!(
            "GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\ntraceparent: {traceparent}\r\n\r\n"
        ));
        let span = trace.server_span();
        assert_eq!(text(&span, "server.port").as_deref(), Some("81"), "{host}");
        assert!(text(&span, "http.host").is_some_and(|host| host.ends_with(":81")), "{span:?}");
        let secret = span.attributes.iter().find(|kv| kv.value.to_string().contains("s3cret"));
        assert_eq!(secret, None, "{target} {host}");
    }
}

#[test]
fn http_1_0_without_a_host() {
    let server = serve!(|| App::new().route("/", web::get().to(HttpResponse::Ok)));
    let trace = Trace::new();
    let response = server.send_raw(&format!("GET / HTTP/1.0\r\ntraceparent: {}\r\n\r\n", trace.traceparent()));
    assert!(response.contains("200"), "{response}");
    let span = trace.server_span();
    assert_eq!(text(&span, "network.protocol.version").as_deref(), Some("1.0"));
    assert_eq!(attribute(&span, "server.address"), None);
    assert_eq!(attribute(&span, "server.port"), None);
}

#[test]
fn an_unknown_method_is_other() {
    let server = serve!(|| App::new().service(web::resource("/").route(web::get().to(HttpResponse::Ok))));
    let (response, span) = server.request("FOOBAR", "/", "");
    assert!(response.starts_with("HTTP/1.1 405"), "{response}");
    assert_eq!(span.name, "HTTP /");
    assert_eq!(text(&span, "http.request.method").as_deref(), Some("_OTHER"));
    assert_eq!(text(&span, "http.request.method_original").as_deref(), Some("FOOBAR"));
}

#[test]
fn forwarded_headers_are_not_believed() {
    let server = serve!(|| App::new().route("/", web::get().to(HttpResponse::Ok)));
    let forwarded = "Forwarded: for=1.2.3.4;proto=https;host=pub.example.com\r\nX-Forwarded-For: 1.2.3.4\r\n";
    let (_, span) = server.request("GET", "/", forwarded);
    assert_eq!(text(&span, "client.address").as_deref(), Some("127.0.0.1"));
    assert_eq!(text(&span, "url.scheme").as_deref(), Some("http"));
    assert_eq!(text(&span, "server.address").as_deref(), Some("127.0.0.1"));
}

#[test]
fn garbage_in_traceparent_starts_a_new_trace() {
    let server = serve!(|| App::new().route("/garbage", web::get().to(HttpResponse::Ok)));
    let trace = Trace::new();
    // The path identifies the span, because its trace id is unknown.
    let path = format!("/garbage?{}", trace.id());
    for bad in ["garbage", "", "00-0-0-0", "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "\u{e9}"] {
        let address = server.address;
        let response = server.send_raw(&format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\ntraceparent: {bad}\r\n\r\n"
        ));
        assert!(response.starts_with("HTTP/1.1 200"), "{bad}: {response}");
    }
    let spans = super::support::spans_with("url.query", &trace.id().to_string(), 5);
    for span in spans {
        assert_eq!(span.parent_span_id, opentelemetry::trace::SpanId::INVALID);
        assert!(span.span_context.is_valid());
    }
}
