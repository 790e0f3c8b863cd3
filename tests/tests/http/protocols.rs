//! HTTP/2 with and without TLS, HTTP/1.1 over TLS.

use super::support::http2::{Connection, block_on, read, request};
use super::support::observed::Observed;
use super::support::{Trace, attribute, serve_h2c, serve_tls, text, tls};
use actix_web::{App, HttpResponse, web};
use opentelemetry::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

#[test]
fn http_2_without_tls() {
    let server = serve_h2c!(|| App::new().route("/users/{id}", web::get().to(HttpResponse::Ok)));
    let trace = Trace::new();
    let address = server.address;
    let (status, _) = block_on(async {
        let mut connection = Connection::new(&server).await;
        read(connection.send(request(&format!("http://{address}/users/7?a=b"), "GET", trace))).await.unwrap()
    });
    assert_eq!(status, 200);
    let span = trace.server_span();
    assert_eq!(span.name, "GET /users/{id}");
    assert_eq!(text(&span, "network.protocol.version").as_deref(), Some("2"));
    assert_eq!(text(&span, "url.scheme").as_deref(), Some("http"));
    assert_eq!(text(&span, "url.path").as_deref(), Some("/users/7"));
    assert_eq!(text(&span, "url.query").as_deref(), Some("a=b"));
    assert_eq!(text(&span, "server.address").as_deref(), Some("127.0.0.1"));
    assert_eq!(attribute(&span, "server.port"), Some(&Value::I64(address.port().into())));
    assert_eq!(text(&span, "client.address").as_deref(), Some("127.0.0.1"));
}

#[test]
fn http_1_on_a_server_that_also_speaks_http_2() {
    let server = serve_h2c!(|| App::new().route("/", web::get().to(HttpResponse::Ok)));
    let (_, span) = server.get("/");
    assert_eq!(text(&span, "network.protocol.version").as_deref(), Some("1.1"));
}

#[test]
fn the_authority_of_http_2_is_the_server() {
    let server = serve_h2c!(|| App::new().route("/", web::get().to(HttpResponse::Ok)));
    for (authority, host, port) in [
        ("pub.example.com:8443", "pub.example.com", 8443),
        ("pub.example.com", "pub.example.com", 80),
        ("[2001:db8::1]:81", "2001:db8::1", 81),
        ("[2001:db8::1]", "2001:db8::1", 80),
    ] {
        let trace = Trace::new();
        block_on(async {
            let mut connection = Connection::new(&server).await;
            let mut request = request(&format!("http://{authority}/"), "GET", trace);
            // `:authority` wins over a `Host` that contradicts it.
            request.headers_mut().insert("host", "other.example.com".parse().unwrap());
            read(connection.send(request)).await.unwrap();
        });
        let span = trace.server_span();
        assert_eq!(text(&span, "server.address").as_deref(), Some(host), "{authority}");
        assert_eq!(attribute(&span, "server.port"), Some(&Value::I64(port)), "{authority}");
    }
}

#[test]
fn http_2_over_tls() {
    let server = serve_tls!(|| App::new().route("/", web::get().to(HttpResponse::Ok)));
    let trace = Trace::new();
    block_on(async {
        let mut connection = Connection::over(tls::connect(&server, "h2").await).await;
        read(connection.send(request("https://localhost/", "GET", trace))).await.unwrap();
    });
    let span = trace.server_span();
    assert_eq!(text(&span, "network.protocol.version").as_deref(), Some("2"));
    assert_eq!(text(&span, "url.scheme").as_deref(), Some("https"));
    assert_eq!(text(&span, "server.address").as_deref(), Some("localhost"));
    assert_eq!(attribute(&span, "server.port"), Some(&Value::I64(443)));
    assert_eq!(text(&span, "network.peer.address").as_deref(), Some("127.0.0.1"));
}

#[test]
fn http_1_over_tls() {
    let server = serve_tls!(|| App::new().route("/r", web::to(HttpResponse::Ok)));
    let observed = Observed::new();
    let response = block_on(async {
        let mut stream = tls::connect(&server, "http/1.1").await;
        stream.write_all(observed.head(&server, "/r", "").as_bytes()).await.unwrap();
        let mut response = Vec::new();
        // The server may close without saying so.
        let _ = stream.read_to_end(&mut response).await;
        String::from_utf8_lossy(&response).into_owned()
    });
    assert!(response.starts_with("HTTP/1.1 200"), "{response}");
    let span = observed.ended(Some(200), None);
    assert_eq!(text(&span, "network.protocol.version").as_deref(), Some("1.1"));
    assert_eq!(text(&span, "url.scheme").as_deref(), Some("https"));
    let durations = super::support::metrics::wait_for_durations(observed.method);
    assert_eq!(durations[0].attribute("url.scheme"), Some("https"));
}

#[test]
fn streams_of_one_connection_have_a_trace_each() {
    let server = serve_h2c!(|| {
        App::new().default_service(web::to(|| async {
            for _ in 0..5 {
                actix_web::rt::task::yield_now().await;
            }
            opentelemetry::trace::get_active_span(|span| span.span_context().trace_id().to_string())
        }))
    });
    let traces: Vec<Trace> = (0..100).map(|_| Trace::new()).collect();
    block_on(async {
        let mut connection = Connection::new(&server).await;
        let responses: Vec<_> = traces
            .iter()
            .map(|trace| connection.send(request(&format!("http://{}/", server.address), "GET", *trace)))
            .collect();
        for (trace, response) in traces.iter().zip(responses) {
            let (_, body) = read(response).await.unwrap();
            assert_eq!(String::from_utf8(body).unwrap(), trace.id().to_string());
        }
    });
    for trace in traces {
        assert_eq!(text(&trace.server_span(), "network.protocol.version").as_deref(), Some("2"));
    }
}
