//! gRPC calls by `tonic`, to a server made by hand.

use std::time::Duration;

use bytes::{Buf as _, BufMut as _};
use http::uri::PathAndQuery;
use http::{HeaderMap, Response};
use opentelemetry_sdk::trace::SpanData;
use otel_clients::tower::{GrpcLayer, GrpcService};
use otel_core::opentelemetry::trace::{SpanId, SpanKind, Status};
use tonic::client::Grpc;
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Request, Streaming};
use tower_layer::Layer as _;

use crate::support::{Answer, Http2Peer, Trace, attribute, durations, text};

/// Messages as they are: text.
#[derive(Clone, Copy, Debug, Default)]
struct Text;

impl Codec for Text {
    type Encode = String;
    type Decode = String;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        Self
    }

    fn decoder(&mut self) -> Self {
        Self
    }
}

impl Encoder for Text {
    type Item = String;
    type Error = tonic::Status;

    fn encode(&mut self, item: String, buffer: &mut EncodeBuf<'_>) -> Result<(), tonic::Status> {
        buffer.put_slice(item.as_bytes());
        Ok(())
    }
}

impl Decoder for Text {
    type Item = String;
    type Error = tonic::Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<String>, tonic::Status> {
        let bytes = buffer.copy_to_bytes(buffer.remaining());
        Ok(Some(String::from_utf8(bytes.to_vec()).unwrap()))
    }
}

/// Two messages of one letter.
const MESSAGES: &[u8] = b"\0\0\0\0\x01a\0\0\0\0\x01b";

fn head(status: Option<&'static str>) -> Response<()> {
    let mut head = Response::new(());
    head.headers_mut().insert("content-type", "application/grpc".parse().unwrap());
    if let Some(status) = status {
        head.headers_mut().insert("grpc-status", status.parse().unwrap());
    }
    head
}

fn trailers(status: &'static str) -> HeaderMap {
    HeaderMap::from_iter([("grpc-status".parse().unwrap(), status.parse().unwrap())])
}

fn traced(endpoint: &Endpoint) -> Grpc<GrpcService<Channel>> {
    let port = endpoint.uri().port_u16().unwrap_or(80);
    Grpc::new(GrpcLayer::new("shop.example", port).layer(endpoint.connect_lazy()))
}

fn client(peer: &Http2Peer) -> Grpc<GrpcService<Channel>> {
    traced(&format!("http://{}", peer.address).parse().unwrap())
}

const METHOD: PathAndQuery = PathAndQuery::from_static("/shop.Catalog/Find");

async fn unary(mut client: Grpc<GrpcService<Channel>>) -> Result<String, tonic::Status> {
    client.ready().await.map_err(tonic::Status::from_error)?;
    let mut request = Request::new("cup".to_owned());
    request
        .metadata_mut()
        .insert("traceparent", "00-11111111111111111111111111111111-1111111111111111-01".parse().unwrap());
    Ok(client.unary(request, METHOD, Text).await?.into_inner())
}

async fn streamed(client: &mut Grpc<GrpcService<Channel>>) -> Result<Streaming<String>, tonic::Status> {
    client.ready().await.map_err(tonic::Status::from_error)?;
    Ok(client.server_streaming(Request::new("cup".to_owned()), METHOD, Text).await?.into_inner())
}

#[tokio::test]
async fn a_call_has_a_span_and_names_it() {
    let peer = Http2Peer::start(|_| {
        Some(Answer { head: head(None), data: &MESSAGES[..6], trailers: Some(trailers("0")), is_reset: false })
    });
    let trace = Trace::new();
    assert_eq!(trace.run(unary(client(&peer))).await.unwrap(), "a");
    let span = trace.span();
    assert_eq!((&*span.name, &span.span_kind, &span.status), ("shop.Catalog/Find", &SpanKind::Client, &Status::Unset));
    assert_eq!(span.parent_span_id, SpanId::from(Trace::PARENT));
    let port = peer.address.port();
    let expected = format!(
        "rpc.method=shop.Catalog/Find rpc.response.status_code=OK rpc.system.name=grpc server.address=shop.example \
         server.port={port}"
    );
    assert_eq!(text(&span), expected);
    let [request] = &peer.received()[..] else { panic!("one request") };
    assert_eq!(request.headers["traceparent"], format!("00-{}-{}-01", trace.id(), span.span_context.span_id()));
    assert_eq!(durations("rpc.client.call.duration", &format!("server.port={port}")), [(1, expected)]);
}

#[tokio::test]
async fn every_status_but_ok_is_an_error() {
    for (answer, code, name) in [
        // In the trailers, and in the head where there is no message.
        (Answer { head: head(None), trailers: Some(trailers("5")), ..Answer::default() }, Code::NotFound, "NOT_FOUND"),
        (Answer { head: head(Some("7")), ..Answer::default() }, Code::PermissionDenied, "PERMISSION_DENIED"),
        (Answer { head: head(Some("99")), ..Answer::default() }, Code::Unknown, "UNKNOWN"),
    ] {
        let (trace, peer) = (Trace::new(), Http2Peer::start(move |_| Some(answer.clone())));
        assert_eq!(trace.run(unary(client(&peer))).await.unwrap_err().code(), code);
        assert_eq!(failure(&trace.span()), [name, name]);
    }
}

#[tokio::test]
async fn an_answer_without_a_status_has_the_code_of_its_http_status() {
    for (http, code, name) in [
        (200, Code::Unknown, "UNKNOWN"),
        (400, Code::Internal, "INTERNAL"),
        (401, Code::Unauthenticated, "UNAUTHENTICATED"),
        (403, Code::PermissionDenied, "PERMISSION_DENIED"),
        (404, Code::Unimplemented, "UNIMPLEMENTED"),
        (429, Code::Unavailable, "UNAVAILABLE"),
        (500, Code::Unknown, "UNKNOWN"),
        (502, Code::Unavailable, "UNAVAILABLE"),
        (503, Code::Unavailable, "UNAVAILABLE"),
        (504, Code::Unavailable, "UNAVAILABLE"),
    ] {
        let mut head = head(None);
        *head.status_mut() = http::StatusCode::from_u16(http).unwrap();
        // No message, a message without trailers, and trailers without a status.
        let other = HeaderMap::from_iter([("x-a".parse().unwrap(), "b".parse().unwrap())]);
        for (data, trailers) in [(&[][..], None), (&MESSAGES[..6], None), (&MESSAGES[..6], Some(other))] {
            let answer = Answer { head: head.clone(), data, trailers, is_reset: false };
            let (trace, peer) = (Trace::new(), Http2Peer::start(move |_| Some(answer.clone())));
            assert_eq!(trace.run(unary(client(&peer))).await.unwrap_err().code(), code, "{http}");
            assert_eq!(failure(&trace.span()), [name, name], "{http}");
        }
    }

    // The page of a proxy is no message: `tonic` does not read it to its end.
    let mut head = head(None);
    *head.status_mut() = http::StatusCode::BAD_GATEWAY;
    let (trace, peer) = (
        Trace::new(),
        Http2Peer::start(move |_| Some(Answer { head: head.clone(), data: b"<html></html>", ..Answer::default() })),
    );
    trace.run(unary(client(&peer))).await.unwrap_err();
    assert_eq!(failure(&trace.span()), ["UNAVAILABLE", "UNAVAILABLE"]);
}

/// Status code and `error.type` of a span that has the status of an error.
fn failure(span: &SpanData) -> [String; 2] {
    assert_eq!(span.status, Status::error(""));
    ["rpc.response.status_code", "error.type"].map(|key| attribute(span, key).unwrap())
}

#[tokio::test]
async fn calls_without_an_answer_have_the_code_of_the_client_and_the_reason_as_error_type() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let silent = Http2Peer::start(|_| None);
    let slow = format!("http://{}", silent.address).parse::<Endpoint>().unwrap().timeout(Duration::from_millis(100));
    for (endpoint, code, name, expected) in [
        (format!("http://{closed}").parse().unwrap(), Code::Unavailable, "UNAVAILABLE", "connection_refused"),
        ("http://name.invalid:1".parse().unwrap(), Code::Unavailable, "UNAVAILABLE", "name_not_resolved"),
        (slow, Code::Cancelled, "CANCELLED", "timeout"),
    ] {
        let trace = Trace::new();
        assert_eq!(trace.run(unary(traced(&endpoint))).await.unwrap_err().code(), code);
        assert_eq!(failure(&trace.span()), [name, expected]);
    }
}

#[tokio::test]
async fn a_stream_ends_the_span_and_giving_it_up_is_no_error() {
    let whole = Answer { head: head(None), data: MESSAGES, trailers: Some(trailers("0")), is_reset: false };
    let (trace, peer) = (Trace::new(), Http2Peer::start(move |_| Some(whole.clone())));
    trace
        .run(async {
            let mut client = client(&peer);
            let mut messages = streamed(&mut client).await.unwrap();
            assert_eq!((messages.message().await.unwrap().unwrap(), trace.ended()), ("a".to_owned(), 0));
            assert_eq!(messages.message().await.unwrap().unwrap(), "b");
            assert_eq!(messages.message().await.unwrap(), None);
        })
        .await;
    assert_eq!(attribute(&trace.span(), "rpc.response.status_code").as_deref(), Some("OK"));

    // Dropped after the first message.
    let (trace, peer) = (
        Trace::new(),
        Http2Peer::start(|_| {
            Some(Answer { head: head(None), data: MESSAGES, trailers: Some(trailers("0")), is_reset: false })
        }),
    );
    trace.run(async { drop(streamed(&mut client(&peer)).await.unwrap().message().await.unwrap()) }).await;
    let span = trace.span();
    assert_eq!((&span.status, attribute(&span, "error.type")), (&Status::Unset, None));

    // Reset by the server.
    let (trace, peer) = (
        Trace::new(),
        Http2Peer::start(|_| Some(Answer { head: head(None), data: MESSAGES, trailers: None, is_reset: true })),
    );
    trace
        .run(async {
            let mut messages = streamed(&mut client(&peer)).await.unwrap();
            while let Ok(Some(_)) = messages.message().await {}
        })
        .await;
    assert_eq!(trace.span().status, Status::error(""));
}

#[tokio::test]
async fn where_telemetry_is_suppressed_there_is_no_span_and_the_trace_goes_on_unsampled() {
    let answer = || Answer { head: head(Some("0")), ..Answer::default() };
    let (trace, peer) = (Trace::new(), Http2Peer::start(move |_| Some(answer())));
    let _ = trace.run(async { otel_core::suppress_future(unary(client(&peer))).await }).await;
    // In a task, which has the context of the trace.
    let _ = tokio::spawn(trace.run(unary(client(&peer)))).await.unwrap();
    let received = peer.received();
    let headers = received.iter().map(|request| request.headers["traceparent"].to_str().unwrap());
    trace.assert_only_last_has_span(&headers.collect::<Vec<_>>());
}
