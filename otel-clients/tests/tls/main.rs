//! Requests over TLS, by HTTP/1.1 and HTTP/2, and peers that are not trusted: the same for each library.
//!
//! A test program of its own: with TLS, clients of `reqwest` cannot be made without a provider of cryptography.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Empty};
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::rt::TokioExecutor;
use otel_clients::{awc, reqwest_0_12, reqwest_0_13, tower};
use otel_core::opentelemetry::trace::Status;
use rustls::ClientConfig;
use support::{Answer, Http2Peer, Identity, PATIENCE, Peer, Trace, attribute, response};
use tower_layer::Layer as _;
use tower_service::Service as _;

/// A client library: it gets a URL with a client of this configuration, and reads the whole body. `None` if it fails.
type Get = fn(ClientConfig, String) -> std::pin::Pin<Box<dyn std::future::Future<Output = Option<Bytes>>>>;

const LIBRARIES: [(&str, Get); 4] = [
    ("awc", |config, url| Box::pin(with_awc(config, url))),
    ("reqwest 0.12", |config, url| {
        Box::pin(async move {
            let client = ::reqwest_0_12::Client::builder().use_preconfigured_tls(config).build().unwrap();
            reqwest_0_12::TracedClient::new(client).get(url).send().await.ok()?.bytes().await.ok()
        })
    }),
    ("reqwest 0.13", |config, url| {
        Box::pin(async move {
            let client = ::reqwest_0_13::Client::builder().tls_backend_preconfigured(config).build().unwrap();
            reqwest_0_13::TracedClient::new(client).get(url).send().await.ok()?.bytes().await.ok()
        })
    }),
    ("tower", |config, url| Box::pin(with_tower(config, url))),
];

async fn with_awc(config: ClientConfig, url: String) -> Option<Bytes> {
    let connector = ::awc::Connector::new().rustls_0_23(config.into()).timeout(PATIENCE);
    let client = ::awc::Client::builder().connector(connector).timeout(PATIENCE);
    client.wrap(awc::ClientTelemetry::new()).finish().get(url).send().await.ok()?.body().await.ok()
}

async fn with_tower(mut config: ClientConfig, url: String) -> Option<Bytes> {
    let is_http2 = !std::mem::take(&mut config.alpn_protocols).is_empty();
    let builder = hyper_rustls::HttpsConnectorBuilder::new().with_tls_config(config).https_only();
    let connector = if is_http2 { builder.enable_http2().build() } else { builder.enable_http1().build() };
    let client = HyperClient::builder(TokioExecutor::new()).http2_only(is_http2).build::<_, Empty<Bytes>>(connector);
    let request = http::Request::get(url).body(Empty::new()).unwrap();
    let response = tower::HttpLayer::new().layer(client).call(request).await.ok()?;
    response.into_body().collect().await.ok().map(http_body_util::Collected::to_bytes)
}

#[actix_rt::test]
async fn requests_over_tls_have_spans_with_the_protocol_version() {
    for (library, get) in LIBRARIES {
        for version in ["1.1", "2"] {
            let (identity, trace) = (Identity::new(), Trace::new());
            let (port, protocols): (_, &[&[u8]]) = if version == "2" {
                let answer = |_: &http::request::Parts| Some(Answer { data: b"hello", ..Answer::default() });
                (Http2Peer::start_over(identity.http2(), answer).address.port(), &[b"h2"])
            } else {
                (Peer::start_over(identity.http1(), |_| response("200 OK", "", "hello")).address.port(), &[])
            };
            let url = format!("https://localhost:{port}/");
            let body = trace.run(get(identity.client(protocols), url.clone())).await;
            assert_eq!(body.as_deref(), Some(&b"hello"[..]), "{library}, HTTP/{version}");
            let span = trace.span();
            assert_eq!(span.status, Status::Unset, "{library}");
            let recorded = ["url.full", "network.protocol.version", "server.address"].map(|key| attribute(&span, key));
            assert_eq!(recorded, [url.as_str(), version, "localhost"].map(|text| Some(text.to_owned())), "{library}");
        }
    }
}

#[actix_rt::test]
async fn a_peer_that_is_not_trusted_is_an_error_of_tls() {
    for (library, get) in LIBRARIES {
        let (trace, other) = (Trace::new(), Identity::new());
        let peer = Http2Peer::start_over(Identity::new().http2(), |_| Some(Answer::default()));
        let url = format!("https://localhost:{}/", peer.address.port());
        assert_eq!(trace.run(get(other.client(&[b"h2"]), url)).await, None, "{library}");
        let span = trace.span();
        assert_eq!(span.status, Status::error(""), "{library}");
        assert_eq!(attribute(&span, "error.type").as_deref(), Some("tls"), "{library}");
    }
}

#[actix_rt::test]
async fn a_peer_that_does_not_speak_tls_is_an_error_of_tls() {
    for (library, get) in LIBRARIES {
        let trace = Trace::new();
        let peer = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = peer.local_addr().unwrap().port();
        std::thread::spawn(move || {
            let (mut stream, _) = peer.accept().unwrap();
            std::io::Write::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
            let _ = std::io::Read::read(&mut stream, &mut [0; 4096]);
        });
        let client = Identity::new().client(&[]);
        assert_eq!(trace.run(get(client, format!("https://localhost:{port}/"))).await, None, "{library}");
        assert_eq!(attribute(&trace.span(), "error.type").as_deref(), Some("tls"), "{library}");
    }
}
