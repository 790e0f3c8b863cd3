//! Web sockets and event streams, left out of the metrics of durations where the settings say so.

use super::support::{TestServer, Trace, metrics, serve_plain, text};
use actix_web::http::header::ContentType;
use actix_web::web::Bytes;
use actix_web::{App, HttpRequest, HttpResponse, web};
use futures_util::stream;
use otel_actix::{HttpSettings, HttpTelemetry};
use std::convert::Infallible;

async fn web_socket(request: HttpRequest, body: web::Payload) -> actix_web::Result<HttpResponse> {
    let (response, session, _) = actix_ws::handle(&request, body)?;
    actix_web::rt::spawn(session.close(None));
    Ok(response)
}

#[expect(clippy::unused_async, reason = "handlers are async")]
async fn events(content_type: &'static str) -> HttpResponse {
    let events = stream::iter([Ok::<_, Infallible>(Bytes::from_static(b"data: 1\n\n"))]);
    HttpResponse::Ok().content_type(content_type).streaming(events)
}

/// A server with routes below `prefix`, whose metrics no other test has.
fn server(prefix: &'static str, excluded: bool) -> TestServer {
    let mut settings = HttpSettings::current().clone();
    settings.exclude_long_lived_durations = excluded;
    serve_plain!(move || {
        App::new()
            .service(
                web::scope(prefix)
                    .route("/socket", web::get().to(web_socket))
                    .route("/events", web::get().to(|| events("text/event-stream")))
                    .route("/events-in-utf-8", web::get().to(|| events("Text/Event-Stream; charset=utf-8")))
                    .route("/stream", web::get().to(|| events("application/octet-stream")))
                    .route(
                        "/last",
                        web::get().to(|| async { HttpResponse::Ok().content_type(ContentType::json()).body("1") }),
                    ),
            )
            .wrap(HttpTelemetry::new().with_settings(settings.clone()).wrapping_bodies())
    })
}

const UPGRADE: &str = "Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\n\
                       Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// Requests every route, and returns those that have a duration.
fn measured(prefix: &'static str, excluded: bool) -> Vec<&'static str> {
    let server = server(prefix, excluded);
    let paths = ["socket", "events", "events-in-utf-8", "stream", "last"];
    for path in paths {
        let route = format!("{prefix}/{path}");
        let span = if path == "socket" {
            let trace = Trace::new();
            let head = server.head_in(trace, "GET", &route, UPGRADE).replace("Connection: close\r\n", "");
            let response = server.send_raw(&head);
            assert!(response.starts_with("HTTP/1.1 101"), "{response}");
            trace.server_span()
        } else {
            server.get(&route).1
        };
        assert_eq!(text(&span, "http.route"), Some(route), "the span stays");
    }
    // A duration is recorded before its span is exported.
    paths.into_iter().filter(|path| !metrics::durations_of(&format!("{prefix}/{path}")).is_empty()).collect()
}

#[test]
fn every_response_has_a_duration_by_default() {
    assert_eq!(measured("/lived/all", false), ["socket", "events", "events-in-utf-8", "stream", "last"]);
}

#[test]
fn long_lived_responses_have_no_duration_where_they_are_excluded() {
    assert_eq!(measured("/lived/short", true), ["stream", "last"]);
}
