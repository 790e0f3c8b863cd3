//! The sizes of response bodies: the bytes that were sent.
//!
//! A test program of its own: the setting is that of a process.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test fails by panicking")]

mod support;

use std::future::poll_fn;
use std::pin::Pin;

use bytes::Bytes;
use futures_core::Stream as _;
use http::Method;
use http_body_util::{BodyExt as _, Empty};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use otel_clients::awc::ClientTelemetry;
use otel_clients::reqwest_0_13::TracedClient;
use otel_clients::tower::HttpLayer;
use support::{Peer, Trace, attribute, response, sizes};
use tower_layer::Layer as _;
use tower_service::Service as _;

/// `hello` six times, compressed.
const GZIP: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x48\xcd\xc9\xc9\x57\xc8\xc0\x47\x02\x00\x57\x37\x62\x85\x23\x00\x00\x00";

fn answer(target: &str) -> Vec<u8> {
    let length = format!("content-length: {}\r\n", GZIP.len());
    let head = |headers: &str| format!("HTTP/1.1 200 OK\r\n{headers}\r\n").into_bytes();
    match target {
        "/empty" => response("200 OK", "", ""),
        "/chunked" => [head("transfer-encoding: chunked\r\n"), b"5\r\nhello\r\n0\r\n\r\n".to_vec()].concat(),
        "/gzip" => [&*head(&format!("content-encoding: gzip\r\n{length}")), GZIP].concat(),
        "/gzip-chunked" => {
            let size = format!("{:x}\r\n", GZIP.len());
            let head = head("content-encoding: gzip\r\ntransfer-encoding: chunked\r\n");
            [&*head, size.as_bytes(), GZIP, b"\r\n0\r\n\r\n"].concat()
        }
        // The rest never comes.
        "/half" => [head("content-length: 10\r\n"), b"hello".to_vec()].concat(),
        "/half-chunked" => [head("transfer-encoding: chunked\r\n"), b"5\r\nhello\r\n".to_vec()].concat(),
        "/broken" => [head("transfer-encoding: chunked\r\n"), b"5\r\nhello\r\nnone\r\n".to_vec()].concat(),
        _ => response("200 OK", "", "hello"),
    }
}

/// Reads the body to its end, or its first part.
async fn get(library: &str, method: &Method, url: String, is_read: bool) {
    match library {
        "awc" => {
            let client = awc::Client::builder().wrap(ClientTelemetry::new()).finish();
            let request = client.request(method.as_str().parse().unwrap(), url);
            let mut response = request.send().await.unwrap();
            while let Some(Ok(_)) = poll_fn(|cx| Pin::new(&mut response).poll_next(cx)).await {
                if !is_read {
                    break;
                }
            }
        }
        "reqwest" => {
            let client = TracedClient::new(reqwest_0_13::Client::new());
            let mut response = client.request(method.clone(), url).send().await.unwrap();
            while let Ok(Some(_)) = response.chunk().await {
                if !is_read {
                    break;
                }
            }
        }
        _ => {
            let mut client = HttpLayer::new().layer(Client::builder(TokioExecutor::new()).build_http());
            let request = http::Request::builder().method(method).uri(url);
            // Nothing else would ask for it.
            let request = request.header("accept-encoding", "gzip").body(Empty::<Bytes>::new()).unwrap();
            let mut body = client.call(request).await.unwrap().into_body();
            while let Some(Ok(_)) = body.frame().await {
                if !is_read {
                    break;
                }
            }
        }
    }
}

#[actix_rt::test]
async fn a_size_is_that_of_the_bytes_that_were_sent() {
    let guard = otel_core::startup::builder().http_body_sizes(true).keep_providers().init();
    let compressed = Some(GZIP.len());
    for (method, target, is_read, sent, by_reqwest) in [
        (Method::GET, "/", true, Some(5), Some(5)),
        (Method::GET, "/", false, Some(5), Some(5)),
        (Method::GET, "/empty", true, Some(0), Some(0)),
        (Method::HEAD, "/", true, Some(0), Some(0)),
        // `reqwest` hides whether it decompressed a body, and the length if it did.
        (Method::GET, "/chunked", true, Some(5), None),
        (Method::GET, "/gzip", true, compressed, None),
        (Method::GET, "/gzip-chunked", true, compressed, None),
        // Given up halfway: only the head can have the size.
        (Method::GET, "/half", false, Some(10), Some(10)),
        (Method::GET, "/half-chunked", false, None, None),
        (Method::GET, "/broken", true, None, None),
    ] {
        for library in ["awc", "reqwest", "tower"] {
            let peer = Peer::start(move |request| {
                let answer = answer(request.target());
                let is_head = request.lines[0].starts_with("HEAD");
                let head = answer.windows(4).position(|end| end == b"\r\n\r\n").unwrap() + 4;
                if is_head { answer[..head].to_vec() } else { answer }
            });
            let trace = Trace::new();
            trace.run(get(library, &method, peer.url(target), is_read)).await;
            let expected = if library == "reqwest" { by_reqwest } else { sent };
            let size = attribute(&trace.span(), "http.response.body.size");
            assert_eq!(size, expected.map(|size| size.to_string()), "{library}: {method} {target}");
            let port = format!("server.port={}", peer.address.port());
            let sums = sizes("http.client.response.body.size", &port);
            assert_eq!(sums, expected.map(|size| size as u64).into_iter().collect::<Vec<_>>(), "{library}: {target}");
        }
    }
    drop(guard);
}
