//! Libraries whose instrumentation is turned off: no span, no metric, and the headers stay as they are.
//!
//! A test program of its own: the setting is that of a process.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test fails by panicking")]

mod support;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use otel_clients::awc::ClientTelemetry;
use otel_clients::redis_1::TracedConnection;
use otel_clients::reqwest_0_13::{TracedClient, blocking};
use otel_clients::tower::{GrpcLayer, HttpLayer};
use otel_core::config::ClientLibrary;
use redis_1::{Commands as _, ConnectionLike, RedisResult};
use support::{Peer, Trace, metric_names, response};
use tower_layer::Layer as _;
use tower_service::Service as _;

const OWN: (&str, &str) = ("traceparent", "00-11111111111111111111111111111111-1111111111111111-01");

/// A connection to a server that answers each command with a number.
struct Answers;

impl ConnectionLike for Answers {
    fn req_packed_command(&mut self, _: &[u8]) -> RedisResult<redis_1::Value> {
        Ok(redis_1::Value::Int(7))
    }

    fn req_packed_commands(&mut self, _: &[u8], _: usize, _: usize) -> RedisResult<Vec<redis_1::Value>> {
        Ok(vec![])
    }

    fn get_db(&self) -> i64 {
        0
    }

    fn check_connection(&mut self) -> bool {
        true
    }

    fn is_open(&self) -> bool {
        true
    }
}

#[actix_rt::test]
async fn a_library_that_is_disabled_sends_its_requests_as_they_are() {
    let libraries = [ClientLibrary::Awc, ClientLibrary::Redis, ClientLibrary::Reqwest, ClientLibrary::Tower];
    let guard = otel_core::startup::builder().disabled_instrumentations(libraries).keep_providers().init();
    let (trace, peer) = (Trace::new(), Peer::start(|_| response("200 OK", "", "hello")));
    let url = peer.url("/");
    trace
        .run(async {
            let awc = awc::Client::builder().wrap(ClientTelemetry::new()).finish();
            assert_eq!(awc.get(&url).insert_header(OWN).send().await.unwrap().body().await.unwrap(), "hello");
            awc.get(&url).send().await.unwrap().body().await.unwrap();

            let reqwest = TracedClient::new(reqwest_0_13::Client::new());
            let answer = reqwest.get(&url).header(OWN.0, OWN.1).send().await.unwrap();
            assert_eq!(answer.text().await.unwrap(), "hello");

            assert_eq!(TracedConnection::new(Answers).get("a").ok(), Some(7));

            let plain = || Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
            let request = || http::Request::get(&url).header(OWN.0, OWN.1).body(Full::default()).unwrap();
            let answer = HttpLayer::new().layer(plain()).call(request()).await.unwrap();
            assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "hello");
            let answer = GrpcLayer::new("localhost", 1).layer(plain()).call(request()).await.unwrap();
            assert_eq!(answer.into_body().collect().await.unwrap().to_bytes(), "hello");
        })
        .await;
    std::thread::spawn(move || {
        use blocking::SendTraced as _;
        let _attached = trace.context().attach();
        let request = reqwest_0_13::blocking::Client::new().get(url).header(OWN.0, OWN.1);
        assert_eq!(request.send_traced().unwrap().text().unwrap(), "hello");
    })
    .join()
    .unwrap();

    let sent: Vec<_> = peer.received().iter().map(|request| request.header(OWN.0).join(" ")).collect();
    assert_eq!(sent, [OWN.1, "", OWN.1, OWN.1, OWN.1, OWN.1]);
    assert_eq!((trace.ended(), metric_names()), (0, vec![]));
    drop(guard);
}
