//! `101 Switching Protocols`: the request lasts as long as the connection with the new protocol.

use crate::support::observed::Observed;
use crate::support::{TestServer, metrics, serve, text};
use actix_web::web::Bytes;
use actix_web::{App, HttpRequest, HttpResponse, error, web};
use actix_ws::Message;
use futures_util::StreamExt as _;
use opentelemetry_sdk::trace::SpanData;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, SystemTime};

/// Answers each text with the same text, and a closing frame with one.
async fn echo(request: HttpRequest, body: web::Payload) -> actix_web::Result<HttpResponse> {
    let (response, mut session, mut messages) = actix_ws::handle(&request, body)?;
    actix_web::rt::spawn(async move {
        while let Some(Ok(message)) = messages.recv().await {
            match message {
                Message::Text(text) => session.text(text).await.unwrap(),
                Message::Close(reason) => {
                    session.close(reason).await.unwrap();
                    return;
                }
                _ => {}
            }
        }
    });
    Ok(response)
}

/// Each test has a route of its own, to find its metrics: the method of a WebSocket is always GET.
fn server(route: &'static str) -> TestServer {
    serve!(move || App::new().route(route, web::to(echo)))
}

/// Checks that there is one duration, with the same status and `error.type` as the span.
fn assert_ended(route: &str, observed: Observed, error_type: Option<&str>) -> SpanData {
    let span = observed.trace.server_span();
    assert_eq!(span.name, format!("GET {route}"));
    assert_eq!(text(&span, "http.response.status_code").as_deref(), Some("101"));
    assert_eq!(text(&span, "error.type").as_deref(), error_type);
    let durations = metrics::wait_for_durations_of(route);
    assert_eq!((durations.len(), durations[0].count), (1, 1));
    assert_eq!(durations[0].attribute("http.response.status_code"), Some("101"));
    assert_eq!(durations[0].attribute("error.type"), error_type);
    span
}

const UPGRADE: &str = "Upgrade: websocket\r\nConnection: upgrade\r\nSec-WebSocket-Version: 13\r\n\
                       Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

/// Requests a WebSocket, which actix accepts only from a GET request.
fn open(server: &TestServer, route: &str, observed: Observed) -> TcpStream {
    let (address, traceparent) = (server.address, observed.trace.traceparent());
    let mut stream = server.connect();
    let head = format!("GET {route} HTTP/1.1\r\nHost: {address}\r\ntraceparent: {traceparent}\r\n{UPGRADE}\r\n");
    stream.write_all(head.as_bytes()).unwrap();
    let mut response = Vec::new();
    while !response.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        response.push(byte[0]);
    }
    assert!(response.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&response));
    stream
}

/// Frames of a client, masked with zeros.
fn frame(opcode: u8, payload: &[u8]) -> Vec<u8> {
    let length = u8::try_from(payload.len()).unwrap();
    [&[0x80 | opcode, 0x80 | length, 0, 0, 0, 0], payload].concat()
}

fn exchange(stream: &mut TcpStream) {
    stream.write_all(&frame(1, b"hello")).unwrap();
    let mut answer = [0; 7];
    stream.read_exact(&mut answer).unwrap();
    assert_eq!(&answer, b"\x81\x05hello");
}

#[test]
fn a_web_socket_that_is_closed_ends_well() {
    let server = server("/ws/closed");
    let observed = Observed::new();
    let mut stream = open(&server, "/ws/closed", observed);
    exchange(&mut stream);
    let closed = SystemTime::now();
    stream.write_all(&frame(8, &1000_u16.to_be_bytes())).unwrap();
    stream.read_to_end(&mut Vec::new()).unwrap();
    let span = assert_ended("/ws/closed", observed, None);
    assert!(span.end_time >= closed);
}

#[test]
fn a_web_socket_that_is_reset_is_cancelled() {
    let server = server("/ws/reset");
    let observed = Observed::new();
    let mut stream = open(&server, "/ws/reset", observed);
    exchange(&mut stream);
    socket2::SockRef::from(&stream).set_linger(Some(Duration::ZERO)).unwrap();
    let reset = SystemTime::now();
    drop(stream);
    let span = assert_ended("/ws/reset", observed, Some("cancelled"));
    assert!(span.end_time >= reset);
}

#[test]
fn what_is_refused_as_a_web_socket_is_an_ordinary_answer() {
    let server = server("/ws/refused");
    let (response, span) = server.get("/ws/refused");
    assert!(response.starts_with("HTTP/1.1 400"), "{response}");
    assert_eq!(text(&span, "http.response.status_code").as_deref(), Some("400"));
}

#[test]
fn another_protocol_lasts_as_long_as_its_stream() {
    let server = serve!(|| {
        App::new().route(
            "/upper",
            web::to(|payload: web::Payload| async {
                let upper = payload.map(|chunk| chunk.map(|chunk| Bytes::from(chunk.to_ascii_uppercase())));
                HttpResponse::SwitchingProtocols()
                    .upgrade("websocket")
                    .streaming(upper.map(|chunk| chunk.map_err(error::Error::from)))
            }),
        )
    });
    let observed = Observed::new();
    let (address, traceparent, method) = (server.address, observed.trace.traceparent(), observed.method);
    let mut stream = server.connect();
    // actix-http passes on the bytes after the head for this protocol only.
    let head = format!(
        "{method} /upper HTTP/1.1\r\nHost: {address}\r\ntraceparent: {traceparent}\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    observed.wait_until_active();
    stream.write_all(b"hello").unwrap();
    let mut response = Vec::new();
    while !response.ends_with(b"HELLO") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        response.push(byte[0]);
    }
    assert!(response.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&response));
    let closed = SystemTime::now();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let span = observed.trace.server_span();
    assert!(span.end_time >= closed);
    let error_type = text(&span, "error.type");
    assert!(error_type.as_deref().is_none_or(|error| error != "panic"));
    observed.ended(Some(101), error_type.as_deref());
}
